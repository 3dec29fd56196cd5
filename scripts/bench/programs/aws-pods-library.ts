// Argument: the number of roles.
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import '@cdktf/provider-aws/lib/eks-pod-identity-association';
import '@cdktf/provider-aws/lib/iam-role';
import '@cdktf/provider-aws/lib/iam-role-policy';
import { TerraformStack } from 'cdktf';
import { probe } from './probe';
import { ClusterIssuer, EcrPermissions, FluxController, FluxPodIdentityRole, FluxServiceAccount, S3Permissions } from '../../..';

const count = Number(process.argv[2]);
// What loading costs is measured by the cold start.
void [ClusterIssuer, EcrPermissions, FluxController, FluxPodIdentityRole, FluxServiceAccount, S3Permissions];

probe((app) => {
  const stack = new TerraformStack(app, 'Bench');
  new AwsProvider(stack, 'Aws', { region: 'eu-west-1' });
  const cluster = ClusterIssuer.eks(stack, 'Cluster', {
    clusterName: 'prod',
    clusterArn: 'arn:aws:eks:eu-west-1:111122223333:cluster/prod',
    issuerUrl: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE',
  });
  for (let tenant = 0; tenant < count; tenant += 1) {
    const role = new FluxPodIdentityRole(stack, `Tenant${tenant}`, {
      issuer: cluster,
      serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE, `tenant-${tenant}`)],
    });
    role.grant('Images', EcrPermissions.pull(`arn:aws:ecr:eu-west-1:111122223333:repository/tenant-${tenant}/*`));
    role.grant('Manifests', S3Permissions.read(`arn:aws:s3:::manifests-${tenant}`));
  }
});
