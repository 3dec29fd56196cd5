import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'fs';
import { join } from 'path';
import { attempt, MANIFEST, projectOf, TARBALL } from './support';
import { bindingName, SOURCE, TWIN } from '../../projenrc/runtimes';

/** What does not go together, and the one message that names the package and the command. */
const OURS = { [MANIFEST.name]: `file:${TARBALL}` };
const issuer = `require('${SOURCE.packageName}').ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod' })`;
const said = (folder: string, program: string) => attempt(folder, 'node', '-e', program).said;
const theirStack = `const { App, TerraformStack, TerraformProvider } = require('${TWIN.name}'); const stack = new TerraformStack(new App(), 's');`;
const ourStack = `const { App, TerraformStack } = require('${SOURCE.name}'); const stack = new TerraformStack(new App(), 's');`;

describe('the package for the other runtime', () => {
  let folder: string;
  beforeAll(() => { folder = projectOf('other-runtime', { ...OURS, [TWIN.name]: TWIN.runtimeVersion, constructs: '10.6.0' }); });

  test('npm installs it without a word, and the first construct is refused by name', () => {
    expect(said(folder, `${theirStack} ${issuer}`)).toContain([
      `${SOURCE.packageName} is for ${SOURCE.title} (${SOURCE.name}), and this stack is of ${TWIN.title} (${TWIN.name}).`,
      `  Allowed: stacks of ${SOURCE.name}`,
    ].join('\n'));
    expect(said(folder, `${theirStack} ${issuer}`)).toContain(`npm install ${TWIN.packageName}`);
  });

  test('in an ES module too', () => {
    writeFileSync(join(folder, 'app.mjs'), `import { App, TerraformStack } from '${TWIN.name}'; import { FluxManifests } from '${SOURCE.packageName}';\nnew FluxManifests(new TerraformStack(new App(), 's'), 'M', {});`);
    expect(attempt(folder, 'node', 'app.mjs').said).toContain(`npm install ${TWIN.packageName}`);
  });

  test('a provider of the other runtime is refused by name', () => {
    const program = `${theirStack} const { App: A, TerraformStack: S } = require('${SOURCE.name}');
      class AwsProvider extends TerraformProvider { constructor(s, id) { super(s, id, { terraformResourceType: 'aws' }); } }
      require('${SOURCE.packageName}').ClusterIssuer.eks(new S(new A(), 's'), 'C', { clusterName: 'prod', provider: new AwsProvider(stack, 'Aws') });`;
    expect(said(folder, program)).toContain(`it is made of ${TWIN.name} (${TWIN.title}), and ${SOURCE.packageName} of ${SOURCE.name}: use ${TWIN.packageName} with it`);
  });
});

test('without its own runtime the package names itself and the one for the runtime that is there', () => {
  const folder = projectOf('no-runtime', { ...OURS, [TWIN.name]: TWIN.runtimeVersion, constructs: '10.6.0' }, '--legacy-peer-deps');
  const message = said(folder, `new (require('${SOURCE.packageName}').FluxServiceAccount)()`);
  expect(message).toContain(`${SOURCE.name} is not installed`);
  expect(message).toContain(`npm install ${TWIN.packageName}`);
});

describe('with the right runtime', () => {
  let folder: string;
  beforeAll(() => { folder = projectOf('right-runtime', { ...OURS, second: `file:${TARBALL}`, cdktf: MANIFEST.devDependencies.cdktf, constructs: MANIFEST.devDependencies.constructs }); });

  /** A package of bindings, by its name and version alone. */
  const binding = (name: string, version: string, then: () => void) => {
    const place = join(folder, 'node_modules', name);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'package.json'), JSON.stringify({ name, version }));
    then();
    renameSync(place, `${place}-gone`);
  };

  test('bindings that are too old', () => {
    binding(bindingName(SOURCE, 'aws'), '20.1.0', () => {
      const message = said(folder, `${ourStack} ${issuer}`);
      expect(message).toContain(`${bindingName(SOURCE, 'aws')} 20.1.0 is too old`);
      expect(message).toContain(`npm install ${bindingName(SOURCE, 'aws')}@^${/\d.*/.exec(SOURCE.bindings.aws)![0]}`);
    });
  });

  test('bindings of the other runtime in place of this one\'s', () => {
    binding(bindingName(TWIN, 'google'), '20.1.0', () => {
      const message = said(folder, `${ourStack} require('${SOURCE.packageName}').ClusterIssuer.gkeLookup(stack, 'C', { clusterName: 'prod' })`);
      expect(message).toContain(`${bindingName(TWIN, 'google')} is there, which is for ${TWIN.title} (${TWIN.packageName})`);
      expect(message).toContain(`npm install ${bindingName(SOURCE, 'google')}`);
    });
  });

  test('two copies of the library', () => {
    const program = `${ourStack} const second = require('second'); const { FluxTenant } = require('${SOURCE.packageName}');
      const issuer = second.ClusterIssuer.oidc(stack, 'Cluster', { url: 'https://oidc.example.com' });
      const installation = new second.FluxInstallation(stack, 'Flux', { issuer, version: second.FluxVersion.V2_9 });
      new FluxTenant(stack, 'T', { installation, namespace: 'team-a' })`;
    expect(said(folder, program)).toContain(`npm ls ${SOURCE.packageName}`);
  });

  test('an old Node', () => {
    const program = `Object.defineProperty(process.versions, 'node', { value: '18.20.0' }); require('${SOURCE.packageName}')`;
    expect(said(folder, program)).toContain('Node 18.20.0 is too old');
    expect(readFileSync(join(folder, 'node_modules', SOURCE.packageName, 'package.json'), 'utf8')).toContain(SOURCE.minNodeVersion);
  });
});
