import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import Ajv from 'ajv';
import { App } from 'cdktf';
import { IMAGES, model, PULL } from './models';
import { addExamples } from '../../examples/stacks';
import { FluxInstallation } from '../../lib';
import { VERSION } from '../../lib/access/model';
import { ACCESS_SCHEMA, departure, JsonSchema } from '../../lib/access/schema';
import { accessModel } from '../../lib/flux/private/access/collect';

const FILE = join(__dirname, '../../lib/access', `access.v${VERSION}.schema.json`);
const TEXT = `${JSON.stringify(ACCESS_SCHEMA, undefined, 2)}\n`;

/** The schema without room for what it does not list: a field of a report that nobody wrote down is found. */
function strict(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (_, value) => (
    value?.type === 'object' && value.properties !== undefined ? { ...value, additionalProperties: false } : value
  ));
}

const reports = () => {
  const app = new App({ outdir: '/nowhere', skipValidation: true });
  addExamples(app);
  return app.node.findAll().filter((node): node is FluxInstallation => node instanceof FluxInstallation)
    .map((flux) => ({ name: flux.node.path, report: JSON.parse(JSON.stringify(accessModel(flux))) }));
};

test('the file that is shipped is the schema (SCHEMA=write writes it)', () => {
  if (process.env.SCHEMA === 'write') writeFileSync(FILE, TEXT);
  expect(readFileSync(FILE, 'utf8')).toBe(TEXT);
});

describe('another program reads it the same way', () => {
  const [wide, narrow] = [ACCESS_SCHEMA, strict(ACCESS_SCHEMA)].map((schema) => new Ajv({ strict: true }).compile(schema));

  test.each(reports())('$name: the report has the form, and no field that it does not list', ({ report }) => {
    narrow(report);
    expect(narrow.errors ?? []).toEqual([]);
    expect(departure(report, ACCESS_SCHEMA)).toBeUndefined();
  });

  test('every field that it wants is in a report of an example', () => {
    const seen = new Set<string>();
    const visit = (value: unknown) => JSON.stringify(value, (key, item) => {
      seen.add(key);
      return item;
    });
    reports().forEach(({ report }) => visit(report));
    const listed = [...JSON.stringify(ACCESS_SCHEMA).matchAll(/"required":\[([^\]]*)\]/g)].flatMap(([, names]) => JSON.parse(`[${names}]`));
    // No example has an identity of nodes in an installation.
    expect(listed.filter((name) => !seen.has(name))).toEqual(['node']);
  });

  test.each<[string, object, string]>([
    ['a part missing', { grants: undefined }, 'grants is missing'],
    ['another type', { identities: {} }, 'identities is no array'],
    ['a part of a part missing', { flux: { version: '2.10', namespace: 'flux-system' } }, 'flux.controllers is missing'],
    ['a null', { cluster: null }, 'cluster is no object'],
    ['a grant without rights', { grants: [PULL, { ...PULL, rights: undefined }] }, 'grants[1].rights is missing'],
    ['a resource that is no value', { grants: [{ ...PULL, resource: { stack: 'prod' } }] }, 'grants[0].resource has none of the forms that it may have'],
    ['a subject of no kind', { identities: [{ ...IMAGES, subjects: [{ pod: 'x' }] }] }, 'identities[0].subjects[0] has none of the forms that it may have'],
    ['a word that is none of two', { identities: [{ ...IMAGES, grants: 'some' }] }, 'identities[0].grants is not "listed" or "unknown"'],
    ['another schema', { schema: 'x' }, 'schema is not "cdktf-flux-identity/access"'],
    ['another owner', { grants: [{ ...PULL, owner: 'agreed' }] }, 'grants[0].owner is not "must agree"'],
  ])('%s is no report', (_, changes, problem) => {
    const report = JSON.parse(JSON.stringify({ ...model(), ...changes }));
    expect(wide(report)).toBe(false);
    expect(departure(report, ACCESS_SCHEMA)).toBe(problem);
  });

  test('what a later version of the package adds is let pass', () => {
    const report = { ...model(), more: 1, grants: [{ ...PULL, more: [] }] };
    expect(wide(report)).toBe(true);
    expect(departure(report, ACCESS_SCHEMA)).toBeUndefined();
  });

  test.each([undefined, null, 1, 'text', []])('%j is no report', (value) => {
    expect(departure(value, ACCESS_SCHEMA)).toMatch(/^the report is /);
    expect(wide(value)).toBe(false);
  });
});
