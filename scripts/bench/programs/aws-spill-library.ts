// One tenant with a grant for each of its repositories, more than the inline policy holds. Argument: their number.
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import '@cdktf/provider-aws/lib/iam-openid-connect-provider';
import '@cdktf/provider-aws/lib/iam-policy';
import '@cdktf/provider-aws/lib/iam-role';
import '@cdktf/provider-aws/lib/iam-role-policy';
import '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { TerraformStack } from 'cdktf';
import { probe } from './probe';
import { ClusterIssuer, EcrPermissions, FluxIrsaRole, FluxOidcProvider, FluxServiceAccount } from '../../..';

const count = Number(process.argv[2]);
// What loading costs is measured by the cold start.
void [ClusterIssuer, EcrPermissions, FluxIrsaRole, FluxOidcProvider, FluxServiceAccount];

probe((app) => {
  const stack = new TerraformStack(app, 'Bench');
  new AwsProvider(stack, 'Aws', { region: 'eu-west-1' });
  const issuer = ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod', issuerUrl: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE' });
  const oidc = new FluxOidcProvider(stack, 'Oidc', { issuer });
  const role = new FluxIrsaRole(stack, 'Tenant', { oidcProviders: [oidc], serviceAccounts: [FluxServiceAccount.of('tenant', 'flux')] });
  for (let index = 0; index < count; index += 1) {
    const name = String(index).padStart(4, '0');
    role.grant(`Repo${name}`, EcrPermissions.pull(`arn:aws:ecr:eu-west-1:111122223333:repository/tenant/service-${name}`));
  }
});
