import { UNKNOWN, variableOf } from './accounts';
import { notUp } from './controllers';
import { fails, injectedInto } from './overrides';
import { FluxCloud } from '../../core/flux-identity';
import { KubernetesObject, livePods, managerOf, tokensOf } from '../cluster';
import { Given, isByNode, Judge, Patient, Refusal } from '../patient';

/** What a webhook puts into pods that start after the account was annotated. */
interface Injected {
  readonly variable: string;
  readonly value?: string;
  readonly audience?: string;
}

/** Whether the pods that run have what account and Deployment say by now. One that has is enough: the others are on their way. */
export const judgePod: Judge = (given, patient) => {
  if (patient.level !== 'controller') return undefined;
  const { cluster, model } = given;
  const pods = livePods(cluster, model.flux.namespace, patient.name);
  if (pods.length === 0) return undefined;
  // A pod that will not come up does not serve; while none does, they are all there is.
  const up = pods.filter((pod) => notUp(pod, patient.name) === undefined);
  const refusals = (up.length > 0 ? up : pods).map((pod) => judge(given, patient, pod));
  return refusals.includes(undefined) ? undefined : refusals[0];
};

function judge(given: Given, patient: Patient, pod: KubernetesObject): Refusal | undefined {
  const { namespace } = given.model.flux;
  const { name } = patient;
  const container = managerOf(pod.spec, name);
  const older = (what: string, saw: string | undefined, expected: string, why: string): Refusal => ({
    layer: 'pod',
    saw: `${what} of pod ${pod.metadata.name}: ${saw ?? 'not there'}`,
    expected,
    says: 'no credentials are found, or AccessDenied',
    fix: `${why}: kubectl -n ${namespace} rollout restart deployment ${name}`,
  });
  const { nodeName = '' } = pod.spec;
  const isByMachine = patient.identity.credential === 'Pod Identity' || (isByNode(patient) && patient.identity.cloud === FluxCloud.AWS);
  if (isByMachine && String(nodeName).startsWith('fargate-')) {
    return {
      layer: 'pod',
      saw: `pod ${pod.metadata.name} runs on Fargate (${nodeName})`,
      expected: `a node with ${isByNode(patient) ? 'a role and its metadata service' : 'the Pod Identity agent'}, which Fargate has not`,
      says: 'no credentials are found',
      fix: 'keep the controller off the Fargate profile, or use FluxIrsaRole',
      page: isByNode(patient) ? 'docs/aws/access-keys.md' : 'docs/aws/pod-identity.md',
    };
  }
  const left = isByNode(patient) && fails(given, patient) ? injectedInto(given, patient) : undefined;
  if (left !== undefined) return older(`variable ${left}`, variableOf(container, left), 'no such variable', 'the pod is older than the change');
  for (const { variable, value, audience } of injectedOf(given, patient)) {
    const saw = variableOf(container, variable);
    if (saw === undefined) return older(`variable ${variable}`, undefined, value ?? 'set by the webhook', 'the pod is older than the annotation, or the webhook did not act');
    if (saw !== UNKNOWN && value !== undefined && saw !== value) return older(`variable ${variable}`, saw, value, 'the pod is older than the change');
    if (audience !== undefined && !tokensOf(pod.spec).some((token) => token.audience === audience)) {
      return older('projected token', undefined, `a token for ${audience}`, 'the webhook did not act');
    }
  }
  for (const [variable, value] of Object.entries(patient.settings.env ?? {})) {
    const wanted = given.states.text(value);
    const saw = variableOf(container, variable);
    if (saw === UNKNOWN || (saw !== undefined && (wanted === undefined || saw === wanted))) continue;
    return older(`variable ${variable}`, saw, wanted ?? 'a value', 'the pod is older than the change');
  }
  for (const { path } of patient.settings.tokens ?? []) {
    if (!tokensOf(pod.spec).some((token) => token.path === path)) return older(`projected token ${path}`, undefined, 'mounted', 'the pod is older than the change');
  }
  return undefined;
}

function injectedOf({ model, states }: Given, { identity, settings }: Patient): Injected[] {
  const annotation = (name: string) => settings.annotations?.[name] === undefined ? undefined : { value: states.text(settings.annotations[name]) };
  const role = annotation('eks.amazonaws.com/role-arn');
  if (model.cluster.kind === 'eks' && role !== undefined) {
    return [{ variable: 'AWS_ROLE_ARN', ...role }, { variable: 'AWS_WEB_IDENTITY_TOKEN_FILE', audience: 'sts.amazonaws.com' }];
  }
  const client = annotation('azure.workload.identity/client-id');
  if (model.cluster.kind === 'aks' && client !== undefined) {
    return [{ variable: 'AZURE_CLIENT_ID', ...client }, { variable: 'AZURE_FEDERATED_TOKEN_FILE', audience: 'api://AzureADTokenExchange' }];
  }
  return identity.credential === 'Pod Identity' ? [{ variable: 'AWS_CONTAINER_CREDENTIALS_FULL_URI' }] : [];
}
