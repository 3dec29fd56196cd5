import { Token } from 'cdktf';
import { IConstruct } from 'constructs';
import { FLAG, Shape, shape, TEXT } from '../../../core/shared/input/option-shape';
import { isPlain, shown, ValidationError } from '../../../core/shared/input/validation-error';
import { requireNoUrlCredential } from '../model/url-credentials';

/** Fields, each with what its value may be: a shape, words, or fields of its own. */
interface Fields {
  readonly [field: string]: Shape<any> | readonly string[] | Fields;
}

const isText = TEXT.fits;

const SHARDS = shape<string[]>('a list of at least one text', (value) => Array.isArray(value) && value.length > 0 && value.every(isText));
const MAP = shape<object>('text by name', (value) => isPlain(value) && Object.values(value).every((item) => isText(item) || Token.isUnresolved(item)));
const OCI_URL = shape<string>('a URL that begins with "oci://"', (value) => isText(value) && /^oci:\/\/.*$/.test(value));
const DURATION = shape<string>('a duration, for example "10m"', (value) => isText(value) && /^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$/.test(value));
const LABEL = shape<string>('text of at most 63 characters', (value) => isText(value) && value.length <= 63);

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
  sharding: { key: TEXT, shards: SHARDS, storage: ['ephemeral', 'persistent'] },
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
    if (item !== undefined && !Token.isUnresolved(item)) checkField(at, field, item, fields[name]);
  }
}

function checkField(at: IConstruct, field: string, value: unknown, wanted: Fields[string]): void {
  if (Array.isArray(wanted)) {
    if (!wanted.includes(value)) refuseField(at, field, value, wanted.join(', '));
  } else if (isShape(wanted)) {
    if (!wanted.fits(value)) refuseField(at, field, value, wanted.wanted);
    if (typeof value === 'string') requireNoUrlCredential(at, `${field} of the FluxInstance`, value, 'spec.sync.pullSecret');
  } else if (isPlain(value)) {
    checkFields(at, field, value, wanted as Fields);
  } else {
    refuseField(at, field, value, `an object with ${Object.keys(wanted).join(', ')}`);
  }
}

function isShape(wanted: Fields[string]): wanted is Shape<any> {
  return typeof (wanted as Shape<any>).fits === 'function';
}

function refuseField(at: IConstruct, field: string, value: unknown, allowed: string): never {
  throw new ValidationError(at, {
    given: `${field} ${shown(value)} of the FluxInstance.`,
    allowed,
    why: 'the operator\'s API takes nothing else and the API server refuses the object',
    fix: `correct "${field}", or leave it out`,
  });
}
