import { createHash, createPublicKey, generateKeyPairSync } from 'crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { TerraformVariable } from 'cdktf';
import { createLocalJWKSet, exportJWK, exportPKCS8, jwtVerify } from 'jose';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { Jwks } from '../../lib/core/jwks';
import { refused, stack } from '../support';
import { jwksText, serviceAccountToken, signingKey, SigningKey } from '../tokens';

let rsa: SigningKey;
let other: SigningKey;
let ec: SigningKey;
beforeAll(async () => {
  [rsa, other, ec] = await Promise.all([signingKey(), signingKey(), signingKey('ES256')]);
});

const json = (jwks: Jwks) => JSON.parse(jwks._json(stack()));
const refusal = (jwks: Jwks) => {
  const { given, ...rest } = refused(() => jwks._json(stack()));
  return { given: given.replace('[test] ', ''), ...rest };
};

describe('forms', () => {
  const directory = mkdtempSync(join(tmpdir(), 'jwks-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('takes a JWKS, a JWK and PEM, in any mixture, in an order of its own', () => {
    const one = Jwks.fromText(jwksText(rsa), JSON.stringify(ec.jwk), other.pem);
    const two = Jwks.fromText(`\n${other.pem}`).and(Jwks.fromText(JSON.stringify(ec.jwk))).and(Jwks.fromText(jwksText(rsa)));
    expect(two._json(stack())).toBe(one._json(stack()));
    expect(json(one).keys).toHaveLength(3);
    expect(json(one).keys.map(({ kid }: any) => kid)).toEqual(json(one).keys.map(({ kid }: any) => kid).sort());
    expect(one._algorithms(stack())).toEqual(['ES256', 'RS256']);
  });

  it('reads files, several PEM blocks in one too', () => {
    const file = join(directory, 'sa.pub');
    writeFileSync(file, `${rsa.pem}\n${other.pem}`);
    expect(Jwks.fromFile(file)._json(stack())).toBe(Jwks.fromText(rsa.pem, other.pem)._json(stack()));
  });

  it('gives a key without a name the one that Kubernetes gives it: the digest of the public key', () => {
    const digest = createHash('sha256').update(createPublicKey(rsa.pem).export({ type: 'spki', format: 'der' })).digest('base64url');
    expect(json(Jwks.fromText(rsa.pem)).keys).toEqual([{ alg: 'RS256', e: rsa.jwk.e, kid: digest, kty: 'RSA', n: rsa.jwk.n, use: 'sig' }]);
  });

  it('keeps only what verifiers read, and fills in alg and use', () => {
    const { kty, n, e, kid } = rsa.jwk;
    const text = JSON.stringify({ keys: [{ x5t: 'dGh1bWI', x5c: ['MIIB'], key_ops: ['verify'], kid, kty, n, e }] });
    expect(Jwks.fromText(text)._json(stack())).toBe(JSON.stringify({ keys: [{ alg: 'RS256', e, kid, kty, n, use: 'sig' }] }));
  });

  it('passes on one token that stands for a whole set, and refuses to merge it', () => {
    const scope = stack();
    const token = new TerraformVariable(scope, 'Keys', {}).stringValue;
    expect(Jwks.fromText(token)._json(scope)).toBe(token);
    expect(Jwks.fromText(token)._algorithms(scope)).toBeUndefined();
    const { given, fix } = refused(() => Jwks.fromText(token, jwksText(rsa))._json(scope));
    expect(given).toContain('2 JWKS texts of which 1 are known only at apply.');
    expect(fix).toContain('one token of a JWKS that holds them all');
  });

  it('verifies tokens of both keys while one takes over from the other', async () => {
    const both = createLocalJWKSet(json(Jwks.fromText(jwksText(rsa)).and(Jwks.fromText(other.pem.trim(), JSON.stringify(ec.jwk)))) as any);
    const request = { issuer: 'https://oidc.example.com', namespace: 'flux-system', account: 'source-controller', audience: 'sts.amazonaws.com' };
    const { kid } = json(Jwks.fromText(other.pem)).keys[0];
    for (const key of [rsa, { ...other, kid }, ec]) {
      await expect(jwtVerify(await serviceAccountToken({ ...request, key }), both)).resolves.toBeDefined();
    }
    const after = createLocalJWKSet(json(Jwks.fromText(other.pem)));
    await expect(jwtVerify(await serviceAccountToken({ ...request, key: rsa }), after)).rejects.toThrow(/no applicable key/);
  });
});

describe('bad keys', () => {
  it('refuses private key material and never shows it', async () => {
    const jwk = await exportJWK(rsa.privateKey);
    const pem = await exportPKCS8(rsa.privateKey);
    for (const [text, given] of [
      [JSON.stringify({ keys: [{ ...jwk, kid: 'mine' }] }), 'JWKS text 1, key 1 (kid "mine") with private key material is not accepted.'],
      [pem, 'JWKS text 1 with a PEM private key is not accepted.'],
      [JSON.stringify({ kty: 'oct', k: 'c2VjcmV0' }), 'JWKS text 1, key 1 with private key material is not accepted.'],
    ]) {
      const message = refusal(Jwks.fromText(text));
      expect(message).toMatchObject({ given, fix: expect.stringContaining('rotate it') });
      expect(JSON.stringify(message)).not.toContain(jwk.d!.slice(0, 20));
      expect(JSON.stringify(message)).not.toContain('c2VjcmV0');
    }
  });

  it.each<[string, () => string[], string, string]>([
    ['no text', () => [], 'a JWKS without a key is not accepted.', 'kubectl get --raw /openid/v1/jwks'],
    ['an empty set', () => ['{"keys":[]}'], 'JWKS text 1 without a key is not accepted.', 'kubectl get --raw /openid/v1/jwks'],
    ['an empty text', () => [''], 'JWKS text 1 that is neither JSON nor PEM is not accepted.', 'sa.pub with kubeadm'],
    ['something else', () => ['jwks.json'], 'JWKS text 1 that is neither JSON nor PEM is not accepted.', 'sa.pub with kubeadm'],
    ['other JSON', () => ['{"issuer":"https://x"}'], 'JWKS text 1 without "keys" is not accepted.', 'sa.pub with kubeadm'],
    ['a key that is none', () => ['{"keys":["abc"]}'], 'JWKS text 1, key 1, which is no JSON object, is not accepted.', 'sa.pub with kubeadm'],
    ['a broken key', () => ['{"keys":[{"kty":"RSA","kid":"a","n":5,"e":"AQAB"}]}'], 'JWKS text 1, key 1 (kid "a"), which is no valid key, is not accepted.', 'sa.pub with kubeadm'],
    ['an unfinished PEM', () => ['-----BEGIN PUBLIC KEY-----\nMIIB'], 'JWKS text 1 with an unfinished PEM block is not accepted.', 'sa.pub with kubeadm'],
    ['a certificate', () => ['-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'], 'JWKS text 1, PEM block 1, which is no public key, is not accepted.', 'sa.pub with kubeadm'],
    ['a key twice', () => [jwksText(rsa), jwksText(rsa)], 'twice.', 'pass each key once'],
    ['another use', () => [JSON.stringify({ ...rsa.jwk, use: 'enc' })], 'use "enc" is not accepted.', 'unchanged'],
    ['an algorithm that Kubernetes does not use', () => [JSON.stringify({ ...rsa.jwk, alg: 'PS256' })], 'alg "PS256"', 'unchanged'],
    ['an algorithm of another kind of key', () => [JSON.stringify({ ...ec.jwk, alg: 'RS256' })], 'alg "RS256"', 'unchanged'],
    ['a curve that Kubernetes does not use', () => [JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: 'AAAA', kid: 'a' })], 'crv "Ed25519"', 'unchanged'],
  ])('refuses %s', (_, texts, given, fix) => {
    const message = refusal(Jwks.fromText(...texts()));
    expect(message.given).toContain(given);
    expect(message.fix).toContain(fix);
  });

  it('refuses an RSA key that RS256 does not allow', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const message = refusal(Jwks.fromText(publicKey.export({ type: 'spki', format: 'pem' }) as string));
    expect(message).toMatchObject({ given: expect.stringContaining('an RSA key of 1024 bits, is not accepted.'), allowed: 'RSA keys of at least 2048 bits' });
  });

  it('refuses files that are not there, and names of files that only Terraform knows', () => {
    expect(refusal(Jwks.fromFile('/nowhere/jwks.json'))).toMatchObject({
      given: 'JWKS file "/nowhere/jwks.json" (ENOENT) is not accepted.', fix: expect.stringContaining('> jwks.json'),
    });
    const scope = stack();
    expect(refused(() => Jwks.fromFile(new TerraformVariable(scope, 'Path', {}).stringValue)._json(scope)).given).toContain('JWKS file "<a value known at apply>"');
  });

  it('reports them with the path of the construct that takes them', () => {
    const scope = stack();
    const { given } = refused(() => ClusterIssuer.oidc(scope, 'Cluster', { url: 'https://oidc.example.com', jwks: Jwks.fromText('{"keys":[]}') }));
    expect(given).toBe('[test/Cluster] JWKS text 1 without a key is not accepted.');
  });
});
