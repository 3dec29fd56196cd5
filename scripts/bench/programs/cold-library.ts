// One role by the library, from the package's root.
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack } from 'cdktf';
import { probe } from './probe';
import { ClusterIssuer, EcrPermissions, FluxController, FluxIrsaRole, FluxOidcProvider, FluxServiceAccount, S3Permissions } from '../../..';

probe((app) => {
  const stack = new TerraformStack(app, 'Bench');
  new AwsProvider(stack, 'Aws', { region: 'eu-west-1' });
  const issuer = ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod', issuerUrl: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE' });
  const oidc = new FluxOidcProvider(stack, 'Oidc', { issuer });
  const role = new FluxIrsaRole(stack, 'Images', {
    oidcProviders: [oidc],
    serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE)],
  });
  role.grant('Apps', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps/*'));
  role.grant('Manifests', S3Permissions.read('arn:aws:s3:::flux-manifests'));
});
