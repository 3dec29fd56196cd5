import { PROGRAMS } from './programs';
import { describeWith } from '../conformance/programs';

/** A suite that takes too long for every change: it runs with LIVE=all, as in the workflow `live`. */
export function describeDays(name: string, suite: () => void): void {
  if (process.env.LIVE === 'all') {
    describeWith([...PROGRAMS], name, suite);
    return;
  }
  process.stderr.write(`Skipped: ${name} (LIVE=all runs it)\n`);
  describe.skip(name, suite);
}
