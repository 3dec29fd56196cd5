import { readFileSync, statSync } from 'fs';
import { AccessFileError } from '../access/file';
import { AccessModel } from '../access/model';
import { parseModel } from '../access/parse';

/** More than the states and dumps of the largest fleets; beyond it a text cannot be held. */
const LARGEST = 400 * 1024 * 1024;

/** The text of a file, as shells write it: UTF-8, or UTF-16 with its mark (PowerShell's `>`). */
export function contents(file: string, what: string): string {
  try {
    const { size } = statSync(file);
    if (size > LARGEST) throw new AccessFileError(`${file}: larger than ${LARGEST / 1024 / 1024} MB. Pass ${what} alone.`);
    const bytes = readFileSync(file);
    const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
    return bytes.toString(utf16 ? 'utf16le' : 'utf8').replace(/^\ufeff/, '');
  } catch (error: any) {
    if (error instanceof AccessFileError) throw error;
    throw new AccessFileError(`${file}: cannot be read (${error.code}). Pass the path of ${what}.`);
  }
}

/** An access report. */
export function readModel(file: string): AccessModel {
  return parseModel(contents(file, 'a report (<name>.access.json)'), file);
}
