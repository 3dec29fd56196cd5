import { allowed, canAssumeWithWebIdentity, PolicyDocument, WebIdentity } from './iam';

const ISSUER = 'https://oidc.example.com/clusters/kind';
const PROVIDER = 'arn:aws:iam::111122223333:oidc-provider/oidc.example.com/clusters/kind';
const FLUX: WebIdentity = { issuer: ISSUER, provider: PROVIDER, sub: 'system:serviceaccount:flux-system:source-controller', aud: 'sts.amazonaws.com' };

function trust(condition?: object): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Federated: PROVIDER }, Action: 'sts:AssumeRoleWithWebIdentity', ...(condition && { Condition: condition }) }],
  };
}

function policy(action: string, resource: string, condition?: object): PolicyDocument {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: resource, ...(condition && { Condition: condition }) }] };
}

// The simulator must tell policies apart: a negative test against one that denies everything would prove nothing.
describe('canAssumeWithWebIdentity', () => {
  const aud = { 'oidc.example.com/clusters/kind:aud': FLUX.aud };
  const sub = { 'oidc.example.com/clusters/kind:sub': FLUX.sub };

  it.each<[string, Partial<WebIdentity>, object]>([
    ['subject', { sub: 'system:serviceaccount:flux-system:other' }, aud],
    ['audience', { aud: 'other' }, sub],
  ])('sees a wrong %s where the policy asks for it, and lets it in where it does not', (_, wrong, rest) => {
    const full = trust({ StringEquals: { ...aud, ...sub } });
    expect(canAssumeWithWebIdentity(full, FLUX)).toBe(true);
    expect(canAssumeWithWebIdentity(full, { ...FLUX, ...wrong })).toBe(false);
    expect(canAssumeWithWebIdentity(trust({ StringEquals: rest }), { ...FLUX, ...wrong })).toBe(true);
    expect(canAssumeWithWebIdentity(trust(), { ...FLUX, ...wrong })).toBe(true);
  });

  it('sees another provider, and keys of another issuer', () => {
    expect(canAssumeWithWebIdentity(trust(), { ...FLUX, provider: `${PROVIDER}2` })).toBe(false);
    expect(canAssumeWithWebIdentity(trust({ StringEquals: { 'oidc.example.com/other:sub': FLUX.sub } }), FLUX)).toBe(false);
  });

  it('takes a wildcard in StringEquals literally', () => {
    const wild = (operator: string) => trust({ [operator]: { 'oidc.example.com/clusters/kind:sub': 'system:serviceaccount:flux-system:*' } });
    expect(canAssumeWithWebIdentity(wild('StringEquals'), FLUX)).toBe(false);
    expect(canAssumeWithWebIdentity(wild('StringLike'), FLUX)).toBe(true);
  });
});

describe('allowed', () => {
  const key = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

  it('compares action and resource', () => {
    const repository = 'arn:aws:ecr:eu-west-1:111122223333:repository/';
    const pull = [policy('ecr:BatchGetImage', `${repository}apps/*`)];
    expect(allowed(pull, { action: 'ecr:BatchGetImage', resource: `${repository}apps/web` })).toBe(true);
    expect(allowed(pull, { action: 'ecr:BatchGetImage', resource: `${repository}other/web` })).toBe(false);
    expect(allowed(pull, { action: 'ecr:ListImages', resource: `${repository}apps/web` })).toBe(false);
    expect(allowed([policy('ecr:GetAuthorizationToken', '*')], { action: 'ecr:GetAuthorizationToken', resource: '*' })).toBe(true);
    expect(allowed([policy('ecr:GetAuthorizationToken', `${repository}apps/*`)], { action: 'ecr:GetAuthorizationToken', resource: '*' })).toBe(false);
    expect(allowed([], { action: 'ecr:GetAuthorizationToken', resource: '*' })).toBe(false);
  });

  it('compares condition keys, made-up ones included', () => {
    const decrypt = [policy('kms:Decrypt', key, { StringEquals: { 'kms:EncryptionContext:team': 'a' } })];
    expect(allowed(decrypt, { action: 'kms:Decrypt', resource: key, context: { 'kms:EncryptionContext:team': 'a' } })).toBe(true);
    expect(allowed(decrypt, { action: 'kms:Decrypt', resource: key, context: { 'kms:EncryptionContext:team': 'b' } })).toBe(false);
    expect(allowed(decrypt, { action: 'kms:Decrypt', resource: key })).toBe(false);
    expect(allowed([policy('kms:Decrypt', key)], { action: 'kms:Decrypt', resource: key })).toBe(true);
  });

  it('asks both sides across accounts', () => {
    const principal = 'arn:aws:sts::444455556666:assumed-role/flux/session';
    const bucket = 'arn:aws:s3:::flux-manifests';
    const call = { action: 's3:ListBucket', resource: bucket };
    const bucketPolicy = policy('s3:ListBucket', bucket);
    bucketPolicy.Statement[0].Principal = { AWS: 'arn:aws:iam::444455556666:role/flux' };
    const across = { principal, resourceAccount: '111122223333' };
    expect(allowed([policy('s3:ListBucket', bucket)], call, { ...across, resourcePolicy: bucketPolicy })).toBe(true);
    expect(allowed([policy('s3:ListBucket', bucket)], call, across)).toBe(false);
    expect(allowed([], call, { ...across, resourcePolicy: bucketPolicy })).toBe(false);
  });
});
