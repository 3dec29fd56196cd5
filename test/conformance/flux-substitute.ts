import { KubernetesObject } from './kustomize';
import { FLUX_SUBSTITUTE, run } from './programs';

/** What Flux makes of objects that hold variables: the objects, or why it gives up. See flux-substitute/main.go. */
export interface Substituted {
  readonly objects: KubernetesObject[];
  readonly error?: string;
}

/**
 * Lets Flux's own envsubst put values into objects, as kustomize-controller does.
 *
 * @param text the objects as YAML
 * @param values the values; undefined: the objects are only read
 * @param strict whether a missing one is an error
 */
export function fluxSubstitute(text: string, values?: { readonly [name: string]: string }, strict = true): Substituted {
  const { status, stdout, stderr } = run(FLUX_SUBSTITUTE, [], __dirname, {}, JSON.stringify({ text, values: values ?? null, strict }));
  if (status !== 0) throw new Error(`flux-substitute: ${stderr}`);
  const { objects: done, error } = JSON.parse(stdout);
  return { objects: done ?? [], error };
}
