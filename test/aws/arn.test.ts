import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { Fn, TerraformStack, TerraformVariable } from 'cdktf';
import { role } from './support';
import { S3Permissions } from '../../lib/aws/permissions/s3';
import { arnConditions, ArnForm, arnPart } from '../../lib/aws/private/forms/arn';
import { KMS_KEY } from '../../lib/aws/private/forms/kms-key';
import { BUCKET } from '../../lib/aws/private/forms/s3-bucket';
import { PRINCIPAL } from '../../lib/aws/private/grant/grantee';
import { only, resolved, stack, synthesized } from '../support';

const variable = (scope: TerraformStack, id = 'arn') => new TerraformVariable(scope, id, { type: 'string' }).stringValue;

it.each<[ArnForm, string | undefined, string]>([
  [KMS_KEY, 'aws', '^arn:aws:kms:[a-z]{2,}(-[a-z]+)+-[0-9]+:[0-9]{12}:key[/](mrk-)?[0-9a-f-]{32,36}$'],
  [{ ...KMS_KEY, anyRegion: true, resource: /^a\.\w$/ }, 'aws-cn', '^arn:aws-cn:kms:([*]|[a-z]{2,}(-[a-z]+)+-[0-9]+):[0-9]{12}:a[.]0-9A-Za-z_$'],
  [BUCKET, 'aws', '^arn:aws:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$'],
  [PRINCIPAL, undefined, '^arn:(aws|aws-cn|aws-us-gov|aws-eusc|aws-iso|aws-iso-b|aws-iso-e|aws-iso-f):iam::[0-9]{12}:(role|user)[/][0-9A-Za-z_+=,.@/-]+$'],
])('Terraform holds %j in partition %s to what synth does', (form, partition, pattern) => {
  const scope = stack();
  expect(arnConditions(scope, form.example, form, partition)).toEqual([]);
  expect(resolved(scope, arnConditions(scope, variable(scope), form, partition))).toEqual([{
    condition: `\${can(regex("${pattern}", var.arn))}`, errorMessage: expect.stringMatching(partition === undefined ? /^test: the .* is not like arn:[^,]*\. / : `, in partition ${partition}. `),
  }]);
});

it('Terraform checks no ARN that AWS itself gave, and every other', () => {
  const scope = stack();
  const { arn, id } = new S3Bucket(scope, 'Bucket', {});
  const checked = (text: string) => arnConditions(scope, text, BUCKET).length === 1;
  expect([arn, `${arn}x`, `x${arn}`, id, Fn.lower(arn)].map(checked)).toEqual([false, true, true, true, true]);
});

it('a part of an ARN is taken at synth only where nothing unknown could hold it', () => {
  const scope = stack();
  const late = variable(scope);
  const parts = [`arn:aws:kms:${late}:1:key/a:b`, `arn:aws:${late}`, `${late}:aws:kms:eu-west-1:1:key/a`].map((arn) => [3, 5].map((place) => resolved(scope, arnPart(arn, place))));
  expect(parts).toEqual([
    ['${var.arn}', 'key/a:b'],
    ['${element(split(":", join("", ["arn:aws:", var.arn])), 3)}', '${element(split(":", join("", ["arn:aws:", var.arn])), 5)}'],
    ['${element(split(":", join("", [var.arn, ":aws:kms:eu-west-1:1:key/a"])), 3)}', '${element(split(":", join("", [var.arn, ":aws:kms:eu-west-1:1:key/a"])), 5)}'],
  ]);
});

it('Terraform checks a prefix of a bucket as synth does', () => {
  const scope = stack();
  role(scope).grant('Manifests', S3Permissions.read('arn:aws:s3:::flux-manifests', { prefix: variable(scope, 'prefix') }));
  expect(only(synthesized(scope), 'aws_iam_role_policy').lifecycle.precondition[0].condition)
    .toBe('${can(regex("^[^/]", var.prefix)) && !can(regex("[*?]|[$][{]", var.prefix))}');
});
