import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformStack, TerraformVariable } from 'cdktf';
import { ClusterIssuer, ClusterKind } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxSecret } from '../../lib/core/flux-secret';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { only, refused, resolved, stack, synth, synthesized } from '../support';

const variable = (s: TerraformStack, name = 'input') => new TerraformVariable(s, name, {}).stringValue;

describe('ClusterIssuer', () => {
  test.each<[string, (s: TerraformStack) => ClusterIssuer]>([
    ['EKS', (s) => ClusterIssuer.eks(s, 'C', { clusterName: '' })],
    ['AKS', (s) => ClusterIssuer.aks(s, 'C', { name: 'p', resourceGroupName: '' })],
    ['GKE', (s) => ClusterIssuer.gke(s, 'C', { projectId: '', location: 'l', clusterName: 'c' })],
    ['GKE, lookup', (s) => ClusterIssuer.gkeLookup(s, 'C', { clusterName: '' })],
    ['other', (s) => ClusterIssuer.oidc(s, 'C', { url: 'http://x' })],
    ['other, discovery document', (s) => ClusterIssuer.oidc(s, 'C', { url: 'https://x', discoveryDocument: '{}' })],
  ])('%s: a refused issuer leaves nothing behind, and its id can be used again', (_, make) => {
    const s = stack();
    refused(() => make(s));
    expect(s.node.children).toEqual([]);
    expect(ClusterIssuer.oidc(s, 'C', { url: 'https://oidc.example.com' }).node.path).toBe('test/C');
  });

  test.each<[string, (s: TerraformStack) => ClusterIssuer, ClusterKind, string | RegExp]>([
    ['EKS, given', (s) => ClusterIssuer.eks(s, 'C', { clusterName: 'prod', issuerUrl: 'https://oidc.eks.eu-west-1.amazonaws.com/id/A' }), ClusterKind.EKS, 'https://oidc.eks.eu-west-1.amazonaws.com/id/A'],
    ['EKS, token', (s) => ClusterIssuer.eks(s, 'C', { clusterName: 'prod', issuerUrl: variable(s) }), ClusterKind.EKS, '${var.input}'],
    ['EKS, lookup', (s) => ClusterIssuer.eks(s, 'C', { clusterName: variable(s) }), ClusterKind.EKS, /^\$\{data\.aws_eks_cluster\.C_\w+\.identity\[0\]\.oidc\[0\]\.issuer\}$/],
    ['AKS, given', (s) => ClusterIssuer.aks(s, 'C', { name: 'p', resourceGroupName: 'g', issuerUrl: 'https://eastus.oic.prod-aks.azure.com/t/u/' }), ClusterKind.AKS, 'https://eastus.oic.prod-aks.azure.com/t/u/'],
    ['AKS, lookup', (s) => ClusterIssuer.aks(s, 'C', { name: 'p', resourceGroupName: 'g' }), ClusterKind.AKS, /^\$\{data\.azurerm_kubernetes_cluster\.C_\w+\.oidc_issuer_url\}$/],
    ['GKE', (s) => ClusterIssuer.gke(s, 'C', { projectId: 'p', location: 'europe-west1', clusterName: 'c' }), ClusterKind.GKE, 'https://container.googleapis.com/v1/projects/p/locations/europe-west1/clusters/c'],
    ['GKE, token', (s) => ClusterIssuer.gke(s, 'C', { projectId: variable(s), location: 'l', clusterName: 'c' }), ClusterKind.GKE, 'https://container.googleapis.com/v1/projects/${var.input}/locations/l/clusters/c'],
    ['other', (s) => ClusterIssuer.oidc(s, 'C', { url: 'https://oidc.example.com:8443/a//b/' }), ClusterKind.OTHER, 'https://oidc.example.com:8443/a//b/'],
    ['other, token', (s) => ClusterIssuer.oidc(s, 'C', { url: variable(s) }), ClusterKind.OTHER, '${var.input}'],
    ['other, token and path', (s) => ClusterIssuer.oidc(s, 'C', { url: `${variable(s)}/a` }), ClusterKind.OTHER, '${var.input}/a'],
  ])('%s', (_, make, kind, url) => {
    const test = stack();
    const issuer = make(test);
    expect(issuer.kind).toBe(kind);
    expect(resolved(test, issuer.issuerUrl)).toEqual(typeof url === 'string' ? url : expect.stringMatching(url));
  });

  test('lookups: region and provider are handed on; AKS checks that the issuer is on', () => {
    const aws = synth((s) => { ClusterIssuer.eks(s, 'C', { clusterName: 'prod', region: 'eu-west-1', provider: new AwsProvider(s, 'P', { alias: 'p' }) }); });
    expect(only(aws, 'data.aws_eks_cluster')).toEqual({ name: 'prod', region: 'eu-west-1', provider: 'aws.p' });
    const azure = synth((s) => { ClusterIssuer.aks(s, 'C', { name: 'p', resourceGroupName: 'g', provider: new AzurermProvider(s, 'P', { alias: 'p', features: [{}] }) }); });
    expect(only(azure, 'data.azurerm_kubernetes_cluster')).toEqual({
      name: 'p',
      resource_group_name: 'g',
      provider: 'azurerm.p',
      lifecycle: { postcondition: [{ condition: '${self.oidc_issuer_enabled}', error_message: expect.stringContaining('az aks update --enable-oidc-issuer') }] },
    });
  });

  test.each(['http://oidc.example.com', 'oidc.example.com', 'HTTPS://oidc.example.com', 'https://', 'https:///path', 'https://oidc.example.com?a=b', 'https://oidc.example.com/x?a',
    'https://oidc.example.com/#a', 'https://user@oidc.example.com', 'https://*.example.com', 'https://oidc.example.com/*', 'https://oidc.example.com/a b', 'https://oidc.example\u200b.com', 'https://oidc.example.com/Ü',
    'https://oidc.example.com/\u0007', ''])('URL %j is refused', (url) => {
    const error = refused(() => ClusterIssuer.oidc(stack(), 'C', { url }));
    expect(error.given).toBe(`[test/C] issuer URL "${url.replace('user@', '<not shown: it could be a secret>@')}" is not accepted.`);
    expect(error.allowed).toContain('an https URL with a host and no user, query, fragment or wildcard');
    expect(error.fix).toContain('kubectl get --raw /.well-known/openid-configuration');
    expect(refused(() => ClusterIssuer.eks(stack(), 'C', { clusterName: 'x', issuerUrl: url })).given).toContain('issuer URL');
  });

  test('what stands around a token is checked', () => {
    const test = stack();
    expect(refused(() => ClusterIssuer.oidc(test, 'A', { url: `http://${variable(test, 'a')}` })).given).toBe('[test/A] issuer URL "http://<a value known at apply>" is not accepted.');
    expect(refused(() => ClusterIssuer.oidc(test, 'B', { url: `${variable(test, 'b')}?x` })).given).toContain('[test/B] issuer URL');
  });

  test.each<[string, (s: TerraformStack, props: any) => unknown, object]>([
    ['eks', ClusterIssuer.eks, { clusterName: 'c' }], ['aks', ClusterIssuer.aks, { name: 'c', resourceGroupName: 'g' }],
    ['gke', ClusterIssuer.gke, { projectId: 'p', location: 'l', clusterName: 'c' }], ['oidc', ClusterIssuer.oidc, { url: 'https://oidc.example.com' }],
  ].map(([name, make, props]: any) => [name, (s, more) => make(s, 'C', more), props]))('%s: empty and unknown options', (name, make, props: any) => {
    for (const option of Object.keys(props)) {
      for (const value of ['', 'a b', ...(option === 'url' ? [] : ['a/b', 'a?b', 'a#b'])]) {
        expect(refused(() => make(stack(), { ...props, [option]: value })).given).toContain(option === 'url' ? '[test/C] issuer URL' : `[test/C] ${option} `);
      }
    }
    const error = refused(() => make(stack(), { ...props, issuer: 'x' }));
    expect(error.given).toBe(`[test/C] option "issuer" of ClusterIssuer.${name} is not accepted.`);
    expect(error.fix).toBe('correct the spelling, or remove it');
  });
});

describe('FluxServiceAccount', () => {
  test('controller level, in any Flux namespace', () => {
    const account = FluxServiceAccount.controller(FluxController.SOURCE);
    expect([account.namespace, account.name, account.fluxController, account.subject, String(account)])
      .toEqual(['flux-system', 'source-controller', FluxController.SOURCE, 'system:serviceaccount:flux-system:source-controller', 'flux-system/source-controller']);
    expect(FluxServiceAccount.controller(FluxController.HELM, 'gitops').subject).toBe('system:serviceaccount:gitops:helm-controller');
  });

  test('object level, flux-system included', () => {
    const account = FluxServiceAccount.of('flux-system', 'tenant.a');
    expect([account.fluxController, account.subject]).toEqual([undefined, 'system:serviceaccount:flux-system:tenant.a']);
    expect(FluxServiceAccount.of('team-a', 'source-controller').fluxController).toBeUndefined();
  });

  test.each(Object.entries(FluxController))('the account of %s points to `controller`', (constant, name) => {
    const error = refused(() => FluxServiceAccount.of('flux-system', name));
    expect(error.given).toBe(`service account "flux-system/${name}" at object level is not accepted.`);
    expect(error.fix).toBe(`use FluxServiceAccount.controller(FluxController.${constant})`);
  });

  test.each(['*', 'team-*', 'Team', 'team_a', '-team', 'team-', 'a.b', '', 'x'.repeat(64), 'team a', 'system:masters'])('namespace %j', (namespace) => {
    for (const make of [() => FluxServiceAccount.of(namespace, 'flux'), () => FluxServiceAccount.controller(FluxController.HELM, namespace), () => FluxSecret.sops(namespace, 'x')]) {
      const error = refused(make);
      expect(error.given).toBe(`namespace ${JSON.stringify(namespace)} is not accepted.`);
      expect(error.fix).toBe('pass the namespace exactly as Kubernetes shows it');
    }
  });

  test.each(['*', 'flux-*', 'Flux', 'a_b', '.a', 'a..b', '-a', '', 'x'.repeat(254), 'a/b'])('name %j', (name) => {
    expect(refused(() => FluxServiceAccount.of('team-a', name)).given).toBe(`service account name ${JSON.stringify(name).replace(/x{254}/, `${'x'.repeat(200)}...`)} is not accepted.`);
    expect(refused(() => FluxSecret.bucket('team-a', name)).fix).toContain('list several accounts one by one');
  });

  test('tokens and other things', () => {
    const token = variable(stack());
    expect(refused(() => FluxServiceAccount.of(token, 'flux')).given).toBe('namespace "<a value known at apply>" is not accepted.');
    expect(refused(() => FluxServiceAccount.of('a', token)).fix).toContain('pass the service account name as a literal');
    expect(refused(() => FluxServiceAccount.of(undefined as any, 'flux')).given).toBe('namespace nothing is not accepted.');
    expect(refused(() => FluxServiceAccount.controller('flux' as any)).given).toBe('FluxController "flux" is not accepted.');
    expect(refused(() => FluxServiceAccount.controller(undefined as any)).fix).toContain('pass a constant of FluxController: source-controller, ');
  });
});

test('FluxSecret', () => {
  expect([FluxSecret.bucket('a', 'b'), FluxSecret.sops('a', 'b.c'), FluxSecret.provider('a', 'b')].map(({ use, namespace, name }) => [use, namespace, name]))
    .toEqual([['bucket', 'a', 'b'], ['sops', 'a', 'b.c'], ['provider', 'a', 'b']]);
  expect(refused(() => FluxSecret.provider('a', 'B')).given).toBe('Secret name "B" is not accepted.');
});

describe('construct ids', () => {
  const make = (test: TerraformStack, id: any) => ClusterIssuer.oidc(test, id, { url: 'https://oidc.example.com' });

  test.each(['1st', '-a', '', ' a', 'Übung', 7, undefined])('%j makes no Terraform name', (id) => {
    const error = refused(() => make(stack(), id));
    expect(error.given).toBe(`[test] construct id ${id === undefined ? 'nothing' : JSON.stringify(id)} is not accepted.`);
    expect(error.allowed).toBe('a plain string that begins with a letter or "_"');
  });

  test.each(['Default', 'Resource'])('%s would vanish from the address', (id) => expect(refused(() => make(stack(), id)).fix).toContain('choose an id'));

  test('tokens and duplicates', () => {
    const test = stack();
    expect(refused(() => make(test, variable(test))).given).toContain('"<a value known at apply>"');
    make(test, '_1');
    const error = refused(() => make(test, '_1'));
    expect(error.given).toBe('[test] construct id "_1" a second time.');
    expect(error.fix).toBe('give each grant or construct an id of its own');
    synthesized(test);
  });
});
