import { KmsGrant } from '@cdktf/provider-aws/lib/kms-grant';
import { TerraformProvider } from 'cdktf';
import { byKey } from '../../../core/shared/sort';
import { newResource } from '../../../core/shared/terraform/new-resource';
import { literal } from '../../../core/shared/terraform/text';
import type { Arn } from '../forms/arn';
import type { AwsGrantee } from '../grant/grantee';
import { recreationOf } from '../trust/role-preconditions';

/** A KMS grant to decrypt. */
export function decryptGrant(
  to: AwsGrantee, key: Arn, context: { readonly [key: string]: string } | undefined, provider: TerraformProvider | undefined,
): KmsGrant {
  return newResource(KmsGrant, to.at, 'KmsGrant', {
    keyId: key.text, // the ARN: across accounts the ID alone finds no key
    granteePrincipal: to.arn,
    operations: ['Decrypt'],
    constraints: context === undefined ? undefined : [{ encryptionContextSubset: literal(byKey(context)) }],
    region: key.region,
    provider,
    lifecycle: to.made === undefined ? undefined : { replaceTriggeredBy: [recreationOf(to.made)] },
  });
}
