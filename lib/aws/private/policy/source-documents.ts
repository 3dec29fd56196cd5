import { IConstruct } from 'constructs';
import { refuse, shown, ValidationError } from '../../../core/shared/input/validation-error';
import { hasToken } from '../../../core/shared/terraform/tokens';

/** A statement of a document that the caller brings. */
export interface SourceStatement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Principal?: any;
  readonly NotPrincipal?: any;
  readonly Action?: string | string[];
  readonly NotAction?: string | string[];
  readonly Resource?: string | string[];
  readonly NotResource?: string | string[];
  readonly Condition?: any;
}

/** What the caller's documents come to: statements that can be merged here, and documents that only Terraform knows. */
export interface Sources {
  readonly statements: SourceStatement[];
  readonly tokens: string[];
}

const MALFORMED = 'AWS refuses the whole policy (MalformedPolicyDocument)';
const WHOLE = 'pass the text of the policy as it is on the resource today';

/** Reads the caller's documents; `check` refuses statements that the service refuses. */
export function readSources(at: IConstruct, documents: string[], check: (statement: SourceStatement) => void): Sources {
  const statements = documents.filter((document) => !hasToken(document)).flatMap((document) => statementsOf(at, document));
  statements.forEach((statement) => checkForm(at, statement));
  statements.forEach(check);
  const sids = statements.map(({ Sid }) => Sid).filter((sid) => sid !== undefined);
  const double = sids.find((sid, index) => sids.indexOf(sid) !== index);
  if (double !== undefined) {
    throw new ValidationError(at, {
      given: `two source statements with the Sid ${shown(double)}.`,
      allowed: 'each Sid once in the policy',
      why: 'AWS refuses a policy with two equal Sids (MalformedPolicy)',
      fix: 'rename one of them, or remove the Sid',
    });
  }
  return { statements, tokens: documents.filter(hasToken) };
}

function checkForm(at: IConstruct, { Effect, Principal, NotPrincipal, Action, NotAction }: SourceStatement): void {
  if (Effect !== 'Allow' && Effect !== 'Deny') refuse(at, `a source statement with the Effect ${shown(Effect)}`, '"Allow" or "Deny"', MALFORMED, WHOLE);
  if (Principal === undefined && NotPrincipal === undefined) {
    refuse(at, 'a source statement without "Principal".', 'statements that say whom they are about: this is no policy of an identity', MALFORMED, WHOLE);
  }
  if (Action === undefined && NotAction === undefined) refuse(at, 'a source statement without "Action".', 'statements with "Action" or "NotAction"', MALFORMED, WHOLE);
}

/** One or many, as policies allow both. */
export function listOf(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** Whether text matches an IAM pattern with `*` and `?`. */
export function matches(pattern: string, text: string): boolean {
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
  return new RegExp(`^${source}$`).test(text);
}

function statementsOf(at: IConstruct, document: string): SourceStatement[] {
  const parsed = parse(document);
  const statements = parsed?.Statement === undefined ? undefined : [parsed.Statement].flat();
  if (statements !== undefined && statements.every((each) => each !== null && typeof each === 'object')) return statements;
  throw new ValidationError(at, {
    given: `source policy document ${shown(document)}`,
    allowed: 'the JSON of a policy: an object with "Statement"; or a token, such as `json` of aws_iam_policy_document',
    why: 'its statements become part of the one policy that the resource has',
    fix: WHOLE,
  });
}

function parse(document: string): any {
  try {
    return JSON.parse(document);
  } catch {
    return undefined;
  }
}
