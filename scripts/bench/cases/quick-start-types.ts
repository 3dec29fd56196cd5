import { Case, median, ratioOf, seconds, table, times } from '../case';

/** What the compiler of a user's program takes: `tsc --noEmit` of one role. */
export const quickStartTypes: Case = (bench) => {
  const [library, deep] = bench.compiled(['cold-library', 'cold-bare'], bench.runs);
  return {
    title: 'Types: `tsc --noEmit --skipLibCheck` of one role',
    lines: table(['program', 'time', 'to deep imports'], [
      ['this library, imported from its root', seconds(median(library)), times(ratioOf(library, deep))],
      ['bare bindings, deep imports', seconds(median(deep)), times(1)],
    ]),
    targets: [],
  };
};
