import { role } from './support';
import { AwsPermission, AwsStatement } from '../../lib/aws/aws-permission';
import { stack } from '../support';

const on = (actions: string[], conditions?: AwsStatement['conditions']): AwsStatement => ({ actions, resources: ['*'], conditions });
const ENCRYPTED = { Bool: { 'aws:SecureTransport': ['true'] }, StringLike: { 'aws:SourceVpc': ['*'], 'KMS:viaService': ['s3.*'] } };

it.each<[string, AwsStatement[], Array<string | undefined>]>([
  ['one service, once', [on(['s3:GetObject', 's3:ListBucket'], ENCRYPTED), on(['s3:GetObject'], ENCRYPTED)], ['Amazon S3']],
  ['several services', [on(['codecommit:GitPull', 'ecr:ListImages']), on(['ecr-public:GetAuthorizationToken'])], ['Amazon ECR', 'AWS CodeCommit', 'public Amazon ECR']],
  ['a key alone', [on(['kms:Decrypt'], { StringEquals: { 'kms:EncryptionContext:team': ['a'] } })], ['AWS KMS']],
  ['a key beside what it encrypts', [on(['kms:Decrypt']), on(['s3:GetObject'])], ['Amazon S3']],
  ['a key through another service only', [on(['kms:Decrypt'], ENCRYPTED)], [undefined]],
  ['a service that the library does not list', [on(['sqs:SendMessage'])], [undefined]],
])('of composed statements: %s', (_, statements, services) => {
  const images = role(stack());
  images.grant('Grant', AwsPermission.of(...statements));
  expect(images._grants.map(({ service }) => service?.name)).toEqual(services);
});
