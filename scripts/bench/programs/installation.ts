// Arguments: the number of tenants; `rendered` for an installation that tells Flux of them.
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { probe } from './probe';
import {
  ClusterIssuer, EcrPermissions, FluxInstallation, FluxIrsaRole, FluxKustomization, FluxManifests, FluxOidcProvider, FluxServiceAccount, FluxTenant,
  FluxVersion, S3Permissions,
} from '../../..';

const count = Number(process.argv[2]);
// What loading costs is measured by the cold start.
void [
  ClusterIssuer, EcrPermissions, FluxInstallation, FluxIrsaRole, FluxKustomization, FluxManifests, FluxOidcProvider, FluxServiceAccount, FluxTenant,
  FluxVersion, S3Permissions,
];

probe((app) => {
  const stack = new TerraformStack(app, 'Bench');
  new AwsProvider(stack, 'Aws', { region: 'eu-west-1' });
  const issuer = ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod', issuerUrl: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE' });
  const oidc = new FluxOidcProvider(stack, 'Oidc', { issuer });
  const identities = Array.from({ length: count }, (_, tenant) => {
    const role = new FluxIrsaRole(stack, `Tenant${tenant}`, {
      oidcProviders: [oidc], serviceAccounts: [FluxServiceAccount.of(`tenant-${tenant}`, 'flux')], name: `flux-${tenant}`, account: '111122223333',
    });
    role.grant('Images', EcrPermissions.pull(`arn:aws:ecr:eu-west-1:111122223333:repository/tenant-${tenant}/*`));
    role.grant('Manifests', S3Permissions.read(`arn:aws:s3:::manifests-${tenant}`));
    return role;
  });
  if (process.argv[3] !== 'rendered') return;
  const flux = new FluxInstallation(stack, 'Flux', { issuer, version: FluxVersion.V2_10, identities });
  identities.forEach((_, tenant) => new FluxTenant(stack, `Namespace${tenant}`, { installation: flux, namespace: `tenant-${tenant}`, clusterRole: 'admin' }));
  new TerraformOutput(stack, 'kustomization', { value: new FluxKustomization(stack, 'Kustomization', { installation: flux }).yaml });
  new TerraformOutput(stack, 'manifests', { value: new FluxManifests(stack, 'Manifests', { installation: flux }).yaml });
});
