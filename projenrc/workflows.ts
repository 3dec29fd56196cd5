import { readFileSync } from 'fs';
import { github } from 'projen';
import { JobPermission } from 'projen/lib/github/workflows-model';

const CHECKOUT = { uses: 'actions/checkout@v4' };
const node = (version: string) => ({ uses: 'actions/setup-node@v4', with: { 'node-version': version } });
const GO = { uses: 'actions/setup-go@v5', with: { 'go-version': 'stable' } };
const PYTHON = { uses: 'actions/setup-python@v5', with: { 'python-version': '3.12' } };
const JAVA = { uses: 'actions/setup-java@v4', with: { 'distribution': 'temurin', 'java-version': '17' } };
/** What the live suite is built of takes 20 minutes; `live:install` looks whether it is of the right version. */
const LIVE = {
  uses: 'actions/cache@v4',
  with: { path: '.conformance/live', key: "live-${{ runner.os }}-${{ hashFiles('test/live/install', 'test/live/requirements.txt', 'test/live/kubernetes/*') }}" },
};
const RUNS_ON = ['ubuntu-latest'];
const READ = { contents: JobPermission.READ };

/** The workflows of the repository. What CI must hold is `.ci/run`; the rest is what takes too long for it, and the release. */
export function addWorkflows(hub: github.GitHub): void {
  const build = hub.addWorkflow('build');
  build.on({ push: { branches: ['main'] }, pullRequest: {} });
  build.addJob('ci', { runsOn: RUNS_ON, permissions: READ, timeoutMinutes: 90, steps: [CHECKOUT, node('22'), GO, PYTHON, LIVE, { run: 'bash .ci/run' }] });

  const conformance = hub.addWorkflow('conformance');
  conformance.on({ schedule: [{ cron: '17 3 * * 1' }], workflowDispatch: {} });
  conformance.addJob('suites', {
    runsOn: RUNS_ON,
    permissions: READ,
    timeoutMinutes: 120,
    strategy: { failFast: false, matrix: { domain: { node: ['20', '22', '24'], binary: ['terraform', 'tofu'] } } },
    steps: [
      CHECKOUT, node('${{ matrix.node }}'), GO,
      { uses: 'hashicorp/setup-terraform@v3', with: { terraform_wrapper: false } },
      { uses: 'opentofu/setup-opentofu@v1', with: { tofu_wrapper: false } },
      { run: 'npm ci' },
      { run: 'npm run conformance:install' },
      { run: 'npm run conformance', env: { CONFORMANCE: 'required', TERRAFORM_BINARY_NAME: '${{ matrix.binary }}' } },
    ],
  });

  const packages = hub.addWorkflow('packages');
  packages.on({ schedule: [{ cron: '17 4 * * 1' }], workflowDispatch: {} });
  packages.addJob('languages', {
    runsOn: RUNS_ON,
    permissions: READ,
    timeoutMinutes: 120,
    steps: [
      CHECKOUT, node('22'), GO, PYTHON, JAVA,
      { run: 'npm ci' },
      { run: 'npm run compile\nnpm run post-compile\nnpm run twin' },
      { run: 'npm run test:python -- cdktf' },
      { run: 'npm run test:python -- cdktn' },
      { run: 'npm run test:languages' },
    ],
  });

  const live = hub.addWorkflow('live');
  live.on({ schedule: [{ cron: '17 5 * * 1' }], workflowDispatch: {} });
  live.addJob('cells', {
    runsOn: RUNS_ON,
    permissions: READ,
    timeoutMinutes: 120,
    steps: [CHECKOUT, node('22'), GO, PYTHON, LIVE, { run: 'npm ci' }, { run: 'npm run conformance:install' }, { run: 'npm run live:install' }, { run: 'npm run live', env: { CONFORMANCE: 'required', LIVE: 'all' } }],
  });

  const fuzz = hub.addWorkflow('fuzz');
  fuzz.on({ schedule: [{ cron: '17 2 * * 6' }], workflowDispatch: {} });
  fuzz.addJob('fuzz', {
    runsOn: RUNS_ON,
    permissions: READ,
    timeoutMinutes: 180,
    steps: [
      CHECKOUT, node('22'), GO, PYTHON,
      { run: 'npm ci' },
      { run: 'npm run fuzz' },
      { run: 'npm run conformance:install' },
      { run: 'npm run conformance -- conformance/fuzz', env: { CONFORMANCE: 'required', FUZZ_SLOTS: '0', FUZZ_EACH: '4', FUZZ_SEED: '${{ github.run_number }}' } },
    ],
  });

  const mutation = hub.addWorkflow('mutation');
  mutation.on({ schedule: [{ cron: '17 1 * * 6' }], workflowDispatch: {} });
  mutation.addJob('mutation', {
    runsOn: RUNS_ON,
    permissions: READ,
    timeoutMinutes: 350,
    strategy: { failFast: false, matrix: { domain: { group: Object.keys(JSON.parse(readFileSync('test/mutation/groups.json', 'utf8'))) } } },
    steps: [
      CHECKOUT, node('22'),
      { run: 'npm ci' },
      // It goes on from what the last run found of unchanged code.
      {
        uses: 'actions/cache@v4',
        with: {
          'path': 'test-reports/mutation-${{ matrix.group }}-incremental.json',
          'key': 'mutation-${{ matrix.group }}-${{ github.run_id }}',
          'restore-keys': 'mutation-${{ matrix.group }}-',
        },
      },
      { run: 'npm run mutation', env: { MUTATION: '${{ matrix.group }}' } },
      { uses: 'actions/upload-artifact@v4', if: 'always()', with: { name: 'mutation-${{ matrix.group }}', path: 'test-reports/mutation-${{ matrix.group }}.json' } },
    ],
  });

  const updates = hub.addWorkflow('updates');
  updates.on({ schedule: [{ cron: '17 2 * * 1' }], workflowDispatch: {} });
  updates.addJob('bindings', {
    runsOn: RUNS_ON,
    permissions: { contents: JobPermission.WRITE, pullRequests: JobPermission.WRITE },
    timeoutMinutes: 120,
    steps: [
      CHECKOUT, node('22'), GO, PYTHON,
      { run: 'npm ci' },
      { name: 'The newest bindings that the peers let in', run: 'npx ts-node --transpile-only scripts/updates.ts' },
      { run: 'npm test' },
      { run: 'npm run compile\nnpm run post-compile\nnpm run twin' },
      { run: 'npm run test:package' },
      { run: 'npm run conformance:install' },
      { run: 'npm run conformance', env: { CONFORMANCE: 'required' } },
      {
        name: 'What the suites passed with is proposed',
        run: [
          'git diff --quiet -- projenrc && exit 0',
          'git config user.name github-actions',
          'git config user.email github-actions@users.noreply.github.com',
          'git switch --create "bindings-$GITHUB_RUN_ID"',
          'git commit --message "Tested with the newest bindings" -- projenrc',
          'git push origin HEAD',
          'gh pr create --fill',
        ].join('\n'),
        env: { GH_TOKEN: '${{ github.token }}' },
      },
    ],
  });

  const release = hub.addWorkflow('release');
  release.on({ push: { tags: ['v*'] } });
  release.addJob('pack', {
    runsOn: RUNS_ON,
    permissions: READ,
    timeoutMinutes: 120,
    steps: [
      CHECKOUT, node('22'), GO, PYTHON, LIVE,
      { run: 'bash .ci/run' },
      { name: 'The version of the tag', run: 'npm version --no-git-tag-version "${GITHUB_REF_NAME#v}"' },
      { run: 'npm run compile\nnpm run post-compile\nnpm run twin' },
      { run: 'npx ts-node --transpile-only scripts/languages/main.ts . python\nnpx ts-node --transpile-only scripts/languages/main.ts dist/cdktn python' },
      {
        name: 'Tarballs and wheels, and what is in each',
        run: [
          'mkdir -p dist/release/npm dist/release/python',
          'npm pack --pack-destination dist/release/npm',
          'cp dist/cdktn/*.tgz dist/release/npm/',
          'cp dist/languages/python/* dist/cdktn/dist/languages/python/* dist/release/python/',
          "if ls dist/release/*/ | grep -e '-0\\.0\\.0[.-]'; then exit 1; fi # made before the version of the tag",
          'npx ts-node --transpile-only scripts/sbom.ts dist/release/npm/*.tgz dist/release/python/*.whl',
          'mkdir dist/release/sbom',
          'mv dist/release/*/*.cdx.json dist/release/sbom/',
        ].join('\n'),
      },
      { uses: 'actions/upload-artifact@v4', with: { 'name': 'release', 'path': 'dist/release', 'if-no-files-found': 'error' } },
    ],
  });
  const download = { uses: 'actions/download-artifact@v4', with: { name: 'release', path: 'release' } };
  // Trusted publishing: the registries trust this workflow in its environment, and no token is stored.
  const publish = { runsOn: RUNS_ON, needs: ['pack'], environment: 'release', permissions: { contents: JobPermission.READ, idToken: JobPermission.WRITE } };
  release.addJob('npm', {
    ...publish,
    steps: [download, node('24'), { run: 'for tarball in release/npm/*.tgz; do npm publish "$tarball" --provenance --access public; done' }],
  });
  release.addJob('pypi', {
    ...publish,
    steps: [download, { uses: 'pypa/gh-action-pypi-publish@release/v1', with: { 'packages-dir': 'release/python', 'attestations': true } }],
  });
  release.addJob('github', {
    runsOn: RUNS_ON,
    needs: ['npm', 'pypi'],
    permissions: { contents: JobPermission.WRITE },
    steps: [download, {
      run: 'gh release create "$GITHUB_REF_NAME" --repo "$GITHUB_REPOSITORY" --notes "See CHANGELOG.md" release/npm/* release/python/* release/sbom/*',
      env: { GH_TOKEN: '${{ github.token }}' },
    }],
  });
}
