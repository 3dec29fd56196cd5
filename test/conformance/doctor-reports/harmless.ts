import { Collected, Document } from './hands';

/** Things that look odd and work: written as the reports are, by the same hands. Nobody may be alarmed, whatever the example. */
export const HARMLESS: readonly (readonly [what: string, done: (c: Collected) => void])[] = [
  ['a bucket policy that wants TLS', (c) => buckets(c).forEach((bucket) => c.add('aws_s3_bucket_policy', {
    bucket,
    policy: policy({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `arn:aws:s3:::${bucket}/*`, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
  }))],
  ['a bucket policy that denies uploads without encryption', (c) => buckets(c).forEach((bucket) => c.add('aws_s3_bucket_policy', {
    bucket,
    policy: policy({
      Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: `arn:aws:s3:::${bucket}/*`, Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } },
    }),
  }))],
  ['keys with the policy that AWS gives them', (c) => keys(c).forEach(([arn, account]) => c.add('aws_kms_key', {
    arn, key_id: arn.split('/')[1], is_enabled: true, policy: policy({ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' }),
  }))],
  ['a permissions boundary of an account that is in no state', (c) => roles(c).forEach((role) => {
    role.permissions_boundary = 'arn:aws:iam::111122223333:policy/boundary';
  })],
  ['a permissions boundary that only keeps IAM out', (c) => {
    roles(c).forEach((role) => { role.permissions_boundary = 'arn:aws:iam::111122223333:policy/boundary'; });
    c.add('aws_iam_policy', {
      arn: 'arn:aws:iam::111122223333:policy/boundary', policy: policy({ Effect: 'Allow', Action: '*', Resource: '*' }, { Effect: 'Deny', Action: 'iam:*', Resource: '*' }),
    });
  }],
  ['a permissions boundary by NotAction', (c) => {
    roles(c).forEach((role) => { role.permissions_boundary = 'arn:aws:iam::111122223333:policy/boundary'; });
    c.add('aws_iam_policy', { arn: 'arn:aws:iam::111122223333:policy/boundary', policy: policy({ Effect: 'Allow', NotAction: ['iam:*', 'organizations:*'], Resource: '*' }) });
  }],
  ['new pods that find no node, while the old ones serve', (c) => pods(c).forEach((pod) => {
    c.objects.unshift(renamed(pod, '-new', { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] }));
  })],
  ['a sidecar that restarts', (c) => pods(c).forEach(({ spec, status }) => {
    spec.containers.push({ name: 'proxy', image: 'envoy' });
    status.containerStatuses = [{ name: 'proxy', state: { waiting: { reason: 'CrashLoopBackOff' } } }, { name: 'manager', ready: true, state: { running: {} } }];
  })],
  ['the webhooks skip a sidecar', (c) => deployments(c).forEach(({ spec }) => {
    spec.template.metadata.annotations = { ...spec.template.metadata.annotations, 'eks.amazonaws.com/skip-containers': 'proxy', 'azure.workload.identity/skip-containers': 'proxy;logs' };
  })],
  ['the audience of IRSA, said once more', (c) => c.objects.filter(({ kind, metadata }) => kind === 'ServiceAccount' && metadata.annotations?.['eks.amazonaws.com/role-arn'])
    .forEach(({ metadata }) => { metadata.annotations['eks.amazonaws.com/audience'] = 'sts.amazonaws.com'; })],
  ['variables without a value, of before', (c) => managers(c).forEach((container) => container.env.push({ name: 'AWS_ACCESS_KEY_ID', value: '' }))],
  ['Pod Identity associations of other clusters beside', (c) => c.all('aws_eks_pod_identity_association').forEach(({ values }) => (
    c.add('aws_eks_pod_identity_association', { ...values, cluster_name: 'staging', role_arn: 'arn:aws:iam::111122223333:role/staging' })))],
  ['access entries of others beside', (c) => c.all('aws_eks_access_entry').forEach(({ values }) => (
    c.add('aws_eks_access_entry', { ...values, principal_arn: 'arn:aws:iam::111122223333:role/admin' })))],
  ['members of Google until the next century', (c) => members(c).forEach((values) => {
    if (!values.condition?.length) values.condition = [{ title: 'until', expression: 'request.time < timestamp("2100-01-01T00:00:00Z")' }];
  })],
  ['members of Google that were deleted, beside those that are there', (c) => c.resources.filter(({ type }) => /^google_\w+_iam_member$/.test(type)).forEach(({ type, values }) => (
    c.add(type, { ...values, member: `deleted:${values.member}?uid=1` })))],
  ['a provider that maps more', (c) => c.all('google_iam_workload_identity_pool_provider').forEach(({ values }) => {
    values.attribute_mapping = { 'google.subject': 'assertion.sub', 'attribute.namespace': 'assertion["kubernetes.io"]["namespace"]' };
  })],
  ['a provider that maps the subject in another notation', (c) => c.all('google_iam_workload_identity_pool_provider').forEach(({ values }) => {
    values.attribute_mapping = { 'google.subject': 'assertion["sub"]' };
  })],
  ['vaults with roles, in both words of the provider, behind a firewall', (c) => vaults(c).forEach((id) => c.add('azurerm_key_vault', {
    id, rbac_authorization_enabled: true, enable_rbac_authorization: true, network_acls: [{ default_action: 'Deny', bypass: 'AzureServices' }],
  }))],
  ['users of Azure DevOps beside', (c) => c.all('azuredevops_service_principal_entitlement').forEach(({ values }) => (
    c.add('azuredevops_service_principal_entitlement', { ...values, origin_id: '00000000-aaaa-4000-8000-000000000000', descriptor: 'aadsp.b3RoZXJz' })))],
  ['a remote cluster of another team, whose ConfigMap nobody asked for', (c) => c.apply('Kustomization', 'team-z', 'apps', {
    path: './', prune: true, sourceRef: { kind: 'GitRepository', name: 'apps' }, kubeConfig: { configMapRef: { name: 'edge' } },
  })],
  ['a remote cluster by a kubeconfig of one\'s own', (c) => c.apply('Kustomization', 'flux-system', 'old', {
    path: './', prune: true, sourceRef: { kind: 'GitRepository', name: 'apps' }, kubeConfig: { secretRef: { name: 'kubeconfig' } },
  })],
  ['a Kustomization that decrypts by age', (c) => c.apply('Kustomization', 'team-a', 'age', {
    path: './', prune: true, sourceRef: { kind: 'GitRepository', name: 'apps' }, decryption: { provider: 'sops', secretRef: { name: 'sops-age' } },
  })],
  ['an ImageRepository at GitHub without a provider', (c) => c.apply('ImageRepository', 'flux-system', 'podinfo', { image: 'ghcr.io/stefanprodan/podinfo' })],
  ['a Bucket of MinIO', (c) => c.apply('Bucket', 'flux-system', 'minio', {
    bucketName: 'apps', endpoint: 'minio.example.com', provider: 'generic', secretRef: { name: 'minio' },
  })],
  ['a Bucket in somebody else\'s account, without a provider and with its keys', (c) => c.apply('Bucket', 'team-z', 'data', {
    bucketName: 'data-of-others', endpoint: 's3.amazonaws.com', provider: 'generic', secretRef: { name: 'keys' },
  })],
  ['pull secrets of an account that no Flux object names', (c) => c.objects.push({
    apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web', namespace: 'team-a' }, imagePullSecrets: [{ name: 'registry' }],
  })],
  ['objects that are ready by keys that stand in the Deployment', (c) => {
    managers(c).forEach((container) => container.env.push({ name: 'AWS_ACCESS_KEY_ID', valueFrom: { secretKeyRef: { name: 'aws', key: 'id' } } }));
    c.objects.filter(({ apiVersion }) => /toolkit\.fluxcd\.io/.test(apiVersion)).forEach((object) => {
      object.status = { conditions: [{ type: 'Ready', status: 'True' }] };
    });
  }],
];

const policy = (...statements: Document[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const all = (c: Collected, kind: string) => c.objects.filter((object) => object.kind === kind);
const pods = (c: Collected) => all(c, 'Pod');
const deployments = (c: Collected) => all(c, 'Deployment');
const roles = (c: Collected) => c.all('aws_iam_role').map(({ values }) => values);
const members = (c: Collected) => c.resources.filter(({ type }) => /^google_\w+_iam_member$/.test(type)).map(({ values }) => values);
const found = (c: Collected, form: RegExp) => {
  const matches = [...JSON.stringify(c.resources).matchAll(form)];
  return [...new Map(matches.map((match) => [match[0], match])).values()];
};
const keys = (c: Collected) => found(c, /arn:aws:kms:[\w-]+:(\d+):key\/[0-9a-f-]+/g).map(([arn, account]) => [arn, account]);
const vaults = (c: Collected) => found(
  c, /\/subscriptions\/[\w-]+\/resourceGroups\/[\w-]+\/providers\/Microsoft\.KeyVault\/vaults\/[\w-]+/g,
).map(([id]) => id);

/** Buckets of one's own: those of others have their policy already. */
function buckets(c: Collected): string[] {
  const known = c.all('aws_s3_bucket_policy').map(({ values }) => values.bucket);
  return [...new Set(found(c, /arn:aws:s3:::([\w.-]+)/g).map(([, name]) => name))].filter((name) => !known.includes(name));
}

function managers(c: Collected): Document[] {
  const specs = [...deployments(c).map(({ spec }) => spec.template.spec), ...pods(c).map(({ spec }) => spec)];
  return specs.flatMap(({ containers }) => containers.filter(({ name }: Document) => name === 'manager')).map((container) => {
    container.env ??= [];
    return container;
  });
}

function renamed(pod: Document, suffix: string, status: Document): Document {
  const copy = JSON.parse(JSON.stringify(pod));
  return { ...copy, metadata: { ...copy.metadata, name: `${copy.metadata.name}${suffix}` }, status };
}
