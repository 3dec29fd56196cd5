import { X509Certificate } from 'crypto';
import { Fn, Op } from 'cdktf';
import { IConstruct } from 'constructs';
import { checkMarks } from '../../../core/shared/input/options';
import { refuse, ValidationError } from '../../../core/shared/input/validation-error';
import { TerraformCheck } from '../../../core/shared/terraform/check';
import { isLate, late } from '../../../core/shared/terraform/text-form';
import { argumentOf, hasToken } from '../../../core/shared/terraform/tokens';

// No message here shows what was given: it may be a private key.

/** What is in the Secrets of an application. */
export interface CertificateContents {
  /** Whether the library renders the Secrets. */
  readonly rendered: boolean;
  /** Whether the key is in a PKCS#12 file with a password. */
  readonly password: boolean;
  readonly certificateAndKey?: string;
  readonly pkcs12?: string;
  readonly pkcs12Password?: string;
}

/** What PEM is made of, around a value that only Terraform knows. */
const AROUND = /^[A-Za-z0-9+/=\s-]*$/;

/** Refuses what Entra ID or Flux would refuse as the certificate of an application, and private keys above all. */
export function checkPublicCertificate(at: IConstruct, certificate: string): TerraformCheck[] {
  const allowed = 'one X.509 certificate with an RSA key as PEM ("-----BEGIN CERTIFICATE-----"), without its private key; or a token';
  if (typeof certificate === 'string' && /PRIVATE KEY/.test(certificate)) {
    refuse(at, 'a private key in `certificate`.', allowed,
      'the value goes to Microsoft Entra ID and into Terraform\'s state: only the public certificate belongs there',
      'cut the private key out (`openssl x509 -in both.pem`), and replace the key if it was ever committed; the Secret takes both, see `secret`');
  }
  if (isLate(certificate, AROUND)) return lateCertificate(at, certificate);
  const number = typeof certificate === 'string' ? certificate.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0 : 0;
  if (number !== 1) {
    refuse(at, `${number === 0 ? 'no PEM certificate' : `${number} certificates`} in \`certificate\`.`, allowed,
      'Entra ID keeps one certificate for each credential', 'pass the application\'s own certificate without its chain; convert DER with `openssl x509 -inform der`');
  }
  const parsed = parse(certificate);
  if (parsed === undefined) {
    refuse(at, 'a damaged PEM certificate in `certificate`.', allowed, 'Entra ID refuses what it cannot read', 'copy the file again, with its line breaks');
  } else if (parsed.publicKey.asymmetricKeyType !== 'rsa') {
    refuse(at, `a certificate with a key of type "${parsed.publicKey.asymmetricKeyType}" in \`certificate\`.`, allowed,
      'the Azure library in Flux signs with RSA keys only', 'issue a certificate for an RSA key of at least 2048 bits');
  }
  return [];
}

/** No private key and one certificate: what Terraform can see of a value that only it knows. */
function lateCertificate(at: IConstruct, certificate: string): TerraformCheck[] {
  const argument = argumentOf(certificate);
  return [
    {
      condition: Op.not(Fn.can(Fn.regex('PRIVATE KEY', argument))),
      errorMessage: `The certificate of ${at.node.path} holds a private key. Pass the public certificate alone.`,
    },
    late(at, Op.eq(Fn.lengthOf(Fn.regexall('-----BEGIN CERTIFICATE-----', argument)), 1), {
      what: 'certificate', allowed: 'one certificate as PEM ("-----BEGIN CERTIFICATE-----")', why: 'Entra ID keeps one certificate for each credential',
    }),
  ];
}

/** Refuses PEM that Flux cannot use as certificate and key. */
export function checkPem(pem: string): void {
  checkMarks(undefined, 'the certificate and key', pem);
  const allowed = 'a PEM certificate and its unencrypted PEM private key, one after the other; or a token';
  if (typeof pem === 'string' && /ENCRYPTED/.test(pem)) {
    refuse(undefined, 'an encrypted private key in AzureCertificateSecret.pem.', allowed, 'the Azure library in Flux does not decrypt PEM: a password means PKCS#12',
      'decrypt the key (`openssl pkcs8 -in key.pem`), or make a PKCS#12 file of both and pass it to AzureCertificateSecret.pkcs12');
  }
  if (typeof pem === 'string' && (hasToken(pem) || (/-----BEGIN CERTIFICATE-----/.test(pem) && /-----BEGIN (RSA )?PRIVATE KEY-----/.test(pem)))) return;
  refuse(undefined, 'no certificate, or no RSA private key, in AzureCertificateSecret.pem.', allowed, 'Flux reads both from one value', 'join the two PEM files');
}

/** Refuses what is no base64 or has no password. */
export function checkPkcs12(base64: string, password: string): void {
  checkMarks(undefined, 'the PKCS#12 file', base64);
  checkMarks(undefined, 'its password', password);
  const ok = typeof base64 === 'string' && (hasToken(base64) || (/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(base64) && !base64.includes('-----')))
    && typeof password === 'string' && password !== '';
  if (ok) return;
  throw new ValidationError(undefined, {
    given: 'no base64, or no password, in AzureCertificateSecret.pkcs12.',
    allowed: 'a PKCS#12 file, base64 encoded, and its password; or tokens',
    why: 'the file is binary: Secrets hold it as base64',
    fix: 'encode the file (`base64 -w0 app.p12`); for PEM without a password use AzureCertificateSecret.pem',
  });
}

function parse(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
