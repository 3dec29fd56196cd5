import { existsSync, readdirSync, readFileSync } from 'fs';
import { join, resolve } from 'path';

/** The table of docs/support.md says only what a command proves, and something runs the command. */
const ROOT = resolve(__dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const page = read('docs/support.md');
const { scripts } = JSON.parse(read('package.json'));
const rows = page.split('\n').filter((line) => /^\| CDK/.test(line) && line.includes('npm run ')).map((line): [string, string] => {
  const cells = line.split('|').slice(1, -1).map((cell) => cell.trim());
  return [cells.slice(0, 5).join(', '), cells[5]];
});

test('the table is read', () => {
  expect(rows.length).toBeGreaterThanOrEqual(10);
});

test.each(rows)('%s', (_, proof) => {
  const [, command] = /^`npm run ([\w:]+)`/.exec(proof)!;
  expect(Object.keys(scripts)).toContain(command);
  const file = /\(`([\w-]+\.test\.ts)`\)/.exec(proof)?.[1];
  if (file !== undefined) expect(existsSync(join(ROOT, 'test', command.split(':').pop()!, file))).toBe(true);
  const workflow = /\(workflow `([\w-]+)`\)/.exec(proof)?.[1];
  const runs = workflow === undefined ? read('.ci/run') : read(`.github/workflows/${workflow}.yml`);
  expect(runs).toMatch(new RegExp(`npm run ${command}(?![\\w:])`));
});

test('workflows that are named exist, and run scripts that exist', () => {
  const folder = '.github/workflows';
  const [, named] = /Written, and not run yet: ([\s\S]*?)\.\n\n/.exec(page)!;
  const names = [...named.matchAll(/`([a-z]+)`/g)].map(([, name]) => `${name}.yml`);
  expect([...names, 'build.yml'].sort()).toEqual(readdirSync(join(ROOT, folder)).sort());
  const commands = readdirSync(join(ROOT, folder)).flatMap((file) => [...read(`${folder}/${file}`).matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name));
  expect(commands.length).toBeGreaterThan(10);
  expect(commands.filter((name) => !(name in scripts))).toEqual([]);
});
