import { TerraformVariable } from 'cdktf';
import { ClusterIssuer } from '../../../../lib/core/cluster-issuer';
import { Jwks } from '../../../../lib/core/jwks';
import { discoveryDocument } from '../../../../lib/core/shared/oidc/discovery';
import { checkSigningAlgorithms } from '../../../../lib/core/shared/oidc/jwks';
import { only, refused, stack, synth } from '../../../support';
import { jwksText, signingKey } from '../../../tokens';

const URL = 'https://oidc.example.com/clusters/kind';

describe('the discovery document', () => {
  it('has the members of the one that Kubernetes serves', () => {
    expect(discoveryDocument(URL, ['ES256', 'RS256'])).toEqual({
      issuer: URL,
      jwks_uri: `${URL}/openid/v1/jwks`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256', 'RS256'],
    });
  });

  it('finds the keys below a URL that ends in a slash', () => {
    expect(discoveryDocument(`${URL}/`)).toMatchObject({ issuer: `${URL}/`, jwks_uri: `${URL}/openid/v1/jwks`, id_token_signing_alg_values_supported: ['RS256'] });
  });
});

describe('ClusterIssuer.oidc', () => {
  const oidc = (url: string, document: object | string) => ClusterIssuer.oidc(stack(), 'Cluster', {
    url, discoveryDocument: typeof document === 'string' ? document : JSON.stringify(document),
  });

  it('takes the keys and the document of the cluster', async () => {
    const scope = stack();
    const jwks = Jwks.fromText(jwksText(await signingKey()));
    const issuer = ClusterIssuer.oidc(scope, 'Cluster', { url: URL, jwks, discoveryDocument: JSON.stringify(discoveryDocument(URL)) });
    expect(issuer.jwks).toBe(jwks);
    expect(issuer.issuerUrl).toBe(URL);
    expect(ClusterIssuer.oidc(scope, 'Other', { url: URL }).jwks).toBeUndefined();
  });

  it('leaves alone what only Terraform knows', () => {
    const scope = stack();
    const token = new TerraformVariable(scope, 'Document', {}).stringValue;
    expect(ClusterIssuer.oidc(scope, 'Cluster', { url: URL, discoveryDocument: token }).issuerUrl).toBe(URL);
    expect(ClusterIssuer.oidc(scope, 'Token', { url: token, discoveryDocument: JSON.stringify(discoveryDocument(URL)) }).issuerUrl).toBe(token);
  });

  it('does not mind where the keys are: the API server may serve them', () => {
    expect(oidc(URL, { issuer: URL, jwks_uri: 'https://10.0.0.1:443/openid/v1/jwks' }).issuerUrl).toBe(URL);
  });

  it('refuses the document of another issuer', () => {
    expect(refused(() => oidc(URL, discoveryDocument('https://kubernetes.default.svc.cluster.local')))).toEqual({
      given: '[test/Cluster] a discovery document whose "issuer" is "https://kubernetes.default.svc.cluster.local".',
      allowed: `"issuer": "${URL}"`,
      why: 'clouds compare it with the issuer they trust, and with the one in the token, byte for byte',
      fix: 'correct the document, and --service-account-issuer of the API server, or pass the URL that the cluster uses',
    });
  });

  it.each([[URL, `${URL}/`], [`${URL}/`, URL]])('refuses %s with the document of %s: a slash is a difference', (url, other) => {
    expect(refused(() => oidc(url, discoveryDocument(other)))).toMatchObject({
      given: `[test/Cluster] a discovery document whose "issuer" is "${other}", another only by its trailing slash.`,
      fix: expect.stringContaining('in both places'),
    });
  });

  it.each(['', 'issuer: https://x', '{}', 'null', '{"issuer":5}'])('refuses %j as a document', (document) => {
    expect(refused(() => oidc(URL, document))).toMatchObject({
      given: `[test/Cluster] discovery document "${document}" is not accepted.`,
      fix: expect.stringContaining('kubectl get --raw /.well-known/openid-configuration'),
    });
  });
});

describe('ClusterIssuer.gkeLookup', () => {
  it('asks Google for the cluster and makes the issuer of its ID', () => {
    const all = synth((scope) => {
      const issuer = ClusterIssuer.gkeLookup(scope, 'Cluster', { clusterName: 'prod', location: 'europe-west1', projectId: 'acme-prod' });
      new TerraformVariable(scope, 'Issuer', { default: issuer.issuerUrl });
    });
    expect(only(all, 'data.google_container_cluster')).toEqual({ name: 'prod', location: 'europe-west1', project: 'acme-prod' });
    expect(all.json.variable.Issuer.default).toMatch(/^https:\/\/container\.googleapis\.com\/v1\/\$\{data\.google_container_cluster\.Cluster_[0-9A-F]{8}\.id\}$/);
  });

  it('leaves project and location to the provider', () => {
    expect(only(synth((scope) => { ClusterIssuer.gkeLookup(scope, 'Cluster', { clusterName: 'prod' }); }), 'data.google_container_cluster')).toEqual({ name: 'prod' });
  });

  it('refuses what is no name', () => {
    const message = refused(() => ClusterIssuer.gkeLookup(stack(), 'Cluster', { clusterName: 'projects/p/locations/l/clusters/c' }));
    expect(message).toMatchObject({ given: '[test/Cluster] clusterName "projects/p/locations/l/clusters/c" is not accepted.', fix: 'pass the clusterName as the cloud shows it' });
  });
});

describe('signing algorithms', () => {
  it('are compared with what a cloud accepts, as far as the keys are known', async () => {
    const scope = stack();
    const [rsa, ec] = await Promise.all([signingKey(), signingKey('ES384')]);
    const cluster = (id: string, jwks?: Jwks) => ClusterIssuer.oidc(scope, id, { url: URL, jwks });
    const both = cluster('Both', Jwks.fromText(jwksText(rsa, ec)));
    const check = (issuer: ClusterIssuer, cloud: string, accepted: string[]) => checkSigningAlgorithms(scope, issuer, issuer.jwks, cloud, accepted);
    check(cluster('Unknown'), 'Microsoft Entra', ['RS256']);
    check(cluster('Token', Jwks.fromText(new TerraformVariable(scope, 'Keys', {}).stringValue)), 'Microsoft Entra', ['RS256']);
    check(cluster('Rsa', Jwks.fromText(jwksText(rsa))), 'Microsoft Entra', ['RS256']);
    check(both, 'AWS', ['RS256', 'ES384']);
    expect(refused(() => check(both, 'Microsoft Entra', ['RS256']))).toEqual({
      given: `[test] issuer "${URL}", whose keys sign with ES384, is not accepted.`,
      allowed: 'for Microsoft Entra: RS256',
      why: 'Microsoft Entra refuses tokens signed otherwise, when they are exchanged',
      fix: 'sign with an RSA key in the API server (--service-account-signing-key-file)',
    });
    expect(refused(() => check(both, 'Google Cloud', ['RS256', 'ES256'])).fix).toContain('an RSA or a P-256 key');
  });
});
