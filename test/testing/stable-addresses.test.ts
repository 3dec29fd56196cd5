import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { App, TerraformStack, Testing } from 'cdktf';
import { addressesOf, expectStableAddresses } from '../../lib/testing';

/** An app of stacks with buckets. */
function app(stacks: { [stack: string]: string[] }, change?: (find: (path: string) => any) => void): App {
  const scope = Testing.app();
  for (const [id, buckets] of Object.entries(stacks)) {
    const stack = new TerraformStack(scope, id);
    for (const bucket of buckets) new S3Bucket(stack, bucket, {});
  }
  change?.((path) => path.split('/').reduce((at, id) => at.node.findChild(id), scope as any));
  return scope;
}

const RECORDED = { prod: ['aws_s3_bucket.A', 'aws_s3_bucket.B'], test: ['aws_s3_bucket.A'] };
const ALL = { test: ['A'], prod: ['B', 'A'] };

test('the record is sorted, by stack, and holds against itself', () => {
  expect(JSON.stringify(addressesOf(app(ALL)))).toBe(JSON.stringify(RECORDED));
  expectStableAddresses(app(ALL), RECORDED);
  expectStableAddresses(app(ALL).node.findChild('prod'), { prod: RECORDED.prod });
});

test('a resource that is gone, and the one that it may have become', () => {
  expect(() => expectStableAddresses(app({ ...ALL, prod: ['A'] }), RECORDED))
    .toThrow('stack "prod": aws_s3_bucket.B is gone, and Terraform would destroy what it stands for. Keep its construct, or record anew');
  expect(() => expectStableAddresses(app({ ...ALL, prod: ['A', 'C'] }), RECORDED))
    .toThrow('If it is now aws_s3_bucket.C, say so there: moveFromId(\'aws_s3_bucket.B\').');
});

test('moved blocks explain it, one after the other; so does letting go without destroying', () => {
  expectStableAddresses(app({ ...ALL, prod: ['A', 'C'] }, (find) => find('prod/C').moveFromId('aws_s3_bucket.B')), RECORDED);
  const chain = [{ from: 'aws_s3_bucket.B', to: 'aws_s3_bucket.X' }, { from: 'aws_s3_bucket.X', to: 'aws_s3_bucket.C' }];
  expectStableAddresses(app({ ...ALL, prod: ['A', 'C'] }, (find) => find('prod').addOverride('moved', chain)), RECORDED);
  const circle = [...chain.slice(0, 1), { from: 'aws_s3_bucket.X', to: 'aws_s3_bucket.B' }];
  expect(() => expectStableAddresses(app({ ...ALL, prod: ['A'] }, (find) => find('prod').addOverride('moved', circle)), RECORDED)).toThrow('aws_s3_bucket.B is gone');
  const letGo = (destroy: boolean) => app({ ...ALL, prod: ['A'] }, (find) => find('prod').addOverride('removed', [{ from: 'aws_s3_bucket.B', lifecycle: { destroy } }]));
  expectStableAddresses(letGo(false), RECORDED);
  expect(() => expectStableAddresses(letGo(true), RECORDED)).toThrow('aws_s3_bucket.B is gone');
});

test('a move to where nothing is explains nothing', () => {
  const elsewhere = app({ ...ALL, prod: ['A', 'C'] }, (find) => find('prod').addOverride('moved', [{ from: 'aws_s3_bucket.B', to: 'aws_s3_bucket.D' }]));
  expect(() => expectStableAddresses(elsewhere, RECORDED)).toThrow('aws_s3_bucket.B is gone');
});

test('what is new is to be recorded, and a stack that is gone looks after nothing', () => {
  expect(() => expectStableAddresses(app({ ...ALL, prod: ['A', 'B', 'C'] }), RECORDED)).toThrow('stack "prod": not recorded yet: aws_s3_bucket.C. Record anew');
  expect(() => expectStableAddresses(app({ ...ALL, new: ['A'] }), RECORDED)).toThrow('stack "new": not recorded yet: aws_s3_bucket.A.');
  expect(() => expectStableAddresses(app({ prod: ALL.prod }), RECORDED)).toThrow('stack "test" is gone, and nothing looks after the 1 resources in its state');
});

test('a record of another form', () => {
  for (const record of [undefined, null, [], 'a', { prod: 'a' }, { prod: [1] }]) {
    expect(() => expectStableAddresses(app(ALL), record as any)).toThrow('the record is { "<stack>": ["<type>.<name>", ...] }, as addressesOf gives it.');
  }
});
