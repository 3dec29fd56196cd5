import { CERTIFICATE_KEY, IdentityFacts, PASSWORD_KEY } from './flux-settings';
import { FluxContext } from '../../../core/flux-identity';
import { FluxSecret, FluxSecretUse } from '../../../core/flux-secret';
import { secretObject } from '../../../core/shared/kubernetes/objects';
import { jsonValue } from '../../../core/shared/terraform/text';
import { AzureCloud } from '../../azure-cloud';
import type { CertificateContents } from '../forms/certificate';

/** An application's credential, as Flux reads it at object level. */
export interface CertificateIdentity extends IdentityFacts {
  readonly contents: CertificateContents;
  readonly sendChain: boolean;
}

/** The Secret of controllers: certificate and key, and the password of a PKCS#12 file. */
export function controllerSecret(name: string, contents: CertificateContents, context: FluxContext): any {
  const { certificateAndKey, pkcs12, pkcs12Password } = contents;
  return secretObject(context.namespace, name, pkcs12 === undefined
    ? { stringData: { [CERTIFICATE_KEY]: certificateAndKey } }
    : { data: { [CERTIFICATE_KEY]: pkcs12 }, stringData: { [PASSWORD_KEY]: pkcs12Password } });
}

/** The Secret of Flux objects. */
export function objectSecret({ use, name, namespace }: FluxSecret, identity: CertificateIdentity): any {
  const { contents: { certificateAndKey, pkcs12, pkcs12Password }, sendChain, clientId, tenantId, azureCloud } = identity;
  const authority = azureCloud === AzureCloud.PUBLIC ? {} : { authorityHost: azureCloud.authorityHost };
  if (use === FluxSecretUse.SOPS) {
    // JSON is YAML: the file that SOPS reads needs a bare boolean.
    const chain = sendChain ? { clientCertificateSendChain: true } : {};
    const file = jsonValue({ tenantId, clientId, clientCertificate: certificateAndKey, ...chain, ...authority });
    return secretObject(namespace, name, { stringData: { 'sops.azure-kv': file } });
  }
  const text = { tenantId, clientId, ...(sendChain ? { clientCertificateSendChain: 'true' } : {}), ...authority };
  return secretObject(namespace, name, pkcs12 === undefined
    ? { stringData: { ...text, clientCertificate: certificateAndKey } }
    : { data: { clientCertificate: pkcs12 }, stringData: { ...text, clientCertificatePassword: pkcs12Password } });
}
