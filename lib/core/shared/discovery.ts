import { IConstruct } from 'constructs';
import { hasToken } from './tokens';
import { shown, ValidationError } from './validation-error';

/** Where the documents of an issuer are, below its URL. */
export const DISCOVERY_PATH = '.well-known/openid-configuration';
/** The JWKS below the issuer URL, where Kubernetes has it too. */
export const JWKS_PATH = 'openid/v1/jwks';

/** The URL of a document below an issuer URL that ends in a slash or not. */
export function below(issuerUrl: string, path: string): string {
  return issuerUrl.endsWith('/') ? `${issuerUrl}${path}` : `${issuerUrl}/${path}`;
}

/** The discovery document of an issuer: what Kubernetes itself answers. */
export function discoveryDocument(issuerUrl: string, algorithms: readonly string[] = ['RS256']): object {
  return {
    issuer: issuerUrl,
    jwks_uri: below(issuerUrl, JWKS_PATH),
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: algorithms,
  };
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
      why: 'clouds read the issuer\'s keys through it',
      fix: 'pass what `kubectl get --raw /.well-known/openid-configuration` shows',
    });
  }
  checkMember(at, document, 'issuer', issuerUrl, 'clouds compare it with the issuer they trust, and with the one in the token, byte for byte');
  if (jwksUri !== undefined) {
    checkMember(at, document, 'jwks_uri', jwksUri, 'clouds fetch the keys from there, and that is where they are not');
  }
}

function checkMember(at: IConstruct, document: any, member: string, expected: string, why: string): void {
  const value = document[member];
  if (value === expected || hasToken(expected)) return;
  const slash = typeof value === 'string' && value.replace(/\/$/, '') === expected.replace(/\/$/, '');
  throw new ValidationError(at, {
    given: `a discovery document whose "${member}" is ${shown(value)}${slash ? ': it differs by its trailing slash.' : '.'}`,
    allowed: `"${member}": ${shown(expected)}`,
    why,
    fix: slash ? 'write the URL with or without the slash in both places, as the cluster\'s tokens carry it' :
      `set --service-account-${member === 'issuer' ? 'issuer' : 'jwks-uri'} of the API server to it, or pass the URL that the cluster uses`,
  });
}
