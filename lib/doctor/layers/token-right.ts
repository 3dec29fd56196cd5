import { Cluster } from '../cluster';
import { listOf } from '../json';
import type { Judge, Refusal } from '../patient';

/** Whether the controllers may ask for tokens of an account that objects name. */
export const judgeTokenRight: Judge = (given, { level, namespace, name, account, controllers }) => {
  if (level !== 'object') return undefined;
  const { cluster, model } = given;
  const answers = controllers.filter((controller) => cluster.find('Deployment', model.flux.namespace, controller) !== undefined)
    .map((controller) => [controller, mayCreateTokens(cluster, { user: controller, home: model.flux.namespace }, namespace, name)] as const);
  const unknown = answers.find(([, may]) => typeof may === 'string');
  if (unknown !== undefined) return unknownRight(String(unknown[1]));
  const without = answers.filter(([, may]) => may === false).map(([controller]) => controller);
  if (without.length === 0) return undefined;
  return {
    layer: 'token right',
    saw: `no Role lets ${without.join(', ')} create tokens of ${account}`,
    expected: `create on serviceaccounts/token of ${name}, in ${namespace}`,
    says: `serviceaccounts "${name}" is forbidden: User "system:serviceaccount:${model.flux.namespace}:${without[0]}" cannot create resource "serviceaccounts/token"`,
    fix: 'apply FluxManifests, which has the Role and its binding',
    page: 'docs/troubleshooting.md#cannot-create-resource-serviceaccountstoken',
  };
};

function unknownRight(saw: string): Refusal {
  return {
    layer: 'token right',
    cannotTell: true,
    saw,
    fix: 'pass the dump of `kubectl get roles,rolebindings -A -o json` and of `kubectl get clusterroles,clusterrolebindings -o json`, too',
  };
}

interface Controller {
  readonly user: string;
  readonly home: string;
}

/** True, false, or what is not known. */
function mayCreateTokens(cluster: Cluster, controller: Controller, namespace: string, name: string): boolean | string {
  let unknown: string | undefined;
  for (const binding of [...cluster.all('RoleBinding').filter(({ metadata }) => metadata.namespace === namespace), ...cluster.all('ClusterRoleBinding')]) {
    if (!listOf(binding.subjects).some((subject) => isSubject(subject, controller, binding.metadata.namespace))) continue;
    const { kind, name: role } = binding.roleRef ?? {};
    const found = kind === 'Role' ? cluster.find('Role', namespace, role) : cluster.find('ClusterRole', undefined, role);
    if (found === undefined) unknown = `${binding.kind} ${binding.metadata.name} names ${kind} ${role}, which is not in the dump`;
    else if (listOf(found.rules).some((rule) => allows(rule, name))) return true;
  }
  if (unknown !== undefined) return unknown;
  const halves = [['Role', 'RoleBinding'], ['ClusterRole', 'ClusterRoleBinding']] as const;
  const [half] = halves.filter((kinds) => kinds.every((kind) => !cluster.knows(kind)));
  return half === undefined ? false : `the dump holds no ${half.join(' and no ')}`;
}

function isSubject({ kind, name, namespace }: any, { user, home }: Controller, bindingNamespace: string | undefined): boolean {
  if (kind === 'ServiceAccount') return name === user && (namespace ?? bindingNamespace) === home;
  if (kind === 'Group') return ['system:serviceaccounts', `system:serviceaccounts:${home}`, 'system:authenticated'].includes(name);
  return kind === 'User' && name === `system:serviceaccount:${home}:${user}`;
}

function allows({ apiGroups, resources, verbs, resourceNames }: any, account: string): boolean {
  const has = (values: unknown, ...wanted: string[]) => listOf(values).some((value) => wanted.includes(value));
  return has(apiGroups, '', '*') && has(resources, 'serviceaccounts/token', '*', '*/token', 'serviceaccounts/*') && has(verbs, 'create', '*')
    && (listOf(resourceNames).length === 0 || has(resourceNames, account));
}
