import { Construct } from 'constructs';
import { ClusterKind, EksClusterIdentity, IClusterIssuer } from './cluster-issuer';
import { Jwks } from './jwks';
import { checkedScope } from './shared/input/construct-ids';
import { below, checkDiscovery, checkPreviousIssuers, discoveryDocument, JWKS_PATH, PublishedDocument, publishedDocument } from './shared/oidc/discovery';
import { checkIssuerUrl } from './shared/oidc/issuer-url';

/** An issuer whose documents this app publishes. */
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
export interface HostedIssuerProps {
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

/**
 * An issuer whose documents this app publishes, for a cluster that has no public one: self-managed, on-premises, kind. Only the
 * keys and the issuer's name become public; the API server stays where it is.
 *
 * See `S3HostedIssuer`, `GcsHostedIssuer` and `BlobHostedIssuer`.
 *
 * @see https://fluxcd.io/flux/integrations/cross-cloud/#for-clusters-without-a-built-in-public-issuer-url
 */
export abstract class HostedIssuer extends Construct implements IHostedIssuer {
  /** The kind of cluster: `OTHER`. */
  public readonly kind: ClusterKind = ClusterKind.OTHER;
  /** None: a hosted issuer is of a cluster that no cloud runs. */
  public readonly eksCluster?: EksClusterIdentity = undefined;
  private url = '';
  private keys?: Jwks;
  private previous: string[] = [];

  protected constructor(scope: Construct, id: string) {
    super(checkedScope(scope, id), id);
  }

  /** The issuer URL: the value of `--service-account-issuer`. */
  public get issuerUrl(): string {
    return this.url;
  }

  /** The cluster's public keys, which are published here. */
  public get jwks(): Jwks | undefined {
    return this.keys;
  }

  /** Where the keys are published: the value of `--service-account-jwks-uri`. */
  public get jwksUri(): string {
    return below(this.url, JWKS_PATH);
  }

  /** The flags of the API server, in order. Set them only after the documents are public. */
  public get apiServerFlags(): string[] {
    return [
      ...[this.url, ...this.previous].map((issuer) => `--service-account-issuer=${issuer}`),
      `--service-account-jwks-uri=${this.jwksUri}`,
    ];
  }

  /**
   * Takes the URL and returns the documents to publish below it, discovery first.
   *
   * @internal
   */
  protected _documents(issuerUrl: string, props: HostedIssuerProps): PublishedDocument[] {
    checkIssuerUrl(this, issuerUrl);
    checkPreviousIssuers(this, props.previousIssuers, issuerUrl);
    const jwks = props.jwks._json(this);
    this.url = issuerUrl;
    this.keys = props.jwks;
    this.previous = [...props.previousIssuers];
    if (props.discoveryDocument !== undefined) checkDiscovery(this, props.discoveryDocument, issuerUrl, this.jwksUri);
    const discovery = props.discoveryDocument ?? discoveryDocument(issuerUrl, props.jwks._algorithms(this));
    return [publishedDocument('Discovery', discovery, this), publishedDocument('Jwks', jwks, this)];
  }
}
