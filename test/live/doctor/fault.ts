import { Bench } from './bench';
import { Layer } from '../../../lib/doctor/layers';
import { Cloud, Level } from '../estate';
import { GrantId } from '../stack';

/** Something that is broken in a live cluster or in its clouds. */
export interface LiveFault {
  readonly title: string;
  /** The object on which it is seen: of those that get in, the first one that uses the grant. */
  readonly on: readonly [Cloud, Level, GrantId];
  /** What Flux says of it; undefined where it says nothing, and the object stays as it was. */
  readonly says?: RegExp;
  /** The controller says it, and ends. */
  readonly ends?: string;
  /** What the doctor names first. */
  readonly layer: Layer;
  /** What he names by the text alone, where it says something else. */
  readonly text?: Layer | 'nothing';
  /** No file shows it: what Flux said is given beside them. */
  readonly unseen?: true;
  readonly break: (bench: Bench) => Promise<void>;
}
