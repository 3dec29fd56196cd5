import { execFileSync } from 'child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';

/**
 * The packed tarball, as users get it: installed by npm in fresh projects with one cloud's bindings each, used from
 * TypeScript without `skipLibCheck`, from plain JavaScript and from an ES module.
 */
const ROOT = resolve(__dirname, '../..');
const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const work = mkdtempSync(join(tmpdir(), 'cdktf-flux-identity-package-'));
const run = (cwd: string, command: string, ...args: string[]) => execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** A project with the package, its required peers and the given bindings, at the versions that are tested. */
function project(name: string, ...bindings: string[]): string {
  const folder = join(work, name);
  mkdirSync(folder);
  const versions = Object.fromEntries([...bindings, 'cdktf', 'constructs', 'typescript', '@types/node']
    .map((dependency) => [dependency, MANIFEST.devDependencies[dependency]]));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true, dependencies: { ...versions, 'cdktf-flux-identity': `file:${tarball}` } }));
  run(folder, 'npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error');
  return folder;
}

const CASES = [
  {
    cloud: 'aws',
    bindings: ['@cdktf/provider-aws'],
    providers: [{ module: '@cdktf/provider-aws/lib/provider', name: 'AwsProvider', config: "{ region: 'eu-west-1' }" }],
    body: `
      const issuer = lib.ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod' });
      const oidc = new lib.FluxOidcProvider(stack, 'Oidc', { issuer });
      const images = new lib.FluxIrsaRole(stack, 'Images', { oidcProviders: [oidc], serviceAccounts: [lib.FluxServiceAccount.controller(lib.FluxController.SOURCE)] });
      images.grant('Apps', lib.EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps/*'));
      const flux = new lib.FluxKustomization(stack, 'Flux', { issuer, version: lib.FluxVersion.V2_10, identities: [images] });
      new TerraformOutput(stack, 'kustomization', { value: flux.yaml });`,
    resource: 'aws_iam_role',
    missing: ['FluxGcpWorkloadPool', '@cdktf/provider-google'],
  },
  {
    cloud: 'gcp',
    bindings: ['@cdktf/provider-google'],
    providers: [{ module: '@cdktf/provider-google/lib/provider', name: 'GoogleProvider', config: "{ project: 'acme-prod' }" }],
    body: `
      const issuer = lib.ClusterIssuer.gke(stack, 'Cluster', { projectId: 'acme-prod', location: 'europe-west1', clusterName: 'prod' });
      const pool = new lib.FluxGcpWorkloadPool(stack, 'Pool', { issuer, poolId: 'prod' });
      const images = new lib.FluxGcpPrincipal(stack, 'Images', { pool, serviceAccounts: [lib.FluxServiceAccount.controller(lib.FluxController.SOURCE)] });
      images.grant('Apps', lib.ArtifactRegistryPermissions.pull('projects/acme-prod/locations/europe-west1/repositories/apps'));
      const flux = new lib.FluxKustomization(stack, 'Flux', { issuer, version: lib.FluxVersion.V2_10, identities: [images] });
      new TerraformOutput(stack, 'kustomization', { value: flux.yaml });`,
    resource: 'google_iam_workload_identity_pool',
    missing: ['FluxIrsaRole', '@cdktf/provider-aws'],
  },
  {
    cloud: 'azure',
    bindings: ['@cdktf/provider-azurerm', '@cdktf/provider-azuread'],
    providers: [{ module: '@cdktf/provider-azurerm/lib/provider', name: 'AzurermProvider', config: '{ features: [{}] }' }],
    body: `
      const issuer = lib.ClusterIssuer.aks(stack, 'Cluster', { name: 'prod', resourceGroupName: 'flux-prod' });
      const images = new lib.FluxAzureFederatedIdentity(stack, 'Images', {
        issuers: [issuer], name: 'flux-images', resourceGroupName: 'flux-prod', location: 'westeurope',
        serviceAccounts: [lib.FluxServiceAccount.controller(lib.FluxController.SOURCE)],
      });
      images.grant('Apps', lib.AcrPermissions.pull('/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/flux-prod/providers/Microsoft.ContainerRegistry/registries/acmeregistry'));
      const flux = new lib.FluxKustomization(stack, 'Flux', { issuer, version: lib.FluxVersion.V2_10, identities: [images] });
      new TerraformOutput(stack, 'kustomization', { value: flux.yaml });`,
    resource: 'azurerm_federated_identity_credential',
    missing: ['FluxGcpWorkloadPool', '@cdktf/provider-google'],
  },
];

let tarball: string;
beforeAll(() => {
  if (!existsSync(join(ROOT, '.jsii')) || !existsSync(join(ROOT, 'lib/index.js'))) throw new Error('Nothing is compiled. Run `npm run build` first.');
  const name = run(ROOT, 'npm', 'pack', '--loglevel=error', '--pack-destination', work).trim().split('\n').pop()!;
  tarball = join(work, name);
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

test('the tarball holds what is run, its types and its bundled dependency, and nothing else', () => {
  const files = run(ROOT, 'tar', '-tzf', tarball).split('\n').filter((file) => file !== '').map((file) => file.replace('package/', ''));
  expect(files).toEqual(expect.arrayContaining(['.jsii', 'LICENSE', 'README.md', 'package.json', 'lib/index.js', 'lib/index.d.ts', 'node_modules/yaml/package.json']));
  const others = files.filter((file) => !/^(lib\/.*(\.js|\.d\.ts)|node_modules\/yaml\/.*|\.jsii|LICENSE|README\.md|package\.json)$/.test(file));
  expect(others).toEqual([]);
});

describe.each(CASES)('with the bindings of $cloud only', ({ cloud, bindings, providers, body, resource, missing }) => {
  const use = providers.map(({ name, config }) => `new ${name}(stack, '${name}', ${config});`).join('\n');
  let folder: string;
  beforeAll(() => { folder = project(cloud, ...bindings); });

  const synthesized = () => JSON.parse(readFileSync(join(folder, 'cdktf.out/stacks/s/cdk.tf.json'), 'utf8'));

  test('plain JavaScript: the root import works and loads no other cloud', () => {
    writeFileSync(join(folder, 'app.js'), `
      const { App, TerraformStack, TerraformOutput } = require('cdktf');
      const lib = require('cdktf-flux-identity');
      ${providers.map(({ name, module }) => `const { ${name} } = require('${module}');`).join('\n')}
      const stack = new TerraformStack(new App(), 's');
      ${use}
      ${body}
      stack.node.root.synth();
      const loaded = Object.keys(require.cache).filter((file) => file.includes('cdktf-flux-identity') || file.includes('@cdktf'));
      console.log(JSON.stringify(loaded));`);
    const loaded: string[] = JSON.parse(run(folder, 'node', 'app.js').trim().split('\n').pop()!);
    expect(loaded.some((file) => file.includes(`/lib/${cloud}/`))).toBe(true);
    const others = ['aws', 'gcp', 'azure'].filter((other) => other !== cloud);
    expect(loaded.filter((file) => others.some((other) => file.includes(`/cdktf-flux-identity/lib/${other}/`)))).toEqual([]);
    expect(Object.keys(synthesized().resource)).toContain(resource);
  });

  test(`plain JavaScript: the folder import works (lib/${cloud})`, () => {
    const names = JSON.parse(run(folder, 'node', '-p', `JSON.stringify(Object.keys(require('cdktf-flux-identity/lib/${cloud}')))`));
    expect(names.length).toBeGreaterThan(3);
  });

  test('an export of another cloud says which package to install', () => {
    const message = run(folder, 'node', '-p', `try { require('cdktf-flux-identity').${missing[0]}; 'no error' } catch (error) { error.message }`);
    expect(message).toContain(`${missing[1]} is not installed`);
    expect(message).toContain(`npm install ${missing[1]}`);
  });

  test('an ES module can import by name', () => {
    writeFileSync(join(folder, 'app.mjs'), "import { FluxServiceAccount, FluxController } from 'cdktf-flux-identity';\nconsole.log(FluxServiceAccount.controller(FluxController.SOURCE).subject);\n");
    expect(run(folder, 'node', 'app.mjs').trim()).toBe('system:serviceaccount:flux-system:source-controller');
  });

  test('TypeScript without skipLibCheck compiles and runs', () => {
    writeFileSync(join(folder, 'app.ts'), `
      import { App, TerraformOutput, TerraformStack } from 'cdktf';
      import * as lib from 'cdktf-flux-identity';
      ${providers.map(({ name, module }) => `import { ${name} } from '${module}';`).join('\n')}
      const app = new App();
      const stack = new TerraformStack(app, 's');
      ${use}
      ${body}
      app.synth();`);
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
      compilerOptions: { strict: true, module: 'commonjs', target: 'es2022', esModuleInterop: true, skipLibCheck: false, types: ['node'], outDir: 'out' }, files: ['app.ts'],
    }));
    run(folder, 'npx', 'tsc', '-p', '.');
    run(folder, 'node', 'out/app.js');
    expect(Object.keys(synthesized().resource)).toContain(resource);
  });
});
