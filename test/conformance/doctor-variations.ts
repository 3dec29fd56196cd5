import { all, Change, clone, containers, policy, resources } from './doctor-changes';

/** What is harmless, and must raise no alarm, whatever the example. */
export const VARIATIONS: readonly (readonly [what: string, change: Change])[] = [
  ['evicted pods beside those that run', (world) => {
    for (const pod of all(world, 'Pod')) {
      const old = clone(pod);
      old.metadata.name += '-evicted';
      old.spec.containers[0].env = [];
      old.spec.volumes = [];
      old.status = { phase: 'Failed', reason: 'Evicted' };
      world.items.unshift(old);
    }
  }],
  ['pods that are going, during a rollout', (world) => {
    for (const pod of all(world, 'Pod')) {
      const old = clone(pod);
      old.metadata = { ...old.metadata, name: `${old.metadata.name}-old`, deletionTimestamp: '2026-01-01T00:00:00Z' };
      old.spec.containers[0].env = [];
      world.items.unshift(old);
    }
  }],
  ['old pods that still run, during a rollout', (world) => {
    for (const pod of all(world, 'Pod')) {
      const old = clone(pod);
      old.metadata.name += '-old';
      old.spec.containers[0].env = [];
      old.spec.volumes = [];
      world.items.unshift(old);
    }
  }],
  ['finished pods of a Job with the account of a controller', (world) => {
    world.items.push({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'backup', namespace: 'flux-system' },
      status: { phase: 'Succeeded' },
      spec: { serviceAccountName: 'source-controller', containers: [{ name: 'backup', image: 'busybox' }] },
    });
  }],
  ['a debugging pod with the account of a controller', (world) => {
    world.items.push({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'debug', namespace: 'flux-system' },
      status: { phase: 'Running' },
      spec: { serviceAccountName: 'source-controller', containers: [{ name: 'shell', image: 'busybox' }, { name: 'other', image: 'busybox' }] },
    });
  }],
  ['sidecars first', (world) => {
    for (const spec of [...all(world, 'Deployment').map((each) => each.spec.template.spec), ...all(world, 'Pod').map((each) => each.spec)]) {
      spec.containers.unshift({ name: 'istio-proxy', image: 'istio/proxyv2', args: ['proxy'], env: [] });
    }
  }],
  ['init containers', (world) => all(world, 'Pod').forEach(({ spec }) => {
    spec.initContainers = [{ name: 'wait', image: 'busybox', env: [] }];
  })],
  ['ConfigMaps with a hash in their names', (world) => {
    const hash = (name: string) => `${name}-5bdk2h9tfm`;
    const configs = all(world, 'ConfigMap').filter(({ metadata }) => metadata.namespace === 'flux-system');
    for (const config of configs) {
      for (const spec of [...all(world, 'Deployment').map((each) => each.spec.template.spec), ...all(world, 'Pod').map((each) => each.spec)]) {
        for (const volume of spec.volumes ?? []) {
          if (volume.configMap?.name === config.metadata.name) volume.configMap.name = hash(config.metadata.name);
        }
      }
      config.metadata.name = hash(config.metadata.name);
    }
  }],
  ['wider actions', (world) => resources(world, 'aws_iam_role_policy').forEach(({ values }) => policy(values, 'policy', ({ Statement }) => Statement.forEach((each: any) => {
    each.Action = [each.Action].flat().map((action: string) => `${action.split(':')[0]}:*`);
  })))],
  ['wider resources', (world) => resources(world, 'aws_iam_role_policy').forEach(({ values }) => policy(values, 'policy', ({ Statement }) => Statement.forEach((each: any) => {
    each.Resource = '*';
  })))],
  ['actions in other case', (world) => resources(world, 'aws_iam_role_policy').forEach(({ values }) => policy(values, 'policy', ({ Statement }) => Statement.forEach((each: any) => {
    each.Action = [each.Action].flat().map((action: string) => action.toLowerCase());
  })))],
  ['a policy that holds everything, in place of the library\'s', (world) => resources(world, 'aws_iam_role_policy').forEach(({ values }) => {
    values.policy = JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } });
  })],
  ['managed policies beside', (world) => resources(world, 'aws_iam_role').forEach(({ values }, index) => {
    const [state] = Object.values(world.states);
    state.push({
      address: `aws_iam_role_policy_attachment.Extra${index}`, type: 'aws_iam_role_policy_attachment', values: { role: values.name, policy_arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
    });
  })],
  ['a statement that denies something else', (world) => resources(world, 'aws_iam_role_policy').forEach(({ values }) => policy(values, 'policy', ({ Statement }) => {
    Statement.push({ Effect: 'Deny', Action: 'iam:*', Resource: '*' });
  }))],
  ['policies written with line ends', (world) => resources(world, 'aws_iam_role_policy').forEach(({ values }) => {
    values.policy = JSON.stringify(JSON.parse(values.policy), null, 2);
  })],
  ['trust policies by StringLike', (world) => resources(world, 'aws_iam_role').forEach(({ values }) => {
    values.assume_role_policy = values.assume_role_policy.replace(/StringEquals/g, 'StringLike');
  })],
  ['trust policies that let more in', (world) => resources(world, 'aws_iam_role').forEach(({ values }) => policy(values, 'assume_role_policy', ({ Statement }) => {
    Statement.unshift({ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/admin' }, Action: 'sts:AssumeRole' });
  }))],
  ['identities that accounts of another cluster have, too', (world) => world.model.identities.forEach(({ trust }) => {
    if (trust === 'unknown') return;
    (trust as any[]).unshift(...trust.map((each) => ({ ...each, anchor: 'another', issuer: 'https://a.example.com' })));
  })],
  ['other casing of scopes of Azure', (world) => resources(world, 'azurerm_role_assignment').forEach(({ values }) => {
    values.scope = values.scope.replace('resourceGroups', 'resourcegroups').replace('Microsoft.', 'microsoft.');
  })],
  ['assignments above the resource', (world) => resources(world, 'azurerm_role_assignment').forEach(({ values }) => {
    values.scope = values.scope.split('/').slice(0, 5).join('/');
  })],
  ['other casing of IDs of Azure', (world) => resources(world, 'azurerm_federated_identity_credential').forEach(({ values }) => {
    values.parent_id = values.parent_id.replace('resourceGroups', 'resourcegroups');
  })],
  ['federated credentials of others beside', (world) => resources(world, 'azurerm_federated_identity_credential').forEach(({ values }, index) => {
    const [state] = Object.values(world.states);
    state.unshift({
      address: `azurerm_federated_identity_credential.Extra${index}`,
      type: 'azurerm_federated_identity_credential',
      values: { ...values, issuer: 'https://token.actions.githubusercontent.com', subject: 'repo:acme/fleet:ref:refs/heads/main' },
    });
  })],
  ['members of Google by a binding', (world) => Object.values(world.states).flat().forEach((each) => {
    if (!/^google_\w+_iam_member$/.test(each.type)) return;
    each.type = each.type.replace('_member', '_binding');
    each.values = { ...each.values, members: ['user:admin@example.com', each.values.member] };
    delete each.values.member;
  })],
  ['members of Google on the project', (world) => Object.values(world.states).flat().forEach((each) => {
    if (!/^google_(storage_bucket|artifact_registry_repository|kms_crypto_key|pubsub_topic)_iam_member$/.test(each.type)) return;
    each.type = 'google_project_iam_member';
    each.values = { project: each.values.project ?? 'acme-prod', role: each.values.role, member: each.values.member };
  })],
  ['members of Google on the project, by its number', (world) => resources(world, 'google_project_iam_member').forEach(({ values }) => {
    values.project = '123456789012';
  })],
  ['a pool without a condition', (world) => resources(world, 'google_iam_workload_identity_pool_provider').forEach(({ values }) => {
    values.attribute_condition = '';
  })],
  ['a pool with a condition of one\'s own', (world) => resources(world, 'google_iam_workload_identity_pool_provider').forEach(({ values }) => {
    values.attribute_condition = 'assertion.sub.startsWith("system:serviceaccount:")';
  })],
  ['more labels and annotations', (world) => world.items.forEach(({ metadata }) => {
    metadata.labels = { ...metadata.labels, team: 'platform' };
    metadata.annotations = { ...metadata.annotations, 'kubectl.kubernetes.io/last-applied-configuration': '{}', 'meta.helm.sh/release-name': 'flux' };
  })],
  ['a shard beside', (world) => {
    for (const deployment of all(world, 'Deployment', 'source-controller')) {
      const shard = clone(deployment);
      shard.metadata.name = 'source-controller-shard1';
      world.items.push(shard);
    }
  }],
  ['a controller that nothing needs scaled down', (world) => {
    const needed = new Set(all(world, 'ImageUpdateAutomation').map(() => 'image-automation-controller'));
    for (const name of ['image-automation-controller', 'source-watcher', 'notification-controller']) {
      if (needed.has(name)) continue;
      all(world, 'Deployment', name).forEach(({ spec }) => {
        spec.replicas = 0;
      });
      world.items.splice(0, world.items.length, ...world.items.filter(({ kind, spec }) => kind !== 'Pod' || spec.serviceAccountName !== name));
    }
  }],
  ['two replicas', (world) => all(world, 'Deployment').forEach(({ spec }) => {
    spec.replicas = 2;
  })],
  ['other controllers and their objects', (world) => world.items.push(
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'cert-manager', namespace: 'cert-manager', annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/other' } } },
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'weave', namespace: 'flux-system' }, spec: { template: { spec: { containers: [{ name: 'ui' }] } } } },
    { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'app', namespace: 'argo' }, spec: { source: {} } },
  )],
  ['Flux objects that reach no cloud', (world) => world.items.push(
    { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'OCIRepository', metadata: { name: 'podinfo', namespace: 'apps' }, spec: { url: 'oci://ghcr.io/stefanprodan/manifests/podinfo' } },
    { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'GitRepository', metadata: { name: 'fleet', namespace: 'apps' }, spec: { url: 'https://github.com/acme/fleet', secretRef: { name: 'git' } } },
    { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'HelmRepository', metadata: { name: 'charts', namespace: 'apps' }, spec: { url: 'https://charts.example.com' } },
    { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', metadata: { name: 'app', namespace: 'apps' }, spec: { serviceAccountName: 'deployer' } },
    { apiVersion: 'notification.toolkit.fluxcd.io/v1', kind: 'Provider', metadata: { name: 'slack', namespace: 'apps' }, spec: { type: 'slack', secretRef: { name: 'slack' } } },
  )],
  ['public registries without a provider', (world) => world.items.push(
    { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'OCIRepository', metadata: { name: 'public', namespace: 'apps' }, spec: { url: 'oci://public.ecr.aws/acme/app' } },
    { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'OCIRepository', metadata: { name: 'gcr', namespace: 'apps' }, spec: { url: 'oci://europe-docker.pkg.dev/others/public/app' } },
    { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'OCIRepository', metadata: { name: 'acr', namespace: 'apps' }, spec: { url: 'oci://others.azurecr.io/app' } },
  )],
  ['suspended objects with mistakes', (world) => world.items.push({
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'OCIRepository',
    metadata: { name: 'paused', namespace: 'flux-system' },
    spec: { suspend: true, provider: 'aws', url: 'oci://acme.azurecr.io/app' },
  })],
  ['objects that are ready', (world) => world.items.forEach((item) => {
    if (/toolkit\.fluxcd\.io/.test(item.apiVersion)) item.status = { conditions: [{ type: 'Ready', status: 'True', observedGeneration: item.metadata.generation }] };
  })],
  ['more arguments, in another order', (world) => ['source-controller', 'kustomize-controller', 'helm-controller'].flatMap((name) => containers(world, name)).forEach((container) => {
    container.args = ['--concurrent=20', '--requeue-dependency=5s', ...[...container.args].reverse()];
  })],
  ['several gates in one argument', (world) => all(world, 'Deployment').flatMap((each) => each.spec.template.spec.containers).forEach((container) => {
    container.args = (container.args ?? []).map((arg: string) => arg.startsWith('--feature-gates=') ? `${arg},OOMWatch=true` : arg);
  })],
  ['more variables, and a proxy', (world) => ['source-controller', 'kustomize-controller'].flatMap((name) => containers(world, name)).forEach((container) => {
    container.env.push({ name: 'HTTPS_PROXY', value: 'http://proxy:3128' }, { name: 'NO_PROXY', value: '.cluster.local' });
  })],
  ['other resources and tolerations, as patches of users have them', (world) => all(world, 'Deployment').forEach(({ spec }) => {
    spec.template.spec.containers[0].resources = { limits: { memory: '2Gi' } };
    spec.template.spec.tolerations = [{ key: 'flux', operator: 'Exists' }];
    spec.template.spec.priorityClassName = 'system-cluster-critical';
  })],
  ['pull secrets of the accounts of controllers', (world) => all(world, 'ServiceAccount').filter(({ metadata }) => metadata.namespace === 'flux-system').forEach((account) => {
    account.imagePullSecrets = [{ name: 'mirror' }];
  })],
  ['rights to tokens for whole groups', (world) => {
    world.items.push(
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'tokens' }, rules: [{ apiGroups: [''], resources: ['serviceaccounts/token'], verbs: ['create'] }] },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: 'tokens' },
        roleRef: { kind: 'ClusterRole', name: 'tokens' },
        subjects: [{ kind: 'Group', name: 'system:serviceaccounts:flux-system' }],
      },
    );
    world.items.splice(0, world.items.length, ...world.items.filter(({ kind, metadata }) => kind !== 'RoleBinding' || metadata.namespace === 'flux-system'));
  }],
  ['secrets in a dump that nobody asked for', (world) => world.items.push({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'flux-system' }, data: { token: 'c2VjcmV0' } })],
  ['a state with more stacks', (world) => {
    world.states.other = [{ address: 'module.vpc.aws_vpc.this', type: 'aws_vpc', values: { id: 'vpc-1' } }];
  }],
  ['the keys of the cluster beside older ones', (world) => {
    world.jwks = { keys: [{ kid: 'new' }] };
    resources(world, 'google_iam_workload_identity_pool_provider').forEach(({ values }) => {
      values.oidc[0].jwks_json = JSON.stringify({ keys: [{ kid: 'old' }, { kid: 'new' }] });
    });
  }],
];
