import type { AccessTrust } from '../../access/model';
import { listOf } from '../json';
import { Given, Patient, Refusal, shownList } from '../patient';
import type { StateResource } from '../state';

const page = (anchor: string) => `docs/troubleshooting.md#${anchor}`;

/** What Google has against an account, in the order in which it looks. */
export function judgeGcp(given: Given, patient: Patient): Refusal | undefined {
  if (patient.trusts === 'unknown') return undefined;
  const [trust] = patient.trusts;
  return (trust === undefined ? undefined : provider(given, trust)) ?? serviceAccount(given, patient, trust);
}

function provider({ states, model }: Given, trust: AccessTrust): Refusal | undefined {
  const name = states.text(trust.anchor);
  const found = states.of('google_iam_workload_identity_pool_provider').find(({ values }) => values.name === name)?.values;
  if (found === undefined || name === undefined) return undefined;
  const pool = states.of('google_iam_workload_identity_pool').find(({ values }) => typeof values.name === 'string' && name.startsWith(`${values.name}/`))?.values;
  for (const [what, resource] of [['pool', pool], ['provider', found]] as const) {
    const state = resource?.disabled === true ? 'disabled' : resource?.state === 'DELETED' ? 'deleted' : undefined;
    if (state === undefined) continue;
    return {
      layer: 'trust anchor',
      saw: `${what} ${resource!.name} is ${state}`,
      expected: 'enabled',
      says: 'invalid_target: the pool or provider is disabled or deleted',
      fix: `enable the ${what}, or apply its stack`,
      page: page('the-pool-or-provider-is-disabled-or-deleted-or-does-not-exist'),
    };
  }
  const [oidc] = listOf(found.oidc);
  const issuer = states.text(trust.issuer === 'cluster' ? model.cluster.issuer : trust.issuer);
  if (issuer !== undefined && typeof oidc?.issuer_uri === 'string' && oidc.issuer_uri !== issuer) {
    return {
      layer: 'trust anchor',
      saw: `provider ${name} is of issuer ${oidc.issuer_uri}`,
      expected: issuer,
      says: 'invalid_grant: Specified identity issuer not found in the configured identity providers',
      fix: 'apply the stack of FluxGcpWorkloadPool for this cluster',
      page: page('specified-identity-issuer-not-found-in-the-configured-identity-providers'),
    };
  }
  const allowed = listOf(oidc?.allowed_audiences);
  const wanted = trust.audiences.map((audience) => states.text(audience));
  if (allowed.length > 0 && wanted.every((audience) => audience !== undefined) && !wanted.some((audience) => allowed.includes(audience))) {
    return {
      layer: 'trust',
      saw: `provider ${name} takes audiences ${shownList(allowed)}`,
      expected: shownList(wanted as string[]),
      says: 'invalid_grant: The audience in ID Token does not match the expected audience',
      fix: 'apply the stack of the pool',
      page: page('the-audience-in-id-token-does-not-match-the-expected-audience'),
    };
  }
  const mapping = found.attribute_mapping?.['google.subject'];
  if (typeof mapping === 'string' && !/\bsub\b/.test(mapping)) {
    return {
      layer: 'trust',
      saw: `google.subject of ${name} is mapped to ${mapping}`,
      expected: 'assertion.sub, which the members are made of',
      says: 'Permission denied on resource (or it may not exist)',
      fix: 'apply the stack of the pool',
      page: page('permission-denied-on-resource-google'),
    };
  }
  if (letsIn(found.attribute_condition, trust.subject) !== false) return undefined;
  return {
    layer: 'trust',
    saw: `the attribute condition of ${name}: ${found.attribute_condition}`,
    expected: `one that lets in ${trust.subject}`,
    says: 'unauthorized_client: The given credential is rejected by the attribute condition',
    fix: 'apply the stack of the pool',
    page: page('the-given-credential-is-rejected-by-the-attribute-condition'),
  };
}

/** Whether a condition lets a subject in, of the forms that the library and people write; of others it is not known. */
function letsIn(condition: unknown, subject: string): boolean | undefined {
  if (typeof condition !== 'string' || condition === '') return true;
  const [, only] = /^\s*(?:assertion\.sub|google\.subject) == ['"]([^'"]*)['"]\s*$/.exec(condition) ?? [];
  if (only !== undefined) return only === subject;
  const [, what, list] = /^\s*(assertion\.sub|google\.subject|assertion\['kubernetes\.io'\]\['namespace'\]|attribute\.namespace) in \[([^\]]*)\]\s*$/.exec(condition) ?? [];
  if (what === undefined) return undefined;
  const values = [...list.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, single, double]) => single ?? double);
  return values.includes(/namespace/.test(what) ? subject.split(':')[2] : subject);
}

/** Whether the account may act as a service account of Google, where its identity is one. */
function serviceAccount({ states }: Given, { identity, account, trusts }: Patient, trust: AccessTrust | undefined): Refusal | undefined {
  const members = principalsOf(states, identity);
  const found = states.of('google_service_account').find(({ values, address }) => !address.startsWith('data.') && members.includes(inSmall(values.member)))?.values;
  if (found === undefined) return undefined;
  if (found.disabled === true) {
    return {
      layer: 'identity',
      saw: `service account ${found.email} is disabled`,
      expected: 'enabled',
      says: 'invalid_grant, or iam.serviceAccounts.getAccessToken denied',
      fix: 'gcloud iam service-accounts enable',
      page: page('iamserviceaccountsgetaccesstoken-denied'),
    };
  }
  if (trust === undefined || trusts.length === 0) return undefined;
  const users = states.members().filter(({ type, values }) => type.startsWith('google_service_account_iam_') && String(values.service_account_id).endsWith(found.email))
    .filter(({ values }) => ['roles/iam.workloadIdentityUser', 'roles/iam.serviceAccountTokenCreator'].includes(values.role));
  const allowed = users.flatMap(({ values }) => membersOf(values)).map(String);
  const [namespace, name] = account.split('/');
  if (allowed.some((member) => member.endsWith(`[${account}]`) || member.endsWith(`/subject/${trust.subject}`) || member.endsWith(`/subject/ns/${namespace}/sa/${name}`)
    || member.startsWith('principalSet:'))) return undefined;
  return {
    layer: 'trust',
    saw: `users of service account ${found.email}: ${shownList(allowed)}`,
    expected: `roles/iam.workloadIdentityUser of ${account}`,
    says: 'Permission \'iam.serviceAccounts.getAccessToken\' denied on resource (or it may not exist)',
    fix: 'apply the stack of FluxGcpServiceAccount',
    page: page('iamserviceaccountsgetaccesstoken-denied'),
  };
}

/** Whether the roles that were granted are held on the resource or above it. */
export function judgeGcpPermission({ states, now }: Given, { identity, grants }: Pick<Patient, 'identity' | 'grants'>): Refusal | undefined {
  const principals = principalsOf(states, identity);
  if (principals.length === 0 || principals.some((principal) => principal === undefined)) return undefined;
  const held = states.members().filter(({ values }) => membersOf(values).some((member) => principals.includes(member)));
  const members = states.members().flatMap(({ values }) => membersOf(values)).map(String);
  const dead = principals.filter((principal) => members.some((member) => member.startsWith(`deleted:${principal}?`)));
  for (const { rights, service, verb } of grants) {
    for (const { role, resources, condition } of rights) {
      for (const resource of resources.map((each) => states.text(each))) {
        const wanted = states.text(role);
        if (wanted === undefined || resource === undefined) continue;
        const near = held.filter((each) => reaches(each.type, each.values, resource));
        // What one member of many holds is one resource; all principals of an identity need it.
        const of = (principal: unknown) => near.filter(({ values }) => values.role === wanted && membersOf(values).includes(principal));
        const without = principals.filter((principal) => of(principal).length === 0);
        if (without.length === 0) {
          const refusal = condition === undefined ? firstConditional(principals.map(of), now) : undefined;
          if (refusal !== undefined) return { ...refusal, saw: `${wanted} of ${shownList(principals as string[])} on ${resource}: ${refusal.saw}` };
          continue;
        }
        const base = { layer: 'permission' as const, says: 'Permission denied on resource (or it may not exist)', page: page('permission-denied-on-resource-google') };
        if (near.some(({ values }) => values.role !== wanted && !isGranted(grants, states, values.role))) {
          return { ...base, cannotTell: true, saw: `${shownList(without as string[])} has other roles on ${resource}, and not ${wanted}`, fix: 'look into what those roles hold' };
        }
        return {
          ...base,
          saw: `${shownList(without as string[])} has no ${wanted} on ${resource}${dead.length === 0 ? '' : `; what has rights is one of the same name that was deleted: ${shownList(dead as string[])}`}`,
          expected: `the grant (${service}, ${verb})`,
          fix: 'apply the stack of the identity; if the state is older than the access report, write it again',
        };
      }
    }
  }
  return undefined;
}

/** Whether an identity has some role on a resource or above it. */
export function holdsOn({ states }: Given, { identity }: Pick<Patient, 'identity'>, resource: string): boolean {
  const principals = principalsOf(states, identity);
  return states.members()
    .some(({ type, values }) => membersOf(values).some((member) => principals.includes(member)) && reaches(type, values, resource));
}

/** A right that is held under a condition only, which nobody granted. */
function firstConditional(held: readonly (readonly StateResource[])[], now: Date): Refusal | undefined {
  const conditional = held.find((all) => all.every(({ values }) => conditionOf(values) !== undefined));
  if (conditional === undefined) return undefined;
  const [expression] = conditional.map(({ values }) => conditionOf(values)!);
  const [, end] = /^\s*request\.time < timestamp\(['"]([^'"]+)['"]\)\s*$/.exec(expression) ?? [];
  const base = { layer: 'permission' as const, says: 'Permission denied on resource (or it may not exist)', page: page('permission-denied-on-resource-google') };
  if (end !== undefined && Date.parse(end) > now.getTime()) return undefined;
  if (end !== undefined) return { ...base, saw: `it ended: ${expression}`, expected: 'the grant, without a condition', fix: 'apply the stack of the identity' };
  return { ...base, cannotTell: true, saw: `under the condition ${expression}`, fix: 'look into the condition: it is not decided without the request' };
}

function conditionOf({ condition }: any): string | undefined {
  const [{ expression } = { expression: undefined }] = listOf(condition);
  return typeof expression === 'string' && expression !== '' ? expression : undefined;
}

function membersOf({ member, members }: any): any[] {
  return [...listOf(member), ...listOf(members)].map(inSmall);
}

function principalsOf(states: Given['states'], { principals }: Patient['identity']): unknown[] {
  return principals.map((principal) => inSmall(states.text(principal)));
}

/** Google compares members without case, and its provider writes them in small letters; principals of pools are as they are. */
function inSmall<T>(member: T): T | string {
  if (typeof member !== 'string') return member;
  const [, kind, name] = /^((?:deleted:)?(?:serviceAccount|user|group|domain):)(.*)$/i.exec(member) ?? [];
  return kind === undefined ? member : `${kind}${name.toLowerCase()}`;
}

function isGranted(grants: Patient['grants'], states: Given['states'], role: unknown): boolean {
  return grants.some(({ rights }) => rights.some((right) => states.text(right.role) === role));
}

/** Whether a member's resource is the one, or above it: by the last part of its name, which providers write in many ways. */
function reaches(type: string, values: any, resource: string): boolean {
  if (/^google_(project|folder|organization)_iam_/.test(type)) return type.includes('project') ? isOfProject(values.project, resource) : true;
  const own = [values.bucket, values.repository, values.topic, values.crypto_key_id, values.key_ring_id, values.service_account_id].find((each) => typeof each === 'string');
  if (own === undefined) return true;
  const [last] = String(own).split('/').slice(-1);
  const [place, wanted] = [`/locations/${values.location}/${own}`, resource].map((each) => /\/locations\/(?!undefined)([^/]+)\//.exec(each)?.[1]);
  if (place !== undefined && wanted !== undefined && place.toLowerCase() !== wanted.toLowerCase()) return false;
  return resource === last || resource.endsWith(`/${last}`) || resource.includes(`/${last}/`);
}

/** Names of buckets say no project, and of a number and an ID nobody can say here whether they are the same. */
function isOfProject(project: unknown, resource: string): boolean {
  const [, named] = /^projects\/([^/]+)/.exec(resource) ?? [];
  const own = String(project).replace(/^projects\//, '');
  return project === undefined || named === undefined || own === named || /^\d+$/.test(own) !== /^\d+$/.test(named);
}
