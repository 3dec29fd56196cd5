import { FluxEnvVariable } from '../../../core/flux-identity';
import { TOKEN_DIRECTORY } from '../../../core/shared/kubernetes/token-directory';
import { byKey } from '../../../core/shared/sort';
import { AccountModel } from '../model/accounts';

/** What the pods of a controller get, as Kubernetes writes it; empty where there is nothing. */
export interface PodParts {
  readonly labels: { readonly [name: string]: string };
  readonly annotations: { readonly [name: string]: string };
  readonly env: object[];
  readonly volumes: object[];
  readonly volumeMounts: object[];
}

const TOKEN_VOLUME = 'flux-identity-tokens';
const TOKEN_LIFETIME_SECONDS = 3600;

/** The parts that a controller's identities, of all clouds together, come to. */
export function podParts(account: AccountModel): PodParts {
  const { tokens, mounts, podLabels, stamps, env } = account;
  // Two keys of one Secret are two mounts of one volume.
  const sources = new Map(mounts.map((mount) => [mount.name, mount]));
  const volumes: object[] = [...sources.values()].map(({ name, configMapName, secretName }) => ({
    name, ...(configMapName === undefined ? { secret: { secretName } } : { configMap: { name: configMapName } }),
  }));
  const volumeMounts: object[] = mounts.map(({ name, mountPath, subPath }) => ({
    name, mountPath, ...(subPath === undefined ? {} : { subPath }), readOnly: true,
  }));
  if (tokens.length > 0) {
    // One volume for all clouds: two volumes on one path would drop one of them without a word.
    volumes.push({
      name: TOKEN_VOLUME,
      projected: {
        sources: tokens.map(({ audience, path }) => ({ serviceAccountToken: { audience, expirationSeconds: TOKEN_LIFETIME_SECONDS, path } })),
      },
    });
    volumeMounts.push({ name: TOKEN_VOLUME, mountPath: TOKEN_DIRECTORY, readOnly: true });
  }
  return {
    labels: byKey(podLabels),
    annotations: byKey(Object.fromEntries(Object.entries(stamps).map(([cloud, stamp]) => [`cdktf-flux-identity/${cloud}`, stamp]))),
    env: env.map(envVariable),
    volumes,
    volumeMounts,
  };
}

/** The object without its empty parts. */
export function withoutEmpty<T extends object>(parts: T): Partial<T> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => Object.keys(value ?? {}).length > 0)) as Partial<T>;
}

function envVariable({ name, value, secretName, secretKey }: FluxEnvVariable): object {
  return secretName === undefined ? { name, value } : { name, valueFrom: { secretKeyRef: { name: secretName, key: secretKey } } };
}
