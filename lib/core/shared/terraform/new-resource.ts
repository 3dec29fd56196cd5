import { Construct } from 'constructs';

/** The class of a resource, as bindings have it. */
type ResourceClass<C, R> = new (scope: Construct, id: string, config: C) => R;

/**
 * Makes a resource of a binding, without the stack that cdktf has written for each of its nested blocks: it keeps it for errors that only
 * a wrong binding could cause, and the text costs more than the resource. Only the binding's constructor runs here, none of the user's
 * code, and errors keep their stacks. (docs/decisions/0017)
 */
export function newResource<C, R>(type: ResourceClass<C, R>, scope: Construct, id: string, config: C): R {
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = onlyOfErrors;
  try {
    return new type(scope, id, config);
  } finally {
    Error.prepareStackTrace = before;
  }
}

/** V8 asks for the text of a stack when it is first read: for most errors that is later, and by the hook that stands then. */
function onlyOfErrors(holder: unknown, frames: readonly NodeJS.CallSite[]): string {
  return holder instanceof Error ? [String(holder), ...frames].join('\n    at ') : '';
}
