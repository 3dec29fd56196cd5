import { createCipheriv, createDecipheriv, randomBytes } from 'crypto';
import { IncomingHttpHeaders } from 'http';
import { Evaluation } from '../../conformance/terraform';
import { Loopback } from '../../tokens';

/** A request that reached a cloud. */
export interface Call {
  readonly method: string;
  readonly host: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What a cloud answers; with `to`, what it lets the store behind it answer. */
export interface Answer {
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string };
  /** Text, or an object that goes out as JSON. */
  readonly body?: string | Buffer | object;
  readonly to?: 'moto' | 'registry' | 'remote';
  /** Host, path and query for the store; default: as they came. */
  readonly host?: string;
  readonly path?: string;
}

/** Somebody who may not, or something that is not there. */
export class Denied extends Error {
  public constructor(public readonly status: number, message: string) {
    super(message);
  }
}

/** Whoever seeds the clouds: encrypts secrets. Nobody whom Terraform knows. */
export const ADMIN = 'the administrator';

/** Who holds a credential, and what it is good for. */
export interface Holder {
  readonly principal: string;
  /** The API that the credential is for, where a cloud tells them apart. */
  readonly audience?: string;
}

/** What the stand-ins of one run share. */
export class Clouds {
  /** What Terraform made, and where the issuers' documents are. Both are replaced while Flux runs. */
  public evaluation!: Evaluation;
  public internet!: Loopback;
  /** The folder of Git repositories. */
  public repositories!: string;
  public readonly holders = new Map<string, Holder>();
  private readonly secret = randomBytes(32);

  /** @param ca the authority of every certificate, PEM */
  public constructor(public readonly ca: string) {}

  /** Takes down what was decided about the call at hand: each call sees the clouds with a notebook of its own. */
  public note(_decision: string): void {}

  /** Resources of a type that Terraform made. */
  public all(type: string): any[] {
    return Object.entries(this.evaluation.resources).filter(([address]) => address.startsWith(`${type}.`)).map(([, attributes]) => attributes);
  }

  /** A new credential. */
  public give(holder: Holder, prefix = ''): string {
    const credential = prefix + randomBytes(12).toString('hex').toUpperCase();
    this.holders.set(credential, holder);
    return credential;
  }

  public holder(credential: string | undefined): Holder {
    const holder = this.holders.get(credential ?? '');
    if (holder === undefined) throw new Denied(401, 'nobody holds this credential');
    return holder;
  }

  /** Notes a decision, and ends the call when it is a no. */
  public decide(principal: string, may: boolean, what: string, resource: string): void {
    this.note(`${may ? 'ALLOW' : 'DENY'} ${principal} ${what} on ${resource}`);
    if (!may) throw new Denied(403, `${principal} may not ${what} on ${resource}`);
  }

  /** Encrypts with a key of a cloud. */
  public seal(key: string, plain: Buffer): Buffer {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.secret, iv).setAAD(Buffer.from(key));
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
  }

  public unseal(key: string, sealed: Buffer): Buffer {
    const decipher = createDecipheriv('aes-256-gcm', this.secret, sealed.subarray(0, 12)).setAAD(Buffer.from(key)).setAuthTag(sealed.subarray(12, 28));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
    } catch {
      throw new Denied(400, 'encrypted with another key');
    }
  }
}

/** A cloud, or a part of one. */
export interface StandIn {
  /** The hosts that it answers for, as a certificate names them. */
  readonly hosts: readonly string[];
  answer(call: Call, clouds: Clouds): Promise<Answer> | Answer;
  /** How this cloud says no. */
  refuse(call: Call, error: Denied): Answer;
}

/** Files in the buckets of Google and Azure: every bucket has the same one. */
export const OBJECT = { name: 'live.yaml', content: 'kind: Live\n' };

export const bearer = ({ headers }: Call): string => (headers.authorization ?? '').replace(/^Bearer /, '');
export const form = ({ body }: Call): URLSearchParams => new URLSearchParams(body.toString());
/**
 * Whom the remote cluster takes a caller for. Flux asks to be the account that an object acts as, where it names one or a lockdown does;
 * administrators may.
 */
export function inRemote({ headers }: Call, user: string, group: 'system:masters' | 'system:authenticated'): Answer {
  if (headers['impersonate-user'] === undefined) return { to: 'remote', headers: { 'impersonate-user': user, 'impersonate-group': group } };
  if (group !== 'system:masters') throw new Error('this stand-in does not know who else may impersonate');
  return { to: 'remote' };
}
/** The password of Basic authentication. */
export const password = ({ headers }: Call): string | undefined =>
  headers.authorization?.startsWith('Basic ') ? Buffer.from(headers.authorization.slice(6), 'base64').toString().replace(/^[^:]*:/, '') : undefined;
/** A registry that wants Basic authentication. */
export const challenge = (host: string): Answer => ({
  status: 401,
  headers: { 'www-authenticate': `Basic realm="https://${host}/"`, 'docker-distribution-api-version': 'registry/2.0' },
  body: { errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] },
});
/** Repository and what of it a call to a registry is about. */
export function pulled({ url }: Call): { repository: string; what: string } | undefined {
  const [, repository, what] = /^\/v2\/(.+)\/(manifests|blobs|tags)\//.exec(url.pathname) ?? [];
  return repository === undefined ? undefined : { repository, what };
}
/** One registry holds the repositories of all: their hosts come first. */
export const registryPath = ({ host, url }: Call): string => (url.pathname === '/v2/' ? '/v2/' : `/v2/${host}/${url.pathname.slice('/v2/'.length)}${url.search}`);
export const refusedRegistry = (status: number, message: string): Answer => ({ status, body: { errors: [{ code: 'DENIED', message }] } });
