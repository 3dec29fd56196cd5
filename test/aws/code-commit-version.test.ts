import { TerraformStack } from 'cdktf';
import { eks, role } from './support';
import { FluxIamUser } from '../../lib/aws/flux-iam-user';
import { FluxIrsaRole } from '../../lib/aws/flux-irsa-role';
import { FluxPodIdentityRole } from '../../lib/aws/flux-pod-identity-role';
import { CodeCommitPermissions } from '../../lib/aws/permissions/code-commit';
import { EcrPermissions } from '../../lib/aws/permissions/ecr';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxInstallation } from '../../lib/flux/flux-installation';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { refused, stack } from '../support';

const FLEET = CodeCommitPermissions.pull('arn:aws:codecommit:eu-west-1:111122223333:fleet');
const SOURCE = [FluxServiceAccount.controller(FluxController.SOURCE)];
const CLUSTER_ARN = 'arn:aws:eks:eu-west-1:111122223333:cluster/prod';
const URL = 'https://oidc.eks.eu-west-1.amazonaws.com/id/B';

describe.each([
  ['FluxIrsaRole', (s: TerraformStack) => {
    const { issuer, oidc } = eks(s);
    return { issuer, identity: role(s, 'Fleet', { oidcProviders: [oidc] }) };
  }],
  ['FluxIrsaRole.fromRoleArn', (s: TerraformStack) => {
    const { issuer, oidc } = eks(s);
    return { issuer, identity: FluxIrsaRole.fromRoleArn(s, 'Fleet', { roleArn: 'arn:aws:iam::111122223333:role/fleet', oidcProviders: [oidc], serviceAccounts: SOURCE }) };
  }],
  ['FluxPodIdentityRole', (s: TerraformStack) => {
    const issuer = ClusterIssuer.eks(s, 'Cluster', { clusterName: 'prod', issuerUrl: URL, clusterArn: CLUSTER_ARN });
    return { issuer, identity: new FluxPodIdentityRole(s, 'Fleet', { issuer: issuer, serviceAccounts: SOURCE }) };
  }],
  ['FluxIamUser', (s: TerraformStack) => {
    const issuer = ClusterIssuer.eks(s, 'Cluster', { clusterName: 'prod', issuerUrl: URL });
    return { issuer, identity: new FluxIamUser(s, 'Fleet', { name: 'fleet', serviceAccounts: SOURCE }) };
  }],
])('CodeCommit for %s needs Flux 2.9', (_, make) => {
  test('granted first, configured then', () => {
    const s = stack();
    const { issuer, identity } = make(s);
    identity.grant('Git', FLEET);
    const { given, allowed, fix } = refused(() => new FluxKustomization(s, 'Flux', { installation: new FluxInstallation(s, 'FluxInstallation', { issuer, version: FluxVersion.V2_8, identities: [identity] }) }));
    expect(given).toBe('[test/FluxInstallation] grant "test/Fleet/Git" (permission "pull" on AWS CodeCommit) in Flux 2.8.');
    expect(allowed).toBe('Flux 2.9 and later');
    expect(fix).toContain('upgrade to Flux 2.9');
  });

  test('from 2.9 on it is fine', () => {
    const s = stack();
    const { issuer, identity } = make(s);
    identity.grant('Git', FLEET);
    new FluxKustomization(s, 'Flux', { installation: new FluxInstallation(s, 'FluxInstallation', { issuer, version: FluxVersion.V2_9, identities: [identity] }) });
    expect(identity.node.tryFindChild('Git')).toBeDefined();
  });
});

test('other services exist in every Flux', () => {
  const s = stack();
  const { issuer, oidc } = eks(s);
  const images = role(s, 'Images', { oidcProviders: [oidc] });
  images.grant('Apps', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps'));
  expect(() => new FluxKustomization(s, 'Flux', { installation: new FluxInstallation(s, 'FluxInstallation', { issuer, version: FluxVersion.V2_6, identities: [images] }) })).not.toThrow();
});
