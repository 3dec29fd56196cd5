import { Op, TerraformMetaArguments } from 'cdktf';
import { IConstruct } from 'constructs';
import type { IHostedIssuer } from '../../hosted-issuer';
import { firstDouble } from '../input/doubles';
import { shown, ValidationError } from '../input/validation-error';
import { terraformCheck } from '../terraform/check';
import { jsonTemplate } from '../terraform/text';
import { hasToken } from '../terraform/tokens';

/** Where clouds look for the discovery document, below the issuer URL. */
const DISCOVERY_PATH = '.well-known/openid-configuration';
/** The keys below the issuer URL, where Kubernetes has them too. */
export const JWKS_PATH = 'openid/v1/jwks';

/** A document that an issuer publishes. */
export interface PublishedDocument {
  /** The construct id of the resource that holds it. */
  readonly id: 'Discovery' | 'Jwks';
  /** Its path below the issuer URL. */
  readonly path: string;
  readonly content: string;
  readonly contentType: string;
  readonly cacheControl: string;
  /** What Terraform checks before it is published. */
  readonly lifecycle?: TerraformMetaArguments['lifecycle'];
}

/** Short enough that a new key is known everywhere within minutes; the usual default is an hour. */
const CACHE_CONTROL = 'public, max-age=300';

/** The URL of a document below an issuer URL that ends in a slash or not. */
export function below(issuerUrl: string, path: string): string {
  return issuerUrl.endsWith('/') ? `${issuerUrl}${path}` : `${issuerUrl}/${path}`;
}

/** The discovery document of an issuer, with the members that Kubernetes answers. */
export function discoveryDocument(issuerUrl: string, algorithms: readonly string[] = ['RS256']): object {
  return {
    issuer: issuerUrl,
    jwks_uri: below(issuerUrl, JWKS_PATH),
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: algorithms,
  };
}

/** A document as a host of objects takes it. */
export function publishedDocument(id: PublishedDocument['id'], content: object | string, issuer: IHostedIssuer): PublishedDocument {
  return {
    id,
    path: id === 'Discovery' ? DISCOVERY_PATH : JWKS_PATH,
    content: typeof content === 'string' && hasToken(content) ? content : jsonTemplate(typeof content === 'string' ? JSON.parse(content) : content),
    contentType: 'application/json',
    cacheControl: CACHE_CONTROL,
    lifecycle: id === 'Discovery' && typeof content === 'string' ? agreement(content, issuer.issuerUrl) : undefined,
  };
}

/** Where the URL is known only at apply, Terraform compares it with a document that was written by hand. */
function agreement(text: string, issuerUrl: string): PublishedDocument['lifecycle'] {
  if (!hasToken(issuerUrl) || hasToken(text)) return undefined;
  const { issuer } = JSON.parse(text);
  return {
    precondition: [terraformCheck(Op.eq(issuerUrl, issuer), `The discovery document is the one of ${issuer}, and is to be published somewhere else.`)],
  };
}

/** Refuses a path of documents in a bucket that makes no issuer URL. */
export function checkObjectPath(at: IConstruct, path: string): void {
  if (!/^[A-Za-z0-9_-][A-Za-z0-9_.-]*(\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$/.test(path)) {
    throw new ValidationError(at, {
      given: `path ${shown(path)}`,
      allowed: 'plain segments of letters, digits, "_", "." and "-", joined by "/", without a slash at either end',
      why: 'it is part of the issuer URL, which is compared byte for byte',
      fix: 'pass for example "clusters/prod"',
    });
  }
}

/** Refuses previous issuers that no API server was ever given, and the new one among them. */
export function checkPreviousIssuers(at: IConstruct, issuers: string[], issuerUrl: string): void {
  const bad = issuers.find((issuer) => !/^[^\s,]+$/.test(issuer) || /\/\/[^/]*@/.test(issuer) || issuer === issuerUrl) ?? firstDouble(issuers);
  if (bad === undefined) return;
  throw new ValidationError(at, {
    given: `previousIssuers ${shown(bad)}`,
    allowed: 'the issuers that the API server has had until now, each once, without a password in it and without the new one; an empty list for a new cluster',
    why: 'tokens of an issuer that the API server no longer names are refused at once, and so are Flux and the kubelet',
    fix: 'pass the "issuer" that `kubectl get --raw /.well-known/openid-configuration` shows now',
  });
}

/**
 * Refuses a discovery document, as `kubectl get --raw` shows it, that is another issuer's.
 *
 * @param jwksUri where the keys must be; undefined where nobody can say
 */
export function checkDiscovery(at: IConstruct, text: string, issuerUrl: string, jwksUri?: string): void {
  if (hasToken(text)) return;
  let document: any;
  try {
    document = JSON.parse(text);
  } catch {
    document = undefined;
  }
  if (typeof document?.issuer !== 'string') {
    throw new ValidationError(at, {
      given: `discovery document ${shown(text)}`,
      allowed: 'a JSON object with "issuer" and "jwks_uri"',
      why: 'clouds find the issuer\'s keys through it',
      fix: 'pass what `kubectl get --raw /.well-known/openid-configuration` shows',
    });
  }
  checkMember(at, document, 'issuer', issuerUrl, 'clouds compare it with the issuer they trust, and with the one in the token, byte for byte');
  if (jwksUri !== undefined) {
    checkMember(at, document, 'jwks_uri', jwksUri, 'clouds would fetch the keys from there, and that is not where they are published');
  }
}

function checkMember(at: IConstruct, document: any, member: 'issuer' | 'jwks_uri', expected: string, why: string): void {
  const value = document[member];
  if (value === expected || hasToken(expected)) return;
  const slash = typeof value === 'string' && value.replace(/\/$/, '') === expected.replace(/\/$/, '');
  const flag = member === 'issuer' ? '--service-account-issuer' : '--service-account-jwks-uri';
  throw new ValidationError(at, {
    given: `a discovery document whose "${member}" is ${shown(value)}${slash ? ', another only by its trailing slash.' : '.'}`,
    allowed: `"${member}": ${shown(expected)}`,
    why,
    fix: slash ? 'write the URL with the slash, or without it, in both places: as the cluster\'s tokens carry it' :
      `correct the document, and ${flag} of the API server, or pass the URL that the cluster uses`,
  });
}
