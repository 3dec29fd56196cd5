import { Fn } from 'cdktf';
import { IConstruct } from 'constructs';
import { isPublic } from './known-issuers';
import type { IClusterIssuer } from '../../cluster-issuer';
import { shown, ValidationError } from '../input/validation-error';
import { callOn, onceForEach } from '../terraform/light-token';
import { hasToken, splitAtTokens } from '../terraform/tokens';

/** Refuses issuer URLs that no cloud federates with. Tokens pass: Terraform knows their values. */
export function checkIssuerUrl(at: IConstruct | undefined, url: string): void {
  // A token may be the whole URL or begin it; what stands around tokens is checked like the rest.
  const known = typeof url === 'string' ? url.replace(/^\$\{TfToken\[[^\]]*\]\}/, 'https://known.at.apply') : '';
  if (/^https:\/\/[^/\s?#@]+(\/[^\s?#]*)?$/.test(known) && !/[^!-~]|[*"\\^`|<>]/.test(known)) return;
  throw new ValidationError(at, {
    given: `issuer URL ${shown(url)}`,
    allowed: 'an https URL with a host and no user, query, fragment or wildcard, in ASCII, for example "https://oidc.example.com/clusters/kind"',
    why: 'clouds fetch its discovery document over TLS and compare the token\'s issuer with it byte for byte',
    fix: 'pass the issuer exactly as `kubectl get --raw /.well-known/openid-configuration` shows it, a trailing slash included',
  });
}

/** The issuer without its scheme, as AWS names it in provider ARNs and condition keys. Everything else stays, slashes too. */
export function withoutScheme(url: string): string {
  if (url.startsWith('https://')) return url.slice('https://'.length);
  // The functions of cdktf take a token alone as it is, but warn of text around it.
  const [, token, ...rest] = splitAtTokens(url);
  return `${withoutSchemeLater(token)}${rest.join('')}`;
}

const withoutSchemeLater = onceForEach((token) => (
  callOn(token, (argument) => `replace(${argument}, "https://", "")`, (argument) => Fn.replace(argument, 'https://', ''))
));

/**
 * Whether two issuers are the same cluster as far as can be seen at synth: one construct, or one URL with the same keys. A URL that
 * no cloud can reach is the same in many clusters, so that without keys only the construct tells.
 */
export function sameIssuer(a: IClusterIssuer, b: IClusterIssuer): boolean {
  if (a === b) return true;
  if (a.issuerUrl !== b.issuerUrl || a.kind !== b.kind) return false;
  const [one, other] = [a.eksCluster?.name, b.eksCluster?.name];
  if (one !== undefined && other !== undefined && one !== other && !hasToken(one) && !hasToken(other)) return false;
  if (a.jwks === undefined && b.jwks === undefined) return isPublic(a.issuerUrl);
  return a.jwks?._json(a) === b.jwks?._json(b);
}
