import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';

/**
 * Holds a part of a page to the facts it is made of. Where they differ, the test fails; `TABLES=write npx jest <the test>` writes the part.
 *
 * @param page the page, from the root of the repository
 * @param name the part's, as in `<!-- <name> -->` before and `<!-- end -->` after it
 */
export function holdText(page: string, name: string, content: string): void {
  const path = join(__dirname, '..', page);
  const text = readFileSync(path, 'utf8');
  const [before, rest] = text.split(`<!-- ${name} -->\n`);
  const end = rest.indexOf('<!-- end -->');
  if (process.env.TABLES === 'write') writeFileSync(path, `${before}<!-- ${name} -->\n${content}${rest.slice(end)}`);
  else expect(rest.slice(0, end)).toBe(content);
}

/** The same for a table. */
export function holdTable(page: string, name: string, header: readonly string[], rows: ReadonlyArray<readonly string[]>): void {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  holdText(page, name, [line(header), `|${header.map(() => '---|').join('')}\n`, ...rows.map(line)].join(''));
}
