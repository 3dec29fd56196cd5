import { IConstruct } from 'constructs';
import { refuse, shown } from '../../../core/shared/input/validation-error';
import { sorted } from '../../../core/shared/sort';
import type { TerraformCheck } from '../../../core/shared/terraform/check';
import { literal } from '../../../core/shared/terraform/text';
import { checkLength } from '../forms/text-form';

const COUNT_LIMIT = 10;
const LENGTH_LIMIT = 256;

/** The audience that Flux asks for at object level, and that names the provider to the token service. */
export function objectAudience(providerName: string): string {
  return `//iam.googleapis.com/${providerName}`;
}

/** The audience of the token that Kubernetes mounts in a controller. */
export function controllerAudience(providerName: string): string {
  return `https:${objectAudience(providerName)}`;
}

/** The audiences of a provider, and what Terraform checks of them; none for Google's default, which is the two that Flux asks for. */
export function audiencesOf(
  at: IConstruct, given: string[] | undefined, providerName: string | undefined,
): { audiences?: string[]; late: TerraformCheck[] } {
  if (given === undefined || given.length === 0) return { late: [] };
  if (providerName === undefined) {
    refuse(at, '`allowedAudiences` without `projectNumber`.', 'both, with plain ids, or no audiences',
      'a list takes the place of Google\'s default, so it must hold the two audiences that Flux asks for, which name the project by its number',
      'set `projectNumber`, or leave `allowedAudiences` out: Flux needs none');
  }
  const audiences = sorted([...given, objectAudience(providerName), controllerAudience(providerName)]);
  if (audiences.length > COUNT_LIMIT) {
    refuse(at, `${given.length} audiences.`, `at most ${COUNT_LIMIT} with the two that Flux asks for`, 'IAM refuses more', 'drop some');
  }
  if (audiences.includes('')) refuse(at, `audience ${shown('')}`, `1 to ${LENGTH_LIMIT} characters`, 'IAM refuses others', 'name the audience, or leave it out');
  return { audiences: literal(audiences), late: audiences.flatMap((audience) => checkLength(at, 'audience', audience, LENGTH_LIMIT)) };
}
