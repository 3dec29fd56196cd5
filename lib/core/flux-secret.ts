import { checkNamespace, checkObjectName } from './shared/kubernetes/names';

/** The Flux objects that read a static credential from a Secret of their own namespace. */
export enum FluxSecretUse {
  /** `spec.secretRef` of a Bucket. */
  BUCKET = 'bucket',
  /** `spec.decryption.secretRef` of a Kustomization. */
  SOPS = 'sops',
  /** `spec.secretRef` of a notification Provider. */
  PROVIDER = 'provider',
}

/**
 * A Secret that holds a static credential at object level: which Flux objects read it, and where it is. Prefer identities
 * without stored secrets.
 *
 * Guide: docs/concepts.md
 *
 * @see https://fluxcd.io/flux/integrations/aws/#for-iam-user-access-keys
 */
export class FluxSecret {
  /**
   * For Buckets that name it in `spec.secretRef`.
   *
   * @param namespace the namespace of the Buckets
   * @param name the name of the Secret
   */
  public static bucket(namespace: string, name: string): FluxSecret {
    return new FluxSecret(FluxSecretUse.BUCKET, namespace, name);
  }

  /**
   * For Kustomizations that name it in `spec.decryption.secretRef`.
   *
   * @param namespace the namespace of the Kustomizations
   * @param name the name of the Secret
   */
  public static sops(namespace: string, name: string): FluxSecret {
    return new FluxSecret(FluxSecretUse.SOPS, namespace, name);
  }

  /**
   * For notification Providers that name it in `spec.secretRef`.
   *
   * @param namespace the namespace of the Providers
   * @param name the name of the Secret
   */
  public static provider(namespace: string, name: string): FluxSecret {
    return new FluxSecret(FluxSecretUse.PROVIDER, namespace, name);
  }

  private constructor(
    /** What reads it. */
    public readonly use: FluxSecretUse,
    /** Its namespace. */
    public readonly namespace: string,
    /** Its name. */
    public readonly name: string,
  ) {
    checkNamespace(undefined, namespace);
    checkObjectName(undefined, 'Secret name', name);
  }
}
