import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { kept } from '../../core/shared/input/kept';
import { FLAG, isMapToken, PROVIDER, TEXT_MAP } from '../../core/shared/input/option-shape';
import { checkOptions } from '../../core/shared/input/options';
import { shown, ValidationError } from '../../core/shared/input/validation-error';
import { hasToken } from '../../core/shared/terraform/tokens';
import { AwsPermission, AwsStatement } from '../aws-permission';
import { ArnForm, arnPart } from '../private/forms/arn';
import { KMS_ALIAS, KMS_KEY } from '../private/forms/kms-key';
import { arnFor } from '../private/grant/grantee';
import { decryptGrant } from '../private/policy/kms-grant';
import { SERVICES } from '../services';

const ROLE: ArnForm = {
  what: 'IAM role ARN',
  service: 'iam',
  scope: 'account',
  resource: /^role\/[\w+=,.@/-]+$/,
  example: 'arn:aws:iam::111122223333:role/sops',
  why: 'sts:AssumeRole is allowed on that one role',
};

/** Options of `KmsPermissions.decrypt` and `decryptByAlias`. */
export interface KmsDecryptOptions {
  /**
   * Allow decryption only with this encryption context, as `context` in `.sops.yaml` sets it.
   *
   * @default - any context
   */
  readonly encryptionContext?: { readonly [key: string]: string };
  /**
   * Allow `kms:DescribeKey` too. Flux never calls it; some audits expect it.
   *
   * @default false
   */
  readonly describe?: boolean;
}

/** Options of `KmsPermissions.decryptByGrant`. */
export interface KmsGrantOptions {
  /**
   * Allow decryption only with this encryption context, as `context` in `.sops.yaml` sets it.
   *
   * @default - any context
   */
  readonly encryptionContext?: { readonly [key: string]: string };
  /**
   * The AWS provider of the key's account.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider;
}

/**
 * AWS KMS, for Kustomization with SOPS decryption. A multi-region key needs a grant for each regional replica in the
 * SOPS metadata.
 *
 * Guide: docs/services.md
 *
 * @see https://fluxcd.io/flux/integrations/aws/#for-amazon-key-management-service
 */
export class KmsPermissions {
  /**
   * Decrypt with a key. The key's policy must let IAM policies of its account count, as keys made by the API or Terraform do.
   *
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
   * @param keyArn the key, never an alias; may be a token
   */
  public static decrypt(keyArn: string, options: KmsDecryptOptions = {}): AwsPermission {
    options = kept(options);
    return AwsPermission._make({ service: SERVICES.kms, verb: 'decrypt', resource: keyArn }, (to) => {
      arnFor(to, keyArn, KMS_KEY);
      return { statements: decryptStatements(to.at, keyArn, options, {}) };
    });
  }

  /**
   * Decrypt with whichever key an alias points to, when the SOPS metadata names the alias.
   *
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-request-alias
   * @param aliasArn the alias, `arn:aws:kms:<region>:<account>:alias/<name>`; may be a token
   */
  public static decryptByAlias(aliasArn: string, options: KmsDecryptOptions = {}): AwsPermission {
    options = kept(options);
    return AwsPermission._make({ service: SERVICES.kms, verb: 'decryptByAlias', resource: aliasArn }, (to) => {
      arnFor(to, aliasArn, KMS_ALIAS);
      const keys = `arn:${arnPart(aliasArn, 1)}:kms:${arnPart(aliasArn, 3)}:${arnPart(aliasArn, 4)}:key/*`;
      return { statements: decryptStatements(to.at, keys, options, { 'kms:RequestAlias': [arnPart(aliasArn, 5)] }) };
    });
  }

  /**
   * Decrypt with a key by a KMS grant, which adds to the key's policy and leaves it alone: for keys of other accounts, and for
   * keys whose policy lets no IAM policy count. The provider must be allowed `kms:CreateGrant` on the key. A grant is made
   * anew when the role is.
   *
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
   * @param keyArn the key, never an alias; may be a token
   */
  public static decryptByGrant(keyArn: string, options: KmsGrantOptions = {}): AwsPermission {
    options = kept(options);
    return AwsPermission._make({ service: SERVICES.kms, verb: 'decryptByGrant', resource: keyArn }, (to) => {
      const key = arnFor(to, keyArn, KMS_KEY);
      checkOptions(to.at, 'KmsPermissions.decryptByGrant', options, { encryptionContext: TEXT_MAP.optional, provider: PROVIDER.optional });
      const { encryptionContext, provider } = options;
      // Across accounts KMS wants the identity's own policy to agree.
      const statements = decryptStatements(to.at, keyArn, { encryptionContext }, {});
      return { statements, resources: [decryptGrant(to, key, encryptionContext, provider)], ownerAgrees: true };
    });
  }

  /**
   * Assume the role that the SOPS metadata names beside the key (`role:`). That role needs `kms:Decrypt`, and must trust
   * this identity.
   *
   * @param roleArn the role; may be a token
   */
  public static assumeSopsRole(roleArn: string): AwsPermission {
    return AwsPermission._make({ service: SERVICES.kms, verb: 'assumeSopsRole', resource: roleArn }, (to) => {
      arnFor(to, roleArn, ROLE);
      return { statements: [{ actions: ['sts:AssumeRole'], resources: [roleArn] }] };
    });
  }

  private constructor() {}
}

function decryptStatements(at: Construct, resource: string, options: KmsDecryptOptions, keys: Record<string, string[]>): AwsStatement[] {
  checkOptions(at, 'KmsPermissions', options, {
    encryptionContext: TEXT_MAP.optional,
    describe: FLAG.optional,
  });
  const context: Record<string, string[]> = {};
  if (options.encryptionContext !== undefined && Object.keys(options.encryptionContext).length === 0) {
    throw new ValidationError(at, {
      given: 'an empty encryption context.',
      allowed: 'at least one pair; or no `encryptionContext`, which allows any',
      why: 'no condition would be made of it: everything that the key encrypts could be decrypted',
      fix: 'pass the pairs of `context` in .sops.yaml, or leave the option out',
    });
  }
  const { encryptionContext = {} } = options;
  // Of a map that only Terraform knows there is nothing to make a condition of: the right would be wider than what was asked for.
  const pairs = isMapToken(encryptionContext) ? [['', shown(encryptionContext)] as const] : Object.entries(encryptionContext);
  for (const [key, value] of pairs) {
    if (hasToken(key) || !/^[\w+\-=.:/@ ]+$/.test(key) || /^aws:/i.test(key)) {
      throw new ValidationError(at, {
        given: `encryption context ${shown(key)} = ${shown(value)}`,
        allowed: 'plain keys of letters, digits, spaces and + - = . : / @ _, not beginning with "aws:", with string values',
        why: 'the key becomes part of the condition key kms:EncryptionContext:<key>, which must match what SOPS sends',
        fix: 'pass the pairs exactly as `context` in .sops.yaml has them',
      });
    }
    context[`kms:EncryptionContext:${key}`] = [value];
  }
  // DescribeKey carries no encryption context: under that condition it would always be denied.
  const statements = [allow('kms:Decrypt', resource, { ...keys, ...context })];
  if (options.describe) statements.push(allow('kms:DescribeKey', resource, keys));
  return statements;
}

function allow(action: string, resource: string, equals: Record<string, string[]>): AwsStatement {
  const conditions = Object.keys(equals).length === 0 ? undefined : { StringEquals: equals };
  return { actions: [action], resources: [resource], conditions };
}
