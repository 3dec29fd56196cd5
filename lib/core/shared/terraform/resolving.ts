import { IResolveContext, Tokenization } from 'cdktf';
import { isPlain } from '../input/validation-error';

/** What cdktf finds something to resolve in: the marks of its tokens, and numbers in the form of those that stand for tokens. */
const MARK = /Token|\de\+\d/;

/**
 * Lets cdktf resolve only those values of a structure that hold tokens: by itself it takes each key and each text apart to look for some,
 * in every pass. The structure stays what it is for everybody else.
 */
export function resolvingTokensOnly<T extends object>(structure: T): T {
  return Object.defineProperty(structure, 'resolve', {
    value: (context: IResolveContext) => {
      let found: unknown;
      try {
        found = resolvedMap(structure, context);
      } catch {
        return { ...structure }; // cdktf fails with an error that tells where
      }
      return finished(context, found);
    },
  });
}

/** What a token resolves to, for cdktf: a text without tokens in it is done, and everything else it looks through. */
export function onlyTokensOf(context: IResolveContext, value: unknown): unknown {
  return typeof value !== 'string' || MARK.test(value) ? value : finished(context, value);
}

/** Nothing is left in it to resolve: cdktf would look through what `resolve` returns. */
function finished(context: IResolveContext, value: unknown): undefined {
  context.registerPostProcessor({ postProcess: () => value });
  return undefined;
}

function resolvedMap(map: { readonly [name: string]: any }, context: IResolveContext): unknown {
  const found: { [name: string]: any } = {};
  for (const name of Object.keys(map)) {
    if (map[name] === undefined) continue;
    if (MARK.test(name)) return context.resolve({ ...map } as any); // cdktf knows keys that are tokens; a copy is none that resolves itself
    const value = resolved(map[name], context);
    if (value !== undefined) found[name] = value;
  }
  return found;
}

function resolved(value: any, context: IResolveContext): unknown {
  if (typeof value === 'string' && !MARK.test(value)) return value;
  return isPlain(value) && !Tokenization.isResolvable(value) ? resolvedMap(value, context) : context.resolve(value);
}
