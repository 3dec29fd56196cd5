import { readdirSync } from 'fs';
import { join } from 'path';

/** The files below a folder whose names end so, sorted. */
export function walk(folder: string, ending: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (
    entry.isDirectory() ? walk(join(folder, entry.name), ending) : entry.name.endsWith(ending) ? [join(folder, entry.name)] : []
  )).sort();
}
