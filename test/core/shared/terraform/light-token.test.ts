import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { Fn, Lazy, Op, TerraformOutput, TerraformStack, Testing, Token } from 'cdktf';
import { matches } from '../../../../lib/core/shared/terraform/check';
import { attributeOf, callOn, onceForEach } from '../../../../lib/core/shared/terraform/light-token';
import { jsonTemplate } from '../../../../lib/core/shared/terraform/text';
import { hasToken } from '../../../../lib/core/shared/terraform/tokens';

/** Outputs of a stack `Test`, beside a role in stack `Other`, by name. */
function outputs(values: (role: IamRole, other: IamRole) => { [name: string]: string }): { [name: string]: string } {
  const app = Testing.app();
  const [stack, elsewhere] = [new TerraformStack(app, 'Test'), new TerraformStack(app, 'Elsewhere')];
  const role = new IamRole(stack, 'Role', { assumeRolePolicy: '{}' });
  const other = new IamRole(elsewhere, 'Other', { assumeRolePolicy: '{}' });
  for (const [name, value] of Object.entries(values(role, other))) new TerraformOutput(stack, name, { value });
  [stack, elsewhere].forEach((each) => each.prepareStack());
  const { output } = JSON.parse(Testing.synth(stack));
  return Object.fromEntries(Object.entries<any>(output).map(([name, { value }]) => [name, value]));
}

describe('attributeOf gives what the getter gives', () => {
  test.each<[string, (arn: string) => string]>([
    ['alone', (arn) => arn],
    ['in a text', (arn) => `a ${arn} b ${arn}`],
    ['in a function', (arn) => Fn.upper(arn)],
    ['in a text in a function', (arn) => Fn.upper(`${arn}/x`)],
    ['in an expression', (arn) => String(Op.eq(arn, 'x'))],
    ['as JSON', (arn) => jsonTemplate({ [arn]: [arn, `${arn}/*`, `"${arn}"`] })],
  ])('%s', (_, use) => {
    const { light, own, lightElsewhere, ownElsewhere } = outputs((role, other) => ({
      light: use(attributeOf(role, 'arn')), own: use(role.arn), lightElsewhere: use(attributeOf(other, 'arn')), ownElsewhere: use(other.arn),
    }));
    expect(light).toContain('aws_iam_role.Role.arn');
    expect(light).toBe(own);
    expect(lightElsewhere).toContain('data.terraform_remote_state.cross-stack-reference-input-Elsewhere.outputs.');
    expect(lightElsewhere).toBe(ownElsewhere);
  });

  test('with for_each', () => {
    const { light, own } = outputs((role) => {
      role.forEach = { _getForEachExpression: () => '${toset(["a"])}' } as any;
      return { light: attributeOf(role, 'arn'), own: role.arn };
    });
    expect(light).toBe(own);
    expect(light).toContain('.*.arn');
  });

  test('under an id that is overridden afterwards', () => {
    expect(outputs((role) => {
      const arn = attributeOf(role, 'arn');
      role.overrideLogicalId('renamed');
      return { arn };
    }).arn).toBe('${aws_iam_role.renamed.arn}');
  });
});

describe('callOn gives what cdktf gives', () => {
  beforeEach(() => { jest.spyOn(console, 'warn').mockImplementation(); }); // cdktf's own functions warn of text around tokens
  afterEach(() => jest.restoreAllMocks());
  const call = (text: string) => callOn(text, (argument) => `jsonencode(${argument})`, () => Fn.jsonencode(text));

  test.each<[string, (arn: string) => string]>([
    ['one value', (arn) => arn],
    ['a value between texts', (arn) => `a-${arn}:b`],
    ['two values', (arn) => `${arn}:${arn}`],
    ['the result of a function', (arn) => Fn.replace(arn, 'a', 'b')],
    ['an expression with braces and quotes', (arn) => String(Fn.conditional(matches('^[a-z]{2}$', arn), arn, 'b'))],
    ['two of them', (arn) => [1, 2].map((count) => Fn.conditional(matches(`^[a-z]{${count}}$`, arn), arn, 'b')).join('')],
    ['the result of such a call', (arn) => callOn(arn, (argument) => `upper(${argument})`, () => Fn.upper(arn))],
  ])('on %s, alone and inside another call', (_, text) => {
    const { quick, slow, quickInside, slowInside } = outputs((role) => ({
      quick: call(text(role.arn)),
      slow: Fn.jsonencode(text(role.arn)),
      quickInside: Fn.sha256(call(text(role.arn))),
      slowInside: Fn.sha256(Fn.jsonencode(text(role.arn))),
    }));
    expect(quick).toContain('jsonencode(');
    expect(quick).toBe(slow);
    expect(quickInside).toBe(slowInside);
  });

  test('on a value that is known once it is resolved, as a quoted text', () => {
    expect(outputs(() => ({ known: call(Lazy.stringValue({ produce: () => 'plain' })) })).known).toBe('${jsonencode("plain")}');
  });

  test('on a value with quotes, what cdktf makes of it', () => {
    const lazy = () => Lazy.stringValue({ produce: () => 'a "b"' });
    const { quick, slow } = outputs(() => ({ quick: call(lazy()), slow: Fn.jsonencode(lazy()) }));
    expect(quick).toBe(slow);
  });
});

test('a text has a token where cdktf finds one', () => {
  const role = new IamRole(new TerraformStack(Testing.app(), 'Test'), 'Role', { assumeRolePolicy: '{}' });
  const texts = [role.arn, `x${role.arn}`, attributeOf(role, 'arn'), Fn.upper(role.arn), '', 'arn:aws:iam::111122223333:role/x', '${aws_iam_role.x.arn}', '$TfToken[x]'];
  expect(texts.map(hasToken)).toEqual([true, true, true, true, false, false, false, false]);
  expect(texts.map(hasToken)).toEqual(texts.map((text) => Token.isUnresolved(text)));
});

test('onceForEach makes each text once', () => {
  const make = jest.fn((text: string) => `<${text}>`);
  const once = onceForEach(make);
  expect([once('a'), once('b'), once('a')]).toEqual(['<a>', '<b>', '<a>']);
  expect(make).toHaveBeenCalledTimes(2);
});
