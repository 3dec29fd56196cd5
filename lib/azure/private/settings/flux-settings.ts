import { IConstruct } from 'constructs';
import { ClusterKind } from '../../../core/cluster-issuer';
import { FluxContext, FluxEnvVariable, FluxSettings } from '../../../core/flux-identity';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { FluxVersion } from '../../../core/flux-version';
import { requireVersion } from '../../../core/shared/flux/versions';
import { shown } from '../../../core/shared/input/validation-error';
import { configMapObject } from '../../../core/shared/kubernetes/objects';
import { isObjectLevel } from '../../../core/shared/kubernetes/service-accounts';
import { TOKEN_DIRECTORY } from '../../../core/shared/kubernetes/token-directory';
import { jsonValue } from '../../../core/shared/terraform/text';
import { AzureCloud } from '../../azure-cloud';

/** The audience that Flux asks for, in every cloud, unless it is told otherwise. */
export const AUDIENCE = 'api://AzureADTokenExchange';

const CLIENT_ID_ANNOTATION = 'azure.workload.identity/client-id';
const TENANT_ID_ANNOTATION = 'azure.workload.identity/tenant-id';
const AUDIENCES_ANNOTATION = 'credential.auth.fluxcd.io/audiences';
const USE_LABEL = 'azure.workload.identity/use';
const TOKEN_PATH = 'azure-token';
const ENVIRONMENT_DIRECTORY = '/var/run/azure-environment';
const ENVIRONMENT_FILE = 'environment.json';
const CERTIFICATE_DIRECTORY = '/var/run/azure-certificate';

/** The key of a controller's Secret that holds certificate and private key. */
export const CERTIFICATE_KEY = 'cert-and-key';
/** The key of a controller's Secret that holds the password of a PKCS#12 file. */
export const PASSWORD_KEY = 'key-password';

/** The endpoints of a private cloud, as Flux reads them from a file. */
export interface EnvironmentFile {
  readonly configMapName: string;
  readonly contents: { readonly [name: string]: string };
}

/** What is told of an identity. */
export interface IdentityFacts {
  readonly clientId: string;
  readonly tenantId: string;
  readonly azureCloud: AzureCloud;
}

/** A certificate in a Secret of the Flux namespace. */
export interface CertificateFacts {
  readonly secretName: string;
  readonly password: boolean;
  readonly sendChain: boolean;
}

/** What Flux needs for federation: the one place that tells clusters apart. */
export function federatedSettings(
  at: IConstruct, account: FluxServiceAccount, context: FluxContext, facts: IdentityFacts & { readonly audience: string },
): FluxSettings {
  const { clientId, tenantId, azureCloud, audience } = facts;
  const annotations = { [CLIENT_ID_ANNOTATION]: clientId, [TENANT_ID_ANNOTATION]: tenantId };
  if (isObjectLevel(account)) {
    if (audience === AUDIENCE) return { annotations };
    requireVersion(at, context.version, FluxVersion.V2_10, `audience ${shown(audience)} for object-level account "${account}"`,
      `before, object-level accounts can ask for "${AUDIENCE}" only`);
    return { annotations: { ...annotations, [AUDIENCES_ANNOTATION]: audience } };
  }
  const environment = environmentSettings(azureCloud);
  if (context.issuer.kind === ClusterKind.AKS) {
    // The webhook of AKS gives labelled pods the token and the environment.
    return { ...environment, annotations, podLabels: { [USE_LABEL]: 'true' }, stamp: clientId };
  }
  return {
    ...environment,
    env: [
      { name: 'AZURE_AUTHORITY_HOST', value: azureCloud.authorityHost },
      { name: 'AZURE_CLIENT_ID', value: clientId },
      { name: 'AZURE_FEDERATED_TOKEN_FILE', value: `${TOKEN_DIRECTORY}/${TOKEN_PATH}` },
      { name: 'AZURE_TENANT_ID', value: tenantId },
      ...environment.env ?? [],
    ],
    tokens: [{ path: TOKEN_PATH, audience }],
    stamp: clientId,
  };
}

/** What a controller needs to sign in with a certificate. It goes before workload identity in Azure's credential chain. */
export function certificateSettings({ clientId, tenantId, azureCloud }: IdentityFacts, certificate: CertificateFacts): FluxSettings {
  const { secretName, password, sendChain } = certificate;
  const environment = environmentSettings(azureCloud);
  const env: FluxEnvVariable[] = [
    ...(azureCloud === AzureCloud.PUBLIC ? [] : [{ name: 'AZURE_AUTHORITY_HOST', value: azureCloud.authorityHost }]),
    ...(password ? [{ name: 'AZURE_CLIENT_CERTIFICATE_PASSWORD', secretName, secretKey: PASSWORD_KEY }] : []),
    { name: 'AZURE_CLIENT_CERTIFICATE_PATH', value: `${CERTIFICATE_DIRECTORY}/${CERTIFICATE_KEY}` },
    { name: 'AZURE_CLIENT_ID', value: clientId },
    ...(sendChain ? [{ name: 'AZURE_CLIENT_SEND_CERTIFICATE_CHAIN', value: 'true' }] : []),
    { name: 'AZURE_TENANT_ID', value: tenantId },
  ];
  return {
    env: [...env, ...environment.env ?? []],
    // The whole Secret as a directory: a file mounted alone would never show a renewed certificate.
    mounts: [{ name: 'azure-certificate', mountPath: CERTIFICATE_DIRECTORY, secretName }, ...environment.mounts ?? []],
    stamp: clientId,
  };
}

/** What a controller needs to sign in as the nodes' identity. */
export function nodeSettings(clientId: string, azureCloud: AzureCloud): FluxSettings {
  const environment = environmentSettings(azureCloud);
  // Nodes may carry several identities; Azure refuses to choose.
  return { ...environment, env: [{ name: 'AZURE_CLIENT_ID', value: clientId }, ...environment.env ?? []] };
}

/** What a controller without an identity needs, so that those it acts for sign in to the right cloud. */
export function cloudSettings(azureCloud: AzureCloud): FluxSettings {
  const environment = environmentSettings(azureCloud);
  return { ...environment, env: [{ name: 'AZURE_AUTHORITY_HOST', value: azureCloud.authorityHost }, ...environment.env ?? []] };
}

/** The objects that a cloud needs beside service accounts. */
export function environmentObjects({ _environmentFile: file }: AzureCloud, context: FluxContext): any[] {
  if (file === undefined) return [];
  return [configMapObject(context.namespace, file.configMapName, { [ENVIRONMENT_FILE]: jsonValue(file.contents) })];
}

function environmentSettings({ _environmentFile: file }: AzureCloud): FluxSettings {
  if (file === undefined) return {};
  return {
    env: [{ name: 'AZURE_ENVIRONMENT_FILEPATH', value: `${ENVIRONMENT_DIRECTORY}/${ENVIRONMENT_FILE}` }],
    mounts: [{ name: 'azure-environment', mountPath: ENVIRONMENT_DIRECTORY, configMapName: file.configMapName }],
  };
}
