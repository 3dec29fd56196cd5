import { FluxCloud } from '../../../core/flux-identity';
import { IdentityGrant } from '../../../core/shared/flux/identity-base';
import { withoutTokens } from '../../../core/shared/terraform/tokens';

/** Why a grant reaches further than the one resource that it is named after; undefined where it does not. */
export function broadOf({ resource, verb, rights }: IdentityGrant, cloud: FluxCloud): string | undefined {
  if (verb !== undefined && resource === undefined) return 'the whole service';
  const names = resource === undefined ? rights.flatMap(({ resources }) => resources) : [resource];
  const plain = names.map(withoutTokens);
  if (cloud === FluxCloud.AWS) return plain.some((name) => /[*?]/.test(name)) ? 'a pattern' : undefined;
  if (cloud === FluxCloud.GCP) {
    // A role on a project is as broad as the project, unless a condition narrows it to what the grant is named after.
    const held = rights.filter(({ condition }) => condition === undefined).flatMap(({ resources }) => resources.map(withoutTokens));
    return [...plain, ...held].map((name) => /^(project|folder|organization)s\/[^/]+$/.exec(name)?.[1]).find((level) => level !== undefined);
  }
  return plain.map(azureLevel).find((level) => level !== undefined);
}

function azureLevel(scope: string): string | undefined {
  if (/^\/providers\/Microsoft\.Management\/managementGroups\/[^/]+$/i.test(scope)) return 'a management group';
  if (/^\/subscriptions\/[^/]+\/?$/.test(scope)) return 'a subscription';
  return /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/?$/i.test(scope) ? 'a resource group' : undefined;
}
