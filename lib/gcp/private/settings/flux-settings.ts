import { IConstruct } from 'constructs';
import { FluxContext, FluxSettings } from '../../../core/flux-identity';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { configMapObject } from '../../../core/shared/kubernetes/objects';
import { isObjectLevel } from '../../../core/shared/kubernetes/service-accounts';
import { TOKEN_DIRECTORY } from '../../../core/shared/kubernetes/token-directory';
import { jsonPart } from '../../../core/shared/terraform/text';
import { GOOGLE } from '../forms/universe';
import { controllerAudience, objectAudience } from '../trust/audiences';
import { audienceAnnotation } from '../trust/object-audience';

/** Who a service account is to become. */
export interface Credential {
  /** The full name of the provider; undefined: the pool that is built into GKE. */
  readonly providerName?: string;
  /** The Google service account to impersonate; undefined: none, roles are held directly. */
  readonly email?: string;
  /** The universe; undefined: googleapis.com. */
  readonly universeDomain?: string;
  /** The audience at object level; undefined: what Flux asks for. */
  readonly audience?: string;
}

const EMAIL_ANNOTATION = 'iam.gke.io/gcp-service-account';
const PROVIDER_ANNOTATION = 'gcp.auth.fluxcd.io/workload-identity-provider';
const TOKEN_PATH = 'gcp-token';
const CONFIG_DIRECTORY = '/etc/workload-identity';
const CONFIG_KEY = 'credential-configuration.json';
const CREDENTIALS_VARIABLE = 'GOOGLE_APPLICATION_CREDENTIALS';

/** What Flux needs to be the identity: the one place that tells clusters and levels apart. */
export function workloadIdentitySettings(at: IConstruct, account: FluxServiceAccount, credential: Credential, context: FluxContext): FluxSettings {
  const { providerName, email, universeDomain } = credential;
  if (isObjectLevel(account)) {
    return {
      annotations: {
        ...(email === undefined ? {} : { [EMAIL_ANNOTATION]: email }),
        // Without it Flux takes the cluster for GKE and asks the project's built-in pool.
        ...(providerName === undefined ? {} : { [PROVIDER_ANNOTATION]: providerName }),
        ...audienceAnnotation(at, credential.audience, context),
      },
    };
  }
  if (providerName === undefined) return email === undefined ? {} : { annotations: { [EMAIL_ANNOTATION]: email }, stamp: email };
  return {
    // On GKE too: credentials that the variable names come before those that the nodes hand out.
    env: [{ name: CREDENTIALS_VARIABLE, value: `${CONFIG_DIRECTORY}/${CONFIG_KEY}` }],
    tokens: [{ path: TOKEN_PATH, audience: controllerAudience(providerName) }],
    mounts: [{
      name: 'workload-identity-credential-configuration',
      mountPath: CONFIG_DIRECTORY,
      configMapName: configMapName(account),
    }],
    stamp: [email, providerName, universeDomain].filter((part) => part !== undefined).join(' '),
  };
}

/** The ConfigMaps that `workloadIdentitySettings` mounts. */
export function workloadIdentityObjects(accounts: readonly FluxServiceAccount[], credential: Credential): any[] {
  const { providerName } = credential;
  if (providerName === undefined) return [];
  return accounts.filter((account) => !isObjectLevel(account)).map((account) => (
    // What only Terraform knows is encoded: whatever a value holds, it adds no field and changes no other.
    configMapObject(account.namespace, configMapName(account), { [CONFIG_KEY]: JSON.stringify(credentialConfiguration(providerName, credential)) })
  ));
}

function configMapName(account: FluxServiceAccount): string {
  return `${account.name}-workload-identity-federation`;
}

/** @see https://google.aip.dev/auth/4117 */
function credentialConfiguration(provider: string, credential: Credential): object {
  const [providerName, universeDomain] = [jsonPart(provider), jsonPart(credential.universeDomain ?? GOOGLE)];
  const email = credential.email && jsonPart(credential.email);
  return {
    universe_domain: universeDomain,
    type: 'external_account',
    audience: objectAudience(providerName),
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `https://sts.${universeDomain}/v1/token`,
    // Never both: with an impersonation URL the token would be introspected as what it no longer is.
    ...(email === undefined ? { token_info_url: `https://sts.${universeDomain}/v1/introspect` } : {
      service_account_impersonation_url: `https://iamcredentials.${universeDomain}/v1/projects/-/serviceAccounts/${email}:generateAccessToken`,
    }),
    credential_source: { file: `${TOKEN_DIRECTORY}/${TOKEN_PATH}`, format: { type: 'text' } },
  };
}

/** A Google service account by stored key, mounted in a controller. */
export function keySettings(account: FluxServiceAccount, stamp: string): FluxSettings {
  return {
    env: [{ name: CREDENTIALS_VARIABLE, value: '/etc/gcp-service-account/key.json' }],
    mounts: [{ name: 'gcp-service-account', mountPath: '/etc/gcp-service-account', secretName: keySecretName(account) }],
    stamp,
  };
}

/** The Secret that `keySettings` mounts. */
export function keySecretName(account: FluxServiceAccount): string {
  return `${account.name}-gcp-service-account`;
}
