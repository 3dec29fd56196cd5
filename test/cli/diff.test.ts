import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { main } from '../../lib/cli/main';
import { model, PULL, pull } from '../access/models';

const dir = mkdtempSync(join(tmpdir(), 'access-'));
afterAll(() => rmSync(dir, { recursive: true }));

function file(name: string, content: object | string): string {
  const path = join(dir, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

function run(...args: string[]): { status: number; out: string; err: string } {
  const [out, err]: string[][] = [[], []];
  const status = main('cdktf-flux-identity', args, (text) => out.push(text), (text) => err.push(text));
  return { status, out: out.join('\n'), err: err.join('\n') };
}

const before = file('before.access.json', model());
const wider = file('wider.access.json', model({ grants: [pull('*')] }));
const narrower = file('narrower.access.json', model({ grants: [] }));

test.each([
  ['the same', before, before, 0, 'prod: no change of access'],
  ['less', before, narrower, 0, 'narrower flux-system/source-controller (aws) may no longer ecr:BatchGetImage, ecr:ListImages on'],
  ['more', before, wider, 1, 'wider    flux-system/source-controller (aws) may ecr:BatchGetImage, ecr:ListImages on *'],
])('%s', (_, from, to, status, out) => {
  expect(run('diff', from, to)).toEqual({ status, out: expect.stringContaining(out), err: '' });
});

test('for programs, and for pull requests', () => {
  expect(JSON.parse(run('diff', before, wider, '--json').out)).toEqual({ installation: 'prod', changes: [{ effect: 'wider', what: expect.any(String) }] });
  expect(run('diff', before, wider, '--markdown').out).toMatch(/^## prod\n\n### Wider\n\n- flux-system\/source-controller \(aws\) may .* on \\\*$/);
});

test('nothing of a value becomes markup in a pull request', () => {
  const evil = file('evil.access.json', model({ grants: [pull('x\n- [free](https://x) <img src=x> | `a` \u2028 **b**')] }));
  const { out } = run('diff', before, evil, '--markdown');
  expect(out.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(2);
  expect(out).not.toMatch(/<img|[^\\]\[free|\u2028/);
});

test.each([
  ['no file', [join(dir, 'none'), before], /none: cannot be read \(ENOENT\)\. Pass the path of a report/],
  ['half a file', [file('half', JSON.stringify(model()).slice(0, 200)), before], /this is no whole JSON document.*must be written again/],
  ['an empty file', [file('empty', ''), before], /the file is empty/],
  ['YAML', [file('yaml', 'schema: cdktf-flux-identity/access\nversion: 1\n'), before], /this is YAML\. Expected: the JSON that FluxAccessReport writes/],
  ['another JSON', [file('other', '{"a":1}'), before], /this JSON is no access report/],
  ['another version', [file('newer', { ...model(), version: 2 }), before], /the report has version 2, this program reads version 1/],
  ['a report with parts missing', [file('parts', { ...model(), grants: undefined }), before], /grants is missing\. Expected: the JSON that FluxAccessReport writes .* Write the report again/],
  ['a grant with parts missing', [file('cut', { ...model(), grants: [{ ...PULL, rights: [{}] }] }), before], /grants\[0\]\.rights\[0\]\.resources is missing/],
  ['a grant of nobody', [file('stray', model({ identities: [] })), before], /grants\[0\]\.identity names no identity of the report/],
  ['a list', [file('list', '[]'), before], /this JSON is no access report/],
  ['a directory', [dir, before], /cannot be read \(EISDIR\)/],
  ['another installation', [file('staging', model({ installation: 'staging' })), before], /the report of "prod", while .* is that of "staging"/],
  ['one file', [before], /diff takes two files, got 1\nUsage: cdktf-flux-identity diff OLD/],
  ['an option that does not exist', [before, before, '--html'], /Unknown option '--html'[\s\S]*Usage: /],
  ['both forms', [before, before, '--json', '--markdown'], /one of them/],
])('trouble: %s', (_, args, err) => {
  expect(run('diff', ...args)).toEqual({ status: 2, out: '', err: expect.stringMatching(err) });
});

test('help, no command, a command that does not exist', () => {
  expect(run('--help')).toEqual({ status: 0, out: expect.stringContaining('diff OLD.access.json NEW.access.json'), err: '' });
  expect(run()).toEqual({ status: 2, out: '', err: expect.stringContaining('Usage:') });
  expect(run('constructor').err).toContain('No command "constructor"');
});

test('a line for each grant', () => {
  const { accessMarkdown } = jest.requireActual('../../lib/access/markdown');
  const [old, now] = [model(), model({ grants: [{ ...PULL, broad: 'wildcard' }] })].map((each) => accessMarkdown(each).split('\n'));
  expect(old.filter((line: string) => !now.includes(line))).toHaveLength(1);
  expect(now.filter((line: string) => !old.includes(line))).toHaveLength(1);
});
