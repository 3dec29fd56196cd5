import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { S3Object } from '@cdktf/provider-aws/lib/s3-object';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import { Fn, TerraformStack, TerraformVariable } from 'cdktf';
import { lineSafe } from '../../../../lib/core/shared/terraform/line-ends';
import { resolved, stack } from '../../../support';

const role = (s: TerraformStack) => new IamRole(s, 'R', { name: 'r', assumeRolePolicy: '{}' });
const variable = (s: TerraformStack) => new TerraformVariable(s, 'v', {}).stringValue;

test.each<[string, (s: TerraformStack) => string, string]>([
  ['an ARN', (s) => role(s).arn, '${jsonencode(aws_iam_role.R.arn)}'],
  ['a client ID', (s) => new UserAssignedIdentity(s, 'U', { name: 'u', location: 'l', resourceGroupName: 'g' }).clientId, '${jsonencode(azurerm_user_assigned_identity.U.client_id)}'],
  ['two of them', (s) => { const { arn, uniqueId } = role(s); return `${arn} ${uniqueId}`; }, '${jsonencode("${aws_iam_role.R.arn} ${aws_iam_role.R.unique_id}")}'],
])('what a cloud makes of an identity stays as it is: %s', (_, make, expected) => {
  const s = stack();
  expect(resolved(s, lineSafe(Fn.jsonencode(make(s))))).toBe(expected);
});

test.each<[string, (s: TerraformStack) => string]>([
  ['a variable', variable],
  ['a name', (s) => role(s).name],
  ['the ARN of an object, whose key is any text', (s) => new S3Object(s, 'O', { bucket: 'b', key: 'k' }).arn],
  ['a function of an ARN', (s) => Fn.replace(role(s).arn, 'a', variable(s))],
  ['an ARN beside a variable', (s) => `${role(s).arn} ${variable(s)}`],
])('the line end that JSON leaves is escaped in anything else: %s', (_, make) => {
  const s = stack();
  expect(resolved(s, lineSafe(Fn.jsonencode(make(s))))).toMatch(/^\$\{replace\(jsonencode\([^]*\), "\\u0085", "\\\\u0085"\)\}$/);
});
