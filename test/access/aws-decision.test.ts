import { decideAws } from '../../lib/access/aws-decision';
import { allowed } from '../conformance/iam';

const PULL = { actions: ['ecr:BatchGetImage', 'ecr:ListImages'], resources: ['arn:aws:ecr:eu-west-1:111122223333:repository/apps/*'] };
const LIST = { actions: ['s3:ListBucket'], resources: ['arn:aws:s3:::flux'], conditions: { StringLike: { 's3:prefix': ['clusters/prod/*', 'clusters/prod'] } } };
const decide = (action: string, resource: string, context?: { [key: string]: string | string[] }) => (
  decideAws([PULL, LIST], { action, resource, context })
);

test('says which statement allows', () => {
  const decision = decide('ecr:batchgetimage', 'arn:aws:ecr:eu-west-1:111122223333:repository/apps/a');
  expect(decision.allowed).toBe(true);
  expect(decision.because).toContain('repository/apps/*');
});

test.each([
  ['another action', 'ecr:PutImage', 'arn:aws:ecr:eu-west-1:111122223333:repository/apps/a', 'no statement allows ecr:PutImage'],
  ['another repository', 'ecr:ListImages', 'arn:aws:ecr:eu-west-1:111122223333:repository/other', 'the resource is not one of'],
  ['a wildcard does not reach into the next part', 'ecr:ListImages', 'arn:aws:ecr:eu-west-1:222222222222:repository/apps/a', 'the resource is not one of'],
  ['a condition key that is not sent', 's3:ListBucket', 'arn:aws:s3:::flux', 'which the request does not carry'],
])('denies %s, and says why', (_, action, resource, because) => {
  expect(decide(action, resource)).toEqual({ allowed: false, because: expect.stringContaining(because) });
});

test.each([
  ['an operator that it does not know', { DateLessThan: { 'aws:CurrentTime': ['2030-01-01T00:00:00Z'] } }],
  ['ForAllValues', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } }],
  ['a policy variable', { StringEquals: { 'aws:PrincipalTag/team': ['${aws:username}'] } }],
])('does not guess: %s', (_, conditions) => {
  const decision = decideAws([{ ...PULL, conditions }], { action: 'ecr:ListImages', resource: 'arn:aws:ecr:eu-west-1:111122223333:repository/apps/a' });
  expect(decision.allowed).toBe('unknown');
});

test('another statement that allows outweighs one that cannot be told', () => {
  const odd = { ...PULL, conditions: { DateLessThan: { 'aws:CurrentTime': ['2030-01-01T00:00:00Z'] } } };
  expect(decideAws([odd, PULL], { action: 'ecr:ListImages', resource: 'arn:aws:ecr:eu-west-1:111122223333:repository/apps/a' }).allowed).toBe(true);
});

/** Random policies and calls, the same in every run, judged by the simulator too. */
test('agrees with the IAM simulator', () => {
  let seed = 11;
  const pick = <T>(values: readonly T[]): T => values[(seed = (seed * 1103515245 + 12345) % 2147483648) % values.length];
  const actions = ['ecr:BatchGetImage', 'ecr:ListImages', 's3:GetObject', 's3:ListBucket', 'kms:Decrypt', 'codecommit:GitPull'];
  const resources: { readonly [service: string]: readonly string[] } = {
    ecr: ['arn:aws:ecr:eu-west-1:111122223333:repository/apps/a', 'arn:aws:ecr:eu-west-1:111122223333:repository/apps/a/b', 'arn:aws:ecr:us-east-1:111122223333:repository/x'],
    s3: ['arn:aws:s3:::flux', 'arn:aws:s3:::flux/clusters/prod/x', 'arn:aws:s3:::other'],
    kms: ['arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'],
    codecommit: ['arn:aws:codecommit:eu-west-1:111122223333:fleet'],
  };
  const patterns = ['arn:aws:ecr:eu-west-1:111122223333:repository/*', 'arn:aws:ecr:*:111122223333:repository/apps/?', 'arn:aws:s3:::flux', 'arn:aws:s3:::flux/*', 'arn:aws:s3:::fl?x/clusters/*',
    'arn:aws:kms:*:111122223333:key/*', 'arn:aws:codecommit:eu-west-1:111122223333:fl*', '*'];
  const conditions = [undefined, undefined, { StringLike: { 's3:prefix': ['clusters/*'] } }, { StringEquals: { 'kms:ViaService': ['x', 'y'] } }, { StringEqualsIfExists: { 's3:prefix': ['clusters/prod/'] } }];
  const contexts = [{}, { 's3:prefix': 'clusters/prod/' }, { 'kms:ViaService': 'y' }];
  const counts = { same: 0, allowed: 0 };
  for (let index = 0; index < 1000; index++) {
    const statements = [0, 1].map(() => ({ actions: [pick(actions), pick(['ecr:*Image*', 's3:Get*', 'kms:Decrypt'])], resources: [pick(patterns), pick(patterns)], conditions: pick(conditions) }));
    const action = pick(actions);
    const call = { action, resource: pick(resources[action.split(':')[0]]), context: pick(contexts) as { [key: string]: string } };
    const document = {
      Version: '2012-10-17',
      Statement: statements.map(({ actions: Action, resources: Resource, conditions: Condition }) => ({ Effect: 'Allow', Action, Resource, ...(Condition === undefined ? {} : { Condition }) })),
    };
    const decision = decideAws(statements, call).allowed;
    expect({ call, statements, allowed: decision }).toEqual({ call, statements, allowed: allowed([document], call) });
    counts.same++;
    if (decision === true) counts.allowed++;
  }
  expect(counts.same).toBe(1000);
  expect(counts.allowed).toBeGreaterThan(100);
});
