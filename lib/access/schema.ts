import { SCHEMA, VERSION } from './model';

/** The part of JSON Schema (draft 7) that the form needs. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: 'object' | 'array' | 'string';
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: { readonly [name: string]: JsonSchema };
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly definitions?: { readonly [name: string]: JsonSchema };
}

type Parts = { readonly [name: string]: JsonSchema };

const TEXT: JsonSchema = { type: 'string' };
const TEXTS: JsonSchema = { type: 'array', items: TEXT };
const to = (name: string): JsonSchema => ({ $ref: `#/definitions/${name}` });
const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
const mapOf = (additionalProperties: JsonSchema): JsonSchema => ({ type: 'object', additionalProperties });

/** An object: what stands in `optional` may be left out. What is not listed may be there: later versions of the package may say more. */
function object(description: string, required: Parts, optional: Parts = {}): JsonSchema {
  return { description, type: 'object', properties: { ...required, ...optional }, required: Object.keys(required) };
}

/** The form of an access report, shipped as `access.v<version>.schema.json`. */
export const ACCESS_SCHEMA: JsonSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: `${SCHEMA}/${VERSION}`,
  title: 'Who can do what by an installation of Flux',
  ...object('Identities and grants of one installation', {
    schema: { const: SCHEMA },
    version: { const: VERSION },
    installation: { ...TEXT, description: 'The unique name of the installation' },
    flux: object('The Flux', { version: TEXT, namespace: TEXT, controllers: TEXTS }),
    cluster: object('The cluster that Flux runs in, and its OIDC issuer', { kind: TEXT, issuer: to('value') }),
    identities: listOf(to('identity')),
    grants: listOf(to('grant')),
  }, {
    remoteClusters: { ...TEXTS, description: 'The ConfigMaps of remote clusters, by namespace and name' },
    patches: { ...TEXTS, description: 'The user\'s own patches that change what the cluster holds, as they are rendered' },
  }),
  definitions: {
    value: {
      description: 'A value, or what Terraform calls it where only Terraform knows it',
      anyOf: [TEXT, object('An expression of a stack, or a text with expressions', { stack: TEXT, ref: TEXT })],
    },
    subject: {
      description: 'Who acts as an identity',
      anyOf: [
        object('A Kubernetes service account', { account: TEXT, level: { enum: ['controller', 'object'] } }),
        object('A Secret that Flux objects name', { secret: TEXT, use: TEXT }),
        object('Whatever runs on the nodes', { node: { const: true } }),
      ],
    },
    trust: object('On whose word the cloud lets a subject in', {
      issuer: to('value'), subject: TEXT, audiences: listOf(to('value')),
    }, { anchor: to('value') }),
    settings: object('What Kubernetes must hold for one account to act as an identity', { account: TEXT }, {
      annotations: mapOf(to('value')),
      podLabels: mapOf(to('value')),
      env: mapOf(to('value')),
      tokens: listOf(object('A projected token', { path: TEXT, audience: to('value') })),
      mounts: listOf(object('A mounted Secret or ConfigMap', { mountPath: TEXT, from: TEXT })),
    }),
    identity: object('Who a set of subjects is in one cloud', {
      key: { ...TEXT, description: 'Made of the cloud and the subjects' },
      cloud: TEXT,
      credential: TEXT,
      principals: listOf(to('value')),
      subjects: listOf(to('subject')),
      trust: { anyOf: [listOf(to('trust')), { const: 'unknown' }] },
      settings: listOf(to('settings')),
      grants: { enum: ['listed', 'unknown'] },
    }),
    right: object('One right, in the words of its cloud: actions of AWS, or a role or managed policy', { resources: listOf(to('value')) }, {
      actions: TEXTS,
      role: to('value'),
      condition: { description: 'The condition, in the cloud\'s own form' },
    }),
    grant: object('One grant', {
      identity: { ...TEXT, description: 'The key of its identity' },
      service: TEXT,
      verb: TEXT,
      resource: to('value'),
      rights: listOf(to('right')),
      kinds: { anyOf: [TEXTS, { const: 'unknown' }] },
    }, {
      broad: { ...TEXT, description: 'Why it reaches further than one resource' },
      owner: { const: 'must agree' },
    }),
  },
};

/** Where a value first departs from a schema, and how; undefined where it does not. */
export function departure(value: unknown, schema: JsonSchema, at = '', root = schema): string | undefined {
  if (schema.$ref !== undefined) return departure(value, root.definitions![schema.$ref.split('/').pop()!], at, root);
  const place = at === '' ? 'the report' : at;
  if (schema.anyOf !== undefined) {
    return schema.anyOf.some((form) => departure(value, form, at, root) === undefined) ? undefined : `${place} has none of the forms that it may have`;
  }
  const allowed = 'const' in schema ? [schema.const] : schema.enum;
  if (allowed !== undefined) return allowed.includes(value) ? undefined : `${place} is not ${allowed.map((each) => JSON.stringify(each)).join(' or ')}`;
  if (schema.type === undefined) return undefined;
  const type = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  if (type !== schema.type) return type === 'undefined' ? `${place} is missing` : `${place} is no ${schema.type}`;
  const { items, properties = {}, required = [], additionalProperties } = schema;
  const parts: [string, unknown, JsonSchema][] = Array.isArray(value)
    ? value.map((item, index) => [`${at}[${index}]`, item, items!])
    : type === 'object' ? Object.keys({ ...value as object, ...properties })
      .filter((name) => Object.hasOwn(value as object, name) || required.includes(name))
      .map((name) => [at === '' ? name : `${at}.${name}`, (value as any)[name], properties[name] ?? additionalProperties ?? {}]) : [];
  for (const [where, part, form] of parts) {
    const found = departure(part, form, where, root);
    if (found !== undefined) return found;
  }
  return undefined;
}
