import { DataAwsS3Bucket } from '@cdktf/provider-aws/lib/data-aws-s3-bucket';
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { TerraformHclModule, TerraformLocal, TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
import { EcrPermissions } from '../../lib/aws/permissions/ecr';
import { S3Permissions } from '../../lib/aws/permissions/s3';
import { bucket, role } from '../aws/support';
import { addresses, only, prepare, refused, stack, synthesized } from '../support';

const APPS = EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps/*');
const repositoryGrants = (images: ReturnType<typeof role>, count: number) => {
  for (let index = 0; index < count; index++) images.grant(`Repo${index}`, EcrPermissions.pull(`arn:aws:ecr:eu-west-1:111122223333:repository/${index}`));
};

test('a resource, a data source and a module wait for the policy, by plain address', () => {
  const test = stack();
  const grant = role(test).grant('Apps', APPS);
  grant.applyBefore(
    bucket(test),
    new DataAwsS3Bucket(test, 'Read', { bucket: 'x' }),
    new TerraformHclModule(test, 'Module', { source: 'acme/bucket/aws' }),
  );
  const all = synthesized(test);
  const policy = addresses(all, 'aws_iam_role_policy.');
  expect(policy).toHaveLength(1);
  expect(grant.addresses).toEqual(policy);
  expect(only(all, 'aws_s3_bucket').depends_on).toEqual(policy);
  expect(only(all, 'data.aws_s3_bucket').depends_on).toEqual(policy);
  expect(only(all, 'module').depends_on).toEqual(policy);
});

test('a construct that holds several: all that is below it now, and nothing of its owner is lost', () => {
  const test = stack();
  const other = bucket(test, 'Other');
  const group = new Construct(test, 'Group');
  const [a, b] = [new S3Bucket(group, 'A', { dependsOn: [other] }), bucket(new Construct(group, 'Nested') as TerraformStack, 'B')];
  const images = role(test);
  images.grant('Apps', APPS).applyBefore(group);
  images.grant('All', S3Permissions.readAll()).applyBefore(a, a);
  const late = bucket(group as TerraformStack, 'Late');
  const all = synthesized(test);
  const [policy] = addresses(all, 'aws_iam_role_policy.');
  const [attachment] = addresses(all, 'aws_iam_role_policy_attachment.');
  expect(all.resources[`aws_s3_bucket.${a.friendlyUniqueId}`].depends_on).toEqual([`aws_s3_bucket.${other.friendlyUniqueId}`, policy, attachment].sort(
    (x, y) => Number(y.includes('Other')) - Number(x.includes('Other')) || (x < y ? -1 : 1)));
  expect(all.resources[`aws_s3_bucket.${b.friendlyUniqueId}`].depends_on).toEqual([policy]);
  expect(all.resources[`aws_s3_bucket.${late.friendlyUniqueId}`].depends_on).toBeUndefined();
});

test('it waits for the overflow too, when that appears later', () => {
  const test = stack();
  const images = role(test, 'Images', { quotas: { inlinePolicySize: 500, managedPolicySize: 500 } });
  const target = bucket(test);
  const grant = images.grant('Apps', APPS);
  grant.applyBefore(target);
  repositoryGrants(images, 12);
  const all = synthesized(test);
  const expected = [...addresses(all, 'aws_iam_policy.'), ...addresses(all, 'aws_iam_role_policy.'), ...addresses(all, 'aws_iam_role_policy_attachment.')].sort();
  expect(expected.length).toBeGreaterThan(3);
  expect(only(all, 'aws_s3_bucket').depends_on).toEqual(expected);
  expect(grant.addresses).toEqual(expected);
});

describe('a target in another stack', () => {
  const two = (first: string, second: string) => {
    const app = Testing.app();
    const stacks = { [first]: new TerraformStack(app, first), [second]: new TerraformStack(app, second) };
    return { app, identities: stacks.identities, workloads: stacks.workloads };
  };

  test('makes that stack depend on this one, once', () => {
    const { app, identities, workloads } = two('identities', 'workloads');
    const grant = role(identities).grant('Apps', APPS);
    grant.applyBefore(bucket(workloads));
    grant.applyBefore(bucket(workloads, 'Second'));
    role(identities, 'Other').grant('Apps', APPS).applyBefore(bucket(workloads, 'Third'));
    prepare(app);
    expect(workloads.dependencies).toEqual([identities]);
    expect(addresses(synthesized(identities)).filter((address) => address.includes('After'))).toEqual([]);
    expect(only(synthesized(workloads), 'aws_s3_bucket', 'Third').depends_on).toBeUndefined();
  });

  test('of which this one is said to need something', () => {
    const { identities, workloads } = two('identities', 'workloads');
    workloads.addDependency(identities);
    const error = refused(() => role(workloads, 'Other').grant('Apps', APPS).applyBefore(bucket(identities)));
    expect(error.given).toBe('[workloads/Other/Apps] target "identities/Bucket" of applyBefore: stack "workloads" already depends on stack "identities".');
    expect(error.fix).toContain('let the target wait for a grant of another identity');
  });

  // In whatever order cdktf prepares the two, and wherever in its stack the reference stands.
  describe.each([['identities', 'workloads'], ['workloads', 'identities']])('of which this one takes something (%s before %s)', (first, second) => {
    test.each(['before', 'after'])('%s the call', (when) => {
      const { app, identities, workloads } = two(first, second);
      const target = bucket(workloads);
      const images = () => role(identities);
      const refer = () => new S3Bucket(identities, 'Refers', { bucket: target.arn });
      if (when === 'before') refer();
      images().grant('Apps', APPS).applyBefore(target);
      if (when === 'after') refer();
      const error = refused(() => prepare(app));
      expect(error.given).toContain('[identities/Images/Apps] target "workloads/Bucket" of applyBefore: stack "identities" itself needs something of stack "workloads".');
      expect(error.why).toContain('each would have to be created before the other');
    });
  });

  test('of which this one takes something over a third', () => {
    const { app, identities, workloads } = two('identities', 'workloads');
    const between = new TerraformStack(app, 'between');
    const target = bucket(workloads);
    const carrier = new S3Bucket(between, 'Carrier', { bucket: target.arn });
    new S3Bucket(identities, 'Refers', { bucket: carrier.arn });
    role(identities).grant('Apps', APPS).applyBefore(target);
    expect(refused(() => prepare(app)).given).toContain('of applyBefore: stack "identities" itself needs something of stack "workloads".');
  });

  test('two grants that each wait for the other', () => {
    const { app, identities, workloads } = two('identities', 'workloads');
    role(identities).grant('Apps', APPS).applyBefore(bucket(workloads));
    role(workloads).grant('Apps', APPS).applyBefore(bucket(identities));
    expect(refused(() => prepare(app)).given).toContain('of applyBefore: stack "workloads" itself needs something of stack "identities".');
  });

  test('does not wait for a grant that left the tree', () => {
    const { app, identities, workloads } = two('identities', 'workloads');
    role(identities).grant('Apps', APPS).applyBefore(bucket(workloads));
    identities.node.tryRemoveChild('Images');
    prepare(app);
    expect(workloads.dependencies).toEqual([]);
  });
});

describe('cycles', () => {
  test('the grant refers to the target', () => {
    const test = stack();
    const target = bucket(test);
    const grant = role(test).grant('Read', S3Permissions.read(target.arn));
    const error = refused(() => grant.applyBefore(target));
    expect(error.given).toMatch(/^\[test\/Images\/Read\] target "test\/Bucket" of applyBefore: aws_iam_role_policy\.Images_Policy_\w+ refers to it\.$/);
    expect(error.why).toContain('Terraform refuses as a cycle');
  });

  test('another grant of the identity refers to it, before or after', () => {
    const test = stack();
    const target = bucket(test);
    const images = role(test);
    images.grant('Apps', APPS).applyBefore(target);
    expect(refused(() => images.grant('Read', S3Permissions.read(target.arn))).given)
      .toBe('[test/Images/Read] target "test/Bucket" of applyBefore: grant "Read" refers to it, and "Apps" shares its policy.');
    // The refused grant is not in the policy, and another identity may have it.
    role(test, 'Other').grant('Read', S3Permissions.read(target.arn));
    expect(JSON.stringify(only(synthesized(test), 'aws_iam_role_policy', 'Images'))).not.toContain('s3:');
  });

  test('through the role: its permissions boundary is made from the target', () => {
    const test = stack();
    const target = bucket(test);
    const boundary = new IamPolicy(test, 'Boundary', { policy: `{"x":"${target.arn}"}` });
    const grant = role(test, 'Images', { permissionsBoundary: boundary.arn }).grant('Apps', APPS);
    expect(refused(() => grant.applyBefore(target)).given).toContain('aws_iam_role_policy.Images_Policy');
    expect(refused(() => grant.applyBefore(boundary)).given).toContain('refers to it');
  });

  test('through a local and through depends_on', () => {
    const test = stack();
    const target = bucket(test);
    const local = new TerraformLocal(test, 'Local', target.arn);
    expect(refused(() => role(test, 'A').grant('Read', S3Permissions.read(local.asString)).applyBefore(target)).given).toContain('refers to it');
    const between = new S3Bucket(test, 'Between', { dependsOn: [target] });
    expect(refused(() => role(test, 'B').grant('Read', S3Permissions.read(between.arn)).applyBefore(target)).given).toContain('refers to it');
  });

  test('the target holds the grant itself', () => {
    const test = stack();
    const images = role(test);
    expect(refused(() => images.grant('Apps', APPS).applyBefore(images)).given).toContain('of applyBefore: ');
  });

  test('one bad target: no target is changed', () => {
    const test = stack();
    const [good, bad] = [bucket(test, 'Good'), bucket(test, 'Bad')];
    const grant = role(test).grant('Read', S3Permissions.read(bad.arn));
    refused(() => grant.applyBefore(good, bad));
    expect(good.dependsOn).toBeUndefined();
  });
});

test('targets without resources', () => {
  const test = stack();
  const grant = role(test).grant('Apps', APPS);
  for (const target of [new Construct(test, 'Empty'), new TerraformOutput(test, 'out', { value: 'x' })]) {
    const error = refused(() => grant.applyBefore(target));
    expect(error.given).toBe(`[test/Images/Apps] target "${target.node.path}" of applyBefore, which holds no resource and no module.`);
    expect(error.fix).toBe('pass the resource that needs the access, after it was made');
  }
});
