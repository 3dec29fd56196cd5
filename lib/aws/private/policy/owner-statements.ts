import { single } from './statement';
import { byKey, sorted } from '../../../core/shared/sort';
import { AwsStatement } from '../../aws-permission';

/** A resource of another account, and what its owner must allow. */
export interface OtherSide {
  /** The ARN of what carries the policy: for objects their bucket; `...:registry` for the registry of an account. */
  readonly resource: string;
  readonly service: string;
  /** The statements, as that resource's policy takes them. */
  readonly statements: object[];
}

/** What works in the policy of a registry only, not in that of a repository. */
export const REGISTRY_ACTIONS = ['ecr:CreateRepository', 'ecr:TagResource'];

/** What the owners of foreign resources must allow, by resource; `account` is that of resources whose ARNs carry none. */
export function otherSides(statements: readonly AwsStatement[], principal: string, own: string | undefined, account?: string): OtherSide[] {
  if (own === undefined) return [];
  const sides = new Map<string, OtherSide>();
  for (const statement of statements) {
    const foreign = new Map<string, string[]>();
    for (const resource of statement.resources) {
      const [, , service, , owner] = resource.split(':');
      const known = /^\d{12}$/.test(owner ?? '') ? owner : service === 's3' ? account : undefined;
      if (known === undefined || known === own) continue;
      const carrier = carrierOf(resource);
      foreign.set(carrier, [...(foreign.get(carrier) ?? []), resource]);
    }
    for (const [resource, resources] of foreign) {
      const add = (carrier: string, service: string, actions: string[]) => {
        if (actions.length === 0) return;
        const side = sides.get(carrier) ?? { resource: carrier, service, statements: [] };
        side.statements.push(ownerStatement(service, { ...statement, actions, resources }, [principal]));
        sides.set(carrier, side);
      };
      add(resource, resource.split(':')[2], statement.actions.filter((action) => !REGISTRY_ACTIONS.includes(action)));
      // What makes repositories is no right on one of them: the registry of the account has a policy of its own, with resources.
      add(resource.replace(/:repository\/.*$/, ':registry'), 'ecr-registry', statement.actions.filter((action) => REGISTRY_ACTIONS.includes(action)));
    }
  }
  return Object.values(byKey(Object.fromEntries(sides)));
}

/** What carries the policy that guards a resource. */
export function carrierOf(resource: string): string {
  return /^arn:[^:]*:s3:::/.test(resource) ? resource.split('/')[0] : resource;
}

/** A statement of an identity as the policy of the resource has it. */
export function ownerStatement(service: string, statement: AwsStatement, principals: string[]): object {
  const conditions = Object.entries(byKey(statement.conditions ?? {}))
    .map(([operator, keys]) => [operator, Object.fromEntries(Object.entries(byKey(keys)).map(([key, values]) => [key, single(sorted(values))]))]);
  return {
    Effect: 'Allow',
    Principal: { AWS: single(principals) },
    Action: single(sorted(statement.actions)),
    ...resourceOf(service, statement.resources),
    ...(conditions.length === 0 ? {} : { Condition: Object.fromEntries(conditions) }),
  };
}

/** Repository and trust policies carry no Resource, key policies know only themselves, bucket policies want the ARNs. */
function resourceOf(service: string, resources: string[]): object {
  if (service === 'ecr' || service === 'iam') return {};
  return { Resource: service === 'kms' ? '*' : single(sorted(resources)) };
}
