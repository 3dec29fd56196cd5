import { AwsCall, decideAws } from '../../access/aws-decision';
import type { AccessTrust } from '../../access/model';
import { listOf, parseObject } from '../json';
import { Given, Patient, Refusal, shownList } from '../patient';
import { AWS_SERVICES } from '../services';

const NOT_TRUSTED = 'AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity';
const page = (anchor: string) => `docs/troubleshooting.md#${anchor}`;

/** What AWS has against an account, in the order in which it looks. */
export function judgeAws(given: Given, patient: Patient): Refusal | undefined {
  if (patient.trusts === 'unknown' || patient.trusts.length === 0) return undefined;
  return patient.identity.credential === 'Pod Identity' ? podIdentity(given, patient) : webIdentity(given, patient, patient.trusts[0]);
}

function roleOf({ states }: Given, { identity }: Patient): any {
  const arns = identity.principals.map((principal) => states.text(principal));
  return states.of('aws_iam_role').find(({ values }) => arns.includes(values.arn))?.values;
}

function webIdentity(given: Given, patient: Patient, trust: AccessTrust): Refusal | undefined {
  const { states, model } = given;
  const anchor = states.text(trust.anchor);
  const issuer = states.text(trust.issuer === 'cluster' ? model.cluster.issuer : trust.issuer);
  const audience = states.text(trust.audiences[0]);
  const provider = states.of('aws_iam_openid_connect_provider').find(({ values }) => values.arn === anchor)?.values;
  const host = issuer?.replace(/^https:\/\//, '');
  const trusted = String(provider?.url ?? anchor?.split(':oidc-provider/')[1] ?? host).replace(/^https:\/\//, '');
  if (host !== undefined && trusted !== host) {
    return {
      layer: 'trust anchor',
      saw: `OIDC provider ${anchor} of https://${trusted}`,
      expected: `a provider of ${issuer}`,
      says: `InvalidIdentityToken: No OpenIDConnect provider found in your account for ${issuer}`,
      fix: 'apply the stack of FluxOidcProvider for this cluster',
      page: page('no-openidconnect-provider-found-in-your-account'),
    };
  }
  const clients = provider?.client_id_list;
  if (Array.isArray(clients) && audience !== undefined && !clients.includes(audience)) {
    return {
      layer: 'trust anchor',
      saw: `client IDs of OIDC provider ${anchor}: ${shownList(clients)}`,
      expected: audience,
      says: 'InvalidIdentityToken: Incorrect token audience',
      fix: `add ${audience} to the client IDs, and apply`,
      page: page('incorrect-token-audience'),
    };
  }
  const role = roleOf(given, patient);
  const policy = parseObject(role?.assume_role_policy);
  if (policy === undefined || host === undefined || anchor === undefined || audience === undefined) return undefined;
  const federated = statementsOf(policy).filter(({ Principal }) => Principal === '*' || listOf(Principal?.Federated).includes(anchor));
  const decide = (claims: { [claim: string]: string }) => decideAws(federated.filter(({ Effect }) => Effect === 'Allow').map(allowing), {
    action: 'sts:AssumeRoleWithWebIdentity', resource: '*', context: Object.fromEntries(Object.entries(claims).map(([claim, value]) => [`${host}:${claim}`, value])),
  });
  const both = { sub: trust.subject, aud: audience };
  const { allowed, because } = decide(both);
  if (allowed === true) return undefined;
  const refused = (saw: string, expected: string): Refusal => ({
    layer: 'trust', saw, expected, says: NOT_TRUSTED, fix: 'apply the stack of the role', page: page('not-authorized-to-perform-stsassumerolewithwebidentity'),
  });
  if (federated.length === 0) return refused(`the trust policy of ${role.arn} names ${shownList(statementsOf(policy).flatMap(({ Principal }) => listOf(Principal?.Federated).map(String)))}, and not ${anchor}`, 'a statement for the OIDC provider');
  if (allowed === 'unknown' || hasOthers(federated, host)) return { ...refused(`the trust policy of ${role.arn}: ${because}`, ''), expected: undefined, cannotTell: true };
  // The claim that no statement takes; where each takes one of them, the subject is what differs between accounts.
  const takes = (claim: string, value: string) => federated.some(({ Condition }) => conditionsOf(Condition).every(([operator, keys]) => (
    Object.keys(keys).every((key) => key.toLowerCase() !== `${host}:${claim}`.toLowerCase())
    || decideAws([{ actions: ['*'], resources: ['*'], conditions: { [operator]: { [`${host}:${claim}`]: valueOf(keys, `${host}:${claim}`) } } }],
      { action: 'sts:AssumeRoleWithWebIdentity', resource: '*', context: { [`${host}:${claim}`]: value } }).allowed === true)));
  const claim = takes('aud', audience) ? 'sub' : 'aud';
  return refused(`the trust policy of ${role.arn} lets in ${claim} ${shownList(valuesOf(federated, `${host}:${claim}`))}`, `${claim} ${both[claim]}`);
}

function podIdentity(given: Given, patient: Patient): Refusal | undefined {
  const { states } = given;
  const role = roleOf(given, patient);
  const issuer = states.text(given.model.cluster.issuer);
  const own = issuer === undefined ? undefined : states.of('aws_eks_cluster').find(({ values }) => values.identity?.[0]?.oidc?.[0]?.issuer === issuer)?.values;
  const associations = states.of('aws_eks_pod_identity_association')
    .filter(({ values }) => values.namespace === patient.namespace && values.service_account === patient.name).map(({ values }) => values);
  const association = associations.find(({ cluster_name: name }) => own === undefined || name === own.name);
  if (role === undefined) return undefined;
  const refused = (saw: string, expected: string): Refusal => ({
    layer: 'trust',
    saw,
    expected,
    says: 'no credentials are found, or: EKS does not have permissions to assume the associated role',
    fix: 'apply the stack of the role',
    page: page('eks-does-not-have-permissions-to-assume-the-associated-role'),
  });
  if (association === undefined) {
    const others = associations.map(({ cluster_name: name }) => String(name));
    return refused(others.length === 0 ? `no Pod Identity association of ${patient.account}`
      : `the Pod Identity association of ${patient.account} is of cluster ${shownList(others)}, and not of ${own!.name}`, `one with role ${role.arn}`);
  }
  if (association.role_arn !== role.arn) return refused(`the Pod Identity association of ${patient.account} has role ${association.role_arn}`, role.arn);
  const policy = parseObject(role.assume_role_policy);
  if (policy === undefined) return undefined;
  const [, , , , account] = String(role.arn).split(':');
  const cluster = states.of('aws_eks_cluster').find(({ values }) => values.name === association.cluster_name)?.values.arn;
  const tags = { 'eks-cluster-name': association.cluster_name, 'eks-cluster-arn': cluster, 'kubernetes-namespace': patient.namespace, 'kubernetes-service-account': patient.name };
  const untagged = association.disable_session_tags === true;
  const known = Object.entries(untagged ? {} : tags).filter(([, value]) => value !== undefined).map(([tag, value]) => [`aws:RequestTag/${tag}`, String(value)]);
  const statements = statementsOf(policy).filter(({ Effect, Principal }) => Effect === 'Allow' && listOf(Principal?.Service).includes('pods.eks.amazonaws.com'));
  for (const action of untagged ? ['sts:AssumeRole'] : ['sts:AssumeRole', 'sts:TagSession']) {
    const { allowed, because } = decideAws(statements.map(allowing), { action, resource: '*', context: { ...Object.fromEntries(known), 'aws:SourceAccount': account } });
    if (allowed !== false) continue;
    if (untagged) return refused(`session tags are disabled in the association of ${patient.account}; the trust policy of ${role.arn}: ${because}`, 'session tags, or a trust policy without conditions on them');
    if (!/ on aws:RequestTag\/eks-cluster-arn[ ,]/i.test(because)) return refused(`the trust policy of ${role.arn}: ${because}`, `${action} for pods.eks.amazonaws.com, of what EKS sends`);
    if (cluster !== undefined) return refused(`the trust policy of ${role.arn} is for another cluster`, cluster);
  }
  return undefined;
}

/** What the policies of the role or user allow of what was granted. */
export function judgeAwsPermission(given: Given, patient: Pick<Patient, 'identity' | 'grants'>): Refusal | undefined {
  const { states } = given;
  const arns = patient.identity.principals.map((principal) => states.text(principal));
  const known = states.of('aws_iam_role', 'aws_iam_user').find(({ values }) => arns.includes(values.arn))?.values;
  const holder = known ?? elsewhere(states, arns);
  if (holder === undefined) return undefined;
  const isHis = (values: any) => [holder.name, holder.arn].includes(values.role ?? values.user);
  const attachments = states.of('aws_iam_role_policy_attachment', 'aws_iam_user_policy_attachment').filter(({ values }) => isHis(values));
  // After a refresh a role shows what others gave it, too.
  const attached = [...attachments.map(({ values }) => values.policy_arn), ...listOf(holder.managed_policy_arns)];
  const managed = states.of('aws_iam_policy').filter(({ values }) => attached.includes(values.arn));
  const inline = states.of('aws_iam_role_policy', 'aws_iam_user_policy').filter(({ values }) => isHis(values));
  const shown = listOf(holder.inline_policy).map((policy) => ({ values: policy }));
  const statements = [...inline, ...managed, ...shown].flatMap(({ values }) => statementsOf(parseObject(values?.policy)));
  const isOpen = known === undefined || attached.some((arn) => !managed.some(({ values }) => values.arn === arn));
  const boundary = states.of('aws_iam_policy').find(({ values }) => values.arn === holder.permissions_boundary)?.values;
  const bounds = boundary === undefined ? undefined : statementsOf(parseObject(boundary.policy));
  for (const { rights, service, verb } of patient.grants) {
    for (const { actions = [], resources, condition } of rights) {
      for (const resource of resources.map((each) => states.text(each))) {
        for (const action of resource === undefined ? [] : actions) {
          const call = { action, resource: resource!, context: contextOf(given, condition) };
          const refusal = judgeCall(statements, call, holder, isOpen, `${service}, ${verb}`);
          if (refusal !== undefined) return refusal;
          if (bounds !== undefined && outOfBounds(bounds, call)) {
            return {
              layer: 'permission',
              saw: `the permissions boundary ${boundary!.arn} of ${holder.arn} does not allow ${action} on ${resource}`,
              expected: 'a boundary that allows what is granted',
              says: `because no permissions boundary allows the ${action} action`,
              fix: 'let its owner widen the boundary',
              page: page('with-an-explicit-deny-or-no-permissions-boundary-allows'),
            };
          }
        }
      }
    }
  }
  return noEntry(given, patient, holder);
}

/** A role or user that is in no state, of which a policy is: what else it may do is not known. */
function elsewhere(states: Given['states'], [arn]: readonly (string | undefined)[]): { arn: string; name: string; [attribute: string]: unknown } | undefined {
  const name = arn?.split('/').pop();
  const policies = states.of('aws_iam_role_policy', 'aws_iam_user_policy', 'aws_iam_role_policy_attachment', 'aws_iam_user_policy_attachment');
  return name !== undefined && policies.some(({ values }) => [values.role, values.user].includes(name)) ? { arn: arn!, name } : undefined;
}

/** Whether a boundary surely keeps a call out. */
function outOfBounds(bounds: readonly any[], call: AwsCall): boolean {
  if (bounds.some(({ NotAction, NotResource }) => NotAction ?? NotResource)) return false;
  const decide = (effect: string) => decideAws(bounds.filter(({ Effect }) => Effect === effect).map(allowing), call);
  const { allowed, because } = decide('Allow');
  return decide('Deny').allowed === true || (allowed === false && !/which the request does not carry/.test(because));
}

/** A cluster that has access entries, and none of the role that was granted access to it. */
function noEntry({ states }: Given, { grants }: Pick<Patient, 'grants'>, holder: any): Refusal | undefined {
  for (const { service, verb, resource } of grants) {
    const [, cluster] = /^arn:[\w-]+:eks:[^:]+:\d+:cluster\/(.+)$/.exec(states.text(resource) ?? '') ?? [];
    const entries = states.of('aws_eks_access_entry').filter(({ values }) => cluster !== undefined && values.cluster_name === cluster);
    if (service !== AWS_SERVICES.eks.name || entries.length === 0 || entries.some(({ values }) => values.principal_arn === holder.arn)) continue;
    return {
      layer: 'permission',
      saw: `access entries of cluster ${cluster}: ${shownList(entries.map(({ values }) => String(values.principal_arn)))}`,
      expected: `one of ${holder.arn} (${service}, ${verb})`,
      says: 'the server has asked for the client to provide credentials',
      fix: 'apply the stack of the identity',
      page: page('the-server-has-asked-for-the-client-to-provide-credentials'),
    };
  }
  return undefined;
}

function judgeCall(statements: readonly any[], call: AwsCall, holder: any, isOpen: boolean, grant: string): Refusal | undefined {
  const decide = (effect: string) => decideAws(statements.filter(({ Effect, NotAction, NotResource }) => (
    Effect === effect && NotAction === undefined && NotResource === undefined
  )).map(allowing), call);
  const base = {
    layer: 'permission' as const,
    says: `User: ${holder.arn} is not authorized to perform: ${call.action} on resource: ${call.resource}`,
    page: page('no-identity-based-policy-allows-the-action'),
  };
  const denied = decide('Deny');
  if (denied.allowed === true) return { ...base, saw: `a policy of ${holder.arn} denies it: ${denied.because}`, expected: 'no such statement', fix: 'remove the statement' };
  const { allowed, because } = decide('Allow');
  if (allowed === true) return undefined;
  if (allowed === 'unknown' || isOpen || /which the request does not carry/.test(because) || statements.some(({ NotAction, NotResource }) => NotAction ?? NotResource)) {
    const fix = isOpen ? 'look into the managed policies of the role, which AWS or another stack keeps; or pass the state of that stack' : 'look into the policy: it is not decided without the request';
    return { ...base, cannotTell: true, saw: `${call.action} on ${call.resource}: ${because}`, fix };
  }
  return {
    ...base,
    saw: `no policy of ${holder.arn} allows ${call.action} on ${call.resource}: ${because}`,
    expected: `the grant (${grant})`,
    fix: 'apply the stack of the identity; if the state is older than the access report, write it again',
  };
}

/** A request that fulfills the condition of a grant. */
function contextOf({ states }: Given, condition: unknown): { [key: string]: string } {
  const keys = Object.values((condition ?? {}) as { [operator: string]: object }).flatMap((entries) => Object.entries(entries));
  return Object.fromEntries(keys.flatMap(([key, value]) => {
    const text = states.text(listOf(value)[0]);
    return text === undefined ? [] : [[key, text]];
  }));
}

/** The statements of a policy. */
export function statementsOf(policy: any): any[] {
  return listOf(policy?.Statement).filter((statement) => typeof statement === 'object');
}

/** A statement in the form that calls are decided by. */
export function allowing({ Action, Resource, Condition }: any): { actions: string[]; resources: string[]; conditions: object } {
  const texts = (value: unknown) => listOf(value).filter((each) => typeof each === 'string');
  return { actions: texts(Action), resources: Resource === undefined ? ['*'] : texts(Resource), conditions: Object.fromEntries(conditionsOf(Condition)) };
}

/** Operators with their keys. IAM takes operators in any case. */
function conditionsOf(condition: unknown): [string, object][] {
  return Object.entries(typeof condition === 'object' ? condition ?? {} : {}).filter(([, keys]) => typeof keys === 'object')
    .map(([operator, keys]) => [operator.replace(/^stringequals$/i, 'StringEquals').replace(/^stringlike$/i, 'StringLike'), keys]);
}

/** Whether a trust policy asks for more of a token than subject and audience. */
function hasOthers(statements: readonly any[], host: string): boolean {
  const known = [`${host}:sub`, `${host}:aud`].map((key) => key.toLowerCase());
  return statements.some(({ Condition }) => conditionsOf(Condition).flatMap(([, keys]) => Object.keys(keys))
    .some((key) => !known.includes(key.toLowerCase())));
}

function valueOf(keys: object, key: string): unknown {
  return Object.entries(keys).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}

function valuesOf(statements: readonly any[], key: string): string[] {
  return statements.flatMap(({ Condition }) => conditionsOf(Condition).flatMap(([, keys]) => listOf((keys as any)[key]).map(String)));
}
