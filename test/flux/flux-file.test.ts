import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync } from 'fs';
import { tmpdir } from 'os';
import { join, relative } from 'path';
import { App, TerraformStack } from 'cdktf';
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

function app() {
  const made = new App({ outdir: join(directory, 'cdktf.out'), skipValidation: true });
  return { app: made, stack: new TerraformStack(made, 'stack') };
}

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
    const path = join(directory, 'clusters/prod/kustomization.yaml');
    new FluxFile(stack, 'File', { path, content: yaml(stack, 'plain ${x} %{y} $${z}') });
    expect(existsSync(path)).toBe(false);
    made.synth();
    expect(readFileSync(path, 'utf8')).toContain('role: plain ${x} %{y} $${z}\n');
    expect(synthesized().resource).toBeUndefined();
  });

  it('is left alone when it holds the same already', () => {
    const path = join(directory, 'file.yaml');
    const synth = () => {
      const { app: made, stack } = app();
      new FluxFile(stack, 'File', { path, content: 'a: 1\n' });
      made.synth();
    };
    synth();
    utimesSync(path, 1, 1);
    synth();
    expect(statSync(path).mtimeMs).toBe(1000);
  });

  it('is a local_file, relative to the stack, when only Terraform knows a value', () => {
    const { app: made, stack } = app();
    const path = relative(process.cwd(), join(directory, 'clusters/kustomization.yaml'));
    new FluxFile(stack, 'File', { path, content: yaml(stack, known(stack, 'arn')) });
    made.synth();
    const [file] = Object.values<any>(synthesized().resource.local_file);
    expect(file.filename).toBe('${path.module}/../../../clusters/kustomization.yaml');
    expect(file.content).toContain('role: ${jsonencode(var.arn)}');
    expect(file.file_permission).toBe('0644');
    expect(existsSync(join(directory, 'clusters'))).toBe(false);
  });

  it('keeps absolute paths', () => {
    const { app: made, stack } = app();
    new FluxFile(stack, 'File', { path: '/srv/fleet/kustomization.yaml', content: yaml(stack, known(stack, 'arn')) });
    made.synth();
    expect(Object.values<any>(synthesized().resource.local_file)[0].filename).toBe('/srv/fleet/kustomization.yaml');
  });

  it.each([['', 'path ""'], ['clusters/', 'path "clusters/"'], ['a*.yaml', 'path "a*.yaml"']])('refuses the path %j', (path, given) => {
    const message = errorOf(() => new FluxFile(app().stack, 'File', { path, content: '' }));
    expect(message).toContain(given);
    expect(message).toContain('Fix: name the file');
  });

  it('refuses a path that only Terraform knows, and unknown options', () => {
    const { stack } = app();
    expect(errorOf(() => new FluxFile(stack, 'File', { path: known(stack, 'p'), content: '' }))).toContain('pass the path as a literal');
    expect(errorOf(() => new FluxFile(stack, 'Other', { path: 'a', content: '', mode: '0600' } as any))).toContain('option "mode" of FluxFile');
  });
});
