import { AccessFileError, parseJson } from './file';
import { AccessModel, SCHEMA, VERSION } from './model';
import { ACCESS_SCHEMA, departure } from './schema';

const EXPECTED = 'Expected: the JSON that FluxAccessReport writes (<name>.access.json).';

/** What a file that should hold a model holds instead, for people; the model where it does. */
export function parseModel(text: string, source: string): AccessModel {
  const refuse = (problem: string, fix: string): never => {
    throw new AccessFileError(`${source}: ${problem}. ${EXPECTED} ${fix}`);
  };
  const value = parseJson(text, source, `${EXPECTED} Pass the file as it was written; a file that was cut off must be written again.`);
  if (value?.schema !== SCHEMA) return refuse('this JSON is no access report', 'Pass the file that ends in .access.json.');
  if (value.version !== VERSION) {
    return refuse(`the report has version ${JSON.stringify(value.version)}, this program reads version ${VERSION}`,
      'Use the version of the package that wrote it, or write the report again.');
  }
  const found = departure(value, ACCESS_SCHEMA) ?? strayGrant(value);
  return found === undefined ? value : refuse(found, 'Write the report again.');
}

/** A grant of an identity that is not in the report: somebody cut it by hand. */
function strayGrant({ identities, grants }: AccessModel): string | undefined {
  const keys = new Set(identities.map(({ key }) => key));
  const index = grants.findIndex(({ identity }) => !keys.has(identity));
  return index === -1 ? undefined : `grants[${index}].identity names no identity of the report`;
}
