import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, TerraformStack, Testing } from 'cdktf';
import { COMPUTED, ComputedTable } from './computed';
import { Program, run, TERRAFORM } from './programs';

/** Options of `evaluate`. */
export interface EvaluateOptions {
  /** Attributes that providers would compute, beside those in `COMPUTED`: by resource type, or by address (which wins over arguments). */
  readonly computed?: ComputedTable;
  /** Values of the stack's variables. */
  readonly variables?: { readonly [name: string]: unknown };
  /** Applies on top of what an earlier evaluation left behind, as the next `terraform apply` of a user does. */
  readonly after?: Evaluation;
  /** Terraform, or OpenTofu by name. */
  readonly binary?: Program;
}

/** One thing that Terraform did, in the order of its log. */
export interface ApplyEvent {
  readonly address: string;
  readonly action: 'create' | 'update' | 'replace' | 'delete' | string;
  readonly phase: 'start' | 'complete';
}

/** What Terraform made of a stack. Addresses are the stack's own. */
export interface Evaluation {
  /** Values of the outputs, sensitive ones included. */
  readonly outputs: { readonly [name: string]: any };
  /** Arguments and computed attributes of each resource and data source, and the inputs of each module, evaluated. */
  readonly resources: { readonly [address: string]: any };
  /** For each address, all those that had to be there before it, directly or through others. */
  readonly dependencies: { readonly [address: string]: string[] };
  readonly events: readonly ApplyEvent[];
  /** @internal */
  readonly state: string;
}

/** A stack that Terraform refused: a failed precondition, a bad expression. */
export class TerraformError extends Error {
  public constructor(public readonly diagnostics: ReadonlyArray<{ summary: string; detail: string }>) {
    super(diagnostics.map(({ summary, detail }) => `${summary}: ${detail}`).join('\n'));
  }
}

/**
 * Lets real Terraform evaluate a stack without providers, accounts or network: every resource and data source becomes a
 * `terraform_data` that holds its arguments and what its provider would compute, known after apply as in real life.
 *
 * @param stack a stack, or its `cdk.tf.json`
 * @throws TerraformError when Terraform refuses it
 */
export function evaluate(stack: TerraformStack | string, options: EvaluateOptions = {}): Evaluation {
  const rewritten = rewrite(JSON.parse(typeof stack === 'string' ? stack : Testing.synth(stack)), options.computed ?? {});
  const directory = mkdtempSync(join(tmpdir(), 'conformance-'));
  try {
    writeFileSync(join(directory, 'main.tf.json'), JSON.stringify(rewritten.config, null, 2));
    writeFileSync(join(directory, 'cli.tfrc'), '');
    if (options.variables) writeFileSync(join(directory, 'terraform.tfvars.json'), JSON.stringify(options.variables));
    if (options.after) writeFileSync(join(directory, 'terraform.tfstate'), options.after.state);
    // No init: the one provider is built in, and the state is a local file.
    const { status, stdout, stderr } = terraform(directory, ['apply', '-json', '-auto-approve', '-input=false'], options.binary);
    const log = stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    const diagnostics = log.filter(({ type, diagnostic }) => type === 'diagnostic' && diagnostic.severity === 'error').map(({ diagnostic }) => diagnostic);
    if (status !== 0) throw new TerraformError(diagnostics.length > 0 ? diagnostics : [{ summary: `exit ${status}`, detail: stdout + stderr }]);
    return read(readFileSync(join(directory, 'terraform.tfstate'), 'utf8'), log, rewritten.original);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * Lets one Terraform evaluate many stacks, each as a module with its own values of variables. A stack that Terraform refuses does not
 * keep the others from being evaluated.
 */
export function evaluateAll(
  stacks: readonly { readonly stack: string; readonly variables?: { readonly [name: string]: unknown } }[],
  computed: ComputedTable = {},
): (Pick<Evaluation, 'resources'> | TerraformError)[] {
  const rewritten = stacks.map(({ stack }) => rewrite(JSON.parse(stack), computed));
  const results: (Pick<Evaluation, 'resources'> | TerraformError | undefined)[] = stacks.map(() => undefined);
  const directory = mkdtempSync(join(tmpdir(), 'conformance-'));
  try {
    writeFileSync(join(directory, 'cli.tfrc'), '');
    rewritten.forEach(({ config: { output: _, ...config } }, index) => {
      mkdirSync(join(directory, `c${index}`));
      writeFileSync(join(directory, `c${index}`, 'main.tf.json'), JSON.stringify(config));
    });
    for (;;) {
      const open = stacks.flatMap(({ variables }, index) => results[index] === undefined ? [[`c${index}`, { source: `./c${index}`, ...variables }] as const] : []);
      if (open.length === 0) break;
      writeFileSync(join(directory, 'main.tf.json'), JSON.stringify({ module: Object.fromEntries(open) }).replace(/[$%](?=\{)/g, '$&$&'));
      const init = terraform(directory, ['init', '-input=false', '-no-color']);
      const { stdout, stderr, status } = init.status === 0 ? terraform(directory, ['apply', '-json', '-auto-approve', '-input=false']) : { ...init, stdout: '' };
      if (status === 0) {
        const state = JSON.parse(readFileSync(join(directory, 'terraform.tfstate'), 'utf8'));
        for (const [name] of open) {
          const index = Number(name.slice(1));
          const own = { resources: state.resources.filter(({ module }: any) => module === `module.${name}`), outputs: {} };
          results[index] = { resources: read(JSON.stringify(own), [], rewritten[index].original).resources };
        }
        break;
      }
      const found = new Map<number, { summary: string; detail: string }[]>();
      for (const { type, diagnostic } of stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))) {
        if (type !== 'diagnostic' || diagnostic.severity !== 'error') continue;
        const name = /^module\.c(\d+)\./.exec(diagnostic.address ?? '') ?? /^c(\d+)\//.exec(diagnostic.range?.filename ?? '');
        if (name !== null) found.set(Number(name[1]), [...found.get(Number(name[1])) ?? [], diagnostic]);
      }
      for (const name of stderr.matchAll(/c(\d+)\/main\.tf\.json/g)) found.set(Number(name[1]), [{ summary: 'init', detail: stderr }]);
      if (found.size === 0) throw new Error(`Terraform says of nothing that it is wrong: ${stdout}${stderr}`.slice(0, 5000));
      for (const [index, diagnostics] of found) results[index] = new TerraformError(diagnostics);
    }
    return results as (Pick<Evaluation, 'resources'> | TerraformError)[];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function terraform(directory: string, args: string[], binary = TERRAFORM) {
  return run(binary, args, directory, {
    CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: join(directory, 'cli.tfrc'), TF_IN_AUTOMATION: '1', TF_LOG: '', TF_WORKSPACE: '', TF_DATA_DIR: '', TF_CLI_ARGS: '',
  });
}

const REFERENCE = /(?<![\w.-])((?:data\.)?[a-z]\w*\.[A-Za-z_][\w-]*)(\[[^\]]*\])?/g;
const META = ['//', 'provider', 'depends_on', 'lifecycle', 'count', 'for_each', 'connection', 'provisioner'];

interface Block {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly body: any;
}

/** The stack with every resource and data source as `terraform_data`, and the way back to its addresses. */
function rewrite(stack: any, computed: ComputedTable) {
  if (stack.ephemeral) throw new Error('cannot evaluate a stack with "ephemeral" blocks offline');
  // Of a module only what it is given is known.
  const blocks = [...blocksOf(stack.resource, ''), ...blocksOf(stack.data, 'data.'), ...blocksOf(stack.module && { module: stack.module }, '')];
  const repeated = new Set(blocks.filter(({ body }) => body.count !== undefined || body.for_each !== undefined).map(({ address }) => address));
  const rewritten = new Map(blocks.map(({ address }) => [address, `terraform_data.${address.replace(/\./g, '__')}`]));
  const original = new Map([...rewritten].map(([from, to]) => [to, from]));

  const inText = (text: string) => text.replace(REFERENCE, (all, address, index = '') => {
    const to = rewritten.get(address);
    if (to === undefined) return all;
    return repeated.has(address) ? `${to}${index}.output` : `${to}.output${index}`;
  });
  const inValue = (value: any): any => {
    if (typeof value === 'string') return /[$%]\{/.test(value) ? inText(value) : value;
    if (Array.isArray(value)) return value.map(inValue);
    if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [inValue(key), inValue(item)]));
    return value;
  };
  const address = (plain: string) => rewritten.get(plain) ?? plain;
  const conditions = (list: any[] | undefined, self: string) => list?.map((item) =>
    Object.fromEntries(Object.entries(item).map(([key, text]) => [key, inValue(text).replace(/(?<![\w.])self\./g, self)])));

  const resources = blocks.map(({ address: from, type, name, body }) => {
    const args = Object.fromEntries(Object.entries(body).filter(([key]) => !META.includes(key)));
    const fake = { ...COMPUTED, ...computed }[type]?.(args, from);
    const lifecycle = body.lifecycle && {
      create_before_destroy: body.lifecycle.create_before_destroy,
      precondition: conditions(body.lifecycle.precondition, 'self.'),
      postcondition: conditions(body.lifecycle.postcondition, 'self.output.'),
      replace_triggered_by: body.lifecycle.replace_triggered_by?.map(inText),
    };
    return [`${type}.${name}`.replace(/\./g, '__'), {
      input: inValue({ ...fake, ...args, ...computed[from]?.(args, from) }),
      depends_on: body.depends_on?.map(address),
      count: inValue(body.count),
      for_each: inValue(body.for_each),
      lifecycle,
    }];
  });
  const outputs = Object.entries<any>(stack.output ?? {}).map(([name, { depends_on: dependsOn, '//': _, ...output }]) =>
    [name, { ...inValue(output), depends_on: dependsOn?.map(address) }]);
  const config = {
    variable: stack.variable,
    locals: inValue(stack.locals),
    resource: resources.length > 0 ? { terraform_data: Object.fromEntries(resources) } : undefined,
    output: outputs.length > 0 ? Object.fromEntries(outputs) : undefined,
  };
  return { config, original };
}

function blocksOf(byType: any, prefix: string): Block[] {
  return Object.entries<any>(byType ?? {}).flatMap(([type, byName]) => Object.entries<any>(byName)
    .map(([name, body]) => ({ address: `${prefix}${type}.${name}`, type: `${prefix}${type}`, name, body })));
}

function read(text: string, log: any[], original: Map<string, string>): Evaluation {
  const state = JSON.parse(text);
  const back = (address: string) => address.replace(/^terraform_data\.[\w-]+/, (all) => original.get(all) ?? all);
  const resources: { [address: string]: any } = {};
  const dependencies: { [address: string]: string[] } = {};
  for (const { type, name, instances } of state.resources) {
    for (const { attributes, index_key: key, dependencies: before = [] } of instances) {
      const address = back(`${type}.${name}`) + (key === undefined ? '' : `[${JSON.stringify(key)}]`);
      resources[address] = attributes.output?.value;
      dependencies[address] = before.map(back);
    }
  }
  const events = log.filter(({ type }) => type === 'apply_start' || type === 'apply_complete').map(({ type, hook }) => ({
    address: back(hook.resource.addr), action: hook.action, phase: type === 'apply_start' ? 'start' as const : 'complete' as const,
  }));
  const outputs = Object.fromEntries(Object.entries<any>(state.outputs).map(([name, { value }]) => [name, value]));
  return { outputs, resources, dependencies, events, state: text };
}

const evaluations = new WeakMap<App, Map<string, Evaluation>>();

/**
 * Evaluates one stack of an app, after the stacks whose states it reads, as `cdktf deploy` applies them.
 * The app is synthesized once: nothing can be added to it afterwards.
 */
export function evaluateIn(app: App, id: string, options: EvaluateOptions = {}): Evaluation {
  if (!evaluations.has(app)) {
    app.synth();
    evaluations.set(app, new Map());
  }
  const done = evaluations.get(app)!;
  const before = done.get(id);
  if (before !== undefined) return before;
  const { stacks } = JSON.parse(readFileSync(join(app.outdir, 'manifest.json'), 'utf8'));
  const textOf = (name: string) => readFileSync(join(app.outdir, stacks[name].synthesizedStackPath), 'utf8');
  const states = new Map<string, Evaluation>(stacks[id].dependencies.map((name: string) => (
    [JSON.parse(textOf(name)).terraform.backend.s3.key, evaluateIn(app, name, { binary: options.binary })]
  )));
  const evaluation = evaluate(textOf(id), {
    ...options, computed: { ...options.computed, 'data.terraform_remote_state': ({ config }) => ({ outputs: states.get(config.key)!.outputs }) },
  });
  done.set(id, evaluation);
  return evaluation;
}
