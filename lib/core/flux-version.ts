/**
 * The minor version of Flux that a configuration is for. It is always given: what exists, and what stops a controller at
 * start, differs from version to version.
 *
 * @see https://fluxcd.io/flux/releases/
 */
export enum FluxVersion {
  /** Flux 2.6 */
  V2_6 = '2.6',
  /** Flux 2.7 */
  V2_7 = '2.7',
  /** Flux 2.8 */
  V2_8 = '2.8',
  /** Flux 2.9 */
  V2_9 = '2.9',
  /** Flux 2.10, which retired the `ObjectLevelWorkloadIdentity` feature gate. */
  V2_10 = '2.10',
}
