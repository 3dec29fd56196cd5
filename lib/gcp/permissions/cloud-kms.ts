import { PermissionOptions } from '../../core/permission-options';
import { kept } from '../../core/shared/input/kept';
import { OPTIONS, PROVIDER } from '../../core/shared/input/option-shape';
import { checkOptions } from '../../core/shared/input/options';
import { GcpCondition, GcpPermission } from '../gcp-permission';
import { GcpResource } from '../gcp-resource';
import { bindRole } from '../private/policy/bind-role';
import { SERVICES } from '../services';

/** Options of `CloudKmsPermissions.decrypt` and `decryptWithKeyRing`. */
export interface CloudKmsDecryptOptions extends PermissionOptions {
  /**
   * The condition under which the role is held.
   *
   * @default - none
   */
  readonly condition?: GcpCondition;
}

/**
 * Cloud KMS, for Kustomization with SOPS decryption.
 *
 * Guide: docs/services.md
 *
 * @see https://fluxcd.io/flux/integrations/gcp/#for-google-cloud-key-management-service
 */
export class CloudKmsPermissions {
  /**
   * Decrypt with a key, whatever its version: `roles/cloudkms.cryptoKeyDecrypter` on it.
   *
   * @param cryptoKey `projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>`, or the shorter forms of the
   * provider; may be a token
   */
  public static decrypt(cryptoKey: string, options: CloudKmsDecryptOptions = {}): GcpPermission {
    return decrypter('decrypt', cryptoKey, GcpResource.cryptoKey(cryptoKey), options);
  }

  /**
   * Decrypt with every key of a key ring, also those to come: `roles/cloudkms.cryptoKeyDecrypter` on it.
   *
   * @param keyRing `projects/<project>/locations/<location>/keyRings/<ring>`, or the shorter forms of the provider; may be a token
   */
  public static decryptWithKeyRing(keyRing: string, options: CloudKmsDecryptOptions = {}): GcpPermission {
    return decrypter('decryptWithKeyRing', keyRing, GcpResource.keyRing(keyRing), options);
  }

  private constructor() {}
}

function decrypter(verb: string, name: string, resource: GcpResource, options: CloudKmsDecryptOptions): GcpPermission {
  options = kept(options);
  return GcpPermission._make({ service: SERVICES['cloud-kms'], verb, resource: name }, (to) => {
    checkOptions(to.at, 'CloudKmsPermissions', options, { condition: OPTIONS.optional, provider: PROVIDER.optional });
    return bindRole(to, 'Decrypter', { role: 'roles/cloudkms.cryptoKeyDecrypter', resource, condition: options.condition, provider: options.provider });
  });
}
