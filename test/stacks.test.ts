import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack, Testing } from 'cdktf';
import { decoded, stack } from './support';
import {
  ClusterIssuer, EcrPermissions, FluxInstallation, FluxIrsaRole, FluxManifests, FluxOidcProvider, FluxServiceAccount, FluxTenant, FluxTesting,
  FluxVersion,
} from '../lib';
import { expectAccess } from '../lib/testing';

/** The two programs of docs/stacks.md that never meet: what they agree on is the ARN of the provider and the name of the role. */
const ISSUER = 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE';
const PROVIDER = `arn:aws:iam::111122223333:oidc-provider/${ISSUER.slice('https://'.length)}`;

function clusterOf(scope: TerraformStack): ClusterIssuer {
  new AwsProvider(scope, 'Aws', { region: 'eu-west-1' });
  return ClusterIssuer.eks(scope, 'Cluster', { clusterName: 'prod', issuerUrl: ISSUER });
}

test('a team makes its role in a program of its own, and the platform tells Flux of it', () => {
  const team = stack('team-a');
  const oidc = FluxOidcProvider.fromOidcProviderArn(team, 'Oidc', { issuer: clusterOf(team), arn: PROVIDER });
  const own = new FluxIrsaRole(team, 'Images', { oidcProviders: [oidc], serviceAccounts: [FluxServiceAccount.of('team-a', 'flux')], name: 'flux-team-a', account: '111122223333' });
  own.grant('Apps', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/team-a/*'));
  const [role] = Object.values<any>(JSON.parse(Testing.synth(team)).resource.aws_iam_role);

  const platform = stack('platform');
  const issuer = clusterOf(platform);
  const installation = new FluxInstallation(platform, 'Flux', { issuer, version: FluxVersion.V2_10 });
  const tenant = new FluxTenant(platform, 'TeamA', { installation, namespace: 'team-a', clusterRole: 'admin' });
  tenant.addIdentity(FluxIrsaRole.fromRoleArn(platform, 'TeamAImages', {
    roleArn: own.arn, oidcProviders: [new FluxOidcProvider(platform, 'Oidc', { issuer })], serviceAccounts: [tenant.serviceAccount],
  }));
  const told = FluxTesting.text(platform, new FluxManifests(platform, 'Manifests', { installation }).yaml);

  const { identities, grants } = JSON.parse(FluxTesting.text(platform, installation.access));
  expect(identities.map(({ key }: any) => key)).toEqual(['aws team-a/flux']);
  expect(grants).toEqual([]);
  expect(own.arn).toBe('arn:aws:iam::111122223333:role/flux-team-a');
  expect(told).toContain('eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/flux-team-a');
  const [{ Principal, Condition }] = decoded(role.assume_role_policy).Statement;
  expect(Principal).toEqual({ Federated: PROVIDER });
  expect(Condition.StringEquals[`${ISSUER.slice('https://'.length)}:sub`]).toBe('system:serviceaccount:team-a:flux');
  const synthesized = JSON.parse(Testing.synth(platform)).resource;
  expect(Object.keys(synthesized)).toEqual(['aws_iam_openid_connect_provider']);
  const image = { action: 'ecr:BatchGetImage', resource: 'arn:aws:ecr:eu-west-1:111122223333:repository/team-a/web' };
  expectAccess(team).of(own).allows(image);
});
