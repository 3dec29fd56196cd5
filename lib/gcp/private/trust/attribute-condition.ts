import { IConstruct } from 'constructs';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { refuse, shown, ValidationError } from '../../../core/shared/input/validation-error';
import { checkNamespace } from '../../../core/shared/kubernetes/names';
import { sorted } from '../../../core/shared/sort';
import type { TerraformCheck } from '../../../core/shared/terraform/check';
import { literal } from '../../../core/shared/terraform/text';
import { checkLength } from '../forms/text-form';

/** The longest attribute condition that IAM takes. */
const LIMIT = 4096;
/** What lets every token in. */
const EVERYBODY = /^[\s()]*(true[\s()]*)?$/;

/** How the condition of a pool is chosen. */
export interface ConditionInput {
  readonly namespaces?: string[];
  readonly attributeCondition?: string;
}

/**
 * Which tokens of the issuer a pool takes. Without a condition every pod of the cluster could use it: by default it lists the
 * service accounts that use the pool.
 */
export class AttributeCondition {
  /** What Terraform checks of a condition that only it knows. */
  public readonly late: TerraformCheck[];
  private readonly subjects = new Set<string>();

  public constructor(private readonly at: IConstruct, private readonly input: ConditionInput) {
    const { namespaces, attributeCondition } = input;
    if (namespaces !== undefined && attributeCondition !== undefined) {
      refuse(this.at, '`namespaces` and `attributeCondition` together.', 'one of them', 'a provider has one condition',
        'write the namespaces into the condition: assertion[\'kubernetes.io\'][\'namespace\'] in [...]');
    }
    if (namespaces !== undefined) {
      if (namespaces.length === 0) refuse(this.at, 'no namespace.', 'at least one namespace', 'the pool would take no token', 'name the namespaces of the tenants');
      namespaces.forEach((namespace) => checkNamespace(at, namespace));
      this.checkLength(at, namespaceCondition(namespaces), 'drop namespaces, or pass an `attributeCondition` of your own');
    }
    if (attributeCondition !== undefined && EVERYBODY.test(attributeCondition)) {
      refuse(this.at, `attribute condition ${shown(attributeCondition)}.`, 'a CEL expression that tells tokens apart',
        'without a condition every service account of the cluster could use the pool', 'leave the option out');
    }
    this.late = checkLength(at, 'attribute condition', attributeCondition, LIMIT);
  }

  /** Takes note that an identity uses the pool; refuses what the condition would not let in. */
  public admit(identity: IConstruct, accounts: readonly FluxServiceAccount[]): void {
    const { namespaces, attributeCondition } = this.input;
    if (attributeCondition !== undefined) return;
    if (namespaces !== undefined) {
      const outside = accounts.find(({ namespace }) => !namespaces.includes(namespace));
      if (outside === undefined) return;
      throw new ValidationError(identity, {
        given: `service account ${shown(String(outside))} with pool "${this.at.node.path}", which takes the namespaces ${sorted(namespaces).join(', ')}.`,
        allowed: 'service accounts of those namespaces',
        why: 'the attribute condition of the pool would refuse its tokens',
        fix: `add ${shown(outside.namespace)} to the \`namespaces\` of the pool`,
      });
    }
    const all = [...this.subjects, ...accounts.map(({ subject }) => subject)];
    this.checkLength(identity, subjectCondition(all),
      `set \`namespaces\` of pool "${this.at.node.path}" to the namespaces of its service accounts, or its \`attributeCondition\``);
    all.forEach((subject) => this.subjects.add(subject));
  }

  /** The condition, complete once the whole app is built. */
  public render(): string {
    const { namespaces, attributeCondition } = this.input;
    if (attributeCondition !== undefined) return literal(attributeCondition);
    if (namespaces !== undefined) return namespaceCondition(namespaces);
    if (this.subjects.size > 0) return subjectCondition([...this.subjects]);
    return refuse(this.at, 'a pool that no identity of this app uses.', 'identities that name the pool, or the option `namespaces` or `attributeCondition`',
      'the condition lists the service accounts of the identities that use the pool: it would take no token',
      'set `namespaces` if the identities are in other apps, or remove the pool');
  }

  private checkLength(at: IConstruct, condition: string, fix: string): void {
    if (condition.length <= LIMIT) return;
    throw new ValidationError(at, {
      given: `an attribute condition of ${condition.length} characters for pool "${this.at.node.path}".`,
      allowed: `at most ${LIMIT} characters`,
      why: 'IAM refuses a longer condition',
      fix,
    });
  }
}

function subjectCondition(subjects: readonly string[]): string {
  return `assertion.sub in [${quoted(subjects)}]`;
}

function namespaceCondition(namespaces: readonly string[]): string {
  return `assertion['kubernetes.io']['namespace'] in [${quoted(namespaces)}]`;
}

function quoted(values: readonly string[]): string {
  return sorted(values).map((value) => `'${value}'`).join(', ');
}
