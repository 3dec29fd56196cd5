import { PermissionOptions } from '../../core/permission-options';
import { kept } from '../../core/shared/input/kept';
import { PROVIDER } from '../../core/shared/input/option-shape';
import { checkOptions } from '../../core/shared/input/options';
import { AzurePermission } from '../azure-permission';
import { ScopeForm } from '../private/forms/scope';
import { assignRole } from '../private/policy/role-assignment';
import { ROLES } from '../private/policy/roles';
import { SERVICES } from '../services';

const NAMESPACE = '/providers/Microsoft[.]EventHub/namespaces/[a-zA-Z][a-zA-Z0-9-]{4,48}[a-zA-Z0-9]';

const EVENT_HUB: ScopeForm = {
  what: 'Event Hubs scope',
  resources: [`${NAMESPACE}/eventhubs/[a-zA-Z0-9][a-zA-Z0-9._-]{0,255}`, NAMESPACE],
  above: 'management group',
  example: '/subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.EventHub/namespaces/<namespace>/eventhubs/<hub>',
  why: 'a role assigned anywhere else gives no right to send, and Flux gets 401 (Unauthorized access. \'Send\' claim(s) are required)',
  fixes: [
    [/^Endpoint=|\.servicebus\./, 'this is a connection string or host; pass the hub\'s resource ID (Terraform attribute `id`)'],
    [/Microsoft\.ServiceBus/i, 'this is Service Bus, which Flux does not send to; pass an Event Hubs namespace or hub'],
  ],
};

/**
 * Azure Event Hubs, for notification Providers of type azureeventhub.
 *
 * Guide: docs/services.md
 *
 * @see https://fluxcd.io/flux/integrations/azure/#for-azure-event-hubs
 */
export class EventHubsPermissions {
  /**
   * Send events: the role Azure Event Hubs Data Sender.
   *
   * @param scope the hub, its namespace, resource group, subscription or management group; may be a token
   */
  public static send(scope: string, options: PermissionOptions = {}): AzurePermission {
    options = kept(options);
    return AzurePermission._make({ service: SERVICES['event-hubs'], verb: 'send', resource: scope }, (to) => {
      checkOptions(to.at, 'EventHubsPermissions.send', options, { provider: PROVIDER.optional });
      return assignRole(to, 'Resource', { role: ROLES.EVENT_HUBS_DATA_SENDER, scope, form: EVENT_HUB, provider: options.provider });
    });
  }

  private constructor() {}
}
