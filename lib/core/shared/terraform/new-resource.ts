import { TerraformElement, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { onceForEach } from './light-token';
import { resolvingTokensOnly } from './resolving';

/** The class of a resource, as bindings have it. */
type ResourceClass<C, R> = new (scope: Construct, id: string, config: C) => R;

/**
 * Makes a resource of a binding, cheaper than by itself: it leaves out what is not set (`withoutUnset`), and has no stacks of its nested
 * blocks. cdktf writes one for each, and keeps it for errors that only a wrong binding could cause; the text costs more than the resource.
 * Only the binding's constructor runs here, none of the user's code, and errors keep their stacks. (docs/decisions/0017)
 */
export function newResource<C, R extends TerraformElement>(type: ResourceClass<C, R>, scope: Construct, id: string, config: C): R {
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = onlyOfErrors;
  try {
    return new (withoutUnset(type))(scope, id, config);
  } finally {
    Error.prepareStackTrace = before;
  }
}

/** V8 asks for the text of a stack when it is first read: for most errors that is later, and by the hook that stands then. */
function onlyOfErrors(holder: unknown, frames: readonly NodeJS.CallSite[]): string {
  return holder instanceof Error ? [String(holder), ...frames].join('\n    at ') : '';
}

/** A binding's class, of its name too, whose resources and data sources name only what is set: cdktf resolves each key, set or not, in every pass. */
const withoutUnset = onceForEach((binding: ResourceClass<any, any>): ResourceClass<any, any> => ({
  [binding.name]: class extends (binding as ResourceClass<any, TerraformResource>) {
    public override get terraformMetaArguments() {
      return set(super.terraformMetaArguments);
    }

    public override toTerraform() {
      return resolvingTokensOnly(super.toTerraform());
    }

    protected override synthesizeAttributes() {
      return set(super.synthesizeAttributes());
    }
  },
}[binding.name]));

function set(values: { [name: string]: any }): { [name: string]: any } {
  const some: { [name: string]: any } = {};
  for (const name of Object.keys(values)) {
    if (values[name] !== undefined) some[name] = values[name];
  }
  return some;
}
