import { createServer } from 'http';
import { AddressInfo } from 'net';
import { exportJWK, exportSPKI, generateKeyPair, calculateJwkThumbprint, JWK, KeyLike, SignJWT } from 'jose';

/** A signing key of a cluster, as its API server has it. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: KeyLike;
  /** The public key as `kubectl get --raw /openid/v1/jwks` shows it. */
  readonly jwk: JWK;
  readonly pem: string;
}

/** A new signing key. */
export async function signingKey(alg = 'RS256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, alg, privateKey, jwk: { ...jwk, use: 'sig', kid, alg }, pem: await exportSPKI(publicKey) };
}

/** Keys as `kubectl get --raw /openid/v1/jwks` shows them. */
export function jwksText(...keys: SigningKey[]): string {
  return JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
}

/** What a token is asked for. */
export interface TokenRequest {
  readonly issuer: string;
  readonly namespace: string;
  readonly account: string;
  readonly audience: string;
  readonly key: SigningKey;
  /** Seconds from now; negative for one that has expired. */
  readonly expiresIn?: number;
  /** The pod that the token is bound to: tokens that Kubernetes mounts have one, tokens that Flux requests for an object have none. */
  readonly pod?: string;
}

/** A service account token of the shape that the TokenRequest API gives. */
export async function serviceAccountToken({ issuer, namespace, account, audience, key, expiresIn = 600, pod }: TokenRequest): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const expires = now + expiresIn;
  const issued = Math.min(now, expires - 600);
  return new SignJWT({
    'kubernetes.io': {
      namespace,
      ...pod === undefined ? {} : { pod: { name: pod, uid: '0c5f8f4e-6a3d-4b0e-9d8e-0d2e7f3f7a11' } },
      serviceaccount: { name: account, uid: '4a1c9d7e-22e0-4f63-8d1a-9b1e6a7c5f33' },
    },
    'jti': '2f0f6f0e-9d2f-4a59-9f0c-1a2b3c4d5e6f',
  })
    .setProtectedHeader({ alg: key.alg, kid: key.kid })
    .setIssuer(issuer)
    .setSubject(`system:serviceaccount:${namespace}:${account}`)
    .setAudience([audience])
    .setIssuedAt(issued)
    .setNotBefore(issued)
    .setExpirationTime(expires)
    .sign(key.privateKey);
}

/** A document as a bucket serves it. */
export interface Served {
  readonly content: string;
  readonly contentType: string;
  readonly cacheControl: string;
}

/** Documents on loopback. */
export interface Loopback {
  /** Where the document of an https URL is served. */
  at(url: string): URL;
  close(): Promise<void>;
}

/** Serves documents by their URLs on loopback, whatever hosts the URLs name, until `close`. */
export async function serve(documents: { readonly [url: string]: Served }): Promise<Loopback> {
  const served = new Map(Object.entries(documents).map(([url, document]) => [pathOf(url), document]));
  const server = createServer((request, response) => {
    const document = served.get(request.url ?? '');
    if (document === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': document.contentType, 'cache-control': document.cacheControl }).end(document.content);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    at: (url) => new URL(`http://127.0.0.1:${port}${pathOf(url)}`),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}

function pathOf(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  if (protocol !== 'https:') throw new Error(`${url} is not fetched over TLS`);
  return `/${host}${pathname}`;
}
