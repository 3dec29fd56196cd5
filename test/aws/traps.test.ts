import { TerraformStack, TerraformVariable } from 'cdktf';
import { EKS_URL, KEY, role, statements } from './support';
import { EksAccessPolicy } from '../../lib/aws/eks-access-policy';
import { FluxEcrRepositoryPolicy } from '../../lib/aws/flux-ecr-repository-policy';
import { FluxIamUser } from '../../lib/aws/flux-iam-user';
import { FluxKmsKeyPolicy } from '../../lib/aws/flux-kms-key-policy';
import { FluxNodeRole } from '../../lib/aws/flux-node-role';
import { FluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { FluxPodIdentityRole } from '../../lib/aws/flux-pod-identity-role';
import { FluxS3BucketPolicy } from '../../lib/aws/flux-s3-bucket-policy';
import { EcrPermissions } from '../../lib/aws/permissions/ecr';
import { EcrPublicPermissions } from '../../lib/aws/permissions/ecr-public';
import { EksPermissions } from '../../lib/aws/permissions/eks';
import { KmsPermissions } from '../../lib/aws/permissions/kms';
import { S3Permissions } from '../../lib/aws/permissions/s3';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxSecret } from '../../lib/core/flux-secret';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxInstallation } from '../../lib/flux/flux-installation';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { addresses, decoded, only, refused, rendered, resolved, stack, synth } from '../support';

/** Each thing that goes wrong with Flux in AWS when it is written by hand: one test that names it. */

const REPOSITORY = 'arn:aws:ecr:eu-west-1:111122223333:repository/apps';
const BUCKET = 'arn:aws:s3:::flux-manifests';
const CLUSTER = 'arn:aws:eks:eu-west-1:111122223333:cluster/staging';
const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);

const pod = (scope: TerraformStack, props: object = {}) => new FluxPodIdentityRole(scope, 'Pod', {
  issuer: ClusterIssuer.eks(scope, 'Cluster', { clusterName: 'prod', issuerUrl: EKS_URL, clusterArn: 'arn:aws:eks:eu-west-1:111122223333:cluster/prod' }),
  serviceAccounts: [SOURCE],
  ...props,
});
const user = (scope: TerraformStack) => new FluxIamUser(scope, 'User', { name: 'flux', secrets: [FluxSecret.bucket('a', 'b')] });
const trustOf = (props: (scope: TerraformStack) => object) => {
  const all = synth((scope) => role(scope, 'Role', { region: 'eu-west-1', ...props(scope) }));
  return decoded(only(all, 'aws_iam_role').assume_role_policy).Statement[0];
};

describe('permissions', () => {
  it('ECR: tags cannot be listed without ecr:ListImages, which AWS\'s pull-only policy lacks', () => {
    expect(statements(EcrPermissions.pull(REPOSITORY))[0].Action).toContain('ecr:ListImages');
  });

  it('ECR: the token knows no resource', () => {
    expect(statements(EcrPermissions.pull(REPOSITORY))[1]).toEqual({ Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' });
  });

  it('public ECR: the bearer token is a right of STS, and exists in one partition', () => {
    expect(statements(EcrPublicPermissions.pull()).map(({ Action }) => Action)).toContain('sts:GetServiceBearerToken');
    expect(refused(() => role(stack(), 'Role', { partition: 'aws-cn' }).grant('P', EcrPublicPermissions.pull())).given).toContain('aws-cn');
  });

  it('S3: the call that looks for the bucket carries no prefix, and .sourceignore lies outside of it', () => {
    const [object, list] = statements(S3Permissions.read(BUCKET, { prefix: 'prod/' }));
    expect(object.Resource).toEqual([`${BUCKET}/.sourceignore`, `${BUCKET}/prod/*`]);
    expect(list).toEqual({ Effect: 'Allow', Action: 's3:ListBucket', Resource: BUCKET });
  });

  it('KMS: an alias is no resource of kms:Decrypt', () => {
    expect(refused(() => role(stack()).grant('K', KmsPermissions.decrypt('arn:aws:kms:eu-west-1:111122223333:alias/sops'))).fix).toContain('decryptByAlias');
  });

  it('EKS: the policy of an identity has no Principal', () => {
    expect(statements(EksPermissions.access(CLUSTER))).toEqual([{ Effect: 'Allow', Action: 'eks:DescribeCluster', Resource: CLUSTER }]);
  });
});

describe('policies of resources', () => {
  const granted = (build: (scope: TerraformStack) => unknown, type: string) =>
    decoded(only(synth((scope) => { build(scope); }), type).policy).Statement;

  it('ECR: a policy with Resource or with the token action is refused as a whole', () => {
    const text = JSON.stringify(granted((scope) => new FluxEcrRepositoryPolicy(scope, 'P', { repositoryArn: REPOSITORY }).grant('R', role(scope), EcrPermissions.pull(REPOSITORY)), 'aws_ecr_repository_policy'));
    expect(text).not.toContain('Resource');
    expect(text).not.toContain('GetAuthorizationToken');
  });

  it('S3: Resource "*" is refused as a whole', () => {
    const list = granted((scope) =>
      new FluxS3BucketPolicy(scope, 'P', { bucketArn: BUCKET }).grant('R', role(scope), S3Permissions.read(BUCKET)), 'aws_s3_bucket_policy');
    expect(list.map(({ Resource }: any) => Resource)).toEqual([`${BUCKET}/*`, BUCKET]);
  });

  it('KMS: a policy with the tenant\'s statement alone locks the owner out', () => {
    const [root] = granted((scope) => new FluxKmsKeyPolicy(scope, 'P', { keyArn: KEY }).grant('R', role(scope), KmsPermissions.decrypt(KEY)), 'aws_kms_key_policy');
    expect(root).toEqual({ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' });
  });

  it('KMS: the key\'s ARN in place of its ID is planned as a change for ever', () => {
    const all = synth((scope) => new FluxKmsKeyPolicy(scope, 'P', { keyArn: KEY }).grant('R', role(scope), KmsPermissions.decrypt(KEY)));
    expect(only(all, 'aws_kms_key_policy').key_id).toBe(KEY.split('key/')[1]);
  });

  it('the last writer of a policy wins: one owner', () => {
    const scope = stack();
    new FluxS3BucketPolicy(scope, 'One', { bucketArn: BUCKET });
    expect(refused(() => new FluxS3BucketPolicy(scope, 'Two', { bucketArn: BUCKET })).given).toContain('a second owner');
  });
});

describe('web identity', () => {
  it('sub without aud, or a pattern, trusts too many', () => {
    const { Condition } = trustOf(() => ({}));
    expect(Object.keys(Condition)).toEqual(['StringEquals']);
    expect(Object.keys(Condition.StringEquals).map((key) => key.split(':').pop())).toEqual(['aud', 'sub']);
    expect(() => FluxServiceAccount.of('team-*', 'flux')).toThrow(/no wildcard/);
  });

  it('AKS issuers end in a slash, in condition keys too', () => {
    const { Condition } = trustOf((scope) => {
      const issuer = ClusterIssuer.aks(scope, 'Aks', { name: 'prod', resourceGroupName: 'rg', issuerUrl: 'https://westeurope.oic.prod-aks.azure.com/t/u/' });
      return { oidcProviders: [new FluxOidcProvider(scope, 'AksOidc', { issuer })] };
    });
    expect(Object.keys(Condition.StringEquals)).toEqual(['westeurope.oic.prod-aks.azure.com/t/u/:aud', 'westeurope.oic.prod-aks.azure.com/t/u/:sub']);
  });

  it('an issuer that only Terraform knows stands in a key', () => {
    const { Condition } = trustOf((scope) => {
      const issuer = ClusterIssuer.oidc(scope, 'Kind', { url: new TerraformVariable(scope, 'issuer', { type: 'string' }).stringValue });
      return { oidcProviders: [new FluxOidcProvider(scope, 'KindOidc', { issuer })] };
    });
    expect(Object.keys(Condition.StringEquals)).toEqual([expect.stringMatching(/replace\(var\.issuer.*:aud>$/), expect.stringMatching(/replace\(var\.issuer.*:sub>$/)]);
  });

  it('the session name of account, namespace and region has 64 characters', () => {
    const far = EcrPermissions.pull('arn:aws:ecr:ap-southeast-1:111122223333:repository/apps');
    const long = FluxServiceAccount.of('flux-system', 'image-automation-controllers');
    expect(refused(() => role(stack(), 'Role', { serviceAccounts: [long] }).grant('Far', far)).given).toContain('(65 characters)');
    expect(() => role(stack(), 'Role', { serviceAccounts: [FluxServiceAccount.of('flux-two', 'image-automation-controller')] }).grant('Far', far)).not.toThrow();
  });

  it('Flux refuses an annotation with more than 200 characters of path and name', () => {
    expect(refused(() => role(stack(), 'Role', { path: `/${'p'.repeat(150)}/`, name: 'n'.repeat(60) })).allowed).toContain('at most 200 characters');
  });
});

describe('Pod Identity', () => {
  it('without conditions any association of the account can use the role', () => {
    const { Condition } = decoded(only(synth((scope) => { pod(scope); }), 'aws_iam_role').assume_role_policy).Statement[0];
    expect(Object.keys(Condition.StringEquals)).toEqual(['aws:RequestTag/eks-cluster-arn', 'aws:RequestTag/kubernetes-namespace', 'aws:RequestTag/kubernetes-service-account', 'aws:SourceAccount']);
  });

  it('a condition on aws:SourceArn breaks it', () => {
    expect(synth((scope) => { pod(scope); }).text).not.toContain('SourceArn');
  });

  it('sts:TagSession is needed beside sts:AssumeRole', () => {
    expect(decoded(only(synth((scope) => { pod(scope); }), 'aws_iam_role').assume_role_policy).Statement[0].Action).toEqual(['sts:AssumeRole', 'sts:TagSession']);
  });

  it('without session tags no condition on them holds', () => {
    expect(refused(() => pod(stack(), { disableSessionTags: true })).why).toContain('would never hold');
  });

  it('an object-level account never gets credentials', () => {
    expect(refused(() => pod(stack(), { serviceAccounts: [FluxServiceAccount.of('a', 'b')] })).fix).toContain('FluxIrsaRole');
  });

  it('the role lives in the cluster\'s account', () => {
    expect(refused(() => pod(stack(), { account: '444455556666' })).fix).toContain('targetRoleArn');
  });

  it('a running pod has no credentials of a new association', () => {
    const scope = stack();
    const identity = pod(scope);
    const flux = new FluxKustomization(scope, 'Flux', { installation: new FluxInstallation(scope, 'FluxInstallation', { issuer: scope.node.findChild('Cluster') as ClusterIssuer, version: FluxVersion.V2_10, identities: [identity] }) });
    expect(rendered(resolved(scope, flux.yaml))).toMatch(/annotations:\n\s+cdktf-flux-identity\/aws: .*association_id/);
  });
});

describe('access entries', () => {
  const entry = (options = {}) => only(synth((scope) => role(scope).grant('C', EksPermissions.access(CLUSTER, options))), 'aws_eks_access_entry');

  it('EKS\'s own user name ends in the session name, which varies', () => {
    expect(entry().user_name).toBe(entry().principal_arn);
  });

  it('an entry of a role that was made anew is dead', () => {
    expect(entry().lifecycle.replace_triggered_by).toEqual([expect.stringMatching(/^aws_iam_role\.\w+\.unique_id$/)]);
  });

  it('in mode CONFIG_MAP entries do not count', () => {
    expect(entry().lifecycle.precondition[0].condition).toContain('["API", "API_AND_CONFIG_MAP"]');
  });

  it('a policy cannot be associated before its entry is there', () => {
    const all = synth((scope) => role(scope).grant('C', EksPermissions.access(CLUSTER, { accessPolicies: [EksAccessPolicy.VIEW.onCluster()] })));
    expect(only(all, 'aws_eks_access_policy_association').principal_arn).toBe(`\${${addresses(all, 'aws_eks_access_entry.')[0]}.principal_arn}`);
  });

  it('a cluster of another account cannot let anybody in', () => {
    expect(refused(() => role(stack(), 'Role', { account: '111122223333' }).grant('C', EksPermissions.access(CLUSTER.replace('111122223333', '444455556666')))).why).toContain('Flux assumes one role and does not chain');
  });
});

describe('keys and nodes', () => {
  it('Flux takes no access key for ECR', () => {
    expect(refused(() => user(stack()).grant('E', EcrPermissions.pull(REPOSITORY))).why).toContain('Flux has no way to use Amazon ECR with a static credential');
  });

  it('the inline policies of a user hold 2,048 characters', () => {
    const all = synth((scope) => {
      const one = user(scope);
      for (let index = 10; index < 40; index++) one.grant(`B${index}`, S3Permissions.read(`arn:aws:s3:::bucket-with-a-long-name-${index}`));
    });
    expect(only(all, 'aws_iam_user_policy').policy.length).toBeLessThanOrEqual(2048);
  });

  it('the role of nodes is tested by Flux for ECR only', () => {
    const nodes = FluxNodeRole.fromRoleArn(stack(), 'Nodes', { roleArn: 'arn:aws:iam::111122223333:role/nodes' });
    expect(() => nodes.grant('E', EcrPermissions.pull(REPOSITORY))).not.toThrow();
    expect(refused(() => nodes.grant('S', S3Permissions.read(BUCKET))).why).toContain('container registries only');
  });
});
