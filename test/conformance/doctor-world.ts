import { App, TerraformStack, Testing } from 'cdktf';
import { CLUSTER_STATES } from './doctor-nodes/clusters';
import { addNodeStacks } from './doctor-nodes/stacks';
import { installedObjects, kustomizeBuild, parseObjects } from './kustomize';
import { FORMS, Form } from './provider-shape/shape';
import { FlatResource, flatResources, shownState } from './provider-shape/show';
import { evaluateIn } from './terraform';
import { addExamples } from '../../examples/stacks';
import { FluxInstallation } from '../../lib';
import { AccessModel, AccessValue } from '../../lib/access/model';
import { FluxVersion } from '../../lib/core/flux-version';
import { Cluster, parseCluster } from '../../lib/doctor/cluster';
import { diagnose } from '../../lib/doctor/diagnose';
import { Finding } from '../../lib/doctor/finding';
import { parseState, State, States } from '../../lib/doctor/state';
import { accessModel } from '../../lib/flux/private/access/collect';
import { RSA_CERTIFICATE } from '../azure/certificates';

const NAMESPACE = 'flux-system';
const VARIABLES: { [stack: string]: { [name: string]: string } } = {
  'flux-azure-certificate': { sops_certificate: RSA_CERTIFICATE, team_a_certificate: RSA_CERTIFICATE },
};
/** The stacks of an example that has several, and the one that delivers. */
const STACKS: { [stack: string]: { states: string[]; delivery: string } } = {
  'flux-landing-zone-platform': {
    states: ['flux-landing-zone-cluster', 'flux-landing-zone-platform', 'flux-landing-zone-team-a'], delivery: 'flux-landing-zone-delivery',
  },
};

/** All that the doctor is given of one example, as plain data that tests change. */
export interface DoctorWorld {
  readonly model: AccessModel;
  /** The resources of each state; `examine` puts them into the form that Terraform shows. */
  readonly states: { [stack: string]: FlatResource[] };
  readonly items: any[];
  claims?: any;
  discovery?: any;
  jwks?: any;
}

const app = Testing.app();
addExamples(app);
addNodeStacks(app);

/** The examples that have a Flux. */
export const EXAMPLES: string[] = (app.node.children as TerraformStack[])
  .filter((stack) => stack.node.findAll().some((node) => node instanceof FluxInstallation)).map(({ node }) => node.id);

const worlds = new Map<string, string>();

/** A healthy world of an example, for its own. */
export function worldOf(example: string): DoctorWorld {
  if (!worlds.has(example)) worlds.set(example, JSON.stringify(build(app, example)));
  return JSON.parse(worlds.get(example)!);
}

/**
 * What the doctor says of a world; the way through the readers of files included. It says the same of states as they are right after an apply,
 * and as they are after a refresh.
 */
export function examine(world: DoctorWorld, now = new Date('2026-01-01T00:00:00Z')): Finding[] {
  const cluster = clusterOf(world.items);
  const [applied, refreshed] = FORMS.map((form) => diagnose({ ...world, states: new States(parsed(world.states, form)), cluster, now }));
  const verdicts = (findings: Finding[]) => JSON.stringify(findings.map(({ layer, verdict, of }) => [layer, verdict, of]), null, 1);
  if (verdicts(applied) !== verdicts(refreshed)) throw new Error(`after apply ${verdicts(applied)}, after refresh ${verdicts(refreshed)}`);
  return applied;
}

const parsedStates = new Map<string, State>();

/** States as they are read. Most changes leave them as they are: those are made once. */
function parsed(states: DoctorWorld['states'], form: Form): State[] {
  return Object.entries(states).map(([name, resources]) => {
    const key = JSON.stringify([form, name, resources]);
    const found = parsedStates.get(key) ?? parseState(JSON.stringify(shownState(resources, form)), `${name}.json`, name);
    parsedStates.set(key, found);
    return found;
  });
}

function clusterOf(items: any[]): Cluster {
  return parseCluster([['cluster.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items })]]);
}

/** The access report of an example. */
export function modelOf(example: string): AccessModel {
  const installation = app.node.findChild(example).node.findAll().find((node): node is FluxInstallation => node instanceof FluxInstallation)!;
  return JSON.parse(JSON.stringify(accessModel(installation)));
}

function build(all: App, example: string): DoctorWorld {
  const model = modelOf(example);
  const { states: names, delivery } = STACKS[example] ?? { states: [example], delivery: example };
  const evaluated = (id: string) => evaluateIn(all, id, { variables: VARIABLES[id] });
  const states: DoctorWorld['states'] = Object.fromEntries(names.map((name) => [name, flatResources(evaluated(name).resources, evaluated(name).dependencies)]));
  const others = CLUSTER_STATES[example];
  if (others !== undefined) states.cluster = flatResources(others);
  const { outputs } = evaluated(delivery);
  const read = new States(parsed(states, 'applied'));
  const text = (value: AccessValue) => read.text(value) ?? 'unknown';
  const version = model.flux.version as FluxVersion;
  const delivered: any[] = outputs.kustomization === undefined
    ? byHand(model, installedObjects(version), text) : kustomizeBuild(outputs.kustomization, version);
  const manifests: any[] = outputs.manifests === undefined ? manifestsByHand(model, text) : parseObjects(outputs.manifests);
  const known = new Set(delivered.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`));
  const objects = [...delivered, ...manifests.filter(({ kind, metadata }) => !known.has(`${kind} ${metadata.namespace}/${metadata.name}`))]
    .filter(({ kind }) => ['ServiceAccount', 'Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding', 'Deployment', 'ConfigMap', 'Kustomization'].includes(kind));
  for (const [name, rules] of [['cluster-admin', [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]]] as const) {
    objects.push({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name }, rules });
  }
  // Kubernetes puts one into every namespace.
  objects.push({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kube-root-ca.crt', namespace: NAMESPACE }, data: {} });
  const items = [...objects, ...objects.filter(({ kind }) => kind === 'Deployment').map((deployment) => podOf(model, deployment, objects)), ...fluxObjectsOf(model, text)];
  return { model, states, items };
}

/** What a delivery other than by kustomize does, with the settings of the report. */
function byHand(model: AccessModel, objects: any[], text: (value: AccessValue) => string): any[] {
  const all = JSON.parse(JSON.stringify(objects));
  const isObjectLevel = model.identities.some(({ subjects }) => subjects.some((subject) => 'account' in subject && subject.level === 'object'));
  if (isObjectLevel && model.flux.version !== '2.10') {
    for (const { kind, metadata, spec } of all) {
      if (kind === 'Deployment' && metadata.name !== 'source-watcher') spec.template.spec.containers[0].args.push('--feature-gates=ObjectLevelWorkloadIdentity=true');
    }
  }
  for (const { settings, subjects } of model.identities) {
    for (const { account, annotations = {}, podLabels = {}, env = {} } of settings) {
      const [namespace, name] = account.split('/');
      if (!subjects.some((subject) => 'account' in subject && subject.account === account && subject.level === 'controller')) continue;
      let found = all.find(({ kind, metadata }: any) => kind === 'ServiceAccount' && metadata.name === name);
      if (found === undefined) all.push(found = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } });
      found.metadata.annotations = { ...found.metadata.annotations, ...texts(annotations, text) };
      const deployment = all.find(({ kind, metadata }: any) => kind === 'Deployment' && metadata.name === name);
      if (deployment === undefined) continue;
      const { template } = deployment.spec;
      template.metadata.labels = { ...template.metadata.labels, ...texts(podLabels, text) };
      template.spec.containers[0].env.push(...Object.entries(texts(env, text)).map(([variable, value]) => ({ name: variable, value })));
    }
  }
  return all;
}

function manifestsByHand(model: AccessModel, text: (value: AccessValue) => string): any[] {
  return model.identities.flatMap(({ settings, subjects }) => settings.flatMap(({ account, annotations = {} }) => {
    const [namespace, name] = account.split('/');
    if (!subjects.some((subject) => 'account' in subject && subject.account === account && subject.level === 'object')) return [];
    const subject = (controller: string) => ({ kind: 'ServiceAccount', name: controller, namespace: NAMESPACE });
    return [
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, annotations: texts(annotations, text) } },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: `flux-token-${name}`, namespace },
        rules: [{ apiGroups: [''], resources: ['serviceaccounts/token'], verbs: ['create'], resourceNames: [name] }],
      },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: `flux-token-${name}`, namespace },
        roleRef: { kind: 'Role', name: `flux-token-${name}` },
        subjects: model.flux.controllers.map(subject),
      },
    ];
  }));
}

function texts(values: { readonly [name: string]: AccessValue }, text: (value: AccessValue) => string): { [name: string]: string } {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, text(value)]));
}

/** A running pod of a Deployment, with what the webhook of its cluster puts into it. */
function podOf({ cluster, identities }: AccessModel, deployment: any, objects: any[]): any {
  const { name } = deployment.metadata;
  const { metadata, spec } = JSON.parse(JSON.stringify(deployment.spec.template));
  const annotations = objects.find(({ kind, metadata: own }) => kind === 'ServiceAccount' && own.name === spec.serviceAccountName)?.metadata.annotations ?? {};
  const inject = (env: { [variable: string]: string }, volume: string, audience: string) => {
    spec.containers[0].env.push(...Object.entries(env).map(([variable, value]) => ({ name: variable, value })));
    spec.volumes.push({ name: volume, projected: { sources: [{ serviceAccountToken: { audience, path: 'token', expirationSeconds: 86400 } }] } });
  };
  const role = annotations['eks.amazonaws.com/role-arn'];
  if (cluster.kind === 'eks' && role) {
    inject({ AWS_REGION: 'eu-west-1', AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/secrets/eks.amazonaws.com/serviceaccount/token' }, 'aws-iam-token', 'sts.amazonaws.com');
  } else if (identities.some(({ credential, settings }) => credential === 'Pod Identity' && settings.some(({ account }) => account === `${NAMESPACE}/${name}`))) {
    inject({ AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials' }, 'eks-pod-identity-token', 'pods.eks.amazonaws.com');
  }
  const client = annotations['azure.workload.identity/client-id'];
  if (cluster.kind === 'aks' && client && metadata.labels['azure.workload.identity/use'] === 'true') {
    inject({ AZURE_CLIENT_ID: client, AZURE_FEDERATED_TOKEN_FILE: '/var/run/secrets/azure/tokens/azure-identity-token' }, 'azure-identity-token', 'api://AzureADTokenExchange');
  }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name: `${name}-6d4cf56db6-x2x4z`, namespace: NAMESPACE },
    spec: { ...spec, nodeName: 'node-1' },
    status: { phase: 'Running', containerStatuses: [{ name: 'manager', ready: true }] },
  };
}

/** Whoever pulls with what the nodes are. */
const PULLING = ['source-controller', 'image-reflector-controller'].map((name) => ({ account: `${NAMESPACE}/${name}`, level: 'controller' as const }));

/** An object for each kind that a grant is for, by which it is used. */
function fluxObjectsOf({ grants, identities }: AccessModel, text: (value: AccessValue) => string): any[] {
  return grants.flatMap((grant, index) => {
    const { cloud, subjects } = identities.find(({ key }) => key === grant.identity)!;
    const accounts = subjects.flatMap((subject) => 'account' in subject ? [subject] : 'node' in subject ? PULLING : []);
    return accounts.flatMap(({ account, level }) => (grant.kinds === 'unknown' ? [] : grant.kinds).flatMap((kind) => {
      const [namespace, name] = account.split('/');
      const spec = specOf(kind, cloud, text(grant.resource), level === 'object' ? name : undefined, name);
      return spec === undefined ? [] : [{
        apiVersion: spec.apiVersion, kind: kind.split('/')[0], metadata: { name: `use-${index}-${kind.toLowerCase().replace('/', '-')}`, namespace, generation: 1 }, spec: spec.spec,
      }];
    }));
  });
}

function specOf(
  kind: string, cloud: string, resource: string, account: string | undefined, controller: string,
): { apiVersion: string; spec: any } | undefined {
  const by = { provider: cloud, ...(account === undefined ? {} : { serviceAccountName: account }), interval: '1h' };
  const ecr = /^arn:aws:ecr:([^:]+):(\d+):repository\/(.+)$/.exec(resource);
  const registry = ecr ? `${ecr[2]}.dkr.ecr.${ecr[1]}.amazonaws.com/${ecr[3].replace('*', 'web')}`
    : cloud === 'azure' ? `${/registries\/([^/]+)/.exec(resource)?.[1]}.azurecr.io/web` : cloud === 'gcp' ? resource.replace(/^projects\/([^/]+)\/locations\/([^/]+)\/repositories\/([^/]+)$/, '$2-docker.pkg.dev/$1/$3/web') : 'public.ecr.aws/acme/web';
  const owner = (wanted: string) => account !== undefined || controller === wanted;
  if (kind === 'OCIRepository' && owner('source-controller')) return { apiVersion: 'source.toolkit.fluxcd.io/v1', spec: { ...by, url: `oci://${registry}` } };
  if (kind === 'ImageRepository' && owner('image-reflector-controller')) return { apiVersion: 'image.toolkit.fluxcd.io/v1', spec: { ...by, image: registry } };
  if (kind === 'Bucket' && owner('source-controller')) return { apiVersion: 'source.toolkit.fluxcd.io/v1', spec: { ...by, bucketName: resource.split(/[:/]/).pop(), endpoint: ENDPOINTS[cloud], region: 'eu-west-1' } };
  if (kind === 'Kustomization' && owner('kustomize-controller')) {
    return { apiVersion: 'kustomize.toolkit.fluxcd.io/v1', spec: { interval: '1h', decryption: { provider: 'sops', ...(account === undefined ? {} : { serviceAccountName: account }) } } };
  }
  return undefined;
}

const ENDPOINTS: { readonly [cloud: string]: string } = { aws: 's3.amazonaws.com', azure: 'https://acmeflux.blob.core.windows.net', gcp: 'storage.googleapis.com' };
