import { DefaultTokenResolver, StringConcat, TerraformStack, Testing, Tokenization } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { FluxInstallation, FluxInstallationProps } from '../lib/flux/flux-installation';
import { FluxKustomization } from '../lib/flux/flux-kustomization';

/** A synthesized stack, by address: `aws_iam_role.Images_ABC` or `data.aws_eks_cluster.Cluster_ABC`. */
export interface Synthesized {
  readonly text: string;
  readonly json: any;
  readonly resources: { readonly [address: string]: any };
}

/** Builds one stack and synthesizes it. */
export function synth(build: (scope: TerraformStack) => void, id = 'test'): Synthesized {
  const scope = stack(id);
  build(scope);
  return synthesized(scope);
}

/** Synthesizes a stack that was built elsewhere. */
export function synthesized(scope: TerraformStack): Synthesized {
  const text = Testing.synth(scope);
  const json = JSON.parse(text);
  const resources: { [address: string]: any } = {};
  const collect = (prefix: string, types: any) => {
    for (const [type, named] of Object.entries<any>(types ?? {})) {
      for (const [name, { '//': _, ...attributes }] of Object.entries<any>(named)) resources[`${prefix}${type}.${name}`] = attributes;
    }
  };
  collect('', json.resource);
  collect('data.', json.data);
  for (const [name, { '//': _, ...attributes }] of Object.entries<any>(json.module ?? {})) resources[`module.${name}`] = attributes;
  return { text, json, resources };
}

/** A new stack that is not synthesized. */
export function stack(id = 'test'): TerraformStack {
  return new TerraformStack(Testing.app(), id);
}

/** Does with an app what its synthesis begins with: stacks learn what they take from each other. */
export function prepare(app: IConstruct): void {
  app.node.findAll().filter((node) => TerraformStack.isStack(node)).forEach((scope) => scope.prepareStack());
}

/** The Flux of a test, in place of one that the scope has already: a Flux is described once. */
export function fluxOf(scope: Construct, props: FluxInstallationProps): FluxInstallation {
  scope.node.tryRemoveChild('Installation');
  return new FluxInstallation(scope, 'Installation', props);
}

/** The kustomization of a Flux, rendered at once: then the same cluster can have another, as in no real program. */
export function kustomizationOf(scope: TerraformStack, props: FluxInstallationProps): string {
  const yaml = resolved(scope, new FluxKustomization(scope, 'Kustomization', { installation: fluxOf(scope, props) }).yaml);
  scope.node.tryRemoveChild('Kustomization');
  return yaml;
}

/** A value with its tokens as the expressions that they come to. */
export function resolved(scope: TerraformStack, value: unknown): any {
  return Tokenization.resolve(value, { scope, preparing: false, resolver: new DefaultTokenResolver(new StringConcat()) });
}

/** The only resource of a type, or the only one whose address contains a text. */
export function only(all: Synthesized, type: string, containing = ''): any {
  const found = Object.entries(all.resources).filter(([address]) => address.startsWith(`${type}.`) && address.includes(containing));
  expect(found.map(([address]) => address)).toHaveLength(1);
  return found[0][1];
}

/** The addresses of a type. */
export function addresses(all: Synthesized, type = ''): string[] {
  return Object.keys(all.resources).filter((address) => address.startsWith(type)).sort();
}

/** What differs between two stacks, by address. */
export function difference(before: Synthesized, after: Synthesized): { added: string[]; removed: string[]; changed: string[] } {
  const [old, now] = [before.resources, after.resources];
  return {
    added: Object.keys(now).filter((address) => !(address in old)).sort(),
    removed: Object.keys(old).filter((address) => !(address in now)).sort(),
    changed: Object.keys(old).filter((address) => address in now && JSON.stringify(old[address]) !== JSON.stringify(now[address])).sort(),
  };
}

/**
 * A Terraform template as Terraform would render it, with each value that only Terraform knows shown as `<expression>`.
 * Escaped template marks become literal again.
 */
export function rendered(template: string): string {
  let text = '';
  for (let at = 0; at < template.length;) {
    if (template.startsWith('$${', at) || template.startsWith('%%{', at)) {
      text += template.slice(at + 1, at + 3);
      at += 3;
    } else if (template.startsWith('${', at)) {
      const end = closing(template, at + 2);
      const expression = template.slice(at + 2, end);
      const bare = /^replace\(([\s\S]*), "\\u0085", "\\\\u0085"\)$/.exec(expression)?.[1] ?? expression;
      const encoded = /^jsonencode\(([\s\S]*)\)$/.exec(bare);
      text += encoded ? JSON.stringify(`<${inner(encoded[1])}>`) : `<${bare}>`;
      at = end + 1;
    } else {
      text += template[at++];
    }
  }
  return text;
}

/** A JSON template as an object. */
export function decoded(template: string): any {
  return JSON.parse(rendered(template));
}

/** The message of the ValidationError that the action ends in. */
export function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error: any) {
    if (error.name !== 'ValidationError') throw error;
    expect(error.message).toMatch(/\n {2}Allowed: .+\n {2}Why: .+\n {2}Fix: .+/);
    return error.message;
  }
  throw new Error('Nothing was refused.');
}

/** The parts of a refusal: where and what, what is allowed, why, and the fix. */
export function refused(action: () => unknown): { given: string; allowed: string; why: string; fix: string } {
  const [given, allowed, why, fix] = refusal(action).split(/\n {2}(?:Allowed|Why|Fix): /);
  return { given, allowed, why, fix };
}

/** Every order of the items that a seeded generator comes to. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const result = [...items];
  let state = seed;
  for (let index = result.length - 1; index > 0; index--) {
    state = (state * 1103515245 + 12345) % 2147483648;
    const other = Math.floor((state / 2147483648) * (index + 1));
    [result[index], result[other]] = [result[other], result[index]];
  }
  return result;
}

/** `"${a.b}/x"` reads as `a.b/x`. */
function inner(expression: string): string {
  return /^"[\s\S]*"$/.test(expression) ? expression.slice(1, -1).replace(/\$\{([^{}]*)\}/g, '$1') : expression;
}

function closing(template: string, from: number): number {
  let depth = 1;
  for (let at = from; at < template.length; at++) {
    if (template[at] === '{') depth++;
    if (template[at] === '}' && --depth === 0) return at;
  }
  throw new Error(`No end of the expression in ${template}`);
}
