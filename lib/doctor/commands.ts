import { configMapsCommand } from './config-maps';
import { patientsOf } from './patient';
import type { AccessModel } from '../access/model';
import { FluxController } from '../core/flux-controller';
import { KINDS } from '../core/shared/flux/kinds';
import { FLUX_OPERATOR } from '../core/shared/flux/operator';

/** The commands that write what `doctor` reads, for one installation: nothing of it holds Secrets. */
export function commandsFor(model: AccessModel): string[] {
  const { namespace } = model.flux;
  const stacks = stacksOf(model);
  return [
    '# The cluster: accounts, Roles and their bindings, Flux itself. Nothing here reads Secrets.',
    'kubectl get serviceaccounts,roles,rolebindings,clusterroles,clusterrolebindings -A -o json > cluster.json',
    `kubectl get deployments,pods,configmaps -n ${namespace} -o json >> cluster.json`,
    '# Flux objects, by controller: where the report has one that is not installed, its line fails alone, and the others are enough.',
    ...kindsByController(model).map((kinds) => `kubectl get ${kinds.join(',')} -A -o json >> cluster.json`),
    ...remoteCommands(model),
    '# What the cluster says of its tokens.',
    'kubectl get --raw /.well-known/openid-configuration > discovery.json',
    'kubectl get --raw /openid/v1/jwks > jwks.json',
    ...stacks.length === 0 ? [] : ['# The states, each in the directory of its stack. They can hold secrets: doctor reads known attributes only; remove the files afterwards.'],
    ...stacks.map((stack) => `terraform show -json > ${stack}.json # in ${stack}`),
    '# Then',
    ['npx cdktf-flux-identity doctor', `--access ${model.installation}.access.json`, ...stacks.map((stack) => `--state ${stack}=${stack}.json`),
      '--cluster cluster.json --discovery discovery.json --jwks jwks.json'].join(' '),
  ];
}

/** The kinds of each controller, as kubectl takes them. */
function kindsByController(model: AccessModel): string[][] {
  const { controllers, version } = model.flux;
  const installed: readonly string[] = [...controllers, FLUX_OPERATOR];
  const kinds = new Map<string, Set<string>>();
  for (const facts of Object.values(KINDS)) {
    const [own] = facts.controllers;
    const isUsed = controllers.includes(own as FluxController) || facts.controllers.some((controller) => isSubject(model, controller));
    if (!facts.controllers.some((controller) => installed.includes(controller)) || !isUsed) continue;
    const [group] = facts.apiVersion(version as never).split('/');
    kinds.set(own, (kinds.get(own) ?? new Set()).add(`${facts.kind.toLowerCase()}s.${group}`.replace('ys.', 'ies.')));
  }
  return [...kinds.values()].map((own) => [...own].sort()).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The ConfigMaps of remote clusters outside of Flux's namespace, by name: tenants keep others of their own there. */
function remoteCommands({ remoteClusters = [], flux }: AccessModel): string[] {
  const byNamespace = new Map<string, string[]>();
  for (const [namespace, name] of remoteClusters.map((each) => each.split('/'))) {
    if (namespace !== flux.namespace) byNamespace.set(namespace, [...byNamespace.get(namespace) ?? [], name]);
  }
  return [...byNamespace].map(([namespace, names]) => `${configMapsCommand(namespace, names)} >> cluster.json`);
}

function isSubject(model: AccessModel, controller: string): boolean {
  return patientsOf(model).some(({ account }) => account === `${model.flux.namespace}/${controller}`);
}

/** The stacks that the report refers to. */
function stacksOf(model: AccessModel): string[] {
  const stacks = new Set<string>();
  JSON.stringify(model, (_, value) => {
    if (typeof value?.stack === 'string' && typeof value.ref === 'string') stacks.add(value.stack);
    return value;
  });
  return [...stacks].sort();
}
