import { AWS_ROWS, AwsRows } from './aws-permissions';
import { allowed, Call, PolicyDocument } from './iam';
import { decideAws } from '../../lib/access/aws-decision';
import { FluxIrsaRole } from '../../lib/aws/flux-irsa-role';
import { expectAccess } from '../../lib/testing';

/** `expectAccess` beside the simulator: what one says of a call, the other says. */
const policyOf = (statements: readonly { actions: readonly string[]; resources: readonly string[]; conditions?: unknown }[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements.map(({ actions, resources, conditions }) => ({
    Effect: 'Allow', Action: actions, Resource: resources, ...(conditions === undefined ? {} : { Condition: conditions }),
  })),
});

describe.each(AWS_ROWS.map((row, index) => ({ ...row, index })))('$name', ({ index, allowed: yes, denied: no }) => {
  const stack = new AwsRows();
  const role = stack.node.findChild(`Plain${index}`) as FluxIrsaRole;
  const access = expectAccess(stack).of(role);
  const rights = role._grants.flatMap((grant) => grant.rights);
  const policy = policyOf(rights.map(({ actions, resources, condition }) => ({ actions: actions!, resources, conditions: condition })));

  it('allows what Flux calls, and so does the simulator', () => {
    for (const call of yes) {
      access.allows(call);
      expect(() => access.denies(call)).toThrow(' may ');
      expect(allowed([policy], call)).toBe(true);
    }
    expect(yes.length).toBeGreaterThan(0);
  });

  it('denies every twin, and so does the simulator', () => {
    for (const call of no) {
      access.denies(call);
      expect(() => access.allows(call)).toThrow(' may not ');
      expect(allowed([policy], call)).toBe(false);
    }
    expect(no.length).toBeGreaterThan(0);
  });
});

describe('random policies', () => {
  /** The same numbers in every run (Lehmer's generator). */
  function numbers(seed: number): <T>(from: readonly T[]) => T {
    let state = seed;
    return (from) => {
      state = state * 48271 % 2147483647;
      return from[Math.floor(state / 2147483647 * from.length)];
    };
  }

  const ACTIONS = ['s3:GetObject', 's3:ListBucket', 's3:Get*', 's3:*', 's3:?etObject', 'kms:Decrypt', 'S3:getobject', 'kms:De*'];
  const RESOURCES = [
    '*', 'arn:aws:s3:::flux', 'arn:aws:s3:::flux/*', 'arn:aws:s3:::flu?/a.yaml', 'arn:aws:s3:::*/a.yaml', 'arn:aws:kms:eu-west-1:111122223333:key/a',
    'arn:aws:kms:*:111122223333:key/*', 'arn:aws:kms:eu-west-1:*:key/b', 'arn:aws:kms:eu-*:111122223333:*',
  ];
  const CONDITIONS = [
    undefined, undefined, undefined,
    { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } },
    { StringLike: { 'kms:ViaService': ['s3.*.amazonaws.com', 'x'] } },
    { StringEqualsIfExists: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } },
    { StringEqualsIgnoreCase: { 'KMS:viaservice': 'S3.eu-west-1.amazonaws.com' }, StringLike: { 'kms:EncryptionContext:Team': 'a*' } },
  ];
  const CALLS: readonly Call[] = [
    ...['arn:aws:s3:::flux/a.yaml', 'arn:aws:s3:::flux/deep/a.yaml', 'arn:aws:s3:::fluy/a.yaml'].map((resource) => ({ action: 's3:GetObject', resource })),
    ...['arn:aws:s3:::flux', 'arn:aws:s3:::flux2'].map((resource) => ({ action: 's3:ListBucket', resource })),
    ...['a', 'b'].flatMap((key) => [
      undefined, { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' }, { 'kms:ViaService': 's3.eu-central-1.amazonaws.com', 'kms:EncryptionContext:Team': 'ab' },
      { 'kms:ViaService': 's3.eu-west-1.amazonaws.com', 'kms:EncryptionContext:Team': 'ab' },
    ].map((context): Call => ({ action: 'kms:Decrypt', resource: `arn:aws:kms:eu-west-1:111122223333:key/${key}`, context: context as Call['context'] }))),
  ];

  it('are decided as the simulator decides them', () => {
    const pick = numbers(18);
    const counts = { true: 0, false: 0 };
    const differing: unknown[] = [];
    for (let round = 0; round < 200; round += 1) {
      const statements = Array.from({ length: pick([1, 2, 3]) }, () => ({
        actions: [pick(ACTIONS), pick(ACTIONS)], resources: [pick(RESOURCES), pick(RESOURCES)], conditions: pick(CONDITIONS),
      }));
      for (const call of CALLS) {
        const ours = decideAws(statements, call).allowed;
        const theirs = allowed([policyOf(statements)], call);
        counts[`${theirs}`] += 1;
        if (ours !== theirs) differing.push({ statements, call, ours, theirs });
      }
    }
    expect(differing).toEqual([]);
    expect(Math.min(counts.true, counts.false)).toBeGreaterThan(300);
  });
});
