import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { Aspects, TerraformResourceLifecycle, TerraformStack } from 'cdktf';
import { AwsPermission } from '../../lib/aws/aws-permission';
import { FluxIrsaRole, FluxIrsaRoleProps } from '../../lib/aws/flux-irsa-role';
import { FluxRolePolicies } from '../../lib/aws/flux-role-policies';
import { EcrPermissions } from '../../lib/aws/permissions/ecr';
import { EcrPublicPermissions } from '../../lib/aws/permissions/ecr-public';
import { KmsPermissions } from '../../lib/aws/permissions/kms';
import { S3Permissions } from '../../lib/aws/permissions/s3';
import { Grant } from '../../lib/core/grant';
import { resolved } from '../../lib/core/shared/terraform/graph';
import { addresses, decoded, difference, only, refusal, refused, shuffled, stack, Synthesized, synth, synthesized } from '../support';
import { allowed, bucket, KEY, role } from './support';

const repository = (index: number | string) => `arn:aws:ecr:eu-west-1:111122223333:repository/team/${String(index).padStart(4, '0')}`;
const grantId = (index: number) => `Repo${String(index).padStart(4, '0')}`;

/** A role with one grant for each index, granted in this order. */
function repositories(indexes: number[], props: Partial<FluxIrsaRoleProps> = {}): Synthesized {
  return synth((s) => {
    const images = role(s, 'Images', props);
    indexes.forEach((index) => images.grant(grantId(index), EcrPermissions.pull(repository(index))));
  });
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);
const pullable = (all: Synthesized) => allowed(all).filter(({ Action }) => Action.includes('ecr:BatchGetImage')).flatMap(({ Resource }) => Resource).sort();
const policyTexts = (all: Synthesized) => [...addresses(all, 'aws_iam_role_policy.'), ...addresses(all, 'aws_iam_policy.')].map((address) => all.resources[address].policy);

describe('one inline policy', () => {
  test('however many grants, as long as they fit', () => {
    const all = repositories(upTo(20));
    expect(addresses(all).map((address) => address.split('.')[0])).toEqual(['aws_iam_role', 'aws_iam_role_policy']);
    expect(only(all, 'aws_iam_role_policy').depends_on).toBeUndefined();
    expect(only(all, 'aws_iam_role_policy').lifecycle).toBeUndefined();
    expect(pullable(all)).toEqual(upTo(20).map(repository));
  });

  test('none without a grant', () => expect(addresses(repositories([]), 'aws_iam_role_policy')).toEqual([]));

  test('merged text counts, not the sum of the grants', () => {
    // Alone, each of these is about 350 characters; together they share two statements.
    const all = repositories(upTo(100));
    expect(addresses(all, 'aws_iam_policy.')).toEqual([]);
    expect(policyTexts(all)[0].length).toBeLessThanOrEqual(10240);
  });
});

describe('300 repositories', () => {
  let all: Synthesized;
  beforeAll(() => { all = repositories(upTo(300)); });

  test('spill into managed policies beside the inline one, and each is still allowed', () => {
    expect(addresses(all).map((address) => address.replace(/_[0-9A-F]{8}$/, ''))).toEqual([
      'aws_iam_policy.Images_Overflow1', 'aws_iam_policy.Images_Overflow2',
      'aws_iam_role.Images',
      'aws_iam_role_policy.Images_Policy',
      'aws_iam_role_policy_attachment.Images_Overflow1_Attachment', 'aws_iam_role_policy_attachment.Images_Overflow2_Attachment',
    ]);
    expect(pullable(all)).toEqual(upTo(300).map(repository));
    for (const address of addresses(all, 'aws_iam_role_policy.')) expect(all.resources[address].policy.length).toBeLessThanOrEqual(10240);
    for (const address of addresses(all, 'aws_iam_policy.')) expect(all.resources[address].policy.length).toBeLessThanOrEqual(6144);
  });

  test('every policy carries the ECR token, because whole grants move', () => {
    for (const text of policyTexts(all)) expect(decoded(text).Statement).toContainEqual({ Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' });
  });

  test('the inline policy waits for the attachments, so that nothing is lost in between', () => {
    expect(only(all, 'aws_iam_role_policy').depends_on).toEqual(addresses(all, 'aws_iam_role_policy_attachment.'));
    for (const address of addresses(all, 'aws_iam_role_policy_attachment.')) {
      const number = /Overflow(\d)/.exec(address)![1];
      expect(all.resources[address]).toEqual({
        role: expect.stringMatching(/^\$\{aws_iam_role\.Images_\w+\.name\}$/),
        policy_arn: expect.stringMatching(new RegExp(`^\\$\\{aws_iam_policy\\.Images_Overflow${number}_\\w+\\.arn\\}$`)),
      });
    }
  });

  test.each([1, 2, 3, 4, 5])('the same in any order of calls (seed %i)', (seed) => {
    const order = shuffled(upTo(300), seed);
    expect(order).not.toEqual(upTo(300));
    expect(repositories(order).resources).toEqual(all.resources);
  });

  test('one more, one fewer: no address changes but what is new, and the role not at all', () => {
    const more = difference(all, repositories(upTo(301)));
    expect([more.added, more.removed]).toEqual([[], []]);
    expect(more.changed).toEqual([expect.stringContaining('aws_iam_policy.Images_Overflow2')]);

    // In front of all others: contents move on, addresses stay.
    const first = synth((s) => {
      const images = role(s);
      upTo(300).forEach((index) => images.grant(grantId(index), EcrPermissions.pull(repository(index))));
      images.grant('AAA', EcrPermissions.pull(repository('first')));
    });
    const moved = difference(all, first);
    expect([moved.added, moved.removed]).toEqual([[], []]);
    expect(moved.changed.every((address) => /^aws_iam_(role_)?policy\./.test(address))).toBe(true);
    expect(pullable(first)).toEqual([...upTo(300).map(repository), repository('first')].sort());

    const fewer = difference(all, repositories(upTo(299)));
    expect([fewer.added, fewer.removed]).toEqual([[], []]);
  });

  test('across the border of a policy, one is added and none renamed', () => {
    let count = 148;
    while (addresses(repositories(upTo(count)), 'aws_iam_policy.').length === 0) count++;
    const full = repositories(upTo(count));
    const before = repositories(upTo(count - 1));
    const step = difference(before, full);
    expect(step.removed).toEqual([]);
    expect(step.added).toEqual([expect.stringContaining('aws_iam_policy.Images_Overflow1'), expect.stringContaining('aws_iam_role_policy_attachment.Images_Overflow1_Attachment')]);
    expect(step.changed).toEqual([expect.stringContaining('aws_iam_role_policy.Images_Policy')]);
    expect(Object.keys(full.resources)).toEqual(expect.arrayContaining(Object.keys(before.resources)));
  });
});

test('any kinds of grants give the same resources in any order', () => {
  const grants: Array<[string, (s: TerraformStack) => AwsPermission]> = [
    ...upTo(40).map((index): [string, () => AwsPermission] => [grantId(index), () => EcrPermissions.pull(repository(index))]),
    ['Public', () => EcrPublicPermissions.pull()],
    ['PublicAll', () => EcrPublicPermissions.readAll()],
    ['AllBuckets', () => S3Permissions.readAll()],
    ['Bucket', (s) => S3Permissions.read((s.node.findChild('Bucket') as S3Bucket).arn, { prefix: 'a/' })],
    ['Key', () => KmsPermissions.decrypt(KEY, { encryptionContext: { team: 'a' } })],
  ];
  const build = (seed?: number) => synth((s) => {
    bucket(s);
    const images = role(s, 'Images', { quotas: { inlinePolicySize: 1500, managedPolicySize: 1500 } });
    (seed === undefined ? grants : shuffled(grants, seed)).forEach(([id, permission]) => images.grant(id, permission(s)));
  }).resources;
  const expected = build();
  expect(Object.keys(expected).filter((address) => address.startsWith('aws_iam_policy.')).length).toBeGreaterThan(1);
  for (const seed of [11, 12, 13, 14]) expect(build(seed)).toEqual(expected);
});

test('every grant is carried by all policies, whichever came before', () => {
  const grants: Grant[] = [];
  const all = synth((s) => {
    const images = role(s);
    grants.push(...upTo(300).map((index) => images.grant(grantId(index), EcrPermissions.pull(repository(index)))));
  });
  const carriers = addresses(all).filter((address) => !address.startsWith('aws_iam_role.'));
  expect(carriers).toHaveLength(5);
  expect(grants.filter((grant) => grant.addresses.join() !== carriers.join()).map(({ node }) => node.id)).toEqual([]);
});

describe('a length that only Terraform knows', () => {
  const guards = (resource: any): string[] => (resource.lifecycle?.precondition ?? []).map(({ error_message: message }: any) => message)
    .filter((message: string) => message.includes('longer than AWS allows'));
  const plain = AwsPermission.of({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::plain/*'] });

  test.each<[string, (bucketArn: string) => AwsPermission[]]>([
    ['one grant of two', (arn) => [plain, S3Permissions.read(arn)]],
    ['one statement of two', (arn) => [AwsPermission.of({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::plain/*'] }, { actions: ['s3:ListBucket'], resources: [arn] })]],
    ['one resource of two', (arn) => [AwsPermission.of({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::plain/*', `${arn}/*`] })]],
  ])('is guarded where %s has it', (_, permissions) => {
    const all = synth((s) => {
      const images = role(s);
      permissions(bucket(s).arn).forEach((permission, index) => images.grant(`Grant${index}`, permission));
    });
    expect(guards(only(all, 'aws_iam_role_policy'))).toEqual([expect.stringContaining('(10240 characters)')]);
  });

  test('by the limit of the policy that it is in', () => {
    const all = synth((s) => {
      const images = role(s);
      upTo(300).forEach((index) => images.grant(grantId(index), EcrPermissions.pull(repository(index))));
      images.grant('Zone', S3Permissions.read(bucket(s).arn));
      // The last two policies are written anew.
      images.grant(`${grantId(298)}a`, EcrPermissions.pull(repository('more')));
    });
    const found = [...addresses(all, 'aws_iam_role_policy.'), ...addresses(all, 'aws_iam_policy.')].map((address) => guards(all.resources[address]));
    expect(found).toEqual([[], [], [expect.stringContaining('(6144 characters)')]]);
  });
});

describe('MANAGED', () => {
  const MANAGED = { policies: FluxRolePolicies.MANAGED };

  test('customer managed policies only, with the path, tags and provider of the role', () => {
    const all = repositories(upTo(3), { ...MANAGED, path: '/flux/', tags: { team: 'a' } });
    expect(addresses(all).map((address) => address.replace(/_[0-9A-F]{8}$/, ''))).toEqual([
      'aws_iam_policy.Images_Managed1', 'aws_iam_role.Images', 'aws_iam_role_policy_attachment.Images_Managed1_Attachment',
    ]);
    expect(only(all, 'aws_iam_policy')).toEqual({ path: '/flux/', tags: { team: 'a' }, policy: expect.any(String) });
    expect(pullable(all)).toEqual(upTo(3).map(repository));
  });

  test('300 repositories, in any order', () => {
    const all = repositories(upTo(300), MANAGED);
    expect(addresses(all, 'aws_iam_role_policy.')).toEqual([]);
    expect(addresses(all, 'aws_iam_policy.').map((address) => /Managed\d/.exec(address)![0])).toEqual(['Managed1', 'Managed2', 'Managed3']);
    expect(pullable(all)).toEqual(upTo(300).map(repository));
    for (const seed of [21, 22]) expect(repositories(shuffled(upTo(300), seed), MANAGED).resources).toEqual(all.resources);
  });

  test('each waits for the attachments of those behind it, and for no other', () => {
    const all = repositories(upTo(300), MANAGED);
    const [, second, third] = addresses(all, 'aws_iam_role_policy_attachment.');
    expect(addresses(all, 'aws_iam_policy.').map((address) => all.resources[address].depends_on)).toEqual([[second, third], [third], undefined]);
  });

  test('every one counts', () => {
    expect(refused(() => repositories(upTo(300), { ...MANAGED, quotas: { managedPolicies: 2 } })).given).toContain('a grant that needs managed policy number 3.');
    expect(addresses(repositories(upTo(300), { ...MANAGED, quotas: { managedPolicies: 3 } }), 'aws_iam_policy.')).toHaveLength(3);
  });
});

describe('AWS-managed policies', () => {
  test('each is an attachment below its grant, and counts', () => {
    const all = synth((s) => {
      const images = role(s, 'Images', { quotas: { managedPolicies: 2 } });
      images.grant('AllImages', EcrPermissions.readAll());
      images.grant('AllBuckets', S3Permissions.readAll());
      expect(refused(() => images.grant('Public', EcrPublicPermissions.readAll())).given).toBe('[test/Images/Public] a grant that needs managed policy number 3.');
    });
    expect(addresses(all, 'aws_iam_role_policy_attachment.').map((address) => address.replace(/_[0-9A-F]{8}$/, '').split('.')[1]))
      .toEqual(['Images_AllBuckets_Attachment', 'Images_AllImages_Attachment']);
  });

  test('the same one twice is an error that names the other grant', () => {
    const images = role(stack());
    images.grant('AllImages', EcrPermissions.readAll());
    const error = refused(() => images.grant('Again', EcrPermissions.readAll()));
    expect(error.given).toBe('[test/Images/Again] managed policy "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly", which grant "AllImages" attaches already.');
    expect(error.fix).toBe('drop one of the grants "AllImages" and "Again"');
  });

  test('they and the overflow share one quota, in either order', () => {
    const small = { quotas: { inlinePolicySize: 700, managedPolicySize: 700, managedPolicies: 1 } };
    const spill = (images: ReturnType<typeof role>) => {
      upTo(12).forEach((index) => images.grant(grantId(index), EcrPermissions.pull(repository(index))));
    };
    const first = role(stack(), 'Images', small);
    first.grant('AllBuckets', S3Permissions.readAll());
    expect(refused(() => spill(first)).given).toMatch(/\[test\/Images\/Repo00\d\d\] a grant that needs managed policy number 2\./);
    const second = role(stack(), 'Images', small);
    spill(second);
    expect(refused(() => second.grant('AllBuckets', S3Permissions.readAll())).given).toContain('managed policy number 2.');
  });
});

describe('quotas', () => {
  test('more policies than the quota is an error, at whichever grant comes last', () => {
    expect(addresses(repositories(upTo(200), { quotas: { managedPolicies: 1 } }), 'aws_iam_policy.')).toHaveLength(1);
    for (const seed of [0, 31, 32]) {
      const error = refused(() => repositories(seed === 0 ? upTo(300) : shuffled(upTo(300), seed), { quotas: { managedPolicies: 1 } }));
      expect(error.given).toMatch(/^\[test\/Images\/Repo\d{4}\] a grant that needs managed policy number 2\.$/);
      expect(error.allowed).toBe('at most 1 managed policies on one identity');
      expect(error.fix).toContain('set `quotas.managedPolicies`');
    }
  });

  test('ten by default, more on request', () => {
    expect(repositories([1], { quotas: { inlinePolicySize: undefined, managedPolicies: undefined } }).text).toBe(repositories([1]).text);
    const tiny = { inlinePolicySize: 400, managedPolicySize: 400 };
    expect(refusal(() => repositories(upTo(50), { quotas: tiny }))).toContain('managed policy number 11.');
    expect(addresses(repositories(upTo(36), { quotas: { ...tiny, managedPolicies: 20 } }), 'aws_iam_policy.').length).toBeGreaterThan(10);
  });

  test('a grant that no policy can hold is an error with its size', () => {
    const many = (count: number, name = 'bucket') => AwsPermission.of({ actions: ['s3:GetObject'], resources: upTo(count).map((index) => `arn:aws:s3:::${name}/${'x'.repeat(80)}${index}`) });
    const error = refused(() => role(stack()).grant('Many', many(100)));
    expect(error.given).toMatch(/^\[test\/Images\/Many\] grant "Many" of about 10\d{3} characters\.$/);
    expect(error.allowed).toBe('at most 10240 characters for one grant at its place');
    expect(error.fix).toContain('split the grant into several');
    // It fits inline when it is alone there, not behind another.
    const images = role(stack());
    images.grant('Many', many(80));
    expect(refused(() => images.grant('Before', many(60, 'other'))).given).toMatch(/^\[test\/Images\/Before\] grant "Many" of about 8\d{3} characters\.$/);
    const other = role(stack());
    other.grant('Before', many(60, 'other'));
    expect(refused(() => other.grant('Many', many(80))).given).toMatch(/^\[test\/Images\/Many\] grant "Many" of about 8\d{3} characters\.$/);
  });

  test('a refused grant leaves the policies as they were', () => {
    const build = (bad: boolean) => {
      const test = stack();
      const images = role(test, 'Images', { quotas: { managedPolicies: 1 } });
      images.grant('Apps', EcrPermissions.pull(repository(1)));
      images.grant('AllImages', EcrPermissions.readAll());
      if (bad) {
        const huge = AwsPermission.of({ actions: ['s3:GetObject'], resources: upTo(300).map((index) => `arn:aws:s3:::bucket/${'x'.repeat(80)}${index}`) });
        refusal(() => images.grant('Huge', huge));
        refusal(() => images.grant('Again', EcrPermissions.readAll()));
        refusal(() => images.grant('TooMany', S3Permissions.readAll()));
      }
      images.grant('Key', KmsPermissions.decrypt(KEY));
      return synthesized(test).resources;
    };
    expect(build(true)).toEqual(build(false));
  });

  test('a grant that is refused after it was packed is in no policy, and pushes none out', () => {
    const build = (bad: boolean) => {
      const test = stack();
      const images = role(test, 'Images', { quotas: { inlinePolicySize: 1500, managedPolicySize: 1500 } });
      const apps = bucket(test);
      images.grant('Apps', EcrPermissions.pull(repository('apps'))).applyBefore(apps);
      upTo(10).forEach((index) => images.grant(grantId(index), EcrPermissions.pull(repository(index))));
      images.grant('ZMany', AwsPermission.of({ actions: ['ecr:BatchGetImage'], resources: upTo(12).map((index) => repository(`other-${index}`)) }));
      // Behind the first policy's last one there is room for it.
      if (bad) expect(refusal(() => images.grant('Z', S3Permissions.read(apps.arn)))).toContain('refers to it');
      images.grant('Zoo', EcrPermissions.pull(repository('zoo')));
      return synthesized(test).resources;
    };
    expect(build(true)).toEqual(build(false));
    expect(Object.keys(build(true)).filter((address) => address.startsWith('aws_iam_policy.'))).toHaveLength(1);
  });

  test('forty of them take no time', () => {
    const start = Date.now();
    const all = synth((s) => {
      const images = role(s);
      upTo(40).forEach((index) => images.grant(`Bucket${index}`, S3Permissions.read(bucket(s, `A${index}`).arn)));
    });
    const condition: string = only(all, 'aws_iam_role_policy').lifecycle?.precondition[0].condition;
    expect([...condition.matchAll(/length\(aws_s3_bucket\.A\d+\.arn\) \* 2/g)].length).toBeGreaterThan(10);
    // A sum of additions in one another would take minutes.
    expect(Date.now() - start).toBeLessThan(10_000);
  });

  test('values that only Terraform knows weigh the same whatever their text, and Terraform checks the real length', () => {
    const all = synth((s) => {
      const images = role(s);
      upTo(3).forEach((index) => images.grant(`Bucket${index}`, S3Permissions.read(bucket(s, `A${'x'.repeat(index * 60)}`).arn)));
    });
    const { lifecycle } = only(all, 'aws_iam_role_policy');
    expect(lifecycle.precondition).toEqual([{
      condition: expect.stringMatching(/sum\(\[175, \(length\(aws_s3_bucket\.A\.arn\) \* 2\)(, \(length\(aws_s3_bucket\.Ax+\.arn\) \* 2\)){2}\]\) <= 10240/),
      error_message: 'The policy of test/Images is longer than AWS allows (10240 characters). Use fewer or shorter resources, or split the identity.',
    }]);
    const where = (name: string) => synth((s) => {
      const images = role(s, 'Images', { quotas: { inlinePolicySize: 1200 } });
      upTo(8).forEach((index) => images.grant(`Bucket${index}`, S3Permissions.read(bucket(s, `${name}${index}`).arn)));
    });
    const counts = (each: Synthesized) => policyTexts(each).map((text) => [...text.matchAll(/aws_s3_bucket\./g)].length);
    expect(counts(where('A')).length).toBeGreaterThan(1);
    expect(counts(where('A'.repeat(100)))).toEqual(counts(where('A')));
    expect(addresses(where('A'), 'aws_iam_policy.').every((address) => where('A').resources[address].lifecycle.precondition.length === 1)).toBe(true);
  });
});

describe('what reads a policy before Terraform\'s JSON is written', () => {
  const inline = (images: FluxIrsaRole) => images.node.findChild('Policy') as IamRolePolicy;

  test('finds what was granted by then', () => {
    const s = stack();
    const images = role(s);
    const actions = () => JSON.parse(resolved(s, inline(images).policyInput)).Statement.flatMap(({ Action }: any) => Action);
    images.grant('Apps', EcrPermissions.pull(repository(1)));
    expect(actions()).not.toContain('s3:ListBucket');
    images.grant('Bucket', S3Permissions.read('arn:aws:s3:::apps'));
    expect(actions()).toContain('s3:ListBucket');
  });

  test('an Aspect finds what Terraform checks, and its own check goes on beside', () => {
    const s = stack();
    const images = role(s);
    images.grant('One', S3Permissions.read(bucket(s, 'A').arn));
    images.grant('Two', S3Permissions.read(bucket(s, 'B').arn));
    const seen: number[] = [];
    Aspects.of(s).add({
      visit: (node) => {
        if (!(node instanceof IamRolePolicy)) return;
        const { precondition = [] } = node.lifecycle as TerraformResourceLifecycle;
        seen.push(precondition.length);
        node.lifecycle = { precondition: [...precondition, { condition: '${aws_iam_role.x.name != ""}', errorMessage: 'named' }] };
      },
    });
    const { lifecycle, policy } = only(synthesized(s), 'aws_iam_role_policy');
    expect(seen).toEqual([1]);
    expect(lifecycle.precondition).toEqual([
      { condition: expect.stringMatching(/aws_s3_bucket\.A\.arn.*aws_s3_bucket\.B\.arn/), error_message: expect.stringContaining('longer than AWS allows') },
      { condition: '${aws_iam_role.x.name != ""}', error_message: 'named' },
    ]);
    expect(policy).toContain('aws_s3_bucket.B.arn');
  });
});

test('a logical id that is given to a role after its grants is the one that Terraform gets', () => {
  const s = stack();
  const images = role(s);
  images.grant('Apps', EcrPermissions.pull(repository(1)));
  (images.node.findChild('Resource') as IamRole).overrideLogicalId('images');
  const all = synthesized(s);
  expect(addresses(all, 'aws_iam_role.')).toEqual(['aws_iam_role.images']);
  expect(only(all, 'aws_iam_role_policy').role).toBe('${aws_iam_role.images.name}');
});
