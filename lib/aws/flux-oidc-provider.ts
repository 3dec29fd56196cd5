import { DataAwsIamOpenidConnectProvider } from '@cdktf/provider-aws/lib/data-aws-iam-openid-connect-provider';
import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider';
import { TerraformProvider, TerraformStack } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { IClusterIssuer } from '../core/cluster-issuer';
import { checkTags } from './private/forms/tags';
import { checkProviderArn } from './private/trust/oidc-provider-arn';
import { AUDIENCE } from './private/trust/web-identity';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { ISSUER } from '../core/shared/input/common-options';
import { checkedScope } from '../core/shared/input/construct-ids';
import { claim, valueKey } from '../core/shared/input/once-per-app';
import { PROVIDER, TEXT, TEXTS, TEXT_MAP } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { shown, ValidationError } from '../core/shared/input/validation-error';
import { withoutScheme } from '../core/shared/oidc/issuer-url';
import { checkSigningAlgorithms } from '../core/shared/oidc/jwks';
import { madeBefore } from '../core/shared/terraform/graph';
import { literal } from '../core/shared/terraform/text';
import { hasToken, requirePlain } from '../core/shared/terraform/tokens';

/** What STS accepts of the ways in which Kubernetes signs. */
const SIGNING_ALGORITHMS = ['RS256', 'ES256', 'ES384', 'ES512'];

/** The trust of an AWS account in a cluster's issuer. */
export interface IFluxOidcProvider extends IConstruct {
  /** The ARN of the provider. */
  readonly arn: string;
  /** The cluster it vouches for. */
  readonly issuer: IClusterIssuer;
  /**
   * The audience of the tokens that it takes.
   *
   * @default sts.amazonaws.com
   */
  readonly audience?: string;
}

/** Options of `FluxOidcProvider`. */
export interface FluxOidcProviderProps {
  /** The cluster to trust. */
  readonly issuer: IClusterIssuer;
  /**
   * The audience (client ID) of the tokens, plain, in place of AWS's own: for clusters whose API server takes tokens for
   * `sts.amazonaws.com` itself (`--api-audiences`), which Flux 2.10 refuses at object level. Object level needs Flux 2.10 then.
   *
   * @default sts.amazonaws.com
   */
  readonly audience?: string;
  /**
   * Certificate thumbprints. AWS no longer needs them for issuers with a public certificate, and once set they cannot be unset.
   *
   * @default - none
   */
  readonly thumbprints?: string[];
  /**
   * Tags of the provider.
   *
   * @default - none
   */
  readonly tags?: { readonly [key: string]: string };
  /**
   * The AWS provider (the account that trusts the cluster).
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/** Options of `FluxOidcProvider.fromOidcProviderArn`. */
export interface FluxOidcProviderFromArnProps {
  /** The cluster that the provider vouches for. */
  readonly issuer: IClusterIssuer;
  /** The ARN of the provider; may be a token. */
  readonly arn: string;
  /**
   * The audience (client ID) of the tokens, plain, which the provider must have.
   *
   * @default sts.amazonaws.com
   */
  readonly audience?: string;
}

/** Options of `FluxOidcProvider.lookup`. */
export interface FluxOidcProviderLookupProps {
  /** The cluster that the provider vouches for. */
  readonly issuer: IClusterIssuer;
  /**
   * The audience (client ID) of the tokens, plain, which the provider must have.
   *
   * @default sts.amazonaws.com
   */
  readonly audience?: string;
  /**
   * The AWS provider (the account to look in).
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/**
 * The trust anchor in AWS: an IAM OIDC provider for a cluster's issuer. There is one for each issuer and account, it lives in
 * the account of the roles, and whoever destroys it cuts off every role that trusts it: make it where the cluster is made,
 * and use `lookup` or `fromOidcProviderArn` elsewhere. It trusts whoever serves the issuer's URL: where documents are hosted in a
 * bucket, remove the provider before the bucket.
 *
 * Guide: docs/aws.md#trust-anchor-fluxoidcprovider
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
 */
@allOrNothing
export class FluxOidcProvider extends Construct implements IFluxOidcProvider {
  /** The provider that already exists under an ARN. Nothing is looked up. */
  public static fromOidcProviderArn(scope: Construct, id: string, props: FluxOidcProviderFromArnProps): IFluxOidcProvider {
    return new ImportedOidcProvider(scope, id, (at) => {
      checkOptions(at, 'FluxOidcProvider.fromOidcProviderArn', props, { issuer: ISSUER, arn: TEXT, audience: TEXT.optional });
      checkAudience(at, props.audience);
      return { issuer: props.issuer, arn: providerArnOf(at, props.arn, props.issuer), audience: props.audience };
    });
  }

  /** The provider of this issuer that already exists in the account, by data source. */
  public static lookup(scope: Construct, id: string, props: FluxOidcProviderLookupProps): IFluxOidcProvider {
    return new ImportedOidcProvider(scope, id, (at) => {
      checkOptions(at, 'FluxOidcProvider.lookup', props, { issuer: ISSUER, audience: TEXT.optional, provider: PROVIDER.optional });
      checkAudience(at, props.audience);
      const { issuer, audience, provider } = props;
      return { issuer, audience, arn: new DataAwsIamOpenidConnectProvider(at, 'Resource', { url: literal(issuer.issuerUrl), provider }).arn };
    });
  }

  /** The ARN of the provider. */
  public readonly arn: string;
  /** The cluster it vouches for. */
  public readonly issuer: IClusterIssuer;
  /** The audience of the tokens that it takes; AWS's own unless another was given. */
  public readonly audience?: string;

  public constructor(scope: Construct, id: string, props: FluxOidcProviderProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxOidcProvider', props, {
      issuer: ISSUER,
      audience: TEXT.optional,
      thumbprints: TEXTS.optional,
      tags: TEXT_MAP.optional,
      provider: PROVIDER.optional,
    });
    checkSigningAlgorithms(this, props.issuer, props.issuer.jwks, 'AWS', SIGNING_ALGORITHMS);
    checkLength(this, props.issuer);
    checkTags(this, props.tags, 50);
    checkThumbprints(this, props.thumbprints);
    checkAudience(this, props.audience);
    requireOnly(this, props);
    this.issuer = props.issuer;
    this.audience = props.audience;
    const provider = new IamOpenidConnectProvider(this, 'Resource', {
      url: literal(props.issuer.issuerUrl),
      clientIdList: [literal(props.audience ?? AUDIENCE)],
      thumbprintList: literal(props.thumbprints),
      tags: literal(props.tags),
      provider: props.provider,
    });
    const before = madeBefore(this, props.issuer).filter((address) => !address.startsWith('data.'));
    if (before.length > 0) provider.dependsOn = before; // IAM reads the issuer's documents when the provider is made
    this.arn = provider.arn;
  }
}

/** Refuses a second provider for an issuer, as far as the same Terraform provider says that it is the same account. */
function requireOnly(at: FluxOidcProvider, { issuer, provider }: FluxOidcProviderProps): void {
  const account = provider?.node.path ?? `the default provider of ${TerraformStack.of(at).node.path}`;
  const other = claim(at, `aws oidc provider of ${valueKey(at, issuer.issuerUrl)} by ${account}`);
  if (other === undefined) return;
  throw new ValidationError(at, {
    given: `a second OIDC provider for the issuer ${shown(issuer.issuerUrl)}; "${other.node.path}" is the first.`,
    allowed: 'one FluxOidcProvider for an issuer in an account',
    why: 'IAM refuses a second one (EntityAlreadyExists), in the middle of the apply',
    fix: `pass "${other.node.path}" to both roles; or, if this is another account, a \`provider\` of that account`,
  });
}

@allOrNothing
class ImportedOidcProvider extends Construct implements IFluxOidcProvider {
  public readonly arn: string;
  public readonly issuer: IClusterIssuer;
  public readonly audience?: string;

  public constructor(scope: Construct, id: string, find: (at: Construct) => Pick<IFluxOidcProvider, 'arn' | 'issuer' | 'audience'>) {
    super(checkedScope(scope, id), id);
    const { arn, issuer, audience } = find(this);
    this.arn = arn;
    this.audience = audience;
    this.issuer = issuer;
  }
}

/** Refuses an issuer that is longer than IAM takes. */
function checkLength(at: IConstruct, { issuerUrl, node }: IClusterIssuer): void {
  if (hasToken(issuerUrl) || issuerUrl.length <= 255) return;
  throw new ValidationError(at, {
    given: `issuer "${node.path}" of ${issuerUrl.length} characters: ${shown(issuerUrl)}.`,
    allowed: 'at most 255 characters',
    why: 'IAM refuses a longer URL of an OIDC provider (ValidationError) at apply',
    fix: 'give the cluster a shorter issuer: a shorter path, or a hosted issuer',
  });
}

/** Refuses what is no audience, or one that makes no difference. */
function checkAudience(at: IConstruct, audience: string | undefined): void {
  if (audience === undefined) return;
  requirePlain(at, 'audience', audience);
  if (/^[A-Za-z0-9][\w.:/-]{0,254}$/.test(audience)) return;
  throw new ValidationError(at, {
    given: `audience ${shown(audience)}`,
    allowed: '1 to 255 letters, digits and . : / _ -, for example "aws.flux.example.com"',
    why: 'IAM keeps it as a client ID, and Flux asks for it by an annotation, where a comma would part it',
    fix: 'choose another name',
  });
}

function checkThumbprints(at: IConstruct, thumbprints: string[] | undefined): void {
  const wrong = thumbprints?.find((thumbprint) => !hasToken(thumbprint) && !/^[0-9A-Fa-f]{40}$/.test(thumbprint));
  if (wrong === undefined) return;
  throw new ValidationError(at, {
    given: `thumbprint ${shown(wrong)}`,
    allowed: 'the SHA-1 of a certificate: 40 hexadecimal digits, no colons',
    why: 'IAM refuses the provider (ValidationError) at apply',
    fix: 'leave `thumbprints` out: AWS does not need them for issuers with a public certificate',
  });
}

function providerArnOf(at: IConstruct, arn: string, issuer: IClusterIssuer): string {
  const { resource } = checkProviderArn(at, arn);
  const named = resource?.slice('oidc-provider/'.length);
  if (named === undefined || hasToken(issuer.issuerUrl) || named === withoutScheme(issuer.issuerUrl)) return arn;
  throw new ValidationError(at, {
    given: `OIDC provider ARN ${shown(arn)} for the issuer ${shown(issuer.issuerUrl)}`,
    allowed: `an ARN that ends in "oidc-provider/${withoutScheme(issuer.issuerUrl)}", a trailing slash included`,
    why: 'AWS finds the provider by the issuer in the token, byte for byte; another provider never vouches for this cluster',
    fix: 'pass the ARN of this cluster\'s provider, or the issuer exactly as the provider has it',
  });
}
