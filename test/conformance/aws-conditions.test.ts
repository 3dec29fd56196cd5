import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Aspects, Fn, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { describeWith, TERRAFORM } from './programs';
import { evaluate, Evaluation, TerraformError } from './terraform';
import * as lib from '../../lib';
import { FluxEcrRepositoryPolicy } from '../../lib/aws/flux-ecr-repository-policy';
import { FluxIrsaRole } from '../../lib/aws/flux-irsa-role';
import { FluxKmsKeyPolicy } from '../../lib/aws/flux-kms-key-policy';
import { FluxPodIdentityRole } from '../../lib/aws/flux-pod-identity-role';
import { FluxS3BucketPolicy } from '../../lib/aws/flux-s3-bucket-policy';
import { EcrPermissions } from '../../lib/aws/permissions/ecr';
import { EksPermissions } from '../../lib/aws/permissions/eks';
import { KmsPermissions } from '../../lib/aws/permissions/kms';
import { S3Permissions } from '../../lib/aws/permissions/s3';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { SAMPLES } from '../aws/permissions/samples';
import { KEY } from '../aws/support';

type Site = (scope: TerraformStack, value: string) => unknown;

const REPOSITORY = 'arn:aws:ecr:eu-west-1:111122223333:repository/apps';
const BUCKET = 'arn:aws:s3:::manifests';
const ROLE = 'arn:aws:iam::111122223333:role/flux/images';
const CLUSTER = 'arn:aws:eks:eu-west-1:111122223333:cluster/prod';

function role(scope: TerraformStack, roleArn?: string) {
  const issuer = ClusterIssuer.oidc(scope, 'Kind', { url: 'https://oidc.example.com' });
  const oidcProviders = [lib.FluxOidcProvider.fromOidcProviderArn(scope, 'Oidc', { issuer, arn: 'arn:aws:iam::111122223333:oidc-provider/oidc.example.com' })];
  const serviceAccounts = [FluxServiceAccount.of('apps', 'flux')];
  return roleArn === undefined ? new FluxIrsaRole(scope, 'Role', { oidcProviders, serviceAccounts })
    : FluxIrsaRole.fromRoleArn(scope, 'Role', { roleArn, oidcProviders, serviceAccounts });
}

const pod = (scope: TerraformStack, options: object, clusterArn = CLUSTER) => new FluxPodIdentityRole(scope, 'Pod', {
  issuer: ClusterIssuer.eks(scope, 'Cluster', { clusterName: 'prod', issuerUrl: 'https://oidc.eks.eu-west-1.amazonaws.com/id/A', clusterArn }),
  serviceAccounts: [FluxServiceAccount.controller(lib.FluxController.SOURCE)],
  ...options,
});

/** Where the value of a variable ends in a policy: the site, a value that is right, values that plain text may not be either. */
const SITES: [name: string, site: Site, right: string, wrong: string[]][] = [
  ...Object.entries(SAMPLES).map(([method, { args }]): [string, Site, string, string[]] => {
    const [type, verb] = method.split('.');
    const right: string = args(new TerraformStack(Testing.app(), 'sample'))[0];
    const site: Site = (scope, value) => role(scope).grant('Grant', (lib as any)[type][verb](value));
    const parts = right.split(':');
    return [method, site, right, ['*', 'arn:aws:*', [...parts.slice(0, 5), '*'].join(':'), right.replace('arn:aws:', 'arn:aws-cn:'), `${right}\n`, right.replace('111122223333', '*').replace('manifests', '*')]];
  }),
  ['prefix of S3', (scope, value) => role(scope).grant('Grant', S3Permissions.read(BUCKET, { prefix: value })), 'clusters/prod/', ['*', '/a', 'a/?', '${aws:username}/']],
  ['SSE-KMS key of S3', (scope, value) => role(scope).grant('Grant', S3Permissions.read(BUCKET, { sseKmsKeyArn: value })), KEY, ['*', 'arn:aws:kms:eu-west-1:111122223333:key/*']],
  ['target role of Pod Identity', (scope, value) => pod(scope, { targetRoleArn: value }), ROLE, ['*', 'arn:aws:iam::444455556666:role/*']],
  ['imported role in a repository\'s policy', (scope, value) => new FluxEcrRepositoryPolicy(scope, 'Policy', { repositoryArn: REPOSITORY })
    .grant('Role', role(scope, value), EcrPermissions.pull(REPOSITORY)), ROLE, ['*', 'arn:aws:iam::111122223333:root']],
  ['administrator of a key', (scope, value) => new FluxKmsKeyPolicy(scope, 'Policy', { keyArn: KEY, administrators: [value] })
    .grant('Role', role(scope), KmsPermissions.decrypt(KEY)), ROLE, ['*']],
  ['repository of a policy', (scope, value) => new FluxEcrRepositoryPolicy(scope, 'Policy', { repositoryArn: value, sourcePolicyDocuments: ['{"Statement":{"Effect":"Deny","Principal":"*","Action":"ecr:PutImage"}}'] }), REPOSITORY, [`${REPOSITORY}/*`]],
  ['bucket of a policy', (scope, value) => new FluxS3BucketPolicy(scope, 'Policy', { bucketArn: value })
    .grant('Role', role(scope), S3Permissions.read(value)), BUCKET, ['arn:aws:s3:::*']],
];

/** Preconditions on other things than the form of an ARN. */
const OTHERS: [name: string, site: Site, right: string][] = [
  ['authentication mode', (scope, value) => role(scope).grant('Grant', EksPermissions.access(CLUSTER, { authenticationMode: value })), 'API'],
  ['account of the cluster', (scope, value) => pod(scope, { account: '111122223333' }, value), CLUSTER],
  ['length of the trust policy', (scope, value) => {
    const issuer = ClusterIssuer.oidc(scope, 'Kind', { url: 'https://oidc.example.com' });
    const oidc = lib.FluxOidcProvider.fromOidcProviderArn(scope, 'Oidc', { issuer, arn: value });
    const serviceAccounts = Array.from({ length: 30 }, (_, index) => FluxServiceAccount.of(`a-namespace-with-a-name-of-${index}`, 'flux'));
    new FluxIrsaRole(scope, 'Role', { oidcProviders: [oidc], serviceAccounts });
  }, 'arn:aws:iam::111122223333:oidc-provider/oidc.example.com'],
];

function apply(site: Site, value: string | ((text: string) => string), right: string): Evaluation {
  const scope = new TerraformStack(Testing.app(), 'test');
  new AwsProvider(scope, 'Aws', { region: 'eu-west-1' });
  site(scope, typeof value === 'function' ? value(right) : new TerraformVariable(scope, 'value', { type: 'string', default: value }).stringValue);
  return evaluate(scope);
}

/** Values that only Terraform knows, and that refer to nothing. */
const NOTHING: [name: string, value: (text: string) => string][] = [
  ['Fn.join', (text) => Fn.join(':', text.split(':'))],
  ['Fn.format', (text) => Fn.format('%s', [text])],
];

describeWith([TERRAFORM], 'values that only Terraform knows, in AWS', () => {
  test.each(SITES)('%s: Terraform holds them to what plain text is held to', (_name, site, right, wrong) => {
    expect(() => apply(site, right, right)).not.toThrow();
    for (const value of wrong) {
      let error: unknown;
      try {
        apply(site, value, right);
      } catch (thrown) {
        error = thrown;
      }
      expect({ value, error: error instanceof TerraformError ? error.diagnostics[0].summary : error }).toEqual({ value, error: 'Resource precondition failed' });
    }
  });

  test.each([...SITES, ...OTHERS].flatMap(([name, site, right]) => NOTHING.map(([what, value]) => [name, what, site, right, value] as const)))(
    '%s by %s, which refers to nothing, is valid', (_name, _what, site, right, value) => {
      expect(() => apply(site, value, right)).not.toThrow();
    });
});

describeWith([TERRAFORM], 'a role that an Aspect renames', () => {
  test('is refused by Terraform, beside what else it checks', () => {
    const make = (renamed: boolean) => {
      const scope = new TerraformStack(Testing.app(), 'test');
      new AwsProvider(scope, 'Aws', { region: 'eu-west-1' });
      pod(scope, { name: 'flux', account: '111122223333' }, new TerraformVariable(scope, 'value', { type: 'string', default: CLUSTER }).stringValue);
      if (renamed) Aspects.of(scope).add({ visit: (node) => { if (node instanceof IamRole) node.name = 'acme-flux'; } });
      return evaluate(Testing.synth(scope, renamed));
    };
    expect(() => make(false)).not.toThrow();
    expect(() => make(true)).toThrow(/was renamed after arn:aws:iam::111122223333:role\/flux/);
  });
});
