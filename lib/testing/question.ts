import type { Access } from './expect-access';
import { FluxCloud } from '../core/flux-identity';
import { hasToken } from '../core/shared/terraform/tokens';

/** How one part of a question is written: the form, and the form for people. */
interface Form {
  readonly pattern: RegExp;
  readonly like: string;
}

const FORMS: { readonly [cloud in FluxCloud]: { readonly [part: string]: Form } } = {
  [FluxCloud.AWS]: {
    action: { pattern: /^[a-z0-9-]+:[a-z0-9]+$/i, like: 'ecr:BatchGetImage' },
    resource: { pattern: /^(arn:[^:]+:[^:]+:[^:]*:[^:]*:[\s\S]+|\*)$/, like: 'an ARN, or "*" for actions that know no resources' },
  },
  [FluxCloud.GCP]: {
    permission: { pattern: /^[a-z0-9-]+(\.[a-z0-9-]+){2,}$/i, like: 'storage.objects.get' },
    resource: { pattern: /^[a-z0-9][^:]*$/i, like: 'projects/<project>/..., or the name of a bucket' },
  },
  [FluxCloud.AZURE]: {
    action: { pattern: /^[a-z0-9]+(\.[a-z0-9]+)+(\/[a-z0-9.$-]+)+$/i, like: 'Microsoft.ContainerRegistry/registries/pull/read' },
    scope: { pattern: /^\//, like: '/subscriptions/<id>/..., the ID of a resource' },
  },
};

/** The cloud that a question is about; what is no question is an error: it would be denied whatever is granted. */
export function cloudOf(access: Access): FluxCloud {
  const parts = access === null || typeof access !== 'object' ? [] : Object.keys(access);
  const cloud = (Object.keys(FORMS) as FluxCloud[]).find((each) => (
    Object.keys(FORMS[each]).every((part) => parts.includes(part)) && parts.every((part) => part in FORMS[each] || (each === FluxCloud.AWS && part === 'context'))
  ));
  if (cloud === undefined) {
    throw new Error('expectAccess: a question is { action, resource, context? } (AWS), { permission, resource } (Google Cloud) or { action, scope } (Azure), '
      + `not { ${parts.join(', ')} }.`);
  }
  return cloud;
}

/** Refuses a question that no call of its cloud can be. */
export function checkQuestion(access: Access, cloud: FluxCloud): void {
  for (const [part, { pattern, like }] of Object.entries(FORMS[cloud])) {
    const value: unknown = access[part as keyof Access];
    if (typeof value === 'string' && (hasToken(value) || pattern.test(value))) continue;
    throw new Error(`expectAccess: ${part} ${JSON.stringify(value)} is none of cloud "${cloud}": nothing would ever be allowed on it. Expected: ${like}.`);
  }
}
