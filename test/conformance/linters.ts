import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Testing } from 'cdktf';
import { addExamples } from '../../examples/stacks';
import { call } from '../misuse/row';
import { ROWS } from '../misuse/rows';
import { stack } from '../support';

/** One thing that a linter says. */
export interface Finding {
  readonly check: string;
  /** The name of the stack's folder. */
  readonly stack: string;
  /** The resource, by its type or without it; none when the linter thinks of something that is not there. */
  readonly resource: string;
}

/** What a linter says, by the check's name: on which types of resource. */
export type Findings = { [check: string]: string[] };

/** A hole as somebody could dig it: in a stack, in the first resource of a type. */
export interface Hole {
  readonly in: string;
  readonly type: string;
  readonly dig: (resource: any) => void;
}

/** What makes nothing of its own: the buckets that stand there are those of the test. */
const ONLY_USERS = /^(FluxMove\.|Grant#)/;

/** Stacks as files, a folder each. */
export class Stacks {
  private readonly texts = new Map<string, any>();

  public constructor(public readonly directory: string) {}

  /** Every example, as `npm run synth` makes it. */
  public examples(): this {
    const outdir = mkdtempSync(join(tmpdir(), 'linters-'));
    const app = new App({ outdir });
    addExamples(app);
    app.synth();
    for (const name of readdirSync(join(outdir, 'stacks'))) this.write(`example-${name}`, JSON.parse(readFileSync(join(outdir, 'stacks', name, 'cdk.tf.json'), 'utf8')));
    rmSync(outdir, { recursive: true, force: true });
    return this;
  }

  /** Everything that users can make, with as few options as it takes: no example shows all of it. */
  public constructs(): this {
    for (const [name, row] of Object.entries(ROWS)) {
      if (ONLY_USERS.test(name)) continue;
      const scope = stack();
      call(name, row, scope);
      // These say something only once something is granted on them, or an identity uses them; other rows do that.
      if (/^Flux(EcrRepositoryPolicy|S3BucketPolicy|KmsKeyPolicy|GcpWorkloadPool)$/.test(name)) continue;
      this.write(name.replace(/[.#]/, '-'), JSON.parse(Testing.synth(scope)));
    }
    return this;
  }

  /** Stacks with a hole in them. */
  public holes(holes: { readonly [name: string]: Hole }): this {
    for (const [name, { in: within, type, dig }] of Object.entries(holes)) {
      const dug = structuredClone(this.texts.get(within));
      const [resource] = Object.values<any>(dug.resource[type]);
      const before = JSON.stringify(resource);
      dig(resource);
      if (JSON.stringify(resource) === before) throw new Error(`${name}: nothing was dug`);
      this.write(`hole-${name}`, dug);
    }
    return this;
  }

  /** Findings in the stacks of some names. */
  public byCheck(findings: readonly Finding[], names: RegExp): Findings {
    const found: Findings = {};
    for (const finding of findings.filter(({ stack: name }) => names.test(name))) {
      found[finding.check] = [...new Set([...found[finding.check] ?? [], ...this.typeOf(finding)])].sort();
    }
    return found;
  }

  private typeOf({ stack: name, resource: found }: Finding): string[] {
    const { resource, data, module } = this.texts.get(name) ?? {};
    return Object.entries<any>({ ...data, ...resource, module })
      .filter(([, byName]) => Object.keys(byName ?? {}).some((id) => found.split('.').includes(id))).map(([type]) => type);
  }

  /** Without what checkov cannot read: the page says so, and how. */
  private write(name: string, { moved: _, terraform: { required_version: __, ...terraform } = {} as any, ...rest }: any) {
    if (rest.resource === undefined && rest.data === undefined) return; // checkov takes it for broken
    this.texts.set(name, rest);
    mkdirSync(join(this.directory, name), { recursive: true });
    writeFileSync(join(this.directory, name, 'cdk.tf.json'), JSON.stringify({ terraform, ...rest }, undefined, 2));
  }
}
