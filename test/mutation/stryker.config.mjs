import { readFileSync } from 'fs';

// Who is trusted, what they may do, and what Flux is told: a change there that no unit test sees is a hole in the tests (docs/mutation.md).
// MUTATION=<group> runs one group.
const GROUPS = JSON.parse(readFileSync(new URL('groups.json', import.meta.url), 'utf8'));
const chosen = process.env.MUTATION === undefined ? Object.values(GROUPS) : [GROUPS[process.env.MUTATION]];
if (chosen.includes(undefined)) throw new Error(`MUTATION=${process.env.MUTATION}: there are ${Object.keys(GROUPS).join(', ')}`);
const report = `test-reports/mutation${process.env.MUTATION === undefined ? '' : `-${process.env.MUTATION}`}`;

export default {
  mutate: chosen.flatMap(({ mutate }) => mutate),
  testRunner: 'one-process',
  tests: [...new Set(chosen.map(({ tests }) => tests))],
  plugins: ['./test/mutation/runner.mjs', './test/mutation/wording.mjs'],
  ignorers: ['wording'],
  warnings: { unknownOptions: false }, // `tests` is our runner's
  coverageAnalysis: 'perTest',
  // What runs while a module is loaded is changed too, which takes a new process each time.
  ignoreStatic: process.env.MUTATION_STATIC === 'no',
  concurrency: 1,
  // Whoever takes longer than this is caught by the clock, which must leave a new process the time to load everything.
  timeoutMS: 120_000,
  thresholds: { high: 95, low: 85, break: 85 },
  reporters: ['progress-append-only', 'clear-text', 'json'],
  jsonReporter: { fileName: `${report}.json` },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  incremental: true,
  incrementalFile: `${report}-incremental.json`,
  tempDirName: `.stryker-tmp/${process.env.MUTATION ?? 'all'}`,
  ignorePatterns: ['/.conformance', '/cdktf.out', '/dist', '/test-reports', '/test/conformance', '/test/package', '/test/live', '*.tgz'],
};
