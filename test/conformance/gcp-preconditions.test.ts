import { Fn, TerraformStack, TerraformVariable } from 'cdktf';
import { describeWith, TERRAFORM } from './programs';
import { evaluate, TerraformError } from './terraform';
import { LENGTHS, SITES } from '../gcp/late-sites';
import { stackOf } from '../gcp/setup';

const variable = (stack: TerraformStack) => new TerraformVariable(stack, 'value', { type: 'string' }).stringValue;

function applied(make: (stack: TerraformStack) => unknown, value?: string) {
  const stack = stackOf();
  make(stack);
  return () => evaluate(stack, value === undefined ? {} : { variables: { value } });
}

describeWith([TERRAFORM], 'what Google Cloud constructs let Terraform check', () => {
  describe.each(SITES)('%s', (what, good, bad, make) => {
    it('takes what fits, as a variable and as a function of literals, which refers to nothing', () => {
      expect(applied((stack) => make(stack, variable(stack)), good)).not.toThrow();
      expect(applied((stack) => make(stack, Fn.join('', [good.slice(0, 2), good.slice(2)])))).not.toThrow();
    });

    it.each(bad)('refuses %s, and says why', (value) => {
      const run = applied((stack) => make(stack, variable(stack)), value);
      expect(run).toThrow(TerraformError);
      expect(run).toThrow(new RegExp(`The ${what} of \\S+ must be `));
    });
  });

  it.each(LENGTHS)('the length of a %s', (what, make, limit) => {
    expect(applied((stack) => make(stack, variable(stack)), 'x'.repeat(limit))).not.toThrow();
    expect(applied((stack) => make(stack, Fn.join('', ['a', 'b'])))).not.toThrow();
    expect(applied((stack) => make(stack, variable(stack)), 'x'.repeat(limit + 1))).toThrow(new RegExp(`The ${what} of \\S+ must be at most ${limit} (characters|bytes): `));
  });
});
