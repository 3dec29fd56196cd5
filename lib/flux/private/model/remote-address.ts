import { IConstruct } from 'constructs';
import { FluxCloud } from '../../../core/flux-identity';
import { FluxVersion } from '../../../core/flux-version';
import { atLeast } from '../../../core/shared/flux/versions';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { hasToken } from '../../../core/shared/terraform/tokens';

/** What Flux does with an address when it asks the cloud for the certificate, from `github.com/fluxcd/pkg/auth`. */
interface AddressFacts {
  /** The hosts that the cloud itself names. */
  readonly own: RegExp;
  readonly example: string;
  /** The first Flux that takes any other too; undefined: none does. */
  readonly othersSince?: FluxVersion;
}

const FACTS: { readonly [cloud: string]: AddressFacts } = {
  [FluxCloud.AWS]: { own: /\.eks\.amazonaws\.com(\.cn)?$/, example: 'https://<id>.gr7.eu-west-1.eks.amazonaws.com', othersSince: FluxVersion.V2_8 },
  [FluxCloud.GCP]: { own: /^[0-9.]+$|^\[[0-9a-f:]+\]$/i, example: 'https://203.0.113.10', othersSince: FluxVersion.V2_8 },
  [FluxCloud.AZURE]: { own: /\.az(mk|k)8s\.[a-z]+$/, example: 'https://<cluster>.hcp.westeurope.azmk8s.io' },
};

/** Of Google's own names for a cluster one has a certificate of the web's, not of the cluster's authority, which Flux would take. */
const GKE_DNS = /\.gke\.goog$/;

/** Refuses addresses at which Flux would fail when it has to ask the cloud for the certificate of the cluster. */
export function checkRemoteAddress(
  at: IConstruct, cloud: string, version: FluxVersion, address: string | undefined, caCertificate: string | undefined,
): void {
  const facts = FACTS[cloud];
  if (facts === undefined || address === undefined || hasToken(address) || caCertificate !== undefined) return;
  if (!URL.canParse(address)) {
    throw new ValidationError(at, {
      given: `address ${shown(address)}`,
      allowed: 'an https URL, for example "https://203.0.113.10"',
      why: 'Flux could not tell the host that it is to ask',
      fix: 'pass the API server\'s https address',
    });
  }
  const { hostname } = new URL(address);
  if (cloud === FluxCloud.GCP && GKE_DNS.test(hostname)) {
    throw new ValidationError(at, {
      given: `address ${shown(address)} without \`caCertificate\`.`,
      allowed: 'the DNS endpoint of a GKE cluster together with the certificates of its authority',
      why: 'Flux takes the certificate that GKE names, which is the one of the other endpoints: TLS fails',
      fix: 'set `caCertificate` to the roots of Google Trust Services (https://pki.goog/roots.pem), or leave `address` out',
    });
  }
  const { own, othersSince, example } = facts;
  if (own.test(hostname) || (othersSince !== undefined && atLeast(version, othersSince))) return;
  throw new ValidationError(at, {
    given: `address ${shown(address)} without \`caCertificate\`${othersSince === undefined ? '' : ` in Flux ${version}`}.`,
    allowed: `an address that the cloud itself names, for example "${example}", or any with \`caCertificate\``,
    why: 'Flux asks the cloud for the certificate, compares the address with those that the cloud names, and refuses any other',
    fix: `set \`caCertificate\` too${othersSince === undefined ? '' : `, or upgrade to Flux ${othersSince}`}, or leave \`address\` out`,
  });
}
