import { FluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { FluxAzureFederatedIdentity } from '../../lib/azure/flux-azure-federated-identity';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { Jwks } from '../../lib/core/jwks';
import { FluxGcpWorkloadPool } from '../../lib/gcp/flux-gcp-workload-pool';
import { only, refused, stack, synth } from '../support';
import { jwksText, signingKey, SigningKey } from '../tokens';

const URL = 'https://oidc.example.com/clusters/kind';
const ALGORITHMS = ['RS256', 'ES256', 'ES384', 'ES512'];
const keys: { [algorithm: string]: SigningKey } = {};
beforeAll(async () => {
  for (const algorithm of ALGORITHMS) keys[algorithm] = await signingKey(algorithm);
});

/** What each cloud makes to trust a cluster. */
const CLOUDS: ReadonlyArray<readonly [string, string[], (issuer: ClusterIssuer) => unknown]> = [
  ['AWS', ALGORITHMS, (issuer) => new FluxOidcProvider(issuer.node.scope as any, 'Oidc', { issuer })],
  ['Google Cloud', ['RS256', 'ES256'], (issuer) => new FluxGcpWorkloadPool(issuer.node.scope as any, 'Pool', { issuer, poolId: 'kind', namespaces: ['team-a'] })],
  ['Microsoft Entra', ['RS256'], (issuer) => new FluxAzureFederatedIdentity(issuer.node.scope as any, 'Identity', {
    issuers: [issuer], serviceAccounts: [FluxServiceAccount.of('team-a', 'flux')], name: 'flux', resourceGroupName: 'flux', location: 'westeurope',
  })],
];

describe.each(CLOUDS)('%s', (cloud, accepted, trust) => {
  it.each(ALGORITHMS)('takes %s, or refuses it at synth', (algorithm) => {
    const act = () => trust(ClusterIssuer.oidc(stack(), 'Cluster', { url: URL, jwks: Jwks.fromText(jwksText(keys[algorithm])) }));
    if (accepted.includes(algorithm)) {
      expect(act).not.toThrow();
      return;
    }
    expect(refused(act)).toMatchObject({
      given: expect.stringContaining(`issuer "${URL}", whose keys sign with ${algorithm}, is not accepted.`), allowed: `for ${cloud}: ${accepted.join(', ')}`,
    });
  });

  it('takes a cluster whose keys nobody knows', () => {
    expect(() => trust(ClusterIssuer.oidc(stack(), 'Cluster', { url: URL }))).not.toThrow();
  });
});

it('the keys of an issuer are uploaded to Google, unless the pool is given others', () => {
  const pool = (jwks?: Jwks) => only(synth((scope) => {
    const issuer = ClusterIssuer.oidc(scope, 'Cluster', { url: 'https://kubernetes.default.svc', jwks: Jwks.fromText(jwksText(keys.RS256)) });
    new FluxGcpWorkloadPool(scope, 'Pool', { issuer, poolId: 'kind', namespaces: ['team-a'], jwks });
  }), 'google_iam_workload_identity_pool_provider').oidc;
  expect(JSON.parse(pool().jwks_json).keys).toEqual([expect.objectContaining({ kid: keys.RS256.kid })]);
  expect(JSON.parse(pool(Jwks.fromText(jwksText(keys.ES256))).jwks_json).keys).toEqual([expect.objectContaining({ kid: keys.ES256.kid })]);
});
