/**
 * Time, memory and size beside the bare bindings, all in one run.
 *
 *   --write     put the tables into docs/performance.md, and the plot beside it, with the date and the machine
 *   --check     end with an error when a target is missed
 *   --runs=N    runs of each program (default 15); the median counts, of ratios that of the pairs
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { cpus, loadavg, totalmem } from 'os';
import { dirname, join } from 'path';
import { parseArgs } from 'util';
import { Case, Target } from './case';
import { accessReport } from './cases/access-report';
import { awsPods } from './cases/aws-pods';
import { awsResources } from './cases/aws-resources';
import { awsRoles, awsRolesOfLookup, awsRolesUnderTsNode } from './cases/aws-roles';
import { awsSpill } from './cases/aws-spill';
import { azureIdentities } from './cases/azure-identities';
import { coldStart } from './cases/cold-start';
import { fleet } from './cases/fleet';
import { gcpPrincipals } from './cases/gcp-principals';
import { installation } from './cases/installation';
import { quickStartTypes } from './cases/quick-start-types';
import { benchOf } from './measure';
import { compiledPackage } from './package';
import { plot } from './plot';

/** One file a case. */
const CASES: Case[] = [
  coldStart, awsRoles, awsRolesOfLookup, awsRolesUnderTsNode, awsPods, awsSpill, awsResources, gcpPrincipals, azureIdentities,
  installation, accessReport, fleet, quickStartTypes,
];

const PAGE = join(__dirname, '..', '..', 'docs', 'performance.md');
const [BEGIN, END] = ['<!-- bench: begin, written by `npm run bench -- --write` -->', '<!-- bench: end -->'];

const { values: options } = parseArgs({ options: { write: { type: 'boolean' }, check: { type: 'boolean' }, runs: { type: 'string', default: '15' } } });
const runs = Number(options.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs=${options.runs}: pass a whole number, at least 1.`);

function met({ actual, atMost = Infinity, atLeast = -Infinity }: Target): boolean {
  return actual <= atMost && actual >= atLeast;
}

function said(target: Target): string {
  const { what, actual, atMost, atLeast, aim } = target;
  const bound = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
  const verdict = !met(target) ? '**missed**' : aim !== undefined && actual > aim ? `met, the aim of ${aim} is not` : 'met';
  return `- ${what}: ${Number.isInteger(actual) ? actual : actual.toFixed(2)} (${bound}): ${verdict}`;
}

const before = loadavg()[0];
const folder = compiledPackage();
try {
  const bench = benchOf(folder, runs);
  const reports = CASES.map((run) => {
    const report = run(bench);
    console.log([`\n${report.title}\n`, ...report.lines].join('\n'));
    return report;
  });
  const targets = reports.flatMap((report) => report.targets);
  const machine = `${new Date().toISOString().slice(0, 10)}, ${cpus().length} x ${cpus()[0]?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GB, `
    + `${process.platform}, Node.js ${process.versions.node}.\nMedian of ${runs} fresh processes each, in turn, of long programs a half or a third of them; `
    + 'of ratios that of the pairs.\n'
    + `Load of the machine before the run: ${before.toFixed(1)}.`;
  console.log(['\nTargets\n', ...targets.map(said), '', machine].join('\n'));

  if (options.write) {
    const page = readFileSync(PAGE, 'utf8');
    if (!page.includes(BEGIN) || !page.includes(END)) throw new Error(`${PAGE} has lost the marks that the tables stand between.`);
    const text = [machine, ...reports.flatMap(({ title, lines }) => ['', `### ${title}`, '', ...lines]), '', '### Targets', '', ...targets.map(said)].join('\n');
    mkdirSync(dirname(PAGE), { recursive: true });
    writeFileSync(PAGE.replace(/md$/, 'svg'), plot(reports.flatMap(({ bars = [] }) => bars), new Date().toISOString().slice(0, 10)));
    writeFileSync(PAGE, `${page.slice(0, page.indexOf(BEGIN) + BEGIN.length)}\n\n${text}\n\n${page.slice(page.indexOf(END))}`);
  }
  if (options.check && !targets.every(met)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
