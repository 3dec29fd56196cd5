import { readdirSync } from 'fs';
import { createRequire } from 'module';
import { join } from 'path';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { determineHitLimitReached, DryRunStatus, TestStatus, toMutantRunResult } from '@stryker-mutator/api/test-runner';

const require = createRequire(import.meta.url);

/**
 * Runs our tests in one process that loads everything once: Jest loads CDKTF and its bindings for every file and every change, which is
 * nearly all of its time; here ours alone is loaded anew, where a change wants that. What our unit tests use of Jest is here; what it has
 * beside that is an error.
 */
class Runner {
  static inject = ['options'];
  root;
  context = (globalThis.__stryker__ ??= {});

  constructor({ tests }) {
    this.patterns = tests;
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  init() {
    const service = require('ts-node').register({ transpileOnly: true, project: join(process.cwd(), 'test/tsconfig.json') });
    const { compile } = service;
    const compiled = new Map();
    service.compile = (code, file) => {
      if (!compiled.has(file)) compiled.set(file, compile(code, file));
      return compiled.get(file);
    };
    for (const method of ['debug', 'info', 'log', 'warn', 'error']) console[method] = () => undefined;
  }

  async dryRun() {
    this.context.mutantCoverage = { static: {}, perTest: {} };
    this.load();
    const tests = await this.run({ disableBail: true });
    return { status: DryRunStatus.Complete, tests, mutantCoverage: this.context.mutantCoverage };
  }

  async mutantRun({ activeMutant, mutantActivation, reloadEnvironment, testFilter, hitLimit, disableBail }) {
    if (reloadEnvironment) await this.unload();
    this.context.hitLimit = hitLimit;
    this.context.hitCount = hitLimit ? 0 : undefined;
    if (mutantActivation !== 'static') this.load();
    this.context.activeMutant = activeMutant.id;
    try {
      this.load();
      const tests = await this.run({ disableBail, only: testFilter && new Set(testFilter) });
      const limit = determineHitLimitReached(this.context.hitCount, this.context.hitLimit);
      return toMutantRunResult(limit ?? { status: DryRunStatus.Complete, tests }, disableBail);
    } catch (error) {
      // It could not even be loaded: every test sees that.
      return toMutantRunResult({ status: DryRunStatus.Complete, tests: [{ id: 'load', name: 'load', timeSpentMs: 0, status: TestStatus.Failed, failureMessage: String(error?.message) }] }, disableBail);
    } finally {
      this.context.activeMutant = undefined;
    }
  }

  async dispose() {
    for (const scope of scopesOf(this.root)) for (const hook of scope.afterAll) await hook();
  }

  /** What is loaded of ours is forgotten, for a change of what runs while a module is loaded; what others wrote stays. */
  async unload() {
    await this.dispose();
    this.root = undefined;
    for (const file of Object.keys(require.cache)) if (!file.includes('/node_modules/')) delete require.cache[file];
  }

  load() {
    if (this.root !== undefined) return;
    this.root = scopeNamed(undefined, '');
    let at = this.root;
    const within = (name, define) => {
      const parent = at;
      at = scopeNamed(parent, name);
      parent.scopes.push(at);
      define();
      at = parent;
    };
    const ids = new Map();
    const test = (name, action) => {
      const full = `${at.path} ${name}`.trim();
      ids.set(full, (ids.get(full) ?? 0) + 1);
      at.tests.push({ id: `${full} (${ids.get(full)})`, action });
    };
    const each = (add) => (table) => (name, action) => table.forEach((row) => (
      Array.isArray(row) ? add(`${name} ${said(row[0])}`, () => action(...row)) : add(`${name} ${said(row)}`, () => action(row))
    ));
    const { ModuleMocker } = require('jest-mock');
    const mocker = new ModuleMocker(globalThis);
    Object.assign(globalThis, {
      describe: Object.assign(within, { each: each(within) }),
      test: Object.assign(test, { each: each(test) }),
      it: Object.assign(test, { each: each(test) }),
      expect: require('expect').expect,
      jest: { fn: mocker.fn.bind(mocker), spyOn: mocker.spyOn.bind(mocker), restoreAllMocks: () => mocker.restoreAllMocks() },
    });
    for (const kind of ['beforeAll', 'afterAll', 'beforeEach', 'afterEach']) globalThis[kind] = (hook) => at[kind].push(hook);
    for (const folder of this.patterns) {
      const files = readdirSync(join('test', folder), { recursive: true }).filter((file) => file.endsWith('.test.ts')).sort();
      for (const file of files) within(join(folder, file), () => require(join(process.cwd(), 'test', folder, file)));
    }
  }

  /** What is made for all tests of a scope counts as run by each of them, which may look at it. */
  async before(scope, tests) {
    this.context.currentTestId = `before all of ${scope.path}`;
    try {
      for (const hook of scope.beforeAll) await hook();
    } finally {
      const { perTest } = this.context.mutantCoverage ?? { perTest: {} };
      for (const [mutant, hits] of Object.entries(perTest[this.context.currentTestId] ?? {})) {
        for (const { id } of tests) (perTest[id] ??= {})[mutant] = (perTest[id][mutant] ?? 0) + hits;
      }
      delete perTest[this.context.currentTestId];
      this.context.currentTestId = undefined;
    }
  }

  /** Runs tests to the end, or to the first that fails. */
  async run({ disableBail, only }) {
    const results = [];
    const walk = async (scope, before, after) => {
      const selected = scopesOf(scope).flatMap(({ tests }) => tests).filter(({ id }) => only === undefined || only.has(id));
      if (selected.length === 0) return true;
      const [befores, afters] = [[...before, ...scope.beforeEach], [...scope.afterEach, ...after]];
      let broken;
      try {
        if (scope.beforeAll.length > 0) await this.before(scope, selected);
      } catch (error) {
        broken = error;
      }
      for (const { id, action } of broken === undefined ? scope.tests.filter((one) => selected.includes(one)) : selected) {
        this.context.currentTestId = id;
        const started = Date.now();
        let failure = broken;
        try {
          if (broken === undefined) {
            for (const hook of befores) await hook();
            await action();
          }
        } catch (error) {
          failure = error ?? new Error('thrown');
        }
        try {
          if (broken === undefined) for (const hook of afters) await hook();
        } catch (error) {
          failure ??= error;
        }
        this.context.currentTestId = undefined;
        const result = { id, name: id, timeSpentMs: Date.now() - started };
        results.push(failure === undefined ? { ...result, status: TestStatus.Success } : { ...result, status: TestStatus.Failed, failureMessage: String(failure?.message ?? failure) });
        if (failure !== undefined && !disableBail) return false;
      }
      if (broken !== undefined) return true;
      for (const inner of scope.scopes) if (!await walk(inner, befores, afters)) return false;
      return true;
    };
    await walk(this.root, [], []);
    return results;
  }
}

function scopeNamed(parent, name) {
  return { path: parent === undefined ? '' : `${parent.path} ${name}`.trim(), tests: [], scopes: [], beforeAll: [], afterAll: [], beforeEach: [], afterEach: [] };
}

function scopesOf(scope) {
  return scope === undefined ? [] : [scope, ...scope.scopes.flatMap(scopesOf)];
}

function said(value) {
  return typeof value === 'string' ? value.slice(0, 80) : '';
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'one-process', Runner)];
