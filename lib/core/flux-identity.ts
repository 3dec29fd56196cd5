import { IConstruct } from 'constructs';
import { IClusterIssuer } from './cluster-issuer';
import { FluxServiceAccount } from './flux-service-account';
import { FluxVersion } from './flux-version';

/** A cloud, by the name that Flux uses for it in `spec.provider`. */
export enum FluxCloud {
  /** Amazon Web Services */
  AWS = 'aws',
  /** Google Cloud */
  GCP = 'gcp',
  /** Microsoft Azure */
  AZURE = 'azure',
}

/**
 * Who a service account is in one cloud. `FluxIrsaRole` and its relatives are identities; a `FluxInstallation`
 * takes any of them.
 */
export interface IFluxIdentity extends IConstruct {
  /** The cloud this identity lives in. */
  readonly cloud: FluxCloud;

  /** The service accounts that act as this identity. */
  readonly serviceAccounts: FluxServiceAccount[];

  /**
   * Whether the cloud accepts tokens of this cluster for this identity.
   *
   * @param issuer the cluster that Flux runs in
   */
  trusts(issuer: IClusterIssuer): boolean;

  /**
   * What Flux must be told so that a service account acts as this identity. Called by the installation.
   *
   * @param serviceAccount one of `serviceAccounts`
   * @param context the cluster and the Flux that it is for
   */
  fluxSettings(serviceAccount: FluxServiceAccount, context: FluxContext): FluxSettings;

  /**
   * The Kubernetes objects that must exist for this identity beside its service accounts (ConfigMaps and Secrets).
   *
   * @param context the cluster and the Flux that it is for
   */
  fluxObjects(context: FluxContext): any[];
}

/** The Flux that is being configured. */
export interface FluxContext {
  /** The cluster that Flux runs in. */
  readonly issuer: IClusterIssuer;
  /** The Flux version. */
  readonly version: FluxVersion;
  /** The namespace that Flux is installed in. */
  readonly namespace: string;
}

/** What one service account needs on the Kubernetes side to act as an identity. */
export interface FluxSettings {
  /**
   * Annotations of the service account.
   *
   * @default - none
   */
  readonly annotations?: { readonly [name: string]: string };
  /**
   * Labels of the controller's pods.
   *
   * @default - none
   */
  readonly podLabels?: { readonly [name: string]: string };
  /**
   * Environment of the controller.
   *
   * @default - none
   */
  readonly env?: FluxEnvVariable[];
  /**
   * Service account tokens mounted in the controller, each at `<token directory>/<path>`.
   *
   * @default - none
   */
  readonly tokens?: FluxProjectedToken[];
  /**
   * ConfigMaps and Secrets mounted in the controller.
   *
   * @default - none
   */
  readonly mounts?: FluxMount[];
  /**
   * Text that changes when the identity does. It is stamped on the controller's pods, because a changed annotation alone
   * does not restart them.
   *
   * @default - no stamp
   */
  readonly stamp?: string;
}

/** An environment variable of a controller: a value, or a key of a Secret. */
export interface FluxEnvVariable {
  /** The name of the variable. */
  readonly name: string;
  /**
   * Its value.
   *
   * @default - taken from the Secret
   */
  readonly value?: string;
  /**
   * The Secret that holds the value, in the namespace of Flux.
   *
   * @default - `value`
   */
  readonly secretName?: string;
  /**
   * The key in that Secret.
   *
   * @default - `value`
   */
  readonly secretKey?: string;
}

/** A service account token that Kubernetes mounts and renews. */
export interface FluxProjectedToken {
  /** The file name below the token directory. */
  readonly path: string;
  /** The audience the cloud expects. */
  readonly audience: string;
}

/** A ConfigMap or Secret mounted in a controller, read-only. */
export interface FluxMount {
  /** The name of the volume. */
  readonly name: string;
  /** Where it is mounted. */
  readonly mountPath: string;
  /**
   * One key of it, mounted as a file.
   *
   * @default - the whole ConfigMap or Secret, as a directory
   */
  readonly subPath?: string;
  /**
   * The ConfigMap, in the namespace of Flux.
   *
   * @default - `secretName`
   */
  readonly configMapName?: string;
  /**
   * The Secret, in the namespace of Flux.
   *
   * @default - `configMapName`
   */
  readonly secretName?: string;
}
