import { Token } from 'cdktf';
import { IConstruct } from 'constructs';
import { parseArn, REGION } from './arn';
import { isPartition, PARTITION_NAMES } from './partition';
import { checkTags } from './tags';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { hasToken, requirePlain } from '../../../core/shared/terraform/tokens';

/** Options that describe a role or user, as IAM limits them. */
export interface RoleInput {
  readonly name?: string;
  readonly path?: string;
  readonly description?: string;
  readonly permissionsBoundary?: string;
  readonly maxSessionDuration?: number;
  readonly tags?: { readonly [key: string]: string };
  readonly account?: string;
  readonly partition?: string;
  readonly region?: string;
}

/** Refuses what IAM or Flux would refuse in a role. */
export function checkRole(at: IConstruct, role: RoleInput): void {
  checkPrincipal(at, 'role', role);
  const { name, path } = role;
  if (name === undefined || path === undefined || hasToken(name + path)) return;
  const length = path.length - 1 + name.length;
  if (length <= 200) return;
  throw new ValidationError(at, {
    given: `role path and name ${shown(`${path}${name}`)}`,
    allowed: `at most 200 characters together (these are ${length})`,
    why: 'Flux refuses a longer role in the annotation eks.amazonaws.com/role-arn',
    fix: 'shorten the path or the name',
  });
}

/** Refuses what IAM would refuse in a role or user. */
export function checkPrincipal(at: IConstruct, noun: 'role' | 'user', role: RoleInput): void {
  const refused = `IAM refuses the ${noun} (ValidationError) at apply`;
  const check = (ok: boolean, what: string, value: unknown, allowed: string, why = refused, fix = `change the ${what}`) => {
    if (!ok) throw new ValidationError(at, { given: `${what} ${shown(value)}`, allowed, why, fix });
  };
  const { name, path, description, maxSessionDuration, tags } = role;
  if (name !== undefined) {
    check(hasToken(name) || /^[\w+=,.@-]{1,64}$/.test(name), `${noun} name`, name, '1 to 64 of letters, digits and + = , . @ _ -');
  }
  if (path !== undefined) {
    check(hasToken(path) || (/^\/([!-~]+\/)?$/.test(path) && !/["\\]|[$%]\{/.test(path) && path.length <= 512), `${noun} path`, path,
      'text that begins and ends with "/", at most 512 characters; no quotes, backslashes or "${"');
  }
  if (description !== undefined) {
    check(hasToken(description) || (description.length <= 1000 && /^[\t\n\r -~\u00A1-\u00FF]*$/.test(description)), `${noun} description`, description,
      'at most 1,000 characters of ASCII and Latin-1');
  }
  if (maxSessionDuration !== undefined) {
    check(Token.isUnresolved(maxSessionDuration)
      || (Number.isInteger(maxSessionDuration) && maxSessionDuration >= 3600 && maxSessionDuration <= 43200), 'maximum session duration', maxSessionDuration, 'whole seconds from 3600 to 43200');
  }
  checkTags(at, tags, 50, { isAnyCase: true });
  if (role.permissionsBoundary !== undefined) {
    parseArn(at, role.permissionsBoundary, {
      what: 'permissions boundary',
      service: 'iam',
      scope: 'account',
      ofAws: true,
      resource: /^policy\/[!-~]+$/,
      example: 'arn:aws:iam::111122223333:policy/boundary',
      why: refused,
    });
  }
  if (role.account !== undefined) {
    requirePlain(at, 'account', role.account);
    check(/^\d{12}$/.test(role.account), 'account', role.account, '12 digits, as a string', `it is compared with the accounts in ARNs, and becomes part of the ${noun}'s ARN`);
  }
  if (role.partition !== undefined) {
    requirePlain(at, 'partition', role.partition);
    check(isPartition(role.partition), 'partition', role.partition, PARTITION_NAMES.join(', '), 'it is part of every ARN that is made, and AWS has no other');
  }
  if (role.region !== undefined) {
    check(hasToken(role.region) || REGION.test(role.region), 'region', role.region, 'the name of a region, such as "eu-west-1", or a token',
      'controllers take it as AWS_REGION, and the AWS SDK makes the address of STS from it');
  }
}

/** The ARN of the role, if it can be told at synth. */
export function plainRoleArn(role: RoleInput, noun: 'role' | 'user' = 'role'): string | undefined {
  const { name, path = '/', account } = role;
  if (name === undefined || account === undefined || hasToken(name + path)) return undefined;
  return `arn:${role.partition ?? 'aws'}:iam::${account}:${noun}${path}${name}`;
}
