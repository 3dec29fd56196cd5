import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { Finding, Findings, Hole, Stacks } from './linters';
import { CHECKOV, describeWith, Program, run, TRIVY } from './programs';

const PAGE = readFileSync(resolve(__dirname, '../../docs/linters.md'), 'utf8');

/** What somebody could put in, and the checks that are to see it. */
const HOLES: { readonly [name: string]: Hole & { readonly checkov: readonly string[]; readonly trivy: readonly string[] } } = {
  'may do everything': {
    in: 'example-flux-aws-eks',
    type: 'aws_iam_role_policy',
    dig: (policy) => { policy.policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'; },
    checkov: ['CKV_AWS_62', 'CKV_AWS_63'],
    trivy: [],
  },
  'may do everything in every bucket': {
    in: 'example-flux-aws-eks',
    type: 'aws_iam_role_policy',
    dig: (policy) => { policy.policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'; },
    checkov: [],
    trivy: ['AWS-0345'],
  },
  'lets everybody in': {
    in: 'example-flux-aws-eks',
    type: 'aws_iam_role',
    dig: (role) => { role.assume_role_policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"*"}}]}'; },
    checkov: ['CKV_AWS_60'],
    trivy: [],
  },
  'may write in a project': {
    in: 'GcpPermission-of',
    type: 'google_project_iam_member',
    dig: (member) => { member.role = 'roles/editor'; },
    checkov: ['CKV_GCP_49', 'CKV_GCP_117'],
    trivy: [],
  },
  'lets objects have access lists': {
    in: 'GcsHostedIssuer',
    type: 'google_storage_bucket',
    dig: (bucket) => { bucket.uniform_bucket_level_access = false; },
    checkov: ['CKV_GCP_29'],
    trivy: ['GCP-0002'],
  },
  'answers by old TLS': {
    in: 'BlobHostedIssuer',
    type: 'azurerm_storage_account',
    dig: (account) => { account.min_tls_version = 'TLS1_0'; },
    checkov: ['CKV_AZURE_44'],
    trivy: ['AZU-0011'],
  },
};

/** A linter: what it finds in the folders of a directory, and how it is told what to leave out. */
interface Linter {
  readonly name: 'checkov' | 'trivy';
  readonly program: Program;
  readonly ignoreFile: string;
  readonly check: (directory: string, ignoreFile?: string) => { readonly passed: number; readonly failed: Finding[] };
}

const LINTERS: readonly Linter[] = [
  {
    name: 'checkov',
    program: CHECKOV,
    ignoreFile: '.checkov.yaml',
    check: (directory, ignoreFile) => {
      const report = checkov(directory, ignoreFile === undefined ? [] : ['--config-file', ignoreFile]);
      expect(report.summary.parsing_errors).toBe(0);
      return {
        passed: report.summary.passed,
        failed: report.results.failed_checks.map(({ check_id: check, file_path: file, resource }: any) => ({ check, stack: file.split('/')[1], resource })),
      };
    },
  },
  {
    name: 'trivy',
    program: TRIVY,
    ignoreFile: '.trivyignore.yaml',
    check: (directory, ignoreFile) => {
      const { passed, failed } = trivy(directory, ignoreFile);
      return { passed: passed.length, failed: failed.map(({ check, file, what }: any) => ({ check, stack: file.split('/')[0], resource: what })) };
    },
  },
];

describe.each(LINTERS)('$name', ({ name, program, ignoreFile, check }) => {
  describeWith([program], name, () => {
    const directory = mkdtempSync(join(tmpdir(), 'linters-'));
    const stacks = new Stacks(join(directory, 'stacks'));
    let all: { readonly passed: number; readonly failed: readonly Finding[] };
    const made = explained(name, 'What the library makes');
    const brought = explained(name, 'What the examples bring along');
    beforeAll(() => {
      stacks.examples().constructs().holes(HOLES);
      all = check(stacks.directory);
    });
    afterAll(() => rmSync(directory, { recursive: true, force: true }));

    test('reads every stack', () => {
      expect(all.passed).toBeGreaterThan(700);
    });

    test('finds what the page explains of what the library makes, and nothing else', () => {
      expect(stacks.byCheck(all.failed, /^(?!example-|hole-)/)).toEqual(made);
    });

    test('finds in the examples, beside that, what the page explains of them', () => {
      const others = Object.entries(stacks.byCheck(all.failed, /^example-/)).filter(([found]) => !(found in made));
      expect(Object.fromEntries(others)).toEqual(brought);
    });

    test('is silenced by the lines of the page', () => {
      const lines = new RegExp(`\`\`\`yaml\n# ${ignoreFile.replace(/\./g, '\\.')}\n([\\s\\S]*?)\`\`\``).exec(PAGE)![1];
      const file = join(directory, ignoreFile);
      writeFileSync(file, lines);
      expect(stacks.byCheck(check(stacks.directory, file).failed, /^(?!hole-)/)).toEqual(
        Object.fromEntries(Object.entries(stacks.byCheck(all.failed, /^example-/)).filter(([found]) => found in brought)),
      );
    });

    const seen = Object.entries(HOLES).filter(([, hole]) => hole[name].length > 0);
    test.each(seen)('finds what is put in on purpose: %s', (title, hole) => {
      expect(Object.keys(stacks.byCheck(all.failed, new RegExp(`^hole-${title}$`)))).toEqual(expect.arrayContaining([...hole[name]]));
    });
  });
});

describeWith([CHECKOV], 'what checkov cannot read, as the page says', () => {
  const directory = mkdtempSync(join(tmpdir(), 'linters-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test.each([
    ['required_version', { terraform: { required_version: '>= 1.5' } }],
    ['moved', { moved: [{ from: 'aws_s3_bucket.a', to: 'aws_s3_bucket.b' }] }],
  ])('a stack with %s', (_, block) => {
    writeFileSync(join(directory, 'cdk.tf.json'), JSON.stringify({ ...block, resource: { aws_s3_bucket: { b: { bucket: 'b' } } } }));
    expect(checkov(directory).summary).toMatchObject({ parsing_errors: 1, failed: 0 });
  });
});

describeWith([CHECKOV, TRIVY], 'a comment that silences a linter in HCL, in the "//" of JSON, as the page says', () => {
  const directory = mkdtempSync(join(tmpdir(), 'linters-'));
  const [json, hcl] = ['json', 'hcl'].map((name) => join(directory, name));
  beforeAll(() => {
    [json, hcl].forEach((folder) => mkdirSync(folder));
    const bucket = { name: 'b', location: 'EU', uniform_bucket_level_access: false };
    const comments = ['#checkov:skip=CKV_GCP_29:ours', 'checkov:skip=CKV_GCP_29:ours', '#trivy:ignore:GCP-0002', 'trivy:ignore:GCP-0002'];
    const buckets = [...comments, { checkov: { skip: [{ id: 'CKV_GCP_29', comment: 'ours' }] } }, comments].map((comment, index) => [`b${index}`, { '//': comment, ...bucket }]);
    writeFileSync(join(json, 'cdk.tf.json'), JSON.stringify({ '//': comments, 'resource': { google_storage_bucket: Object.fromEntries(buckets) } }, undefined, 2));
    writeFileSync(join(hcl, 'main.tf'), [
      '#trivy:ignore:GCP-0002', 'resource "google_storage_bucket" "silent" {', '  #checkov:skip=CKV_GCP_29:ours', ...Object.entries(bucket).map(([name, value]) => `  ${name} = ${JSON.stringify(value)}`), '}', '',
    ].join('\n'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const EVERY = ['b0', 'b1', 'b2', 'b3', 'b4', 'b5'];

  test('is nothing to checkov', () => {
    const found = (folder: string, framework: string) => checkov(folder, ['--framework', framework]).results.failed_checks
      .filter(({ check_id: check }: any) => check === 'CKV_GCP_29').map(({ resource }: any) => resource.split('.').pop()).sort();
    expect(found(json, 'terraform_json')).toEqual(EVERY);
    expect(found(hcl, 'terraform')).toEqual([]);
  });

  test('is nothing to trivy', () => {
    const found = (folder: string) => trivy(folder).failed
      .filter(({ check }: any) => check === 'GCP-0002').map(({ what }: any) => what.split('.')[1]).sort();
    expect(found(json)).toEqual(EVERY);
    expect(found(hcl)).toEqual([]);
  });
});

/** What it finds, and what it has nothing against. */
function trivy(directory: string, ignoreFile?: string): any {
  const { status, stdout, stderr } = run(TRIVY, [directory, ...ignoreFile === undefined ? [] : [ignoreFile]], directory);
  if (status !== 0) throw new Error(stdout + stderr);
  return JSON.parse(stdout);
}

/** Its report; nothing is fetched from anywhere. */
function checkov(directory: string, more: string[] = []): any {
  const { stdout, stderr } = run(CHECKOV, ['--directory', '.', '--framework', 'terraform_json', '--compact', '--output', 'json', '--skip-download', ...more], directory);
  if (!stdout.startsWith('{')) throw new Error(stdout + stderr);
  return JSON.parse(stdout);
}

/** The checks of a table of the page, and the types of resource that each is about. */
function explained(linter: string, heading: string): Findings {
  const section = new RegExp(`\n## ${linter}\n(?:[\\s\\S]*?\n)?### ${heading}\n([\\s\\S]*?)(?=\n##|$)`).exec(PAGE)![1];
  return Object.fromEntries([...section.matchAll(/^\| `([\w-]+)` \| ([^|]*) \|/gm)]
    .map(([, check, types]) => [check, [...types.matchAll(/`(\w+)`/g)].map(([, type]) => type).sort()]));
}
