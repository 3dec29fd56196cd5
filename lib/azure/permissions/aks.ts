import { TerraformProvider } from 'cdktf';
import { PermissionOptions } from '../../core/permission-options';
import type { BoundPermission } from '../../core/shared/flux/service';
import { kept } from '../../core/shared/input/kept';
import { PROVIDER, TEXTS, oneOf } from '../../core/shared/input/option-shape';
import { checkOptions, checkValue } from '../../core/shared/input/options';
import { ValidationError } from '../../core/shared/input/validation-error';
import { checkNamespace } from '../../core/shared/kubernetes/names';
import { sorted } from '../../core/shared/sort';
import { AzurePermission } from '../azure-permission';
import { ScopeForm } from '../private/forms/scope';
import type { AzureGrantee } from '../private/grant/grantee';
import { assignRole, together } from '../private/policy/role-assignment';
import { ROLES } from '../private/policy/roles';
import { SERVICES } from '../services';

const CLUSTER_RESOURCE = '/providers/Microsoft[.]ContainerService/managedClusters/[a-zA-Z0-9][a-zA-Z0-9_-]{0,62}';

const CLUSTER: ScopeForm = {
  what: 'AKS cluster scope',
  resources: [CLUSTER_RESOURCE],
  above: 'management group',
  example: '/subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.ContainerService/managedClusters/<name>',
  why: 'a role assigned anywhere else gives no right on the cluster, and Flux gets 403 (AuthorizationFailed)',
  fixes: [
    [/Microsoft\.Kubernetes\/connectedClusters/i, 'this is an Arc-enabled cluster, which Flux does not look up; use FluxRemoteCluster.generic'],
    [/^https:\/\//, 'this is the API server; pass the cluster\'s resource ID (Terraform attribute `id`)'],
  ],
};

const IN_CLUSTER: ScopeForm = {
  ...CLUSTER,
  what: 'in-cluster scope',
  resources: [`${CLUSTER_RESOURCE}/namespaces/[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?`, CLUSTER_RESOURCE],
};

/**
 * A role of Azure RBAC for Kubernetes: what may be done inside a cluster.
 *
 * @see https://learn.microsoft.com/azure/aks/manage-azure-rbac#aks-built-in-roles
 */
export enum AksRole {
  /** Read most objects; not Secrets. */
  READER = 'reader',
  /** Read and write most objects; not roles, bindings, quotas. */
  WRITER = 'writer',
  /** Write all objects of namespaces, roles and bindings included; not quotas and namespaces. */
  ADMIN = 'admin',
  /** Everything: needed for Flux to apply namespaces, custom resource definitions and cluster roles. */
  CLUSTER_ADMIN = 'cluster-admin',
}

const ROLE = oneOf('AksRole', AksRole);
const ROLE_GUIDS: { readonly [role in AksRole]: string } = {
  [AksRole.READER]: ROLES.AKS_RBAC_READER,
  [AksRole.WRITER]: ROLES.AKS_RBAC_WRITER,
  [AksRole.ADMIN]: ROLES.AKS_RBAC_ADMIN,
  [AksRole.CLUSTER_ADMIN]: ROLES.AKS_RBAC_CLUSTER_ADMIN,
};

/** Options of `AksPermissions.access`. */
export interface AksAccessOptions extends PermissionOptions {
  /**
   * What the identity may do inside the cluster, by Azure RBAC, which the cluster must have enabled.
   *
   * @default - nothing: bind Kubernetes roles to the user `kubernetesUserName` of the identity in the cluster
   */
  readonly role?: AksRole;
  /**
   * The namespaces that `role` holds in; plain.
   *
   * @default - the whole scope
   */
  readonly namespaces?: string[];
}

/**
 * Remote clusters on Azure Kubernetes Service, for Kustomization and HelmRelease (see `FluxRemoteCluster.aks`). The cluster
 * must be integrated with Microsoft Entra ID.
 *
 * Guide: docs/azure.md#remote-aks-clusters
 *
 * @see https://fluxcd.io/flux/integrations/azure/#for-azure-kubernetes-service
 */
export class AksPermissions {
  /**
   * Look a cluster up and sign in to it: the role Azure Kubernetes Service Cluster User; with `role`, work in it too.
   *
   * @param scope the cluster, its resource group, subscription or management group; may be a token
   */
  public static access(scope: string, options: AksAccessOptions = {}): AzurePermission {
    options = kept(options);
    return AzurePermission._make({ service: SERVICES.aks, verb: 'access', resource: scope }, (to) => {
      checkOptions(to.at, 'AksPermissions.access', options, { role: ROLE.optional, namespaces: TEXTS.optional, provider: PROVIDER.optional });
      const { role, namespaces, provider } = options;
      const user = assignRole(to, 'ClusterUser', { role: ROLES.AKS_CLUSTER_USER, scope, form: namespaces === undefined ? CLUSTER : { ...CLUSTER, above: 'nothing' }, provider });
      return together([user, ...inCluster(to, scope, role, namespaces, provider)]);
    });
  }

  /**
   * Work in a cluster, beyond what `access` on it allows: for other roles in other namespaces. It does not allow to sign in.
   *
   * @param scope `<cluster ID>/namespaces/<namespace>`, the cluster, its resource group, subscription or management group; may be a token
   */
  public static inCluster(scope: string, role: AksRole, options: PermissionOptions = {}): AzurePermission {
    options = kept(options);
    return AzurePermission._make({ service: SERVICES.aks, verb: 'inCluster', resource: scope }, (to) => {
      checkOptions(to.at, 'AksPermissions.inCluster', options, { provider: PROVIDER.optional });
      checkValue(to.at, 'AksRole', role, ROLE);
      return assignRole(to, 'Resource', { role: ROLE_GUIDS[role], scope, form: IN_CLUSTER, provider: options.provider });
    });
  }

  private constructor() {}
}

function inCluster(to: AzureGrantee, scope: string, role?: AksRole, namespaces?: string[], provider?: TerraformProvider): BoundPermission[] {
  if (role === undefined) {
    if (namespaces === undefined) return [];
    throw new ValidationError(to.at, {
      given: `namespaces ${namespaces.join(', ')} without a role.`,
      allowed: '`namespaces` together with `role`',
      why: 'nothing says what may be done in them',
      fix: 'add `role`, for example AksRole.WRITER, or bind Kubernetes roles in the cluster and leave `namespaces` out',
    });
  }
  if (namespaces === undefined) return [assignRole(to, 'Resource', { role: ROLE_GUIDS[role], scope, form: IN_CLUSTER, provider })];
  if (role === AksRole.CLUSTER_ADMIN || namespaces.length === 0) {
    throw new ValidationError(to.at, {
      given: namespaces.length === 0 ? 'an empty list of namespaces.' : 'AksRole.CLUSTER_ADMIN in namespaces.',
      allowed: 'at least one namespace, with AksRole.READER, WRITER or ADMIN',
      why: 'an empty list would allow nothing, and what makes a cluster admin lies outside of namespaces',
      fix: 'leave `namespaces` out for the whole cluster, or use AksRole.ADMIN',
    });
  }
  return sorted(namespaces).map((namespace) => {
    checkNamespace(to.at, namespace);
    return assignRole(to, `Namespace_${namespace}`, { role: ROLE_GUIDS[role], scope: `${scope}/namespaces/${namespace}`, form: IN_CLUSTER, provider });
  });
}
