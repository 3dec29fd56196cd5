import { dirname, join } from 'path';
import { loadPolicy } from '@cloud-copilot/iam-policy';

/** A policy document, parsed. */
export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly any[];
}

/** A call to `AssumeRoleWithWebIdentity`: the claims of the token, and the OIDC provider that vouches for it. */
export interface WebIdentity {
  /** The `iss` claim, with its scheme. */
  readonly issuer: string;
  readonly sub: string;
  readonly aud: string;
  /** The ARN of the OIDC provider that AWS finds for the issuer. */
  readonly provider: string;
}

/** A call to AWS by a principal that the identity policies belong to. */
export interface Call {
  readonly action: string;
  /** The ARN of the resource, or `*` for actions that know none. */
  readonly resource: string;
  /**
   * Condition keys that AWS puts into the request, beside those that every request carries.
   *
   * @default - none
   */
  readonly context?: { readonly [key: string]: string | string[] };
}

/** Other circumstances of a call. */
export interface Circumstances {
  /** The ARN of the caller; default: a session in the account of the resource. */
  readonly principal?: string;
  /** The policy of the resource; default: none, and for KMS keys the one that AWS gives them, which lets IAM policies of their account count. */
  readonly resourcePolicy?: PolicyDocument;
  /** The account of the resource, where its ARN does not say it. */
  readonly resourceAccount?: string;
}

const ROLE_ACCOUNT = '111122223333';

/** Whether a trust policy lets a token in. */
export function canAssumeWithWebIdentity(trust: PolicyDocument, { issuer, sub, aud, provider }: WebIdentity): boolean {
  const keys = issuer.replace('https://', '');
  const context = { [`${keys}:aud`]: aud, [`${keys}:sub`]: sub };
  const resource = `arn:${provider.split(':')[1]}:iam::${ROLE_ACCOUNT}:role/any`;
  return authorized([], { action: 'sts:AssumeRoleWithWebIdentity', resource, context }, { principal: provider, resourcePolicy: trust });
}

/** What EKS sends when it assumes a role for a pod; what is left out is not sent. */
export interface PodRequest {
  readonly cluster?: string;
  readonly namespace?: string;
  readonly serviceAccount?: string;
  readonly sourceAccount?: string;
  /** The service that calls; default: EKS Pod Identity. */
  readonly service?: string;
}

/** Whether a trust policy lets EKS Pod Identity in: to assume the role and to tag the session, which it does in one call. */
export function assumeByPod(trust: PolicyDocument, { cluster, namespace, serviceAccount, sourceAccount, service = 'pods.eks.amazonaws.com' }: PodRequest): boolean {
  const context = Object.fromEntries(Object.entries({
    'aws:RequestTag/eks-cluster-arn': cluster,
    'aws:RequestTag/kubernetes-namespace': namespace,
    'aws:RequestTag/kubernetes-service-account': serviceAccount,
    'aws:SourceAccount': sourceAccount,
  }).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const resource = `arn:aws:iam::${ROLE_ACCOUNT}:role/any`;
  return ['sts:AssumeRole', 'sts:TagSession'].every((action) => authorized([], { action, resource, context }, { principal: service, resourcePolicy: trust }));
}

/** Whether the policies of an identity (and that of the resource, where there is one) allow a call. */
export function allowed(policies: readonly PolicyDocument[], call: Call, circumstances: Circumstances = {}): boolean {
  return authorized(policies, call, { resourcePolicy: call.action.startsWith('kms:') ? defaultKeyPolicy(call.resource) : undefined, ...circumstances });
}

function defaultKeyPolicy(keyArn: string): PolicyDocument {
  const [, partition, , , account] = keyArn.split(':');
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:${partition}:iam::${account}:root` }, Action: 'kms:*', Resource: '*' }] };
}

/**
 * The core of the simulator, and not its `runSimulation`: that drops the condition keys it does not know, such as
 * `<issuer>:sub`, and then denies whatever the policy says. Its package exports nothing deeper, hence the absolute paths.
 */
const ROOT = dirname(require.resolve('@cloud-copilot/iam-simulate'));
/* eslint-disable @typescript-eslint/no-require-imports */
const { authorize } = require(join(ROOT, 'core_engine', 'CoreSimulatorEngine.js'));
const { AwsRequestImpl } = require(join(ROOT, 'request', 'request.js'));
const { RequestContextImpl } = require(join(ROOT, 'requestContext.js'));
const { DiscoveryContextKeyConstraints } = require(join(ROOT, 'context_keys', 'discoveryContextKeyConstraints.js'));
/* eslint-enable @typescript-eslint/no-require-imports */

/** Parsed once: one document answers many calls. */
const LOADED = new WeakMap<PolicyDocument, unknown>();

function load(policy: PolicyDocument, name: string): unknown {
  const loaded = LOADED.get(policy) ?? loadPolicy(policy, { name });
  LOADED.set(policy, loaded);
  return loaded;
}

function authorized(policies: readonly PolicyDocument[], { action, resource, context = {} }: Call, circumstances: Circumstances): boolean {
  const account = circumstances.resourceAccount ?? (resource.split(':')[4] || ROLE_ACCOUNT);
  const principal = circumstances.principal ?? `arn:aws:sts::${account}:assumed-role/flux/session`;
  const request = new AwsRequestImpl(principal, { resource, accountId: account }, action, new RequestContextImpl(context), resource === '*');
  const { result } = authorize({
    request,
    identityPolicies: policies.map((policy) => load(policy, 'identity')),
    resourcePolicy: circumstances.resourcePolicy && load(circumstances.resourcePolicy, 'resource'),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    simulationParameters: { simulationMode: 'Strict', discoveryContextKeyConstraints: new DiscoveryContextKeyConstraints([]) },
  });
  return result === 'Allowed';
}
