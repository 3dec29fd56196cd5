import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Lazy, TerraformStack, Testing } from 'cdktf';
import { errorOf, FakeIdentity, known } from './fakes';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxFile } from '../../lib/flux/flux-file';
import { FluxInstallation } from '../../lib/flux/flux-installation';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';

let directory: string;
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'flux-file-')); });
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** An app as users have it: nothing of CDKTF's checks is left out. */
function app() {
  const made = new App({ outdir: join(directory, 'cdktf.out') });
  return { app: made, stack: new TerraformStack(made, 'stack') };
}

/** Synthesizes an app with these files. */
function files(contents: { readonly [path: string]: string }) {
  const { app: made, stack } = app();
  Object.entries(contents).forEach(([path, content], index) => new FluxFile(stack, `File${index}`, { root: directory, path, content }));
  made.synth();
}

const read = (path: string) => readFileSync(join(directory, path), 'utf8');
const mode = (path: string) => (statSync(join(directory, path)).mode % 0o1000).toString(8);

function yaml(stack: TerraformStack, role: string) {
  const issuer = ClusterIssuer.oidc(stack, 'Cluster', { url: 'https://oidc.example.com' });
  const identity = new FakeIdentity(stack, 'Id', { serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE)], settings: { annotations: { role } } });
  const installation = new FluxInstallation(stack, 'Flux', { issuer, version: FluxVersion.V2_9, identities: [identity] });
  return new FluxKustomization(stack, 'Kustomization', { installation }).yaml;
}

const synthesized = () => JSON.parse(readFileSync(join(directory, 'cdktf.out/stacks/stack/cdk.tf.json'), 'utf8'));

describe('FluxFile', () => {
  it('is written at synth, not before, when everything is known; as kustomize reads it', () => {
    const { app: made, stack } = app();
    const path = 'clusters/prod/kustomization.yaml';
    new FluxFile(stack, 'File', { root: directory, path, content: yaml(stack, 'plain ${x} %{y} $${z}') });
    expect(existsSync(join(directory, path))).toBe(false);
    made.synth();
    expect(read(path)).toContain('role: plain ${x} %{y} $${z}\n');
    expect(mode(path)).toBe('644');
    expect(synthesized().resource).toBeUndefined();
  });

  it('is left alone when it holds the same already', () => {
    files({ 'file.yaml': 'a: 1\n' });
    utimesSync(join(directory, 'file.yaml'), 1, 1);
    files({ 'file.yaml': 'a: 1\n' });
    expect(statSync(join(directory, 'file.yaml')).mtimeMs).toBe(1000);
    files({ 'file.yaml': 'a: 2\n' });
    expect(read('file.yaml')).toBe('a: 2\n');
  });

  it('is a local_file, relative to the stack and without any construct of a provider, when only Terraform knows a value', () => {
    const { app: made, stack } = app();
    new FluxFile(stack, 'File', { root: directory, path: 'clusters/kustomization.yaml', content: yaml(stack, known(stack, 'arn')) });
    made.synth();
    const [file] = Object.values<any>(synthesized().resource.local_file);
    expect(file.filename).toBe('${path.module}/../../../clusters/kustomization.yaml');
    expect(file.content).toContain('role: ${replace(jsonencode(var.arn), "\\u0085", "\\\\u0085")}');
    expect(file.file_permission).toBe('0644');
    expect(existsSync(join(directory, 'clusters'))).toBe(false);
  });

  it('keeps Secrets to their owner, at synth and at apply', () => {
    const secret = (password: string) => `apiVersion: v1\nkind: Secret\nstringData:\n  password: ${password}\n`;
    const { app: made, stack } = app();
    new FluxFile(stack, 'Known', { root: directory, path: 'known.yaml', content: secret('a') });
    new FluxFile(stack, 'Later', { root: directory, path: 'later.yaml', content: secret(known(stack, 'v')) });
    made.synth();
    expect(mode('known.yaml')).toBe('600');
    expect(Object.values<any>(synthesized().resource.local_file)[0].file_permission).toBe('0600');
  });

  it.each(['', 'clusters/', 'a*.yaml', '.', '..', '../a.yaml', 'a/../../b.yaml', '/etc/a.yaml', '.git/hooks/pre-commit', 'a/.GIT/config'])('refuses the path %j', (path) => {
    const message = errorOf(() => new FluxFile(app().stack, 'File', { root: directory, path, content: 'a' }));
    expect(message).toContain(`path "${path}"`);
    expect(message).toContain('Fix: name the file');
  });

  it('takes absolute paths and dots that stay in the root', () => {
    files({ [join(directory, 'a/b.yaml')]: 'a: 1\n', 'c/../d..e/.gitignore': 'b\n' });
    expect([read('a/b.yaml'), read('d..e/.gitignore')]).toEqual(['a: 1\n', 'b\n']);
  });

  it('refuses to leave the root through a link', () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'flux-file-elsewhere-'));
    symlinkSync(elsewhere, join(directory, 'link'));
    expect(errorOf(() => files({ 'link/a.yaml': 'a: 1\n' }))).toContain('which leaves the root through a link');
    symlinkSync(join(elsewhere, 'made.yaml'), join(directory, 'b.yaml'));
    expect(errorOf(() => files({ 'b.yaml': 'b: 1\n' }))).toContain('path "b.yaml", which is a link.');
    expect(readdirSync(elsewhere)).toEqual([]);
    rmSync(elsewhere, { recursive: true });
  });

  it.each([['a.yaml', 'a.yaml'], ['a.yaml', 'b/../a.yaml'], ['a.yaml', 'A.yaml'], ['caf\u00e9.yaml', 'cafe\u0301.yaml']])('refuses %j and %j in one app, whichever stack they are in', (first, second) => {
    const { app: made, stack } = app();
    new FluxFile(stack, 'First', { root: directory, path: first, content: 'a' });
    const other = new TerraformStack(made, 'other');
    expect(errorOf(() => new FluxFile(other, 'Second', { root: directory, path: second, content: 'b' }))).toContain('which stack/First writes already');
  });

  it('refuses to overwrite what people wrote or edited, and writes nothing then', () => {
    writeFileSync(join(directory, 'theirs.yaml'), 'theirs: 1\n');
    expect(errorOf(() => files({ 'a.yaml': 'a: 1\n', 'theirs.yaml': 'ours: 1\n' }))).toContain('"theirs.yaml", a file that this app did not write.');
    expect([existsSync(join(directory, 'a.yaml')), read('theirs.yaml')]).toEqual([false, 'theirs: 1\n']);
    files({ 'a.yaml': 'a: 1\n' });
    writeFileSync(join(directory, 'a.yaml'), 'a: 1\nedited: 1\n');
    expect(errorOf(() => files({ 'a.yaml': 'a: 2\n' }))).toContain('"a.yaml", a file that was edited since this app wrote it.');
    expect(read('a.yaml')).toContain('edited');
  });

  it('refuses to forget a file of an earlier run', () => {
    files({ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' });
    expect(errorOf(() => files({ 'a.yaml': 'a: 1\n' }))).toContain('"b.yaml", which an earlier run wrote and nothing of the app writes now.');
    rmSync(join(directory, 'b.yaml'));
    files({ 'a.yaml': 'a: 1\n' });
    expect(Object.keys(JSON.parse(read('.cdktf-flux-files.json')))).toEqual(['a.yaml']);
    writeFileSync(join(directory, '.cdktf-flux-files.json'), '<<<<<<<');
    expect(errorOf(() => files({ 'a.yaml': 'a: 1\n' }))).toContain('restore it from the repository');
  });

  it.each(['', ' \n'])('refuses the content %j, known when it is made or at synthesis', (content) => {
    expect(errorOf(() => files({ 'a.yaml': content }))).toContain('content without text for "a.yaml"');
    expect(errorOf(() => files({ 'a.yaml': Lazy.stringValue({ produce: () => content }) }))).toContain('content without text for "a.yaml"');
  });

  it('is harmless in tests, and shows the same wherever the project is', () => {
    const filename = () => {
      const stack = new TerraformStack(Testing.app(), 'stack');
      new FluxFile(stack, 'File', { path: 'never/written.yaml', content: 'a: 1\n' });
      new FluxFile(stack, 'Later', { path: 'never/later.yaml', content: known(stack, 'v') });
      Testing.fullSynth(stack);
      App.of(stack).synth();
      return Object.values<any>(JSON.parse(Testing.synth(stack)).resource.local_file)[0].filename;
    };
    expect(filename()).toBe('${path.module}/../../../never/later.yaml');
    expect(existsSync('never')).toBe(false);
  });

  it('writes nothing by Testing.fullSynth of an app of one\'s own', () => {
    const { stack } = app();
    new FluxFile(stack, 'File', { root: directory, path: 'a.yaml', content: 'a: 1\n' });
    Testing.fullSynth(stack);
    expect(existsSync(join(directory, 'a.yaml'))).toBe(false);
  });

  it('refuses paths that only Terraform knows, and unknown options', () => {
    const { stack } = app();
    expect(errorOf(() => new FluxFile(stack, 'File', { path: known(stack, 'p'), content: 'a' }))).toContain('pass the path as a literal');
    expect(errorOf(() => new FluxFile(stack, 'Root', { path: 'a', content: 'a', root: known(stack, 'r') }))).toContain('pass the root as a literal');
    expect(errorOf(() => new FluxFile(stack, 'Other', { path: 'a', content: 'a', mode: '0600' } as any))).toContain('option "mode" of FluxFile');
  });
});
