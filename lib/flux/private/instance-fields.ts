import { Token } from 'cdktf';
import { IConstruct } from 'constructs';
import { shown, ValidationError } from '../../core/shared/validation-error';

/** What a value may be: `is` tells, `allowed` says it. */
interface Form {
  readonly is: (value: unknown) => boolean;
  readonly allowed: string;
}

/** Fields, each with what its value may be: a form, words, or fields of its own. */
interface Fields {
  readonly [field: string]: Form | readonly string[] | Fields;
}

const isText = (value: unknown) => typeof value === 'string';
const isPlainObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

const TEXT: Form = { is: isText, allowed: 'text' };
const FLAG: Form = { is: (value) => typeof value === 'boolean', allowed: 'true or false' };
const TEXTS: Form = { is: (value) => Array.isArray(value) && value.length > 0 && value.every(isText), allowed: 'a list of at least one text' };
const MAP: Form = { is: (value) => isPlainObject(value) && Object.values(value).every((item) => isText(item) || Token.isUnresolved(item)), allowed: 'text by name' };
const OCI_URL: Form = { is: (value) => isText(value) && /^oci:\/\/.*$/.test(value as string), allowed: 'a URL that begins with "oci://"' };
const DURATION: Form = { is: (value) => isText(value) && /^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$/.test(value as string), allowed: 'a duration, for example "10m"' };
const LABEL: Form = { is: (value) => isText(value) && (value as string).length <= 63, allowed: 'text of at most 63 characters' };

/**
 * The fields of a FluxInstance's `spec` that are the user's.
 *
 * @see https://fluxoperator.dev/docs/crd/fluxinstance/
 */
const SPEC: Fields = {
  cluster: { domain: TEXT, networkPolicy: FLAG, size: ['small', 'medium', 'large'], type: ['kubernetes', 'openshift', 'aws', 'azure', 'gcp'] },
  commonMetadata: { annotations: MAP, labels: MAP },
  distribution: {
    artifact: OCI_URL,
    artifactPullSecret: TEXT,
    imagePullSecret: TEXT,
    registry: TEXT,
    variant: ['upstream-alpine', 'enterprise-alpine', 'enterprise-distroless', 'enterprise-distroless-fips'],
    version: TEXT,
  },
  migrateResources: FLAG,
  sharding: { key: TEXT, shards: TEXTS, storage: ['ephemeral', 'persistent'] },
  storage: { class: TEXT, size: TEXT },
  sync: {
    interval: DURATION,
    kind: ['OCIRepository', 'GitRepository', 'Bucket'],
    name: LABEL,
    path: TEXT,
    provider: ['generic', 'aws', 'azure', 'gcp', 'github'],
    pullSecret: TEXT,
    ref: TEXT,
    url: TEXT,
  },
  wait: FLAG,
};

/** Refuses what the API of the operator does not have. Values that only Terraform knows are left to it. */
export function checkInstanceFields(at: IConstruct, spec: object): void {
  checkFields(at, 'spec', spec, SPEC);
}

function checkFields(at: IConstruct, path: string, value: object, fields: Fields): void {
  for (const [name, item] of Object.entries(value)) {
    const field = `${path}.${name}`;
    if (!Object.hasOwn(fields, name)) {
      throw new ValidationError(at, {
        given: `field ${shown(field)} of the FluxInstance`,
        allowed: Object.keys(fields).join(', '),
        why: 'the operator\'s API does not have it and the API server refuses the object',
        fix: 'correct the spelling, or remove it',
      });
    }
    if (item !== undefined && !Token.isUnresolved(item)) checkValue(at, field, item, fields[name]);
  }
}

function checkValue(at: IConstruct, field: string, value: unknown, shape: Fields[string]): void {
  if (Array.isArray(shape)) {
    if (!shape.includes(value)) refuse(at, field, value, shape.join(', '));
  } else if (isForm(shape)) {
    if (!shape.is(value)) refuse(at, field, value, shape.allowed);
  } else if (isPlainObject(value)) {
    checkFields(at, field, value, shape as Fields);
  } else {
    refuse(at, field, value, `an object with ${Object.keys(shape).join(', ')}`);
  }
}

function isForm(shape: Fields[string]): shape is Form {
  return typeof (shape as Form).is === 'function';
}

function refuse(at: IConstruct, field: string, value: unknown, allowed: string): never {
  throw new ValidationError(at, {
    given: `${field} ${shown(value)} of the FluxInstance.`,
    allowed,
    why: 'the operator\'s API takes nothing else and the API server refuses the object',
    fix: `correct "${field}", or leave it out`,
  });
}
