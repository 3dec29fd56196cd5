import { TerraformDataSource, TerraformResource, TerraformStack } from 'cdktf';
import { argumentsOf, isOpaque, Name } from './principals';
import type { ForeignRight } from './rights';
import { decideAws } from '../../access/aws-decision';
import type { Access } from '../expect-access';

/** A statement, as a policy has it or a policy document of Terraform. */
interface Statement {
  readonly effect: string;
  /** Nobody where it names those that it is not about. */
  readonly principals?: readonly Name[];
  readonly actions?: readonly string[];
  readonly resources?: readonly string[];
  readonly conditions: unknown;
}

/** An account allows nobody by itself: policies of its principals decide. */
const ACCOUNT = /^(\d{12}|arn:[^:]+:iam::\d{12}:root)$/;

/** The policy of a resource, where it allows the call itself: the principal needs no policy of its own then. */
export function resourcePolicy(resource: TerraformResource, access: Access, isOurs: (name: Name) => boolean): ForeignRight | undefined {
  if (!('action' in access && 'resource' in access)) return undefined;
  const { terraformResourceType: type } = resource;
  if (!type.startsWith(`aws_${access.action.split(':')[0].replace('-', '')}`)) return undefined;
  const { policy, ...block } = argumentsOf(resource);
  if (typeof policy !== 'string' || isElsewhere(block, access.resource)) return undefined;
  const statements = statementsOf(resource, policy);
  const why = `(${type}) is the policy of a resource, and allows it or may`;
  if (statements === undefined) return { why, takesAway: false };
  const may = statements.some(({ effect, principals, actions = ['*'], resources = ['*'], conditions }) => (
    effect === 'Allow' && (principals === undefined || principals.some((name) => name === '*' || (!ACCOUNT.test(name) && isOurs(name))))
    && decideAws([{ actions, resources: resources.map(anyOf), conditions }], access).allowed !== false
  ));
  return may ? { why, takesAway: false } : undefined;
}

/** Whether it is surely the policy of another resource: statements need not name theirs. */
function isElsewhere({ repository, repository_name, key_id, bucket }: { readonly [name: string]: unknown }, asked: string): boolean {
  const held = repository ?? repository_name ?? key_id ?? bucket;
  if (typeof held !== 'string' || isOpaque(held) || asked.includes('${')) return false;
  const name = held.split(':').pop()!.replace(/^(key|repository)\//, '');
  return ![':', '/'].some((before) => `${asked}/`.includes(`${before}${name}/`));
}

/** Undefined where only Terraform knows them. */
function statementsOf(resource: TerraformResource, policy: Name): readonly Statement[] | undefined {
  const [, path, id] = /^<(.*): \$\{data\.aws_iam_policy_document\.([\w-]+)\.(?:minified_)?json\}>$/.exec(policy) ?? [];
  if (id !== undefined) {
    const document = resource.node.root.node.findAll().find((node) => (
      TerraformDataSource.isTerraformDataSource(node) && node.terraformResourceType === 'aws_iam_policy_document'
      && node.friendlyUniqueId === id && TerraformStack.of(node).node.path === path
    )) as TerraformDataSource | undefined;
    return document && ofDocument(argumentsOf(document));
  }
  try {
    return [JSON.parse(written(policy)).Statement].flat().map((statement): Statement => ({
      effect: statement.Effect,
      principals: statement.Principal === undefined ? undefined : statement.Principal === '*' ? ['*'] : texts(statement.Principal.AWS) ?? [],
      actions: texts(statement.Action),
      resources: texts(statement.Resource),
      conditions: statement.Condition,
    }));
  } catch {
    return undefined;
  }
}

/** A policy that is written at synthesis is one token; what it is made of are texts of the same stack. */
function written(policy: Name): string {
  const [, path, json] = /^<([^<>]*): (\{[\s\S]*\})>$/.exec(policy) ?? [];
  if (json === undefined) return policy;
  return json.replace(/\$\{jsonencode\(([\w.-]+)\)\}/g, '"${$1}"').replace(/\$\{[^}]*\}/g, (expression) => `<${path}: ${expression}>`);
}

function ofDocument({ statement, ...rest }: { readonly [name: string]: any }): readonly Statement[] | undefined {
  const merged = ['source_policy_documents', 'override_policy_documents', 'source_json', 'override_json'].some((name) => (rest[name] ?? undefined) !== undefined);
  if (merged || !Array.isArray(statement)) return undefined;
  return statement.map(({ effect, principals, not_principals, actions, resources, condition }): Statement => ({
    effect: effect ?? 'Allow',
    principals: not_principals?.length > 0 || !Array.isArray(principals ?? []) ? undefined
      : (principals ?? []).filter(({ type }: any) => /^(AWS|\*)$/.test(type)).flatMap(({ identifiers }: any) => texts(identifiers) ?? []),
    actions: texts(actions),
    resources: texts(resources),
    // What it asks of a request is in another form there: that may be so.
    conditions: condition?.length > 0 ? { Unread: {} } : undefined,
  }));
}

/** Undefined where there are none, or only Terraform knows them: then all are meant. */
function texts(value: unknown): readonly string[] | undefined {
  const all = [value].flat();
  return all.every((each) => typeof each === 'string') ? all as string[] : undefined;
}

/** What only Terraform knows of a text may be anything. */
function anyOf(text: Name): string {
  return text.replace(/<[^<>]*>/g, '*');
}
