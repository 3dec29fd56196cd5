import { IConstruct } from 'constructs';
import type { IClusterIssuer } from '../../../core/cluster-issuer';
import type { Jwks } from '../../../core/jwks';
import { valueKey } from '../../../core/shared/input/once-per-app';
import { sameIssuer } from '../../../core/shared/oidc/issuer-url';
import { isPublic } from '../../../core/shared/oidc/known-issuers';

/** A cluster as a pool trusts it: by its issuer, and by the keys that were uploaded in place of the issuer's own. */
export interface TrustedCluster {
  readonly issuer: IClusterIssuer;
  /** The keys that are not the issuer's. */
  readonly _jwks?: Jwks;
}

/**
 * Whether two are one cluster. A URL that exists only inside clusters is that of many (every kubeadm cluster has the same):
 * there the keys tell clusters apart, or the construct does.
 */
export function sameCluster(at: IConstruct, a: TrustedCluster, b: TrustedCluster): boolean {
  if (a.issuer === b.issuer) return true;
  if (!sameIssuer(a.issuer, b.issuer)) return false;
  const [one, other] = [keysOf(at, a), keysOf(at, b)];
  if (one !== undefined && other !== undefined) return one === other;
  return isPublic(a.issuer.issuerUrl);
}

function keysOf(at: IConstruct, { issuer, _jwks }: TrustedCluster): string | undefined {
  const keys = (_jwks ?? issuer.jwks)?._json(at);
  return keys === undefined ? undefined : valueKey(at, keys);
}
