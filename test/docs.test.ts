import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join, relative, resolve } from 'path';
import { Testing, TerraformStack } from 'cdktf';
import * as ts from 'typescript';
import { headings } from './headings';
import { FluxIamUser } from '../lib/aws/flux-iam-user';
import { KmsPermissions } from '../lib/aws/permissions/kms';
import { FluxSecret } from '../lib/core/flux-secret';
import { WarningId } from '../lib/core/shared/flux/warning-ids';

const ROOT = resolve(__dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const files = (folder: string, ending: RegExp): string[] => readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && ending.test(entry.name))
  .map((entry) => relative(ROOT, join(entry.parentPath ?? (entry as any).path, entry.name))).sort();

/** Every page that people wrote; API.md is generated. */
const PAGES = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'examples/README.md', ...files('docs', /\.md$/).filter((page) => !page.startsWith('docs/api/')), ...files('lib', /\.md$/), ...files('test', /\.md$/)];
const TEXT = new Map(PAGES.map((page) => [page, read(page)]));

/** What the library exports, and the text of the file that declares it. */
const EXPORTS = new Map(['core', 'aws', 'azure', 'gcp', 'flux'].flatMap((folder) => [...read(`lib/${folder}/index.ts`).matchAll(/from '\.\/(.+)'/g)]
  .flatMap(([, module]) => {
    const text = read(`lib/${folder}/${module}.ts`);
    return [...text.matchAll(/^export (?:abstract )?(?:class|interface|enum|function|const) (\w+)/gm)].map(([, name]): [string, string] => [name, text]);
  })));

const PRELUDE = [...read('test/docs-prelude.ts').matchAll(/^export (?:declare (?:const|class) (\w+)|\{ (\w+) \})/gm)].map(([, declared, passed]) => declared ?? passed);

interface Sample {
  readonly name: string;
  readonly code: string;
}

const SAMPLES: Sample[] = [...TEXT].flatMap(([page, text]) => [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)]
  .map(([, code], index) => ({ name: `${page}, sample ${index + 1}`, code })));

/** A sample as a module: as it is when it imports what it needs, otherwise in a method of a stack, after the prelude. */
function moduleOf({ code }: Sample): string {
  if (/^import /m.test(code)) return code.replace('\'./main\'', '\'./docs-sample-0\''); // the program of the quick start
  const own = [...code.matchAll(/^(?:const|class) (\w+)/gm)].map(([, name]) => name);
  const names = (all: Iterable<string>) => [...all].filter((name) => !own.includes(name) || new RegExp(`[.(\\s]${name}\\b`).test(code)).join(', ');
  return `import { TerraformStack } from 'cdktf';
import { ${names(EXPORTS.keys())} } from 'cdktf-flux-identity';
import { ${names(PRELUDE)} } from './docs-prelude';
export function sample(this: TerraformStack) {
${code}}
`;
}

function compile(samples: Sample[]): Map<string, string[]> {
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(join(ROOT, 'test/tsconfig.json'), ts.sys.readFile).config, ts.sys, join(ROOT, 'test'));
  const settings: ts.CompilerOptions = {
    ...options, isolatedModules: false, noUnusedLocals: false, noUnusedParameters: false, paths: { 'cdktf-flux-identity': [join(ROOT, 'lib/index.ts')], 'cdktf-flux-identity/lib/*': [join(ROOT, 'lib/*/index.ts')] },
  };
  const modules = new Map(samples.map((sample, index) => [join(ROOT, `test/docs-sample-${index}.ts`), sample]));
  const host = ts.createCompilerHost(settings);
  const { getSourceFile, fileExists, readFile } = host;
  const textOf = (path: string) => modules.has(path) ? moduleOf(modules.get(path)!) : undefined;
  host.fileExists = (path) => modules.has(path) || fileExists(path);
  host.readFile = (path) => textOf(path) ?? readFile(path);
  host.getSourceFile = (path, language, ...rest) => {
    const text = textOf(path);
    return text === undefined ? getSourceFile(path, language, ...rest) : ts.createSourceFile(path, text, language);
  };
  const program = ts.createProgram([...modules.keys()], settings, host);
  return new Map([...modules].map(([path, { name }]) => {
    const file = program.getSourceFile(path)!;
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return [name, found.map(({ messageText, start }) => {
      const { line } = file.getLineAndCharacterOfPosition(start ?? 0);
      return `${file.text.split('\n')[line].trim()}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    })];
  }));
}

describe('samples', () => {
  test('compile', () => {
    const wrong: Sample = { name: 'a wrong one', code: 'ClusterIssuer.eks(stack, \'Cluster\', { cluster: 1 });\n' };
    const { [wrong.name]: refused, ...errors } = Object.fromEntries(compile([...SAMPLES, wrong]));
    expect(refused).toEqual([expect.stringContaining('\'cluster\' does not exist in type \'EksClusterIssuerProps\'')]);
    expect(SAMPLES.length).toBeGreaterThanOrEqual(20);
    expect(Object.fromEntries(Object.entries(errors).filter(([, messages]) => messages.length > 0))).toEqual({});
  }, 60_000);

  test('the quick start makes one OIDC provider and one role, tells both controllers, and its test passes', () => {
    const [program, ownTest] = SAMPLES.filter(({ name }) => name.startsWith('README.md')).map(({ code }) => ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } }).outputText);
    const main: any = {};
    const ran: Array<() => void> = [];
    const others: { [name: string]: unknown } = { './main': main, 'node:test': { test: (_: string, body: () => void) => ran.push(body) } };
    const start = (code: string, exported: object) => new Function('require', 'exports', code)((name: string) => others[name] ?? require(name.replace(/^cdktf-flux-identity(\/lib)?/, '../lib')), exported);
    const out = mkdtempSync(join(tmpdir(), 'quick-start-'));
    const before = process.env.CDKTF_OUTDIR;
    process.env.CDKTF_OUTDIR = out;
    try {
      start(program, main);
      start(ownTest, {});
      ran.forEach((body) => body());
      expect(ran).toHaveLength(1);
      const { resource, data, output } = JSON.parse(readFileSync(join(out, 'stacks/flux/cdk.tf.json'), 'utf8'));
      expect(Object.keys(resource)).toEqual(['aws_iam_openid_connect_provider', 'aws_iam_role', 'aws_iam_role_policy']);
      expect(Object.keys(data)).toEqual(['aws_eks_cluster']);
      const [[id, role]] = Object.entries<any>(resource.aws_iam_role);
      expect(role.assume_role_policy).toContain('system:serviceaccount:flux-system:source-controller');
      expect(role.assume_role_policy).toContain('system:serviceaccount:flux-system:image-reflector-controller');
      const [policy] = Object.values<any>(resource.aws_iam_role_policy);
      expect(policy.policy).toContain('arn:aws:ecr:eu-west-1:111122223333:repository/apps/*');
      expect(policy.policy).toContain('arn:aws:s3:::flux-manifests/*');
      const { value } = output.kustomization;
      for (const controller of ['source-controller', 'image-reflector-controller']) expect(value).toContain(`name: ${controller}`);
      expect(value).toContain('eks.amazonaws.com/role-arn');
      expect(value).toContain(`aws_iam_role.${id}.arn`);
    } finally {
      if (before === undefined) delete process.env.CDKTF_OUTDIR;
      else process.env.CDKTF_OUTDIR = before;
      rmSync(out, { recursive: true, force: true });
    }
  }, 60_000);
});

test('the error in concepts.md is what the library says', () => {
  const [, shown] = /^```\n(\[prod\/Sops\/Key\] [\s\S]*?)\n```/m.exec(TEXT.get('docs/concepts.md')!)!;
  const [, alias] = /"(arn:[^"]+)"/.exec(shown)!;
  const user = new FluxIamUser(new TerraformStack(Testing.app(), 'prod'), 'Sops', { name: 'sops', secrets: [FluxSecret.sops('apps', 'sops')] });
  expect(() => user.grant('Key', KmsPermissions.decrypt(alias))).toThrow(shown);
});

test('the page on installations lists every warning, and no other', () => {
  const listed = [...TEXT.get('docs/flux/installation.md')!.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell]) => [...cell.matchAll(/`([a-z0-9-]+:?)/g)].map(([, id]) => id));
  expect(listed.sort()).toEqual((Object.values(WarningId) as string[]).sort());
});

/** Names that look like ours: a kind of the Flux Operator, an internal class, and stand-ins. */
const OTHERS = ['FluxInstance', 'FluxModel', 'FooPermissions', 'SomePermissions'];

describe.each(PAGES)('%s', (page) => {
  const text = TEXT.get(page)!;
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');

  test('links lead somewhere', () => {
    const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link).filter((link) => !/^https:/.test(link));
    const dead = links.filter((link) => {
      const [path, anchor] = link.split('#');
      const target = path === '' ? page : relative(ROOT, resolve(ROOT, dirname(page), path));
      if (target.startsWith('..') || !existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && !headings(read(target)).includes(anchor);
    });
    expect(dead).toEqual([]);
  });

  test('folders and files of the project that it names exist', () => {
    const named = [...text.matchAll(/(?<![\w/.<>-])((?:lib|docs|examples|test|scripts)\/[\w./-]*\w)/g)].map(([, path]) => path);
    expect(named.filter((path) => !existsSync(join(ROOT, path)) && !existsSync(join(ROOT, dirname(page), path)))).toEqual([]);
  });

  test('names no place outside the project', () => {
    expect(text.match(/(?<![\w.}>/-])\/(?:work|tmp|home|root|Users|opt)\/\S*/g) ?? []).toEqual([]);
  });

  test('names of the library exist', () => {
    const code = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, inline]) => inline);
    const names = code.flatMap((inline) => inline.match(/\bFlux[A-Z]\w+|\b\w+(?:Permissions|HostedIssuer)\b/g) ?? []);
    expect(names.filter((name) => !EXPORTS.has(name) && !OTHERS.includes(name))).toEqual([]);
    const members = code.flatMap((inline) => [...inline.matchAll(/\b([A-Z]\w+)\.(\w+)/g)]).filter(([, name]) => EXPORTS.has(name));
    expect(members.filter(([, name, member]) => !new RegExp(`\\b${member}\\b`).test(EXPORTS.get(name)!)).map(([member]) => member)).toEqual([]);
  });

  test('has no long lines, but for tables and code', () => {
    expect(prose.split('\n').filter((line) => line.length > 150 && !line.startsWith('|'))).toEqual([]);
  });
});

test('the index leads to every page, and to every example once for each task', () => {
  const index = TEXT.get('docs/README.md')!;
  const pages = files('docs', /\.md$/).filter((page) => !/^docs\/(api\/|decisions\/\d|README\.md)/.test(page)).map((page) => page.replace('docs/', ''));
  expect(pages.filter((page) => !index.includes(`](${page})`))).toEqual([]);
  const folders = readdirSync(join(ROOT, 'examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  expect(folders.filter((name) => !index.includes(`](../examples/${name}/stack.ts)`))).toEqual([]);
});

test('my cluster is X, my registry is Y: each cell is one page and one example, which has both', () => {
  const [header, , ...rows] = TEXT.get('docs/README.md')!.split('\n').filter((line) => line.startsWith('|')).slice(0, 6).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
  const issuers = [/ClusterIssuer\.eks/, /ClusterIssuer\.aks/, /ClusterIssuer\.gke/, /ClusterIssuer\.oidc|HostedIssuer/];
  const permissions = ['EcrPermissions', 'ArtifactRegistryPermissions', 'AcrPermissions'];
  expect([rows.length, header.length]).toEqual([4, 4]);
  rows.forEach(([, ...cells], row) => cells.forEach((cell, column) => {
    const [, page, example, other] = /^\[[\w ]+\]\(([\w-]+\.md)\), \[[\w-]+\]\(\.\.\/(examples\/[\w-]+\/stack\.ts)\)( \(¹\))?$/.exec(cell) ?? [];
    const text = read(example);
    expect({ cell, page: existsSync(join(ROOT, 'docs', page)), cluster: issuers[row].test(text), registry: text.includes(`${permissions[column]}.`) })
      .toEqual({ cell, page: true, cluster: other === undefined, registry: true });
  }));
});

test('the page of the examples names every stack and every folder', () => {
  const page = TEXT.get('examples/README.md')!;
  const stacks = [...read('examples/stacks.ts').matchAll(/new \w+\(app, '([\w-]+)'/g)].map(([, name]) => name);
  expect(stacks.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  const folders = readdirSync(join(ROOT, 'examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  expect(folders.filter((name) => !page.includes(`](${name}/stack.ts)`))).toEqual([]);
});

/** What says how things are, and not how to do something. */
const NO_PROGRAM = ['README', 'conformance', 'fuzz', 'linters', 'performance', 'security', 'support', 'flux/fleet-limits'];

test('every page on how to do something begins with the shortest program that does it', () => {
  const pages = files('docs', /\.md$/).filter((page) => !/^docs\/(api|decisions)\//.test(page) && !NO_PROGRAM.includes(page.replace(/^docs\/|\.md$/g, '')));
  expect(pages.length).toBeGreaterThan(25);
  expect(pages.filter((page) => !/^# .+\n\n```(ts|sh)\n(.+\n|\n){1,20}```\n/.test(TEXT.get(page)!))).toEqual([]);
});

test('the README fits into 150 lines, and has the two commands', () => {
  expect(TEXT.get('README.md')!.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  for (const command of ['npm ci && npm run synth', 'npm ci && npm test']) expect(TEXT.get('README.md')).toContain(`\`\`\`sh\n${command}\n\`\`\``);
});

test('the picture has a text that describes it, is drawn for dark pages too, and names what there is', () => {
  const picture = read('docs/pictures/nouns.svg');
  for (const part of ['role="img"', '<title id="title">', '<desc id="desc">', '@media (prefers-color-scheme: dark)']) expect(picture).toContain(part);
  const tags = [...picture.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)];
  expect(tags.filter(([, end]) => end).length).toBe(tags.filter(([, end, , self]) => !end && !self).length);
  const names = [...picture.matchAll(/\b(?:Flux[A-Z]\w+|ClusterIssuer|\w+Permissions)\b/g)].map(([name]) => name);
  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name) => !EXPORTS.has(name))).toEqual([]);
  for (const page of ['README.md', 'docs/concepts.md']) expect(TEXT.get(page)).toContain('pictures/nouns.svg)');
});

test('the list of decisions is complete', () => {
  const index = TEXT.get('docs/decisions/README.md')!;
  const titles = files('docs/decisions', /^\d.*\.md$/).map((path) => [path.replace('docs/decisions/', ''), /^# \d+: (.+)$/m.exec(read(path))![1]]);
  const rows = titles.map(([file, title]) => `| [${file.slice(0, 4)}](${file}) | ${title} |`);
  expect(index.split('\n').filter((line) => /^\| \[/.test(line))).toEqual(rows);
});

test('the page of services names every permission and every identity', () => {
  const page = TEXT.get('docs/services.md')!;
  for (const [name, text] of EXPORTS) {
    if (name.endsWith('Permissions')) {
      const methods = [...text.matchAll(/^ {2}public static (\w+)\(/gm)].map(([, method]) => method);
      const rows = page.split('\n').filter((line) => line.includes(`\`${name}.`)).join('\n');
      expect(methods.filter((method) => !new RegExp(`[.\`]${method}\``).test(rows)).map((method) => `${name}.${method}`)).toEqual([]);
    }
    if (new RegExp(`^export class ${name} extends (?!Delivery)\\w+Base\\b`, 'm').test(text) && text.includes('private/identity/')) expect(page).toContain(`| \`${name}\``);
  }
});
