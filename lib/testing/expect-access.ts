import { Construct, IConstruct } from 'constructs';
import { judgeAccess } from './judge-access';
import { checkQuestion, cloudOf } from './question';
import { FluxCloud, IFluxIdentity } from '../core/flux-identity';
import { FluxServiceAccount } from '../core/flux-service-account';
import { FluxIdentityBase } from '../core/shared/flux/identity-base';

/** A call to AWS: an IAM action on the ARN of a resource (`*` where the action knows none). */
export interface AwsAccess {
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the request, for statements that hold only if. */
  readonly context?: { readonly [key: string]: string | readonly string[] };
}

/** A call to Google Cloud: an IAM permission on a resource, by its name. */
export interface GcpAccess {
  readonly permission: string;
  readonly resource: string;
}

/** A call to Azure: an action or data action on a resource, by its ID. */
export interface AzureAccess {
  readonly action: string;
  readonly scope: string;
}

/** A call to a cloud. */
export type Access = AwsAccess | GcpAccess | AzureAccess;

/**
 * Assertions on what identities of a stack may do, for tests of your own: they need no Terraform and no cloud, and work with every
 * test runner. An answer is exact or refused: what cannot be told (policies of your own on the same role, an operator of a condition
 * that is not known here, a permission that Flux does not need) fails the test and says why. What Aspects change is seen once the
 * stack was synthesized.
 *
 * ```ts
 * expectAccess(stack).of(images).allows({ action: 'ecr:BatchGetImage', resource: 'arn:aws:ecr:eu-west-1:111122223333:repository/apps/web' });
 * ```
 *
 * @param stack the stack, or a construct above the identities, such as the app
 */
export function expectAccess(stack: IConstruct): AccessExpectations {
  return new AccessExpectations(stack);
}

/** The identities below a construct. */
export class AccessExpectations {
  /** @internal */
  public constructor(private readonly scope: IConstruct) {}

  /**
   * One identity, or all identities of a service account in the cloud that the question is about.
   *
   * @param subject an identity of this stack, or a service account
   */
  public of(subject: IFluxIdentity | FluxServiceAccount): SubjectExpectations {
    const all = this.scope.node.findAll();
    if (!(subject instanceof FluxServiceAccount)) {
      if (!Construct.isConstruct(subject)) fail('of() takes an identity of this app, or a FluxServiceAccount.');
      if (!all.includes(subject)) fail(`identity "${subject?.node?.path}" is not below "${this.scope.node.path}": pass its own stack, or the app, to expectAccess.`);
      if (!(subject instanceof FluxIdentityBase)) fail(`"${subject.node.path}" is no identity of this library: what it may do is not known here.`);
      return new SubjectExpectations(`identity "${subject.node.path}"`, [subject]);
    }
    const of = all.filter((node): node is IFluxIdentity & IConstruct => (
      'fluxSettings' in node && (node as IFluxIdentity).serviceAccounts.some((account) => String(account) === String(subject))
    ));
    const identities = of.filter((node): node is FluxIdentityBase & IFluxIdentity => node instanceof FluxIdentityBase);
    if (of.length === 0) {
      fail(`nobody below "${this.scope.node.path}" grants service account "${subject}" anything. Identities of other stacks are not seen: pass the app to see all.`);
    }
    return new SubjectExpectations(`service account "${subject}"`, identities, of.filter((node) => !(node instanceof FluxIdentityBase)));
  }
}

/** What one identity or account may do. */
export class SubjectExpectations {
  /** @internal */
  public constructor(
    private readonly name: string,
    private readonly identities: readonly FluxIdentityBase[],
    private readonly strangers: readonly IFluxIdentity[] = [],
  ) {}

  /** Fails unless a grant allows the call. (Across accounts the owner of the resource must agree too: not part of the answer.) */
  public allows(access: Access): this {
    const { allowed, because } = this.decide(access);
    if (allowed === true) return this;
    return fail(allowed === 'unknown'
      ? `whether ${this.name} may ${shown(access)} cannot be told: ${because}.`
      : `${this.name} may not ${shown(access)}: ${because}.`);
  }

  /** Fails if a grant allows the call, or if it cannot be told. */
  public denies(access: Access): this {
    const { allowed, because } = this.decide(access);
    if (allowed === false) return this;
    return fail(allowed === 'unknown'
      ? `whether ${this.name} may ${shown(access)} cannot be told: ${because}.`
      : `${this.name} may ${shown(access)}, by ${because}.`);
  }

  private decide(access: Access): { allowed: boolean | 'unknown'; because: string } {
    const cloud = cloudOf(access);
    const texts = Object.values(access).filter((value): value is string => typeof value === 'string');
    if (texts.some((text, index) => /[*?]/.test(text) && !(cloud === FluxCloud.AWS && text === '*' && index > 0))) {
      return { allowed: 'unknown', because: 'a question names one call on one resource, without wildcards' };
    }
    checkQuestion(access, cloud);
    const identities = this.identities.filter((identity) => identity.cloud === cloud);
    const stranger = this.strangers.find((identity) => identity.cloud === cloud);
    if (stranger !== undefined) {
      return { allowed: 'unknown', because: `it acts as "${stranger.node.path}" too, which is no identity of this library: what that may do is not known here` };
    }
    if (identities.length === 0) {
      return { allowed: 'unknown', because: `it has no identity in cloud "${cloud}" there, and other stacks are not seen` };
    }
    const answers = identities.map((identity) => judgeAccess(identity, access, identities));
    return answers.find(({ allowed }) => allowed === true) ?? answers.find(({ allowed }) => allowed === 'unknown') ?? answers[0];
  }
}

function shown(access: Access): string {
  const [right, resource] = 'permission' in access ? [access.permission, access.resource]
    : 'scope' in access ? [access.action, access.scope] : [access.action, access.resource];
  return `${right} on ${String(resource).replace(/\$\{TfToken\[[^\]]*\]\}/g, '<a value known at apply>')}`;
}

function fail(message: string): never {
  throw new Error(`expectAccess: ${message}`);
}
