import { IConstruct } from 'constructs';
import { checkInstanceFields } from './instance-fields';
import { FluxVersion } from '../../../core/flux-version';
import { requireVersion } from '../../../core/shared/flux/versions';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { hasToken } from '../../../core/shared/terraform/tokens';

type Fields = { readonly [field: string]: any };

/** Fields that this library renders, with the option that says the same. */
const OURS: Fields = {
  components: '`controllers`',
  kustomize: '`patches`',
};
const OUR_CLUSTER_FIELDS: Fields = {
  objectLevelWorkloadIdentity: 'nothing: it is on as soon as an object-level identity or FluxLockdown.workloadIdentity needs it',
  multitenant: '`lockdown`',
  multitenantWorkloadIdentity: '`lockdown: FluxLockdown.workloadIdentity()`',
  tenantDefaultServiceAccount: '`lockdown`',
  tenantDefaultDecryptionServiceAccount: '`lockdown`',
  tenantDefaultKubeConfigServiceAccount: '`lockdown`',
};

/** Fields that the operator refuses without others. */
const NEEDED: Fields = {
  distribution: ['version', 'registry'],
  sharding: ['shards'],
  storage: ['class', 'size'],
  sync: ['kind', 'url', 'ref', 'path'],
};

/** The user's part of a FluxInstance's spec, checked and with its distribution. */
export function checkInstanceSpec(at: IConstruct, version: FluxVersion, spec: Fields): Fields {
  for (const field of Object.keys(spec)) {
    if (Object.hasOwn(OURS, field)) refuseOurs(at, `spec.${field}`, OURS[field]);
  }
  for (const field of Object.keys(spec.cluster ?? {})) {
    if (Object.hasOwn(OUR_CLUSTER_FIELDS, field)) refuseOurs(at, `spec.cluster.${field}`, OUR_CLUSTER_FIELDS[field]);
  }
  checkInstanceFields(at, spec);
  const complete: Fields = { ...spec, distribution: { version: `${version}.x`, registry: 'ghcr.io/fluxcd', ...spec.distribution } };
  for (const [field, needed] of Object.entries(NEEDED)) {
    if (complete[field] === undefined) continue;
    const missing = (needed as string[]).filter((name) => complete[field][name] === undefined);
    if (missing.length > 0) requireFields(at, `spec.${field}`, missing);
  }
  if (complete.sharding?.storage === 'persistent' && complete.storage === undefined) requireFields(at, 'spec.sharding.storage "persistent"', ['spec.storage']);
  checkDistribution(at, version, complete.distribution.version);
  checkSync(at, version, complete.sync);
  return complete;
}

/** Which sources know which providers. */
function checkSync(at: IConstruct, version: FluxVersion, sync: Fields | undefined): void {
  if (sync === undefined) return;
  const { kind, provider } = sync;
  const git = kind === 'GitRepository';
  if (!hasToken(kind) && ((provider === 'gcp' && git) || (provider === 'github' && !git))) {
    throw new ValidationError(at, {
      given: `spec.sync.provider "${provider}" for kind ${shown(kind)}.`,
      allowed: provider === 'gcp' ? 'OCIRepository, Bucket' : 'GitRepository',
      why: 'sources of this kind do not know the provider and the API server refuses the object',
      fix: 'choose another kind of source, or leave the provider out and name a `pullSecret`',
    });
  }
  if (provider === 'aws' && git) {
    requireVersion(at, version, FluxVersion.V2_9, 'spec.sync.provider "aws" for kind "GitRepository"', 'this Flux does not know CodeCommit and the operator refuses the object');
  }
}

function checkDistribution(at: IConstruct, version: FluxVersion, range: unknown): void {
  const text = String(range);
  // The whole text: "^2.9.0" and "2.9.x || 2.10.x" reach further.
  if (hasToken(text) || new RegExp(`^(=|~>?)? *v?${version.replace('.', '\\.')}(\\.(\\d[\\w.+-]*|[xX*]))?$`).test(text)) return;
  throw new ValidationError(at, {
    given: `spec.distribution.version ${shown(range)} beside version ${version}.`,
    allowed: `a version or range within Flux ${version}, for example "${version}.x"`,
    why: 'the operator would install another Flux than the one this configuration is rendered for, and controllers stop at start on flags they do not know',
    fix: `set it to "${version}.x", or pass the FluxVersion that it means as \`version\``,
  });
}

function refuseOurs(at: IConstruct, field: string, option: string): never {
  throw new ValidationError(at, {
    given: `field "${field}" of the FluxInstance`,
    allowed: `the field as this library renders it; to say the same: ${option}`,
    why: 'two sources of one field: identities and Flux would no longer fit together',
    fix: `remove "${field}" from \`spec\``,
  });
}

function requireFields(at: IConstruct, field: string, missing: string[]): never {
  throw new ValidationError(at, {
    given: `${field} without ${missing.map((name) => `"${name}"`).join(', ')}.`,
    allowed: `${field} together with ${missing.map((name) => `"${name}"`).join(', ')}`,
    why: 'the operator\'s API needs both, or the API server refuses the object',
    fix: `add ${missing.map((name) => `"${name}"`).join(', ')}`,
  });
}
