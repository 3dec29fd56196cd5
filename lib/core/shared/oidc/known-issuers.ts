import { IConstruct } from 'constructs';
import type { ClusterKind } from '../../cluster-issuer';
import { shown, ValidationError } from '../input/validation-error';
import { hasToken } from '../terraform/tokens';

/** The issuers of a cloud's clusters: how to know one, what its URL must be, and who makes it. */
interface KnownIssuer {
  readonly kind: `${ClusterKind}`;
  readonly host: RegExp;
  readonly form: RegExp;
  readonly said: string;
  /** Whether identities would fail if such a cluster were described as any other, by `ClusterIssuer.oidc`. */
  readonly onlyAsItself?: true;
}

/**
 * Hosts as they are seen in the wild: the regional one of EKS, in China with `.cn`, and its dual-stack twin at `oidc-eks.<region>.api.aws`,
 * which some trust instead; AKS at `<region>.oic.prod-aks.azure.com`, `.us` and `.cn`, and formerly `oidc.prod-aks.azure.com`. What is
 * not here passes like any other URL.
 */
const KNOWN: readonly KnownIssuer[] = [
  {
    kind: 'eks',
    host: /^oidc[.-]eks\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|api\.aws)$/i,
    form: /^https:\/\/[^/:]+\/id\/[A-Za-z0-9]+$/,
    said: '"https://oidc.eks.<region>.amazonaws.com/id/<id>", without a port and without a slash at the end',
  },
  {
    kind: 'aks',
    host: /(^|\.)oi(c|dc)\.prod-aks\.azure\.(com|us|cn)$/i,
    form: /^https:\/\/[^/:]+(\/[\w-]+)+\/$/,
    said: '"https://<region>.oic.prod-aks.azure.com/<tenant>/<id>/", without a port and with the slash at the end',
    onlyAsItself: true,
  },
  {
    kind: 'gke',
    host: /^container\.googleapis\.com$/i,
    form: /^https:\/\/[^/:]+\/v1\/projects\/[^/]+\/(locations|zones)\/[^/]+\/clusters\/[^/]+$/,
    said: '"https://container.googleapis.com/v1/projects/<project>/locations/<location>/clusters/<name>", without a slash at the end',
  },
];

/**
 * Refuses plain URLs that are not what the cluster's tokens carry, where a cloud makes them; and clusters of another kind. A cluster of
 * EKS or GKE may be treated as any other, by its issuer alone: what is configured then works there too. One of AKS may not.
 */
export function checkKnownIssuer(at: IConstruct, url: string, kind: `${ClusterKind}`): void {
  if (hasToken(url)) return;
  const host = /^https:\/\/([^/:]+)/.exec(url)?.[1] ?? '';
  const known = KNOWN.find((each) => each.host.test(host));
  if (known === undefined) return;
  if (known.kind !== kind && (kind !== 'other' || known.onlyAsItself)) {
    throw new ValidationError(at, {
      given: `issuer URL ${shown(url)}, which is one of ${known.kind.toUpperCase()},`,
      allowed: `an issuer of the kind of cluster that the factory names (${kind})`,
      why: 'the kind alone decides how Flux is configured: it would be told of another cloud than the one it runs in',
      fix: `use ClusterIssuer.${known.kind}`,
    });
  }
  if (known.form.test(url)) return;
  throw new ValidationError(at, {
    given: `issuer URL ${shown(url)}`,
    allowed: known.said,
    why: 'clouds compare it with the one in the token byte for byte',
    fix: 'pass the issuer exactly as `kubectl get --raw /.well-known/openid-configuration` shows it',
  });
}

/** Names and addresses that lead nowhere outside a cluster or a network. */
const INSIDE = /^kubernetes\.default$|\.(svc|local|internal|localhost)$|^(127|10|192\.168|172\.(1[6-9]|2\d|3[01]))\.[\d.]+$/i;

/** Whether clouds can fetch the keys of an issuer: names inside a cluster are the same in every cluster. */
export function isPublic(url: string): boolean {
  const host = /^https:\/\/([^/:]+)/.exec(url)?.[1] ?? '';
  return hasToken(url) || (host.includes('.') && !INSIDE.test(host));
}
