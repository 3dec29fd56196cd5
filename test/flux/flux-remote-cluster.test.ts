import { TerraformStack, TerraformVariable } from 'cdktf';
import { parse } from 'yaml';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxInstallation } from '../../lib/flux/flux-installation';
import { FluxRemoteCluster } from '../../lib/flux/flux-remote-cluster';
import { refused, rendered, resolved, stack } from '../support';

const EKS = 'arn:aws:eks:eu-west-1:111122223333:cluster/staging';
const AKS = '/subscriptions/12345678-1234-1234-1234-123456789012/resourceGroups/prod/providers/Microsoft.ContainerService/managedClusters/staging';
const GKE = 'projects/acme-prod/locations/europe-west1/clusters/staging';
const AT = { namespace: 'apps', name: 'staging' };
const DIRECT = { address: 'https://10.0.0.1:6443', caCertificate: '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n' };

type Make = (scope: TerraformStack, id: string, props: any) => FluxRemoteCluster;
const { eks, aks, gke, generic } = FluxRemoteCluster;
const FACTORIES: { [name: string]: Make } = { eks, aks, gke, generic };
const VALID: { [name: string]: object } = {
  eks: { clusterArn: EKS },
  aks: { clusterId: AKS },
  gke: { clusterId: GKE },
  generic: { address: DIRECT.address },
};

function fluxIn(scope: TerraformStack, version = FluxVersion.V2_9): FluxInstallation {
  return new FluxInstallation(scope, 'Flux', { issuer: ClusterIssuer.oidc(scope, 'Cluster', { url: 'https://oidc.example.com' }), version });
}

function configMap(make: string, props: object | ((s: TerraformStack) => object)): any {
  const scope = stack();
  const installation = fluxIn(scope);
  const all = { ...AT, installation, ...(typeof props === 'function' ? props(scope) : props) };
  return parse(rendered(resolved(scope, FACTORIES[make](scope, 'Remote', all).yaml)));
}
const object = (data: object) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'staging', namespace: 'apps' }, data });
const token = (s: TerraformStack) => new TerraformVariable(s, 'v', {}).stringValue;

test.each<[string, object | ((s: TerraformStack) => object), object]>([
  ['eks', { clusterArn: EKS }, { provider: 'aws', cluster: EKS }],
  ['eks', { clusterArn: EKS, serviceAccount: FluxServiceAccount.of('apps', 'flux') }, { provider: 'aws', cluster: EKS, serviceAccountName: 'flux' }],
  ['eks', { clusterArn: EKS, ...DIRECT }, { 'provider': 'aws', 'cluster': EKS, 'address': DIRECT.address, 'ca.crt': DIRECT.caCertificate }],
  ['eks', (s) => ({ clusterArn: token(s) }), { provider: 'aws', cluster: '<var.v>' }],
  ['aks', { clusterId: AKS }, { provider: 'azure', cluster: AKS }],
  ['aks', { clusterId: AKS.toUpperCase() }, { provider: 'azure', cluster: AKS.toUpperCase() }],
  ['aks', DIRECT, { 'provider': 'azure', 'address': DIRECT.address, 'ca.crt': DIRECT.caCertificate }],
  ['gke', { clusterId: GKE }, { provider: 'gcp', cluster: GKE }],
  ['gke', (s) => ({ address: token(s), caCertificate: token(new TerraformStack(s, 'x')) }), { 'provider': 'gcp', 'address': '<var.v>', 'ca.crt': '<var.v>' }],
  ['generic', DIRECT, { 'provider': 'generic', 'address': DIRECT.address, 'ca.crt': DIRECT.caCertificate }],
  ['generic', { address: 'https://k8s.example.com', audiences: ['a', 'b'] }, { provider: 'generic', address: 'https://k8s.example.com', audiences: 'a\nb' }],
  ['generic', { address: 'https://k8s.example.com', audiences: [] }, { provider: 'generic', address: 'https://k8s.example.com' }],
])('%s %#', (make, props, data) => expect(configMap(make, props)).toEqual(object(data)));

test('a list of audiences that only Terraform knows is one a line', () => {
  const scope = stack();
  const audiences = new TerraformVariable(scope, 'v', {}).listValue;
  const { yaml } = FluxRemoteCluster.generic(scope, 'Remote', { ...AT, installation: fluxIn(scope), address: 'https://k8s.example.com', audiences });
  expect(resolved(scope, yaml)).toContain('audiences: ${replace(jsonencode(join("\\n", var.v)), "\\u0085", "\\\\u0085")}');
});

test.each<[string, object, string, string]>([
  ['eks', { clusterArn: 'staging' }, 'clusterArn "staging"', 'copy it from the cluster'],
  ['aks', {}, 'no cluster.', 'set `clusterId`'],
  ['aks', { address: DIRECT.address }, 'no cluster.', 'set `clusterId`'],
  ['aks', { clusterId: 'staging' }, 'clusterId "staging"', 'copy it from the cluster'],
  ['gke', { caCertificate: 'x' }, 'no cluster.', 'set `clusterId`'],
  ['gke', { clusterId: GKE.replace('locations', 'zones') }, 'clusterId "projects/acme-prod/zones', 'copy it from the cluster'],
  ['generic', {}, 'no address.', 'set `address`'],
  ['generic', { address: 'https://me:s3cret@k8s.example.com' }, 'address "https://<not shown: it could be a secret>@k8s.example.com"', 'https address'],
])('%s with %j is refused', (make, props, given, fix) => {
  const error = refused(() => configMap(make, props));
  expect(error.given).toContain(`[test/Remote] ${given}`);
  expect(error.fix).toContain(fix);
});

test('a password in an address is refused, beside a token too', () => {
  expect(refused(() => {
    const scope = stack();
    FluxRemoteCluster.generic(scope, 'Remote', { ...AT, installation: fluxIn(scope), address: `https://me:${token(scope)}@k8s.example.com` });
  }).given).toContain('address "https://<not shown: it could be a secret>@k8s.example.com"');
});

describe('an address without a certificate', () => {
  const made = (make: string, address: string, version: FluxVersion, more: object = {}) => {
    const scope = stack();
    return FACTORIES[make](scope, 'Remote', { ...AT, installation: fluxIn(scope, version), ...VALID[make], address, ...more });
  };
  const { V2_7, V2_8, V2_10 } = FluxVersion;

  test.each<[string, string, FluxVersion, string]>([
    ['eks', 'https://eks.acme.example', V2_7, 'set `caCertificate` too, or upgrade to Flux 2.8'],
    ['gke', 'https://gke.acme.example', V2_7, 'set `caCertificate` too, or upgrade to Flux 2.8'],
    ['aks', 'https://10.0.0.1', V2_10, 'set `caCertificate` too, or leave `address` out'],
    ['gke', 'https://gke-0123.europe-west1.gke.goog', V2_10, 'roots of Google Trust Services'],
  ])('%s at %s fails in Flux %s', (make, address, version, fix) => {
    const error = refused(() => made(make, address, version));
    expect(error.given).toContain(`[test/Remote] address "${address}" without \`caCertificate\``);
    expect(error.fix).toContain(fix);
    expect(() => made(make, address, version, { caCertificate: DIRECT.caCertificate })).not.toThrow();
  });

  test.each<[string, string, FluxVersion]>([
    ['eks', 'https://ABC.gr7.eu-west-1.eks.amazonaws.com', V2_7],
    ['eks', 'https://eks.acme.example', V2_8],
    ['gke', 'https://203.0.113.10', V2_7],
    ['gke', 'https://gke.acme.example', V2_8],
    ['aks', 'https://prod-abc.hcp.westeurope.azmk8s.io:443', V2_7],
    ['aks', 'https://prod-abc.privatelink.westeurope.azmk8s.io', V2_10],
    ['generic', 'https://10.0.0.1', V2_7],
  ])('%s at %s works in Flux %s', (make, address, version) => {
    expect(() => made(make, address, version)).not.toThrow();
  });
});

describe.each(Object.keys(FACTORIES))('%s', (make) => {
  test.each<[object, string, string]>([
    [{ address: 'http://10.0.0.1' }, 'address "http://10.0.0.1"', 'https address'],
    [{ address: 'https://10.0.0.1/?x' }, 'address "https://10.0.0.1/?x"', 'https address'],
    [{ address: 'https://a b' }, 'address "https://a b"', 'https address'],
    [{ address: 'https://k8s.example\u200b.com' }, 'address "https://k8s.example\u200b.com"', 'https address'],
    [{ address: 'https://k8s.example.com/\u0007' }, 'address "https://k8s.example.com/\u0007"', 'https address'],
    [{ namespace: 'Apps' }, 'namespace "Apps"', 'exactly as Kubernetes shows it'],
    [{ name: 'a_b' }, 'ConfigMap name "a_b"', 'exactly as Kubernetes shows it'],
    [{ serviceAccount: FluxServiceAccount.of('other', 'flux') }, 'service account "other/flux"', 'leave it out for controller level'],
    [{ serviceAccount: FluxServiceAccount.controller(FluxController.HELM) }, 'service account "flux-system/helm-controller"', 'leave it out for controller level'],
    [{ kubeConfig: 'x' }, `option "kubeConfig" of FluxRemoteCluster.${make}`, 'correct the spelling'],
  ])('%j is refused', (props, given, fix) => {
    const error = refused(() => configMap(make, { ...VALID[make], ...props }));
    expect(error.given).toContain(`[test/Remote] ${given}`);
    expect(error.fix).toContain(fix);
  });
});
