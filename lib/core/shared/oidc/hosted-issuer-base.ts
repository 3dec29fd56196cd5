import { Construct } from 'constructs';
import { below, checkDiscovery, checkPreviousIssuers, discoveryDocument, JWKS_PATH, PublishedDocument, publishedDocument } from './discovery';
import { checkIssuerUrl } from './issuer-url';
import { ClusterKind, EksClusterIdentity } from '../../cluster-issuer';
import { HostedIssuerBaseProps, IHostedIssuer } from '../../hosted-issuer';
import { Jwks } from '../../jwks';
import { checkedScope } from '../input/construct-ids';

/**
 * What every hosted issuer is, in a place of its own or in one that exists.
 *
 * @internal
 */
export abstract class HostedIssuerBase extends Construct implements IHostedIssuer {
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
  protected _documents(issuerUrl: string, props: HostedIssuerBaseProps): PublishedDocument[] {
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
