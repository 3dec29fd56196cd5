// The resources of gcp-principals-library by the bare bindings. Argument: the same.
import { ArtifactRegistryRepositoryIamMember } from '@cdktf/provider-google/lib/artifact-registry-repository-iam-member';
import { IamWorkloadIdentityPool } from '@cdktf/provider-google/lib/iam-workload-identity-pool';
import { IamWorkloadIdentityPoolProvider } from '@cdktf/provider-google/lib/iam-workload-identity-pool-provider';
import { KmsCryptoKeyIamMember } from '@cdktf/provider-google/lib/kms-crypto-key-iam-member';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { probe } from './probe';

const count = Number(process.argv[2]);
const namespaces = Array.from({ length: 50 }, (_, team) => `team-${team}`);

probe((app) => {
  const stack = new TerraformStack(app, 'Bench');
  new GoogleProvider(stack, 'Google', { project: 'delivery' });
  const scope = new Construct(stack, 'Pool');
  const pool = new IamWorkloadIdentityPool(scope, 'Resource', { workloadIdentityPoolId: 'flux-prod' });
  new IamWorkloadIdentityPoolProvider(scope, 'Provider', {
    workloadIdentityPoolId: pool.workloadIdentityPoolId,
    workloadIdentityPoolProviderId: 'flux-prod',
    attributeMapping: {
      'google.subject': 'assertion.sub',
      'attribute.namespace': 'assertion[\'kubernetes.io\'][\'namespace\']',
      'attribute.service_account_name': 'assertion[\'kubernetes.io\'][\'serviceaccount\'][\'name\']',
    },
    attributeCondition: `assertion['kubernetes.io']['namespace'] in [${[...namespaces].sort().map((name) => `'${name}'`).join(', ')}]`,
    oidc: { issuerUri: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE' },
  });
  const poolName = pool.name;
  for (let tenant = 0; tenant < count; tenant += 1) {
    const principal = new Construct(stack, `Tenant${tenant}`);
    const namespace = namespaces[tenant % namespaces.length];
    const member = `principal://iam.googleapis.com/${poolName}/subject/system:serviceaccount:${namespace}:tenant-${tenant}`;
    new ArtifactRegistryRepositoryIamMember(new Construct(principal, 'Images'), `Reader-${namespace}_tenant-${tenant}`, {
      project: 'delivery',
      location: 'europe-west1',
      repository: `tenant-${tenant}`,
      role: 'roles/artifactregistry.reader',
      member,
    });
    new KmsCryptoKeyIamMember(new Construct(principal, 'Sops'), `Decrypter-${namespace}_tenant-${tenant}`, {
      cryptoKeyId: `projects/delivery/locations/europe-west1/keyRings/sops/cryptoKeys/tenant-${tenant}`,
      role: 'roles/cloudkms.cryptoKeyDecrypter',
      member,
    });
  }
});
