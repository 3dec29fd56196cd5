import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { App, TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
import { addLandingZone } from '../../examples/landing-zone/stack';
import {
  ClusterIssuer, EcrPermissions, FluxCloud, FluxController, FluxIrsaRole, FluxIrsaRoleProps, FluxOidcProvider, FluxServiceAccount, IFluxIdentity,
  S3Permissions,
} from '../../lib';
import { expectAccess } from '../../lib/testing';

const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);
const APPS = 'arn:aws:ecr:eu-west-1:111122223333:repository/apps/*';
const WEB = 'arn:aws:ecr:eu-west-1:111122223333:repository/apps/web';

function setup(options: Partial<FluxIrsaRoleProps> = {}) {
  const app = new App();
  const stack = new TerraformStack(app, 'prod');
  const issuer = ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod', issuerUrl: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE' });
  const oidc = new FluxOidcProvider(stack, 'Oidc', { issuer });
  const images = new FluxIrsaRole(stack, 'Images', { oidcProviders: [oidc], serviceAccounts: [SOURCE], ...options });
  images.grant('Apps', EcrPermissions.pull(APPS));
  return { app, stack, oidc, images };
}

test('allows and denies, by identity and by service account', () => {
  const { stack, images } = setup();
  for (const subject of [images, SOURCE]) {
    expectAccess(stack).of(subject)
      .allows({ action: 'ecr:BatchGetImage', resource: WEB })
      .allows({ action: 'ecr:GetAuthorizationToken', resource: '*' })
      .denies({ action: 'ecr:PutImage', resource: WEB })
      .denies({ action: 'ecr:BatchGetImage', resource: WEB.replace('apps', 'other') });
  }
});

test.each([
  ['allows', 'ecr:PutImage', 'identity "prod/Images" may not ecr:PutImage on arn:aws:ecr:eu-west-1:111122223333:repository/apps/web: no statement allows ecr:PutImage'],
  ['denies', 'ecr:ListImages', 'identity "prod/Images" may ecr:ListImages on arn:aws:ecr:eu-west-1:111122223333:repository/apps/web, by {"Action":'],
] as const)('%s fails, and names what decides', (verb, action, message) => {
  const { stack, images } = setup();
  expect(() => expectAccess(stack).of(images)[verb]({ action, resource: WEB })).toThrow(message);
});

test('values that only Terraform knows: the same reference is the same, another may be', () => {
  const { stack, images } = setup();
  const bucket = new S3Bucket(stack, 'Bucket');
  images.grant('Manifests', S3Permissions.read(bucket.arn));
  const access = expectAccess(stack).of(images);
  access.allows({ action: 's3:GetObject', resource: `${bucket.arn}/clusters/prod.yaml` });
  access.denies({ action: 's3:PutObject', resource: `${bucket.arn}/clusters/prod.yaml` });
  expect(() => access.denies({ action: 's3:GetObject', resource: 'arn:aws:s3:::flux/x' })).toThrow(/cannot be told: whether the resource is arn:aws:s3:::flux\/x only Terraform knows/);
});

test('refuses to answer where a policy of the user is on the same role', () => {
  const { stack, images } = setup();
  new IamRolePolicy(stack, 'Mine', { role: images.roleName, policy: '{}' });
  const expected = /cannot be told: "prod\/Mine" \(aws_iam_role_policy\) is on the same role or user, and is not the library's/;
  expect(() => expectAccess(stack).of(images).allows({ action: 'ecr:ListImages', resource: WEB })).toThrow(expected);
  expect(() => expectAccess(stack).of(images).denies({ action: 'ecr:PutImage', resource: WEB })).toThrow(expected);
});

test('a policy on another role says nothing of this one', () => {
  const { stack, images, oidc } = setup();
  const other = new FluxIrsaRole(stack, 'Other', { oidcProviders: [oidc], serviceAccounts: [FluxServiceAccount.of('team-a', 'flux')] });
  new IamRolePolicy(stack, 'Mine', { role: other.roleName, policy: '{}' });
  expectAccess(stack).of(images).allows({ action: 'ecr:ListImages', resource: WEB });
});

test('a boundary may forbid what is allowed, and forbids what is denied no less', () => {
  const { stack, images } = setup({ permissionsBoundary: 'arn:aws:iam::111122223333:policy/boundary' });
  expect(() => expectAccess(stack).of(images).allows({ action: 'ecr:ListImages', resource: WEB })).toThrow('the permissions boundary of the role may forbid it');
  expectAccess(stack).of(images).denies({ action: 'ecr:PutImage', resource: WEB });
});

test('a managed policy: what is in it AWS keeps', () => {
  const { stack, images } = setup();
  images.grant('All', EcrPermissions.readAll());
  expectAccess(stack).of(images).allows({ action: 'ecr:ListImages', resource: WEB });
  expect(() => expectAccess(stack).of(images).denies({ action: 'ecr:PutImage', resource: WEB })).toThrow(/AWS keeps what is in the managed policy arn:aws:iam::aws:policy/);
});

test.each([
  ['a wildcard', { action: 'ecr:*', resource: WEB }, 'a question names one call on one resource, without wildcards'],
  ['a pattern of resources', { action: 'ecr:ListImages', resource: APPS }, 'a question names one call on one resource, without wildcards'],
  ['another cloud', { permission: 'storage.objects.get', resource: 'projects/_/buckets/flux' }, 'it has no identity in cloud "gcp" there'],
])('refuses %s as a question', (_, access, message) => {
  const { stack, images } = setup();
  expect(() => expectAccess(stack).of(images).denies(access)).toThrow(message);
});

test('identities of other stacks and accounts nobody grants are named', () => {
  const { app, stack } = setup();
  const other = new TerraformStack(app, 'other');
  expect(() => expectAccess(other).of(stack.node.findChild('Images') as IFluxIdentity & FluxIrsaRole)).toThrow('identity "prod/Images" is not below "other"');
  expect(() => expectAccess(stack).of(FluxServiceAccount.of('team-b', 'flux'))).toThrow('nobody below "prod" grants service account "team-b/flux" anything');
  expectAccess(app).of(SOURCE).allows({ action: 'ecr:ListImages', resource: WEB });
});

test.each<[string, any, string]>([
  ['nothing', undefined, 'a question is { action, resource, context? } (AWS), { permission, resource } (Google Cloud) or { action, scope } (Azure), not {  }'],
  ['half a question', { action: 'ecr:PutImage' }, 'not { action }'],
  ['parts of two clouds', { permission: 'storage.objects.get', scope: '/x' }, 'not { permission, scope }'],
  ['a part too many', { action: 'ecr:PutImage', resource: WEB, region: 'x' }, 'not { action, resource, region }'],
  ['an action without its service', { action: 'PutImage', resource: WEB }, 'action "PutImage" is none of cloud "aws": nothing would ever be allowed on it. Expected: ecr:BatchGetImage'],
  ['a name in place of an ARN', { action: 's3:GetObject', resource: 'flux/a.yaml' }, 'resource "flux/a.yaml" is none of cloud "aws": nothing would ever be allowed on it. Expected: an ARN'],
  ['a number', { action: 's3:GetObject', resource: 1 }, 'resource 1 is none of cloud "aws"'],
  ['a role of Google\'s', { permission: 'roles/storage.objectViewer', resource: 'b' }, 'permission "roles/storage.objectViewer" is none of cloud "gcp"'],
  ['a URL of Google\'s', { permission: 'storage.objects.get', resource: '//storage.googleapis.com/b' }, 'Expected: projects/<project>/..., or the name of a bucket'],
  ['a bucket by its URL', { permission: 'storage.objects.get', resource: 'gs://b' }, 'resource "gs://b" is none of cloud "gcp"'],
  ['a name in place of an ID', { action: 'Microsoft.Storage/storageAccounts/read', scope: 'acme' }, 'scope "acme" is none of cloud "azure": nothing would ever be allowed on it. Expected: /subscriptions/<id>'],
  ['a role of Azure\'s', { action: 'AcrPull', scope: '/subscriptions/x' }, 'action "AcrPull" is none of cloud "azure"'],
])('%s is no question, whatever is expected of it', (_, access, message) => {
  const { stack, images } = setup();
  for (const verb of ['allows', 'denies'] as const) expect(() => expectAccess(stack).of(images)[verb](access)).toThrow(message);
});

describe('who is asked about', () => {
  class Own extends Construct {
    public readonly cloud = FluxCloud.AWS;
    public readonly serviceAccounts = [SOURCE];
    public trusts = () => true;
    public fluxSettings = () => ({});
    public fluxObjects = () => [];
  }

  test('an identity that is not the library\'s', () => {
    const { stack } = setup();
    expect(() => expectAccess(stack).of(new Own(stack, 'Own'))).toThrow('"prod/Own" is no identity of this library: what it may do is not known here.');
  });

  test('an account that acts as one, too', () => {
    const { stack } = setup();
    new Own(stack, 'Own');
    const access = expectAccess(stack).of(SOURCE);
    for (const verb of ['allows', 'denies'] as const) {
      expect(() => access[verb]({ action: 'ecr:ListImages', resource: WEB })).toThrow('cannot be told: it acts as "prod/Own" too, which is no identity of this library');
    }
  });

  test.each([undefined, 'flux-system/source-controller'])('%j', (subject) => {
    expect(() => expectAccess(setup().stack).of(subject as any)).toThrow('of() takes an identity of this app, or a FluxServiceAccount.');
  });
});

describe('a landing zone', () => {
  const TEAM = 'arn:aws:ecr:eu-central-1:444455556666:repository/team-a/apps';
  const zone = () => {
    const app = Testing.app();
    const { platform, team } = addLandingZone(app);
    return { platform, team, access: expectAccess(app).of(FluxServiceAccount.of('team-a', 'flux')) };
  };

  test('roles of the user\'s own beside say nothing of the team\'s; a boundary may forbid', () => {
    const { platform, team, access } = zone();
    const nodes = new IamRole(platform, 'Nodes', { name: 'nodes', assumeRolePolicy: '{}', managedPolicyArns: ['arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy'] });
    new IamRolePolicyAttachment(platform, 'Pull', { role: nodes.name, policyArn: 'arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly' });
    const admins = new IamRole(team, 'Admins', { assumeRolePolicy: '{}' });
    new IamRolePolicy(team, 'AdminsAll', { role: admins.id, policy: '{}' });
    access.denies({ action: 'ecr:PutImage', resource: TEAM }).denies({ action: 'ecr:BatchGetImage', resource: WEB });
    access.allows({ action: 'ecr:BatchGetImage', resource: TEAM });
    // The organization's boundary is an Aspect's: it is there once the stack is synthesized.
    Testing.synth(team);
    expect(() => access.allows({ action: 'ecr:BatchGetImage', resource: TEAM })).toThrow('the permissions boundary of the role may forbid it');
    access.denies({ action: 'ecr:PutImage', resource: TEAM });
  });

  test('a policy of the platform on the team\'s role does', () => {
    const { platform, team, access } = zone();
    new IamRolePolicy(platform, 'Mine', { role: (team.node.findChild('Images') as FluxIrsaRole).roleName, policy: '{}' });
    expect(() => access.denies({ action: 'ecr:PutImage', resource: TEAM })).toThrow('"flux-landing-zone-platform/Mine" (aws_iam_role_policy) is on the same role or user');
  });
});
