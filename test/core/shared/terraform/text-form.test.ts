import { TerraformVariable } from 'cdktf';
import { lifecycleOf } from '../../../../lib/core/shared/terraform/check';
import { checkLength, checkText, lateText, LengthForm, TextForm } from '../../../../lib/core/shared/terraform/text-form';
import { refused, resolved, stack } from '../../../support';

const FORM: TextForm = { what: 'name', pattern: /^[a-z]+\/[a-z]+$/i, refused: /^bad\//, allowed: 'two words', why: 'nothing else is read', fix: 'write "a/b"' };
const LENGTH: LengthForm = { what: 'title', limit: 5, why: 'longer ones are cut', fix: 'shorten it' };

function variable(scope = stack()) {
  return { scope, value: new TerraformVariable(scope, 'v', { type: 'string' }).stringValue };
}

describe('a text of a form', () => {
  it.each(['a/b', 'A/B'])('%s is taken, and Terraform has nothing to check', (text) => {
    expect(checkText(stack(), text, FORM)).toEqual([]);
  });

  it.each(['a', 'bad/a', 'a/b\n', 'a\tb/c', 1 as any, undefined as any])('%j is refused', (text) => {
    expect(refused(() => checkText(undefined, text, FORM))).toMatchObject({
      given: expect.stringMatching(/^name .* is not accepted\.$/s), allowed: 'two words; or a token', why: FORM.why, fix: FORM.fix,
    });
  });

  it('is checked by Terraform where only that knows it, in one condition', () => {
    const { scope, value } = variable();
    const [check, ...rest] = checkText(scope, value, FORM);
    expect(rest).toEqual([]);
    expect(check.errorMessage).toBe('The name of test must be two words: nothing else is read.');
    expect(resolved(scope, check.condition)).toBe('${can(regex("(?i)^[a-z]+/[a-z]+$", var.v)) && !can(regex("^bad/", var.v))}');
    expect(checkText(undefined, value, FORM)).toBeUndefined();
    expect(lateText(scope, 'plain', FORM)).toEqual([]);
  });

  it('keeps what stands around a token to what names are made of, or to what the form says', () => {
    const { scope, value } = variable();
    expect(checkText(scope, `a/${value}`, FORM)).toHaveLength(1);
    for (const around of ['"', '${', '\\', ' ', '(', '*']) expect(() => checkText(scope, `${around}${value}`, FORM)).toThrow('name "');
    expect(checkText(scope, `a (${value})`, { ...FORM, around: /^[a-z ()]*$/ })).toHaveLength(1);
    expect(() => checkText(scope, `a.${value}`, { ...FORM, around: /^[a-z ()]*$/ })).toThrow('name "');
  });
});

describe('a text up to a length', () => {
  it('is refused when it is longer, or empty, and says how long it is', () => {
    expect(checkLength(stack(), 'fives', LENGTH)).toEqual([]);
    expect(refused(() => checkLength(stack(), 'sixsix', LENGTH))).toMatchObject({ given: '[test] title "sixsix" (6 characters) is not accepted.', allowed: '1 to 5 characters' });
    expect(refused(() => checkLength(stack(), '', LENGTH)).given).toContain('(0 characters)');
    expect(checkLength(stack(), '', { ...LENGTH, mayBeEmpty: true })).toEqual([]);
  });

  it('counts bytes where the cloud does', () => {
    expect(checkLength(stack(), 'äöüß', LENGTH)).toEqual([]);
    expect(refused(() => checkLength(stack(), 'äöüß', { ...LENGTH, unit: 'bytes' }))).toMatchObject({ given: '[test] title "äöüß" (8 bytes) is not accepted.', allowed: '1 to 5 bytes' });
  });

  it('is measured by Terraform where only that knows it', () => {
    const { scope, value } = variable();
    const conditions = (form: LengthForm) => checkLength(scope, value, form).map(({ condition }) => resolved(scope, condition));
    expect(conditions(LENGTH)).toEqual(['${((length(var.v) >= 1) && (sum([0, (length(var.v) * 1)]) <= 5))}']);
    expect(conditions({ ...LENGTH, mayBeEmpty: true })).toEqual(['${(sum([0, (length(var.v) * 1)]) <= 5)}']);
    expect(() => checkLength(scope, `${value}sixsix`, LENGTH)).toThrow('shorten it');
    // What stands around makes it one character long already: it needs not go into an expression, where its marks would be Terraform's.
    expect(checkLength(scope, `%{${value}"`, LENGTH).map(({ condition }) => resolved(scope, condition))).toEqual(['${(sum([3, (length(var.v) * 1)]) <= 5)}']);
  });
});

describe('a lifecycle', () => {
  const check = (condition: string) => ({ condition: `\${var.${condition}}`, errorMessage: 'Wrong.' });

  it('is none where there is nothing', () => {
    expect(lifecycleOf([])).toBeUndefined();
    expect(lifecycleOf([], { preventDestroy: undefined })).toBeUndefined();
    expect(lifecycleOf([], { preventDestroy: true })).toEqual({ preventDestroy: true });
  });

  it('has each check once, beside the rest', () => {
    const { precondition, ...rest } = lifecycleOf([check('a'), check('b'), check('a')], { createBeforeDestroy: true })!;
    expect(resolved(stack(), precondition)).toEqual([check('a'), check('b')]);
    expect(rest).toEqual({ createBeforeDestroy: true });
  });
});
