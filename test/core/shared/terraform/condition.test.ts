import { refers } from '../../../../lib/core/shared/terraform/condition';

it.each<[string, boolean]>([
  ['${can(regex("^a$", var.x))}', true],
  ['${length("arn:${aws_iam_role.a.arn}") < 5}', true],
  ['${module.a[0].b == 1}', true],
  ['${self.arn == "a"}', true],
  ['${terraform.workspace != ""}', true],
  ['${can(regex("^a.b$", "var.x"))}', false],
  ['${length("example.com$${var.x}") < 5}', false],
  ['${contains(["a.b"], join("", ["c\\".d"]))}', false],
  ['${length({ a = "b.c" }) > 0}', false],
  ['plain a.b', false],
])('%s', (template, expected) => {
  expect(refers(template)).toBe(expected);
});
