import { ACCOUNT, AKS_ISSUER, EKS_ISSUER, PROJECT } from '../computed';

export const NODE_ROLE = `arn:aws:iam::${ACCOUNT}:role/prod-nodes`;
export const NODE_EMAIL = `prod-nodes@${PROJECT}.iam.gserviceaccount.com`;
export const AZURE_RESOURCES = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/flux-prod/providers';
export const KUBELET = {
  client_id: '5b2f3a10-0000-4000-8000-00000000c11e',
  object_id: '5b2f3a10-0000-4000-8000-00000000b1ec',
  user_assigned_identity_id: '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/MC_flux-prod_prod_westeurope'
    + '/providers/Microsoft.ManagedIdentity/userAssignedIdentities/prod-agentpool',
};

const GROUP = 'module.eks.module.eks_managed_node_group["default"]';
const managed = (name: string) => [`${GROUP}.aws_iam_role_policy_attachment.this["${name}"]`, { role: 'prod-nodes', policy_arn: `arn:aws:iam::aws:policy/${name}` }];

/** The stack of whoever made the cluster and its nodes, as modules make them: what `terraform show -json` has of it, by address. */
export const CLUSTER_STATES: { readonly [example: string]: { readonly [address: string]: any } } = {
  'nodes-eks-mixed': {
    'module.eks.aws_eks_cluster.this[0]': {
      name: 'prod',
      arn: `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/prod`,
      role_arn: `arn:aws:iam::${ACCOUNT}:role/prod-cluster`,
      identity: [{ oidc: [{ issuer: EKS_ISSUER }] }],
      access_config: [{ authentication_mode: 'API' }],
    },
    [`${GROUP}.aws_eks_node_group.this[0]`]: {
      cluster_name: 'prod',
      node_group_name: 'default',
      node_role_arn: NODE_ROLE,
      capacity_type: 'ON_DEMAND',
      launch_template: [{ id: 'lt-0123456789abcdef0', name: 'default-2026', version: '1' }],
    },
    [`${GROUP}.aws_launch_template.this[0]`]: {
      id: 'lt-0123456789abcdef0',
      name: 'default-2026',
      metadata_options: [{ http_endpoint: 'enabled', http_put_response_hop_limit: 2, http_tokens: 'required', http_protocol_ipv6: '', instance_metadata_tags: '' }],
    },
    [`${GROUP}.aws_iam_role.this[0]`]: {
      name: 'prod-nodes',
      arn: NODE_ROLE,
      assume_role_policy: JSON.stringify({ Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Sid: 'EKSNodeAssumeRole' }], Version: '2012-10-17' }),
    },
    ...Object.fromEntries(['AmazonEKSWorkerNodePolicy', 'AmazonEKS_CNI_Policy'].map(managed)),
  },
  'nodes-gke': {
    'module.gke.google_service_account.nodes[0]': {
      account_id: 'prod-nodes', email: NODE_EMAIL, name: `projects/${PROJECT}/serviceAccounts/${NODE_EMAIL}`, member: `serviceAccount:${NODE_EMAIL}`, project: PROJECT,
    },
    'module.gke.google_container_cluster.primary': {
      name: 'prod', location: 'europe-west1', project: PROJECT, id: `projects/${PROJECT}/locations/europe-west1/clusters/prod`, remove_default_node_pool: true, workload_identity_config: [],
    },
    'module.gke.google_container_node_pool.pools["default"]': {
      name: 'default',
      cluster: 'prod',
      location: 'europe-west1',
      project: PROJECT,
      node_config: [{ service_account: NODE_EMAIL, oauth_scopes: ['https://www.googleapis.com/auth/cloud-platform'], workload_metadata_config: [{ mode: 'GCE_METADATA' }], machine_type: 'e2-standard-4' }],
    },
  },
  'nodes-aks-mixed': {
    'module.aks.azurerm_kubernetes_cluster.main': {
      name: 'prod',
      resource_group_name: 'flux-prod',
      location: 'westeurope',
      id: `${AZURE_RESOURCES}/Microsoft.ContainerService/managedClusters/prod`,
      oidc_issuer_enabled: true,
      oidc_issuer_url: AKS_ISSUER,
      identity: [{ type: 'SystemAssigned', principal_id: '5b2f3a10-0000-4000-8000-00000000c0de', tenant_id: '5b2f3a10-0000-4000-8000-00000000aaaa', identity_ids: [] }],
      kubelet_identity: [KUBELET],
    },
  },
};
