import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { Lazy, TerraformProvider, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { Grant } from '../../core/grant';
import { jsonSize, jsonTemplate } from '../../core/shared/terraform-text';
import { ValidationError } from '../../core/shared/validation-error';
import { AwsStatement } from '../aws-permission';
import { policyDocument } from './statement';

/** What carries policies: a role or a user. */
export interface PolicyHolder {
  readonly path?: string;
  readonly tags?: { readonly [key: string]: string };
  readonly provider?: TerraformProvider;
  /** The inline policy of the holder; `policy` is the text. */
  inline(scope: Construct, id: string, policy: string): TerraformResource;
  /** The attachment of a managed policy. */
  attach(scope: Construct, id: string, policyArn: string): TerraformResource;
}

/** How much fits where. */
export interface PolicyLimits {
  /** Characters of the inline policy; 0 puts everything in managed policies. */
  readonly inline: number;
  /** Characters of one managed policy. */
  readonly managed: number;
  /** Managed policies that may be attached. */
  readonly attachments: number;
}

/** The names this takes below the identity. */
export const RESERVED_IDS = /^(Default|Resource|Policy|(Overflow|Managed)\d+)$/;

interface Slot {
  readonly resources: TerraformResource[];
  readonly policy: TerraformResource;
  statements: AwsStatement[];
  text?: string;
}

/**
 * The policies of one identity. All statements go into one inline policy; past its limit whole grants fill it and then
 * managed policies, in the order of their ids. Grants are placed next-fit: adding one never makes fewer policies, so the
 * resources are the same whatever the order of calls.
 */
export class Policies {
  private readonly grants = new Map<string, { grant: Grant; statements: AwsStatement[] }>();
  private readonly slots: Slot[] = [];
  private readonly attached = new Map<string, string>();
  private upperBound = 0;

  public constructor(private readonly scope: Construct, private readonly holder: PolicyHolder, private readonly limits: PolicyLimits) {}

  /** Puts the statements of a grant into the policies. */
  public add(grant: Grant, statements: AwsStatement[]): void {
    if (statements.length === 0) return;
    this.grants.set(grant.node.id, { grant, statements });
    this.upperBound += jsonSize(policyDocument(statements)).estimate;
    const bins = this.upperBound <= this.capacity(0) ? [this.all()] : this.fill(grant);
    this.checkAttachments(grant, bins.length);
    bins.forEach((contents, index) => {
      const slot = this.slots[index] ?? this.open(index);
      slot.statements = contents;
      slot.text = undefined;
      this.guard(slot, index);
    });
    // A grant may move from one policy to another as others come: whoever waits for it waits for all.
    for (const { grant: each } of this.grants.values()) {
      this.slots.forEach((slot) => slot.resources.forEach((resource) => each._add(resource)));
      if (each !== grant) each._changed();
    }
  }

  /** Attaches an AWS-managed policy, once. */
  public attach(grant: Grant, policyArn: string): void {
    const owner = this.attached.get(policyArn);
    if (owner !== undefined) {
      throw new ValidationError(grant, {
        given: `managed policy "${policyArn}", which grant "${owner}" attaches already.`,
        allowed: 'each managed policy once',
        why: 'both attachments would be one and the same in AWS: removing one grant would take the other\'s access away',
        fix: `drop one of the grants "${owner}" and "${grant.node.id}"`,
      });
    }
    this.attached.set(policyArn, grant.node.id);
    this.checkAttachments(grant, this.slots.length);
    grant._add(this.holder.attach(grant, 'Attachment', policyArn));
  }

  private capacity(index: number): number {
    return index === 0 && this.limits.inline > 0 ? this.limits.inline : this.limits.managed;
  }

  private sortedGrants() {
    return [...this.grants].sort(([a], [b]) => a < b ? -1 : 1).map(([id, { statements }]) => ({ id, statements }));
  }

  private all(): AwsStatement[] {
    return this.sortedGrants().flatMap(({ statements }) => statements);
  }

  private fill(grant: Grant): AwsStatement[][] {
    const bins: AwsStatement[][] = [[]];
    for (const { id, statements } of this.sortedGrants()) {
      const last = bins.length - 1;
      const together = [...bins[last], ...statements];
      if (jsonSize(policyDocument(together)).estimate <= this.capacity(last)) {
        bins[last] = together;
        continue;
      }
      const next = bins[last].length === 0 ? last : last + 1;
      const size = jsonSize(policyDocument(statements)).estimate;
      if (size > this.capacity(next)) this.tooLarge(grant, id, size, this.capacity(next));
      bins[next] = statements;
    }
    return bins;
  }

  private open(index: number): Slot {
    const slot: Partial<Slot> = { statements: [] };
    const policy = Lazy.stringValue({ produce: () => (slot.text ??= jsonTemplate(policyDocument(slot.statements!))) });
    const opened = Object.assign(slot, this.limits.inline > 0 && index === 0
      ? this.openInline(policy)
      : this.openManaged(this.limits.inline > 0 ? `Overflow${index}` : `Managed${index + 1}`, policy)) as Slot;
    this.slots.push(opened);
    // What leaves the inline policy must be in force elsewhere first.
    if (index > 0 && this.limits.inline > 0) {
      this.slots[0].policy.dependsOn = this.slots.slice(1).map(({ resources: [, attachment] }) => `${attachment.terraformResourceType}.${attachment.friendlyUniqueId}`);
    }
    return opened;
  }

  private openInline(text: string) {
    const policy = this.holder.inline(this.scope, 'Policy', text);
    return { policy, resources: [policy] };
  }

  private openManaged(id: string, text: string) {
    const scope = new Construct(this.scope, id);
    const policy = new IamPolicy(scope, 'Resource', {
      policy: text, path: this.holder.path, tags: this.holder.tags, provider: this.holder.provider,
    });
    return { policy, resources: [policy, this.holder.attach(scope, 'Attachment', policy.arn)] };
  }

  /** Terraform knows the real length where tokens stand: it refuses before AWS does, and says what to do. */
  private guard(slot: Slot, index: number): void {
    const limit = this.capacity(index);
    const condition = jsonSize(policyDocument(slot.statements)).fits(limit);
    slot.policy.lifecycle = condition === undefined ? undefined : {
      precondition: [{
        condition,
        errorMessage: `The policy of ${this.scope.node.path} is longer than AWS allows (${limit} characters). Use fewer or shorter resources, or split the identity.`,
      }],
    };
  }

  private checkAttachments(grant: Grant, policies: number): void {
    const managed = this.attached.size + policies - (this.limits.inline > 0 && policies > 0 ? 1 : 0);
    if (managed <= this.limits.attachments) return;
    throw new ValidationError(grant, {
      given: `a grant that needs managed policy number ${managed}.`,
      allowed: `at most ${this.limits.attachments} managed policies on one identity`,
      why: 'AWS refuses to attach more (LimitExceeded)',
      fix: 'split the identity, use wildcards in resources that share a prefix, or raise the quota with AWS and set `quotas.managedPolicies`',
    });
  }

  private tooLarge(grant: Grant, id: string, size: number, limit: number): never {
    throw new ValidationError(grant, {
      given: `grant "${id}" of about ${size} characters.`,
      allowed: `at most ${limit} characters for one grant at its place`,
      why: 'a grant is never cut in two, and AWS refuses longer policies',
      fix: 'split the grant into several, or use wildcards in resources that share a prefix',
    });
  }
}
