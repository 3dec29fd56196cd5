import { Fn } from 'cdktf';
import { IConstruct } from 'constructs';
import type { IClusterIssuer } from '../cluster-issuer';
import { hasToken } from './tokens';
import { shown, ValidationError } from './validation-error';

/** Refuses issuer URLs that no cloud federates with. Tokens pass: Terraform knows them. */
export function checkIssuerUrl(at: IConstruct | undefined, url: string): void {
  if (typeof url === 'string' && (hasToken(url) || (/^https:\/\/[^/\s?#@]+(\/[^\s?#]*)?$/.test(url) && !url.includes('*')))) return;
  throw new ValidationError(at, {
    given: `issuer URL ${shown(url)}`,
    allowed: 'an https URL with a host and no user, query, fragment or wildcard, for example "https://oidc.example.com/clusters/kind"',
    why: 'clouds fetch its discovery document over TLS and compare the token\'s issuer with it byte for byte',
    fix: 'pass the issuer exactly as `kubectl get --raw /.well-known/openid-configuration` shows it, a trailing slash included',
  });
}

/** The issuer without its scheme, as AWS names it in provider ARNs and condition keys. Everything else stays, slashes too. */
export function withoutScheme(url: string): string {
  // By Terraform only where it must be: cdktf warns of functions over text that has tokens in it.
  return url.startsWith('https://') ? url.slice('https://'.length) : Fn.replace(url, 'https://', '');
}

/** Whether two issuers are the same cluster as far as can be seen at synth. */
export function sameIssuer(a: IClusterIssuer, b: IClusterIssuer): boolean {
  return a === b || (a.issuerUrl === b.issuerUrl && a.kind === b.kind);
}
