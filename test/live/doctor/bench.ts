import { KubernetesObject } from '../../conformance/kustomize';
import { Evaluation } from '../../conformance/terraform';
import { Trial } from '../trial';

/** Without it Flux goes on with the tokens that it has. */
export const NO_CACHE = '--token-cache-max-size=0';

/** Breaks things in a live cluster and its clouds, and mends all of it again. */
export class Bench {
  /** What the clouds enforce, and Terraform shows. */
  public resources: { [address: string]: any };
  private undo: (() => Promise<void>)[] = [];
  private readonly restarted = new Set<string>();

  public constructor(public readonly trial: Trial, private readonly right: Evaluation) {
    this.resources = right.resources;
  }

  /** Changes what Terraform made in the clouds, as somebody else may. */
  public async clouds(change: (resources: { [address: string]: any }) => void): Promise<void> {
    const resources = JSON.parse(JSON.stringify(this.right.resources));
    change(resources);
    if (JSON.stringify(resources) === JSON.stringify(this.right.resources)) throw new Error('nothing is changed');
    this.resources = resources;
    await this.trial.enforceOf({ ...this.right, resources });
  }

  /** Lets the issuer publish other keys, which only the clouds see. */
  public async publish(jwks: string): Promise<void> {
    await this.trial.enforceOf(this.right, jwks);
  }

  /** Changes an object of the cluster. */
  public async change(object: KubernetesObject, change: (object: any) => void): Promise<void> {
    const { kube } = this.trial.machine;
    const before = await kube.get(object);
    const changed = JSON.parse(JSON.stringify(before));
    change(changed);
    if (JSON.stringify(changed) === JSON.stringify(before)) throw new Error(`${object.kind} ${object.metadata.name} is as it was`);
    const put = async (to: any) => {
      const { resourceVersion } = (await kube.get(object)).metadata;
      await kube.call('PUT', await kube.pathOf(object), { ...to, metadata: { ...to.metadata, resourceVersion } });
    };
    await put(changed);
    this.undo.push(() => put(before));
  }

  /** Removes an object of the cluster. */
  public async remove(object: KubernetesObject): Promise<void> {
    const { kube } = this.trial.machine;
    const { metadata: { resourceVersion, uid, ...metadata }, ...before } = await kube.get(object);
    await kube.call('DELETE', await kube.pathOf(object));
    this.undo.push(async () => {
      await kube.call('POST', (await kube.pathOf(object)).replace(/\/[^/]+$/, ''), { ...before, metadata });
    });
  }

  /** Adds an object to the cluster. */
  public async add(object: KubernetesObject): Promise<void> {
    const { kube } = this.trial.machine;
    await kube.apply([object]);
    this.undo.push(async () => {
      await kube.call('DELETE', await kube.pathOf(object));
    });
  }

  /** Gives a controller another pod, by what its Deployment says now. */
  public async restart(controller: string): Promise<void> {
    this.restarted.add(controller);
    await this.trial.machine.startController(controller, [NO_CACHE]);
  }

  /** Ends a controller and its pod. */
  public async stop(controller: string): Promise<void> {
    this.restarted.add(controller);
    await this.trial.machine.controllers.get(controller)!.end();
    await this.trial.machine.kube.call('DELETE', `/api/v1/namespaces/flux-system/pods/${controller}`, { gracePeriodSeconds: 0 });
  }

  /** Lets Kubernetes say that the pod of a controller ends again and again, as the kubelet does. */
  public async crashing(controller: string): Promise<void> {
    this.restarted.add(controller);
    const state = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s restarting failed container' } };
    const status = { phase: 'Running', containerStatuses: [{ name: 'manager', image: controller, imageID: '', ready: false, restartCount: 3, state }] };
    await this.trial.machine.kube.call('PATCH', `/api/v1/namespaces/flux-system/pods/${controller}/status`, { status }, 'application/merge-patch+json');
  }

  /** Makes all as it was. */
  public async mend(): Promise<void> {
    const { undo, restarted } = this;
    this.undo = [];
    for (const each of undo.reverse()) await each();
    for (const controller of restarted) await this.trial.machine.startController(controller, [NO_CACHE]);
    restarted.clear();
    this.resources = this.right.resources;
    await this.trial.enforceOf(this.right);
  }
}
