import { AwsCall, decideAws } from '../../access/aws-decision';
import type { AccessTrust } from '../../access/model';
import { listOf, parseObject } from '../json';
import { Given, Patient, Refusal, shownList } from '../patient';

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
  if (federated.length === 0) return refused(`the trust policy of ${role.arn} does not name ${anchor}`, 'a statement for the OIDC provider');
  if (allowed === 'unknown' || hasOthers(federated, host)) return { ...refused(`the trust policy of ${role.arn}: ${because}`, ''), expected: undefined, cannotTell: true };
  const claim = because.includes(`${host}:aud`) ? 'aud' : 'sub';
  return refused(`the trust policy of ${role.arn} lets in ${claim} ${shownList(valuesOf(federated, `${host}:${claim}`))}`, `${claim} ${both[claim]}`);
}

function podIdentity(given: Given, patient: Patient): Refusal | undefined {
  const { states } = given;
  const role = roleOf(given, patient);
  const [association] = states.of('aws_eks_pod_identity_association')
    .filter(({ values }) => values.namespace === patient.namespace && values.service_account === patient.name).map(({ values }) => values);
  if (role === undefined) return undefined;
  const refused = (saw: string, expected: string): Refusal => ({
    layer: 'trust',
    saw,
    expected,
    says: 'no credentials are found, or: EKS does not have permissions to assume the associated role',
    fix: 'apply the stack of the role',
    page: page('eks-does-not-have-permissions-to-assume-the-associated-role'),
  });
  if (association === undefined) return refused(`no Pod Identity association of ${patient.account}`, `one with role ${role.arn}`);
  if (association.role_arn !== role.arn) return refused(`the Pod Identity association of ${patient.account} has role ${association.role_arn}`, role.arn);
  const policy = parseObject(role.assume_role_policy);
  if (policy === undefined) return undefined;
  const [, , , , account] = String(role.arn).split(':');
  const cluster = states.of('aws_eks_cluster').find(({ values }) => values.name === association.cluster_name)?.values.arn;
  const tags = { 'eks-cluster-name': association.cluster_name, 'eks-cluster-arn': cluster, 'kubernetes-namespace': patient.namespace, 'kubernetes-service-account': patient.name };
  const known = Object.entries(tags).filter(([, value]) => value !== undefined).map(([tag, value]) => [`aws:RequestTag/${tag}`, String(value)]);
  const statements = statementsOf(policy).filter(({ Effect, Principal }) => Effect === 'Allow' && listOf(Principal?.Service).includes('pods.eks.amazonaws.com'));
  for (const action of ['sts:AssumeRole', 'sts:TagSession']) {
    const { allowed, because } = decideAws(statements.map(allowing), { action, resource: '*', context: { ...Object.fromEntries(known), 'aws:SourceAccount': account } });
    if (allowed === false && !because.includes('eks-cluster-arn')) return refused(`the trust policy of ${role.arn}: ${because}`, `${action} for pods.eks.amazonaws.com`);
    if (allowed === false && cluster !== undefined) return refused(`the trust policy of ${role.arn} is for another cluster`, cluster);
  }
  return undefined;
}

/** What the policies of the role or user allow of what was granted. */
export function judgeAwsPermission(given: Given, patient: Pick<Patient, 'identity' | 'grants'>): Refusal | undefined {
  const { states } = given;
  const arns = patient.identity.principals.map((principal) => states.text(principal));
  const holder = states.of('aws_iam_role', 'aws_iam_user').find(({ values }) => arns.includes(values.arn))?.values;
  if (holder === undefined) return undefined;
  const isHis = (values: any) => [holder.name, holder.arn].includes(values.role ?? values.user);
  const attached = states.of('aws_iam_role_policy_attachment', 'aws_iam_user_policy_attachment').filter(({ values }) => isHis(values)).map(({ values }) => values.policy_arn);
  const managed = states.of('aws_iam_policy').filter(({ values }) => attached.includes(values.arn));
  const inline = states.of('aws_iam_role_policy', 'aws_iam_user_policy').filter(({ values }) => isHis(values));
  const statements = [...inline, ...managed].flatMap(({ values }) => statementsOf(parseObject(values.policy)));
  const isOpen = attached.length > managed.length;
  for (const { rights, service, verb } of patient.grants) {
    for (const { actions = [], resources, condition } of rights) {
      for (const resource of resources.map((each) => states.text(each))) {
        for (const action of resource === undefined ? [] : actions) {
          const call = { action, resource: resource!, context: contextOf(given, condition) };
          const refusal = judgeCall(statements, call, holder, isOpen, `${service}, ${verb}`);
          if (refusal !== undefined) return refusal;
        }
      }
    }
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

function valuesOf(statements: readonly any[], key: string): string[] {
  return statements.flatMap(({ Condition }) => conditionsOf(Condition).flatMap(([, keys]) => listOf((keys as any)[key]).map(String)));
}
