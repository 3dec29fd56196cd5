import { all, Change, clone, containers, drop, dropResources, get, pod, policy, resources, values } from './doctor-changes';
import type { Layer } from '../../lib/doctor/layers';

/** One fault: the example, the layer that must be named first, what is wrong, and the change that makes it so. */
export type Fault = readonly [example: string, layer: Layer, what: string, change: Change];

const EKS = 'flux-aws-eks';
const AKS = 'flux-azure-aks';
const GKE = 'flux-gcp-gke';
const OTHER = 'flux-aws-other';
const GCP = 'flux-gcp-other';
const TENANTS = 'flux-multi-tenant';
const CROSS = 'flux-cross-cloud';
const POD = 'flux-aws-pod-identity';

const object = (kind: string, is: (each: any) => boolean = () => true) => (world: any) => all(world, kind).find(is);
const inNamespace = (namespace: string) => (each: any) => each.metadata.namespace === namespace;
const annotations = (world: any, name: string, namespace?: string) => get(world, 'ServiceAccount', name, namespace).metadata.annotations;
const unset = (container: any, name: string) => {
  container.env = container.env.filter((each: any) => each.name !== name);
};
const set = (container: any, name: string, value: string) => {
  container.env.find((each: any) => each.name === name).value = value;
};
const statements = (holder: any, change: (all: any[]) => any[]) => policy(holder, 'policy', (document) => {
  document.Statement = change(document.Statement);
});
const without = (action: string) => (list: any[]) => list
  .map((each) => ({ ...each, Action: [each.Action].flat().filter((one: string) => one !== action) }))
  .filter(({ Action }) => Action.length > 0);
const projected = (world: any, controller: string) => [get(world, 'Deployment', controller).spec.template.spec, pod(world, controller).spec]
  .flatMap(({ volumes }) => volumes).flatMap((volume: any) => volume.projected?.sources ?? [])
  .flatMap((source: any) => source.serviceAccountToken ?? []);

/** Made from what Flux's pages and the clouds say can go wrong, apart from the doctor. */
export const FAULTS: readonly Fault[] = [
  // Flux objects
  [EKS, 'flux object', 'a forgotten provider', (world) => delete object('OCIRepository', inNamespace('team-a'))(world).spec.provider],
  [EKS, 'flux object', 'an account that does not exist', (world) => {
    object('OCIRepository', inNamespace('team-a'))(world).spec.serviceAccountName = 'fluxx';
  }],
  [EKS, 'flux object', 'a forgotten provider of an ImageRepository', (world) => delete object('ImageRepository')(world).spec.provider],
  [EKS, 'flux object', 'the provider of another cloud', (world) => {
    object('OCIRepository', inNamespace('team-a'))(world).spec.provider = 'azure';
  }],
  [AKS, 'flux object', 'a forgotten provider', (world) => delete object('OCIRepository')(world).spec.provider],
  [AKS, 'flux object', 'the provider of another cloud', (world) => {
    object('OCIRepository')(world).spec.provider = 'gcp';
  }],
  [GKE, 'flux object', 'a forgotten provider', (world) => delete object('OCIRepository')(world).spec.provider],
  [GCP, 'flux object', 'the provider of the cluster, not of the registry', (world) => {
    object('OCIRepository', inNamespace('team-a'))(world).spec.provider = 'aws';
  }],
  [CROSS, 'flux object', 'an account without an identity', (world) => {
    object('OCIRepository', inNamespace('team-a'))(world).spec.serviceAccountName = 'default';
  }],
  [EKS, 'flux object', 'a pull secret beside the provider', (world) => {
    object('OCIRepository')(world).spec.secretRef = { name: 'regcred' };
  }],
  [EKS, 'flux object', 'a HelmRepository whose provider has no effect', (world) => world.items.push({
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'HelmRepository',
    metadata: { name: 'charts', namespace: 'flux-system' },
    spec: { provider: 'aws', url: 'https://111122223333.dkr.ecr.eu-west-1.amazonaws.com/charts' },
  })],
  // Flux's version
  ['flux-multi-tenant-2-10', 'flux version', 'Flux 2.9 runs, whose gate is off', (world) => all(world, 'Deployment').forEach(({ metadata }) => {
    metadata.labels = { ...metadata.labels, 'app.kubernetes.io/part-of': 'flux', 'app.kubernetes.io/version': 'v2.9.5' };
  })],
  ['flux-aws-remote-cluster', 'flux version', 'Flux 2.6 runs, which knows no remote clusters', (world) => all(world, 'Deployment').forEach(({ metadata }) => {
    metadata.labels = { ...metadata.labels, 'app.kubernetes.io/part-of': 'flux', 'app.kubernetes.io/version': 'v2.6.4' };
  })],
  // controllers
  [EKS, 'controller', 'a controller that is not installed', (world) => {
    drop(world, ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'image-reflector-controller');
  }],
  [EKS, 'controller', 'a controller that is scaled to nothing', (world) => {
    get(world, 'Deployment', 'kustomize-controller').spec.replicas = 0;
    drop(world, ({ kind, spec }) => kind === 'Pod' && spec.serviceAccountName === 'kustomize-controller');
  }],
  [AKS, 'controller', 'a controller whose pods are all evicted', (world) => {
    pod(world, 'source-controller').status = { phase: 'Failed', reason: 'Evicted' };
  }],
  // accounts
  [EKS, 'account', 'the account of a tenant is missing', (world) => drop(world, ({ kind, metadata }) => kind === 'ServiceAccount' && metadata.namespace === 'team-a')],
  [TENANTS, 'account', 'the account for decryption is missing', (world) => {
    drop(world, ({ kind, metadata }) => kind === 'ServiceAccount' && metadata.namespace === 'team-b' && metadata.name === 'flux-sops');
  }],
  [GKE, 'account', 'the account of a tenant is missing', (world) => drop(world, ({ kind, metadata }) => kind === 'ServiceAccount' && metadata.namespace === 'team-a')],
  // settings
  [EKS, 'settings', 'a controller\'s annotation is gone', (world) => delete annotations(world, 'source-controller')['eks.amazonaws.com/role-arn']],
  [EKS, 'settings', 'a tenant\'s annotation names another role', (world) => {
    annotations(world, 'flux', 'team-a')['eks.amazonaws.com/role-arn'] = 'arn:aws:iam::111122223333:role/old';
  }],
  [AKS, 'settings', 'the client ID of another identity', (world) => {
    annotations(world, 'kustomize-controller')['azure.workload.identity/client-id'] = '99999999-9999-4999-8999-999999999999';
  }],
  [AKS, 'settings', 'the tenant ID is gone', (world) => delete annotations(world, 'flux', 'team-a')['azure.workload.identity/tenant-id']],
  [AKS, 'settings', 'the label that the webhook asks for is gone', (world) => delete get(world, 'Deployment', 'source-controller').spec.template.metadata.labels['azure.workload.identity/use']],
  [GKE, 'settings', 'the annotation of the service account of Google is gone', (world) => delete annotations(world, 'kustomize-controller')['iam.gke.io/gcp-service-account']],
  [GCP, 'settings', 'the annotation of the provider is gone', (world) => delete annotations(world, 'flux', 'team-a')['gcp.auth.fluxcd.io/workload-identity-provider']],
  [GCP, 'settings', 'the ConfigMap is missing', (world) => drop(world, ({ kind, metadata }) => kind === 'ConfigMap' && /workload-identity-federation/.test(metadata.name))],
  [GCP, 'settings', 'the token is for another audience', (world) => projected(world, 'source-controller').forEach((token) => {
    if (token.path === 'gcp-token') token.audience = 'https://kubernetes.default.svc';
  })],
  [OTHER, 'settings', 'the role is not set', (world) => containers(world, 'source-controller').forEach((each) => unset(each, 'AWS_ROLE_ARN'))],
  [OTHER, 'settings', 'the region is not set', (world) => containers(world, 'source-controller').forEach((each) => unset(each, 'AWS_REGION'))],
  [OTHER, 'settings', 'the token is not mounted', (world) => [get(world, 'Deployment', 'source-controller').spec.template.spec, pod(world, 'source-controller').spec].forEach((spec) => {
    spec.volumes = spec.volumes.filter((volume: any) => !(volume.projected?.sources ?? []).some((source: any) => source.serviceAccountToken));
  })],
  ['flux-azure-other', 'settings', 'the client ID of another identity', (world) => containers(world, 'source-controller').forEach((each) => set(each, 'AZURE_CLIENT_ID', 'another'))],
  ['flux-azure-private-cloud', 'settings', 'the environment file is not mounted', (world) => [get(world, 'Deployment', 'source-controller').spec.template.spec].forEach((spec) => {
    spec.volumes = spec.volumes.filter((volume: any) => volume.configMap?.name !== 'flux-azure-environment');
  })],
  [CROSS, 'settings', 'the annotation of one of three clouds is gone', (world) => delete annotations(world, 'flux', 'team-a')['gcp.auth.fluxcd.io/workload-identity-provider']],
  ['flux-gcp-keys', 'settings', 'the key is not mounted', (world) => containers(world, 'kustomize-controller').slice(0, 1).forEach((each) => {
    each.volumeMounts = each.volumeMounts.filter((mount: any) => mount.mountPath !== '/etc/gcp-service-account');
  })],
  // pods
  [EKS, 'pod', 'the webhook did not act', (world) => ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'].forEach((name) => unset(containers(world, 'source-controller')[1], name))],
  [EKS, 'pod', 'the pod is older than the change of role', (world) => set(containers(world, 'kustomize-controller')[1], 'AWS_ROLE_ARN', 'arn:aws:iam::111122223333:role/old')],
  [AKS, 'pod', 'the webhook did not act', (world) => ['AZURE_CLIENT_ID', 'AZURE_FEDERATED_TOKEN_FILE'].forEach((name) => unset(containers(world, 'source-controller')[1], name))],
  [POD, 'pod', 'the pod is older than the association', (world) => unset(containers(world, 'source-controller')[1], 'AWS_CONTAINER_CREDENTIALS_FULL_URI')],
  [OTHER, 'pod', 'the pod is older than the change of role', (world) => set(containers(world, 'source-controller')[1], 'AWS_ROLE_ARN', 'arn:aws:iam::111122223333:role/old')],
  // gates
  [TENANTS, 'gate', 'the gate is off', (world) => containers(world, 'source-controller').forEach((each) => {
    each.args = each.args.filter((arg: string) => !/ObjectLevelWorkloadIdentity/.test(arg));
  })],
  [TENANTS, 'gate', 'the gate is switched off again', (world) => containers(world, 'kustomize-controller').forEach((each) => {
    each.args.push('--feature-gates=ObjectLevelWorkloadIdentity=false');
  })],
  ['flux-operator-eks', 'gate', 'the gate is off', (world) => containers(world, 'source-controller').forEach((each) => {
    each.args = each.args.filter((arg: string) => !/ObjectLevelWorkloadIdentity/.test(arg));
  })],
  // rights to tokens
  ['flux-multi-tenant-2-10', 'token right', 'the binding is gone', (world) => drop(world, ({ kind, metadata }) => kind === 'RoleBinding' && metadata.namespace === 'team-b')],
  [EKS, 'token right', 'the Role is for another account', (world) => all(world, 'Role').filter(inNamespace('team-a')).forEach(({ rules }) => rules.forEach((rule: any) => {
    rule.resourceNames = ['other'];
  }))],
  [AKS, 'token right', 'the binding is for the controllers of another namespace', (world) => all(world, 'RoleBinding').filter(inNamespace('team-a')).forEach(({ subjects }) => (
    subjects.forEach((subject: any) => {
      subject.namespace = 'flux';
    })
  ))],
  // issuer and keys
  [EKS, 'issuer', 'the token is of another cluster', (world) => {
    world.claims = { iss: 'https://oidc.eks.eu-west-1.amazonaws.com/id/OTHER' };
  }],
  [AKS, 'issuer', 'the discovery document says no slash', (world) => {
    world.discovery = { issuer: values(world, 'azurerm_kubernetes_cluster').oidc_issuer_url.replace(/\/$/, '') };
  }],
  ['flux-gcp-kind', 'keys', 'the cluster has new keys', (world) => {
    world.jwks = { keys: [{ kid: 'new' }] };
    values(world, 'google_iam_workload_identity_pool_provider').oidc[0].jwks_json = '{"keys":[{"kid":"old"}]}';
  }],
  ['flux-azure-certificate', 'keys', 'the certificates have ended', (world) => resources(world, 'azuread_service_principal_certificate').forEach((each) => {
    each.values.end_date = '2020-01-01T00:00:00Z';
  })],
  // trust anchors
  [EKS, 'trust anchor', 'the cluster was made anew', (world) => {
    resources(world, 'aws_eks_cluster').forEach((each) => {
      each.values.identity[0].oidc[0].issuer = 'https://oidc.eks.eu-west-1.amazonaws.com/id/NEW';
    });
  }],
  [EKS, 'trust anchor', 'the provider takes another audience', (world) => {
    values(world, 'aws_iam_openid_connect_provider').client_id_list = ['sts'];
  }],
  [AKS, 'trust anchor', 'the credential\'s issuer has no slash', (world) => {
    const found = values(world, 'azurerm_federated_identity_credential', 'TeamA');
    found.issuer = found.issuer.replace(/\/$/, '');
  }],
  [GCP, 'trust anchor', 'the provider is disabled', (world) => {
    values(world, 'google_iam_workload_identity_pool_provider').disabled = true;
  }],
  [GCP, 'trust anchor', 'the pool is deleted', (world) => {
    values(world, 'google_iam_workload_identity_pool').state = 'DELETED';
  }],
  [GCP, 'trust anchor', 'the provider is of another issuer', (world) => {
    values(world, 'google_iam_workload_identity_pool_provider').oidc[0].issuer_uri = 'https://oidc.eks.eu-west-1.amazonaws.com/id/OLD';
  }],
  // trust
  [EKS, 'trust', 'the trust policy names another subject', (world) => {
    const role = values(world, 'aws_iam_role', 'TeamA');
    role.assume_role_policy = role.assume_role_policy.replace('team-a:flux', 'team-a:default');
  }],
  [EKS, 'trust', 'the trust policy asks for another audience', (world) => {
    const role = values(world, 'aws_iam_role', 'TeamA');
    role.assume_role_policy = role.assume_role_policy.replace(/:aud":"sts\.amazonaws\.com"/, ':aud":"sts"');
  }],
  [EKS, 'trust', 'the trust policy is for another provider', (world) => policy(values(world, 'aws_iam_role', 'Sops'), 'assume_role_policy', ({ Statement }) => Statement.forEach((each: any) => {
    each.Principal = { Federated: 'arn:aws:iam::111122223333:oidc-provider/example.com' };
  }))],
  [POD, 'trust', 'the association is gone', (world) => dropResources(world, ({ type, values: { service_account: name } }) => type === 'aws_eks_pod_identity_association' && name === 'kustomize-controller')],
  [POD, 'trust', 'the role may not be tagged', (world) => policy(values(world, 'aws_iam_role', 'Sops'), 'assume_role_policy', ({ Statement }) => Statement.forEach((each: any) => {
    each.Action = 'sts:AssumeRole';
  }))],
  [AKS, 'trust', 'the credential is for another subject', (world) => {
    values(world, 'azurerm_federated_identity_credential', 'TeamA').subject = 'system:serviceaccount:team-a:default';
  }],
  [AKS, 'trust', 'the credential is for another audience', (world) => {
    values(world, 'azurerm_federated_identity_credential', 'TeamA').audience = ['api://other'];
  }],
  [GCP, 'trust', 'the attribute condition leaves the tenant out', (world) => {
    const found = values(world, 'google_iam_workload_identity_pool_provider');
    found.attribute_condition = found.attribute_condition.replace('team-a:flux', 'team-a:other');
  }],
  [GCP, 'trust', 'the provider takes another audience', (world) => {
    values(world, 'google_iam_workload_identity_pool_provider').oidc[0].allowed_audiences = ['https://example.com'];
  }],
  [GKE, 'trust', 'the account may not act as the service account of Google', (world) => dropResources(world, ({ type }) => type === 'google_service_account_iam_member')],
  // identities
  [EKS, 'identity', 'the role is not made', (world) => dropResources(world, ({ address }) => /^aws_iam_role(_policy)?\.TeamA/.test(address))],
  [AKS, 'identity', 'the identity is not made', (world) => dropResources(world, ({ address }) => /^azurerm_(user_assigned_identity|federated_identity_credential|role_assignment)\.TeamA/.test(address))],
  [GKE, 'identity', 'the service account of Google is disabled', (world) => {
    values(world, 'google_service_account').disabled = true;
  }],
  // permissions
  [EKS, 'permission', 'listing tags is not allowed', (world) => statements(values(world, 'aws_iam_role_policy', 'TeamA'), without('ecr:ListImages'))],
  [EKS, 'permission', 'the token of the registry is not allowed', (world) => statements(values(world, 'aws_iam_role_policy', 'TeamA'), without('ecr:GetAuthorizationToken'))],
  [EKS, 'permission', 'decryption is for another key', (world) => {
    const found = values(world, 'aws_iam_role_policy', 'Sops');
    found.policy = found.policy.replace(/:key\/[0-9a-f-]+/g, ':key/99999999-9999-4999-8999-999999999999');
  }],
  [EKS, 'permission', 'a statement denies', (world) => statements(values(world, 'aws_iam_role_policy', 'TeamA'), (list) => [...list, { Effect: 'Deny', Action: 'ecr:*', Resource: '*' }])],
  [EKS, 'permission', 'the policy is not attached', (world) => dropResources(world, ({ address }) => /^aws_iam_role_policy\.Sops/.test(address))],
  ['flux-aws-access-keys', 'permission', 'the user may not read the bucket', (world) => statements(values(world, 'aws_iam_user_policy', 'Manifests'), without('s3:GetObject'))],
  [AKS, 'permission', 'the role is not assigned', (world) => dropResources(world, ({ type, values: own }) => type === 'azurerm_role_assignment' && /KeyVault/.test(own.scope))],
  [AKS, 'permission', 'the role is assigned on another registry', (world) => resources(world, 'azurerm_role_assignment').forEach((each) => {
    each.values.scope = each.values.scope.replace(/(registries)\/\w+/, '$1/other');
  })],
  [GCP, 'permission', 'the member is gone', (world) => dropResources(world, ({ type, values: own }) => type === 'google_artifact_registry_repository_iam_member' && /team-a/.test(own.member))],
  [GKE, 'permission', 'looking at the bucket is not allowed', (world) => dropResources(world, ({ type, values: own }) => (
    type === 'google_storage_bucket_iam_member' && own.role === 'roles/storage.bucketViewer' && /source-controller/.test(own.member)
  ))],
  [GKE, 'permission', 'the key is not granted', (world) => dropResources(world, ({ type }) => type === 'google_kms_crypto_key_iam_member')],
  [EKS, 'permission', 'an object asks a repository that is not granted', (world) => {
    const found = clone(object('OCIRepository', inNamespace('team-a'))(world));
    found.metadata.name = 'more';
    found.spec.url = 'oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/secret/app';
    world.items.push(found);
  }],
  // owners
  ['flux-aws-cross-account', 'owner', 'the owner\'s policy is for another role', (world) => {
    const found = values(world, 'aws_ecr_repository_policy');
    found.policy = found.policy.replace(/arn:aws:iam::[^"]*/g, 'arn:aws:iam::999999999999:role/other');
  }],
];
