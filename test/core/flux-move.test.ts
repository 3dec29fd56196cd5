import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { App, TerraformElement, TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
import { FluxIrsaRole } from '../../lib/aws/flux-irsa-role';
import { FluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { EcrPermissions } from '../../lib/aws/permissions/ecr';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxMove } from '../../lib/core/flux-move';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { addressesOf } from '../../lib/testing';
import { stack } from '../support';

function role(scope: Construct, id: string): FluxIrsaRole {
  const within = TerraformStack.of(scope);
  const issuer = ClusterIssuer.eks(within, 'Cluster', { clusterName: 'prod' });
  const made = new FluxIrsaRole(scope, id, {
    oidcProviders: [new FluxOidcProvider(within, 'Oidc', { issuer })], serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE)],
  });
  made.grant('Apps', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps/*'));
  return made;
}

const movedIn = (scope: TerraformStack) => JSON.parse(Testing.synth(scope)).moved?.map(({ from, to }: any) => [from, to]);
const of = (scope: TerraformStack, type: string) => Object.values(addressesOf(scope)).flat().filter((address) => address.startsWith(type)).sort();

test('every resource below moves from the address that it had', () => {
  const before = stack();
  role(before, 'Images');
  const after = stack();
  FluxMove.from(role(after, 'Pictures'), 'Images');
  expect(of(before, 'aws_iam_role')).toHaveLength(2);
  expect(movedIn(after).sort()).toEqual(of(before, 'aws_iam_role').map((from, index) => [from, of(after, 'aws_iam_role')[index]]));
});

test('into a scope and out of one, where the old one is there still or not', () => {
  const before = stack();
  role(new Construct(before, 'Flux'), 'Images');
  for (const isThere of [true, false]) {
    const after = stack();
    if (isThere) new Construct(after, 'Flux');
    FluxMove.from(role(after, 'Images'), 'Flux/Images');
    expect(movedIn(after).map(([from]: string[]) => from).sort()).toEqual(of(before, 'aws_iam_role'));
    expect(after.node.findAll().map(({ node }) => node.path).filter((path) => /Flux(\/|$)/.test(path))).toEqual(isThere ? ['test/Flux'] : []);
  }
  const back = stack();
  FluxMove.from(role(new Construct(back, 'Flux'), 'Images'), 'Images');
  expect(movedIn(back).map(([, to]: string[]) => to).sort()).toEqual(of(before, 'aws_iam_role'));
});

test('a construct that took the old place stays there', () => {
  const scope = stack();
  const [taken, bucket] = [new S3Bucket(scope, 'Old', {}), new S3Bucket(scope, 'New', {})];
  FluxMove.from(bucket, 'Old');
  expect(scope.node.children).toEqual([taken, bucket]);
  expect(movedIn(scope)).toEqual([['aws_s3_bucket.Old', 'aws_s3_bucket.New']]);
});

test('names of the stack\'s own rule, and addresses that somebody chose', () => {
  class Prefixed extends TerraformStack {
    protected allocateLogicalId(element: any): string {
      return `p_${super.allocateLogicalId(element)}`;
    }
  }
  const scope = new Prefixed(Testing.app(), 'test');
  const group = new Construct(scope, 'New');
  new S3Bucket(group, 'A', {});
  new S3Bucket(group, 'B', {}).overrideLogicalId('mine');
  FluxMove.from(group, 'Old');
  const [[from, to], ...more] = movedIn(scope);
  expect([from, to, more]).toEqual([expect.stringMatching(/^aws_s3_bucket\.p_Old_A_/), expect.stringMatching(/^aws_s3_bucket\.p_New_A_/), []]);
});

test('bad input', () => {
  const scope = stack();
  const bucket = new S3Bucket(scope, 'Bucket', {});
  for (const path of ['', '/', 'a//b', 'Bucket']) expect(() => FluxMove.from(bucket, path)).toThrow(`previousPath "${path}" is not accepted`);
  expect(() => FluxMove.from(bucket, 'Bucket')).toThrow('now it is "Bucket"');
  expect(() => FluxMove.from(bucket, 1 as any)).toThrow('previousPath of FluxMove.from');
  for (const other of [scope, new App(), new TerraformElement(new TerraformStack(Testing.app(), 'a'), 'b').node as any, undefined as any]) {
    expect(() => FluxMove.from(other, 'Old')).toThrow('a construct in a stack');
  }
  expect(movedIn(scope)).toBeUndefined();
});

test.each(['constructor', 'Flux/__proto__', 'Flux//Images'])('%s is no path of a construct', (path) => {
  const scope = stack();
  expect(() => FluxMove.from(new S3Bucket(scope, 'Bucket', {}), path)).toThrow(`previousPath "${path}" is not accepted`);
  expect(movedIn(scope)).toBeUndefined();
});

describe('fromAddress', () => {
  it.each([
    'aws_s3_bucket.mine', 'module.flux.aws_s3_bucket.this[0]', 'module.a.module.b["x"].aws_s3_bucket.this["k"]', 'module.a[0].aws_s3_bucket.this',
  ])('takes over %s', (address) => {
    const scope = stack();
    const group = new Construct(scope, 'Group');
    new S3Bucket(group, 'Bucket', {});
    FluxMove.fromAddress(group, address);
    expect(movedIn(scope)).toEqual([[address, expect.stringMatching(/^aws_s3_bucket\.Group_Bucket_/)]]);
  });

  it.each(['', 'aws_s3_bucket', 'data.aws_s3_bucket.mine', 'module.flux.data.aws_s3_bucket.mine', 'module.flux', 'aws_s3_bucket.mine.arn', 'aws_s3_bucket.mine[x]'])('refuses %j', (address) => {
    const scope = stack();
    expect(() => FluxMove.fromAddress(new S3Bucket(scope, 'Bucket', {}), address)).toThrow('Copy it from `terraform state list`.');
    expect(movedIn(scope)).toBeUndefined();
  });

  it('refuses what is not there, or there twice', () => {
    const scope = stack();
    const group = new Construct(scope, 'Group');
    ['A', 'B'].forEach((id) => new S3Bucket(group, id, {}));
    expect(() => FluxMove.fromAddress(group, 'aws_iam_role.mine')).toThrow('There is none: a resource keeps its type when it moves.');
    expect(() => FluxMove.fromAddress(group, 'aws_s3_bucket.mine')).toThrow('There are 2: test/Group/A, test/Group/B.');
    expect(movedIn(scope)).toBeUndefined();
  });
});
