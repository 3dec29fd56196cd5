import { runsAs } from './controllers';
import { managerOf, tokensOf } from '../cluster';
import { listOf, parseObject } from '../json';
import { Given, isByNode, Judge, Patient, Refusal } from '../patient';

/** Whether the account is there. */
export const judgeAccount: Judge = (given, patient) => {
  const { account, namespace, name, level } = patient;
  const { cluster } = given;
  if (cluster.find('ServiceAccount', namespace, name) !== undefined) return level === 'controller' && !isByNode(patient) ? otherAccount(given, patient) : undefined;
  if (!cluster.knows('ServiceAccount')) {
    return { layer: 'account', cannotTell: true, saw: 'the dump holds no ServiceAccount', fix: 'pass the dump of `kubectl get serviceaccounts -A -o json`, too' };
  }
  return {
    layer: 'account',
    saw: `no ServiceAccount ${account}`,
    expected: 'it is there',
    says: `failed to get service account '${account}'`,
    fix: level === 'object' ? 'apply FluxManifests' : 'install the controller',
    page: 'docs/troubleshooting.md#serviceaccount-not-found',
  };
};

/** A controller that runs as somebody else than whom the clouds know. */
function otherAccount({ cluster, model }: Given, { account, name }: Patient): Refusal | undefined {
  const found = cluster.find('Deployment', model.flux.namespace, name);
  const other = found === undefined ? undefined : runsAs(found);
  if (other === undefined || other === name) return undefined;
  return {
    layer: 'account',
    saw: `Deployment ${name} runs as the account ${other}`,
    expected: account,
    says: 'no credentials are found, or AccessDenied',
    fix: `set serviceAccountName: ${name} of the Deployment, or give the identity to the account that it runs as`,
  };
}

/** Whether account and Deployment hold what the identity needs. */
export const judgeSettings: Judge = (given, patient) => annotations(given, patient) ?? (patient.level === 'controller' ? deployment(given, patient) : undefined);

function annotations({ cluster, states }: Given, { account, namespace, name, level, settings }: Patient): Refusal | undefined {
  const found = cluster.find('ServiceAccount', namespace, name)?.metadata.annotations ?? {};
  for (const [annotation, value] of Object.entries(settings.annotations ?? {})) {
    const wanted = states.text(value);
    if (found[annotation] === undefined ? false : wanted === undefined || found[annotation] === wanted) continue;
    return {
      layer: 'settings',
      saw: `${annotation} of ServiceAccount ${account}: ${found[annotation] ?? 'not there'}`,
      expected: wanted ?? 'a value',
      says: found[annotation] === undefined ? `nothing acts as the identity; at object level: invalid ${annotation} annotation, or ID is not set` : 'AccessDenied, or AADSTS700016',
      fix: level === 'object' ? 'apply FluxManifests' : 'deliver the installation as it is rendered now, and restart the controller',
    };
  }
  return undefined;
}

function deployment(given: Given, patient: Patient): Refusal | undefined {
  const { name, settings } = patient;
  const { cluster, states, model } = given;
  const found = cluster.find('Deployment', model.flux.namespace, name);
  const container = managerOf(found?.spec?.template?.spec, name);
  if (found === undefined || container === undefined) return undefined;
  const { template } = found.spec;
  const wrong = (what: string, saw: string | undefined, expected: string): Refusal => ({
    layer: 'settings',
    saw: `${what} of Deployment ${name}: ${saw ?? 'not there'}`,
    expected,
    says: 'no credentials are found, or AccessDenied',
    fix: 'deliver the installation as it is rendered now (commit the kustomization, apply the values)',
  });
  for (const [label, value] of Object.entries(settings.podLabels ?? {})) {
    const saw = template.metadata?.labels?.[label];
    if (saw !== states.text(value)) return wrong(`pod label ${label}`, saw, String(states.text(value)));
  }
  for (const [variable, value] of Object.entries(settings.env ?? {})) {
    const wanted = states.text(value);
    const saw = variableOf(container, variable);
    if (saw !== UNKNOWN && (saw === undefined || (wanted !== undefined && saw !== wanted))) return wrong(`variable ${variable}`, saw, wanted ?? 'a value');
  }
  return tokens(given, { settings, name }, template.spec, wrong) ?? mounts(given, { settings, name }, template.spec, container, wrong)
    ?? credentialFile(given, patient, template.spec);
}

type Wrong = (what: string, saw: string | undefined, expected: string) => Refusal;

function tokens({ states }: Given, { settings }: Pick<Patient, 'settings' | 'name'>, podSpec: any, wrong: Wrong): Refusal | undefined {
  const mounted = tokensOf(podSpec);
  for (const { path, audience } of settings.tokens ?? []) {
    const same = mounted.filter((token) => token.path === path);
    const wanted = states.text(audience);
    if (same.length === 0) return wrong(`projected token ${path}`, undefined, `a token for ${wanted ?? 'its audience'}`);
    if (wanted !== undefined && !same.some((token) => token.audience === wanted)) return wrong(`audience of the projected token ${path}`, same[0].audience, wanted);
  }
  return undefined;
}

function mounts({ cluster, model }: Given, { settings }: Pick<Patient, 'settings' | 'name'>, podSpec: any, container: any, wrong: Wrong): Refusal | undefined {
  for (const { mountPath, from } of settings.mounts ?? []) {
    const [kind, name] = from.split(' ');
    const volume = listOf(podSpec.volumes).find((each) => isNamed(kind === 'ConfigMap' ? each.configMap?.name : each.secret?.secretName, name));
    const mount = volume && listOf(container.volumeMounts).find((each) => each.name === volume.name);
    if (mount?.mountPath !== mountPath) return wrong(`mount ${mountPath}`, mount?.mountPath, `${from} at ${mountPath}`);
    const actual = volume.configMap?.name;
    if (kind === 'ConfigMap' && cluster.knows('ConfigMap') && cluster.find('ConfigMap', model.flux.namespace, actual) === undefined && volume.configMap.optional !== true) {
      return {
        layer: 'settings',
        saw: `no ConfigMap ${model.flux.namespace}/${actual}`,
        expected: 'it is there: pods wait for it',
        says: `MountVolume.SetUp failed: configmap "${actual}" not found`,
        fix: 'apply FluxManifests',
        page: 'docs/troubleshooting.md#mountvolumesetup-failed-configmap-not-found',
      };
    }
  }
  return undefined;
}

/** The file that tells the SDK of Google which provider to ask: it must be the one that the tokens are for. */
function credentialFile({ cluster, model, states }: Given, { identity, trusts }: Patient, podSpec: any): Refusal | undefined {
  const anchor = trusts === 'unknown' || identity.cloud !== 'gcp' ? undefined : states.text(trusts[0]?.anchor);
  for (const name of listOf(podSpec.volumes).map(({ configMap }) => configMap?.name)) {
    const audience = parseObject(cluster.find('ConfigMap', model.flux.namespace, name)?.data?.['credential-configuration.json'])?.audience;
    if (anchor === undefined || typeof audience !== 'string' || audience.endsWith(`/${anchor}`)) continue;
    return {
      layer: 'settings',
      saw: `audience in ConfigMap ${model.flux.namespace}/${name}: ${audience}`,
      expected: `//iam.googleapis.com/${anchor}`,
      says: 'Invalid value for "audience", or invalid_target',
      fix: 'apply FluxManifests',
      page: 'docs/troubleshooting.md#invalid-value-for-audience',
    };
  }
  return undefined;
}

/** Kustomize puts a hash behind names that it generates. */
function isNamed(name: unknown, wanted: string): boolean {
  return typeof name === 'string' && (name === wanted || (name.startsWith(`${wanted}-`) && /^[a-z0-9]{10}$/.test(name.slice(wanted.length + 1))));
}

/** A value that comes from elsewhere at run time. */
export const UNKNOWN = '(set at run time)';

/** The variable of a container, in the words of the access model. */
export function variableOf(container: any, variable: string): string | undefined {
  const found = listOf(container.env).filter(({ name }) => name === variable).pop();
  if (found === undefined) return listOf(container.envFrom).length > 0 ? UNKNOWN : undefined;
  const secret = found.valueFrom?.secretKeyRef;
  return secret ? `Secret ${secret.name}, key ${secret.key}` : found.valueFrom ? UNKNOWN : String(found.value ?? '');
}
