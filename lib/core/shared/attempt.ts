import { Construct } from 'constructs';

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
