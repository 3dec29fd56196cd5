import { mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { attempt, compilerOf, COMPILERS, project, projectOf, run } from './support';

/** Every way TypeScript finds the package, by each compiler, without `skipLibCheck`. */
const WAYS = [
  { module: 'commonjs', moduleResolution: 'node10', files: ['a.ts'], only: ['5.9'] }, // deprecated in 6, gone in 7
  { module: 'node16', moduleResolution: 'node16', files: ['a.cts', 'a.mts'] },
  { module: 'nodenext', moduleResolution: 'nodenext', files: ['a.cts', 'a.mts'] },
  { module: 'esnext', moduleResolution: 'bundler', files: ['a.ts'] },
];
const SOURCE = `
  import { App, TerraformStack } from 'cdktf';
  import { ClusterIssuer, FluxOidcProvider, FluxServiceAccount } from 'cdktf-flux-identity';
  import { FluxIrsaRole, EcrPermissions } from 'cdktf-flux-identity/lib/aws';
  import { FluxController } from 'cdktf-flux-identity/lib/core';
  import { expectAccess } from 'cdktf-flux-identity/lib/testing';
  const stack = new TerraformStack(new App(), 's');
  const issuer = ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod' });
  const role = new FluxIrsaRole(stack, 'Role', {
    oidcProviders: [new FluxOidcProvider(stack, 'Oidc', { issuer })], serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE)],
  });
  role.grant('Apps', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps/*'));
  expectAccess(stack).of(role).allows({ action: 'ecr:ListImages', resource: 'arn:aws:ecr:eu-west-1:111122223333:repository/apps/web' });
  // @ts-expect-error types are there: this is none of the options
  ClusterIssuer.eks(stack, 'Other', { nome: 'prod' });
  // @ts-expect-error there too: no question of any cloud
  expectAccess(stack).of(role).denies({ action: 'ecr:PutImage' });
`;

describe.each(Object.keys(COMPILERS))('TypeScript %s', (version) => {
  let folder: string;
  let compiler: string;
  beforeAll(() => {
    folder = project('aws', '@cdktf/provider-aws');
    compiler = compilerOf(version);
  });

  test.each(WAYS.filter(({ only }) => only === undefined || only.includes(version)))('$module, $moduleResolution: $files', ({ files, only, ...options }) => {
    const place = join(folder, `resolution-${version}-${options.moduleResolution}`);
    mkdirSync(place, { recursive: true });
    files.forEach((file) => writeFileSync(join(place, file), SOURCE));
    writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({
      compilerOptions: { ...options, strict: true, target: 'es2022', skipLibCheck: false, types: ['node'], noEmit: true }, files,
    }));
    expect(attempt(place, process.execPath, compiler, '-p', '.')).toEqual({ failed: false, said: '' });
  });
});

test('a path that is not one of the package\'s is refused by Node and names what there is', () => {
  const folder = project('aws', '@cdktf/provider-aws');
  const said = run(folder, 'node', '-p', "try { require('cdktf-flux-identity/lib/aws/flux-irsa-role') } catch (error) { error.code }");
  expect(said.trim()).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED');
});

test('ts-node runs a program', () => {
  const folder = projectOf('ts-node', { 'ts-node': '^10.9.2' });
  const program = join(project('aws', '@cdktf/provider-aws'), 'ts-node-app.ts');
  writeFileSync(program, "import { App, TerraformStack } from 'cdktf';\nimport { ClusterIssuer } from 'cdktf-flux-identity';\nconst stack: TerraformStack = new TerraformStack(new App(), 's');\ntry { ClusterIssuer.aks(stack, 'C', { name: 'a', resourceGroupName: 'b' }); } catch (error: any) { console.log(error.message); }\n");
  const said = run(join(program, '..'), join(folder, 'node_modules/.bin/ts-node'), '--transpile-only', '-O', '{"module":"commonjs"}', program);
  expect(said).toContain('npm install @cdktf/provider-azurerm');
});
