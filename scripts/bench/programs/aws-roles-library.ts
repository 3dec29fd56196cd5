// Arguments: the number of roles, and "plain" or "lookup" for the issuer.
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import '@cdktf/provider-aws/lib/data-aws-eks-cluster';
import '@cdktf/provider-aws/lib/iam-openid-connect-provider';
import '@cdktf/provider-aws/lib/iam-role';
import '@cdktf/provider-aws/lib/iam-role-policy';
import { TerraformStack } from 'cdktf';
import { probe } from './probe';
import { ClusterIssuer, EcrPermissions, FluxIrsaRole, FluxOidcProvider, FluxServiceAccount, S3Permissions } from '../../..';

const count = Number(process.argv[2]);
const issuerUrl = process.argv[3] === 'plain' ? 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE' : undefined;
// What loading costs is measured by the cold start.
void [ClusterIssuer, EcrPermissions, FluxIrsaRole, FluxOidcProvider, FluxServiceAccount, S3Permissions];

probe((app) => {
  const stack = new TerraformStack(app, 'Bench');
  new AwsProvider(stack, 'Aws', { region: 'eu-west-1' });
  const issuer = ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod', issuerUrl });
  const oidc = new FluxOidcProvider(stack, 'Oidc', { issuer });
  for (let tenant = 0; tenant < count; tenant += 1) {
    const role = new FluxIrsaRole(stack, `Tenant${tenant}`, {
      oidcProviders: [oidc],
      serviceAccounts: [FluxServiceAccount.of(`tenant-${tenant}`, 'flux')],
    });
    role.grant('Images', EcrPermissions.pull(`arn:aws:ecr:eu-west-1:111122223333:repository/tenant-${tenant}/*`));
    role.grant('Manifests', S3Permissions.read(`arn:aws:s3:::manifests-${tenant}`));
  }
});
