import { AwsStatement } from '../../../lib/aws/aws-permission';
import { measured, PolicySize } from '../../../lib/aws/private/policy-size';
import { policyDocument } from '../../../lib/aws/private/statement';
import { jsonSize } from '../../../lib/core/shared/terraform-text';

const [A, B] = ['${TfToken[TOKEN.7000001]}', '${TfToken[TOKEN.7000002]}'];
const statement = (actions: string[], resources: string[], conditions?: AwsStatement['conditions']): AwsStatement => ({ actions, resources, conditions });

/** Grants, each of some statements. */
const GRANTS: AwsStatement[][] = [
  [statement(['s3:GetObject'], ['arn:aws:s3:::one/*'])],
  [statement(['s3:GetObject'], ['arn:aws:s3:::two/*', 'arn:aws:s3:::one/*']), statement(['s3:ListBucket'], ['arn:aws:s3:::two'])],
  [statement(['ecr:ListImages', 'ecr:BatchGetImage'], [A, `${A}/*`]), statement(['ecr:BatchGetImage', 'ecr:ListImages'], [B, B])],
  [statement(['kms:Decrypt'], ['*'], { StringEquals: { 'kms:EncryptionContext:a': [A, B] } })],
  [statement(['kms:Decrypt'], ['key "quoted" \\ ${b}'], { StringEquals: { 'kms:EncryptionContext:a': [B, A] } })],
  [statement(['kms:Decrypt'], ['*'], { StringLike: { 'kms:ViaService': ['s3.*'] }, StringEquals: { x: ['y'] } })],
];

test.each([
  ['in order', GRANTS],
  ['in reverse', [...GRANTS].reverse()],
  ['each twice', [...GRANTS, ...GRANTS]],
])('the size after each grant is that of the rendered document: %s', (_, grants) => {
  const size = new PolicySize();
  expect(size.characters).toBe(jsonSize(policyDocument([])).estimate);
  grants.forEach((statements, index) => {
    size.add(measured(statements));
    expect(size.characters).toBe(jsonSize(policyDocument(grants.slice(0, index + 1).flat())).estimate);
  });
});
