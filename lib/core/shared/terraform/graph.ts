import {
  DefaultTokenResolver, StringConcat, TerraformElement, TerraformLocal, TerraformProvider, TerraformResource, TerraformStack, Tokenization,
} from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { applyAfter, refuseCircle } from './stacks';

/** An element that takes `depends_on`: a resource, a data source or a module. */
export interface Dependent extends TerraformElement {
  dependsOn?: string[];
}

/** The elements at or below a construct that take `depends_on`. */
export function dependentsIn(construct: IConstruct): Dependent[] {
  return construct.node.findAll().filter((child): child is Dependent => addressOf(child) !== undefined);
}

/** The plain Terraform address of a resource, data source or module; undefined for anything else. */
export function addressOf(construct: IConstruct): string | undefined {
  if (!TerraformElement.isTerraformElement(construct)) return undefined;
  const type = (construct as { terraformResourceType?: string }).terraformResourceType;
  if (TerraformResource.isTerraformResource(construct)) return `${type}.${construct.friendlyUniqueId}`;
  // Providers carry the same property; only data sources render attributes to read.
  if (type !== undefined && 'interpolationForAttribute' in construct) return `data.${type}.${construct.friendlyUniqueId}`;
  if ('source' in construct && 'interpolationForOutput' in construct) return `module.${construct.friendlyUniqueId}`;
  return undefined;
}

/** Whether Terraform would have to create `to` before `from`. */
export function refersTo(from: TerraformElement, to: string): boolean {
  return mentions(TerraformStack.of(from), (from as any).toTerraform(), to);
}

/** Whether Terraform would have to create `to` before it knows a value. */
export function mentions(stack: TerraformStack, value: unknown, to: string): boolean {
  const elements = nodesOf(stack);
  const seen = new Set<string>();
  const open: unknown[] = [value];
  while (open.length > 0) {
    for (const address of addressesIn(open.pop(), stack)) {
      if (address === to) return true;
      const next = elements.get(address);
      if (next === undefined || seen.has(address)) continue;
      seen.add(address);
      open.push((next as any).toTerraform());
    }
  }
  return false;
}

/** Everything in a stack through which one resource can refer to another. */
function nodesOf(stack: TerraformStack): Map<string, TerraformElement> {
  const nodes = new Map<string, TerraformElement>();
  for (const element of stack.node.findAll()) {
    const address = element instanceof TerraformLocal ? `local.${element.friendlyUniqueId}`
      : TerraformProvider.isTerraformProvider(element) ? element.fqn
        : addressOf(element);
    if (address !== undefined) nodes.set(address, element as TerraformElement);
  }
  return nodes;
}

/** A value as the stack renders it, tokens as the expressions that they stand for. */
export function resolved(stack: TerraformStack, value: unknown): any {
  return Tokenization.resolve(value, { scope: stack, preparing: false, resolver: new DefaultTokenResolver(new StringConcat()) });
}

/**
 * What must have been made before something else can be: the addresses of the resources of constructs that are in the stack of `from`.
 * Of those in other stacks the stacks are applied before.
 */
export function madeBefore(from: Construct, ...constructs: readonly IConstruct[]): string[] {
  const stack = TerraformStack.of(from);
  return constructs.flatMap((construct) => {
    const elements = dependentsIn(construct);
    if (TerraformStack.of(construct) === stack) return elements.map((element) => addressOf(element)!);
    if (elements.length > 0) applyAfter(from, stack, TerraformStack.of(construct), () => refuseCircle(from, construct));
    return [];
  }).sort();
}

/** The addresses that a value mentions once it is rendered. */
function addressesIn(value: unknown, stack: TerraformStack): string[] {
  const text = JSON.stringify(resolved(stack, value), (key, item) => key === '//' ? undefined : item);
  return [...text.matchAll(/(?<![\w.-])((?:data\.)?[a-z][a-z0-9_]*\.[A-Za-z_][\w-]*)/g)].map((match) => match[1]);
}
