import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { TerraformProvider, TerraformResource, TerraformResourceLifecycle } from 'cdktf';
import { Construct } from 'constructs';
import { PolicySize } from './size';
import { documentOf, prepared, PreparedStatement } from './statement';
import { Grant } from '../../../core/grant';
import { ValidationError } from '../../../core/shared/input/validation-error';
import { byText } from '../../../core/shared/sort';
import { lifecycleOf, TerraformCheck } from '../../../core/shared/terraform/check';
import { addressOf } from '../../../core/shared/terraform/graph';
import { attributeOf, lightToken, lightValue } from '../../../core/shared/terraform/light-token';
import { newResource } from '../../../core/shared/terraform/new-resource';
import { literal, templateOfJson } from '../../../core/shared/terraform/text';
import { TextSize, textSize } from '../../../core/shared/terraform/text-size';
import { hasToken } from '../../../core/shared/terraform/tokens';
import { AwsStatement } from '../../aws-permission';

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

/** What one grant puts into the policies. */
interface Entry {
  readonly grant: Grant;
  readonly statements: readonly PreparedStatement[];
  /** Whether something of it is known to Terraform alone. */
  readonly isLate: boolean;
  /** What Terraform must check before it is granted. */
  readonly conditions: readonly TerraformCheck[];
}

/** What a grant brings. */
export interface PolicyContents {
  readonly statements: AwsStatement[];
  readonly managedPolicies?: readonly string[];
  /** What Terraform must check before. */
  readonly conditions: readonly TerraformCheck[];
}

/** What goes into one policy. */
interface Bin {
  readonly entries: Entry[];
  readonly size: PolicySize;
  /** What Terraform must check before. */
  readonly conditions: TerraformCheck[];
  /** Whether something in it is known to Terraform alone. */
  isLate: boolean;
}

/** One policy and what is in it. */
interface Slot {
  readonly resources: TerraformResource[];
  readonly policy: TerraformResource;
  readonly contents: Contents;
}

/** What is in one policy: written when Terraform's JSON is, and not anew with each grant. */
class Contents {
  private entries: readonly Entry[] = [];
  private written?: { readonly template: string; readonly size: TextSize };
  /** The policy, as an argument of its resource. */
  public readonly text = lightToken(() => this.document.template);

  public set(entries: readonly Entry[]): void {
    this.entries = entries;
    this.written = undefined;
  }

  /** A Terraform condition that holds when the real text fits. */
  public fits(limit: number): string | undefined {
    return this.document.size.fits(limit);
  }

  private get document() {
    if (this.written === undefined) {
      const json = JSON.stringify(documentOf(this.entries.flatMap(({ statements }) => statements)));
      this.written = { template: templateOfJson(json), size: textSize(json) };
    }
    return this.written;
  }
}

/**
 * The policies of one identity. All statements go into one inline policy; past its limit whole grants fill it and then
 * managed policies, in the order of their ids. Grants are placed next-fit: adding one never makes fewer policies, so the
 * resources are the same whatever the order of calls.
 */
export class Policies {
  private grants: readonly Entry[] = [];
  /** How the grants are packed; empty where that is to be worked out anew. */
  private bins: readonly Bin[] = [];
  private readonly slots: Slot[] = [];
  private readonly attached = new Map<string, string>();

  public constructor(private readonly scope: Construct, private readonly holder: PolicyHolder, private readonly limits: PolicyLimits) {}

  /** Puts the statements of a grant into the policies, and attaches the AWS-managed policies it names. All of it, or nothing. */
  public add(grant: Grant, { statements, managedPolicies = [], conditions }: PolicyContents): void {
    const place = placeOf(grant, this.grants);
    const fresh = statements.length === 0 ? [] : [entryOf(grant, statements, conditions)];
    const grants = this.grants.slice(0, place).concat(fresh, this.grants.slice(place));
    const kept = fresh.length === 0 ? this.bins : endingBy(place, this.bins);
    this.bins = []; // what is refused below leaves them half packed
    const bins = this.pack(grant, grants, kept);
    this.checkManaged(grant, managedPolicies, bins.length);
    // What is plain refers to nothing.
    if (fresh.some(({ isLate }) => isLate)) this.grants.forEach((each) => each.grant._admit(statements, grant));

    this.grants = grants;
    this.bins = bins;
    if (fresh.length > 0) this.place(grant, Math.max(0, kept.length - 1));
    for (const policyArn of managedPolicies) {
      this.attached.set(policyArn, grant.node.id);
      grant._add(this.holder.attach(grant, 'Attachment', policyArn));
    }
  }

  /** Says what is in the policies, from the first one that changed. */
  private place(grant: Grant, first: number): void {
    const known = this.slots.length;
    this.bins.slice(first).forEach((bin, index) => {
      const slot = this.slots[first + index] ?? this.open(first + index);
      slot.contents.set([...bin.entries]);
      slot.policy.lifecycle = this.guard(slot, first + index, bin);
    });
    // A grant may move from one policy to another as others come: whoever waits for it waits for all.
    this.slots.forEach((slot) => slot.resources.forEach((resource) => grant._add(resource)));
    for (const { resources } of this.slots.slice(known)) {
      this.grants.forEach((each) => resources.forEach((resource) => each.grant._add(resource)));
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

  /** Next-fit, behind what stays packed as it is. */
  private pack(grant: Grant, grants: readonly Entry[], kept: readonly Bin[]): readonly Bin[] {
    const bins = [...kept];
    for (const entry of grants.slice(countOf(kept))) {
      let bin = bins.at(-1);
      if (bin === undefined || !bin.size.addWithin(this.capacity(bins.length - 1), entry.statements)) {
        const limit = this.capacity(bins.length);
        bin = { entries: [], size: new PolicySize(), conditions: [], isLate: false };
        if (!bin.size.addWithin(limit, entry.statements)) this.tooLarge(grant, entry.grant.node.id, bin.size.with(entry.statements), limit);
        bins.push(bin);
      }
      bin.entries.push(entry);
      bin.conditions.push(...entry.conditions);
      bin.isLate ||= entry.isLate;
    }
    return bins;
  }

  private open(index: number): Slot {
    const contents = new Contents();
    const opened = this.limits.inline > 0 && index === 0
      ? this.openInline(contents.text)
      : this.openManaged(this.limits.inline > 0 ? `Overflow${index}` : `Managed${index + 1}`, contents.text);
    const slot = { ...opened, contents };
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
    return { policy, resources: [policy, this.holder.attach(scope, 'Attachment', attributeOf(policy, 'arn'))] };
  }

  /** Terraform knows the real length where tokens stand: it refuses before AWS does, and says what to do. */
  private guard({ contents }: Slot, index: number, { conditions, isLate }: Bin): TerraformResourceLifecycle | undefined {
    if (!isLate) return lifecycleOf(conditions);
    const limit = this.capacity(index);
    return lifecycleOf([...conditions, {
      condition: lightValue(() => contents.fits(limit)),
      errorMessage: `The policy of ${this.scope.node.path} is longer than AWS allows (${limit} characters). Use fewer or shorter resources, or split the identity.`,
    }]);
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

function entryOf(grant: Grant, statements: readonly AwsStatement[], conditions: readonly TerraformCheck[]): Entry {
  const ready = statements.map(prepared);
  return { grant, statements: ready, isLate: ready.some(({ key, resources }) => hasToken(key) || resources.some(hasToken)), conditions };
}

/** Where a grant stands among others, by their ids. */
function placeOf({ node: { id } }: Grant, entries: readonly Entry[]): number {
  let place = entries.length;
  while (place > 0 && byText(entries[place - 1].grant.node.id, id) > 0) place--;
  return place;
}

/** The bins that hold only what stands before a place. */
function endingBy(place: number, bins: readonly Bin[]): readonly Bin[] {
  let end = 0;
  return bins.filter(({ entries }) => (end += entries.length) <= place);
}

function countOf(bins: readonly Bin[]): number {
  return bins.reduce((sum, { entries }) => sum + entries.length, 0);
}
