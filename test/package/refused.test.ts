import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { MANIFEST, projectOf, TARBALL } from './support';
import { Program, saidBy, WAYS } from './ways';
import { bindingName, SOURCE, TWIN } from '../../projenrc/runtimes';

/** What does not go together, and the one message that names the package and the command, in each way to run a program. */
const OURS = { [MANIFEST.name]: `file:${TARBALL}` };
const STACK = "const stack = new TerraformStack(new App(), 's');";
const EKS = "ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod' });";
const RUNTIME = { [SOURCE.name]: ['App', 'TerraformStack'] };

interface Case {
  readonly what: string;
  readonly folder: () => string;
  readonly program: Program;
  readonly said: string[];
  /** Where a look at the folder of installed packages helps: not in a bundle that is far from them. */
  readonly saidBesidePackages?: string[];
  readonly nodeOptions?: string[];
}

const right = () => projectOf('right-runtime', { ...OURS, second: `file:${TARBALL}`, cdktf: MANIFEST.devDependencies.cdktf, constructs: MANIFEST.devDependencies.constructs });
const other = () => projectOf('other-runtime', { ...OURS, [TWIN.name]: TWIN.runtimeVersion, constructs: '10.6.0' });
const none = () => projectOf('no-runtime', { ...OURS, [TWIN.name]: TWIN.runtimeVersion, constructs: '10.6.0' }, {}, '--legacy-peer-deps');

/** A project with a package of bindings, by its name and version alone. */
const withBinding = (name: string, version: string) => () => {
  const folder = right();
  for (const each of [SOURCE, TWIN]) rmSync(join(folder, 'node_modules', `@${each.name}`), { recursive: true, force: true });
  mkdirSync(join(folder, 'node_modules', name), { recursive: true });
  writeFileSync(join(folder, 'node_modules', name, 'package.json'), JSON.stringify({ name, version }));
  return folder;
};

const CASES: Case[] = [
  {
    what: 'bindings that are missing',
    folder: () => {
      rmSync(join(right(), 'node_modules', `@${SOURCE.name}`), { recursive: true, force: true });
      return right();
    },
    program: { imports: { ...RUNTIME, [SOURCE.packageName]: ['ClusterIssuer'] }, body: `${STACK} ${EKS}` },
    said: [`${bindingName(SOURCE, 'aws')} is not installed`, `Fix: npm install ${bindingName(SOURCE, 'aws')}`],
  },
  {
    what: 'bindings of the other runtime in place of this one\'s',
    folder: withBinding(bindingName(TWIN, 'google'), '20.1.0'),
    program: { imports: { ...RUNTIME, [SOURCE.packageName]: ['ClusterIssuer'] }, body: `${STACK} ClusterIssuer.gkeLookup(stack, 'C', { clusterName: 'prod' });` },
    said: [`${bindingName(SOURCE, 'google')} is not installed`, `Fix: npm install ${bindingName(SOURCE, 'google')}`],
    saidBesidePackages: [`${bindingName(TWIN, 'google')} is there, which is for ${TWIN.title} (${TWIN.packageName})`],
  },
  {
    what: 'bindings that are too old',
    folder: withBinding(bindingName(SOURCE, 'aws'), '20.1.0'),
    program: { imports: { ...RUNTIME, [SOURCE.packageName]: ['ClusterIssuer'] }, body: `${STACK} ${EKS}` },
    said: [`${bindingName(SOURCE, 'aws')} 20.1.0 is too old`, `Fix: npm install ${bindingName(SOURCE, 'aws')}@^${/\d.*/.exec(SOURCE.bindings.aws)![0]}`],
  },
  {
    what: 'the package for the other runtime',
    folder: other,
    program: { imports: { [TWIN.name]: ['App', 'TerraformStack'], [SOURCE.packageName]: ['ClusterIssuer'] }, body: `${STACK} ${EKS}` },
    said: [
      `${SOURCE.packageName} is for ${SOURCE.title} (${SOURCE.name}), and this stack is of ${TWIN.title} (${TWIN.name}).\n  Allowed: stacks of ${SOURCE.name}`,
      `Fix: npm uninstall ${SOURCE.packageName} ${SOURCE.name} && npm install ${TWIN.packageName}, and import from '${TWIN.packageName}'`,
    ],
  },
  {
    what: 'a provider of the other runtime',
    folder: other,
    program: {
      imports: { [SOURCE.name]: ['App', 'TerraformStack'], [TWIN.name]: ['App as A', 'TerraformStack as S', 'TerraformProvider'], [SOURCE.packageName]: ['ClusterIssuer'] },
      body: `${STACK} class AwsProvider extends TerraformProvider { constructor(scope, id) { super(scope, id, { terraformResourceType: 'aws' }); } }
        ClusterIssuer.eks(stack, 'C', { clusterName: 'prod', provider: new AwsProvider(new S(new A(), 's'), 'Aws') });`,
    },
    said: [`it is made of ${TWIN.name} (${TWIN.title}), and ${SOURCE.packageName} of ${SOURCE.name}: use ${TWIN.packageName} with it`],
  },
  {
    what: 'two copies of the library',
    folder: right,
    program: {
      imports: { ...RUNTIME, second: ['ClusterIssuer', 'FluxInstallation', 'FluxVersion'], [SOURCE.packageName]: ['FluxTenant'] },
      body: `${STACK} const issuer = ClusterIssuer.oidc(stack, 'Cluster', { url: 'https://oidc.example.com' });
        const installation = new FluxInstallation(stack, 'Flux', { issuer, version: FluxVersion.V2_9 });
        new FluxTenant(stack, 'T', { installation, namespace: 'team-a' });`,
    },
    said: [`npm ls ${SOURCE.packageName}`],
  },
  {
    what: 'an old Node',
    folder: right,
    program: { imports: { ...RUNTIME, [SOURCE.packageName]: ['ClusterIssuer'] }, body: 'ClusterIssuer.oidc;' },
    nodeOptions: ['--require', join(__dirname, 'old-node.cjs')],
    said: [`Node 18.20.0 is too old.\n  Why: ${SOURCE.packageName} is made for Node ${SOURCE.minNodeVersion} or later`, 'nvm install'],
  },
];

describe.each(CASES)('$what', ({ folder, program, said, saidBesidePackages, nodeOptions }) => {
  test.each(WAYS)('in %s', (way) => {
    const message = saidBy(way, folder(), program, ...(nodeOptions ?? []));
    for (const each of [...said, ...(way === 'a bundle' ? [] : saidBesidePackages ?? [])]) expect(message).toContain(each);
  });
});

// A bundle holds its runtime.
describe.each(WAYS.filter((way) => way !== 'a bundle'))('without its own runtime the package names the one for the runtime that is there, in %s', (way) => {
  test.each([
    ['new', 'new FluxServiceAccount();'],
    ['a method', "FluxServiceAccount.of('a', 'b');"],
    ['extends', 'class Mine extends FluxServiceAccount {}'],
    ['instanceof', '({}) instanceof FluxServiceAccount;'],
  ])('%s', (_, body) => {
    const message = saidBy(way, none(), { imports: { [SOURCE.packageName]: ['FluxServiceAccount'] }, body });
    expect(message).toContain(`${SOURCE.name} is not installed`);
    expect(message).toContain(`npm install ${TWIN.packageName}`);
  });
});

test('the oldest Node is what package.json says', () => {
  expect(readFileSync(join(right(), 'node_modules', SOURCE.packageName, 'package.json'), 'utf8')).toContain(SOURCE.minNodeVersion);
});
