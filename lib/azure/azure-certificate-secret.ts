import { CertificateContents, checkPem, checkPkcs12 } from './private/forms/certificate';

/**
 * The Secrets that hold the certificate and the private key of an application: who makes them.
 *
 * Guide: docs/azure.md#certificates
 *
 * @see https://fluxcd.io/flux/integrations/azure/#with-application-certificates
 */
export class AzureCertificateSecret {
  /**
   * The Secrets exist, or something else makes them (External Secrets, SOPS): only their names are used, and no private key
   * passes through Terraform. At controller level the key `cert-and-key` holds PEM.
   */
  public static existing(): AzureCertificateSecret {
    return new AzureCertificateSecret({ rendered: false, password: false });
  }

  /**
   * As `existing`, with a PKCS#12 file in `cert-and-key` and its password in `key-password`.
   */
  public static existingWithPassword(): AzureCertificateSecret {
    return new AzureCertificateSecret({ rendered: false, password: true });
  }

  /**
   * `FluxManifests` renders the Secrets. **The private key is then in its YAML, and in Terraform's state and outputs wherever
   * that YAML goes**: mark such outputs `sensitive`.
   *
   * @param certificateAndKey the certificate and its private key, unencrypted, as PEM; a token keeps it out of the program
   */
  public static pem(certificateAndKey: string): AzureCertificateSecret {
    checkPem(certificateAndKey);
    return new AzureCertificateSecret({ rendered: true, password: false, certificateAndKey });
  }

  /**
   * `FluxManifests` renders the Secrets, as with `pem`, from a PKCS#12 file: for controllers and Buckets only.
   *
   * @param base64 the file, base64 encoded; may be a token
   * @param password its password; may be a token
   */
  public static pkcs12(base64: string, password: string): AzureCertificateSecret {
    checkPkcs12(base64, password);
    return new AzureCertificateSecret({ rendered: true, password: true, pkcs12: base64, pkcs12Password: password });
  }

  private constructor(private readonly contents: CertificateContents) {}

  /** @internal */
  public get _contents(): CertificateContents {
    return this.contents;
  }
}
