import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack, TerraformVariable } from 'cdktf';
import { EKS_URL, PROVIDER_ARN, role } from './support';
import { AwsPermission } from '../../lib/aws/aws-permission';
import { FluxEcrRepositoryPolicy } from '../../lib/aws/flux-ecr-repository-policy';
import { FluxIamUser } from '../../lib/aws/flux-iam-user';
import { FluxKmsKeyPolicy } from '../../lib/aws/flux-kms-key-policy';
import { FluxNodeRole } from '../../lib/aws/flux-node-role';
import { FluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { FluxS3BucketPolicy } from '../../lib/aws/flux-s3-bucket-policy';
import { EcrPermissions } from '../../lib/aws/permissions/ecr';
import { KmsPermissions } from '../../lib/aws/permissions/kms';
import { S3Permissions } from '../../lib/aws/permissions/s3';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxNodeUse } from '../../lib/core/flux-node-use';
import { FluxSecret } from '../../lib/core/flux-secret';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxInstallation } from '../../lib/flux/flux-installation';
import { addresses, decoded, only, prepare, refused, resolved, stack, synth, synthesized } from '../support';

const OWNER = '444455556666';
const ACCOUNT = '111122223333';
const REPOSITORY = `arn:aws:ecr:eu-west-1:${OWNER}:repository/shared/apps`;
const BUCKET = 'arn:aws:s3:::shared-manifests';
const KEY = `arn:aws:kms:eu-west-1:${OWNER}:key/0987dcba-09fe-87dc-65ba-ab0987654321`;
const PULL = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:ListImages'];

const reader = (scope: TerraformStack, props = {}) => role(scope, 'Reader', { account: ACCOUNT, ...props });
const named = (scope: TerraformStack) => reader(scope, { name: 'reader' });
const PLAIN = `arn:aws:iam::${ACCOUNT}:role/reader`;

function warnings(scope: TerraformStack): string[] {
  prepare(scope.node.root);
  return scope.node.findAll().flatMap(({ node }) => node.metadata).filter(({ type }) => type === '@cdktf/warn').map(({ data }) => String(data));
}

describe('granting across accounts', () => {
  it('says what a repository\'s policy needs: no Resource, no token action', () => {
    const scope = stack();
    const grant = named(scope).grant('Apps', EcrPermissions.pull(REPOSITORY));
    const statements = [{ Effect: 'Allow', Principal: { AWS: PLAIN }, Action: PULL }];
    expect(warnings(scope)).toEqual([
      `Grant "test/Reader/Apps" is on resources that are not in account ${ACCOUNT}. Both sides must allow it: the policy of ${REPOSITORY} needs ${JSON.stringify(statements)}. `
      + 'The grant\'s `ownerStatements` holds it for an output. [id: aws-owner-policy:test/Reader/Apps]',
    ]);
    expect(JSON.parse(grant.ownerStatements!)).toEqual({ [REPOSITORY]: statements });
  });

  it('says what bucket and key need, each for itself', () => {
    const scope = stack();
    const grant = named(scope).grant('Manifests', S3Permissions.read(BUCKET, { account: OWNER, sseKmsKeyArn: KEY }));
    const Principal = { AWS: PLAIN };
    expect(JSON.parse(grant.ownerStatements!)).toEqual({
      [KEY]: [{ Effect: 'Allow', Principal, Action: 'kms:Decrypt', Resource: '*', Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } } }],
      [BUCKET]: [
        { Effect: 'Allow', Principal, Action: 's3:ListBucket', Resource: BUCKET },
        { Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: `${BUCKET}/*` },
      ],
    });
    expect(warnings(scope)).toHaveLength(1);
    expect([...warnings(scope)[0].matchAll(/the policy of (\S+) needs/g)].map(([, resource]) => resource)).toEqual([KEY, BUCKET]);
  });

  it('says what the trust policy of a SOPS role needs', () => {
    const grant = named(stack()).grant('Role', KmsPermissions.assumeSopsRole(`arn:aws:iam::${OWNER}:role/sops`));
    expect(JSON.parse(grant.ownerStatements!)).toEqual({
      [`arn:aws:iam::${OWNER}:role/sops`]: [{ Effect: 'Allow', Principal: { AWS: PLAIN }, Action: 'sts:AssumeRole' }],
    });
  });

  it('holds the ARN that only Terraform knows, and shows no token', () => {
    const scope = stack();
    const grant = reader(scope).grant('Key', KmsPermissions.decrypt(KEY));
    const [warning] = warnings(scope);
    expect(warning).toContain('"Principal":{"AWS":"<the identity\'s ARN>"}');
    expect(warning).not.toContain('TfToken');
    expect(decoded(resolved(scope, grant.ownerStatements))[KEY][0].Principal.AWS).toMatch(/^<aws_iam_role\.Reader_\w+\.arn>$/);
  });

  it('says of each resource what it needs, and only of what is known to be foreign', () => {
    const scope = stack();
    const variable = (id: string) => new TerraformVariable(scope, id, { type: 'string' }).stringValue;
    named(scope).grant('Manifests', S3Permissions.read(BUCKET, { account: OWNER, sseKmsKeyArn: KEY, prefix: `${variable('prefix')}/` }));
    const grant = role(scope, 'Other', { account: ACCOUNT }).grant('Encrypted', S3Permissions.read(BUCKET, { account: OWNER, sseKmsKeyArn: variable('key') }));
    expect(Object.keys(decoded(resolved(scope, grant.ownerStatements)))).toEqual([BUCKET]);
    expect(warnings(scope)[0]).toContain(`}]; the policy of ${BUCKET} needs `);
    expect(warnings(scope)[0]).toContain(`["${BUCKET}/.sourceignore","${BUCKET}/<a value known at apply>/*"]`);
  });

  it('is said once of a composed permission, and beside what else a grant is warned of', () => {
    const scope = stack();
    const statements = [[REPOSITORY, 'ecr:ListImages'], [KEY, 'kms:Decrypt'], ['arn:aws:s3:::x/*', 's3:GetObject']]
      .map(([on, action]) => ({ actions: [action], resources: [on] }));
    named(scope).grant('Own', AwsPermission.of(...statements));
    expect(warnings(scope)).toEqual([expect.stringContaining(`the policy of ${REPOSITORY} needs`)]);
    const other = stack();
    named(other).grant('Open', S3Permissions.read(BUCKET, { account: OWNER, prefix: 'team-a' }));
    expect(warnings(other).map((text) => /\[id: (.*)\]$/.exec(text)?.[1])).toEqual(['aws-s3-open-prefix:test/Reader/Open', 'aws-owner-policy:test/Reader/Open']);
  });

  it('warns once, however often the stack is synthesized', () => {
    const scope = stack();
    named(scope).grant('Apps', EcrPermissions.pull(REPOSITORY));
    warnings(scope);
    expect(warnings(scope)).toHaveLength(1);
  });

  it('is said and acknowledged on the installation, where there is one', () => {
    const scope = stack();
    const identity = named(scope);
    const issuer = scope.node.findChild('ReaderCluster') as ClusterIssuer;
    identity.grant('Apps', EcrPermissions.pull(REPOSITORY));
    const acknowledgeWarnings = ['aws-owner-policy:test/Reader/Apps', 'undelivered-controllers'];
    const flux = new FluxInstallation(scope, 'Flux', { issuer, version: FluxVersion.V2_10, identities: [identity], acknowledgeWarnings });
    identity.grant('More', S3Permissions.read(BUCKET, { account: OWNER }));
    expect(flux.warnings.map(({ id }) => id)).toEqual(['aws-owner-policy:test/Reader/Apps', 'aws-owner-policy:test/Reader/More', 'undelivered-controllers']);
    expect(warnings(scope)).toEqual([expect.stringMatching(/^Grant "test\/Reader\/More" is on resources .* \[id: aws-owner-policy:test\/Reader\/More\]$/)]);
    expect(flux.node.metadata).toHaveLength(1);
  });

  it('is said on the grant for an identity of nodes, which belongs to no installation', () => {
    const scope = stack();
    FluxNodeRole.fromRoleArn(scope, 'Nodes', { roleArn: PLAIN }).grant('Apps', EcrPermissions.pull(REPOSITORY));
    expect(warnings(scope)).toEqual([expect.stringContaining('[id: aws-owner-policy:test/Nodes/Apps]')]);
  });

  it('says nothing at home, nor where an account is not known', () => {
    const scope = stack();
    const home = role(scope, 'Home', { account: OWNER, ...elsewhere(scope) }).grant('Apps', EcrPermissions.pull(REPOSITORY));
    const unknown = role(scope, 'Unknown').grant('Apps', EcrPermissions.pull(REPOSITORY));
    const bucket = named(scope).grant('Manifests', S3Permissions.read(BUCKET));
    expect([home, unknown, bucket].map(({ ownerStatements }) => ownerStatements)).toEqual([undefined, undefined, undefined]);
    expect(warnings(scope)).toEqual([]);
  });

  it('refuses an account that is none', () => {
    expect(refused(() => named(stack()).grant('X', S3Permissions.read(BUCKET, { account: '1' }))).given).toContain('account "1"');
  });
});

describe('the owner\'s side in the same app', () => {
  const permissions = () => ({
    pull: EcrPermissions.pull(REPOSITORY), read: S3Permissions.read(BUCKET, { account: OWNER }), decrypt: KmsPermissions.decrypt(KEY),
  });
  const grants = (scope: TerraformStack, identity: any, { pull, read, decrypt } = permissions()) => ({
    identity: () => { identity.grant('Apps', pull); identity.grant('Manifests', read); identity.grant('Key', decrypt); },
    owner: () => {
      new FluxEcrRepositoryPolicy(scope, 'Apps', { repositoryArn: REPOSITORY }).grant('Reader', identity, pull);
      new FluxS3BucketPolicy(scope, 'Manifests', { bucketArn: BUCKET }).grant('Reader', identity, read);
      new FluxKmsKeyPolicy(scope, 'Key', { keyArn: KEY }).grant('Reader', identity, decrypt);
    },
  });

  it('leaves nothing to warn of, whichever side comes first', () => {
    for (const order of [['identity', 'owner'], ['owner', 'identity']] as const) {
      const scope = stack();
      const sides = grants(scope, named(scope));
      order.forEach((side) => sides[side]());
      expect(warnings(scope)).toEqual([]);
    }
  });

  it('is asked for from everyone who is not let in', () => {
    const scope = stack();
    const { owner } = grants(scope, named(scope));
    owner();
    role(scope, 'Other', { account: ACCOUNT }).grant('Apps', EcrPermissions.pull(REPOSITORY));
    expect(warnings(scope)).toHaveLength(1);
  });

  it('names the attribute of the role, so that Terraform makes the role first', () => {
    const scope = stack();
    const { owner } = grants(scope, named(scope));
    owner();
    const all = synthesized(scope);
    for (const type of ['aws_ecr_repository_policy', 'aws_s3_bucket_policy', 'aws_kms_key_policy']) {
      expect(only(all, type).policy).toMatch(/\$\{jsonencode\(aws_iam_role\.Reader_\w+\.arn\)\}/);
    }
  });
});

describe('KmsPermissions.decryptByGrant', () => {
  it('adds a grant to the key, and allows it on the identity\'s side', () => {
    const all = synth((scope) => {
      const provider = new AwsProvider(scope, 'Owner', { alias: 'owner' });
      reader(scope).grant('Key', KmsPermissions.decryptByGrant(KEY, { encryptionContext: { team: 'a', app: 'b' }, provider }));
    });
    const roleAddress = addresses(all, 'aws_iam_role.')[0];
    expect(only(all, 'aws_kms_grant')).toEqual({
      key_id: KEY,
      grantee_principal: `\${${roleAddress}.arn}`,
      operations: ['Decrypt'],
      constraints: [{ encryption_context_subset: { app: 'b', team: 'a' } }],
      region: 'eu-west-1',
      provider: 'aws.owner',
      lifecycle: { replace_triggered_by: [`${roleAddress}.unique_id`] },
    });
    expect(JSON.parse(only(all, 'aws_iam_role_policy').policy).Statement).toEqual([{
      Effect: 'Allow', Action: 'kms:Decrypt', Resource: KEY, Condition: { StringEquals: { 'kms:EncryptionContext:app': 'b', 'kms:EncryptionContext:team': 'a' } },
    }]);
  });

  it('needs nothing of the key\'s policy, and is waited for', () => {
    const scope = stack();
    const grant = reader(scope).grant('Key', KmsPermissions.decryptByGrant(KEY));
    expect(warnings(scope)).toEqual([]);
    expect(grant.ownerStatements).toBeUndefined();
    expect(grant.addresses.map((address) => address.split('.')[0])).toEqual(['aws_iam_role_policy', 'aws_kms_grant']);
    expect(only(synthesized(scope), 'aws_kms_grant')).not.toHaveProperty('constraints');
  });

  it('serves a role that was made elsewhere, which nothing here replaces', () => {
    const all = synth((scope) => FluxNodeRole.fromRoleArn(scope, 'Nodes', { roleArn: PLAIN, use: FluxNodeUse.UNTESTED }).grant('Key', KmsPermissions.decryptByGrant(KEY)));
    expect(only(all, 'aws_kms_grant')).toEqual({ key_id: KEY, grantee_principal: PLAIN, operations: ['Decrypt'], region: 'eu-west-1' });
  });

  it('serves a user, too', () => {
    const all = synth((scope) => new FluxIamUser(scope, 'User', { name: 'u', secrets: [FluxSecret.sops('a', 'b')] }).grant('Key', KmsPermissions.decryptByGrant(KEY)));
    expect(only(all, 'aws_kms_grant').grantee_principal).toMatch(/^\$\{aws_iam_user\./);
  });

  it('refuses an alias and misspelt options', () => {
    expect(refused(() => reader(stack()).grant('Key', KmsPermissions.decryptByGrant(`arn:aws:kms:eu-west-1:${OWNER}:alias/sops`))).given).toContain('KMS key ARN');
    expect(refused(() => reader(stack()).grant('Key', KmsPermissions.decryptByGrant(KEY, { context: {} } as any))).given).toContain('option "context" of KmsPermissions.decryptByGrant');
  });
});

/** An OIDC provider of the owner's account. */
function elsewhere(scope: TerraformStack) {
  const issuer = ClusterIssuer.eks(scope, 'Elsewhere', { clusterName: 'prod', issuerUrl: EKS_URL });
  return { oidcProviders: [FluxOidcProvider.fromOidcProviderArn(scope, 'ElsewhereOidc', { issuer, arn: PROVIDER_ARN.replace(ACCOUNT, OWNER) })] };
}
