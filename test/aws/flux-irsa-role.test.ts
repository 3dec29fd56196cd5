import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Fn, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { FluxIrsaRole, FluxIrsaRoleFromArnProps, FluxIrsaRoleProps } from '../../lib/aws/flux-irsa-role';
import { FluxOidcProvider, IFluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { FluxRolePolicies } from '../../lib/aws/flux-role-policies';
import { EcrPermissions } from '../../lib/aws/permissions/ecr';
import { KmsPermissions } from '../../lib/aws/permissions/kms';
import { S3Permissions } from '../../lib/aws/permissions/s3';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxCloud } from '../../lib/core/flux-identity';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { addresses, decoded, only, refused, resolved, stack, synth, synthesized } from '../support';
import { allowed, eks, EKS_URL, KEY, PROVIDER_ARN, role } from './support';

const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);
const variable = (s: TerraformStack, name = 'input') => new TerraformVariable(s, name, { type: 'string' }).stringValue;
const context = (issuer: ClusterIssuer) => ({ issuer, version: FluxVersion.V2_10, namespace: 'flux-system' });

describe('the role', () => {
  test('as few arguments as possible: Terraform names it, no policy without a grant', () => {
    const all = synth((s) => { role(s); });
    expect(Object.keys(all.resources)).toHaveLength(1);
    expect(Object.keys(only(all, 'aws_iam_role'))).toEqual(['assume_role_policy']);
  });

  test('every option, plain', () => {
    const all = synth((s) => {
      role(s, 'Images', {
        name: 'flux-images',
        path: '/flux/prod/',
        description: 'Flux reads images',
        permissionsBoundary: 'arn:aws:iam::111122223333:policy/boundary',
        maxSessionDuration: 7200,
        tags: { team: 'platform' },
        account: '111122223333',
        partition: 'aws',
        region: 'eu-west-1',
        policies: FluxRolePolicies.INLINE,
        quotas: { trustPolicySize: 4096, inlinePolicySize: 5000, managedPolicySize: 3000, managedPolicies: 20 },
        provider: new AwsProvider(s, 'Other', { region: 'eu-west-1', alias: 'other' }),
      }).grant('Apps', S3Permissions.read('arn:aws:s3:::flux-manifests'));
    });
    expect(only(all, 'aws_iam_role')).toEqual({
      assume_role_policy: expect.any(String),
      name: 'flux-images',
      path: '/flux/prod/',
      description: 'Flux reads images',
      permissions_boundary: 'arn:aws:iam::111122223333:policy/boundary',
      max_session_duration: 7200,
      tags: { team: 'platform' },
      provider: 'aws.other',
      lifecycle: {
        postcondition: [{
          condition: '${self.arn == "arn:aws:iam::111122223333:role/flux/prod/flux-images"}',
          error_message: 'test/Images is not arn:aws:iam::111122223333:role/flux/prod/flux-images: the provider works in another account or partition than the options say.',
        }],
      },
    });
    expect(only(all, 'aws_iam_role_policy')).toEqual({
      name: 'flux', role: expect.stringMatching(/^\$\{aws_iam_role\.Images_\w+\.name\}$/), policy: expect.any(String), provider: 'aws.other',
    });
  });

  test('every option that is a value, as a token', () => {
    const all = synth((s) => {
      const token = variable(s);
      role(s, 'Images', {
        name: token,
        path: token,
        description: token,
        permissionsBoundary: token,
        maxSessionDuration: new TerraformVariable(s, 'seconds', {}).numberValue,
        tags: { team: token },
        region: token,
        account: '111122223333',
      });
    });
    expect(only(all, 'aws_iam_role')).toMatchObject({
      name: '${var.input}',
      path: '${var.input}',
      description: '${var.input}',
      permissions_boundary: '${var.input}',
      max_session_duration: '${var.seconds}',
      tags: { team: '${var.input}' },
    });
    expect(only(all, 'aws_iam_role').lifecycle).toBeUndefined();
  });

  test.each<[Partial<FluxIrsaRoleProps>, string]>([
    [{ name: 'images', account: '111122223333' }, 'arn:aws:iam::111122223333:role/images'],
    [{ name: 'images', account: '111122223333', path: '/flux/' }, 'arn:aws:iam::111122223333:role/flux/images'],
    [{ name: 'images', account: '111122223333', partition: 'aws-cn' }, 'arn:aws-cn:iam::111122223333:role/images'],
  ])('%j gives a plain ARN', (props, arn) => {
    const test = stack();
    const images = role(test, 'Images', props);
    expect(images.arn).toBe(arn);
    expect(images.fluxSettings(SOURCE, context(images.node.scope!.node.findChild('ImagesCluster') as ClusterIssuer)).annotations)
      .toEqual({ 'eks.amazonaws.com/role-arn': arn });
    expect(only(synthesized(test), 'aws_iam_role').lifecycle.postcondition).toHaveLength(1);
  });

  test.each<Partial<FluxIrsaRoleProps>>([{}, { name: 'images' }, { account: '111122223333' }])('%j leaves the ARN to Terraform', (props) => {
    const test = stack();
    const images = role(test, 'Images', props);
    expect(resolved(test, images.arn)).toMatch(/^\$\{aws_iam_role\.Images_\w+\.arn\}$/);
    expect(resolved(test, images.roleName)).toMatch(/^\$\{aws_iam_role\.Images_\w+\.name\}$/);
  });

  test('trustPolicy is what the role has; it is an identity of AWS that needs no objects', () => {
    const test = stack();
    const images = role(test);
    expect(images.cloud).toBe(FluxCloud.AWS);
    expect(images.serviceAccounts).toEqual([SOURCE, FluxServiceAccount.controller(FluxController.KUSTOMIZE)]);
    expect(only(synthesized(test), 'aws_iam_role').assume_role_policy).toBe(images.trustPolicy);
    expect(images.fluxObjects(context(ClusterIssuer.oidc(test, 'X', { url: 'https://x.example.com' })))).toEqual([]);
  });

  test('trusts the issuers of its providers, and equal ones, only', () => {
    const test = stack();
    const images = role(test);
    expect(images.trusts(test.node.findChild('ImagesCluster') as ClusterIssuer)).toBe(true);
    expect(images.trusts(ClusterIssuer.eks(test, 'Same', { clusterName: 'prod', issuerUrl: EKS_URL }))).toBe(true);
    expect(images.trusts(ClusterIssuer.oidc(test, 'OtherKind', { url: EKS_URL }))).toBe(false);
    expect(images.trusts(ClusterIssuer.eks(test, 'Other', { clusterName: 'prod' }))).toBe(false);
  });

  test('the list of accounts is its own', () => {
    const accounts = [SOURCE];
    const images = role(stack(), 'Images', { serviceAccounts: accounts });
    accounts.push(FluxServiceAccount.of('team-a', 'flux'));
    expect(images.serviceAccounts).toEqual([SOURCE]);
  });
});

describe('what Flux is told', () => {
  const URL = 'https://oidc.example.com';
  const settings = (account: FluxServiceAccount, region?: string | ((s: TerraformStack) => string)) => {
    const test = stack();
    const issuer = ClusterIssuer.oidc(test, 'Cluster', { url: URL });
    const oidc = FluxOidcProvider.fromOidcProviderArn(test, 'Oidc', { issuer, arn: 'arn:aws:iam::111122223333:oidc-provider/oidc.example.com' });
    const images = role(test, 'Images', {
      name: 'images', account: '111122223333', oidcProviders: [oidc], serviceAccounts: [account], region: typeof region === 'function' ? region(test) : region,
    });
    return resolved(test, images.fluxSettings(account, context(issuer)));
  };
  const ARN = 'arn:aws:iam::111122223333:role/images';

  test('a controller outside EKS: environment, token and stamp, no annotation', () => {
    expect(settings(SOURCE, 'eu-west-1')).toEqual({
      env: [
        { name: 'AWS_REGION', value: 'eu-west-1' },
        { name: 'AWS_ROLE_ARN', value: ARN },
        { name: 'AWS_ROLE_SESSION_NAME', value: 'source-controller.flux-system.eu-west-1.fluxcd.io' },
        { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: '/var/run/service-account/aws-token' },
      ],
      tokens: [{ path: 'aws-token', audience: 'sts.amazonaws.com' }],
      stamp: ARN,
    });
    expect(settings(SOURCE, variable).env.map(({ value }: any) => value)).toEqual([
      '${var.input}', ARN, 'source-controller.flux-system.${var.input}.fluxcd.io', '/var/run/service-account/aws-token',
    ]);
  });

  test('object level: the annotation alone, on any cluster, and no region', () => {
    expect(settings(FluxServiceAccount.of('team-a', 'flux'))).toEqual({ annotations: { 'eks.amazonaws.com/role-arn': ARN } });
  });

  test.each([
    ['new', (test: TerraformStack, oidcProviders: IFluxOidcProvider[], serviceAccounts: FluxServiceAccount[]) =>
      role(test, 'Images', { oidcProviders, serviceAccounts, partition: 'aws-us-gov' })],
    ['existing', (test: TerraformStack, oidcProviders: IFluxOidcProvider[], serviceAccounts: FluxServiceAccount[]) =>
      FluxIrsaRole.fromRoleArn(test, 'Images', { oidcProviders, serviceAccounts, roleArn: ARN.replace('arn:aws:', 'arn:aws-us-gov:') })],
  ])('object level in other partitions from Flux 2.7 on, %s role', (_which, make) => {
    const test = stack();
    const { issuer, oidc } = eks(test, 'Cluster', 'aws-us-gov');
    const account = FluxServiceAccount.of('team-a', 'flux');
    const images = make(test, [oidc], [account, SOURCE]);
    const error = refused(() => images.fluxSettings(account, { ...context(issuer), version: FluxVersion.V2_6 }));
    expect(error.given).toBe('[test/Images] object-level service account "team-a/flux" of a role of partition "aws-us-gov" in Flux 2.6.');
    expect(error.fix).toContain('upgrade to Flux 2.7');
    // EKS reads the annotation of a controller, not Flux.
    expect(() => images.fluxSettings(SOURCE, { ...context(issuer), version: FluxVersion.V2_6 })).not.toThrow();
    expect(() => images.fluxSettings(account, { ...context(issuer), version: FluxVersion.V2_7 })).not.toThrow();
  });

  test('object level in partition aws: every Flux', () => {
    const test = stack();
    const images = role(test, 'Images', { serviceAccounts: [FluxServiceAccount.of('team-a', 'flux')], partition: 'aws' });
    const issuer = test.node.findChild('ImagesCluster') as ClusterIssuer;
    expect(() => images.fluxSettings(images.serviceAccounts[0], { ...context(issuer), version: FluxVersion.V2_6 })).not.toThrow();
  });

  test('a controller on EKS: annotation and stamp', () => {
    const test = stack();
    const images = role(test, 'Images', { name: 'images', account: '111122223333' });
    expect(images.fluxSettings(SOURCE, context(test.node.findChild('ImagesCluster') as ClusterIssuer)))
      .toEqual({ annotations: { 'eks.amazonaws.com/role-arn': ARN }, stamp: ARN });
  });

  test('off EKS a controller needs a region, and 64 characters for its session', () => {
    const error = refused(() => settings(SOURCE));
    expect(error.given).toBe('[test/Images] no region for a controller outside EKS.');
    expect(error.fix).toContain('set `region`');
    const automation = FluxServiceAccount.controller(FluxController.IMAGE_AUTOMATION);
    expect(settings(automation, 'ap-southeast-1').env[2].value).toHaveLength(64);
    expect(refused(() => settings(automation, 'ap-northeast-11')).given).toContain('(65 characters)');
  });
});

test('a role of several issuers is trusted by the cluster of each, and by no other', () => {
  const test = stack();
  const issuers = ['a', 'b', 'c'].map((id) => ClusterIssuer.oidc(test, id, { url: `https://${id}.example.com` }));
  const oidcProviders = issuers.slice(0, 2).map((issuer) => new FluxOidcProvider(test, `Oidc-${issuer.node.id}`, { issuer }));
  const images = new FluxIrsaRole(test, 'Images', { oidcProviders, serviceAccounts: [SOURCE], region: 'eu-west-1' });
  expect(issuers.map((issuer) => images.trusts(issuer))).toEqual([true, true, false]);
});

describe('bad input', () => {
  const long = 'x'.repeat(65);
  test.each<[Partial<FluxIrsaRoleProps> | { [option: string]: unknown }, given: string, fix: string]>([
    [{ oidcProviders: [] }, 'no OIDC provider.', 'pass `oidcProviders: [oidc]`'],
    [{ serviceAccounts: [] }, 'no service account.', 'FluxServiceAccount.of(namespace, name)'],
    [{ serviceAccounts: [SOURCE, SOURCE] }, 'service account "flux-system/source-controller" twice.', 'pass `serviceAccounts'],
    [{ serviceAccounts: ['flux-system/source-controller'] }, 'option "serviceAccounts" of FluxIrsaRole: text as item 1 is not accepted', 'pass a FluxServiceAccount: '],
    [{ name: '' }, 'role name ""', 'change the role name'],
    [{ name: long }, `role name "${long}"`, 'change the role name'],
    [{ name: 'flux images' }, 'role name "flux images"', 'change the role name'],
    [{ name: 'flux/images' }, 'role name "flux/images"', 'change the role name'],
    [{ path: 'flux/' }, 'role path "flux/"', 'change the role path'],
    [{ path: '/flux' }, 'role path "/flux"', 'change the role path'],
    [{ path: `/${'x'.repeat(511)}/` }, 'role path "/xxx', 'change the role path'],
    [{ name: 'x'.repeat(64), path: `/${'y'.repeat(136)}/` }, 'role path and name "/yyy', 'shorten the path or the name'],
    [{ description: 'x'.repeat(1001) }, 'role description "xxx', 'change the role description'],
    [{ permissionsBoundary: 'boundary' }, 'permissions boundary "boundary"', 'copy the ARN'],
    [{ permissionsBoundary: 'arn:aws:iam::111122223333:role/x' }, 'permissions boundary "arn:aws:iam::111122223333:role/x"', 'copy the ARN'],
    [{ maxSessionDuration: 3599 }, 'maximum session duration 3599', 'change the maximum session duration'],
    [{ maxSessionDuration: 43201 }, 'maximum session duration 43201', 'change the maximum session duration'],
    [{ maxSessionDuration: 3600.5 }, 'maximum session duration 3600.5', 'change the maximum session duration'],
    [{ tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`t${index}`, 'x'])) }, '51 tags.', 'change the tags'],
    [{ account: '1111' }, 'account "1111"', 'change the account'],
    [{ account: Fn.join('', ['1']) }, 'account "<a value known at apply>"', 'pass the account as a literal'],
    [{ partition: 'gcp' }, 'partition "gcp"', 'change the partition'],
    [{ partition: Fn.join('', ['aws']) }, 'partition "<a value known at apply>"', 'pass the partition as a literal'],
    [{ region: 'Ireland' }, 'region "Ireland"', 'change the region'],
    [{ region: '' }, 'region ""', 'change the region'],
    [{ policies: 'both' }, 'option "policies" of FluxIrsaRole: "both"', 'a constant of FluxRolePolicies: inline, managed'],
    [{ quotas: { managedPolicies: 0 } }, 'quota managedPolicies 0', 'the quota that your account has'],
    [{ quotas: { inlinePolicySize: 1.5 } }, 'quota inlinePolicySize 1.5', 'the quota that your account has'],
    [{ quotas: { managedPolicySize: '6144' } }, 'option "managedPolicySize" of FluxRoleQuotas: text', 'pass a number'],
    [{ quotas: { inlinePolicies: 1 } }, 'option "inlinePolicies" of FluxRoleQuotas', 'correct the spelling'],
    [{ roleName: 'images' }, 'option "roleName" of FluxIrsaRole', 'correct the spelling'],
    [{ namePrefix: 'x', constructor: 1 }, 'option "namePrefix" of FluxIrsaRole', 'correct the spelling'],
    [{ hasOwnProperty: 1 }, 'option "hasOwnProperty" of FluxIrsaRole', 'correct the spelling'],
    [{ account: '444455556666' }, `OIDC provider "${PROVIDER_ARN}" for a role of partition "aws" and account 444455556666`, 'in the role\'s account, or correct `account`'],
    [{ partition: 'aws-us-gov', oidcProviders: 'aws' }, `OIDC provider "${PROVIDER_ARN}" for a role of partition "aws-us-gov"`, 'correct `account` and `partition`'],
  ])('%j', (props, given, fix) => {
    const test = stack();
    const { oidc } = eks(test);
    const all: any = { serviceAccounts: [SOURCE], ...props, oidcProviders: Array.isArray(props.oidcProviders) ? props.oidcProviders : [oidc] };
    const error = refused(() => new FluxIrsaRole(test, 'Images', all));
    expect(error.given).toContain(`[test/Images] ${given}`);
    expect(error.fix).toContain(fix);
  });

  test('64 characters of name, 200 of path and name, 43200 seconds and 50 tags are accepted', () => {
    role(stack(), 'Images', {
      name: 'x'.repeat(64),
      path: `/${'y'.repeat(135)}/`,
      maxSessionDuration: 43200,
      description: 'x'.repeat(1000),
      tags: Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`t${index}`, 'x'])),
    });
    role(stack(), 'Images', { maxSessionDuration: 3600, path: '/' });
  });

  test.each(['Default', 'Resource', 'Policy', 'Overflow1', 'Overflow12', 'Managed1'])('grant id "%s" is the library\'s own', (id) => {
    const error = refused(() => role(stack()).grant(id, S3Permissions.readAll()));
    expect(error.given).toBe(`[test/Images] construct id "${id}" is not accepted.`);
    expect(error.fix).toContain('choose an id that says what is granted');
  });

  test('two grants of one id, and ids that make no Terraform name', () => {
    const images = role(stack());
    images.grant('Apps', S3Permissions.readAll());
    expect(refused(() => images.grant('Apps', EcrPermissions.readAll())).given).toBe('[test/Images] construct id "Apps" a second time.');
    expect(refused(() => images.grant('1st', EcrPermissions.readAll())).given).toBe('[test/Images] construct id "1st" is not accepted.');
    expect(refused(() => images.grant(images.arn, EcrPermissions.readAll())).given).toBe('[test/Images] construct id "<a value known at apply>" is not accepted.');
    images.grant('Overflow', EcrPermissions.readAll());
  });
});

describe('fromRoleArn', () => {
  const ARN = 'arn:aws:iam::111122223333:role/flux/images';
  const imported = (s: TerraformStack, id = 'Images', props: Partial<FluxIrsaRoleFromArnProps> = {}) =>
    FluxIrsaRole.fromRoleArn(s, id, { roleArn: ARN, oidcProviders: [eks(s, `${id}Cluster`).oidc], serviceAccounts: [SOURCE, FluxServiceAccount.controller(FluxController.KUSTOMIZE)], ...props });

  test('makes nothing itself, and shows the trust its owner must give', () => {
    const test = stack();
    const images = imported(test);
    expect(images.arn).toBe(ARN);
    expect(images.cloud).toBe(FluxCloud.AWS);
    expect(decoded(images.trustPolicy)).toEqual(decoded(role(stack()).trustPolicy));
    expect(synthesized(test).resources).toEqual({});
  });

  test('grants become a policy of their own on the named role', () => {
    const all = synth((s) => { imported(s).grant('Key', KmsPermissions.decrypt(KEY)); });
    expect(Object.values(all.resources)).toEqual([{
      name: expect.stringMatching(/^flux-test-Images-[0-9a-f]{8}$/), role: 'images', policy: expect.stringContaining('kms:Decrypt'),
    }]);
  });

  test('a token as ARN: Terraform finds the name', () => {
    const all = synth((s) => { imported(s, 'Images', { roleArn: variable(s) }).grant('Key', KmsPermissions.decrypt(KEY)); });
    expect(only(all, 'aws_iam_role_policy').role).toBe('${basename(var.input)}');
  });

  test('two stacks, and two constructs, never overwrite each other', () => {
    const app = Testing.app();
    const names = ['one', 'two'].flatMap((id) => {
      const s = new TerraformStack(app, id);
      imported(s, 'Images').grant('Key', KmsPermissions.decrypt(KEY));
      imported(s, 'Other').grant('Key', KmsPermissions.decrypt(KEY));
      const all = synthesized(s);
      return addresses(all, 'aws_iam_role_policy.').map((address) => all.resources[address].name);
    });
    expect(new Set(names).size).toBe(4);
  });

  test('the policy name stays within 128 characters of what IAM accepts', () => {
    const name = (id: string) => only(synth((s) => { imported(s, id).grant('Key', KmsPermissions.decrypt(KEY)); }), 'aws_iam_role_policy').name;
    const [a, b] = [name(`A${'x'.repeat(150)}1`), name(`A${'x'.repeat(150)}2`)];
    expect(a).toMatch(/^[\w+=,.@-]{1,128}$/);
    expect(a).not.toBe(b);
    expect(name('Übung der Rollen'.replace('Ü', 'U'))).toMatch(/^[\w+=,.@-]{1,128}$/);
  });

  test('MANAGED, quotas, region, provider and spill as for a new role', () => {
    const all = synth((s) => {
      const images = imported(s, 'Images', {
        policies: FluxRolePolicies.MANAGED, quotas: { managedPolicySize: 600 }, provider: new AwsProvider(s, 'Other', { alias: 'other' }), region: 'eu-west-1', account: '111122223333',
      });
      for (let index = 0; index < 10; index++) images.grant(`Repo${index}`, EcrPermissions.pull(`arn:aws:ecr:eu-west-1:111122223333:repository/${index}`));
    });
    expect(addresses(all, 'aws_iam_policy.').length).toBeGreaterThan(1);
    expect(addresses(all, 'aws_iam_role_policy.')).toEqual([]);
    expect(Object.values(all.resources).every(({ provider }) => provider === 'aws.other')).toBe(true);
    expect(new Set(allowed(all).flatMap(({ Resource }) => Resource)).size).toBe(11);
  });

  test('a role of another account cannot be granted anything', () => {
    const images = imported(stack(), 'Images', { account: '444455556666', roleArn: ARN, oidcProviders: [eks(stack()).oidc] });
    const error = refused(() => images.grant('Key', KmsPermissions.decrypt(KEY)));
    expect(error.given).toBe('[test/Images] a grant on a role of account 111122223333 from account 444455556666.');
    expect(error.fix).toContain('pass a provider alias of the role\'s account');
  });

  test('the partition is that of the ARN', () => {
    const test = stack();
    const images = imported(test, 'Images', { roleArn: ARN.replace('arn:aws:', 'arn:aws-cn:'), oidcProviders: [eks(test, 'China', 'aws-cn').oidc] });
    expect(refused(() => images.grant('Key', KmsPermissions.decrypt(KEY))).given).toContain('for an identity of partition "aws-cn"');
  });

  test.each<[object, string, string]>([
    [{ roleArn: 'images' }, 'IAM role ARN "images"', 'copy the ARN'],
    [{ roleArn: 'arn:aws:iam::111122223333:user/x' }, 'IAM role ARN "arn:aws:iam::111122223333:user/x"', 'copy the ARN'],
    [{ roleArn: `${ARN}${'x'.repeat(200)}` }, 'IAM role ARN "arn:aws:iam', 'copy the ARN'],
    [{ name: 'x' }, 'option "name" of FluxIrsaRole.fromRoleArn', 'correct the spelling'],
    [{ account: 'x' }, 'account "x"', 'change the account'],
    [{ region: 'x' }, 'region "x"', 'change the region'],
    [{ oidcProviders: [] }, 'no OIDC provider.', 'pass `oidcProviders: [oidc]`'],
    [{ serviceAccounts: [] }, 'no service account.', 'pass `serviceAccounts'],
    [{ policies: 'none' }, 'option "policies" of FluxIrsaRole.fromRoleArn: "none"', 'a constant of FluxRolePolicies'],
    [{ quotas: { managedPolicies: -1 } }, 'quota managedPolicies -1', 'the quota that your account has'],
    [{ roleArn: ARN.replace('111122223333', '444455556666') }, `OIDC provider "${PROVIDER_ARN}" for a role of partition "aws" and account 444455556666`, 'in the role\'s account'],
  ])('%j is refused', (props, given, fix) => {
    const error = refused(() => imported(stack(), 'Images', props));
    expect(error.given).toContain(`[test/Images] ${given}`);
    expect(error.fix).toContain(fix);
  });

  test('tells Flux the same as a new role', () => {
    const test = stack();
    const images = imported(test);
    const issuer = test.node.findChild('ImagesCluster') as ClusterIssuer;
    expect(images.trusts(issuer)).toBe(true);
    expect(images.fluxSettings(SOURCE, context(issuer))).toEqual({ annotations: { 'eks.amazonaws.com/role-arn': ARN }, stamp: ARN });
    expect(images.fluxObjects(context(issuer))).toEqual([]);
  });
});
