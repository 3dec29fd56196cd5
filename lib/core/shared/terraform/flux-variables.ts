import { lightToken, onceForEach } from './light-token';
import { splitAtTokens } from './tokens';
import { ValidationError } from '../input/validation-error';

/** The names by their tokens. */
const NAMES = new Map<string, string>();

/**
 * A variable of Flux's substitution in a text for Flux: no value of Terraform's. Whoever renders for Flux puts the variable in its place;
 * anywhere else it is an error, because nothing would replace it there.
 */
export const fluxVariable = onceForEach((name) => {
  const token = lightToken(({ scope }) => {
    throw new ValidationError(scope, {
      given: `variable ${JSON.stringify(name)} (FluxVariable) in what Flux does not substitute.`,
      allowed: '`yaml` of FluxKustomization, FluxInstanceConfig and FluxManifests',
      why: 'Terraform, Helm and the clouds would take it for text: a grant, a trust policy or a setting of nobody',
      fix: 'pass the value itself there; a role that a variable names can have no grants of this program',
    });
  });
  NAMES.set(token, name);
  return token;
});

/** Whether there are variables of Flux in a text. */
export function hasFluxVariable(text: string): boolean {
  return splitAtTokens(text).some((part) => NAMES.has(part));
}

/** The text as Flux gets it. */
export function withFluxVariables(text: string): string {
  if (NAMES.size === 0) return text;
  return splitAtTokens(text).map((part) => NAMES.has(part) ? `\${${NAMES.get(part)}}` : part).join('');
}

/** The text without them: what is left may hold values of Terraform's. */
export function withoutFluxVariables(text: string): string {
  return NAMES.size === 0 ? text : splitAtTokens(text).filter((part) => !NAMES.has(part)).join('');
}

/** A user's own text, in which nothing is a variable but these: Flux makes one dollar of two. */
export function escapedForFlux<T>(value: T): T;
export function escapedForFlux(value: unknown): unknown {
  if (typeof value === 'string') {
    const parts = splitAtTokens(value);
    return parts.map((part, index) => NAMES.has(part) ? part : escaped(part, NAMES.has(parts[index + 1]))).join('');
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => escapedForFlux(item));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [escapedForFlux(key), escapedForFlux(item)]));
}

function escaped(text: string, beforeVariable: boolean): string {
  return /\$[${]/.test(beforeVariable ? `${text}\${` : text) ? text.replace(/\$/g, '$$$$') : text;
}
