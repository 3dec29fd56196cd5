import { PermissionOptions } from '../../core/permission-options';
import { kept } from '../../core/shared/input/kept';
import { PROVIDER } from '../../core/shared/input/option-shape';
import { checkOptions } from '../../core/shared/input/options';
import { GcpPermission } from '../gcp-permission';
import { GcpResource } from '../gcp-resource';
import { bindRole } from '../private/policy/bind-role';
import { SERVICES } from '../services';

/**
 * Pub/Sub, for notification Providers of type `googlepubsub`.
 *
 * Guide: docs/services.md
 *
 * @see https://fluxcd.io/flux/integrations/gcp/#for-google-cloud-pubsub
 */
export class PubSubPermissions {
  /**
   * Publish to a topic: `roles/pubsub.publisher` on it. Google takes no IAM conditions there.
   *
   * @param topic `projects/<project>/topics/<name>`, or the shorter forms of the provider; may be a token
   */
  public static publish(topic: string, options: PermissionOptions = {}): GcpPermission {
    options = kept(options);
    return GcpPermission._make({ service: SERVICES['pub-sub'], verb: 'publish', resource: topic }, (to) => {
      checkOptions(to.at, 'PubSubPermissions.publish', options, { provider: PROVIDER.optional });
      return bindRole(to, 'Publisher', { role: 'roles/pubsub.publisher', resource: GcpResource.topic(topic), provider: options.provider });
    });
  }

  private constructor() {}
}
