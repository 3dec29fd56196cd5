import { createHash } from 'crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'fs';
import { dirname, join, relative, resolve, sep } from 'path';
import { IConstruct } from 'constructs';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { byKey } from '../../../core/shared/sort';

/** What an app wrote below a root, and what the files held: without it nobody could tell an edited or a forgotten file. */
const LEDGER = '.cdktf-flux-files.json';

/** A file of an app. */
export interface PlannedFile {
  readonly at: IConstruct;
  readonly root: string;
  /** Below the root. */
  readonly path: string;
  /** Undefined where Terraform writes the file. */
  readonly content: string | undefined;
  /** The root is a directory of ours alone, as in the app's output, without directories in it: made anew by each run. */
  readonly own?: boolean;
}

/** Writes all files of an app, or none: everything is checked first. */
export function writeFiles(all: readonly PlannedFile[]): void {
  const files = all.filter(({ own }) => own !== true);
  const roots = [...new Set(files.map(({ root }) => root))];
  const plans = roots.map((root) => ({ root, of: files.filter((file) => file.root === root), ledger: readLedger(root) }));
  for (const { root, of, ledger } of plans) {
    of.forEach((file) => check(file, ledger));
    checkForgotten(root, of, ledger);
  }
  const own = all.filter((file) => file.own === true);
  new Set(own.map(({ root }) => root)).forEach((root) => {
    rmSync(root, { recursive: true, force: true });
    mkdirSync(root, { recursive: true });
  });
  own.forEach(({ root, path, content }) => writeFileSync(join(root, path), content!, { mode: 0o644 }));
  for (const { root, of } of plans) {
    const ledger: { [path: string]: string } = {};
    for (const { path, content } of of) {
      if (content === undefined) continue;
      write(join(root, path), content, holdsSecret(content) ? 0o600 : 0o644);
      ledger[path] = digest(content);
    }
    if (Object.keys(ledger).length > 0 || existsSync(join(root, LEDGER))) write(join(root, LEDGER), `${JSON.stringify(byKey(ledger), undefined, 2)}\n`, 0o644);
  }
}

/** Whether there is a Secret among the manifests. */
export function holdsSecret(content: string): boolean {
  return /^\s*"?kind"?\s*:\s*"?Secret"?\s*,?\s*$/m.test(content);
}

function check({ at, root, path, content }: PlannedFile, ledger: { readonly [path: string]: string }): void {
  if (content === undefined) return;
  if (content.trim() === '') {
    throw new ValidationError(at, {
      given: `content without text for ${shown(path)}`,
      allowed: 'what a delivery renders',
      why: 'an empty file in the repository takes away from the cluster what was there before',
      fix: 'leave the FluxFile out',
    });
  }
  const target = join(root, path);
  let parent = dirname(target);
  while (!existsSync(parent)) parent = dirname(parent);
  const outside = existsSync(root) && !`${realpathSync(parent)}${sep}`.startsWith(`${realpathSync(root)}${sep}`);
  // Also a link to nothing: writing would make what it points to.
  const isLink = lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  if (outside || isLink) {
    throw new ValidationError(at, {
      given: `path ${shown(path)}, which ${isLink ? 'is a link.' : 'leaves the root through a link.'}`,
      allowed: 'a file below the root, the links of its directories followed',
      why: 'a file outside would be overwritten',
      fix: 'name the place itself, with a root of its own',
    });
  }
  if (!existsSync(target)) return;
  const found = readFileSync(target, 'utf8');
  if (found === content || ledger[path] === digest(found)) return;
  throw new ValidationError(at, {
    given: `${shown(path)}, a file that ${ledger[path] === undefined ? 'this app did not write' : 'was edited since this app wrote it'}.`,
    allowed: `a new file, or one as it was written (${LEDGER} knows)`,
    why: 'what people wrote into it would be lost',
    fix: 'move the edits into the options of the delivery (`patches`, `resources`), then delete the file; or write to another path',
  });
}

function checkForgotten(root: string, files: readonly PlannedFile[], ledger: { readonly [path: string]: string }): void {
  const paths = new Set(files.map(({ path }) => path));
  const forgotten = Object.keys(ledger).sort().find((path) => !paths.has(path) && existsSync(join(root, path)));
  if (forgotten === undefined) return;
  throw new ValidationError(files[0].at, {
    given: `${shown(forgotten)}, which an earlier run wrote and nothing of the app writes now.`,
    allowed: 'only files that a FluxFile or a FluxAccessReport of the app writes',
    why: 'Flux goes on applying a file that nobody keeps, and reviewers go on reading a report of what is gone',
    fix: 'delete the file if the cluster is to lose what it holds, or the report is of what is gone; or keep what wrote it. '
      + 'Apps that share a repository take a root each',
  });
}

function readLedger(root: string): { readonly [path: string]: string } {
  const path = join(root, LEDGER);
  try {
    return Object.assign(Object.create(null), existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {});
  } catch {
    throw new ValidationError(undefined, {
      given: `${resolve(path)}, which is no JSON,`,
      allowed: 'the file as an earlier run wrote it',
      why: 'it tells edited files from others',
      fix: 'restore it from the repository; after a merge, keep the lines of both sides',
    });
  }
}

function write(path: string, content: string, mode: number): void {
  // An untouched file keeps its time stamp, for those who build on it.
  if (existsSync(path) && readFileSync(path, 'utf8') === content) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, { mode });
}

function digest(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The path below a root, with slashes everywhere; undefined when it is none. */
export function below(root: string, path: string): string | undefined {
  const inside = relative(root, resolve(root, path)).split(sep);
  return inside[0] === '' || inside[0] === '..' || inside.some((segment) => segment.toLowerCase() === '.git') ? undefined : inside.join('/');
}
