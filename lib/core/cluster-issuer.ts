/* eslint-disable @typescript-eslint/no-require-imports -- bindings are loaded by the lookup that needs them */
import { Construct, IConstruct } from 'constructs';
import {
  AksClusterIssuerProps, EksClusterIssuerProps, GkeClusterIssuerLookupProps, GkeClusterIssuerProps, OidcClusterIssuerProps,
} from './cluster-issuer-options';
import { Jwks } from './jwks';
import { attempt } from './shared/input/all-or-nothing';
import { JWKS } from './shared/input/common-options';
import { checkedScope } from './shared/input/construct-ids';
import { PROVIDER, TEXT } from './shared/input/option-shape';
import { checkOptions } from './shared/input/options';
import { shown, ValidationError } from './shared/input/validation-error';
import { checkDiscovery } from './shared/oidc/discovery';
import { checkIssuerUrl } from './shared/oidc/issuer-url';
import { checkKnownIssuer } from './shared/oidc/known-issuers';
import { terraformCheck } from './shared/terraform/check';
import { newResource } from './shared/terraform/new-resource';
import { literal } from './shared/terraform/text';
import { hasToken } from './shared/terraform/tokens';

/** The kind of cluster that Flux runs in. It alone decides how Flux is configured toward each cloud. */
export enum ClusterKind {
  /** Amazon Elastic Kubernetes Service */
  EKS = 'eks',
  /** Azure Kubernetes Service */
  AKS = 'aks',
  /** Google Kubernetes Engine */
  GKE = 'gke',
  /** Any other cluster: self-managed, on-premises, kind. */
  OTHER = 'other',
}

/** The OIDC issuer of a cluster. */
export interface IClusterIssuer extends IConstruct {
  /** The issuer URL, byte for byte as the cluster's tokens carry it; may be a token. */
  readonly issuerUrl: string;
  /** The kind of cluster. */
  readonly kind: ClusterKind;
  /** The cluster itself, where a cloud knows it by more than its issuer: on EKS. */
  readonly eksCluster?: EksClusterIdentity;
  /**
   * The cluster's public keys. Clouds that take keys by upload (Google) use them instead of fetching them from the issuer.
   *
   * @default - clouds fetch them from the issuer
   */
  readonly jwks?: Jwks;
}

/** An EKS cluster, as EKS Pod Identity knows it. */
export interface EksClusterIdentity {
  /** The name of the cluster; may be a token. */
  readonly name: string;
  /**
   * The ARN of the cluster; may be a token.
   *
   * @default - not known: `ClusterIssuer.eks` was given `issuerUrl` without `clusterArn`
   */
  readonly arn?: string;
  /**
   * The region of the cluster.
   *
   * @default - the provider's
   */
  readonly region?: string;
}

/** What GKE puts before the resource name of a cluster. */
const GKE = 'https://container.googleapis.com/v1/';

/**
 * The OIDC issuer of the cluster that Flux runs in: its URL, byte for byte, and the kind of cluster. Identities trust it,
 * a `FluxInstallation` names it. (It has nothing to do with cert-manager's resource of the same name.)
 *
 * Make one per cluster and hand it on: two lookups of one cluster are not known to be the same at synth.
 *
 * Guide: docs/cluster-issuers.md
 *
 * @see https://fluxcd.io/flux/integrations/cross-cloud/
 */
export class ClusterIssuer extends Construct implements IClusterIssuer {
  /**
   * The issuer of an EKS cluster.
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html
   */
  public static eks(scope: Construct, id: string, props: EksClusterIssuerProps): ClusterIssuer {
    return ClusterIssuer.make(scope, id, ClusterKind.EKS, (issuer) => {
      checkOptions(issuer, 'ClusterIssuer.eks', props, {
        clusterName: TEXT,
        region: TEXT.optional,
        issuerUrl: TEXT.optional,
        clusterArn: TEXT.optional,
        provider: PROVIDER.optional,
      });
      issuer.requireText('clusterName', props.clusterName);
      issuer.eks = { name: props.clusterName, arn: props.clusterArn, region: props.region };
      issuer.checkEks(issuer.eks, props.issuerUrl);
      if (props.issuerUrl !== undefined) return issuer.use(props.issuerUrl);
      const { DataAwsEksCluster } = require(
        '@cdktf/provider-aws/lib/data-aws-eks-cluster',
      ) as typeof import('@cdktf/provider-aws/lib/data-aws-eks-cluster');
      const cluster = newResource(DataAwsEksCluster, issuer, 'Resource', {
        name: literal(props.clusterName), region: literal(props.region), provider: props.provider,
      });
      issuer.eks = { ...issuer.eks, arn: props.clusterArn ?? cluster.arn };
      return issuer.use(cluster.identity.get(0).oidc.get(0).issuer);
    });
  }

  /**
   * The issuer of an AKS cluster, which ends in a slash. The cluster must have its OIDC issuer enabled; the lookup checks it.
   *
   * @see https://learn.microsoft.com/azure/aks/use-oidc-issuer
   */
  public static aks(scope: Construct, id: string, props: AksClusterIssuerProps): ClusterIssuer {
    return ClusterIssuer.make(scope, id, ClusterKind.AKS, (issuer) => {
      checkOptions(issuer, 'ClusterIssuer.aks', props, {
        name: TEXT,
        resourceGroupName: TEXT,
        issuerUrl: TEXT.optional,
        provider: PROVIDER.optional,
      });
      issuer.requireText('name', props.name);
      issuer.requireText('resourceGroupName', props.resourceGroupName);
      if (props.issuerUrl !== undefined) return issuer.use(props.issuerUrl);
      const { DataAzurermKubernetesCluster } = require(
        '@cdktf/provider-azurerm/lib/data-azurerm-kubernetes-cluster',
      ) as typeof import('@cdktf/provider-azurerm/lib/data-azurerm-kubernetes-cluster');
      const cluster = newResource(DataAzurermKubernetesCluster, issuer, 'Resource', {
        name: literal(props.name),
        resourceGroupName: literal(props.resourceGroupName),
        provider: props.provider,
        lifecycle: {
          postcondition: [terraformCheck(
            '${self.oidc_issuer_enabled}',
            'The OIDC issuer of this AKS cluster is off: no cloud can trust its tokens. Run: az aks update --enable-oidc-issuer',
          )],
        },
      });
      return issuer.use(cluster.oidcIssuerUrl);
    });
  }

  /**
   * The issuer of a GKE cluster. It is computed: no lookup.
   *
   * @see https://cloud.google.com/iam/docs/workload-identity-federation-with-kubernetes
   */
  public static gke(scope: Construct, id: string, props: GkeClusterIssuerProps): ClusterIssuer {
    return ClusterIssuer.make(scope, id, ClusterKind.GKE, (issuer) => {
      checkOptions(issuer, 'ClusterIssuer.gke', props, {
        projectId: TEXT,
        location: TEXT,
        clusterName: TEXT,
      });
      issuer.requireText('projectId', props.projectId);
      issuer.requireText('location', props.location);
      issuer.requireText('clusterName', props.clusterName);
      return issuer.use(`${GKE}projects/${props.projectId}/locations/${props.location}/clusters/${props.clusterName}`);
    });
  }

  /**
   * The issuer of a GKE cluster that exists, by data source: Terraform fails if there is none of that name.
   *
   * @see https://cloud.google.com/iam/docs/workload-identity-federation-with-kubernetes
   */
  public static gkeLookup(scope: Construct, id: string, props: GkeClusterIssuerLookupProps): ClusterIssuer {
    return ClusterIssuer.make(scope, id, ClusterKind.GKE, (issuer) => {
      checkOptions(issuer, 'ClusterIssuer.gkeLookup', props, {
        clusterName: TEXT,
        location: TEXT.optional,
        projectId: TEXT.optional,
        provider: PROVIDER.optional,
      });
      issuer.requireText('clusterName', props.clusterName);
      if (props.location !== undefined) issuer.requireText('location', props.location);
      if (props.projectId !== undefined) issuer.requireText('projectId', props.projectId);
      const { DataGoogleContainerCluster } = require(
        '@cdktf/provider-google/lib/data-google-container-cluster',
      ) as typeof import('@cdktf/provider-google/lib/data-google-container-cluster');
      const cluster = newResource(DataGoogleContainerCluster, issuer, 'Resource', {
        name: literal(props.clusterName), location: literal(props.location), project: literal(props.projectId), provider: props.provider,
      });
      return issuer.use(`${GKE}${cluster.id}`);
    });
  }

  /**
   * The issuer of any other cluster.
   *
   * @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#service-account-issuer-discovery
   */
  public static oidc(scope: Construct, id: string, props: OidcClusterIssuerProps): ClusterIssuer {
    return ClusterIssuer.make(scope, id, ClusterKind.OTHER, (issuer) => {
      checkOptions(issuer, 'ClusterIssuer.oidc', props, {
        url: TEXT,
        jwks: JWKS.optional,
        discoveryDocument: TEXT.optional,
      });
      issuer.use(props.url, props.jwks);
      if (props.discoveryDocument !== undefined) checkDiscovery(issuer, props.discoveryDocument, props.url);
      return issuer;
    });
  }

  /** A refused issuer leaves nothing behind. */
  private static make(scope: Construct, id: string, kind: ClusterKind, describe: (issuer: ClusterIssuer) => ClusterIssuer): ClusterIssuer {
    const issuer = new ClusterIssuer(scope, id, kind);
    return attempt(issuer, () => describe(issuer));
  }

  /** The kind of cluster. */
  public readonly kind: ClusterKind;
  private url = '';
  private eks?: EksClusterIdentity;
  private keys?: Jwks;

  private constructor(scope: Construct, id: string, kind: ClusterKind) {
    super(checkedScope(scope, id), id);
    this.kind = kind;
  }

  /** The issuer URL, byte for byte as the cluster's tokens carry it; may be a token. */
  public get issuerUrl(): string {
    return this.url;
  }

  /** The cluster as EKS Pod Identity knows it; only of `ClusterIssuer.eks`. */
  public get eksCluster(): EksClusterIdentity | undefined {
    return this.eks;
  }

  /** The cluster's public keys, for clouds that take them by upload. */
  public get jwks(): Jwks | undefined {
    return this.keys;
  }

  private use(url: string, keys?: Jwks): this {
    checkIssuerUrl(this, url);
    checkKnownIssuer(this, url, this.kind);
    keys?._json(this); // bad keys are reported here, where they were given
    this.url = url;
    this.keys = keys;
    return this;
  }

  /** Name, ARN, region and issuer are of one cluster. */
  private checkEks({ name, arn, region }: EksClusterIdentity, issuerUrl: string | undefined): void {
    const plain = (value: string | undefined) => value === undefined || hasToken(value) ? undefined : value;
    const parts = plain(arn) === undefined ? undefined : /^arn:[\w-]+:eks:([a-z0-9-]+):\d{12}:cluster\/([A-Za-z0-9][\w-]*)$/.exec(arn!);
    const regions = [plain(region), parts?.[1], /^https:\/\/oidc[.-]eks\.([a-z0-9-]+)\./.exec(plain(issuerUrl) ?? '')?.[1]].filter((each) => each !== undefined);
    const isOne = (plain(name) === undefined || parts == null || parts[2] === name) && new Set(regions).size <= 1;
    if (parts !== null && isOne) return;
    throw new ValidationError(this, {
      given: `EKS cluster ${[name, region, arn, issuerUrl].filter((each) => each !== undefined).map(shown).join(', ')}`,
      allowed: 'name, region, ARN ("arn:aws:eks:<region>:<account>:cluster/<name>") and issuer URL of one and the same cluster',
      why: 'one part of the configuration would trust another cluster than the other, and let nobody in',
      fix: 'copy all of them from `aws eks describe-cluster`',
    });
  }

  private requireText(option: string, value: string): void {
    if (typeof value === 'string' && value !== '' && (hasToken(value) || /^[^\s/?#]+$/.test(value))) return;
    throw new ValidationError(this, {
      given: `${option} ${shown(value)}`,
      allowed: 'a name without spaces, "/", "?" or "#"',
      why: 'it finds the cluster, or is part of its issuer URL',
      fix: `pass the ${option} as the cloud shows it`,
    });
  }
}
