import { Fn } from 'cdktf';
import { PermissionOptions } from '../../core/permission-options';
import { kept } from '../../core/shared/input/kept';
import { FLAG, PROVIDER, instanceOf } from '../../core/shared/input/option-shape';
import { checkOptions } from '../../core/shared/input/options';
import { argumentOf } from '../../core/shared/terraform/tokens';
import { GcpPermission } from '../gcp-permission';
import { GcpResource } from '../gcp-resource';
import { GkeClusterRole } from '../gke-cluster-role';
import { lateName, parseName } from '../private/forms/resource-name';
import { CLUSTER } from '../private/forms/resources';
import { GcpGrantee } from '../private/grant/grantee';
import { bindRole, together } from '../private/policy/bind-role';
import { SERVICES } from '../services';

const ROLE = instanceOf<GkeClusterRole>('a GkeClusterRole', () => GkeClusterRole);

/** Options of `GkePermissions.access`. */
export interface GkeAccessOptions extends PermissionOptions {
  /**
   * An IAM role that gives rights inside the cluster.
   *
   * @default - none: bind the identity's `kubernetesUserNames` by Kubernetes RBAC in the cluster
   */
  readonly clusterRole?: GkeClusterRole;
  /**
   * Hold the roles for **every** cluster of the project: no condition narrows them to the one. For projects of one cluster,
   * and where conditions are not wanted.
   *
   * @default false
   */
  readonly wholeProject?: boolean;
}

/**
 * Google Kubernetes Engine, for Kustomization and HelmRelease with remote clusters (`FluxRemoteCluster.gke`).
 *
 * Guide: docs/gcp.md#remote-gke-clusters
 *
 * @see https://fluxcd.io/flux/integrations/gcp/#for-google-kubernetes-engine
 */
export class GkePermissions {
  /**
   * Look up a cluster to reach it: `roles/container.clusterViewer` on its project, the lowest place that Google takes the role,
   * narrowed to the cluster by a condition on its name. What the identity may do inside is up to Kubernetes RBAC there (for the
   * users `kubernetesUserNames`), or to `clusterRole`.
   *
   * @param cluster `projects/<project ID>/locations/<location>/clusters/<name>`; may be a token (`id` of the cluster's resource or
   * data source)
   */
  public static access(cluster: string, options: GkeAccessOptions = {}): GcpPermission {
    options = kept(options);
    return GcpPermission._make({ service: SERVICES.gke, verb: 'access', resource: cluster }, (to) => {
      checkOptions(to.at, 'GkePermissions.access', options, {
        clusterRole: ROLE.optional,
        wholeProject: FLAG.optional,
        provider: PROVIDER.optional,
      });
      const { project, location, name } = partsOf(to, cluster);
      const late = lateName(to.at, cluster, CLUSTER);
      // Regional clusters are called by their location in conditions, zonal ones by their zone.
      const condition = options.wholeProject ? undefined : {
        title: 'one cluster',
        expression: ['locations', 'zones'].map((place) => `resource.name == "projects/${project}/${place}/${location}/clusters/${name}"`).join(' || '),
      };
      const resource = GcpResource.project(project);
      const bind = (id: string, role: string) => bindRole(to, id, { role, resource, condition, provider: options.provider }, { late });
      return together(
        bind('ClusterViewer', 'roles/container.clusterViewer'),
        ...(options.clusterRole === undefined ? [] : [bind('ClusterRole', options.clusterRole.role)]),
      );
    });
  }

  private constructor() {}
}

interface Cluster {
  readonly project: string;
  readonly location: string;
  readonly name: string;
}

function partsOf(to: GcpGrantee, cluster: string): Cluster {
  const parts = parseName(to.at, cluster, CLUSTER);
  if (parts !== undefined) return { project: parts.project, location: parts.location, name: parts.cluster };
  const part = (place: number): string => Fn.element(Fn.split('/', argumentOf(cluster)), place);
  return { project: part(1), location: part(3), name: part(5) };
}
