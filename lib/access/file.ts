/** A file that is not what the command needs; the message is all that people are shown. */
export class AccessFileError extends Error {
  public readonly name = 'AccessFileError';
}

/** JSON of a file that holds something else than expected; `how` says how to get the right file. */
export function parseJson(text: string, file: string, how: string): any {
  const refuse = (problem: string): never => {
    throw new AccessFileError(`${file}: ${problem}. ${how}`);
  };
  if (/^\s*eyJ[\w-]+\.[\w-]+\./.test(text)) return refuse('this is a token; keep it to yourself');
  try {
    return JSON.parse(text);
  } catch {
    if (text.trim() === '') return refuse('the file is empty');
    return refuse(/^(---|[\w-]+:(\s|$))/m.test(text) && !/^\s*[[{]/.test(text) ? 'this is YAML' : 'this is no whole JSON document: it was cut off, or is another file');
  }
}
