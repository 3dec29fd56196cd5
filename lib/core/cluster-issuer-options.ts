import { TerraformProvider } from 'cdktf';
import { Jwks } from './jwks';

/** Options of `ClusterIssuer.eks`. */
export interface EksClusterIssuerProps {
  /** The name of the cluster; may be a token. */
  readonly clusterName: string;
  /**
   * The region of the cluster.
   *
   * @default - the provider's
   */
  readonly region?: string;
  /**
   * The issuer URL, plain or the token of a cluster made in the same app.
   *
   * @default - looked up with the `aws_eks_cluster` data source
   */
  readonly issuerUrl?: string;
  /**
   * The ARN of the cluster, plain or the token of a cluster made in the same app. EKS Pod Identity needs it.
   *
   * @default - looked up, unless `issuerUrl` is given
   */
  readonly clusterArn?: string;
  /**
   * The AWS provider for the lookup.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/** Options of `ClusterIssuer.aks`. */
export interface AksClusterIssuerProps {
  /** The name of the cluster; may be a token. */
  readonly name: string;
  /** The resource group of the cluster; may be a token. */
  readonly resourceGroupName: string;
  /**
   * The issuer URL, plain or the token of a cluster made in the same app, with its trailing slash.
   *
   * @default - looked up with the `azurerm_kubernetes_cluster` data source
   */
  readonly issuerUrl?: string;
  /**
   * The azurerm provider for the lookup.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/** Options of `ClusterIssuer.gke`. */
export interface GkeClusterIssuerProps {
  /** The ID of the cluster's project (not its number); may be a token. */
  readonly projectId: string;
  /** The region or zone of the cluster; may be a token. */
  readonly location: string;
  /** The name of the cluster; may be a token. */
  readonly clusterName: string;
}

/** Options of `ClusterIssuer.gkeLookup`. */
export interface GkeClusterIssuerLookupProps {
  /** The name of the cluster; may be a token. */
  readonly clusterName: string;
  /**
   * The region or zone of the cluster; may be a token.
   *
   * @default - the provider's
   */
  readonly location?: string;
  /**
   * The ID of the cluster's project; may be a token.
   *
   * @default - the provider's
   */
  readonly projectId?: string;
  /**
   * The Google provider for the lookup.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/** Options of `ClusterIssuer.oidc`. */
export interface OidcClusterIssuerProps {
  /** The issuer URL: https, no query or fragment; kept byte for byte. May be a token. */
  readonly url: string;
  /**
   * The cluster's public keys. Google takes them by upload, so that the issuer need not be reachable; the other clouds always
   * fetch them from the issuer.
   *
   * @default - clouds fetch them from the issuer
   */
  readonly jwks?: Jwks;
  /**
   * What `kubectl get --raw /.well-known/openid-configuration` shows, to make sure that `url` is the issuer of this cluster.
   *
   * @default - not checked
   */
  readonly discoveryDocument?: string;
}
