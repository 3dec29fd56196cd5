import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { Lazy, TerraformProvider, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { measured, PolicySize } from './size';
import { documentOf, prepared, PreparedStatement } from './statement';
import { Grant } from '../../../core/grant';
import { ValidationError } from '../../../core/shared/input/validation-error';
import { byText } from '../../../core/shared/sort';
import { lifecycleOf, TerraformCheck } from '../../../core/shared/terraform/check';
import { addressOf } from '../../../core/shared/terraform/graph';
import { newResource } from '../../../core/shared/terraform/new-resource';
import { literal, templateOfJson } from '../../../core/shared/terraform/text';
import { TextSize, textSize } from '../../../core/shared/terraform/text-size';
import { AwsStatement } from '../../aws-permission';

/** A resource whose policy is written anew as grants come. */
export interface PolicyResource extends TerraformResource {
  policy: string;
}

/** What carries policies: a role or a user. */
export interface PolicyHolder {
  readonly path?: string;
  readonly tags?: { readonly [key: string]: string };
  readonly provider?: TerraformProvider;
  /** The inline policy of the holder; `policy` is the text. */
  inline(scope: Construct, id: string, policy: string): PolicyResource;
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

/** What one grant puts into the policies. */
interface Entry {
  readonly grant: Grant;
  readonly statements: AwsStatement[];
  /** What Terraform must check before it is granted. */
  readonly conditions: readonly TerraformCheck[];
  readonly prepared: PreparedStatement[];
  /** Measured when policies are packed: most identities need one, and no packing. */
  measured?: ReturnType<typeof measured>;
}

interface Rendered {
  readonly json: string;
  readonly size: TextSize;
}

/** What a grant brings. */
export interface PolicyContents {
  readonly statements: AwsStatement[];
  readonly managedPolicies?: readonly string[];
  /** What Terraform must check before. */
  readonly conditions?: readonly TerraformCheck[];
}

/** What goes into one policy. */
interface Bin {
  readonly entries: Entry[];
  readonly rendered?: Rendered;
}

/** One policy and what is in it. */
interface Slot {
  readonly resources: TerraformResource[];
  readonly policy: PolicyResource;
  entries: readonly Entry[];
}

/**
 * The policies of one identity. All statements go into one inline policy; past its limit whole grants fill it and then
 * managed policies, in the order of their ids. Grants are placed next-fit: adding one never makes fewer policies, so the
 * resources are the same whatever the order of calls.
 */
export class Policies {
  private grants: readonly Entry[] = [];
  private readonly slots: Slot[] = [];
  private readonly attached = new Map<string, string>();

  public constructor(private readonly scope: Construct, private readonly holder: PolicyHolder, private readonly limits: PolicyLimits) {}

  /** Puts the statements of a grant into the policies, and attaches the AWS-managed policies it names. All of it, or nothing. */
  public add(grant: Grant, { statements, managedPolicies = [], conditions = [] }: PolicyContents): void {
    const grants = statements.length === 0 ? this.grants
      : inOrder([...this.grants, { grant, statements, conditions, prepared: statements.map(prepared) }]);
    const bins = this.pack(grant, grants);
    this.checkManaged(grant, managedPolicies, bins.length);
    this.grants.forEach((each) => each.grant._admit(statements, grant));

    this.grants = grants;
    if (statements.length > 0) this.place(bins);
    for (const policyArn of managedPolicies) {
      this.attached.set(policyArn, grant.node.id);
      grant._add(this.holder.attach(grant, 'Attachment', policyArn));
    }
  }

  private place(bins: Bin[]): void {
    bins.forEach(({ entries, rendered }, index) => {
      const before = this.slots[index]?.entries;
      if (before?.length === entries.length && before.every((entry, place) => entry === entries[place])) return;
      // Written now: a lazy value costs more than writing once more with each grant.
      const { json, size } = rendered ?? render(entries);
      const policy = templateOfJson(json);
      const slot = this.slots[index] ?? this.open(index, policy);
      slot.entries = entries;
      slot.policy.policy = policy;
      this.guard(slot, index, size);
    });
    // A grant may move from one policy to another as others come: whoever waits for it waits for all.
    for (const { grant } of this.grants) {
      this.slots.forEach((slot) => slot.resources.forEach((resource) => grant._add(resource)));
    }
  }

  private checkManaged(grant: Grant, managedPolicies: readonly string[], bins: number): void {
    for (const policyArn of managedPolicies) {
      const owner = this.attached.get(policyArn);
      if (owner === undefined) continue;
      throw new ValidationError(grant, {
        given: `managed policy "${policyArn}", which grant "${owner}" attaches already.`,
        allowed: 'each managed policy once',
        why: 'both attachments would be one and the same in AWS: removing one grant would take the other\'s access away',
        fix: `drop one of the grants "${owner}" and "${grant.node.id}"`,
      });
    }
    const managed = this.attached.size + managedPolicies.length + bins - (this.limits.inline > 0 && bins > 0 ? 1 : 0);
    if (managed <= this.limits.attachments) return;
    throw new ValidationError(grant, {
      given: `a grant that needs managed policy number ${managed}.`,
      allowed: `at most ${this.limits.attachments} managed policies on one identity`,
      why: 'AWS refuses to attach more (LimitExceeded)',
      fix: 'split the identity, use wildcards in resources that share a prefix, or raise the quota with AWS and set `quotas.managedPolicies`',
    });
  }

  private capacity(index: number): number {
    return index === 0 && this.limits.inline > 0 ? this.limits.inline : this.limits.managed;
  }

  private pack(grant: Grant, grants: readonly Entry[]): Bin[] {
    if (grants.length === 0) return [];
    // What has spilled never fits into one again.
    if (this.slots.length <= 1) {
      const rendered = render(grants);
      if (rendered.size.estimate <= this.capacity(0)) return [{ entries: [...grants], rendered }];
    }
    return this.fill(grant, grants);
  }

  private fill(grant: Grant, grants: readonly Entry[]): Bin[] {
    const bins: Bin[] = [{ entries: [] }];
    let size = new PolicySize();
    for (const entry of grants) {
      const statements = entry.measured ??= measured(entry.statements);
      const last = bins.length - 1;
      if (size.addWithin(this.capacity(last), statements)) {
        bins[last].entries.push(entry);
        continue;
      }
      const next = bins[last].entries.length === 0 ? last : last + 1;
      size = new PolicySize();
      const limit = this.capacity(next);
      if (!size.addWithin(limit, statements)) this.tooLarge(grant, entry.grant.node.id, size.with(statements), limit);
      bins[next] = { entries: [entry] };
    }
    return bins;
  }

  private open(index: number, text: string): Slot {
    const opened = this.limits.inline > 0 && index === 0
      ? this.openInline(text)
      : this.openManaged(this.limits.inline > 0 ? `Overflow${index}` : `Managed${index + 1}`, text);
    const slot = { ...opened, entries: [] };
    this.slots.push(slot);
    // Grants that come push others into later policies: there they must be in force before they leave the earlier one.
    this.slots.slice(0, index).forEach((earlier, place) => {
      earlier.policy.dependsOn = this.slots.slice(place + 1).map(({ resources: [, attachment] }) => addressOf(attachment)!);
    });
    return slot;
  }

  private openInline(text: string) {
    const policy = this.holder.inline(this.scope, 'Policy', text);
    return { policy, resources: [policy] };
  }

  private openManaged(id: string, text: string) {
    const scope = new Construct(this.scope, id);
    const policy = newResource(IamPolicy, scope, 'Resource', {
      policy: text, ...literal({ path: this.holder.path, tags: this.holder.tags }), provider: this.holder.provider,
    });
    return { policy, resources: [policy, this.holder.attach(scope, 'Attachment', policy.arn)] };
  }

  /** Terraform knows the real length where tokens stand: it refuses before AWS does, and says what to do. */
  private guard(slot: Slot, index: number, size: TextSize): void {
    const limit = this.capacity(index);
    slot.policy.lifecycle = lifecycleOf([
      ...slot.entries.flatMap(({ conditions }) => conditions),
      ...(size.estimate === size.least ? [] : [{
        condition: Lazy.anyValue({ produce: () => size.fits(limit) }),
        errorMessage: `The policy of ${this.scope.node.path} is longer than AWS allows (${limit} characters). Use fewer or shorter resources, or split the identity.`,
      }]),
    ]);
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

function inOrder(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((a, b) => byText(a.grant.node.id, b.grant.node.id));
}

function render(entries: readonly Entry[]): Rendered {
  const json = JSON.stringify(documentOf(entries.flatMap((entry) => entry.prepared)));
  return { json, size: textSize(json) };
}
