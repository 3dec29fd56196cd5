import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { bucket, eks, EKS_URL, PROVIDER_ARN, role } from './support';
import { AwsPermission } from '../../lib/aws/aws-permission';
import { FluxIamUser } from '../../lib/aws/flux-iam-user';
import { FluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { FluxPodIdentityRole } from '../../lib/aws/flux-pod-identity-role';
import { FluxS3BucketPolicy } from '../../lib/aws/flux-s3-bucket-policy';
import { S3Permissions } from '../../lib/aws/permissions/s3';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { addresses, decoded, only, refused, stack, synth } from '../support';

const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);
const OBJECTS = 'arn:aws:s3:::flux-manifests/*';

/** What plain JavaScript can pass, where it would give more than was asked for. */
describe('a trust policy is made of real providers only', () => {
  const fake = (members: object) => (s: TerraformStack) => Object.assign(new Construct(s, 'Fake'), members);

  test.each<[string, (s: TerraformStack) => any, string]>([
    ['no construct', () => ({ arn: PROVIDER_ARN, node: {}, issuer: { issuerUrl: EKS_URL } }), 'option "oidcProviders" of FluxIrsaRole:'],
    ['without an issuer', fake({ arn: PROVIDER_ARN }), 'a value of type Construct as item 1'],
    ['with an issuer that is none', fake({ arn: PROVIDER_ARN, issuer: { issuerUrl: EKS_URL } }), 'a value of type Construct as item 1'],
    ['of an empty issuer', (s) => fake({ arn: PROVIDER_ARN, issuer: Object.assign(new Construct(s, 'Issuer'), { issuerUrl: '', kind: 'eks' }) })(s), 'issuer URL ""'],
    ['of everybody', (s) => fake({ arn: '*', issuer: eks(s).issuer })(s), 'OIDC provider ARN "*"'],
  ])('%s', (_, oidcProvider, given) => {
    const s = stack();
    const error = refused(() => role(s, 'Images', { oidcProviders: [oidcProvider(s)] }));
    expect(error.given).toContain(given);
    expect(error.given).toContain('[test/Images]');
  });
});

describe('conditions of a statement', () => {
  test.each<[string, any]>([
    ['none', {}], ['an operator without keys', { StringEquals: {} }],
    ['an operator with a number', { StringEquals: 7 }], ['an operator with null', { StringEquals: null }],
    ['an operator with text', { StringEquals: 'x' }],
  ])('%s is no condition: the statement would allow without it', (_, conditions) => {
    const { given, why, fix } = refused(() => role(stack()).grant('G', AwsPermission.of({ actions: ['s3:GetObject'], resources: [OBJECTS], conditions })));
    expect(given).toMatch(/\[test\/Images\/G\] conditions? /);
    expect(why).toContain('would allow without the condition');
    expect(fix).toContain('leave `conditions` out');
  });

  test('a statement that is changed after its grant changes nothing', () => {
    const all = synth((s) => {
      const statement = { actions: ['s3:GetObject'], resources: [OBJECTS], conditions: { StringEquals: { 'aws:SourceAccount': ['111122223333'] } } };
      role(s).grant('G', AwsPermission.of(statement));
      statement.actions.push('*');
      statement.resources.push('*');
      statement.conditions.StringEquals['aws:SourceAccount'].push('*');
    });
    expect(decoded(only(all, 'aws_iam_role_policy').policy).Statement).toEqual([{
      Effect: 'Allow', Action: 's3:GetObject', Resource: OBJECTS, Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
    }]);
  });
});

test.each<[string, any]>([['everybody', '*'], ['an account', 'arn:aws:iam::111122223333:root'], ['nobody', undefined]])('the policy of a resource lets in no identity that is %s', (_, arn) => {
  const policy = new FluxS3BucketPolicy(stack(), 'Policy', { bucketArn: 'arn:aws:s3:::flux-manifests' });
  const { given, why } = refused(() => policy.grant('G', { arn, serviceAccounts: [SOURCE] } as any, S3Permissions.read('arn:aws:s3:::flux-manifests')));
  expect(given).toContain('identity with the ARN');
  expect(why).toContain('lets in whom the ARN names');
});

test.each(['/te"am/', '/te\\am/', '/${x}/', '/%{x}/'])('a role path %s makes no text for Terraform', (path) => {
  const { given, allowed } = refused(() => role(stack(), 'Images', { path, name: 'images', account: '111122223333' }));
  expect(given).toContain('role path');
  expect(allowed).toContain('no quotes');
});

describe('a caught error leaves no half', () => {
  const types = (make: (scope: TerraformStack) => void) => addresses(synth(make)).map((address) => address.replace(/\..*/, ''));

  test('of a user with too many keys', () => {
    expect(types((s) => {
      refused(() => new FluxIamUser(s, 'User', { name: 'flux', serviceAccounts: [SOURCE], accessKeys: ['A', 'B', 'C'] }));
      bucket(s);
    })).toEqual(['aws_s3_bucket']);
  });

  test('of a second Pod Identity role, which holds no account either', () => {
    expect(types((s) => {
      const cluster = ClusterIssuer.eks(s, 'Cluster', { clusterName: 'prod', issuerUrl: EKS_URL, clusterArn: 'arn:aws:eks:eu-west-1:111122223333:cluster/prod' });
      const helm = FluxServiceAccount.controller(FluxController.HELM);
      new FluxPodIdentityRole(s, 'First', { issuer: cluster, serviceAccounts: [SOURCE] });
      refused(() => new FluxPodIdentityRole(s, 'Second', { issuer: cluster, serviceAccounts: [helm, SOURCE] }));
      new FluxPodIdentityRole(s, 'Second', { issuer: cluster, serviceAccounts: [helm] });
    }).sort()).toEqual(['aws_eks_pod_identity_association', 'aws_eks_pod_identity_association', 'aws_iam_role', 'aws_iam_role']);
  });
});

describe('an issuer has one OIDC provider in an account', () => {
  const url = 'https://oidc.example.com/prod';
  const oidc = (s: TerraformStack, id: string, provider?: AwsProvider) =>
    new FluxOidcProvider(s, id, { issuer: ClusterIssuer.oidc(s, `${id}Cluster`, { url }), provider });

  test('a second one is refused, and nothing of it stays', () => {
    const all = synth((s) => {
      oidc(s, 'One');
      const { given, why, fix } = refused(() => oidc(s, 'Two'));
      expect(given).toBe(`[test/Two] a second OIDC provider for the issuer "${url}"; "test/One" is the first.`);
      expect(why).toContain('EntityAlreadyExists');
      expect(fix).toContain('pass "test/One"');
    });
    expect(addresses(all)).toHaveLength(1);
  });

  test('also for an attribute, which is another token each time', () => {
    const s = stack();
    const cluster = ClusterIssuer.eks(s, 'Cluster', { clusterName: 'prod' });
    new FluxOidcProvider(s, 'One', { issuer: cluster });
    expect(refused(() => new FluxOidcProvider(s, 'Two', { issuer: cluster })).given).toContain('"test/One" is the first');
  });

  test('other accounts have their own', () => {
    const all = synth((s) => {
      oidc(s, 'One');
      oidc(s, 'Two', new AwsProvider(s, 'Other', { alias: 'other' }));
    });
    expect(addresses(all, 'aws_iam_openid_connect_provider.')).toHaveLength(2);
  });
});
