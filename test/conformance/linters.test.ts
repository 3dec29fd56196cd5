import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { App, Testing } from 'cdktf';
import { CHECKOV, describeWith, run } from './programs';
import { addExamples } from '../../examples/stacks';
import { call } from '../misuse/row';
import { ROWS } from '../misuse/rows';
import { stack } from '../support';

const PAGE = readFileSync(resolve(__dirname, '../../docs/linters.md'), 'utf8');

/** What a linter says, by the check's name: which resource types, in which stacks. */
type Findings = { [check: string]: string[] };

describeWith([CHECKOV], 'checkov', () => {
  const directory = mkdtempSync(join(tmpdir(), 'linters-'));
  let report: any;
  beforeAll(() => {
    new Stacks(directory).examples().constructs();
    report = checkov(directory);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test('reads every stack', () => {
    expect(report.summary.parsing_errors).toBe(0);
    expect(report.summary.passed).toBeGreaterThan(300);
    const clouds = new Set(report.results.passed_checks.map(({ check_class: name }: any) => /\.resource\.(\w+)\./.exec(name)?.[1]));
    expect([...clouds]).toEqual(expect.arrayContaining(['aws', 'azure', 'gcp']));
  });

  test('finds what the page explains, and nothing else', () => {
    expect(Object.keys(byCheck(report)).sort()).toEqual(explained('checkov'));
  });

  test('is silenced by the lines of the page', () => {
    const config = /```yaml\n# \.checkov\.yaml\n([\s\S]*?)```/.exec(PAGE)![1];
    const file = join(directory, 'checkov.yaml');
    writeFileSync(file, config);
    expect(byCheck(checkov(directory, ['--config-file', file]))).toEqual({});
  });

  test('finds a hole that somebody digs', () => {
    const dug = mkdtempSync(join(tmpdir(), 'linters-'));
    try {
      const role = JSON.parse(readFileSync(join(directory, 'example-flux-aws-eks', 'cdk.tf.json'), 'utf8'));
      const [policy] = Object.values<any>(role.resource.aws_iam_role_policy);
      policy.policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
      mkdirSync(join(dug, 'stack'));
      writeFileSync(join(dug, 'stack', 'cdk.tf.json'), JSON.stringify(role, undefined, 2));
      expect(Object.keys(byCheck(checkov(dug)))).toEqual(expect.arrayContaining(['CKV_AWS_355']));
    } finally {
      rmSync(dug, { recursive: true, force: true });
    }
  });
});

/** Stacks as files, a folder each. */
class Stacks {
  public constructor(private readonly directory: string) {}

  /** Every example, as `npm run synth` makes it. */
  public examples(): this {
    const outdir = mkdtempSync(join(tmpdir(), 'linters-'));
    const app = new App({ outdir });
    addExamples(app);
    app.synth();
    for (const name of readdirSync(join(outdir, 'stacks'))) this.write(`example-${name}`, readFileSync(join(outdir, 'stacks', name, 'cdk.tf.json'), 'utf8'));
    rmSync(outdir, { recursive: true, force: true });
    return this;
  }

  /** Everything that users can make, with as few options as it takes: no example shows all of it. */
  public constructs(): this {
    for (const [name, row] of Object.entries(ROWS)) {
      const scope = stack();
      call(name, row, scope);
      // These say something only once something is granted on them, or an identity uses them; other rows do that.
      if (/^Flux(EcrRepositoryPolicy|S3BucketPolicy|KmsKeyPolicy|GcpWorkloadPool)$/.test(name)) continue;
      this.write(name.replace('.', '-'), Testing.synth(scope));
    }
    return this;
  }

  private write(name: string, text: string) {
    const { resource, data } = JSON.parse(text);
    if (resource === undefined && data === undefined) return; // checkov takes it for broken
    mkdirSync(join(this.directory, name));
    writeFileSync(join(this.directory, name, 'cdk.tf.json'), text);
  }
}

/** Its report; nothing is fetched from anywhere. */
function checkov(directory: string, more: string[] = []): any {
  const { stdout, stderr } = run(CHECKOV, ['--directory', '.', '--framework', 'terraform_json', '--compact', '--output', 'json', '--skip-download', ...more], directory);
  if (!stdout.startsWith('{')) throw new Error(stdout + stderr);
  return JSON.parse(stdout);
}

function byCheck({ results }: any): Findings {
  const found: Findings = {};
  for (const { check_id: check, file_path: file, resource } of results.failed_checks) (found[check] ??= []).push(`${file.split('/')[1]} ${resource}`);
  return found;
}

/** The checks that the page has a row of. */
function explained(linter: string): string[] {
  const section = new RegExp(`\n## ${linter}\n([\\s\\S]*?)(?=\n## |$)`).exec(PAGE)![1];
  return [...section.matchAll(/^\| `([\w-]+)`/gm)].map(([, check]) => check).sort();
}
