import { DataAwsIamOpenidConnectProvider } from '@cdktf/provider-aws/lib/data-aws-iam-openid-connect-provider';
import { TerraformStack, TerraformVariable } from 'cdktf';
import { FluxIrsaRole } from '../../lib/aws/flux-irsa-role';
import { FluxOidcProvider, IFluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { decoded, only, refused, stack, synth } from '../support';
import { EKS_URL, role } from './support';

const AKS_URL = 'https://eastus.oic.prod-aks.azure.com/0d7ab6ab-1111-2222-3333-444444444444/9b8c7d6e-5555-6666-7777-888888888888/';
const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);

type Issuer = (scope: TerraformStack) => ClusterIssuer;

const provider = (issuer: ClusterIssuer, account = '111122223333', partition = 'aws'): IFluxOidcProvider =>
  FluxOidcProvider.fromOidcProviderArn(issuer, 'Provider', { issuer, arn: `arn:${partition}:iam::${account}:oidc-provider/${issuer.issuerUrl.slice(8)}` });

/** The trust policy of a role of one cluster. */
function trust(issuer: Issuer, accounts = [SOURCE]) {
  const all = synth((s) => {
    const cluster = issuer(s);
    new FluxIrsaRole(s, 'Images', { oidcProviders: [new FluxOidcProvider(s, 'Oidc', { issuer: cluster })], serviceAccounts: accounts, region: 'eu-west-1' });
  });
  return decoded(only(all, 'aws_iam_role').assume_role_policy);
}

const statement = (federated: string, issuer: string, sub: string | string[] = 'system:serviceaccount:flux-system:source-controller') => ({
  Effect: 'Allow',
  Principal: { Federated: federated },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: { StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: sub } },
});
const NEW = expect.stringMatching(/^<aws_iam_openid_connect_provider\.Oidc_\w+\.arn>$/) as unknown as string;

test.each<[string, Issuer, string]>([
  ['EKS', (s) => ClusterIssuer.eks(s, 'Cluster', { clusterName: 'prod', issuerUrl: EKS_URL }), 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE'],
  ['GKE', (s) => ClusterIssuer.gke(s, 'Cluster', { projectId: 'acme-prod', location: 'europe-west1', clusterName: 'prod' }),
    'container.googleapis.com/v1/projects/acme-prod/locations/europe-west1/clusters/prod'],
  ['AKS, trailing slash and all', (s) => ClusterIssuer.aks(s, 'Cluster', { name: 'prod', resourceGroupName: 'prod', issuerUrl: AKS_URL }), AKS_URL.slice(8)],
  ['a plain issuer', (s) => ClusterIssuer.oidc(s, 'Cluster', { url: 'https://oidc.example.com/clusters/kind' }), 'oidc.example.com/clusters/kind'],
  ['an issuer without path, with port', (s) => ClusterIssuer.oidc(s, 'Cluster', { url: 'https://oidc.example.com:8443' }), 'oidc.example.com:8443'],
  ['an issuer with a double slash', (s) => ClusterIssuer.oidc(s, 'Cluster', { url: 'https://oidc.example.com//a/' }), 'oidc.example.com//a/'],
])('%s', (_, issuer, named) => {
  expect(trust(issuer)).toEqual({ Version: '2012-10-17', Statement: [statement(NEW, named)] });
});

test.each<[string, Issuer, RegExp]>([
  ['EKS by lookup', (s) => ClusterIssuer.eks(s, 'Cluster', { clusterName: 'prod' }),
    /^<replace\(data\.aws_eks_cluster\.Cluster_\w+\.identity\[0\]\.oidc\[0\]\.issuer, "https:\/\/", ""\):(aud|sub)>$/],
  ['AKS by lookup', (s) => ClusterIssuer.aks(s, 'Cluster', { name: 'prod', resourceGroupName: 'prod' }),
    /^<replace\(data\.azurerm_kubernetes_cluster\.Cluster_\w+\.oidc_issuer_url, "https:\/\/", ""\):(aud|sub)>$/],
  ['a variable', (s) => ClusterIssuer.oidc(s, 'Cluster', { url: new TerraformVariable(s, 'url', {}).stringValue }), /^<replace\(var\.url, "https:\/\/", ""\):(aud|sub)>$/],
  ['a variable in the path', (s) => ClusterIssuer.oidc(s, 'Cluster', { url: `https://oidc.example.com/${new TerraformVariable(s, 'id', {}).stringValue}/` }),
    /^<oidc\.example\.com\/var\.id\/:(aud|sub)>$/],
  ['a variable before the path', (s) => ClusterIssuer.oidc(s, 'Cluster', { url: `${new TerraformVariable(s, 'url', {}).stringValue}/a/` }),
    /^<replace\(var\.url, "https:\/\/", ""\)\/a\/:(aud|sub)>$/],
])('%s, known to Terraform only', (_, issuer, key) => {
  const { Statement: [{ Condition, ...rest }] } = trust(issuer);
  expect(rest).toEqual({ Effect: 'Allow', Principal: { Federated: NEW }, Action: 'sts:AssumeRoleWithWebIdentity' });
  expect(Object.keys(Condition)).toEqual(['StringEquals']);
  const conditions = Object.entries(Condition.StringEquals).map(([name, value]) => [name.replace(/\$\{([^{}]*)\}/g, '$1'), value]);
  expect(conditions).toEqual([
    [expect.stringMatching(key), 'sts.amazonaws.com'],
    [expect.stringMatching(key), 'system:serviceaccount:flux-system:source-controller'],
  ]);
  expect(conditions.map(([name]) => String(name).slice(-4, -1))).toEqual(['aud', 'sub']);
});

test('several service accounts, sorted, in one statement', () => {
  const accounts = [SOURCE, FluxServiceAccount.of('team-b', 'flux'), FluxServiceAccount.of('team-a', 'flux'), FluxServiceAccount.controller(FluxController.KUSTOMIZE)];
  const issuer: Issuer = (s) => ClusterIssuer.oidc(s, 'Cluster', { url: 'https://oidc.example.com' });
  expect(trust(issuer, accounts).Statement).toEqual([statement(NEW, 'oidc.example.com', [
    'system:serviceaccount:flux-system:kustomize-controller',
    'system:serviceaccount:flux-system:source-controller',
    'system:serviceaccount:team-a:flux',
    'system:serviceaccount:team-b:flux',
  ])]);
  expect(trust(issuer, [...accounts].reverse())).toEqual(trust(issuer, accounts));
});

test('several clusters, each with its own issuer, in the order of their paths', () => {
  const policy = (reverse: boolean) => decoded(only(synth((s) => {
    const [blue, green] = ['blue', 'green'].map((name) => provider(ClusterIssuer.oidc(s, name, { url: `https://oidc.example.com/${name}` })));
    role(s, 'Images', { oidcProviders: reverse ? [green, blue, green] : [blue, green], serviceAccounts: [SOURCE], region: 'eu-west-1' });
  }), 'aws_iam_role').assume_role_policy).Statement;
  expect(policy(false)).toEqual([
    statement('arn:aws:iam::111122223333:oidc-provider/oidc.example.com/blue', 'oidc.example.com/blue'),
    statement('arn:aws:iam::111122223333:oidc-provider/oidc.example.com/green', 'oidc.example.com/green'),
  ]);
  expect(policy(true)).toEqual(policy(false));
});

test.each(['aws', 'aws-cn', 'aws-us-gov'])('partition %s keeps the audience of STS', (partition) => {
  const all = synth((s) => role(s, 'Images', {
    oidcProviders: [provider(ClusterIssuer.oidc(s, 'Cluster', { url: 'https://oidc.example.com' }), '111122223333', partition)], partition, serviceAccounts: [SOURCE], region: 'eu-west-1',
  }));
  expect(decoded(only(all, 'aws_iam_role').assume_role_policy).Statement)
    .toEqual([statement(`arn:${partition}:iam::111122223333:oidc-provider/oidc.example.com`, 'oidc.example.com')]);
});

describe('quota', () => {
  const accounts = (count: number) => Array.from({ length: count }, (_, index) => FluxServiceAccount.of(`team-${String(index).padStart(3, '0')}`, 'flux'));
  const plain = (s: TerraformStack) => [provider(ClusterIssuer.oidc(s, 'Cluster', { url: 'https://oidc.example.com' }))];
  const tokens = (s: TerraformStack) => [new FluxOidcProvider(s, 'Oidc', { issuer: ClusterIssuer.eks(s, 'Cluster', { clusterName: 'prod' }) })];
  const length = (count: number) => only(synth((s) => role(s, 'T', { oidcProviders: plain(s), serviceAccounts: accounts(count) })), 'aws_iam_role').assume_role_policy.length;

  test('2,048 characters: the last that fits passes without a condition, one more is refused', () => {
    let most = 40;
    while (2048 - length(most) >= length(most) - length(most - 1)) most++;
    expect(length(most)).toBeLessThanOrEqual(2048);
    const fits = only(synth((s) => role(s, 'T', { oidcProviders: plain(s), serviceAccounts: accounts(most) })), 'aws_iam_role');
    expect(fits.lifecycle).toBeUndefined();

    const test = stack();
    const error = refused(() => role(test, 'Images', { oidcProviders: plain(test), serviceAccounts: accounts(most + 1) }));
    expect(error.given).toMatch(/^\[test\/Images\] a trust policy of \d+ characters\.$/);
    expect(error.allowed).toBe('at most 2048 characters');
    expect(error.fix).toContain('set `quotas.trustPolicySize`');
  });

  test('raised, and lowered', () => {
    expect(length(10)).toBeGreaterThan(500);
    synth((s) => role(s, 'T', { oidcProviders: plain(s), serviceAccounts: accounts(60), quotas: { trustPolicySize: 4096 } }));
    const test = stack();
    expect(refused(() => role(test, 'T', { oidcProviders: plain(test), serviceAccounts: accounts(10), quotas: { trustPolicySize: 500 } })).allowed).toBe('at most 500 characters');
  });

  test('with values that only Terraform knows, Terraform checks', () => {
    const trusted = (trustPolicySize: number) => only(synth((s) => role(s, 'T', { oidcProviders: tokens(s), serviceAccounts: accounts(3), quotas: { trustPolicySize } })), 'aws_iam_role');
    const { lifecycle, assume_role_policy: policy } = trusted(1000);
    expect(lifecycle.precondition).toHaveLength(1);
    expect(lifecycle.precondition[0].error_message).toBe('The trust policy of test/T is longer than AWS allows (1000 characters). '
      + 'Split the service accounts or clusters over several roles, or raise the quota.');
    // The length of the plain text, and the length of each value as often as it stands there.
    const condition: string = lifecycle.precondition[0].condition;
    const literal = JSON.stringify(decoded(policy)).replace(/<[^>]*>/g, (value) => value.endsWith(':aud>') || value.endsWith(':sub>') ? value.slice(-5, -1) : '').length;
    expect(condition).toContain(`sum([${literal}, `);
    expect(condition).toMatch(/length\(aws_iam_openid_connect_provider\.Oidc_\w+\.arn\) \* 1\b/);
    expect(condition).toMatch(/length\(replace\(data\.aws_eks_cluster\.Cluster_\w+\.identity\[0\]\.oidc\[0\]\.issuer, \\?"https:\/\/\\?", \\?"\\?"\)\) \* 2\b/);
    expect(condition).toMatch(/<= 1000/);
    // IAM takes issuers of at most 255 characters: with three values of 320 at most it fits, and there is nothing to check.
    expect(trusted(literal + 3 * 320).lifecycle).toBeUndefined();
    expect(trusted(literal + 3 * 320 - 1).lifecycle.precondition).toHaveLength(1);
  });

  test('what is too long whatever Terraform finds is refused at once', () => {
    const test = stack();
    expect(refused(() => role(test, 'Images', { oidcProviders: tokens(test), serviceAccounts: accounts(60) })).given)
      .toMatch(/^\[test\/Images\] a trust policy of more than \d{4} characters\.$/);
  });
});

describe('FluxOidcProvider', () => {
  const cluster = (s: TerraformStack) => ClusterIssuer.oidc(s, 'Cluster', { url: 'https://oidc.example.com/a/' });

  test('new: URL byte for byte, the audience of STS, no thumbprints', () => {
    expect(only(synth((s) => new FluxOidcProvider(s, 'Oidc', { issuer: cluster(s) })), 'aws_iam_openid_connect_provider'))
      .toEqual({ url: 'https://oidc.example.com/a/', client_id_list: ['sts.amazonaws.com'] });
    expect(only(synth((s) => new FluxOidcProvider(s, 'Oidc', { issuer: cluster(s), thumbprints: ['a'.repeat(40)], tags: { team: 'a' } })), 'aws_iam_openid_connect_provider'))
      .toEqual({ url: 'https://oidc.example.com/a/', client_id_list: ['sts.amazonaws.com'], thumbprint_list: ['a'.repeat(40)], tags: { team: 'a' } });
  });

  test('an issuer that is longer than IAM takes', () => {
    const make = (length: number) => () => {
      const s = stack();
      const url = 'https://oidc.example.com/'.padEnd(length, 'ab');
      return new FluxOidcProvider(s, 'Oidc', { issuer: ClusterIssuer.oidc(s, 'Cluster', { url }) });
    };
    expect(make(255)).not.toThrow();
    expect(refused(make(256)).given).toContain('[test/Oidc] issuer "test/Cluster" of 256 characters: ');
  });

  test('lookup: a data source, by URL', () => {
    const all = synth((s) => {
      const oidc = FluxOidcProvider.lookup(s, 'Oidc', { issuer: cluster(s) });
      expect(oidc.node.findChild('Resource')).toBeInstanceOf(DataAwsIamOpenidConnectProvider);
      role(s, 'Images', { oidcProviders: [oidc], region: 'eu-west-1' });
    });
    expect(only(all, 'data.aws_iam_openid_connect_provider')).toEqual({ url: 'https://oidc.example.com/a/' });
    expect(decoded(only(all, 'aws_iam_role').assume_role_policy).Statement[0].Principal.Federated).toMatch(/^<data\.aws_iam_openid_connect_provider\.Oidc_\w+\.arn>$/);
  });

  test('fromOidcProviderArn: no resource; the ARN plain or a token', () => {
    const arn = 'arn:aws:iam::111122223333:oidc-provider/oidc.example.com/a/';
    expect(synth((s) => expect(FluxOidcProvider.fromOidcProviderArn(s, 'Oidc', { issuer: cluster(s), arn }).arn).toBe(arn)).resources).toEqual({});
    synth((s) => {
      const token = new TerraformVariable(s, 'arn', {}).stringValue;
      expect(FluxOidcProvider.fromOidcProviderArn(s, 'Oidc', { issuer: cluster(s), arn: token }).arn).toBe(token);
    });
  });

  test.each<[string, string, string]>([
    ['https://oidc.example.com/a/', 'OIDC provider ARN "https://oidc.example.com/a/"', 'this is the issuer URL; pass the ARN, or use FluxOidcProvider.lookup'],
    ['arn:aws:iam::111122223333:role/x', 'OIDC provider ARN "arn:aws:iam::111122223333:role/x"', 'copy the ARN'],
    ['arn:aws:iam::111122223333:oidc-provider/oidc.example.com/a', '" for the issuer "https://oidc.example.com/a/"', 'the issuer exactly as the provider has it'],
    ['arn:aws:iam::111122223333:oidc-provider/oidc.example.com/b/', '" for the issuer "https://oidc.example.com/a/"', 'pass the ARN of this cluster\'s provider'],
  ])('ARN %s is refused', (arn, given, fix) => {
    const test = stack();
    const error = refused(() => FluxOidcProvider.fromOidcProviderArn(test, 'Oidc', { issuer: cluster(test), arn }));
    expect(error.given).toContain('[test/Oidc] ');
    expect(error.given).toContain(given);
    expect(error.fix).toContain(fix);
  });

  test.each<[string, (s: TerraformStack, props: any) => unknown]>([
    ['FluxOidcProvider', (s, props) => new FluxOidcProvider(s, 'Oidc', props)],
    ['FluxOidcProvider.lookup', (s, props) => FluxOidcProvider.lookup(s, 'Oidc', props)],
    ['FluxOidcProvider.fromOidcProviderArn', (s, props) => FluxOidcProvider.fromOidcProviderArn(s, 'Oidc', { arn: 'arn:aws:iam::111122223333:oidc-provider/x', ...props })],
  ])('%s: unknown options, and an issuer that is none', (name, make) => {
    const test = stack();
    expect(refused(() => make(test, { issuer: cluster(test), url: 'x' })).given).toBe(`[test/Oidc] option "url" of ${name} is not accepted.`);
    const other = stack();
    const error = refused(() => make(other, { issuer: 'https://oidc.example.com' }));
    expect(error.given).toMatch(/^\[test\/Oidc\] option "issuer" of FluxOidcProvider[.\w]*: text is not accepted\.$/);
    expect(error.fix).toBe('pass an issuer: the construct that ClusterIssuer.eks, aks, gke or oidc made, or a hosted issuer');
    expect(refused(() => make(stack(), {})).given).toMatch(/^\[test\/Oidc\] option "issuer" of FluxOidcProvider[.\w]*: nothing/);
  });
});
