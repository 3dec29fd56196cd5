import type { FluxInstallation } from './flux-installation';
import { INSTALLATION } from './private/options';
import { FluxCloud, IFluxIdentity } from '../core/flux-identity';
import { FluxKind } from '../core/flux-kind';
import { FluxSecret } from '../core/flux-secret';
import { FluxServiceAccount } from '../core/flux-service-account';
import { controllersReading, KindFacts, KINDS } from '../core/shared/flux/kinds';
import { inputTypesOf } from '../core/shared/flux/use';
import { requireVersion } from '../core/shared/flux/versions';
import { IDENTITY, SECRET, SERVICE_ACCOUNT } from '../core/shared/input/common-options';
import { oneOf, TEXT } from '../core/shared/input/option-shape';
import { checkOptions, checkValue } from '../core/shared/input/options';
import { refuse, shown } from '../core/shared/input/validation-error';
import { isObjectLevel } from '../core/shared/kubernetes/service-accounts';
import { sorted } from '../core/shared/sort';

/** Options of `FluxFields.of`. */
export interface FluxFieldsOptions {
  /** Who the object acts as. */
  readonly identity: IFluxIdentity;
  /** The Flux that the object is for. */
  readonly installation: FluxInstallation;
  /**
   * The service account of the identity that the object acts as. A controller's own account means controller level: the
   * object names none.
   *
   * @default - the identity's only account
   */
  readonly serviceAccount?: FluxServiceAccount;
  /**
   * The Secret with the identity's static credential, in place of a service account.
   *
   * @default - no static credential
   */
  readonly secret?: FluxSecret;
  /**
   * The region of an S3 bucket, for the kind Bucket. Required on AWS at object level; may be a token.
   *
   * @default - found by Flux
   */
  readonly region?: string;
}

const KIND = oneOf('FluxKind', FluxKind);

/**
 * Exactly what a Flux object must say to act as an identity: its API version, its kind, and the part of its `spec` that names the
 * cloud, the service account or the Secret.
 *
 * ```ts
 * const fields = FluxFields.of(FluxKind.OCI_REPOSITORY, { installation: flux, identity: role });
 * // fields.spec is { provider: 'aws', serviceAccountName: 'flux' }
 * ```
 *
 * Guide: docs/flux/flux-objects.md
 *
 * @see https://fluxcd.io/flux/integrations/aws/#at-the-object-level
 */
export class FluxFields {
  /**
   * The fields of a kind.
   *
   * @param kind the kind of Flux object
   * @param props who it acts as
   */
  public static of(kind: FluxKind, props: FluxFieldsOptions): FluxFields {
    checkValue(undefined, 'FluxKind', kind, KIND);
    checkOptions(undefined, 'FluxFields.of', props, {
      identity: IDENTITY,
      installation: INSTALLATION,
      serviceAccount: SERVICE_ACCOUNT.optional,
      secret: SECRET.optional,
      region: TEXT.optional,
    });
    return new FluxFields(kind, props);
  }

  /** The API version of the object. */
  public readonly apiVersion: string;
  /** The kind of the object. */
  public readonly kind: string;
  /** The part of `spec`. */
  public readonly spec: any;
  private readonly facts: KindFacts;

  private constructor(private readonly fluxKind: FluxKind, private readonly props: FluxFieldsOptions) {
    this.facts = KINDS[fluxKind];
    this.apiVersion = this.facts.apiVersion(props.installation.version);
    this.kind = this.facts.kind;
    this.checkKind();
    this.spec = props.secret === undefined ? this.byAccount(this.account()) : this.bySecret(props.secret);
  }

  /** Everything of the object but its metadata. */
  public get object(): any {
    return { apiVersion: this.apiVersion, kind: this.kind, spec: this.spec };
  }

  private byAccount(account: FluxServiceAccount): object {
    const { identity: { cloud }, region } = this.props;
    if (!isObjectLevel(account)) this.checkController(account);
    else this.checkObjectLevel(account);
    return this.facts.spec!({
      cloud, region, account: isObjectLevel(account) ? account.name : undefined, inputType: this.inputType(),
    });
  }

  private bySecret({ use, name, namespace }: FluxSecret): object {
    const { facts: { secret }, props: { identity: { cloud }, serviceAccount, region } } = this;
    if (serviceAccount !== undefined) {
      refuse(this.props.identity, `Secret "${namespace}/${name}" and service account "${serviceAccount}" together.`, 'one of them',
        'Flux refuses objects with both', 'leave one of them out');
    }
    if (secret !== use) {
      refuse(this.props.identity, `Secret "${namespace}/${name}" for "${use}".`, secret === undefined ? 'a service account' : `a Secret made by FluxSecret.${secret}`,
        secret === undefined ? `objects of kind ${this.kind} take no static credential of a cloud` : 'the keys of the Secret differ from kind to kind', 'pass an identity by workload identity, or the Secret of this kind');
    }
    return this.facts.spec!({ cloud, region, secret: name });
  }

  private account(): FluxServiceAccount {
    const { identity, serviceAccount } = this.props;
    const names = identity.serviceAccounts.map(String);
    if (serviceAccount !== undefined) {
      if (names.includes(String(serviceAccount))) return serviceAccount;
      refuse(this.props.identity, `service account "${serviceAccount}", which is not one of identity "${identity.node.path}".`, names.join(', ') || 'a Secret: the identity has no service accounts',
        'the cloud does not trust it', 'pass one of the identity\'s accounts');
    }
    if (identity.serviceAccounts.length === 1) return identity.serviceAccounts[0];
    return refuse(this.props.identity, `identity "${identity.node.path}" with ${names.length} service accounts and no choice.`, names.join(', ') || 'a Secret',
      'the object names one of them', names.length === 0 ? 'pass `secret`' : 'pass `serviceAccount`');
  }

  private checkKind(): void {
    const { identity, installation: { version }, region } = this.props;
    if (this.facts.fieldsOf !== undefined) {
      refuse(this.props.identity, 'kind ImageUpdateAutomation, which has no such fields.', 'the fields of its GitRepository',
        'the automation uses `provider` and `serviceAccountName` of the GitRepository it names, the account in its own namespace', 'use FluxKind.GIT_REPOSITORY, and put the account in the automation\'s namespace too');
    }
    const since = this.facts.clouds[identity.cloud];
    if (since === undefined) {
      const where = this.fluxKind === FluxKind.GIT_REPOSITORY ? 'Google has no Git service: use a Secret of your Git host, or an OCIRepository or Bucket' : 'use an identity of one of these clouds';
      refuse(this.props.identity, `identity "${identity.node.path}" of cloud "${identity.cloud}" for ${this.fluxKind}.`, Object.keys(this.facts.clouds).sort().join(', '),
        'objects of this kind do not know the cloud', where);
    }
    requireVersion(identity, version, since, `${this.kind} with provider "${identity.cloud}"`, 'this Flux refuses the object');
    if (region !== undefined && !(this.fluxKind === FluxKind.BUCKET && identity.cloud === FluxCloud.AWS)) {
      refuse(this.props.identity, `region ${shown(region)} for ${this.fluxKind} on "${identity.cloud}".`, 'a region of Buckets on AWS', 'the object has no such field', 'leave it out');
    }
  }

  private checkController(account: FluxServiceAccount): void {
    const controllers = controllersReading(this.fluxKind);
    if (controllers.includes(account.fluxController!)) return;
    refuse(this.props.identity, `controller "${account}" for ${this.fluxKind}.`, sorted(controllers).join(', '),
      'the object acts as its own controller, which is not this one', 'pass the account of that controller, or an object-level account');
  }

  private checkObjectLevel(account: FluxServiceAccount): void {
    const { identity, installation: { version }, region } = this.props;
    if (this.facts.objectLevel === undefined) {
      refuse(this.props.identity, `object-level service account "${account}" for ${this.fluxKind}.`, `the account of ${this.facts.controllers.join(', ')}`,
        'objects of this kind cannot name a service account', this.facts.otherwise!);
    }
    requireVersion(identity, version, this.facts.objectLevel, `${this.kind} with a service account`, 'its API has no `serviceAccountName` for clouds yet');
    if (this.fluxKind === FluxKind.BUCKET && identity.cloud === FluxCloud.AWS && region === undefined) {
      refuse(this.props.identity, 'no region for a Bucket on AWS at object level.', 'the option `region`, for example "eu-west-1"',
        'Flux cannot find the STS endpoint of a service account without it', 'set `region` to the region of the bucket');
    }
  }

  /** What a ResourceSetInputProvider lists: the first thing that the identity may list, or what the registry of the cloud is called. */
  private inputType(): string {
    return inputTypesOf(this.props.identity)[0];
  }
}
