import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { Lazy, TerraformProvider, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { ownerStatement, REGISTRY_ACTIONS } from './owner-statements';
import { matches, readSources, Sources, SourceStatement } from './source-documents';
import { Grant } from '../../../core/grant';
import { claim, valueKey } from '../../../core/shared/input/once-per-app';
import { shown, ValidationError } from '../../../core/shared/input/validation-error';
import { makeGrant } from '../../../core/shared/make-grant';
import { byText } from '../../../core/shared/sort';
import { lifecycleOf, TerraformCheck } from '../../../core/shared/terraform/check';
import { jsonTemplate } from '../../../core/shared/terraform/text';
import { jsonSize } from '../../../core/shared/terraform/text-size';
import { hasToken } from '../../../core/shared/terraform/tokens';
import type { IAwsIdentity } from '../../aws-identity';
import type { AwsPermission, AwsStatement } from '../../aws-permission';
import { arnConditions, ArnForm } from '../forms/arn';
import { agreementKey, bind } from '../grant/grant-to';
import { guestOf, PRINCIPAL } from '../grant/grantee';

/** Makes a construct the owner of a resource's policy; a second one is refused. */
export function ownPolicy(at: Construct, { service, noun }: Pick<ResourcePolicyForm, 'service' | 'noun'>, arn: string): void {
  const other = claim(at, `aws ${service} policy of ${valueKey(at, arn)}`);
  if (other === undefined) return;
  throw new ValidationError(at, {
    given: `a second owner of the policy of ${noun} ${shown(arn)}; "${other.node.path}" is the first.`,
    allowed: 'one owner for the policy of a resource',
    why: 'each would put the whole document, and the last one to be applied would silently drop the other\'s statements',
    fix: 'grant on the first one',
  });
}

/** What sets the policies of one service apart. */
export interface ResourcePolicyForm {
  readonly service: 'ecr' | 's3' | 'kms';
  /** "ECR repository", for errors. */
  readonly noun: string;
  /** Characters that the service takes. */
  readonly limit: number;
  /** Statements that are always there. */
  readonly base?: object[];
  /** Refuses statements of the caller's documents that the service refuses. */
  check(statement: SourceStatement): void;
}

/** The resource whose policy is owned. */
export interface PolicyTarget {
  readonly arn: string;
  /** What its ARN must be. */
  readonly arnForm: ArnForm;
  /** What else Terraform must check. */
  readonly conditions?: readonly TerraformCheck[];
  readonly sourcePolicyDocuments?: string[];
  readonly provider?: TerraformProvider;
}

const RESERVED = /^(Default|Resource|Document)$/;

interface Entry {
  readonly principal: string;
  readonly conditions: readonly TerraformCheck[];
  readonly statements: AwsStatement[];
}

/** The one document of a resource: what the caller brings and all grants, in a form that no order of calls changes. */
export class ResourcePolicy {
  private readonly grants = new Map<string, Entry>();
  private readonly sources: Sources;
  private readonly resource: TerraformResource;
  private text?: string;

  public constructor(
    private readonly at: Construct, private readonly target: PolicyTarget, private readonly form: ResourcePolicyForm,
    make: (policy: string) => TerraformResource,
  ) {
    this.sources = readSources(at, target.sourcePolicyDocuments ?? [], (statement) => form.check(statement));
    ownPolicy(at, form, target.arn);
    const own = Lazy.stringValue({ produce: () => (this.text ??= jsonTemplate(this.document())) });
    const policy = this.sources.tokens.length === 0 ? own : new DataAwsIamPolicyDocument(at, 'Document', {
      sourcePolicyDocuments: [own, ...this.sources.tokens],
      provider: target.provider,
    }).json;
    this.resource = make(policy);
    this.guard();
  }

  /** Lets an identity in, as far as the permission concerns this resource. */
  public grant(id: string, identity: IAwsIdentity, permission: AwsPermission): Grant {
    return makeGrant(this.at, id, RESERVED, (grant) => {
      const { principal, holder } = guestOf(grant, identity);
      const { granted, conditions } = bind(grant, permission, principal, holder);
      const statements = granted.statements.map((statement) => this.concerned(statement))
        .filter(({ actions, resources }) => actions.length > 0 && resources.length > 0);
      if (statements.length === 0 || granted.resources?.length) this.foreign(grant);
      this.grants.set(id, {
        principal: principal.arn,
        statements,
        conditions: [...conditions, ...principal.made === undefined ? arnConditions(grant, principal.arn, PRINCIPAL) : []],
      });
      try {
        this.guard();
      } catch (error) {
        this.grants.delete(id);
        throw error;
      }
      claim(grant, agreementKey(grant, this.target.arn, principal.arn));
      this.text = undefined;
      grant._add(this.resource);
    });
  }

  private concerned(statement: AwsStatement): AwsStatement {
    const mine = valueKey(this.at, this.target.arn);
    return {
      ...statement,
      actions: statement.actions.filter((action) => !REGISTRY_ACTIONS.includes(action)),
      resources: statement.resources.filter((resource) => {
        if (resource === '*') return false;
        const key = valueKey(this.at, this.form.service === 's3' ? resource.split('/')[0] : resource);
        return key === mine || (!hasToken(resource) && !hasToken(this.target.arn) && matches(key, mine));
      }),
    };
  }

  private foreign(grant: Grant): never {
    throw new ValidationError(grant, {
      given: `a permission that is not on ${this.form.noun} ${shown(this.target.arn)}.`,
      allowed: 'the permission that the identity itself is granted on this resource',
      why: 'the policy of a resource speaks of that resource only',
      fix: 'make the permission with the same ARN as this policy, and pass it to both grants',
    });
  }

  private document(): object {
    const statements = [...(this.form.base ?? []), ...this.sources.statements, ...this.granted()];
    if (statements.length === 0 && this.sources.tokens.length === 0) {
      throw new ValidationError(this.at, {
        given: `a policy of ${this.form.noun} ${shown(this.target.arn)} without any statement.`,
        allowed: 'at least one grant or source policy document',
        why: 'AWS refuses an empty policy',
        fix: 'grant something on it, or remove it',
      });
    }
    // The caller's document may hold the statements that are always there.
    return { Version: '2012-10-17', Statement: [...new Map(statements.map((each) => [JSON.stringify(each), each])).values()] };
  }

  /** Statements that differ in their principals only become one. By the ids of the grants: tokens have no lasting order. */
  private granted(): object[] {
    const merged = new Map<string, { statement: AwsStatement; principals: Map<string, string> }>();
    for (const [, { principal, statements }] of [...this.grants].sort(([a], [b]) => byText(a, b))) {
      for (const statement of statements) {
        const key = valueKey(this.at, JSON.stringify(ownerStatement(this.form.service, statement, [])));
        const entry = merged.get(key) ?? { statement, principals: new Map<string, string>() };
        entry.principals.set(valueKey(this.at, principal), entry.principals.get(valueKey(this.at, principal)) ?? principal);
        merged.set(key, entry);
      }
    }
    return [...merged].sort(([a], [b]) => byText(a, b))
      .map(([, { statement, principals }]) => ownerStatement(this.form.service, statement, [...principals.values()]));
  }

  private guard(): void {
    const conditions = [
      ...arnConditions(this.at, this.target.arn, this.target.arnForm),
      ...this.target.conditions ?? [],
      ...[...this.grants].sort(([a], [b]) => byText(a, b)).flatMap(([, entry]) => entry.conditions),
      ...this.sizeCondition(),
    ];
    this.resource.lifecycle = lifecycleOf(conditions);
  }

  private sizeCondition(): TerraformCheck[] {
    if (this.grants.size === 0) return [];
    const size = jsonSize(this.document());
    const { limit, noun } = this.form;
    const condition = size.fits(limit);
    if (size.least > limit) {
      throw new ValidationError(this.at, {
        given: `a policy of ${noun} ${shown(this.target.arn)} of ${condition === undefined ? '' : 'more than '}${size.least} characters.`,
        allowed: `at most ${limit} characters`,
        why: 'AWS refuses a longer policy (LimitExceeded)',
        fix: 'let several tenants share a role, or grant on more resources',
      });
    }
    return condition === undefined ? [] : [{ condition, errorMessage: `The policy at ${this.at.node.path} is longer than AWS allows (${limit} characters).` }];
  }
}
