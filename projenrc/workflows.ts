import { github } from 'projen';
import { JobPermission } from 'projen/lib/github/workflows-model';

const CHECKOUT = { uses: 'actions/checkout@v4' };
const node = (version: string) => ({ uses: 'actions/setup-node@v4', with: { 'node-version': version } });
const GO = { uses: 'actions/setup-go@v5', with: { 'go-version': 'stable' } };
const PYTHON = { uses: 'actions/setup-python@v5', with: { 'python-version': '3.12' } };
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

  const live = hub.addWorkflow('live');
  live.on({ schedule: [{ cron: '17 4 * * 1' }], workflowDispatch: {} });
  live.addJob('all', {
    runsOn: RUNS_ON,
    permissions: READ,
    timeoutMinutes: 90,
    steps: [
      CHECKOUT, node('22'), GO, PYTHON, LIVE,
      { uses: 'hashicorp/setup-terraform@v3', with: { terraform_wrapper: false } },
      { run: 'npm ci' },
      { run: 'npm run conformance:install' },
      { run: 'npm run live:install' },
      { run: 'npm run live', env: { CONFORMANCE: 'required', LIVE: 'all' } },
    ],
  });

  const release = hub.addWorkflow('release');
  release.on({ push: { tags: ['v*'] } });
  release.addJob('pack', {
    runsOn: RUNS_ON,
    permissions: READ,
    timeoutMinutes: 120,
    steps: [
      CHECKOUT, node('22'), GO, PYTHON,
      { run: 'bash .ci/run' },
      { name: 'The version of the tag', run: 'npm version --no-git-tag-version "${GITHUB_REF_NAME#v}"' },
      { run: 'npm run compile\nnpm run post-compile\nnpm run twin' },
      { run: 'npx ts-node --transpile-only scripts/languages/main.ts . python\nnpx ts-node --transpile-only scripts/languages/main.ts dist/cdktn python' },
      {
        name: 'Tarballs, wheels, bill of materials',
        run: [
          'mkdir -p dist/release/npm dist/release/python',
          'npm pack --pack-destination dist/release/npm',
          'cp dist/cdktn/*.tgz dist/release/npm/',
          'cp dist/languages/python/* dist/cdktn/dist/languages/python/* dist/release/python/',
          'npm sbom --omit dev --omit peer --sbom-format cyclonedx > dist/release/sbom.cdx.json',
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
      run: 'gh release create "$GITHUB_REF_NAME" --repo "$GITHUB_REPOSITORY" --notes "See CHANGELOG.md" release/npm/* release/python/* release/sbom.cdx.json',
      env: { GH_TOKEN: '${{ github.token }}' },
    }],
  });
}
