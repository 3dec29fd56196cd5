import { FluxTokenRights } from './flux-token-rights';
import { oneOf, TEXT } from '../core/shared/input/option-shape';
import { checkOptions } from '../core/shared/input/options';
import { checkObjectName } from '../core/shared/kubernetes/names';

const TOKEN_RIGHTS = oneOf('FluxTokenRights', FluxTokenRights).optional;

/** Options of `FluxLockdown.kubernetes`. */
export interface FluxLockdownOptions {
  /**
   * The service account that Kustomizations and HelmReleases apply as when they name none, in their own namespace. They are it in
   * remote clusters too, which must give rights to `system:serviceaccount:<namespace>:<account>`. From Flux 2.10 on also the one
   * whose rights count when an ArtifactGenerator that names none writes into another namespace.
   *
   * @default default
   */
  readonly defaultServiceAccount?: string;
  /**
   * Who may ask Kubernetes for tokens of service accounts (Flux 2.6 to 2.9; from 2.10 on it is per account everywhere). Per account,
   * object level works for the accounts of this installation only: `FluxManifests` renders their Roles.
   *
   * @default FluxTokenRights.PER_ACCOUNT
   */
  readonly tokenRights?: FluxTokenRights;
}

/** Options of `FluxLockdown.workloadIdentity`. */
export interface FluxWorkloadIdentityLockdownOptions extends FluxLockdownOptions {
  /**
   * The service account that Kustomizations decrypt as when they name none, in their own namespace.
   *
   * @default default
   */
  readonly defaultDecryptionServiceAccount?: string;
  /**
   * The service account that reaches remote clusters when the ConfigMap names none, in the namespace of the object.
   *
   * @default default
   */
  readonly defaultKubeConfigServiceAccount?: string;
}

/**
 * What keeps tenants of one cluster apart: no sources of other namespaces, no Git repositories as kustomize bases, nobody applies with a
 * controller's rights, and (with `workloadIdentity`) nothing but HelmRepositories uses a controller's cloud identity for tenants.
 *
 * Guide: docs/flux/lockdown.md
 *
 * @see https://fluxcd.io/flux/installation/configuration/multitenancy/
 */
export class FluxLockdown {
  /**
   * Toward Kubernetes only. Objects that name no service account still use their controller's identity toward clouds.
   */
  public static kubernetes(props: FluxLockdownOptions = {}): FluxLockdown {
    checkOptions(undefined, 'FluxLockdown.kubernetes', props, { defaultServiceAccount: TEXT.optional, tokenRights: TOKEN_RIGHTS });
    return new FluxLockdown(props.tokenRights, props.defaultServiceAccount);
  }

  /**
   * Toward Kubernetes and clouds (Flux 2.7 and later). Objects that name no service account use the default one of their own
   * namespace, toward clouds too; it also switches object-level identity on. Controller-level identities are still rendered, but
   * objects that can name an account no longer fall back to them: what the platform's own objects need goes to an object-level
   * identity of the default account in the namespace of Flux.
   */
  public static workloadIdentity(props: FluxWorkloadIdentityLockdownOptions = {}): FluxLockdown {
    checkOptions(undefined, 'FluxLockdown.workloadIdentity', props, {
      defaultServiceAccount: TEXT.optional,
      tokenRights: TOKEN_RIGHTS,
      defaultDecryptionServiceAccount: TEXT.optional,
      defaultKubeConfigServiceAccount: TEXT.optional,
    });
    const { defaultServiceAccount, defaultDecryptionServiceAccount = 'default', defaultKubeConfigServiceAccount = 'default' } = props;
    return new FluxLockdown(props.tokenRights, defaultServiceAccount, defaultDecryptionServiceAccount, defaultKubeConfigServiceAccount);
  }

  private constructor(
    /** Who may ask Kubernetes for tokens of service accounts. */
    public readonly tokenRights: FluxTokenRights = FluxTokenRights.PER_ACCOUNT,
    /** The account that objects use when they name none. */
    public readonly defaultServiceAccount: string = 'default',
    /**
     * The account that Kustomizations decrypt as when they name none.
     *
     * @default - the lockdown does not cover clouds
     */
    public readonly defaultDecryptionServiceAccount?: string,
    /**
     * The account that reaches remote clusters when none is named.
     *
     * @default - the lockdown does not cover clouds
     */
    public readonly defaultKubeConfigServiceAccount?: string,
  ) {
    checkObjectName(undefined, 'default service account', defaultServiceAccount);
    if (defaultDecryptionServiceAccount !== undefined) checkObjectName(undefined, 'default decryption service account', defaultDecryptionServiceAccount);
    if (defaultKubeConfigServiceAccount !== undefined) checkObjectName(undefined, 'default kubeconfig service account', defaultKubeConfigServiceAccount);
  }

  /** Whether the cloud identities of the controllers are out of reach too. */
  public get coversClouds(): boolean {
    return this.defaultDecryptionServiceAccount !== undefined;
  }
}
