import { flagsOf, gateIsOn } from './gates';
import { FluxController } from '../../core/flux-controller';
import { FluxVersion } from '../../core/flux-version';
import { needsGate } from '../../core/shared/flux/controllers';
import { controllersReading, KINDS } from '../../core/shared/flux/kinds';
import { atLeast } from '../../core/shared/flux/versions';
import { KubernetesObject, livePods, managerIn, managerOf } from '../cluster';
import { listOf, textOf } from '../json';
import { fluxObjects, Given, Judge, Patient, Refusal, shownList } from '../patient';

/** Whether the Flux that runs is old enough to lack what the account needs. */
export const judgeVersion: Judge = (given, patient) => {
  const { model, cluster } = given;
  const said = model.flux.version as FluxVersion;
  for (const controller of patient.controllers) {
    const running = runningVersion(cluster.find('Deployment', model.flux.namespace, controller));
    if (running === undefined || atLeast(running, said)) continue;
    const lacks = lacksFor(given, patient, running, controller, said);
    if (lacks === undefined) continue;
    return {
      layer: 'flux version',
      saw: `Flux ${running} runs`,
      expected: `Flux ${said}, which the installation says: ${lacks}`,
      says: 'field not declared in schema, or ObjectLevelWorkloadIdentity feature gate is not enabled',
      fix: `upgrade Flux, or say version ${running} in the FluxInstallation and apply`,
      page: 'docs/flux/versions.md',
    };
  }
  return undefined;
};

function lacksFor(
  { cluster, model }: Given, { level, grants, identity }: Patient, running: FluxVersion, controller: string, said: FluxVersion,
): string | undefined {
  if (level === 'object' && needsGate(running) && !needsGate(said) && !gateIsOn(cluster.find('Deployment', model.flux.namespace, controller), controller)) {
    return 'before 2.10 object level needs a feature gate';
  }
  const kinds = grants.flatMap((grant) => grant.kinds === 'unknown' ? [] : grant.kinds).map((kind) => KINDS[kind as keyof typeof KINDS]);
  const late = kinds.filter((kind) => kind?.controllers.some((each) => each === controller)).find(({ clouds, objectLevel }) => {
    const since = clouds[identity.cloud as keyof typeof clouds];
    return (since !== undefined && !atLeast(running, since)) || (level === 'object' && objectLevel !== undefined && !atLeast(running, objectLevel));
  });
  return late === undefined ? undefined : `${late.kind} needs a later one`;
}

/** By Flux's own label: charts have versions of their own. */
function runningVersion(deployment: any): FluxVersion | undefined {
  const labels = deployment?.metadata.labels ?? {};
  if (labels['app.kubernetes.io/part-of'] !== 'flux' || labels['helm.sh/chart'] !== undefined) return undefined;
  const [, version] = /^v(2\.\d+)\.\d+/.exec(labels['app.kubernetes.io/version'] ?? '') ?? [];
  return Object.values(FluxVersion).find((known) => known === version);
}

/** Whether the controllers run, where an object needs them. */
export const judgeController: Judge = (given, patient) => {
  const { model, cluster } = given;
  const { namespace } = model.flux;
  for (const controller of neededControllers(given, patient)) {
    if (!cluster.knows('Deployment')) {
      return { layer: 'controller', cannotTell: true, saw: 'the dump holds no Deployment', fix: `pass the dump of \`kubectl get deployments,pods -n ${namespace} -o json\`, too` };
    }
    const deployment = cluster.find('Deployment', namespace, controller);
    const missing = (saw: string, fix: string): Refusal => ({
      layer: 'controller', saw, expected: `${controller} runs in ${namespace}: objects of its kinds act as the account`, says: 'nothing: their status stays as it was', fix,
    });
    if (deployment === undefined) return missing(`no Deployment ${namespace}/${controller}`, 'install it: add it to the controllers of the installation, and deliver that');
    if (deployment.spec?.replicas === 0) return missing(`Deployment ${namespace}/${controller} is scaled to 0`, `kubectl -n ${namespace} scale deployment ${controller} --replicas=1`);
    const pods = livePods(cluster, namespace, controller);
    if (cluster.knows('Pod') && (runsAs(deployment) ?? controller) === controller && pods.length === 0) {
      return missing(`no pod of ${controller} lives`, `kubectl -n ${namespace} describe deployment ${controller}`);
    }
    const reasons = pods.map((pod) => notUp(pod, controller));
    if (pods.length > 0 && !reasons.includes(undefined)) {
      const reason = shownList(reasons as string[]);
      return stops(controller, deployment, reason) ?? missing(`pods of ${controller}: ${reason}`, `kubectl -n ${namespace} describe pods, and logs --previous, of ${controller}`);
    }
  }
  return undefined;
};

/** The account that a Deployment's pods run as, where it says one. */
export function runsAs({ spec }: KubernetesObject): string | undefined {
  return textOf(spec?.template?.spec?.serviceAccountName);
}

/** Whom an object acts as: the account that it names, the one that a flag of its controller says for all of a namespace, or the controller. */
export function actsAs({ cluster, model }: Given, namespace: string, account: string | undefined, controller: string, flag: string): string {
  const home = model.flux.namespace;
  const name = account ?? flagsOf(managerIn(cluster, home, controller), flag).pop();
  return name === undefined ? `${home}/${controller}` : `${namespace}/${name}`;
}

const RESTARTS: readonly unknown[] = ['CrashLoopBackOff', 'ImagePullBackOff', 'ErrImagePull', 'CreateContainerConfigError'];

/** Why a pod does not come up, where Kubernetes says so. */
export function notUp({ status, spec }: KubernetesObject, controller: string): string | undefined {
  const { name } = managerOf(spec, controller) ?? {};
  const waiting = listOf(status?.containerStatuses).find((each) => each.name === name)?.state?.waiting?.reason;
  if (RESTARTS.includes(waiting)) return String(waiting);
  const unscheduled = listOf(status?.conditions).find(({ type, status: is }) => type === 'PodScheduled' && is === 'False');
  return unscheduled === undefined ? undefined : String(unscheduled.reason);
}

/** A flag that stops its controller at start. */
function stops(controller: string, deployment: KubernetesObject, reason: string): Refusal | undefined {
  const container = managerOf(deployment.spec?.template?.spec, controller);
  if (controller !== FluxController.SOURCE || flagsOf(container, 'no-cross-namespace-refs').length === 0) return undefined;
  return {
    layer: 'gate',
    saw: `${controller} with --no-cross-namespace-refs, and its pods: ${reason}`,
    expected: 'without it: this controller does not know the flag, and exits',
    says: 'unknown flag: --no-cross-namespace-refs',
    fix: 'let the patch reach only the controllers that know the flag; the deliveries of a FluxLockdown do',
    page: 'docs/flux/lockdown.md',
  };
}

/** The controllers of an account that an object of the cluster needs. */
function neededControllers({ cluster }: Given, { account, namespace, name, level, identity, controllers }: Patient): string[] {
  const uses = fluxObjects(cluster).flatMap((object) => object.uses.map((use) => ({ ...use, namespace: object.namespace })))
    .filter((use) => use.secret === undefined && (use.cloud === undefined || use.cloud === identity.cloud))
    .filter((use) => level === 'object' ? use.namespace === namespace && use.account === name : use.account === undefined);
  const readers = fluxObjects(cluster).some(({ repository }) => repository !== undefined) ? controllersReading : undefined;
  const needed = uses.flatMap(({ kind }): readonly string[] => readers?.(kind) ?? KINDS[kind].controllers);
  return controllers.filter((controller) => needed.includes(controller) && (level === 'object' || account.endsWith(`/${controller}`)));
}
