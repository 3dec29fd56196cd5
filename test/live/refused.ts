import { Cloud, Level, NAMESPACES, Property } from './estate';
import { GrantId } from './stack';

/** Why somebody does not get in. */
export interface Refused {
  /** What Flux says of it. */
  readonly says: RegExp;
  /** What the cloud decided against, as its log has it: Flux's clients do not hand on all of it. */
  readonly denied?: RegExp;
  /** Flux says it in its log only: the object has no Ready condition. */
  readonly silently?: boolean;
}

/** How a cloud says that it does not know the account. */
export const STRANGERS: { readonly [cloud in Cloud]: (namespace: string, name: string) => RegExp } = {
  aws: (namespace, name) => new RegExp(`'${namespace}/${name}'.*the trust policy does not allow it`),
  azure: (namespace, name) => new RegExp(`'${namespace}/${name}'.*no federated credential for system:serviceaccount:${namespace}:${name}`),
  gcp: (namespace, name) => new RegExp(`'${namespace}/${name}'.*the attribute condition does not allow it`),
};
/** GKE's pool knows every account of the cluster, and IAM gives nothing to it. */
export const builtInStranger = (namespace: string, name: string) => new RegExp(`\\[${namespace}/${name}\\] may not`);
// The client of S3 asks by HEAD, whose answer has no body.
export const FORBIDDEN = /may not|Access Denied/;

/** Whom a cloud calls the identity of a level. */
const NAMES: { readonly [cloud in Cloud]: (level: Level) => string } = {
  aws: (level) => `arn:aws:iam::\\d+:role/flux-${level}`,
  azure: (level) => `flux-${level}`,
  gcp: (level) => `(serviceAccount:flux-${level}@\\S+|principal://\\S+:${NAMESPACES[level]}:\\S+|serviceAccount:\\S+\\[${NAMESPACES[level]}/\\S+\\])`,
};

/** What a cloud decides against when the identity of a level asks for the first thing that it needs of a property. */
export function denied(property: Property, cloud: Cloud, level: Level): { readonly [what in GrantId | 'repository' | 'tags']: RegExp } {
  const { registry, repository, bucket, readFrom, pullFrom, key, cluster } = property;
  const of = (repositories: string, tags: string, images: string, objects: string, keys: string, clusters: string) => {
    const line = (what: string) => new RegExp(`DENY ${NAMES[cloud](level)} ${what.replace(/[.*]/g, '\\$&')}( \\||$)`);
    const grants = { Images: line(images), Bucket: line(objects), Key: line(keys), Cluster: line(clusters) };
    return { repository: line(repositories), tags: line(tags), ...grants };
  };
  const ecr = `arn:aws:ecr:eu-west-1:${registry.split('.')[0]}:repository/${repository}`;
  const acr = `Microsoft.ContainerRegistry/registries/pull/read on ${pullFrom}`;
  const artifacts = `artifactregistry.repositories.downloadArtifacts on ${pullFrom}`;
  return {
    aws: of(`ecr:BatchGetImage on ${ecr}`, `ecr:ListImages on ${ecr}`, 'ecr:GetAuthorizationToken on *',
      `s3:ListBucket on ${readFrom}`, `kms:Decrypt on ${key}`, `eks:DescribeCluster on ${cluster}`),
    azure: of(acr, acr, acr, `Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read on ${readFrom}`,
      `Microsoft.KeyVault/vaults/keys/decrypt/action on ${key}`, `Microsoft.ContainerService/managedClusters/read on ${cluster}`),
    gcp: of(artifacts, artifacts, artifacts, `storage.buckets.get on projects/_/buckets/${bucket}`, `cloudkms.cryptoKeyVersions.useToDecrypt on ${key}`, `container.clusters.get on ${cluster}`),
  }[cloud];
}

/** What becomes of whoever uses a grant that is not given. */
export function withoutGrant(property: Property, cloud: Cloud, level: Level, grant: GrantId): Refused {
  return { says: FORBIDDEN, denied: denied(property, cloud, level)[grant] };
}
