import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { Fn, Op, TerraformOutput, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { describeWith, TERRAFORM } from './programs';
import { evaluate } from './terraform';
import { terraformCheck } from '../../lib/core/shared/terraform/check';
import { literal } from '../../lib/core/shared/terraform/text';
import { textSize } from '../../lib/core/shared/terraform/text-size';

const stackOf = (build: (stack: TerraformStack) => void) => {
  const stack = new TerraformStack(Testing.app(), 'stack');
  build(stack);
  return stack;
};

const LITERALS = [
  '${file("/etc/hostname")}', '$${x}', '$$${x}', '%{ if true }a%{ endif }', '%%{x', '${', '%{', '$', '%', 'a$', '"${x}"', '\\${x}', '\\', '"', 'a\nb\t',
  '${jsonencode({"a":"}"})}', '}', '$(VAR)', '\u2028', 'Grüße',
];

describeWith([TERRAFORM], 'literals', () => {
  it('arrive as they are: alone, around a value that only Terraform knows, in lists, in maps and their keys', () => {
    const { resources, outputs } = evaluate(stackOf((stack) => {
      const token = new TerraformVariable(stack, 'value', { type: 'string' }).stringValue;
      LITERALS.forEach((text, index) => {
        new IamRole(stack, `Role${index}`, {
          assumeRolePolicy: '{}',
          name: literal(text),
          description: literal(`${text}${token}${text}`),
          managedPolicyArns: literal([text, `${token}${text}`]),
          tags: literal({ [text]: text, [`a${text}${token}`]: token }),
        });
        new TerraformOutput(stack, `output${index}`, { value: literal({ [text]: [text] }), staticId: true });
      });
    }), { variables: { value: '${known}' } });
    LITERALS.forEach((text, index) => {
      expect(resources[`aws_iam_role.Role${index}`]).toMatchObject({
        name: text,
        description: `${text}\${known}${text}`,
        managed_policy_arns: [text, `\${known}${text}`],
        tags: { [text]: text, [`a${text}\${known}`]: '${known}' },
      });
      expect(outputs[`output${index}`]).toEqual({ [text]: [text] });
    });
  });
});

describeWith([TERRAFORM], 'conditions', () => {
  /** Values of which some refer to nothing. */
  const VALUES: { readonly [what: string]: (stack: TerraformStack) => string } = {
    'a variable': (stack) => new TerraformVariable(stack, 'v', { default: 'abc' }).stringValue,
    'a file': () => Fn.file('main.tf.json'),
    'a join of literals': () => Fn.join('.', ['a.b', 'c']),
    'a format of literals': () => Fn.format('%s.x', ['a']),
    'a template': (stack) => `a${new TerraformVariable(stack, 'v', { default: 'abc' }).stringValue}b`,
    'a function that refers to nothing, in a text': () => `a${Fn.upper('b.c')}b`,
  };

  it.each(Object.entries(VALUES))('of %s are valid, and hold or do not', (_, value) => {
    const check = (limit: number, kind = 'precondition') => () => evaluate(stackOf((stack) => {
      const condition = kind === 'size' ? textSize(value(stack)).fits(limit) : Op.lte(Fn.lengthOf(value(stack)), limit);
      new IamRole(stack, 'Role', {
        assumeRolePolicy: '{}',
        lifecycle: { [kind === 'size' ? 'precondition' : kind]: [terraformCheck(condition, 'The text of ${file("/etc/hostname")} is too long.')] },
      });
    }));
    for (const kind of ['precondition', 'postcondition', 'size']) {
      expect(check(100_000, kind)().resources['aws_iam_role.Role']).toBeDefined();
      // As it was meant: the message is no template.
      expect(check(1, kind)).toThrow('The text of ${file("/etc/hostname")} is too long.');
    }
  });
});
