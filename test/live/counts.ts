import { Cloud, Level } from './estate';

type Cell = readonly [source: string, cloud: Cloud, level: Level];

/** What was seen in each cell: objects that became Ready, objects that were refused, and what was not as it was to be. */
export class Counts {
  private readonly cells = new Map<string, { ready: number; refused: number; unready: number; unrefused: number }>();

  public add(cell: Cell, what: 'ready' | 'refused', right: boolean): void {
    const counts = this.get(cell);
    counts[right ? what : `un${what}` as const]++;
    this.cells.set(String(cell), counts);
  }

  /** How many of these cells all was seen of that was looked for. */
  public complete(what: 'ready' | 'refused', cells: readonly Cell[]): number {
    return cells.map((cell) => this.get(cell)).filter((counts) => counts[what] > 0 && counts[`un${what}`] === 0).length;
  }

  public of(...cell: Cell): string {
    const { ready, refused } = this.get(cell);
    return `${ready} Ready, ${refused} refused`;
  }

  private get(cell: Cell) {
    return this.cells.get(String(cell)) ?? { ready: 0, refused: 0, unready: 0, unrefused: 0 };
  }
}
