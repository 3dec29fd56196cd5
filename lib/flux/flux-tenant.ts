import { Construct } from 'constructs';
import type { FluxInstallation } from './flux-installation';
import { INSTALLATION } from './private/options';
import { IFluxIdentity } from '../core/flux-identity';
import { FluxServiceAccount } from '../core/flux-service-account';
import { allOrNothing } from '../core/shared/input/all-or-nothing';
import { IDENTITY } from '../core/shared/input/common-options';
import { checkedScope } from '../core/shared/input/construct-ids';
import { inTree } from '../core/shared/input/once-per-app';
import { TEXT } from '../core/shared/input/option-shape';
import { checkOptions, checkValue } from '../core/shared/input/options';
import { refuse, shown, ValidationError } from '../core/shared/input/validation-error';
import { checkNamespace, checkObjectName } from '../core/shared/kubernetes/names';

/** Options of `FluxTenant`. */
export interface FluxTenantProps {
  /** The Flux that serves the tenant. */
  readonly installation: FluxInstallation;
  /** The namespace of the tenant, an RFC 1123 label; not that of Flux, and none of Kubernetes' own. */
  readonly namespace: string;
  /**
   * The name of the service account that the tenant's Flux objects name.
   *
   * @default flux
   */
  readonly serviceAccountName?: string;
  /**
   * The name of the account that the tenant's Kustomizations decrypt as (`spec.decryption.serviceAccountName`).
   *
   * @default - the same account
   */
  readonly decryptionServiceAccountName?: string;
  /**
   * The name of the account that reaches remote clusters for the tenant.
   *
   * @default - the same account
   */
  readonly kubeConfigServiceAccountName?: string;
  /**
   * A ClusterRole that `serviceAccountName` is bound to in the tenant's namespace, so that Kustomizations and HelmReleases can
   * apply there, for example `admin`.
   *
   * @default - none: the account may apply nothing until you bind it
   */
  readonly clusterRole?: string;
}

/**
 * A tenant of a cluster: a namespace, the service accounts that its Flux objects name, and who those are in the clouds. It makes
 * no resources: the deliveries of its installation render it. A tenant of two clusters (blue and green) is two tenants, one of each
 * installation, that may share one identity.
 *
 * ```ts
 * const tenant = new FluxTenant(this, 'TeamA', { installation: flux, namespace: 'team-a' });
 * const role = new FluxIrsaRole(tenant, 'Aws', { oidcProviders: [oidc], serviceAccounts: [tenant.serviceAccount] });
 * tenant.addIdentity(role);
 * ```
 *
 * Guide: docs/flux/tenants.md
 *
 * @see https://fluxcd.io/flux/installation/configuration/multitenancy/
 */
@allOrNothing
export class FluxTenant extends Construct {
  /** The namespace. */
  public readonly namespace: string;
  /** The account that the tenant's Flux objects name. */
  public readonly serviceAccount: FluxServiceAccount;
  /** The account that the tenant's Kustomizations decrypt as. */
  public readonly decryptionServiceAccount: FluxServiceAccount;
  /** The account that reaches remote clusters. */
  public readonly kubeConfigServiceAccount: FluxServiceAccount;
  /**
   * The ClusterRole of `serviceAccount` in the namespace.
   *
   * @default - none
   */
  public readonly clusterRole?: string;
  private readonly added: IFluxIdentity[] = [];
  private readonly installation: FluxInstallation;

  public constructor(scope: Construct, id: string, props: FluxTenantProps) {
    super(checkedScope(scope, id), id);
    checkOptions(this, 'FluxTenant', props, {
      installation: INSTALLATION,
      namespace: TEXT,
      serviceAccountName: TEXT.optional,
      decryptionServiceAccountName: TEXT.optional,
      kubeConfigServiceAccountName: TEXT.optional,
      clusterRole: TEXT.optional,
    });
    checkNamespace(this, props.namespace);
    this.installation = props.installation;
    this.refuseNamespace(props.namespace);
    const { serviceAccountName = 'flux', decryptionServiceAccountName, kubeConfigServiceAccountName } = props;
    this.namespace = props.namespace;
    this.serviceAccount = this.account(serviceAccountName);
    this.decryptionServiceAccount = this.account(decryptionServiceAccountName ?? serviceAccountName);
    this.kubeConfigServiceAccount = this.account(kubeConfigServiceAccountName ?? serviceAccountName);
    this.clusterRole = props.clusterRole;
    if (props.clusterRole !== undefined) checkObjectName(this, 'ClusterRole name', props.clusterRole);
    props.installation._addTenant(this);
  }

  /** Who the tenant's accounts are in the clouds. */
  public get identities(): IFluxIdentity[] {
    return this.added.filter((identity) => inTree(identity));
  }

  /**
   * Says who accounts of this tenant are in a cloud; until synthesis.
   *
   * @param identity an identity of any cloud, of accounts of this tenant only
   */
  public addIdentity(identity: IFluxIdentity): void {
    checkValue(this, 'identity', identity, IDENTITY);
    const names = this._accounts().map(String);
    const foreign = identity.serviceAccounts.find((account) => !names.includes(String(account)));
    if (foreign !== undefined) {
      throw new ValidationError(this, {
        given: `identity ${shown(identity.node.path)} of service account "${foreign}".`,
        allowed: `identities of ${names.join(', ')} only`,
        why: 'a tenant that shares an identity with others can reach what they can',
        fix: 'make the identity with the accounts of this tenant (`tenant.serviceAccount`), or add it to the installation, where it is meant to be shared',
      });
    }
    this.installation.addIdentity(identity);
    if (!this.added.includes(identity)) this.added.push(identity);
  }

  /**
   * The accounts, each once.
   *
   * @internal
   */
  public _accounts(): FluxServiceAccount[] {
    const accounts = [this.serviceAccount, this.decryptionServiceAccount, this.kubeConfigServiceAccount];
    return accounts.filter((account, index) => accounts.findIndex(({ name }) => name === account.name) === index);
  }

  private refuseNamespace(namespace: string): void {
    if (/^kube-(system|public|node-lease)$/.test(namespace)) {
      refuse(this, `tenant namespace ${shown(namespace)}, which is Kubernetes' own.`, 'a namespace of the tenant\'s own',
        'whoever may write there can take the accounts of the cluster\'s own controllers, and is cluster-admin by them',
        'choose another namespace; what the platform itself puts there needs no tenant');
    }
    if (namespace !== this.installation.namespace && namespace !== 'flux-system') return;
    throw new ValidationError(this, {
      given: `tenant namespace ${shown(namespace)}, where Flux runs.`,
      allowed: 'a namespace of the tenant\'s own',
      why: 'whoever may write Flux objects beside the controllers can use their identities and accounts',
      fix: `choose another namespace; for an object-level account in ${shown(namespace)} use FluxServiceAccount.of(${shown(namespace)}, name) without a tenant`,
    });
  }

  private account(name: string): FluxServiceAccount {
    checkObjectName(this, 'service account name', name);
    return FluxServiceAccount.of(this.namespace, name);
  }
}
