import { ACCOUNT, PROJECT, SUBSCRIPTION } from '../conformance/computed';

/** How Flux authenticates: by its controllers' own accounts, or by the account that an object names. */
export type Level = 'controller' | 'object';
export const LEVELS: readonly Level[] = ['controller', 'object'];

/** A cloud, by the name that Flux has for it. */
export type Cloud = 'aws' | 'azure' | 'gcp';
export const CLOUDS: readonly Cloud[] = ['aws', 'azure', 'gcp'];

/** What one level may use in one cloud; whoever is of the other level may not. */
export interface Property {
  /** Where artifacts and charts are: registry and repositories. */
  readonly registry: string;
  readonly repository: string;
  readonly chart: string;
  /** What a permission to pull is given for: an ARN, a name, a scope. */
  readonly pullFrom: string;
  readonly bucket: string;
  readonly endpoint: string;
  readonly readFrom: string;
  /** The key as Terraform and as `.sops.yaml` name it. */
  readonly key: string;
  readonly sopsKey: string;
  /** The remote cluster. */
  readonly cluster: string;
}

/** The namespace of the objects of a level, and the account that they name. */
export const NAMESPACES: { readonly [level in Level]: string } = { controller: 'flux-system', object: 'team-a' };
/** A tenant who has no rights. */
export const STRANGER = 'team-b';

export type Estate = { readonly [cloud in Cloud]: { readonly [level in Level]: Property } };

const AZURE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/flux/providers`;
const RING = `projects/${PROJECT}/locations/europe/keyRings/flux/cryptoKeys`;

/** What there is in the clouds, beside what Terraform makes. AWS chooses the names of its keys. */
export function estateOf(awsKeys: { readonly [level in Level]: string }): Estate {
  const each = (property: (owner: string, level: Level) => Property) => ({ controller: property('platform', 'controller'), object: property('teama', 'object') });
  return {
    aws: each((owner, level) => ({
      registry: `${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com`,
      repository: `${owner}/apps`,
      chart: `${owner}/chart`,
      pullFrom: `arn:aws:ecr:eu-west-1:${ACCOUNT}:repository/${owner}/*`,
      bucket: `acme-${owner}`,
      endpoint: 's3.amazonaws.com',
      readFrom: `arn:aws:s3:::acme-${owner}`,
      key: awsKeys[level],
      sopsKey: awsKeys[level],
      cluster: `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/${owner}`,
    })),
    azure: each((owner) => ({
      registry: `acme${owner}.azurecr.io`,
      repository: 'apps',
      chart: 'chart',
      pullFrom: `${AZURE}/Microsoft.ContainerRegistry/registries/acme${owner}`,
      bucket: owner,
      endpoint: 'https://acmeblobs.blob.core.windows.net',
      readFrom: `${AZURE}/Microsoft.Storage/storageAccounts/acmeblobs/blobServices/default/containers/${owner}`,
      key: `${AZURE}/Microsoft.KeyVault/vaults/acmevault/keys/${owner}`,
      sopsKey: `https://acmevault.vault.azure.net/keys/${owner}/0123456789abcdef0123456789abcdef`,
      cluster: `${AZURE}/Microsoft.ContainerService/managedClusters/${owner}`,
    })),
    gcp: each((owner) => ({
      registry: 'europe-docker.pkg.dev',
      repository: `${PROJECT}/${owner}/apps`,
      chart: `${PROJECT}/${owner}/chart`,
      pullFrom: `projects/${PROJECT}/locations/europe/repositories/${owner}`,
      bucket: `acme-${owner}`,
      endpoint: 'storage.googleapis.com',
      readFrom: `acme-${owner}`,
      key: `${RING}/${owner}`,
      sopsKey: `${RING}/${owner}`,
      cluster: `projects/${PROJECT}/locations/europe-west1/clusters/${owner}`,
    })),
  };
}
