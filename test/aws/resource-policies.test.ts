import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { EcrRepository } from '@cdktf/provider-aws/lib/ecr-repository';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { TerraformStack, TerraformVariable } from 'cdktf';
import { Construct } from 'constructs';
import { KEY, role } from './support';
import { AwsPermission } from '../../lib/aws/aws-permission';
import { FluxEcrRepositoryPolicy } from '../../lib/aws/flux-ecr-repository-policy';
import { FluxIamUser } from '../../lib/aws/flux-iam-user';
import { FluxKmsKeyPolicy } from '../../lib/aws/flux-kms-key-policy';
import { FluxS3BucketPolicy } from '../../lib/aws/flux-s3-bucket-policy';
import { EcrPermissions } from '../../lib/aws/permissions/ecr';
import { EksPermissions } from '../../lib/aws/permissions/eks';
import { KmsPermissions } from '../../lib/aws/permissions/kms';
import { S3Permissions } from '../../lib/aws/permissions/s3';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxSecret } from '../../lib/core/flux-secret';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { addresses, decoded, only, refused, stack, synth, Synthesized, synthesized } from '../support';

const REPOSITORY = 'arn:aws:ecr:eu-west-1:111122223333:repository/apps/web';
const BUCKET = 'arn:aws:s3:::flux-manifests';
const ROOT = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' };
const PULL = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:ListImages'];
const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);
const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const arnOf = (all: Synthesized, id: string) => `<${addresses(all, `aws_iam_role.${id}`)[0]}.arn>`;
const ecr = (scope: TerraformStack, props: object = {}, id = 'Policy') => new FluxEcrRepositoryPolicy(scope, id, { repositoryArn: REPOSITORY, ...props });
const s3 = (scope: TerraformStack, props: object = {}, id = 'Policy') => new FluxS3BucketPolicy(scope, id, { bucketArn: BUCKET, ...props });
const kms = (scope: TerraformStack, props: object = {}, id = 'Policy') => new FluxKmsKeyPolicy(scope, id, { keyArn: KEY, ...props });

describe('FluxEcrRepositoryPolicy', () => {
  it('lets in without Resource and without the right to ask for a token', () => {
    const all = synth((scope) => ecr(scope).grant('Images', role(scope), EcrPermissions.pull(REPOSITORY)));
    const { policy, repository, region } = only(all, 'aws_ecr_repository_policy');
    expect({ repository, region }).toEqual({ repository: 'apps/web', region: 'eu-west-1' });
    expect(decoded(policy)).toEqual({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: arnOf(all, 'Images') }, Action: PULL }] });
  });

  it('takes what concerns it of a permission on many repositories', () => {
    const all = synth((scope) => ecr(scope).grant('Images', role(scope), EcrPermissions.pullThroughCache('arn:aws:ecr:eu-west-1:111122223333:repository/apps/*')));
    expect(decoded(only(all, 'aws_ecr_repository_policy').policy).Statement.map(({ Action }: any) => Action)).toEqual(['ecr:BatchImportUpstreamImage', PULL]);
  });

  it.each([['a.b/v?/*', true], ['a?b/v1/*', true], ['a.b/v1', false], ['a.b?/v1/web', false]])('reads %s as IAM does: it is on a.b/v1/web: %s', (pattern, isOn) => {
    const arn = (name: string) => `arn:aws:ecr:eu-west-1:111122223333:repository/${name}`;
    const scope = stack();
    const grant = () => ecr(scope, { repositoryArn: arn('a.b/v1/web') }).grant('Images', role(scope), EcrPermissions.pull(arn(pattern)));
    if (isOn) expect(grant).not.toThrow();
    else expect(refused(grant).given).toContain('a permission that is not on');
  });

  it('leaves out what only the policy of the registry could hold', () => {
    const creation = AwsPermission.of({ actions: ['ecr:CreateRepository'], resources: [REPOSITORY] }, { actions: ['ecr:ListImages'], resources: [REPOSITORY] });
    const all = synth((scope) => ecr(scope).grant('Images', role(scope), creation));
    expect(decoded(only(all, 'aws_ecr_repository_policy').policy).Statement.map(({ Action }: any) => Action)).toEqual(['ecr:ListImages']);
  });

  it('knows a repository by its attribute', () => {
    const all = synth((scope) => {
      const repository = new EcrRepository(scope, 'Web', { name: 'apps/web' });
      ecr(scope, { repositoryArn: repository.arn }).grant('Images', role(scope), EcrPermissions.pull(repository.arn));
    });
    const web = addresses(all, 'aws_ecr_repository.')[0];
    expect(only(all, 'aws_ecr_repository_policy')).toMatchObject({ repository: `\${element(split(":repository/", ${web}.arn), 1)}` });
    expect(only(all, 'aws_ecr_repository_policy')).not.toHaveProperty('region');
  });
});

describe('FluxS3BucketPolicy', () => {
  it('names the bucket and its objects', () => {
    const all = synth((scope) => s3(scope, { region: 'eu-west-1' }).grant('Images', role(scope), S3Permissions.read(BUCKET, { prefix: 'prod/' })));
    const { policy, bucket, region } = only(all, 'aws_s3_bucket_policy');
    expect({ bucket, region }).toEqual({ bucket: 'flux-manifests', region: 'eu-west-1' });
    const Principal = { AWS: arnOf(all, 'Images') };
    expect(decoded(policy).Statement).toEqual([
      { Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: [`${BUCKET}/.sourceignore`, `${BUCKET}/prod/*`] },
      { Effect: 'Allow', Principal, Action: 's3:ListBucket', Resource: BUCKET },
    ]);
  });

  it('leaves the key of the objects to the key\'s own policy', () => {
    const read = S3Permissions.read(BUCKET, { sseKmsKeyArn: KEY });
    const all = synth((scope) => {
      const images = role(scope);
      s3(scope, {}, 'Bucket').grant('Images', images, read);
      kms(scope, {}, 'Key').grant('Images', images, read);
    });
    expect(only(all, 'aws_s3_bucket_policy').policy).not.toContain('kms:');
    expect(decoded(only(all, 'aws_kms_key_policy').policy).Statement).toEqual([ROOT, {
      Effect: 'Allow', Principal: { AWS: arnOf(all, 'Images') }, Action: 'kms:Decrypt', Resource: '*', Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } },
    }]);
  });

  it('knows a bucket by its attribute', () => {
    const all = synth((scope) => {
      const bucket = new S3Bucket(scope, 'Bucket', {});
      s3(scope, { bucketArn: bucket.arn }).grant('Images', role(scope), S3Permissions.read(bucket.arn));
    });
    const bucket = addresses(all, 'aws_s3_bucket.')[0];
    expect(decoded(only(all, 'aws_s3_bucket_policy').policy).Statement.map(({ Resource }: any) => Resource)).toEqual([`<${bucket}.arn/*>`, `<${bucket}.arn>`]);
    expect(only(all, 'aws_s3_bucket_policy').bucket).toBe(`\${element(split(":", ${bucket}.arn), 5)}`);
  });
});

describe('FluxKmsKeyPolicy', () => {
  it('keeps the key with its account, and lets in', () => {
    const all = synth((scope) => kms(scope).grant('Sops', role(scope), KmsPermissions.decrypt(KEY, { encryptionContext: { team: 'a' }, describe: true })));
    const { policy, key_id: id, region } = only(all, 'aws_kms_key_policy');
    expect({ id, region }).toEqual({ id: '1234abcd-12ab-34cd-56ef-1234567890ab', region: 'eu-west-1' });
    const Principal = { AWS: arnOf(all, 'Images') };
    expect(decoded(policy).Statement).toEqual([
      ROOT,
      { Effect: 'Allow', Principal, Action: 'kms:Decrypt', Resource: '*', Condition: { StringEquals: { 'kms:EncryptionContext:team': 'a' } } },
      { Effect: 'Allow', Principal, Action: 'kms:DescribeKey', Resource: '*' },
    ]);
  });

  it('has administrators, and the statement of the root once', () => {
    const admins = ['arn:aws:iam::111122223333:role/b', 'arn:aws:iam::111122223333:role/a'];
    const all = synth((scope) => { kms(scope, { administrators: admins, sourcePolicyDocuments: [document(ROOT)] }); });
    const [root, admin, ...rest] = decoded(only(all, 'aws_kms_key_policy').policy).Statement;
    expect(root).toEqual(ROOT);
    expect(admin.Principal).toEqual({ AWS: [...admins].sort() });
    expect(admin.Action).toContain('kms:Put*');
    expect(admin.Action).not.toContain('kms:Decrypt');
    expect(rest).toEqual([]);
  });

  it('lets in by alias', () => {
    const all = synth((scope) => kms(scope).grant('Sops', role(scope), KmsPermissions.decryptByAlias('arn:aws:kms:eu-west-1:111122223333:alias/sops')));
    expect(decoded(only(all, 'aws_kms_key_policy').policy).Statement[1].Condition).toEqual({ StringEquals: { 'kms:RequestAlias': 'alias/sops' } });
  });

  it('knows a key by its attribute: account, partition and id', () => {
    const all = synth((scope) => {
      const key = new KmsKey(scope, 'Key', {});
      kms(scope, { keyArn: key.arn }).grant('Sops', role(scope), KmsPermissions.decrypt(key.arn));
    });
    const key = addresses(all, 'aws_kms_key.')[0];
    expect(only(all, 'aws_kms_key_policy').key_id).toBe(`\${element(split(":key/", ${key}.arn), 1)}`);
    expect(decoded(only(all, 'aws_kms_key_policy').policy).Statement[0].Principal.AWS)
      .toBe(`<arn:element(split(":", ${key}.arn), 1):iam::element(split(":", ${key}.arn), 4):root>`);
  });
});

describe('one document', () => {
  it('merges identities that are let in alike, in the order of the grants\' ids', () => {
    const build = (...order: string[]) => synth((scope) => {
      const identities = Object.fromEntries(['A', 'B', 'C'].map((id) => [id, role(scope, id)]));
      const policy = ecr(scope);
      order.forEach((id) => policy.grant(id, identities[id], EcrPermissions.pull(REPOSITORY)));
    });
    const all = build('A', 'B', 'C');
    expect(decoded(only(all, 'aws_ecr_repository_policy').policy).Statement).toEqual([
      { Effect: 'Allow', Principal: { AWS: ['A', 'B', 'C'].map((id) => arnOf(all, id)) }, Action: PULL },
    ]);
    expect(build('C', 'A', 'B').text).toBe(all.text);
  });

  it('lets in an identity of the caller\'s own class: a token is held to the form by Terraform', () => {
    const build = (ids: string[], arnOfOwn: (scope: TerraformStack, id: string) => string) => only(synth((scope) => {
      const arns = Object.fromEntries(['A', 'B'].map((id) => [id, arnOfOwn(scope, id)]));
      const policy = ecr(scope);
      ids.forEach((id) => policy.grant(id, Object.assign(new Construct(scope, `Own${id}`), { arn: arns[id], serviceAccounts: [SOURCE] }) as any, EcrPermissions.pull(REPOSITORY)));
    }), 'aws_ecr_repository_policy');
    const plain = build(['A'], () => 'arn:aws:iam::111122223333:role/own');
    expect(plain).not.toHaveProperty('lifecycle');
    expect(decoded(plain.policy).Statement[0].Principal).toEqual({ AWS: 'arn:aws:iam::111122223333:role/own' });
    const variable = (scope: TerraformStack, id: string) => new TerraformVariable(scope, id, { type: 'string' }).stringValue;
    const late = build(['A', 'B'], variable);
    expect(late.lifecycle.precondition.map(({ error_message: message }: any) => message)).toEqual([
      expect.stringMatching(/^test\/Policy\/A: the identity with the ARN is not like /), expect.stringMatching(/^test\/Policy\/B: the identity/), expect.stringContaining('longer than AWS allows'),
    ]);
    expect(build(['B', 'A'], variable)).toEqual(late);
  });

  it('keeps the statements of plain documents', () => {
    const other = { Sid: 'CI', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/ci' }, Action: 'ecr:PutImage' };
    const all = synth((scope) => ecr(scope, { sourcePolicyDocuments: [document(other), JSON.stringify({ Statement: { ...other, Sid: 'One' } })] })
      .grant('Images', role(scope), EcrPermissions.pull(REPOSITORY)));
    expect(decoded(only(all, 'aws_ecr_repository_policy').policy).Statement.slice(0, 2)).toEqual([other, { ...other, Sid: 'One' }]);
    expect(addresses(all, 'data.')).toEqual([]);
    const others = { Effect: 'Deny', NotPrincipal: { AWS: 'arn:aws:iam::111122223333:role/ci' }, NotAction: 'ecr:BatchGetImage' };
    const denied = synth((scope) => { ecr(scope, { sourcePolicyDocuments: [document(others)] }); });
    expect(decoded(only(denied, 'aws_ecr_repository_policy').policy).Statement).toEqual([others]);
  });

  it('leaves merging to Terraform where it alone knows the document', () => {
    const all = synth((scope) => {
      const provider = new AwsProvider(scope, 'Owner', { alias: 'owner' });
      const theirs = new DataAwsIamPolicyDocument(scope, 'Theirs', {});
      s3(scope, { sourcePolicyDocuments: [theirs.json], provider }).grant('Images', role(scope), S3Permissions.read(BUCKET));
      ecr(scope, { sourcePolicyDocuments: [theirs.json] }, 'Theirs alone');
    });
    expect(decoded(only(all, 'data.aws_iam_policy_document', 'Theirsalone').source_policy_documents[0]).Statement).toEqual([]);
    const merged = only(all, 'data.aws_iam_policy_document', 'Policy_Document');
    expect(merged.provider).toBe('aws.owner');
    expect(decoded(merged.source_policy_documents[0]).Statement).toHaveLength(2);
    expect(merged.source_policy_documents[1]).toMatch(/^\$\{data\.aws_iam_policy_document\.Theirs\w*\.json\}$/);
    expect(only(all, 'aws_s3_bucket_policy').policy).toMatch(/^\$\{data\.aws_iam_policy_document\.Policy_Document_\w+\.json\}$/);
    expect(only(all, 'aws_s3_bucket_policy').provider).toBe('aws.owner');
  });

  it('has one owner: also for an attribute, which is another token each time', () => {
    const scope = stack();
    const repository = new EcrRepository(scope, 'Web', { name: 'apps/web' });
    for (const [make, arn, what] of [[ecr, { repositoryArn: repository.arn }, 'ECR repository'], [s3, {}, 'S3 bucket'], [kms, {}, 'KMS key']] as any) {
      make(scope, arn, `${what.split(' ')[0]}One`);
      const again = arn.repositoryArn ? { repositoryArn: repository.arn } : arn;
      const { given, why, fix } = refused(() => make(scope, again, `${what.split(' ')[0]}Two`));
      expect(given).toContain(`a second owner of the policy of ${what}`);
      expect(given).toContain(`"test/${what.split(' ')[0]}One" is the first`);
      expect(why).toContain('silently drop');
      expect(fix).toBe('grant on the first one');
    }
  });

  it('tells apart equal addresses of two stacks', () => {
    const one = stack('one');
    const two = new TerraformStack(one.node.root as any, 'two');
    const repositories = [one, two].map((scope) => new EcrRepository(scope, 'Web', { name: 'apps/web' }));
    expect(() => repositories.forEach((repository) => ecr(repository.cdktfStack, { repositoryArn: repository.arn }))).not.toThrow();
  });

  it('lets others wait, and the caller name what waits', () => {
    const scope = stack();
    const grant = ecr(scope).grant('Images', role(scope), EcrPermissions.pull(REPOSITORY));
    expect(grant.addresses).toEqual(addresses(synthesized(scope), 'aws_ecr_repository_policy.'));
  });

  it('is refused when it is empty', () => {
    const scope = stack();
    ecr(scope);
    const { given, fix } = refused(() => synthesized(scope));
    expect(given).toContain('without any statement');
    expect(fix).toContain('grant something on it');
  });

  it('is refused past the limit of the service, now or by Terraform', () => {
    const deny = (length: number) => document({ Effect: 'Deny', Principal: '*', Action: 'ecr:PutImage', Condition: { StringEquals: { 'aws:PrincipalTag/x': 'x'.repeat(length) } } });
    const grant = (scope: TerraformStack, length: number) =>
      ecr(scope, { sourcePolicyDocuments: [deny(length)] }).grant('Images', role(scope), EcrPermissions.pull(REPOSITORY));
    const { lifecycle } = only(synth((scope) => grant(scope, 9000)), 'aws_ecr_repository_policy');
    expect(lifecycle.precondition).toEqual([{
      condition: expect.stringMatching(/length\(.*aws_iam_role\.Images_\w+\.arn.* <= \d+\)\}$/),
      error_message: 'The policy at test/Policy is longer than AWS allows (10240 characters).',
    }]);
    expect(refused(() => grant(stack(), 10200))).toMatchObject({
      given: expect.stringMatching(/of more than 10\d{3} characters\.$/), allowed: 'at most 10240 characters', fix: expect.stringContaining('share a role'),
    });
  });
});

describe('bad input', () => {
  const denial = (extra: object = {}) => document({ Effect: 'Deny', Principal: '*', Action: 'kms:Put*', Resource: '*', ...extra });

  it.each<[string, (scope: TerraformStack) => unknown, string, string]>([
    ['a repository policy with a Resource', (scope) => ecr(scope, { sourcePolicyDocuments: [document({ Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage', Resource: '*' })] }),
      'a source statement with "Resource"', 'remove "Resource"'],
    ['a repository policy with the token action', (scope) => ecr(scope, { sourcePolicyDocuments: [document({ Effect: 'Allow', Principal: '*', Action: ['ecr:GetAuthorizationToken'] })] }),
      'a source statement with ecr:GetAuthorizationToken', 'grant EcrPermissions.pull to the identity'],
    ['a bucket policy for everything', (scope) => s3(scope, { sourcePolicyDocuments: [document({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' })] }),
      'a source statement with Resource "*"', 'name this bucket and its objects'],
    ['a bucket policy for another bucket', (scope) => s3(scope, { sourcePolicyDocuments: [document({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::other/*' })] }),
      'Resource "arn:aws:s3:::other/*"', 'name this bucket'],
    ['a bucket policy without Resource', (scope) => s3(scope, { sourcePolicyDocuments: [document({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject' })] }),
      'a source statement without "Resource"', 'name this bucket'],
    ['a key policy that undoes the root statement', (scope) => kms(scope, { sourcePolicyDocuments: [denial()] }), 'denies kms:PutKeyPolicy', 'deny it to those principals only'],
    ['the same for the account', (scope) => kms(scope, { sourcePolicyDocuments: [denial({ Principal: { AWS: '111122223333' } })] }), 'denies kms:PutKeyPolicy', 'deny it'],
    ['the same by NotAction', (scope) => kms(scope, { sourcePolicyDocuments: [denial({ Action: undefined, NotAction: 'kms:Decrypt' })] }), 'denies kms:PutKeyPolicy', 'deny it'],
    ['an alias', (scope) => kms(scope, { keyArn: 'arn:aws:kms:eu-west-1:111122223333:alias/sops' }), 'KMS key ARN', 'pass the ARN of its key'],
    ['an administrator that is none', (scope) => kms(scope, { administrators: ['admin'] }), 'key administrator "admin"', 'copy the ARN'],
    ['several repositories', (scope) => ecr(scope, { repositoryArn: 'arn:aws:ecr:eu-west-1:111122223333:repository/apps/*' }), 'ECR repository ARN', 'one FluxEcrRepositoryPolicy for each repository'],
    ['objects of a bucket', (scope) => s3(scope, { bucketArn: `${BUCKET}/prod` }), 'S3 bucket ARN', 'pass the bucket\'s ARN'],
    ['a document that is no JSON', (scope) => ecr(scope, { sourcePolicyDocuments: ['policy.json'] }), 'source policy document "policy.json"', 'pass the text of the policy'],
    ['a document that is no policy', (scope) => ecr(scope, { sourcePolicyDocuments: ['{"Statement":["x"]}'] }), 'source policy document', 'pass the text of the policy'],
    ['a document with a statement that is none', (scope) => ecr(scope, { sourcePolicyDocuments: ['{"Statement":[{"Effect":"Deny","Principal":"*","Action":"ecr:*"},null]}'] }),
      'source policy document', 'pass the text of the policy'],
    ['a Sid twice', (scope) => ecr(scope, { sourcePolicyDocuments: ['A', 'B'].map((action) => document({ Sid: 'X', Effect: 'Deny', Principal: '*', Action: `ecr:${action}` })) }),
      'two source statements with the Sid "X"', 'rename one of them'],
    ['a misspelt option', (scope) => ecr(scope, { sourcePolicies: [] }), 'option "sourcePolicies" of FluxEcrRepositoryPolicy', 'correct the spelling'],
    ['a permission on something else', (scope) => ecr(scope).grant('X', role(scope), EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/other')),
      'a permission that is not on ECR repository', 'make the permission with the same ARN'],
    ['a permission on what its ARN, which only Terraform knows, may match', (scope) => {
      const { arn } = new EcrRepository(scope, 'Web', { name: 'apps/web' });
      ecr(scope, { repositoryArn: arn }).grant('X', role(scope), EcrPermissions.pull(`${arn}*`));
    }, 'a permission that is not on ECR repository', 'make the permission with the same ARN'],
    ['a permission of another service', (scope) => s3(scope).grant('X', role(scope), EksPermissions.access('arn:aws:eks:eu-west-1:111122223333:cluster/x')),
      'a permission that is not on S3 bucket', 'make the permission with the same ARN'],
    ['a permission that reads everything', (scope) => ecr(scope).grant('X', role(scope), EcrPermissions.readAll()), 'a permission that is not on ECR repository', 'make the permission'],
    ['what is no permission', (scope) => ecr(scope).grant('X', role(scope), 'pull' as any), 'a value that is no AwsPermission', 'pass a permission'],
    ['ECR by access key', (scope) => ecr(scope).grant('X', new FluxIamUser(scope, 'User', { name: 'u', secrets: [FluxSecret.bucket('a', 'b')] }), EcrPermissions.pull(REPOSITORY)),
      'permission "pull" on Amazon ECR for an identity by static credential', 'workload identity'],
  ])('%s', (_name, action, given, fix) => {
    const error = refused(() => action(stack()));
    expect(error.given).toContain(given);
    expect(error.fix).toContain(fix);
  });

  it('leaves a denial with conditions alone, and one to somebody else', () => {
    expect(() => kms(stack(), { sourcePolicyDocuments: [denial({ Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } } })] })).not.toThrow();
    expect(() => kms(stack(), { sourcePolicyDocuments: [denial({ Principal: { AWS: 'arn:aws:iam::111122223333:role/ci' } })] })).not.toThrow();
  });

  it('leaves nothing of a refused grant', () => {
    const build = (also: (policy: FluxEcrRepositoryPolicy, scope: TerraformStack) => void) => synth((scope) => {
      const images = role(scope);
      const policy = ecr(scope);
      policy.grant('A', images, EcrPermissions.pull(REPOSITORY));
      also(policy, scope);
    }).text;
    const without = build(() => undefined);
    expect(build((policy, scope) => refused(() => policy.grant('B', scope.node.findChild('Images') as any, KmsPermissions.decrypt(KEY))))).toBe(without);
  });
});

it('takes an ARN that only a variable knows', () => {
  const all = synth((scope) => {
    const arn = new TerraformVariable(scope, 'repository', { type: 'string' });
    ecr(scope, { repositoryArn: arn.stringValue }).grant('Images', role(scope), EcrPermissions.pull(arn.stringValue));
  });
  expect(only(all, 'aws_ecr_repository_policy').repository).toBe('${element(split(":repository/", var.repository), 1)}');
});
