/** Kubernetes puts it into every namespace. */
export const ALWAYS_THERE = 'kube-root-ca.crt';

/** Asks for ConfigMaps by name. What is always there shows that the others were asked for, where they are not there. */
export function configMapsCommand(namespace: string, names: readonly string[]): string {
  return `kubectl get configmaps ${[ALWAYS_THERE, ...names].join(' ')} -n ${namespace} -o json --ignore-not-found`;
}
