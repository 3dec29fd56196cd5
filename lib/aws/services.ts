import { FluxCloud } from '../core/flux-identity';
import { FluxKind } from '../core/flux-kind';
import { RemoteKind } from '../core/shared/flux/kinds';
import { CredentialKind, Level, ServiceRows } from '../core/shared/flux/service';

const GUIDE = 'https://fluxcd.io/flux/integrations/aws/';

/** Where Flux uses access without a stored credential: the same for every service. */
const SECRETLESS = {
  [CredentialKind.WORKLOAD_IDENTITY]: ['controller', 'object'],
  [CredentialKind.POD_IDENTITY]: ['controller'],
} as const satisfies { [kind in CredentialKind]?: readonly Level[] };

const REGISTRY = { kinds: [FluxKind.OCI_REPOSITORY, FluxKind.HELM_REPOSITORY, FluxKind.IMAGE_REPOSITORY, FluxKind.RESOURCE_SET_INPUT_PROVIDER] };
const BUCKET = { kinds: [FluxKind.BUCKET] };
const SOPS = { kinds: [FluxKind.KUSTOMIZATION] };

/** The services of AWS that Flux reaches: one row of facts each, by the prefix of their IAM actions. */
export const SERVICES = {
  'ecr': {
    name: 'Amazon ECR',
    cloud: FluxCloud.AWS,
    rights: ['ecr'],
    verbs: { pull: REGISTRY, pullThroughCache: REGISTRY, readAll: REGISTRY },
    levels: { ...SECRETLESS, [CredentialKind.NODE]: ['node'] },
    owner: 'agrees',
    hosts: [
      '*.dkr.ecr.*.amazonaws.com', '*.dkr.ecr.*.amazonaws.com.cn', '*.dkr.ecr.*.amazonaws.eu', '*.dkr.ecr-fips.*.amazonaws.com',
      '*.dkr-ecr.*.on.aws', '*.dkr-ecr.*.on.amazonwebservices.com.cn', '*.dkr-ecr-fips.*.on.aws',
    ],
    inputTypes: ['ECRArtifactTag'],
    docs: `${GUIDE}#for-amazon-elastic-container-registry`,
  },
  'ecr-public': {
    name: 'public Amazon ECR',
    cloud: FluxCloud.AWS,
    rights: ['ecr-public'],
    verbs: { pull: REGISTRY, readAll: REGISTRY },
    levels: SECRETLESS,
    hosts: ['public.ecr.aws', 'ecr-public.aws.com'],
    inputTypes: ['ECRArtifactTag'],
    docs: `${GUIDE}#for-amazon-public-elastic-container-registry`,
  },
  's3': {
    name: 'Amazon S3',
    cloud: FluxCloud.AWS,
    rights: ['s3'],
    verbs: { read: BUCKET, readAll: BUCKET },
    levels: { ...SECRETLESS, [CredentialKind.STATIC]: ['controller', 'object'] },
    owner: 'agrees',
    hosts: ['s3.*.amazonaws.com', '*.s3.*.amazonaws.com', 's3.*.amazonaws.com.cn', '*.s3.*.amazonaws.com.cn'],
    docs: `${GUIDE}#for-amazon-simple-storage-service`,
  },
  'kms': {
    name: 'AWS KMS',
    cloud: FluxCloud.AWS,
    rights: ['kms'],
    verbs: { decrypt: SOPS, decryptByAlias: SOPS, decryptByGrant: SOPS, assumeSopsRole: SOPS },
    levels: { ...SECRETLESS, [CredentialKind.STATIC]: ['controller', 'object'] },
    owner: 'agrees',
    hosts: ['kms.*.amazonaws.com', 'kms.*.amazonaws.com.cn'],
    docs: `${GUIDE}#for-amazon-key-management-service`,
  },
  'eks': {
    name: 'Amazon EKS',
    cloud: FluxCloud.AWS,
    rights: ['eks'],
    verbs: { access: { kinds: [RemoteKind.KUSTOMIZATION, RemoteKind.HELM_RELEASE] } },
    levels: { ...SECRETLESS, [CredentialKind.STATIC]: ['controller'] },
    owner: 'never',
    hosts: ['*.eks.amazonaws.com', '*.eks.amazonaws.com.cn'],
    docs: `${GUIDE}#for-amazon-elastic-kubernetes-service`,
  },
  'codecommit': {
    name: 'AWS CodeCommit',
    cloud: FluxCloud.AWS,
    rights: ['codecommit'],
    verbs: {
      pull: { kinds: [FluxKind.GIT_REPOSITORY, FluxKind.RESOURCE_SET_INPUT_PROVIDER] },
      pullAndPush: { kinds: [FluxKind.GIT_REPOSITORY, FluxKind.IMAGE_UPDATE_AUTOMATION, FluxKind.RESOURCE_SET_INPUT_PROVIDER] },
    },
    levels: { ...SECRETLESS, [CredentialKind.STATIC]: ['controller'] },
    owner: 'never',
    hosts: ['git-codecommit.*.amazonaws.com', 'git-codecommit-fips.*.amazonaws.com', 'git-codecommit.*.amazonaws.com.cn'],
    inputTypes: ['AWSCodeCommitBranch', 'AWSCodeCommitTag'],
    docs: 'https://fluxcd.io/flux/components/source/gitrepositories/#provider',
  },
} satisfies ServiceRows;
