import { Construct } from 'constructs';
import { kept } from './kept';

/**
 * Does the rest of a construct's making, or takes the construct out of the tree: a caught error leaves no half of it to be
 * synthesized, and its id can be used again.
 */
export function attempt<T>(construct: Construct, make: () => T): T {
  try {
    return make();
  } catch (error) {
    construct.node.scope?.node.tryRemoveChild(construct.node.id);
    throw error;
  }
}

/** Class decorator: `attempt` for the whole constructor of a construct, which goes by its options as they are when it is called. */
export function allOrNothing<T extends Function>(type: T): T {
  const whole: T = new Proxy(type, {
    construct: (target, args, newTarget) => {
      const [scope, id] = args as [Construct, string];
      const known = Construct.isConstruct(scope) && typeof id === 'string';
      const before = known ? scope.node.tryFindChild(id) : undefined;
      try {
        // Not by the proxy: each instance would have a shape of its own for the engine, and be slow wherever it goes.
        return Reflect.construct(target, args.map(kept), newTarget === whole ? target : newTarget);
      } catch (error) {
        // By the id that the child has: constructs take "/" out of the one that they are given.
        const half = known && before === undefined ? scope.node.tryFindChild(id) : undefined;
        if (half !== undefined) scope.node.tryRemoveChild(half.node.id);
        throw error;
      }
    },
  });
  // What instances say their class is must be what is exported.
  type.prototype.constructor = whole;
  return whole;
}
