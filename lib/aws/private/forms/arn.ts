import { Fn, TerraformStack, Tokenization } from 'cdktf';
import { IConstruct } from 'constructs';
import { isPartition, PARTITION_NAMES } from './partition';
import { checkMarks } from '../../../core/shared/input/options';
import { knownFix, shown, ValidationError } from '../../../core/shared/input/validation-error';
import { matches, TerraformCheck } from '../../../core/shared/terraform/check';
import { resolved } from '../../../core/shared/terraform/graph';
import { isLate } from '../../../core/shared/terraform/text-form';
import { argumentOf, hasToken, splitAtTokens } from '../../../core/shared/terraform/tokens';

/** The form of an ARN that a permission takes. */
export interface ArnForm {
  /** What it names, for errors: "ECR repository ARN". */
  readonly what: string;
  readonly service: string;
  /** Whether the ARN carries no region and no account, like those of S3; or no region only, like those of IAM. */
  readonly scope: 'regional' | 'account' | 'global';
  /** Whether `*` may stand for every region: in patterns that IAM compares with. */
  readonly anyRegion?: boolean;
  /** Whether AWS has some of its own, with `aws` in place of the account; never of what Terraform checks. */
  readonly ofAws?: boolean;
  /** The resource part. */
  readonly resource: RegExp;
  readonly example: string;
  /** Why anything else fails. */
  readonly why: string;
  /** Ways out for mistakes that can be told apart. */
  readonly fixes?: ReadonlyArray<readonly [RegExp, string]>;
}

/** An ARN as far as it is known at synth: a part that holds a token is undefined. */
export interface Arn {
  readonly text: string;
  readonly partition?: string;
  readonly region?: string;
  readonly account?: string;
  readonly resource?: string;
}

/** The name of a region. */
export const REGION = /^[a-z]{2,}(-[a-z]+)+-\d+$/;
const ACCOUNT = /^\d{12}$/;
const ARN = /^arn:(?<partition>[^:]*):(?<service>[^:]*):(?<region>[^:]*):(?<account>[^:]*):(?<resource>.*)$/s;
const NOTHING = /^$/;
const AROUND = /^[^"\\\s$%{}]*$/;

/** Reads an ARN and refuses what is not of the form. Tokens pass; the parts around them are checked. */
export function parseArn(at: IConstruct, value: string, form: ArnForm): Arn {
  checkMarks(at, form.what, value);
  // What stands around a token goes into expressions of Terraform, which quotes and the like would leave.
  const late = isLate(value, AROUND);
  if (late && !value.startsWith('arn:')) return { text: value };
  const { partition, service, region, account, resource } = (typeof value === 'string' && ARN.exec(value)?.groups) || {};
  const fits = late === hasToken(value) && (known(partition) === undefined ? ok(partition, /./) : isPartition(partition)) && service === form.service
    && (ok(region, form.scope === 'regional' ? REGION : NOTHING) || (form.anyRegion === true && region === '*'))
    && (ok(account, form.scope === 'global' ? NOTHING : ACCOUNT) || (form.ofAws === true && account === 'aws'))
    && ok(resource, form.resource);
  if (!fits) {
    throw new ValidationError(at, {
      given: `${form.what} ${shown(value)}`,
      allowed: `an ARN like "${form.example}", or a token`,
      why: form.why,
      fix: knownFix(form.fixes, value) ?? 'copy the ARN from the resource, or use its Terraform attribute',
    });
  }
  return { text: value, partition: known(partition), region: region === '*' ? undefined : known(region), account: known(account), resource: known(resource) };
}

function ok(part: string | undefined, pattern: RegExp): boolean {
  return part !== undefined && (pattern.test(part) || hasToken(part));
}

function known(part: string | undefined): string | undefined {
  return part === undefined || part === '' || hasToken(part) ? undefined : part;
}

/** One part of an ARN by its place (1 partition, 3 region, 4 account, 5 resource), by Terraform where it is not known at synth. */
export function arnPart(arn: string, place: number): string {
  const part = arn.split(':');
  if (arn.startsWith('arn:') && part.length >= 6) return place === 5 ? part.slice(5).join(':') : part[place];
  return Fn.element(Fn.split(':', argumentOf(arn)), place);
}

/** Refuses an ARN of another partition: credentials are never valid across partitions. */
export function checkPartition(at: IConstruct, arn: Arn, partition: string): void {
  if (arn.partition === undefined || arn.partition === partition) return;
  throw new ValidationError(at, {
    given: `ARN ${shown(arn.text)} of partition "${arn.partition}" for an identity of partition "${partition}"`,
    allowed: `ARNs of partition "${partition}"`,
    why: 'credentials of one AWS partition are unknown in every other',
    fix: 'give the identity the partition of its resources, or make one identity for each partition',
  });
}

/** What Terraform must check of an ARN that only it knows: what plain ones are held to. Nothing where AWS itself gave the ARN. */
export function arnConditions(at: IConstruct, arn: string, form: ArnForm, partition?: string): TerraformCheck[] {
  if (!hasToken(arn) || isAttribute(at, arn)) return [];
  return [{
    condition: matches(patternOf(form, partition), arn),
    errorMessage: `${at.node.path}: the ${form.what} is not like ${form.example}${partition === undefined ? '' : `, in partition ${partition}`}. ${form.why}.`,
  }];
}

/** Whether a text is the ARN of a resource or data source, as AWS gives it. */
function isAttribute(at: IConstruct, text: string): boolean {
  const [before, token, after] = splitAtTokens(text);
  if (before !== '' || after !== '') return false;
  const { originStack = TerraformStack.of(at) } = Tokenization.reverse(token)[0] as { originStack?: TerraformStack };
  return /^\$\{(data\.)?[a-z0-9]+_\w+\.[\w-]+\.arn\}$/.test(String(resolved(originStack, token)));
}

/** The form as Terraform reads it; without a backslash, which CDKTF would lose in arguments. */
function patternOf({ service, scope, resource, anyRegion }: ArnForm, partition = `(${PARTITION_NAMES.join('|')})`): string {
  const region = anyRegion ? '([*]|[a-z]{2,}(-[a-z]+)+-[0-9]+)' : '[a-z]{2,}(-[a-z]+)+-[0-9]+';
  const middle = { regional: `${region}:[0-9]{12}`, account: ':[0-9]{12}', global: ':' }[scope];
  const rest = resource.source.slice(1, -1).replace(/\\w/g, '0-9A-Za-z_').replace(/\\([/.])/g, '[$1]');
  return `^arn:${partition}:${service}:${middle}:${rest}$`;
}
