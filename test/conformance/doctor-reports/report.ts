import { Collected } from './hands';

/** What happened to somebody, and what they would have wanted to be told. */
export interface Report {
  /** What was done, and by whom. */
  readonly what: string;
  /** The example whose world it happened in. */
  readonly world: string;
  readonly done: (c: Collected) => void;
  /** What a doctor must honestly say; nothing of what its files do not show. */
  readonly verdict: 'refused' | 'cannot tell' | 'cannot be seen';
  readonly layer: string;
  /** What the finding must name: the evidence, not the words. */
  readonly names: RegExp;
}
