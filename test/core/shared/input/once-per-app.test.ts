import { EcrRepository } from '@cdktf/provider-aws/lib/ecr-repository';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { claim, isClaimed, valueKey } from '../../../../lib/core/shared/input/once-per-app';
import { stack } from '../../../support';

it('gives what is claimed to the first, in each app', () => {
  const scope = stack();
  const [one, two] = ['One', 'Two'].map((id) => new Construct(scope, id));
  expect(isClaimed(scope, 'x')).toBe(false);
  expect(claim(one, 'x')).toBeUndefined();
  expect(claim(two, 'x')).toBe(one);
  expect(claim(one, 'x')).toBeUndefined();
  expect(claim(two, 'y')).toBeUndefined();
  expect(claim(new Construct(stack(), 'Other'), 'x')).toBeUndefined();
  expect(isClaimed(scope, 'x')).toBe(true);
});

it('takes nothing for claimed that left the tree, with its parents or alone', () => {
  const scope = stack();
  const parent = new Construct(scope, 'Parent');
  const child = new Construct(parent, 'Child');
  claim(child, 'x');
  scope.node.tryRemoveChild('Parent');
  expect(isClaimed(scope, 'x')).toBe(false);
  expect(claim(new Construct(scope, 'Parent'), 'x')).toBeUndefined();
});

it('knows an attribute by its place, in whatever text and from whatever stack', () => {
  const one = stack('one');
  const two = new TerraformStack(one.node.root as any, 'two');
  const [a, b] = [one, two].map((scope) => new EcrRepository(scope, 'Web', { name: 'web' }));
  expect(a.arn).not.toBe(a.arn); // another token each time
  expect(valueKey(one, a.arn)).toBe(valueKey(one, a.arn));
  expect(valueKey(two, `${a.arn}/*`)).toBe(`${valueKey(one, a.arn)}/*`);
  expect(valueKey(one, a.arn)).not.toBe(valueKey(one, a.name));
  expect(valueKey(one, a.arn)).not.toBe(valueKey(two, b.arn));
  expect(valueKey(one, 'plain')).toBe('plain');
});
