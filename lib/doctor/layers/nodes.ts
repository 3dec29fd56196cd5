import { fails } from './overrides';
import { FluxCloud } from '../../core/flux-identity';
import { listOf, textOf } from '../json';
import { Given, isByNode, Judge, Patient, Refusal, shownList } from '../patient';

/**
 * Who the nodes of the cluster are, and whether their pods reach the metadata service that gives it. Of nodes it is not known which one a pod will
 * run on: where one of them is right, nothing is said.
 */
export const judgeNodes: Judge = (given, patient) => {
  if (!isByNode(patient) || !fails(given, patient)) return undefined;
  const { namespace } = given.model.flux;
  const { hostNetwork } = given.cluster.find('Deployment', namespace, patient.name)?.spec?.template?.spec ?? {};
  return OF[patient.identity.cloud]?.(given, patient, hostNetwork === true);
};

const OF: { readonly [cloud: string]: (given: Given, patient: Patient, isOnHost: boolean) => Refusal | undefined } = {
  [FluxCloud.AWS]: (given, patient, isOnHost) => {
    const groups = nodeGroups(given);
    return groups.length === 0 ? undefined : (isOnHost ? undefined : metadataOptions(given, groups)) ?? otherRole(given, patient, groups);
  },
  [FluxCloud.GCP]: (given, patient, isOnHost) => {
    const pools = nodePools(given);
    const own = autopilot(given) ?? (isOnHost ? undefined : ownIdentities(pools));
    return own ?? (pools.length === 0 ? undefined : otherServiceAccount(given, patient, pools) ?? scopes(pools));
  },
  [FluxCloud.AZURE]: otherKubelet,
};

/** The managed node groups of the cluster, as far as they are in a state. */
function nodeGroups({ states, model }: Given): any[] {
  const issuer = states.text(model.cluster.issuer);
  const isOwn = ({ identity }: any) => issuer !== undefined && identity?.[0]?.oidc?.[0]?.issuer === issuer;
  const names = states.of('aws_eks_cluster').filter(({ values }) => isOwn(values)).map(({ values }) => values.name);
  return states.of('aws_eks_node_group').map(({ values }) => values).filter(({ cluster_name: name }) => names.includes(name));
}

/** The metadata service is one hop further away from a pod than from its node. EKS allows for that, unless a launch template does not. */
function metadataOptions({ states }: Given, groups: readonly any[]): Refusal | undefined {
  const closed = groups.map(({ launch_template: [given] = [] }) => {
    const isGiven = ({ id, name }: any) => (id !== undefined && id === given?.id) || (name !== undefined && name === given?.name);
    const template = states.of('aws_launch_template').find(({ values }) => isGiven(values))?.values;
    // A state has the newest version only.
    if (template === undefined || ![undefined, '', '$Latest', String(template.latest_version)].includes(given.version)) return undefined;
    const [options] = listOf(template.metadata_options);
    if (options?.http_endpoint === 'disabled') return `http_endpoint of launch template ${template.name}: disabled`;
    // The older way to ask it takes no token, which is what hops are counted for.
    const isOneHop = options?.http_tokens === 'required' && options.http_put_response_hop_limit === 1;
    return isOneHop ? `http_put_response_hop_limit of launch template ${template.name}: 1` : undefined;
  });
  return closed.includes(undefined) ? undefined : {
    layer: 'network',
    saw: shownList(closed as string[]),
    expected: 'http_endpoint enabled, and 2 hops: a pod is one away from its node',
    says: 'no EC2 IMDS role found, or context deadline exceeded',
    fix: 'let the owner of the node group raise the hop limit, or take FluxIrsaRole or FluxPodIdentityRole, which need no metadata service',
    page: 'docs/aws/access-keys.md',
  };
}

function otherRole({ states }: Given, { identity }: Patient, groups: readonly any[]): Refusal | undefined {
  const [arn] = identity.principals.map((principal) => states.text(principal));
  const roles = groups.map(({ node_role_arn: role }) => String(role));
  if (arn === undefined || roles.includes(arn)) return undefined;
  // Nodes that are in no group, as those of Karpenter, have an entry or a profile.
  const isElsewhere = states.of('aws_eks_access_entry').some(({ values }) => values.principal_arn === arn)
    || states.of('aws_iam_instance_profile').some(({ values }) => values.role === arn.split('/').pop());
  return isElsewhere ? undefined : {
    layer: 'identity',
    saw: `role of the node groups: ${shownList(roles)}`,
    expected: arn,
    says: 'AccessDenied: the nodes are somebody else',
    fix: 'give FluxNodeRole the role of the nodes, and apply',
    page: 'docs/aws/access-keys.md',
  };
}

interface Place {
  readonly project: string;
  readonly location: string;
  readonly name: string;
}

/** The cluster of GKE, which its issuer names. */
function clusterOf({ states, model }: Given): Place | undefined {
  const [, project, location, name] = /\/projects\/([^/]+)\/locations\/([^/]+)\/clusters\/([^/]+)$/.exec(states.text(model.cluster.issuer) ?? '') ?? [];
  return name === undefined ? undefined : { project, location, name };
}

function isOf({ project, location, name }: Place, values: any, cluster: unknown): boolean {
  const own = String(cluster).split('/');
  return own.pop() === name && [undefined, location].includes(textOf(values.location)) && [undefined, project].includes(textOf(values.project));
}

function clusters(given: Given): any[] {
  const place = clusterOf(given);
  return given.states.of('google_container_cluster').map(({ values }) => values)
    .filter((values) => place !== undefined && isOf(place, values, values.name));
}

/** The node pools of the cluster: of their own, else those that the cluster lists. */
function nodePools(given: Given): any[] {
  const place = clusterOf(given);
  const own = given.states.of('google_container_node_pool').map(({ values }) => values)
    .filter((values) => place !== undefined && isOf(place, values, values.cluster));
  const pools = own.length > 0 ? own : clusters(given).slice(0, 1).flatMap(({ node_pool: listed }) => listOf(listed));
  return pools.flatMap(({ name, node_config: [config] = [] }) => config === undefined ? [] : [{ name, ...config }]);
}

const ITSELF = {
  layer: 'identity' as const,
  says: 'Permission denied on resource (or it may not exist)',
  fix: 'grant a FluxGcpPrincipal or a FluxGcpServiceAccount in place of the nodes',
  page: 'docs/gcp.md',
};

function autopilot(given: Given): Refusal | undefined {
  const [found] = clusters(given).filter(({ enable_autopilot: is }) => is === true);
  return found === undefined ? undefined : { ...ITSELF, saw: `cluster ${found.name} is an Autopilot: Workload Identity makes each pod itself`, expected: 'nodes without Workload Identity' };
}

/** With Workload Identity the metadata server gives each pod its own identity. */
function ownIdentities(pools: readonly any[]): Refusal | undefined {
  if (pools.length === 0 || !pools.every(({ workload_metadata_config: [config] = [] }) => config?.mode === 'GKE_METADATA')) return undefined;
  return {
    ...ITSELF,
    saw: `workload_metadata_config of node pool ${shownList(pools.map(({ name }) => name))}: GKE_METADATA, which makes each pod itself`,
    expected: 'GCE_METADATA',
  };
}

function otherServiceAccount({ states }: Given, { identity }: Patient, pools: readonly any[]): Refusal | undefined {
  const members = identity.principals.map((principal) => states.text(principal)?.toLowerCase());
  const accounts = pools.map(({ service_account: account }) => textOf(account) ?? 'default');
  const isHis = (account: string) => members.some((member) => member === undefined || member === `serviceaccount:${account.toLowerCase()}`
    || (account === 'default' && /-compute@developer\.gserviceaccount\.com$/.test(member)));
  return accounts.some(isHis) ? undefined : {
    ...ITSELF,
    saw: `service account of node pool ${shownList(pools.map(({ name }) => name))}: ${shownList(accounts)}`,
    expected: shownList(members as string[]),
    fix: 'give FluxGcpNodeServiceAccount the service account of the nodes, and apply',
  };
}

/** What the tokens of a node may be used for at all, whatever its roles. */
function scopes(pools: readonly any[]): Refusal | undefined {
  const reading = /\/auth\/(cloud-platform|cloud-platform\.read-only|devstorage\.(read_only|read_write|full_control))$/;
  const all = pools.map(({ oauth_scopes: given }) => listOf(given).map(String));
  if (all.some((given) => given.length === 0 || given.some((scope) => reading.test(scope)))) return undefined;
  return {
    layer: 'permission',
    saw: `oauth_scopes of the node pools: ${shownList(all.flat())}`,
    expected: 'https://www.googleapis.com/auth/cloud-platform, or devstorage.read_only',
    says: 'Request had insufficient authentication scopes',
    fix: 'let the owner of the node pool widen its scopes: that makes its nodes anew',
    page: 'docs/gcp.md',
  };
}

function otherKubelet({ states, model }: Given, { identity }: Patient): Refusal | undefined {
  const issuer = states.text(model.cluster.issuer);
  const own = states.of('azurerm_kubernetes_cluster').filter(({ values }) => issuer !== undefined && values.oidc_issuer_url === issuer);
  const kubelets = own.flatMap(({ values }) => listOf(values.kubelet_identity)).map(({ object_id: id }) => textOf(id)?.toLowerCase());
  const principals = identity.principals.map((principal) => states.text(principal)?.toLowerCase());
  const isUnknown = kubelets.length === 0 || [...kubelets, ...principals].includes(undefined);
  if (isUnknown || kubelets.some((each) => principals.includes(each))) return undefined;
  return {
    layer: 'identity',
    saw: `kubelet identity of the cluster: ${shownList(kubelets as string[])}`,
    expected: shownList(principals as string[]),
    says: 'ManagedIdentityCredential: Identity not found',
    fix: 'give FluxAzureKubeletIdentity the identity of this cluster (or look it up), apply, and deliver',
    page: 'docs/azure.md',
  };
}
