import { IConstruct } from 'constructs';
import { FluxVersion } from '../../flux-version';
import { ValidationError } from '../input/validation-error';

const ORDER = Object.values(FluxVersion);

/** Whether a version is at least another. */
export function atLeast(version: FluxVersion, first: FluxVersion): boolean {
  return ORDER.indexOf(version) >= ORDER.indexOf(first);
}

/** Refuses what a version lacks, and names the version that has it. */
export function requireVersion(at: IConstruct | undefined, version: FluxVersion, since: FluxVersion, what: string, why: string): void {
  if (atLeast(version, since)) return;
  throw new ValidationError(at, {
    given: `${what} in Flux ${version}.`,
    allowed: `Flux ${since} and later`,
    why,
    fix: `upgrade to Flux ${since}, or do without`,
  });
}
