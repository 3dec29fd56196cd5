import { IConstruct } from 'constructs';
import { ClusterKind } from '../../../core/cluster-issuer';
import { FluxContext, FluxSettings } from '../../../core/flux-identity';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { FluxVersion } from '../../../core/flux-version';
import { IdentityTrust } from '../../../core/shared/flux/identity-base';
import { requireVersion } from '../../../core/shared/flux/versions';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { isObjectLevel } from '../../../core/shared/kubernetes/service-accounts';
import { TOKEN_DIRECTORY } from '../../../core/shared/kubernetes/token-directory';
import { sameIssuer, withoutScheme } from '../../../core/shared/oidc/issuer-url';
import { byPath, sorted } from '../../../core/shared/sort';
import { hasToken } from '../../../core/shared/terraform/tokens';
import type { IFluxOidcProvider } from '../../flux-oidc-provider';
import { single } from '../policy/statement';

/** The audience that Flux asks for unless it is told otherwise, in every partition. */
export const AUDIENCE = 'sts.amazonaws.com';

const ROLE_ARN_ANNOTATION = 'eks.amazonaws.com/role-arn';
/** What EKS's webhook asks for, in place of STS's own. */
const WEBHOOK_AUDIENCE_ANNOTATION = 'eks.amazonaws.com/audience';
/** What Flux asks for, from 2.10 on. */
const AUDIENCES_ANNOTATION = 'credential.auth.fluxcd.io/audiences';
const TOKEN_PATH = 'aws-token';
const SESSION_NAME_LIMIT = 64;

/** Each provider vouches for exactly these service accounts, for the audience of STS. */
export function webIdentityTrust(providers: IFluxOidcProvider[], serviceAccounts: FluxServiceAccount[]): IdentityTrust[] {
  const subjects = sorted(serviceAccounts.map((account) => account.subject));
  return byPath(providers).flatMap(({ arn, issuer, audience = AUDIENCE }) => (
    subjects.map((subject) => ({ anchor: arn, issuer, subject, audiences: [audience] }))
  ));
}

/** The trust policy: a statement for each provider. */
export function trustPolicy(trust: readonly IdentityTrust[]): object {
  const providers = new Map<string, IdentityTrust[]>();
  trust.forEach((each) => {
    const provider = `${each.anchor} ${each.issuer.issuerUrl}`;
    providers.set(provider, [...providers.get(provider) ?? [], each]);
  });
  return {
    Version: '2012-10-17',
    Statement: [...providers.values()].map((subjects) => {
      const [{ anchor, audiences, issuer: { issuerUrl } }] = subjects;
      const issuer = withoutScheme(issuerUrl);
      return {
        Effect: 'Allow',
        Principal: { Federated: anchor },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${issuer}:aud`]: single([...audiences]), [`${issuer}:sub`]: single(subjects.map(({ subject }) => subject)) } },
      };
    }),
  };
}

/** The trust policy with the ARNs of providers that are made here, as far as their issuers say them: to measure it. */
export function smallestTrust(trust: readonly IdentityTrust[], partition = 'aws'): object {
  return trustPolicy(trust.map((each) => (
    hasToken(each.anchor) && !hasToken(each.issuer.issuerUrl)
      ? { ...each, anchor: `arn:${partition}:iam::000000000000:oidc-provider/${withoutScheme(each.issuer.issuerUrl)}` } : each
  )));
}

/** What Flux needs to assume the role: the one place that tells clusters apart. */
export function webIdentitySettings(
  at: IConstruct, account: FluxServiceAccount, { issuer, version }: FluxContext,
  role: { arn: string; region?: string; partition?: string; oidcProviders: readonly IFluxOidcProvider[] },
): FluxSettings {
  const { audience = AUDIENCE } = role.oidcProviders.find((provider) => sameIssuer(provider.issuer, issuer)) ?? {};
  const own = audience !== AUDIENCE;
  if (isObjectLevel(account)) {
    if (own) {
      requireVersion(at, version, FluxVersion.V2_10, `object-level service account "${account}" with audience ${shown(audience)}`,
        'this Flux always asks for the audience sts.amazonaws.com, and STS would refuse its tokens');
    }
    const { partition = 'aws' } = role;
    if (partition !== 'aws') {
      requireVersion(at, version, FluxVersion.V2_7, `object-level service account "${account}" of a role of partition "${partition}"`,
        'this Flux takes ARNs of partition "aws" only in the annotation eks.amazonaws.com/role-arn');
    }
    return { annotations: { [ROLE_ARN_ANNOTATION]: role.arn, ...(own ? { [AUDIENCES_ANNOTATION]: audience } : {}) } };
  }
  if (issuer.kind === ClusterKind.EKS) {
    return { annotations: { [ROLE_ARN_ANNOTATION]: role.arn, ...(own ? { [WEBHOOK_AUDIENCE_ANNOTATION]: audience } : {}) }, stamp: role.arn };
  }
  const region = requireRegion(at, role.region);
  return {
    env: [
      { name: 'AWS_REGION', value: region },
      { name: 'AWS_ROLE_ARN', value: role.arn },
      { name: 'AWS_ROLE_SESSION_NAME', value: sessionName(at, account, region) },
      { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: `${TOKEN_DIRECTORY}/${TOKEN_PATH}` },
    ],
    tokens: [{ path: TOKEN_PATH, audience }],
    stamp: role.arn,
  };
}

/** Refuses a controller off EKS whose region nobody knows. */
export function requireRegion(at: IConstruct, region: string | undefined): string {
  if (region !== undefined) return region;
  throw new ValidationError(at, {
    given: 'no region for a controller outside EKS.',
    allowed: 'the option `region`, for example "eu-west-1"',
    why: 'outside EKS nothing sets AWS_REGION in the controller, and the AWS SDK finds no STS endpoint without it',
    fix: 'set `region` to the region of the STS endpoint that the controllers should call',
  });
}

/** The session name that Flux gives to STS. */
export function sessionName(at: IConstruct, account: FluxServiceAccount, region: string): string {
  const name = `${account.name}.${account.namespace}.${region}.fluxcd.io`;
  if (hasToken(region) || name.length <= SESSION_NAME_LIMIT) return name;
  throw new ValidationError(at, {
    given: `session name ${shown(name)} (${name.length} characters), made of service account "${account}" and region "${region}".`,
    allowed: `at most ${SESSION_NAME_LIMIT} characters: ${SESSION_NAME_LIMIT - '..'.length - '.fluxcd.io'.length} for account name, namespace and region together`,
    why: 'Flux names its session <service account>.<namespace>.<region of the resource>.fluxcd.io and STS refuses longer names',
    fix: `shorten the service account's name or its namespace, or use resources in a region with a shorter name than "${region}"`,
  });
}
