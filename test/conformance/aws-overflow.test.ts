import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { roleOf } from './aws';
import { allowed } from './iam';
import { describeWith, TERRAFORM } from './programs';
import { evaluate, Evaluation } from './terraform';
import { FluxIrsaRole } from '../../lib/aws/flux-irsa-role';
import { FluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { FluxRolePolicies } from '../../lib/aws/flux-role-policies';
import { EcrPermissions } from '../../lib/aws/permissions/ecr';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';

/** A role with a grant for each id, on the repository of that name. */
class ManyGrants extends TerraformStack {
  public constructor(ids: readonly string[], policies: FluxRolePolicies, hidden = false) {
    super(Testing.app(), 'many-grants');
    new AwsProvider(this, 'Aws', { region: 'eu-west-1' });
    const oidc = new FluxOidcProvider(this, 'Oidc', { issuer: ClusterIssuer.oidc(this, 'Cluster', { url: 'https://oidc.example.com' }) });
    const role = new FluxIrsaRole(this, 'Role', {
      oidcProviders: [oidc], serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE)], region: 'eu-west-1', policies,
    });
    ids.forEach((id) => role.grant(id, EcrPermissions.pull(hidden
      ? new TerraformVariable(this, `arn-${id}`, { type: 'string', default: repositoryOf(id) }).stringValue
      : repositoryOf(id))));
  }
}

const repositoryOf = (id: string) => `arn:aws:ecr:eu-west-1:111122223333:repository/${id}`;
const repositories = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `repo-${String(from + index).padStart(4, '0')}`);
const MANY = repositories(0, 300);
const ACTIONS = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:ListImages'];

/** The repositories in a policy's text. */
function inPolicy(policy: string): string[] {
  return [...policy.matchAll(/:repository\/([\w-]+)"/g)].map((match) => match[1]);
}

/** The texts of the role's policies by address, so far as the role has them. */
function inForce(resources: { readonly [address: string]: any }): Map<string, string> {
  const attached = Object.entries(resources).filter(([address]) => address.startsWith('aws_iam_role_policy_attachment.')).map(([, { policy_arn: arn }]) => arn);
  return new Map(Object.entries(resources)
    .filter(([address, { arn }]) => address.startsWith('aws_iam_role_policy.') || (address.startsWith('aws_iam_policy.') && attached.includes(arn)))
    .map(([address, { policy }]) => [address, policy]));
}

/** The repositories that the role lost for a moment, going through an apply one event after the other. */
function lostOnTheWay(before: Evaluation, after: Evaluation, kept: readonly string[]): string[] {
  const state: { [address: string]: any } = { ...before.resources };
  const lost = new Set<string>();
  for (const { address, action, phase } of after.events) {
    if (phase === 'start') continue;
    if (action === 'delete') delete state[address];
    else state[address] = after.resources[address];
    const now = new Set([...inForce(state).values()].flatMap(inPolicy));
    kept.filter((repository) => !now.has(repository)).forEach((repository) => lost.add(repository));
  }
  return [...lost];
}

/** Repositories that move between policies, where Terraform is free to take them out of the old one first. */
function unorderedMoves(before: Evaluation, after: Evaluation): string[] {
  const places = (evaluation: Evaluation) => new Map([...inForce(evaluation.resources)].flatMap(([address, policy]) =>
    inPolicy(policy).map((name) => [name, address])));
  const [from, to] = [places(before), places(after)];
  return [...from].filter(([name, place]) => {
    const target = to.get(name);
    if (target === undefined || target === place) return false;
    const { arn } = after.resources[target];
    const attachment = Object.keys(after.resources).find((address) =>
      address.startsWith('aws_iam_role_policy_attachment.') && after.resources[address].policy_arn === arn);
    return !after.dependencies[place].includes(target) || (attachment !== undefined && !after.dependencies[place].includes(attachment));
  }).map(([name, place]) => `${name}: ${place} -> ${to.get(name)}`);
}

describeWith([TERRAFORM], 'a role with 300 grants', () => {
  describe.each(Object.values(FluxRolePolicies))('in %s policies', (policies) => {
    let few: Evaluation;
    let many: Evaluation;
    beforeAll(() => {
      few = evaluate(new ManyGrants(MANY.slice(0, 3), policies));
      many = evaluate(new ManyGrants(MANY, policies), { after: few });
    });

    it('allows each of its repositories and no other', () => {
      const role = roleOf(many, 'Role');
      expect(role.policies.length).toBeGreaterThan(2);
      // One action each, in turn: the simulator reads all 300 resources for every call.
      const denied = MANY.filter((id, index) => !allowed(role.policies, { action: ACTIONS[index % ACTIONS.length], resource: repositoryOf(id) }));
      expect(denied).toEqual([]);
      const others = ['repo-0300', 'repo-000', 'other', 'repo-0000-x', 'repo-0000/x'];
      expect(others.filter((id) => ACTIONS.some((action) => allowed(role.policies, { action, resource: repositoryOf(id) })))).toEqual([]);
    });

    it('keeps to the sizes that AWS allows', () => {
      for (const [address, policy] of inForce(many.resources)) {
        expect(policy.length).toBeLessThanOrEqual(address.startsWith('aws_iam_role_policy.') ? 10240 : 6144);
      }
    });

    it('comes to the same with ARNs that only Terraform knows, and holds the sizes then too', () => {
      const hidden = evaluate(new ManyGrants(MANY, policies, true));
      const all = (evaluation: Evaluation) => roleOf(evaluation, 'Role').policies.flatMap(({ Statement }) => Statement.flatMap(({ Resource }: any) => Resource)).sort();
      expect(new Set(all(hidden))).toEqual(new Set(all(many)));
      for (const [address, policy] of inForce(hidden.resources)) {
        expect(policy.length).toBeLessThanOrEqual(address.startsWith('aws_iam_role_policy.') ? 10240 : 6144);
      }
    });

    it('spills at its first apply past the quota without losing anything on the way', () => {
      const added = many.events.filter(({ phase, action }) => phase === 'complete' && action === 'create').map(({ address }) => address.replace(/_[0-9A-F]{8}$/, ''));
      expect(added.filter((address) => !/Role_(Overflow|Managed)\d+(_Attachment)?$/.test(address))).toEqual([]);
      expect(many.events.filter(({ action }) => action === 'delete' || action === 'replace')).toEqual([]);
      expect(lostOnTheWay(few, many, MANY.slice(0, 3))).toEqual([]);
      if (policies === FluxRolePolicies.MANAGED) return;
      const order = (address: RegExp, phase: string) => many.events
        .map((event, index) => address.test(event.address) && event.phase === phase ? index : -1).filter((index) => index >= 0);
      const inline = order(/^aws_iam_role_policy\./, 'start');
      expect(inline).toHaveLength(1);
      expect(Math.max(...order(/^aws_iam_policy\.|^aws_iam_role_policy_attachment\./, 'complete'))).toBeLessThan(inline[0]);
    });

    it.each([
      ['last', 'zzz'],
      ['first', 'aaa'],
      ['in the middle', 'repo-0100-b'],
    ])('takes one more that sorts %s in place, without losing anything on the way', (_, id) => {
      const more = evaluate(new ManyGrants([...MANY, id], policies), { after: many });
      expect(Object.keys(more.resources)).toEqual(expect.arrayContaining(Object.keys(many.resources)));
      expect(more.events.filter(({ action, address }) => action !== 'update' && !/_(Overflow|Managed)\d+_/.test(address))).toEqual([]);
      expect(more.events.filter(({ address }) => !/^aws_iam_(role_)?policy\.|^aws_iam_role_policy_attachment\./.test(address))).toEqual([]);
      expect(allowed(roleOf(more, 'Role').policies, { action: ACTIONS[0], resource: repositoryOf(id) })).toBe(true);
      expect(unorderedMoves(many, more)).toEqual([]);
      expect(lostOnTheWay(many, more, MANY)).toEqual([]);
    });
  });
});
