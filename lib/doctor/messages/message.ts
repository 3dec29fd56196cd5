import type { Layer } from '../layers';

/** A text by which Flux, Kubernetes or a cloud refuses, and what it means. */
export interface Message {
  /** The heading of its part of the page. */
  readonly title: string;
  /** The text as it is seen, with made-up names. */
  readonly sample: string;
  /** What it is known by. Named groups are what it says of the request, and match nothing that could be a secret. */
  readonly pattern: RegExp;
  readonly layer: Layer;
  readonly cause: string;
  /** Where to look before anything is changed. */
  readonly check: string;
  /** The smallest step that mends it. */
  readonly fix: string;
  /** Whether it counts only where nothing more exact is said. */
  readonly vague?: true;
}
