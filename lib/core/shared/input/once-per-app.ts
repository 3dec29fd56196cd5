import { TerraformStack, Tokenization } from 'cdktf';
import { IConstruct } from 'constructs';
import { resolved } from '../terraform/graph';
import { hasToken, splitAtTokens } from '../terraform/tokens';

/** What was claimed in each app, by the root of its tree. */
const CLAIMS = new WeakMap<IConstruct, Map<string, IConstruct>>();

/**
 * Claims something that an app may have once, such as the policy of a resource. Returns who has it already; a construct that
 * left the tree, because it was refused, has nothing.
 */
export function claim(at: IConstruct, key: string): IConstruct | undefined {
  const claims = CLAIMS.get(at.node.root) ?? new Map<string, IConstruct>();
  CLAIMS.set(at.node.root, claims);
  const holder = claims.get(key);
  if (holder !== undefined && holder !== at && inTree(holder)) return holder;
  claims.set(key, at);
  return undefined;
}

/** Whether something was claimed, and is still. */
export function isClaimed(at: IConstruct, key: string): boolean {
  const holder = CLAIMS.get(at.node.root)?.get(key);
  return holder !== undefined && inTree(holder);
}

/** A value as text that is the same whenever the value is: each use of an attribute makes another token. */
export function valueKey(at: IConstruct, value: string): string {
  if (!hasToken(value)) return value;
  return splitAtTokens(value).map((part, index) => index % 2 === 0 ? part : tokenKey(at, part)).join('');
}

/** What attributes come to: an address is fixed once it was read, and one attribute stands in the keys of many. */
const KEYS = new WeakMap<object, string>();

function tokenKey(at: IConstruct, token: string): string {
  const [value] = Tokenization.reverse(token);
  const { originStack } = value as { originStack?: TerraformStack };
  const origin = originStack ?? TerraformStack.of(at);
  const key = KEYS.get(value) ?? `<${origin.node.path}: ${resolved(origin, token)}>`;
  if (originStack !== undefined) KEYS.set(value, key);
  return key;
}

/** Whether a construct is still part of its app: refused ones leave it. */
export function inTree(construct: IConstruct): boolean {
  const { scope, id } = construct.node;
  return scope === undefined || (scope.node.tryFindChild(id) === construct && inTree(scope));
}
