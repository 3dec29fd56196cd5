import { WarningId } from '../../../core/shared/flux/warning-ids';
import { inTree } from '../../../core/shared/input/once-per-app';
import { DeliveryBase, Told } from '../delivery/delivery-base';
import { FluxModel } from '../model/model';
import { isStrict } from '../render/arguments';

const SHOWN = 5;

/** What this Flux must be told and nobody tells it. */
export function undelivered(model: FluxModel, deliveries: readonly DeliveryBase[]): [string, string][] {
  const made = deliveries.filter((delivery) => inTree(delivery));
  const told = (what: Told) => made.some((delivery) => delivery._tells === what && delivery._isRead);
  const unread = (what: Told) => made.filter((delivery) => delivery._tells === what).map(({ node }) => `"${node.path}" is there, but nobody reads what it renders`).slice(0, 1);
  const found: [string, string][] = [];
  const objects = told(Told.CLUSTER) ? [] : neededObjects(model);
  if (objects.length > 0) {
    const [way] = [...unread(Told.CLUSTER), 'make a FluxManifests of this installation and apply its `yaml`'];
    found.push([WarningId.UNDELIVERED_MANIFESTS, `nobody delivers ${some(objects)}, which Flux waits for: ${way}. Acknowledge it where another repository does.`]);
  }
  if (needsController(model) && !told(Told.CONTROLLERS)) {
    const [way] = [...unread(Told.CONTROLLERS), 'make a FluxKustomization, FluxInstanceConfig, FluxHelmValues or FluxAksExtensionSettings of this installation, and use what it renders'];
    found.push([WarningId.UNDELIVERED_CONTROLLERS, `nobody tells the controllers who they are: ${way}.`]);
  }
  if (needsOperator(model, made) && !told(Told.OPERATOR)) {
    const [way] = [...unread(Told.OPERATOR), 'make a FluxOperatorValues of this installation and give its `yaml` to the flux-operator chart'];
    const why = model.operatorAccount === undefined ? 'keeps the Flux Operator to the lockdown: every tenant that may create a ResourceSet is cluster-admin through it'
      : 'tells the Flux Operator who it is';
    found.push([WarningId.UNDELIVERED_OPERATOR_VALUES, `nobody ${why}: ${way}.`]);
  }
  return found;
}

/** Variables that nobody gives values. */
export function withoutValues(model: FluxModel, deliveries: readonly DeliveryBase[], isRead: boolean): [string, string][] {
  const substituting = deliveries.find((delivery) => inTree(delivery) && delivery._substitutes && delivery._isRead);
  if (substituting === undefined) return [];
  const { node: { path } } = substituting;
  const found: [string, string][] = [];
  if (!isRead) found.push([WarningId.UNDELIVERED_RUNTIME_VALUES, `"${path}" renders variables, and nobody delivers their values: apply \`runtimeInfo\`, or hand \`runtimeValues\` on.`]);
  if (!model.strictSubstitution && !isStrict(model.version)) {
    found.push([WarningId.LAX_SUBSTITUTION, `"${path}" renders variables, and Flux ${model.version} takes one without a value for an empty text: set \`strictSubstitution\` ` +
      'if the rest of the cluster\'s Kustomizations can do without that.']);
  }
  return found;
}

/** The objects that must be beside the controllers, by kind and name. */
function neededObjects(model: FluxModel): string[] {
  return [
    ...model.tenants.map(({ namespace }) => `Namespace ${namespace}`),
    ...model.objectAccounts.map(({ account }) => `ServiceAccount ${account}`),
    ...[...model.objects, ...model.remoteClusters.map((remote) => remote._object())].map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`),
  ];
}

function needsController(model: FluxModel): boolean {
  return model.controllerAccounts.length > 0 || model.usesObjectLevel || model.lockdown !== undefined;
}

function needsOperator(model: FluxModel, made: readonly DeliveryBase[]): boolean {
  return model.operatorAccount !== undefined || (model.lockdown !== undefined && made.some((delivery) => delivery._byOperator));
}

function some(names: string[]): string {
  return names.slice(0, SHOWN).join(', ') + (names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '');
}
