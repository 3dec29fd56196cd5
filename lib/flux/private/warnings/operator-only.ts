import { FluxIdentityBase } from '../../../core/shared/flux/identity-base';
import { FLUX_OPERATOR } from '../../../core/shared/flux/operator';
import { kindsUsing } from '../../../core/shared/flux/use';
import { WarningId } from '../../../core/shared/flux/warning-ids';
import { inTree } from '../../../core/shared/input/once-per-app';
import { DeliveryBase } from '../delivery/delivery-base';
import { FluxModel } from '../model/model';

/** Grants of use to the Flux Operator alone, where nothing says that there is one: that cannot be known when they are made. */
export function operatorOnly(model: FluxModel, deliveries: readonly DeliveryBase[]): [string, string][] {
  if (model.operatorAccount !== undefined || deliveries.some((delivery) => delivery._byOperator && inTree(delivery))) return [];
  const { version, controllers } = model;
  return model.allIdentities.filter((identity) => identity instanceof FluxIdentityBase).flatMap((identity) => (
    identity._grants.filter((given) => (
      kindsUsing({ version, controllers }, identity, given).length === 0
      && kindsUsing({ version, controllers: [...controllers, FLUX_OPERATOR] }, identity, given).length > 0
    )).map(({ grant: { node: { path } } }): [string, string] => [`${WarningId.OPERATOR_ONLY}${path}`,
      `grant "${path}" is of use in this Flux (${version}: ${controllers.join(', ')}) to ResourceSetInputProviders of the Flux Operator only, and nothing here says that it is installed: ` +
      'deliver with FluxInstanceConfig or FluxOperatorValues, remove the grant, or acknowledge it where the operator is told elsewhere.'])
  ));
}
