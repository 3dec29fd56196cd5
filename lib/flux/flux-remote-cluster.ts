import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import type { FluxInstallation } from './flux-installation';
import { FluxCloud } from '../core/flux-identity';
import { FluxServiceAccount } from '../core/flux-service-account';
import { FluxVersion } from '../core/flux-version';
import { checkRemoteAddress } from './private/model/remote-address';
import { INSTALLATION } from './private/options';
import { YamlTemplate } from './private/render/yaml';
import { requireVersion } from '../core/shared/flux/versions';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { SERVICE_ACCOUNT } from '../core/shared/input/common-options';
import { checkedScope } from '../core/shared/input/construct-ids';
import { OptionShapes, TEXT, TEXTS_OR_TOKEN } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { refuse, shown } from '../core/shared/input/validation-error';
import { checkNamespace, checkObjectName } from '../core/shared/kubernetes/names';
import { configMapObject } from '../core/shared/kubernetes/objects';
import { isObjectLevel } from '../core/shared/kubernetes/service-accounts';
import { hasToken, wholeToken } from '../core/shared/terraform/tokens';

/** Options that every remote cluster has. */
export interface FluxRemoteClusterBaseProps {
  /** The Flux that applies there (2.7 and later). */
  readonly installation: FluxInstallation;
  /** The namespace of the Kustomizations and HelmReleases that name the ConfigMap in `spec.kubeConfig.configMapRef`. */
  readonly namespace: string;
  /** The name of the ConfigMap. */
  readonly name: string;
  /**
   * The object-level service account that reaches the cluster, in the same namespace.
   *
   * @default - the controllers' own (controller level)
   */
  readonly serviceAccount?: FluxServiceAccount;
  /**
   * The https address of the API server, where Flux should use another than the one the cloud names; may be a token. Without
   * `caCertificate` it must be one that the cloud names (on EKS and GKE only up to Flux 2.7), and no DNS endpoint of GKE.
   *
   * @default - asked of the cloud
   */
  readonly address?: string;
  /**
   * The PEM certificates of the API server's authority; may be a token.
   *
   * @default - asked of the cloud
   */
  readonly caCertificate?: string;
}

/** Options of `FluxRemoteCluster.eks`. */
export interface EksRemoteClusterProps extends FluxRemoteClusterBaseProps {
  /** The ARN of the cluster; may be a token. */
  readonly clusterArn: string;
}

/** Options of `FluxRemoteCluster.aks`. */
export interface AksRemoteClusterProps extends FluxRemoteClusterBaseProps {
  /**
   * The resource ID of the cluster; may be a token.
   *
   * @default - none, with both `address` and `caCertificate`
   */
  readonly clusterId?: string;
}

/** Options of `FluxRemoteCluster.gke`. */
export interface GkeRemoteClusterProps extends FluxRemoteClusterBaseProps {
  /**
   * `projects/<project>/locations/<location>/clusters/<name>`; may be a token (`id` of the cluster's data source or resource).
   *
   * @default - none, with both `address` and `caCertificate`
   */
  readonly clusterId?: string;
}

/** Options of `FluxRemoteCluster.generic`. */
export interface GenericRemoteClusterProps extends FluxRemoteClusterBaseProps {
  /**
   * The audiences that the remote API server accepts in tokens of this cluster.
   *
   * @default - the address
   */
  readonly audiences?: string[];
}

interface Form {
  readonly provider: FluxCloud | 'generic';
  readonly option: string;
  readonly pattern: RegExp;
  readonly example: string;
}

/** What only one kind of cluster has in its ConfigMap. */
interface ClusterData {
  readonly provider: string;
  readonly cluster?: string;
  readonly audiences?: string;
}

const COMMON: OptionShapes<FluxRemoteClusterBaseProps> = {
  installation: INSTALLATION,
  namespace: TEXT,
  name: TEXT,
  serviceAccount: SERVICE_ACCOUNT.optional,
  address: TEXT.optional,
  caCertificate: TEXT.optional,
};

/**
 * A remote cluster that Kustomizations and HelmReleases apply to, with credentials of the cloud and no stored kubeconfig: the
 * ConfigMap for `spec.kubeConfig.configMapRef`. The identity needs `EksPermissions.access`, `AksPermissions.access` or
 * `GkePermissions.access`. Where a lockdown has a default account, or an object names one in `spec.serviceAccountName`, Flux impersonates
 * `system:serviceaccount:<namespace>:<account>` in the remote cluster: its rights there decide, and the identity must be allowed to.
 *
 * Guide: docs/aws/remote-clusters.md
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#kubeconfig-remote-clusters
 */
@allOrNothing
export class FluxRemoteCluster extends Construct {
  /** An EKS cluster. */
  public static eks(scope: Construct, id: string, props: EksRemoteClusterProps): FluxRemoteCluster {
    return new FluxRemoteCluster(scope, id, props, (remote) => {
      checkOptions(remote, 'FluxRemoteCluster.eks', props, { ...COMMON, clusterArn: TEXT });
      return remote.cloud(props.clusterArn, {
        provider: FluxCloud.AWS,
        option: 'clusterArn',
        pattern: /^arn:aws[\w-]*:eks:([^:]{1,100}):[0-9]{1,30}:cluster\/(.{1,200})$/,
        example: 'arn:aws:eks:eu-west-1:111122223333:cluster/staging',
      });
    });
  }

  /** An AKS cluster. */
  public static aks(scope: Construct, id: string, props: AksRemoteClusterProps): FluxRemoteCluster {
    return new FluxRemoteCluster(scope, id, props, (remote) => {
      checkOptions(remote, 'FluxRemoteCluster.aks', props, { ...COMMON, clusterId: TEXT.optional });
      return remote.cloud(props.clusterId, {
        provider: FluxCloud.AZURE,
        option: 'clusterId',
        pattern: /^\/subscriptions\/([^/]{36})\/resourceGroups\/([^/]{1,200})\/providers\/Microsoft\.ContainerService\/managedClusters\/([^/]{1,200})$/i,
        example: '/subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.ContainerService/managedClusters/<name>',
      });
    });
  }

  /** A GKE cluster. */
  public static gke(scope: Construct, id: string, props: GkeRemoteClusterProps): FluxRemoteCluster {
    return new FluxRemoteCluster(scope, id, props, (remote) => {
      checkOptions(remote, 'FluxRemoteCluster.gke', props, { ...COMMON, clusterId: TEXT.optional });
      return remote.cloud(props.clusterId, {
        provider: FluxCloud.GCP,
        option: 'clusterId',
        pattern: /^projects\/[^/]{1,200}\/locations\/[^/]{1,200}\/clusters\/[^/]{1,200}$/,
        example: 'projects/acme-prod/locations/europe-west1/clusters/staging',
      });
    });
  }

  /** Any other cluster, whose API server trusts the issuer of this one. */
  public static generic(scope: Construct, id: string, props: GenericRemoteClusterProps): FluxRemoteCluster {
    return new FluxRemoteCluster(scope, id, props, (remote) => {
      checkOptions(remote, 'FluxRemoteCluster.generic', props, { ...COMMON, audiences: TEXTS_OR_TOKEN.optional });
      if (props.address === undefined) {
        refuse(remote, 'no address.', 'an https address', 'without a cloud there is nobody to ask for it', 'set `address`');
      }
      return { provider: 'generic', audiences: linesOf(props.audiences) };
    });
  }

  private readonly data: ClusterData;
  private rendered?: string;

  private constructor(
    scope: Construct, id: string, private readonly props: FluxRemoteClusterBaseProps, dataOf: (remote: FluxRemoteCluster) => ClusterData,
  ) {
    super(checkedScope(scope, id), id);
    this.data = dataOf(this);
    const { namespace, name, serviceAccount, address } = props;
    checkNamespace(this, namespace);
    checkObjectName(this, 'ConfigMap name', name);
    if (serviceAccount !== undefined && (!isObjectLevel(serviceAccount) || serviceAccount.namespace !== namespace)) {
      refuse(this, `service account "${serviceAccount}"`, `an object-level account of namespace "${namespace}"`,
        'Flux looks the account up in the namespace of the object, and a controller\'s own account is used when none is named',
        'pass FluxServiceAccount.of(namespace, name), or leave it out for controller level');
    }
    if (address !== undefined && (hasToken(address) ? /\/\/[^/]*@/.test(address) : !/^https:\/\/[^\s\p{C}/?#@]+(\/[^\s\p{C}?#]*)?$/u.test(address))) {
      refuse(this, `address ${shown(address)}`, 'an https URL without user and password', 'Flux sends credentials there and refuses to do it without TLS', 'pass the API server\'s https address');
    }
    requireVersion(this, props.installation.version, FluxVersion.V2_7, `remote cluster "${namespace}/${name}"`,
      'this Flux does not read `spec.kubeConfig.configMapRef`: it would apply to its own cluster or refuse the object');
    checkRemoteAddress(this, this.data.provider, props.installation.version, address, props.caCertificate);
    props.installation._addRemoteCluster(this);
  }

  /** The ConfigMap as YAML, for Terraform. */
  public get yaml(): string {
    return this.rendered ??= new YamlTemplate().render([this._object()]);
  }

  /** The part of `spec` of the Kustomizations and HelmReleases that apply there. */
  public get spec(): any {
    return { kubeConfig: { configMapRef: { name: this.props.name } } };
  }

  /**
   * The namespace and name of the ConfigMap.
   *
   * @internal
   */
  public get _name(): string {
    return `${this.props.namespace}/${this.props.name}`;
  }

  /**
   * The account whose own token the cluster accepts, without a cloud in between.
   *
   * @internal
   */
  public _tokenUser(): FluxServiceAccount | undefined {
    return this.data.provider === 'generic' ? this.props.serviceAccount : undefined;
  }

  /**
   * The ConfigMap.
   *
   * @internal
   */
  public _object(): any {
    const { namespace, name, serviceAccount, address, caCertificate } = this.props;
    const data = { ...this.data, 'address': address, 'ca.crt': caCertificate, 'serviceAccountName': serviceAccount?.name };
    return configMapObject(namespace, name, Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)));
  }

  private cloud(cluster: string | undefined, form: Form): ClusterData {
    const { address, caCertificate } = this.props;
    if (cluster === undefined && (form.provider === FluxCloud.AWS || address === undefined || caCertificate === undefined)) {
      const without = form.provider === FluxCloud.AWS ? '' : ', or both `address` and `caCertificate`';
      refuse(this, 'no cluster.', `\`${form.option}\`${without}`, 'Flux asks the cloud for what is missing, and needs the cluster for that', `set \`${form.option}\``);
    }
    if (cluster !== undefined && !hasToken(cluster) && !form.pattern.test(cluster)) {
      refuse(this, `${form.option} ${shown(cluster)}`, `a value like "${form.example}", or a token`,
        'Flux refuses any other form', 'copy it from the cluster, or use its Terraform attribute');
    }
    return { provider: form.provider, cluster };
  }
}

/** One a line. */
function linesOf(texts: string[] = []): string | undefined {
  if (texts.length === 0) return undefined;
  return wholeToken(texts) === undefined ? texts.join('\n') : Fn.join('\n', texts);
}
