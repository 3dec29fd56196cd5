import { IClusterIssuer } from './cluster-issuer';
import { Jwks } from './jwks';

/**
 * An issuer whose documents this app publishes, for a cluster that has no public one: self-managed, on-premises, kind. Only the
 * keys and the issuer's name become public; the API server stays where it is.
 *
 * See `S3HostedIssuer`, `GcsHostedIssuer` and `BlobHostedIssuer`.
 *
 * @see https://fluxcd.io/flux/integrations/cross-cloud/#for-clusters-without-a-built-in-public-issuer-url
 */
export interface IHostedIssuer extends IClusterIssuer {
  /** Where the keys are: the issuer URL and `openid/v1/jwks`. */
  readonly jwksUri: string;
  /**
   * The flags of the API server, in this order: the new issuer first (it issues), the previous ones after it (their tokens stay
   * valid), the keys last. Set them only after the documents are public.
   */
  readonly apiServerFlags: string[];
}

/** What every hosted issuer takes. */
export interface HostedIssuerBaseProps {
  /** The cluster's public keys; while a key is rotated, the old and the new one. */
  readonly jwks: Jwks;
  /**
   * The issuers of the cluster until now, newest first, as `kubectl get --raw /.well-known/openid-configuration` shows it:
   * their tokens stay valid. With kubeadm it is `https://kubernetes.default.svc.cluster.local`. Empty for a cluster that is yet
   * to be made.
   */
  readonly previousIssuers: string[];
  /**
   * A discovery document to publish instead of the one that the library makes, as JSON. Its `issuer` and `jwks_uri` must be
   * those of this issuer.
   *
   * @default - made from the issuer URL and the keys
   */
  readonly discoveryDocument?: string;
}
