import { Bar, times } from './case';

const [LEFT, WIDTH, STEP] = [330, 380, 26];
/** What the whole width stands for. */
const LONGEST = 2;

/** The CPU time to that of the bare bindings, as a picture: readable on light and dark pages. */
export function plot(bars: readonly Bar[], date: string): string {
  const x = (ratio: number) => LEFT + WIDTH * Math.min(ratio, LONGEST) / LONGEST;
  const height = 60 + bars.length * STEP;
  const line = (ratio: number, name: string) => [
    `<line x1="${x(ratio)}" y1="34" x2="${x(ratio)}" y2="${height - 16}" stroke="#888" stroke-dasharray="3 3"/>`,
    `<text x="${x(ratio)}" y="28" text-anchor="middle">${name}</text>`,
  ];
  const summary = bars.map(({ what, ratio }) => `${what} ${times(ratio)}`).join('; ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="780" height="${height}" viewBox="0 0 780 ${height}" role="img" font-family="sans-serif" font-size="13" fill="#888">`,
    `<title>CPU time to that of the bare bindings, ${date}</title>`,
    `<desc>${summary}</desc>`,
    ...bars.flatMap(({ what, ratio }, index) => {
      const y = 42 + index * STEP;
      return [
        `<text x="${LEFT - 10}" y="${y + 13}" text-anchor="end">${what}</text>`,
        `<rect x="${LEFT}" y="${y}" width="${(x(ratio) - LEFT).toFixed(1)}" height="18" fill="${ratio <= 1.25 ? '#3b82c4' : '#c4663b'}"/>`,
        `<text x="${Math.max(x(ratio), x(1.25)) + 8}" y="${y + 13}">${times(ratio)}</text>`,
      ];
    }),
    ...line(1, 'bare'),
    ...line(1.25, '1.25'),
    '</svg>',
    '',
  ].join('\n');
}
