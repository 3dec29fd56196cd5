import { smallCluster, smallModel, smallState } from './small-world';
import { parseCluster } from '../../lib/doctor/cluster';
import { diagnose } from '../../lib/doctor/diagnose';
import { shownFindings } from '../../lib/doctor/finding';
import { parseState, States } from '../../lib/doctor/state';

function examine(cluster: any[], state: any): string {
  const given = { model: smallModel(), states: new States([parseState(JSON.stringify(state), 'state.json', 'prod')]), cluster: parseCluster([['c', JSON.stringify({ kind: 'List', items: cluster })]]) };
  return JSON.stringify(shownFindings(diagnose({ ...given, now: new Date('2026-01-01') })));
}

/** Every place in a structure. */
function places(value: any, path: (string | number)[] = []): (string | number)[][] {
  if (value === null || typeof value !== 'object') return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => places(item, [...path, Array.isArray(value) ? Number(key) : key]))];
}

function bend(value: any, path: readonly (string | number)[], instead: unknown): void {
  const holder = path.slice(0, -1).reduce((at, key) => at[key], value);
  if (instead === undefined) delete holder[path[path.length - 1]];
  else holder[path[path.length - 1]] = instead;
}

const INSTEAD = [undefined, null, 7, 'text', '', [], {}, [null], true];

test('whatever a place of a dump holds, there is an answer and no crash', () => {
  let count = 0;
  for (const path of places(smallCluster()).filter(({ length }) => length > 0)) {
    for (const instead of INSTEAD) {
      const items = smallCluster();
      bend(items, path, instead);
      try {
        examine(items.flat(), smallState());
      } catch (error: any) {
        expect([path, instead, error.name, error.message]).toEqual([path, instead, 'AccessFileError', expect.stringContaining('doctor commands')]);
      }
      count += 1;
    }
  }
  expect(count).toBeGreaterThan(500);
});

test('whatever a place of a state holds, there is an answer and no crash', () => {
  let count = 0;
  for (const path of places(smallState()).filter(({ length }) => length > 0)) {
    for (const instead of INSTEAD) {
      const state = smallState();
      bend(state, path, instead);
      try {
        examine(smallCluster(), state);
      } catch (error: any) {
        expect([path, instead, error.name, error.message]).toEqual([path, instead, 'AccessFileError', expect.stringContaining('terraform show -json')]);
      }
      count += 1;
    }
  }
  expect(count).toBeGreaterThan(300);
});

test('bent policies are no crash', () => {
  for (const text of ['', 'null', '7', '[]', '{}', '{"Statement":null}', '{"Statement":[null]}', '{"Statement":{"Effect":"Allow"}}', '{"Statement":[{"Effect":"Allow","Action":7,"Resource":null}]}',
    '{"Statement":[{"Effect":"Allow","Condition":null,"Principal":null}]}', '{"Statement":[{"Effect":"Allow","Action":"*","Condition":{"StringEquals":null}}]}', 'not JSON']) {
    for (const attribute of ['policy', 'assume_role_policy']) {
      const state = smallState();
      for (const { values } of state.values.root_module.resources) if (attribute in values) values[attribute] = text;
      expect(() => examine(smallCluster(), state)).not.toThrow();
    }
  }
});
