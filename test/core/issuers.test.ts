import { generateKeyPairSync } from 'crypto';
import { TerraformStack } from 'cdktf';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { Jwks } from '../../lib/core/jwks';
import { sameIssuer } from '../../lib/core/shared/oidc/issuer-url';
import { only, refused, stack, synth } from '../support';

const ARN = 'arn:aws:eks:eu-west-1:111122223333:cluster/prod';
const EKS = 'https://oidc.eks.eu-west-1.amazonaws.com/id/A';
const AKS = 'https://westeurope.oic.prod-aks.azure.com/t/c/';
const GKE = 'https://container.googleapis.com/v1/projects/p/locations/l/clusters/c';
const eks = (props: object) => () => ClusterIssuer.eks(stack(), 'C', { clusterName: 'prod', ...props });

test.each([
  { clusterArn: ARN.replace('prod', 'staging') }, { clusterArn: ARN, region: 'eu-central-1' }, { clusterArn: 'prod' }, { region: 'us-east-1', issuerUrl: EKS },
  { clusterArn: ARN.replace('eu-west-1', 'us-east-1'), issuerUrl: EKS },
])('EKS: %j is not one cluster', (props) => expect(refused(eks(props)).fix).toContain('describe-cluster'));

test('EKS: what is of one cluster is taken', () => { eks({ clusterArn: ARN, region: 'eu-west-1', issuerUrl: EKS })(); });

test.each<[string, (s: TerraformStack, url: string) => unknown, string[]]>([
  ['eks', (s, issuerUrl) => ClusterIssuer.eks(s, 'C', { clusterName: 'c', issuerUrl }), [`${EKS}/`, EKS.replace('.com/', '.com:443/'), AKS, GKE]],
  ['aks', (s, issuerUrl) => ClusterIssuer.aks(s, 'C', { name: 'c', resourceGroupName: 'g', issuerUrl }), [AKS.slice(0, -1), AKS.replace('.com/', '.com:443/'), EKS]],
  ['oidc', (s, url) => ClusterIssuer.oidc(s, 'C', { url }), [AKS, `${EKS}/`, `${GKE}/`]],
])('%s refuses other forms than a known cloud\'s own', (_, make, urls) => {
  for (const url of urls) expect(refused(() => make(stack(), url)).given).toContain('issuer URL');
});

test.each([EKS, GKE, 'https://oidc-eks.eu-west-1.api.aws/id/A', 'https://oidc.eks.cn-north-1.amazonaws.com.cn/id/A'])(
  'a cluster of EKS or GKE may be any other cluster: %s', (url) => {
    expect(ClusterIssuer.oidc(stack(), 'C', { url }).kind).toBe('other');
  },
);

test.each(['https://oidc.prod-aks.azure.com/t/', AKS.replace('.com', '.us'), AKS.replace('.com', '.cn')])('an AKS host is AKS: %s', (url) => {
  expect(refused(() => ClusterIssuer.oidc(stack(), 'C', { url })).fix).toBe('use ClusterIssuer.aks');
  ClusterIssuer.aks(stack(), 'C', { name: 'c', resourceGroupName: 'g', issuerUrl: url });
});

test('one URL is one cluster only with the same keys; one inside a cluster only by its construct', () => {
  const s = stack();
  const jwks = () => Jwks.fromText(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }) as string);
  const one = jwks();
  const make = (id: string, url: string, keys?: Jwks) => ClusterIssuer.oidc(s, id, { url, jwks: keys });
  const LOCAL = 'https://kubernetes.default.svc.cluster.local';
  const local = make('A', LOCAL, one);
  expect(sameIssuer(local, local)).toBe(true);
  expect(sameIssuer(local, make('B', LOCAL, one))).toBe(true);
  expect(sameIssuer(local, make('C', LOCAL, jwks()))).toBe(false);
  expect(sameIssuer(make('D', LOCAL), make('E', LOCAL))).toBe(false);
  expect(sameIssuer(make('F', 'https://oidc.example.com'), make('G', 'https://oidc.example.com'))).toBe(true);
});

test('lookups take literals as they are', () => {
  const found = synth((s) => { ClusterIssuer.eks(s, 'C', { clusterName: '${x}', region: '%{y}' }); });
  expect(only(found, 'data.aws_eks_cluster')).toMatchObject({ name: '$${x}', region: '%%{y}' });
});
