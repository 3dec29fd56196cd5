import { Collected, Document } from './hands';

/** Things about nodes that look odd and work, whatever the world; written before anybody looked at what the doctor says. */
export const NODE_HARMLESS: readonly (readonly [what: string, done: (c: Collected) => void])[] = [
  ['controllers on the network of their nodes, and a hop limit of 1, which then is enough', (c) => {
    if (!isOfNodes(c)) return;
    specs(c).forEach((spec) => { spec.hostNetwork = true; });
    c.all('aws_launch_template').forEach(({ values }) => { values.metadata_options[0].http_put_response_hop_limit = 1; });
  }],
  ['controllers on the network of their nodes, in a pool with Workload Identity', (c) => {
    if (c.all('google_container_node_pool').length === 0) return;
    specs(c).forEach((spec) => { spec.hostNetwork = true; });
    c.all('google_container_node_pool').forEach(({ values }) => { values.node_config[0].workload_metadata_config = [{ mode: 'GKE_METADATA' }]; });
  }],
  ['a second node group of the same role', (c) => c.all('aws_eks_node_group').forEach(({ values }) => (
    c.add('aws_eks_node_group', { ...values, node_group_name: 'spot', launch_template: [], capacity_type: 'SPOT' })))],
  ['a second node group of another role, where the pods need not run', (c) => c.all('aws_eks_node_group').forEach(({ values }) => (
    c.add('aws_eks_node_group', {
      ...values, node_group_name: 'gpu', node_role_arn: 'arn:aws:iam::111122223333:role/gpu', taint: [{ key: 'gpu', value: null, effect: 'NO_SCHEDULE' }],
    })))],
  ['node groups of another cluster, of another role and with a hop limit of 1', (c) => {
    if (!isOfNodes(c)) return;
    c.add('aws_eks_node_group', {
      cluster_name: 'staging', node_group_name: 'default', node_role_arn: 'arn:aws:iam::111122223333:role/staging', launch_template: [{ id: 'lt-staging', name: 'staging', version: '1' }],
    });
    c.add('aws_launch_template', { id: 'lt-staging', name: 'staging', metadata_options: [{ http_put_response_hop_limit: 1, http_endpoint: 'enabled', http_tokens: 'required' }] });
  }],
  ['a launch template that leaves the metadata service as it is', (c) => c.all('aws_launch_template').forEach(({ values }) => {
    values.metadata_options = [];
  })],
  ['a hop limit as wide as it goes', (c) => c.all('aws_launch_template').forEach(({ values }) => {
    values.metadata_options[0].http_put_response_hop_limit = 64;
  })],
  ['a hop limit of 1 on machines that still answer the older way, which counts no hops', (c) => c.all('aws_launch_template').forEach(({ values }) => {
    Object.assign(values.metadata_options[0], { http_put_response_hop_limit: 1, http_tokens: 'optional' });
  })],
  ['a newer version of the launch template, which no node group has yet, with a hop limit of 1', (c) => c.all('aws_launch_template').forEach(({ values }) => {
    values.latest_version = 2;
    values.metadata_options[0].http_put_response_hop_limit = 1;
  })],
  ['nodes of Karpenter, whose role no node group has', (c) => c.all('aws_eks_node_group').forEach(({ values }) => {
    values.node_role_arn = 'arn:aws:iam::111122223333:role/system-nodes';
    c.add('aws_eks_access_entry', { cluster_name: 'prod', principal_arn: 'arn:aws:iam::111122223333:role/prod-nodes', type: 'EC2_LINUX' });
  })],
  ['what AWS has for nodes, attached to their role', (c) => {
    const role = c.all('aws_iam_role_policy').map(({ values }) => values.role).find((each) => each === 'prod-nodes');
    if (role === undefined) return;
    ['AmazonEC2ContainerRegistryReadOnly', 'AmazonSSMManagedInstanceCore'].forEach((name) => c.add('aws_iam_role_policy_attachment', {
      role, policy_arn: `arn:aws:iam::aws:policy/${name}`,
    }));
  }],
  ['the metadata service named by the environment', (c) => {
    if (!isOfNodes(c)) return;
    managers(c).forEach((container) => container.env.push({ name: 'AWS_EC2_METADATA_DISABLED', value: 'false' }, { name: 'AWS_REGION', value: 'eu-west-1' }));
  }],
  ['an annotation of IRSA on a controller that pulls nothing', (c) => {
    if (!nodesOf(c, 'aws')) return;
    c.annotations('flux-system', 'notification-controller')['eks.amazonaws.com/role-arn'] = 'arn:aws:iam::111122223333:role/events';
  }],
  ['an annotation of Workload Identity that nodes without it do not look at', (c) => {
    if (c.all('google_container_node_pool').length === 0) return;
    c.annotations('flux-system', 'source-controller')['iam.gke.io/gcp-service-account'] = 'before@acme-prod.iam.gserviceaccount.com';
  }],
  ['an annotation of Azure without the label that its webhook asks for', (c) => {
    if (!nodesOf(c, 'azure')) return;
    c.annotations('flux-system', 'source-controller')['azure.workload.identity/client-id'] = '77777777-0000-4000-8000-000000000000';
  }],
  ['a label of Azure that says no', (c) => {
    if (!nodesOf(c, 'azure')) return;
    c.template('source-controller').metadata.labels['azure.workload.identity/use'] = 'false';
    c.pods('source-controller').forEach(({ metadata }) => { metadata.labels['azure.workload.identity/use'] = 'false'; });
  }],
  ['a second node pool of the same account', (c) => c.all('google_container_node_pool').forEach(({ values }) => (
    c.add('google_container_node_pool', { ...values, name: 'spot' })))],
  ['a second node pool with Workload Identity, where the pods need not run', (c) => c.all('google_container_node_pool').forEach(({ values }) => (
    c.add('google_container_node_pool', {
      ...values, name: 'new', node_config: [{ ...values.node_config[0], workload_metadata_config: [{ mode: 'GKE_METADATA' }] }],
    })))],
  ['node pools of another cluster, with Workload Identity and another account', (c) => c.all('google_container_node_pool').forEach(({ values }) => (
    c.add('google_container_node_pool', {
      ...values, cluster: 'staging', node_config: [{ ...values.node_config[0], service_account: 'staging@acme-prod.iam.gserviceaccount.com', workload_metadata_config: [{ mode: 'GKE_METADATA' }] }],
    })))],
  ['a cluster with Workload Identity, whose node pool has none', (c) => c.all('google_container_cluster').forEach(({ values }) => {
    values.workload_identity_config = [{ workload_pool: 'acme-prod.svc.id.goog' }];
  })],
  ['scopes of nodes by their older names', (c) => c.all('google_container_node_pool').forEach(({ values }) => {
    values.node_config[0].oauth_scopes = ['https://www.googleapis.com/auth/devstorage.read_only', 'https://www.googleapis.com/auth/logging.write'];
  })],
  ['AKS clusters of others, with kubelets of their own', (c) => c.all('azurerm_kubernetes_cluster').forEach(({ values }) => (
    c.add('azurerm_kubernetes_cluster', {
      ...values, name: 'staging', id: values.id.replace(/prod$/, 'staging'), kubelet_identity: [{ client_id: 'b', object_id: 'c', user_assigned_identity_id: 'd' }],
    })))],
  ['kubelet identities in capitals', (c) => c.all('azurerm_kubernetes_cluster').forEach(({ values }) => {
    const [kubelet] = values.kubelet_identity;
    Object.assign(kubelet, { client_id: kubelet.client_id.toUpperCase(), object_id: kubelet.object_id.toUpperCase() });
  })],
  ['objects that the nodes pull for, ready', (c) => {
    if (!isOfNodes(c)) return;
    c.objects.filter(({ apiVersion }) => /toolkit\.fluxcd\.io/.test(apiVersion)).forEach((object) => {
      object.status = { conditions: [{ type: 'Ready', status: 'True' }] };
    });
  }],
  ['more objects of other namespaces that pull by the nodes', (c) => {
    const own = c.objects.find(({ kind, spec }) => kind === 'OCIRepository' && spec.serviceAccountName === undefined && spec.provider !== undefined);
    if (!isOfNodes(c) || own === undefined) return;
    c.apply('OCIRepository', 'team-z', 'web', { provider: own.spec.provider, url: own.spec.url });
  }],
];

const byName = (c: Collected, kind: string) => c.objects.filter((object) => object.kind === kind);
const specs = (c: Collected): Document[] => [...byName(c, 'Deployment').map(({ spec }) => spec.template.spec), ...byName(c, 'Pod').map(({ spec }) => spec)];
const managers = (c: Collected): Document[] => specs(c).flatMap(({ containers }) => containers.filter(({ name }: Document) => name === 'manager'))
  .map((container) => { container.env ??= []; return container; });

/** Whether the nodes of a cluster act for Flux in a cloud: what they were given stands in the state. */
function nodesOf(c: Collected, cloud: 'aws' | 'azure' | 'gcp'): boolean {
  if (cloud === 'aws') return c.all('aws_iam_role_policy').some(({ values }) => values.role === 'prod-nodes');
  if (cloud === 'gcp') return c.all('google_artifact_registry_repository_iam_member').some(({ values }) => values.member.includes('prod-nodes@'));
  // Nothing but a client ID, which no webhook put there.
  const deployed = byName(c, 'Deployment').flatMap(({ spec }) => spec.template.spec.containers.flatMap(({ env = [] }: Document) => env)).map(({ name }) => name);
  return deployed.includes('AZURE_CLIENT_ID') && !deployed.includes('AZURE_TENANT_ID');
}

const isOfNodes = (c: Collected) => nodesOf(c, 'aws') || nodesOf(c, 'gcp') || nodesOf(c, 'azure');
