import { IamAccessKey } from '@cdktf/provider-aws/lib/iam-access-key';
import { IamUser } from '@cdktf/provider-aws/lib/iam-user';
import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { AwsPermission } from './aws-permission';
import { FluxRolePolicies } from './flux-role-policies';
import { IClusterIssuer } from '../core/cluster-issuer';
import { FluxContext, FluxEnvVariable, FluxSettings } from '../core/flux-identity';
import { FluxSecret } from '../core/flux-secret';
import { FluxServiceAccount } from '../core/flux-service-account';
import { Grant } from '../core/grant';
import { checkPrincipal, plainRoleArn } from './private/forms/identity';
import { checkPgpKey } from './private/forms/pgp-key';
import { grantTo } from './private/grant/grant-to';
import { AwsPrincipal } from './private/grant/grantee';
import { AwsIdentityBase } from './private/identity/aws-identity-base';
import { keepName, requireOnlyOne } from './private/identity/once-named';
import { POLICIES } from './private/options';
import { Policies, RESERVED_IDS } from './private/policy/policies';
import { limitsOf, USER_QUOTAS } from './private/policy/quotas';
import { userHolder } from './private/policy/user-holder';
import { checkKeyHolders, controllerSecretName, secretsOf } from './private/settings/access-key-secrets';
import { IdentityTrust } from '../core/shared/flux/identity-base';
import { CredentialKind } from '../core/shared/flux/service';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { SECRETS, SERVICE_ACCOUNTS } from '../core/shared/input/common-options';
import { checkId } from '../core/shared/input/construct-ids';
import { OPTIONS, PROVIDER, TEXT, TEXTS, TEXT_MAP } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { shown, ValidationError } from '../core/shared/input/validation-error';
import { lifecycleOf, TerraformCheck } from '../core/shared/terraform/check';
import { attributeOf } from '../core/shared/terraform/light-token';
import { newResource } from '../core/shared/terraform/new-resource';
import { literal } from '../core/shared/terraform/text';

/**
 * Limits of IAM that an account can have raised, or that other owners of the same user share.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export interface FluxUserQuotas {
  /**
   * Characters of all inline policies of the user together.
   *
   * @default 2048
   */
  readonly inlinePolicySize?: number;
  /**
   * Characters of one managed policy.
   *
   * @default 6144
   */
  readonly managedPolicySize?: number;
  /**
   * Managed policies attached to the user; up to 20 on request.
   *
   * @default 10
   */
  readonly managedPolicies?: number;
}

/** Options of `FluxIamUser`. */
export interface FluxIamUserProps {
  /** The name of the user: 1 to 64 of letters, digits and `+=,.@_-`; may be a token. */
  readonly name: string;
  /**
   * The controllers that use the key. Object-level accounts take none: see `secrets`.
   *
   * @default - none; then `secrets` is needed
   */
  readonly serviceAccounts?: FluxServiceAccount[];
  /**
   * The Secrets that Buckets and Kustomizations (SOPS) name: `FluxSecret.bucket`, `FluxSecret.sops`.
   *
   * @default - none; then `serviceAccounts` is needed
   */
  readonly secrets?: FluxSecret[];
  /**
   * Names of the access keys, one or two (AWS allows two); Flux gets the last. To rotate: add a name at the end and apply,
   * deliver the manifests, then remove the first.
   *
   * @default ['Key']
   */
  readonly accessKeys?: string[];
  /**
   * A PGP public key, binary and then in base64 (`gpg --export <key> | base64`), or `keybase:<user>`: Terraform then keeps the secret
   * encrypted, and no Secret is rendered. Never a private key. May be a token.
   *
   * @default - the secret is in Terraform's state in plain text
   */
  readonly pgpKey?: string;
  /**
   * The path of the user, beginning and ending in `/`.
   *
   * @default /
   */
  readonly path?: string;
  /**
   * The ARN of the policy that bounds the user; may be a token.
   *
   * @default - none
   */
  readonly permissionsBoundary?: string;
  /**
   * Tags of the user and of its managed policies, at most 50.
   *
   * @default - none
   */
  readonly tags?: { readonly [key: string]: string };
  /**
   * The account of the user, 12 digits, plain: grants on resources of other accounts are noticed.
   *
   * @default - known to Terraform only
   */
  readonly account?: string;
  /**
   * The partition of the account: `aws`, `aws-cn`, `aws-us-gov`, `aws-eusc`, or one of `aws-iso`, `aws-iso-b`, `aws-iso-e`, `aws-iso-f`.
   *
   * @default aws
   */
  readonly partition?: string;
  /**
   * The region that controllers fall back on where a Flux object names none; may be a token.
   *
   * @default - none
   */
  readonly region?: string;
  /**
   * Whether statements go into an inline policy or into managed ones.
   *
   * @default FluxRolePolicies.INLINE
   */
  readonly policies?: FluxRolePolicies;
  /**
   * IAM limits, where they differ from AWS's defaults.
   *
   * @default - AWS's defaults
   */
  readonly quotas?: FluxUserQuotas;
  /**
   * The AWS provider (the account of the user).
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

const DEFAULT_KEYS = ['Key'];
const RESERVED = new RegExp(`${RESERVED_IDS.source}|^AccessKeys$`);

/**
 * An IAM user whose access key Flux holds: a stored secret. Prefer a role; this is for clusters that no cloud can be made to
 * trust. Not for ECR: Flux takes no keys there.
 *
 * The secret is in Terraform's state, and in every output that carries the rendered manifests: outputs must be `sensitive`
 * (Terraform insists), and the state encrypted and guarded. With `pgpKey` the state holds it encrypted; then you decrypt it
 * and make the Secrets yourself, with the names and keys that the configuration expects.
 *
 * Guide: docs/aws/access-keys.md
 *
 * @see https://fluxcd.io/flux/integrations/aws/#with-iam-user-access-keys
 */
@allOrNothing
export class FluxIamUser extends AwsIdentityBase {
  /** The controllers that use the key. */
  public readonly serviceAccounts: FluxServiceAccount[];
  /** The ARN of the user: plain when `account` and `name` are. */
  public readonly arn: string;
  /** The name of the user. */
  public readonly userName: string;
  /** The ID of the access key that Flux gets. */
  public readonly accessKeyId: string;
  /** The secret of that key, with `pgpKey` encrypted and in base64. Terraform treats the plain one as sensitive. */
  public readonly secretAccessKey: string;
  /** @internal */
  public readonly _credential = CredentialKind.STATIC;
  /** @internal */
  public readonly _principal: AwsPrincipal;
  /** @internal */
  public readonly _trust: readonly IdentityTrust[] = [];
  private readonly props: FluxIamUserProps;
  private readonly secrets: FluxSecret[];
  private readonly policies: Policies;

  public constructor(scope: Construct, id: string, props: FluxIamUserProps) {
    super(scope, id);
    checkOptions(this, 'FluxIamUser', props, {
      name: TEXT,
      serviceAccounts: SERVICE_ACCOUNTS.optional,
      secrets: SECRETS.optional,
      accessKeys: TEXTS.optional,
      pgpKey: TEXT.optional,
      path: TEXT.optional,
      permissionsBoundary: TEXT.optional,
      tags: TEXT_MAP.optional,
      account: TEXT.optional,
      partition: TEXT.optional,
      region: TEXT.optional,
      policies: POLICIES.optional,
      quotas: OPTIONS.optional,
      provider: PROVIDER.optional,
    });
    checkKeyHolders(this, props.serviceAccounts, props.secrets);
    checkAccessKeys(this, props.accessKeys ?? DEFAULT_KEYS);
    checkPrincipal(this, 'user', props);
    const keyChecks = checkPgpKey(this, props.pgpKey);
    const limits = limitsOf(this, props.policies, props.quotas, USER_QUOTAS);
    this.props = props;
    this.serviceAccounts = [...props.serviceAccounts ?? []];
    this.secrets = [...props.secrets ?? []];

    const { name, path, permissionsBoundary, tags, provider, account, partition = 'aws' } = props;
    requireOnlyOne(this, 'user', props);
    const user = newResource(IamUser, this, 'Resource', { ...literal({ name, path, permissionsBoundary, tags }), provider });
    const plainArn = plainRoleArn(props, 'user');
    keepName(this, user, plainArn);
    const arn = attributeOf(user, 'arn');
    this.arn = plainArn ?? arn;
    this.userName = attributeOf(user, 'name');
    const key = this.makeKeys(user, keyChecks);
    this.accessKeyId = key.id;
    this.secretAccessKey = props.pgpKey === undefined ? key.secret : key.encryptedSecret;
    this.policies = new Policies(this, userHolder(this.userName, 'flux', props), limits);
    this._principal = {
      arn,
      plainArn,
      partition,
      account,
      made: user,
    };
  }

  /** @internal */
  public get _secrets(): readonly FluxSecret[] {
    return this.secrets;
  }

  /** Allows the user to do something: see the permissions of each service, such as `S3Permissions`. ECR is an error. */
  public grant(id: string, permission: AwsPermission): Grant {
    return grantTo(this, id, permission, this.policies, RESERVED);
  }

  /** A key works from every cluster. */
  public trusts(_issuer: IClusterIssuer): boolean {
    return true;
  }

  /** The key as environment of the controller, read from the Secret `<controller>-aws-access-key`. */
  public fluxSettings(serviceAccount: FluxServiceAccount, _context: FluxContext): FluxSettings {
    const { region } = this.props;
    const secretName = controllerSecretName(serviceAccount.fluxController!);
    const env: FluxEnvVariable[] = [
      { name: 'AWS_ACCESS_KEY_ID', secretName, secretKey: 'accesskey' },
      { name: 'AWS_SECRET_ACCESS_KEY', secretName, secretKey: 'secretkey' },
    ];
    return { env: region === undefined ? env : [...env, { name: 'AWS_REGION', value: region }], stamp: this.accessKeyId };
  }

  /** The Secrets; none with `pgpKey`, because nobody but its holder can read the key. */
  public fluxObjects(context: FluxContext): any[] {
    if (this.props.pgpKey !== undefined) return [];
    return secretsOf({ id: this.accessKeyId, secret: this.secretAccessKey }, this.serviceAccounts, this.secrets, context.namespace);
  }

  private makeKeys(user: IamUser, checks: readonly TerraformCheck[]): IamAccessKey {
    const { accessKeys = DEFAULT_KEYS, pgpKey, provider } = this.props;
    const scope = new Construct(this, 'AccessKeys');
    const lifecycle = lifecycleOf(checks);
    const keys = accessKeys.map((id) => newResource(IamAccessKey, scope, id, { user: user.name, pgpKey: literal(pgpKey), provider, lifecycle }));
    return keys[keys.length - 1];
  }
}

/** Refuses what makes no keys, before the user is made. */
function checkAccessKeys(at: Construct, names: string[]): void {
  names.forEach((name) => checkId(at, name));
  const given = names.length < 1 || names.length > 2 ? `${names.length} access keys.` : names[0] === names[1] ? `access key ${shown(names[0])} twice.` : undefined;
  if (given === undefined) return;
  throw new ValidationError(at, {
    given,
    allowed: 'one or two names, each once',
    why: 'AWS allows a user two access keys (LimitExceeded: AccessKeysPerUser), and the name is the Terraform address',
    fix: 'remove the oldest name from `accessKeys`',
  });
}
