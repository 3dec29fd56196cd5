import { createHash, createPublicKey, JsonWebKey, KeyObject } from 'crypto';
import { IConstruct } from 'constructs';
import type { IClusterIssuer } from '../../cluster-issuer';
import type { Jwks } from '../../jwks';
import { shown, ValidationError } from '../input/validation-error';
import { byKey, byText } from '../sort';

/** One public key of a cluster: nothing but the members that verifiers read. */
export interface PublicJwk {
  readonly kid: string;
  readonly kty: string;
  readonly alg: string;
  readonly use: string;
  readonly n?: string;
  readonly e?: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
}

/** A text that holds keys, and what errors call it. */
export interface JwksSource {
  readonly what: string;
  readonly text: string;
}

const FORMS = 'a JWKS ({"keys": [...]}), one JWK, or PEM public keys';
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const MINIMAL_RSA_BITS = 2048;
/** How Kubernetes signs, by kind of key. */
const EC_ALGORITHMS: { readonly [curve: string]: string } = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' };

/**
 * Reads the public keys of a cluster: JWKS, JWK or PEM texts, which may be mixed. Members that no verifier reads are dropped,
 * `alg` and `use` are filled in, keys are sorted by `kid`: equal keys give equal text.
 */
export function parseJwks(at: IConstruct | undefined, sources: readonly JwksSource[]): PublicJwk[] {
  const keys = sources.flatMap((source) => readSource(at, source));
  if (keys.length === 0) {
    throw new ValidationError(at, {
      given: `${sources.map(({ what }) => what).join(', ') || 'a JWKS'} without a key`,
      allowed: 'at least one public key',
      why: 'without keys no token of the cluster can be verified',
      fix: 'pass what `kubectl get --raw /openid/v1/jwks` shows',
    });
  }
  const seen = new Set<string>();
  for (const { kid } of keys) {
    if (seen.has(kid)) {
      throw new ValidationError(at, {
        given: `key ID ${shown(kid)} twice.`,
        allowed: 'each `kid` once',
        why: 'verifiers find the key by its `kid`: with two of one name they may take the wrong one and refuse good tokens',
        fix: 'pass each key once; when rotating, pass the new key beside the JWKS that holds the old one',
      });
    }
    seen.add(kid);
  }
  return keys.sort((a, b) => byText(a.kid, b.kid));
}

/** Keys as a JWKS: compact, members sorted, so that clouds that store the text show no difference later. */
export function jwksJson(keys: readonly PublicJwk[]): string {
  return JSON.stringify({ keys: keys.map((key) => byKey(key as any)) });
}

/**
 * Refuses a cluster that signs in a way the cloud does not accept, as far as its keys are known.
 *
 * @param jwks the cluster's keys
 * @param cloud its name, for the error
 * @param accepted the algorithms it accepts
 */
export function checkSigningAlgorithms(
  at: IConstruct, issuer: IClusterIssuer, jwks: Jwks | undefined, cloud: string, accepted: readonly string[],
): void {
  const refused = (jwks?._algorithms(at) ?? []).filter((algorithm) => !accepted.includes(algorithm));
  if (refused.length === 0) return;
  throw new ValidationError(at, {
    given: `issuer ${shown(issuer.issuerUrl)}, whose keys sign with ${refused.join(', ')},`,
    allowed: `for ${cloud}: ${accepted.join(', ')}`,
    why: `${cloud} refuses tokens signed otherwise, when they are exchanged`,
    fix: accepted.length === 1 ? 'sign with an RSA key in the API server (--service-account-signing-key-file)' :
      'sign with an RSA or a P-256 key in the API server (--service-account-signing-key-file)',
  });
}

function readSource(at: IConstruct | undefined, source: JwksSource): PublicJwk[] {
  const text = typeof source.text === 'string' ? source.text.trim() : '';
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) throw privateKey(at, `${source.what} with a PEM private key`);
  if (text.startsWith('-----BEGIN ')) return readPem(at, source.what, text);
  let value: any;
  try {
    value = JSON.parse(text);
  } catch {
    // The text itself is never shown: it may hold what should not be in a log.
    throw notKeys(at, `${source.what} that is neither JSON nor PEM`);
  }
  const keys = Array.isArray(value?.keys) ? value.keys : value?.kty !== undefined ? [value] : undefined;
  if (keys === undefined) throw notKeys(at, `${source.what} without "keys"`);
  return keys.map((key: any, index: number) => readJwk(at, `${source.what}, key ${index + 1}`, key));
}

function readPem(at: IConstruct | undefined, what: string, text: string): PublicJwk[] {
  const blocks = text.match(/-----BEGIN ([A-Z ]+)-----[\s\S]*?-----END \1-----/g) ?? [];
  if (blocks.length === 0) throw notKeys(at, `${what} with an unfinished PEM block`);
  return blocks.map((block, index) => {
    const where = `${what}, PEM block ${index + 1}`;
    if (!/^-----BEGIN (RSA )?PUBLIC KEY-----/.test(block)) throw notKeys(at, `${where}, which is no public key,`);
    const key = load(at, where, () => createPublicKey(block));
    return readJwk(at, where, key.export({ format: 'jwk' }));
  });
}

function readJwk(at: IConstruct | undefined, what: string, jwk: any): PublicJwk {
  if (jwk === null || typeof jwk !== 'object') throw notKeys(at, `${what}, which is no JSON object,`);
  const named = typeof jwk.kid === 'string' && jwk.kid !== '' ? `${what} (kid ${shown(jwk.kid)})` : what;
  if (jwk.kty === 'oct' || PRIVATE_MEMBERS.some((member) => member in jwk)) throw privateKey(at, `${named} with private key material`);
  const algorithm = algorithmOf(jwk);
  if (algorithm === undefined || (jwk.alg !== undefined && jwk.alg !== algorithm) || (jwk.use !== undefined && jwk.use !== 'sig')) {
    throw new ValidationError(at, {
      given: `${named} of ${['kty', 'crv', 'alg', 'use'].filter((m) => jwk[m] !== undefined).map((m) => `${m} ${shown(jwk[m])}`).join(', ') || 'no kind'}`,
      allowed: 'keys that Kubernetes signs with: RSA with RS256, or EC on P-256, P-384, P-521 with ES256, ES384, ES512; use "sig"',
      why: 'Kubernetes signs service account tokens in no other way, so such a key verifies none of them',
      fix: 'pass the keys that `kubectl get --raw /openid/v1/jwks` shows, unchanged',
    });
  }
  const members = { kty: jwk.kty, n: jwk.n, e: jwk.e, crv: jwk.crv, x: jwk.x, y: jwk.y };
  const key = load(at, named, () => createPublicKey({ key: members as JsonWebKey, format: 'jwk' }));
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (bits !== undefined && bits < MINIMAL_RSA_BITS) {
    throw new ValidationError(at, {
      given: `${named}, an RSA key of ${bits} bits,`,
      allowed: `RSA keys of at least ${MINIMAL_RSA_BITS} bits`,
      why: 'RS256 asks for them (RFC 7518, section 3.3), and verifiers refuse shorter ones',
      fix: 'give the API server a longer key before any cloud trusts it',
    });
  }
  return { ...known(members), kid: jwk.kid || kubernetesKeyId(key), kty: jwk.kty, alg: algorithm, use: 'sig' };
}

function algorithmOf(jwk: any): string | undefined {
  return jwk.kty === 'RSA' ? 'RS256' : jwk.kty === 'EC' ? EC_ALGORITHMS[jwk.crv] : undefined;
}

/** The key ID that Kubernetes writes into tokens: the digest of the public key. */
function kubernetesKeyId(key: KeyObject): string {
  return createHash('sha256').update(key.export({ type: 'spki', format: 'der' })).digest('base64url');
}

function known(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function load(at: IConstruct | undefined, what: string, read: () => KeyObject): KeyObject {
  try {
    return read();
  } catch {
    throw notKeys(at, `${what}, which is no valid key,`);
  }
}

function notKeys(at: IConstruct | undefined, given: string): ValidationError {
  return new ValidationError(at, {
    given,
    allowed: FORMS,
    why: 'clouds verify the cluster\'s tokens with these keys',
    fix: 'pass what `kubectl get --raw /openid/v1/jwks` shows, or the API server\'s public key file (sa.pub with kubeadm)',
  });
}

function privateKey(at: IConstruct | undefined, given: string): ValidationError {
  return new ValidationError(at, {
    given,
    allowed: `public keys only: ${FORMS}`,
    why: 'the keys are published: whoever holds the private key can be every service account of the cluster',
    fix: 'pass the public key; if the private one has been in a repository, a state or a log, rotate it',
  });
}
