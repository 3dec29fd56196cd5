// Arguments: the number of clusters; `report` for the access report of all of them.
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { probe } from './probe';
import {
  ClusterIssuer, EcrPermissions, FluxAccessReport, FluxController, FluxInstallation, FluxIrsaRole, FluxKustomization, FluxManifests, FluxOidcProvider,
  FluxServiceAccount, FluxVersion, KmsPermissions, S3Permissions,
} from '../../..';

const count = Number(process.argv[2]);
const TENANTS = 5;
// What loading costs is measured by the cold start.
void [
  ClusterIssuer, EcrPermissions, FluxAccessReport, FluxInstallation, FluxIrsaRole, FluxKustomization, FluxManifests, FluxOidcProvider,
  FluxServiceAccount, FluxVersion, KmsPermissions, S3Permissions,
];

probe((app) => {
  for (let cluster = 0; cluster < count; cluster += 1) {
    const stack = new TerraformStack(app, cluster === 0 ? 'Bench' : `Bench${cluster}`);
    new AwsProvider(stack, 'Aws', { region: 'eu-west-1' });
    const issuer = ClusterIssuer.eks(stack, 'Cluster', { clusterName: `prod-${cluster}`, issuerUrl: `https://oidc.eks.eu-west-1.amazonaws.com/id/${cluster}` });
    const oidc = new FluxOidcProvider(stack, 'Oidc', { issuer });
    const identities = Array.from({ length: TENANTS }, (_, tenant) => {
      const role = new FluxIrsaRole(stack, `Tenant${tenant}`, {
        oidcProviders: [oidc], serviceAccounts: [FluxServiceAccount.of(`tenant-${tenant}`, 'flux')], name: `flux-${cluster}-${tenant}`, account: '111122223333',
      });
      role.grant('Images', EcrPermissions.pull(`arn:aws:ecr:eu-west-1:111122223333:repository/tenant-${tenant}/*`));
      role.grant('Manifests', S3Permissions.read(`arn:aws:s3:::tenant-${tenant}`));
      return role;
    });
    const sops = new FluxIrsaRole(stack, 'Sops', { oidcProviders: [oidc], serviceAccounts: [FluxServiceAccount.controller(FluxController.KUSTOMIZE)] });
    sops.grant('Key', KmsPermissions.decrypt('arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'));
    const installation = new FluxInstallation(stack, 'Flux', { issuer, version: FluxVersion.V2_10, identities: [...identities, sops] });
    new TerraformOutput(stack, 'kustomization', { value: new FluxKustomization(stack, 'Kustomization', { installation }).yaml });
    new TerraformOutput(stack, 'manifests', { value: new FluxManifests(stack, 'Manifests', { installation }).yaml });
  }
  if (process.argv[3] === 'report') new FluxAccessReport(app, 'Access');
});
