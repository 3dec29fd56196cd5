import { ecrResource, isOfResource } from './addresses';
import { servicesOf, subjectOf } from './patient';
import { decideAws } from '../access/aws-decision';
import { AccessFileError } from '../access/file';
import { AccessGrant, AccessModel, shownValue } from '../access/model';
import type { FluxVersion } from '../core/flux-version';
import { hostMatches, hostOf } from '../core/shared/flux/hosts';
import { KINDS } from '../core/shared/flux/kinds';

/** By which the objects of probes are found again. */
export const PROBE_LABEL = ['app.kubernetes.io/part-of', 'flux-probes'] as const;

/** The kinds that a probe can be made of, with what of an artifact they use: nothing is kept of what they fetch. */
const SPECS: { readonly [kind: string]: (artifact: Artifact) => object } = {
  OCIRepository: ({ url, tag }) => ({ url, ...(tag === undefined ? {} : { ref: { tag } }), layerSelector: { operation: 'copy' } }),
  ImageRepository: ({ url }) => ({ image: url.replace(/^oci:\/\//, '') }),
  Bucket: ({ bucket, endpoint, region }) => ({ bucketName: bucket, endpoint, ...(region === undefined ? {} : { region }), ignore: '/*' }),
  GitRepository: ({ url, tag }) => ({ url, ...(tag === undefined ? {} : { ref: { branch: tag } }), ignore: '/*' }),
};

/** What the user named. */
interface Artifact {
  readonly given: string;
  readonly kinds: readonly string[];
  readonly url: string;
  readonly tag?: string;
  readonly bucket?: string;
  readonly endpoint?: string;
  readonly region?: string;
}

const FORMS = 'oci://HOST/REPOSITORY:TAG, s3://BUCKET, gs://BUCKET, https://ACCOUNT.blob.core.windows.net/CONTAINER, or https://HOST/REPOSITORY#BRANCH of Git';

function artifactOf(given: string, region: string | undefined): Artifact {
  const oci = /^(oci:\/\/[^/\s]+\/[^\s:@]+)(?::([\w.-]+))?$/.exec(given);
  if (oci !== null) return { given, kinds: ['OCIRepository', 'ImageRepository'], url: oci[1], tag: oci[2] };
  const bucket = /^(s3|gs):\/\/([a-z0-9][\w.-]+)\/?$/.exec(given);
  if (bucket?.[1] === 's3') {
    if (region === undefined) throw new AccessFileError(`${given}: a bucket of S3 needs --region REGION`);
    const endpoint = `s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
    return { given, kinds: ['Bucket'], url: `https://${endpoint}`, bucket: bucket[2], endpoint, region };
  }
  if (bucket !== null) return { given, kinds: ['Bucket'], url: 'https://storage.googleapis.com', bucket: bucket[2], endpoint: 'storage.googleapis.com' };
  const blob = /^(https:\/\/[a-z0-9]+\.blob\.[a-z.]+)\/([a-z0-9$-]+)\/?$/.exec(given);
  if (blob !== null) return { given, kinds: ['Bucket'], url: blob[1], bucket: blob[2], endpoint: blob[1] };
  const git = /^(https:\/\/[^\s#@]+)(?:#([\w./-]+))?$/.exec(given);
  if (git !== null) return { given, kinds: ['GitRepository'], url: git[1], tag: git[2] };
  throw new AccessFileError(`${given}: no address of an artifact. Expected: ${FORMS}`);
}

/** An object that uses one grant, as one account. */
export interface Probe {
  readonly grant: AccessGrant;
  readonly account: string;
  readonly object: { readonly apiVersion: string; readonly kind: string; readonly metadata: object; readonly spec: object };
}

/** The probes of the artifacts that were named: for each account that is granted one, an object of each kind that uses the right. */
export function probesOf(model: AccessModel, given: readonly string[], region?: string): Probe[] {
  return given.map((each) => artifactOf(each, region)).flatMap((artifact) => {
    const probes = model.grants.filter((grant) => covers(model, grant, artifact)).flatMap((grant) => ofGrant(model, grant, artifact));
    if (probes.length > 0) return probes;
    throw new AccessFileError(`${artifact.given}: no grant of ${model.installation} is for it that a ${artifact.kinds.join(' or ')} uses. It is granted:\n`
      + probeable(model).map((line) => `  ${line}`).join('\n'));
  }).map((probe, index) => named(probe, index + 1));
}

/** The grants that can be probed, for people. */
export function probeable(model: AccessModel): string[] {
  const lines = model.grants.filter(({ kinds }) => kinds !== 'unknown' && kinds.some((kind) => kind in SPECS))
    .map(({ identity, service, resource }) => `${service} ${shownValue(resource)}, by ${identity}`);
  return lines.length === 0 ? ['nothing that can be probed'] : [...new Set(lines)];
}

function covers(model: AccessModel, { service, identity, resource, kinds, rights }: AccessGrant, artifact: Artifact): boolean {
  const cloud = model.identities.find(({ key }) => key === identity)?.cloud ?? '';
  const host = hostOf(artifact.url) ?? '';
  const row = servicesOf(cloud).find(({ name }) => name === service);
  if (kinds === 'unknown' || row?.hosts?.some((pattern) => hostMatches(pattern, host)) !== true) return false;
  // What only Terraform knows may be it.
  if (typeof resource !== 'string' || resource === '*') return true;
  const arn = ecrResource(artifact.url);
  if (arn !== undefined) {
    const statements = rights.map(({ actions = [], resources }) => ({ actions, resources: resources.map((each) => typeof each === 'string' ? each : each.ref) }));
    return decideAws(statements, { action: 'ecr:BatchGetImage', resource: arn }).allowed !== false;
  }
  if (artifact.bucket !== undefined) return new RegExp(`(^|[:/])${artifact.bucket.replace(/[.$]/g, '\\$&')}$`).test(resource);
  return /public/i.test(service) || isOfResource({ url: artifact.url }, resource, service);
}

function ofGrant(model: AccessModel, grant: AccessGrant, artifact: Artifact): Probe[] {
  const { cloud, subjects } = model.identities.find(({ key }) => key === grant.identity)!;
  const kinds = artifact.kinds.filter((kind) => (grant.kinds as readonly string[]).includes(kind)) as (keyof typeof KINDS)[];
  return subjects.flatMap((subject) => 'account' in subject ? kinds.flatMap((kind): Probe[] => {
    const [namespace, name] = subject.account.split('/');
    const facts = KINDS[kind];
    if (subject.level === 'object' ? facts.objectLevel === undefined : !facts.controllers.some((controller) => controller === name)) return [];
    const account = subject.level === 'object' ? { serviceAccountName: name } : {};
    return [{
      grant,
      account: subject.account,
      object: {
        apiVersion: facts.apiVersion(model.flux.version as FluxVersion),
        kind,
        metadata: { namespace },
        spec: { interval: '1h', provider: cloud, ...account, ...SPECS[kind](artifact) },
      },
    }];
  }) : []);
}

function named({ object, ...probe }: Probe, number: number): Probe {
  return { ...probe, object: { ...object, metadata: { name: `flux-probe-${number}`, ...object.metadata, labels: { [PROBE_LABEL[0]]: PROBE_LABEL[1] } } } };
}

/** Probes as YAML, with how to apply, watch and delete them. */
export function renderProbes(probes: readonly Probe[], file = 'probes.yaml'): string {
  const kinds = [...new Set(probes.map(({ object }) => `${object.kind.toLowerCase().replace(/y$/, 'ie')}s`))].sort().join(',');
  const label = PROBE_LABEL.join('=');
  return [
    `# apply:  kubectl apply -f ${file}`,
    `# watch:  kubectl get ${kinds} -A -l ${label} -w   # Ready is True where the right works, else its message says why`,
    `# delete: kubectl delete ${kinds} -A -l ${label}   # what they fetched goes with them`,
    ...probes.flatMap(({ grant, account, object }) => [
      '---',
      `# ${grant.service}, ${grant.verb}: as ${account} (${subjectOf(account)})`,
      ...yaml(object),
    ]),
  ].join('\n');
}

function yaml(value: object, indent = ''): string[] {
  return Object.entries(value).flatMap(([key, item]) => typeof item === 'object'
    ? [`${indent}${key}:`, ...yaml(item, `${indent}  `)] : [`${indent}${key}: ${JSON.stringify(item)}`]);
}
