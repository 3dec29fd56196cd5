/** A Secret. Its contents are `data`, `stringData` or both. */
export function secretObject(namespace: string, name: string, contents: { readonly data?: object; readonly stringData?: object }): object {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type: 'Opaque', ...contents };
}

/** A ConfigMap. */
export function configMapObject(namespace: string, name: string, data: object): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
}
