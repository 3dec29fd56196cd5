import { TerraformOutput } from 'cdktf';
import { bucket } from './aws/support';
import { difference, fluxOf, shuffled, synth, Synthesized } from './support';
import { FluxIrsaRole } from '../lib/aws/flux-irsa-role';
import { FluxOidcProvider } from '../lib/aws/flux-oidc-provider';
import { EcrPermissions } from '../lib/aws/permissions/ecr';
import { S3Permissions } from '../lib/aws/permissions/s3';
import { ClusterIssuer } from '../lib/core/cluster-issuer';
import { FluxServiceAccount } from '../lib/core/flux-service-account';
import { FluxVersion } from '../lib/core/flux-version';
import { FluxKustomization } from '../lib/flux/flux-kustomization';
import { FluxManifests } from '../lib/flux/flux-manifests';

interface Teams {
  readonly teams: string[];
  readonly grants: string[];
  readonly accounts: string[];
}

const BASE: Teams = { teams: ['A', 'B', 'C'], grants: ['Apps', 'Manifests', 'Shared'], accounts: ['flux', 'tenant'] };

/** A role for each team, each with the same grants and service accounts, and the Flux configuration for all. */
function build({ teams, grants, accounts }: Teams): Synthesized {
  return synth((scope) => {
    const shared = bucket(scope, 'Shared');
    const issuer = ClusterIssuer.eks(scope, 'Cluster', { clusterName: 'prod' });
    const oidc = new FluxOidcProvider(scope, 'Oidc', { issuer });
    const identities = teams.map((team) => {
      const role = new FluxIrsaRole(scope, team, {
        oidcProviders: [oidc], serviceAccounts: accounts.map((name) => FluxServiceAccount.of(`team-${team.toLowerCase()}`, name)),
      });
      grants.forEach((id) => role.grant(id, id === 'Shared' ? S3Permissions.read(shared.arn) : EcrPermissions.pull(`arn:aws:ecr:eu-west-1:111122223333:repository/${id.toLowerCase()}`)));
      return role;
    });
    const flux = { installation: fluxOf(scope, { issuer, version: FluxVersion.V2_9, identities }) };
    new TerraformOutput(scope, 'kustomization', { value: new FluxKustomization(scope, 'Flux', flux).yaml });
    new TerraformOutput(scope, 'manifests', { value: new FluxManifests(scope, 'Manifests', flux).yaml });
  });
}

const short = (list: string[]) => list.map((address) => address.replace(/_[0-9A-F]{8}$/, ''));
const base = build(BASE);

test('the same program gives the same bytes', () => expect(build(BASE).text).toBe(base.text));

test.each([1, 2, 3])('reordering identities, grants and service accounts changes nothing (seed %i)', (seed) => {
  const other = build({ teams: shuffled(BASE.teams, seed), grants: shuffled(BASE.grants, seed + 1), accounts: shuffled(BASE.accounts, seed + 2) });
  expect(other.resources).toEqual(base.resources);
  expect(other.json.output).toEqual(base.json.output);
});

test.each(['AA', 'Z'])('an identity more, "%s", is its role and its policy, and nothing else', (team) => {
  const more = difference(base, build({ ...BASE, teams: [team, ...BASE.teams] }));
  expect({ ...more, added: short(more.added) }).toEqual({ added: [`aws_iam_role.${team}`, `aws_iam_role_policy.${team}_Policy`], removed: [], changed: [] });
  const fewer = difference(build({ ...BASE, teams: [team, ...BASE.teams] }), base);
  expect([fewer.added, fewer.changed]).toEqual([[], []]);
});

test('one identity fewer takes its own resources only', () => {
  const fewer = difference(base, build({ ...BASE, teams: ['A', 'C'] }));
  expect({ ...fewer, removed: short(fewer.removed) }).toEqual({ added: [], removed: ['aws_iam_role.B', 'aws_iam_role_policy.B_Policy'], changed: [] });
});

test('a grant more or fewer changes the policies it is in, in place', () => {
  const policies = ['aws_iam_role_policy.A_Policy', 'aws_iam_role_policy.B_Policy', 'aws_iam_role_policy.C_Policy'];
  for (const grants of [['AAA', ...BASE.grants], ['Apps', 'Shared']]) {
    const step = difference(base, build({ ...BASE, grants }));
    expect({ ...step, changed: short(step.changed) }).toEqual({ added: [], removed: [], changed: policies });
  }
});

test('a service account more or fewer changes the trust of its role, in place', () => {
  for (const accounts of [['aaa', ...BASE.accounts], ['flux']]) {
    const step = difference(base, build({ ...BASE, accounts }));
    expect({ ...step, changed: short(step.changed) }).toEqual({ added: [], removed: [], changed: ['aws_iam_role.A', 'aws_iam_role.B', 'aws_iam_role.C'] });
  }
});

test('the helper sees what changes', () => {
  const changed = { ...base, resources: { ...base.resources, ['aws_s3_bucket.x']: {} } };
  expect(difference(base, changed).added).toEqual(['aws_s3_bucket.x']);
});
