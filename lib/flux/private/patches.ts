import { needsGate } from './controllers';
import { AccountModel, FluxModel } from './model';
import { FluxEnvVariable } from '../../core/flux-identity';
import { byKey } from '../../core/shared/sort';
import { TOKEN_DIRECTORY } from '../../core/shared/token-directory';

/** A kustomize patch as an object; `patch` is still to be serialized. */
export interface Patch {
  readonly target: { readonly kind: string; readonly name: string };
  readonly patch: unknown;
}

/** The container of every controller. */
const CONTAINER = 'manager';
const TOKEN_VOLUME = 'flux-identity-tokens';
const TOKEN_LIFETIME_SECONDS = 3600;

/** The patches of a model, per controller: its service account, its Deployment, its arguments. */
export function patchesOf(model: FluxModel): Patch[] {
  const patches = model.controllerAccounts.flatMap((account) => [...accountPatch(account), ...deploymentPatch(account)]);
  if (model.objectAccounts.length === 0 || !needsGate(model.version)) return patches;
  return [...patches, ...model.objectLevelControllers.map(gatePatch)];
}

function accountPatch({ account: { name }, annotations }: AccountModel): Patch[] {
  if (Object.keys(annotations).length === 0) return [];
  return [{
    target: { kind: 'ServiceAccount', name },
    patch: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, annotations: byKey(annotations) } },
  }];
}

/** One strategic-merge patch: env, volumes and mounts merge by name there, and nothing is listed twice. */
function deploymentPatch(account: AccountModel): Patch[] {
  const stamps = Object.fromEntries(Object.entries(account.stamps).map(([cloud, stamp]) => [`cdktf-flux-identity/${cloud}`, stamp]));
  const metadata = {
    ...(Object.keys(account.podLabels).length === 0 ? {} : { labels: byKey(account.podLabels) }),
    ...(Object.keys(stamps).length === 0 ? {} : { annotations: byKey(stamps) }),
  };
  const { volumes, volumeMounts } = volumesOf(account);
  const container = {
    ...(account.env.length === 0 ? {} : { env: account.env.map(envVariable) }),
    ...(volumeMounts.length === 0 ? {} : { volumeMounts }),
  };
  const spec = {
    ...(Object.keys(container).length === 0 ? {} : { containers: [{ name: CONTAINER, ...container }] }),
    ...(volumes.length === 0 ? {} : { volumes }),
  };
  if (Object.keys(metadata).length + Object.keys(spec).length === 0) return [];
  const { name } = account.account;
  return [{
    target: { kind: 'Deployment', name },
    patch: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: {
        template: {
          ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
          ...(Object.keys(spec).length === 0 ? {} : { spec }),
        },
      },
    },
  }];
}

function volumesOf({ tokens, mounts }: AccountModel) {
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
  return { volumes, volumeMounts };
}

function envVariable({ name, value, secretName, secretKey }: FluxEnvVariable) {
  return secretName === undefined ? { name, value } : { name, valueFrom: { secretKeyRef: { name: secretName, key: secretKey } } };
}

/** Arguments take a JSON patch: a strategic merge would replace the whole list. The test guards the index. */
function gatePatch(controller: string): Patch {
  return {
    target: { kind: 'Deployment', name: controller },
    patch: [
      { op: 'test', path: '/spec/template/spec/containers/0/name', value: CONTAINER },
      { op: 'add', path: '/spec/template/spec/containers/0/args/-', value: '--feature-gates=ObjectLevelWorkloadIdentity=true' },
    ],
  };
}
