import { Annotations } from 'cdktf';
import { IConstruct } from 'constructs';
import { undelivered, withoutValues } from './delivered';
import { lockdownWarnings } from './lockdown';
import { operatorOnly } from './operator-only';
import { unlisted } from './unlisted';
import { FluxIdentityBase } from '../../../core/shared/flux/identity-base';
import { shown } from '../../../core/shared/input/validation-error';
import { byText } from '../../../core/shared/sort';
import type { FluxWarning } from '../../flux-installation';
import type { DeliveryBase } from '../delivery/delivery-base';
import { FluxModel } from '../model/model';

/** What is known of an installation beside its model. */
export interface Known {
  /** What was found on the way, by id. */
  readonly facts: ReadonlyMap<string, string>;
  readonly deliveries: readonly DeliveryBase[];
  /** Whether somebody reads the values that come at run time. */
  readonly isInfoRead: boolean;
  /** Whether the app is being synthesized: nothing comes into its tree any more. */
  readonly isComplete: boolean;
}

/** Everything to be warned of, each once, by id. */
export function warningsOf(at: IConstruct, model: FluxModel, { facts, deliveries, isInfoRead, isComplete }: Known): FluxWarning[] {
  const ofIdentities = model.allIdentities.flatMap((identity) => identity instanceof FluxIdentityBase ? identity._warnings(model.context) : []);
  const all = new Map([
    ...facts,
    ...ofIdentities.map(({ id, message }): [string, string] => [id, message]),
    ...lockdownWarnings(model),
    ...operatorOnly(model, deliveries),
    ...undelivered(model, deliveries),
    ...unlisted(at, model, isComplete),
    ...withoutValues(model, deliveries, isInfoRead),
  ]);
  return [...all].sort(([a], [b]) => byText(a, b)).map(([id, message]) => ({ id, message }));
}

/** Shows what is not acknowledged, and what is acknowledged without cause. */
export function showWarnings(at: IConstruct, warnings: readonly FluxWarning[], acknowledged: readonly string[]): void {
  const annotations = Annotations.of(at);
  for (const { id, message } of warnings) {
    if (!acknowledged.includes(id)) annotations.addWarning(`${message} [id: ${id}]`);
  }
  for (const id of new Set(acknowledged)) {
    if (!warnings.some((warning) => warning.id === id)) annotations.addInfo(`acknowledgeWarnings names ${shown(id)}, and there is no cause for it any more: remove it.`);
  }
}
