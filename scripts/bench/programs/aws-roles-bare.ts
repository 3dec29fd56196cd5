// The resources of aws-roles-library by the bare bindings. Arguments: the same.
import { DataAwsEksCluster } from '@cdktf/provider-aws/lib/data-aws-eks-cluster';
import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Fn, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { permissionDocument, trustDocument } from './documents';
import { probe } from './probe';

const [count, plain] = [Number(process.argv[2]), process.argv[3] === 'plain'];

probe((app) => {
  const stack = new TerraformStack(app, 'Bench');
  new AwsProvider(stack, 'Aws', { region: 'eu-west-1' });
  const url = plain
    ? 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE'
    : new DataAwsEksCluster(new Construct(stack, 'Cluster'), 'Resource', { name: 'prod' }).identity.get(0).oidc.get(0).issuer;
  const issuer = plain ? url.slice('https://'.length) : Fn.replace(url, 'https://', '');
  const oidc = new IamOpenidConnectProvider(new Construct(stack, 'Oidc'), 'Resource', { url, clientIdList: ['sts.amazonaws.com'] });
  for (let tenant = 0; tenant < count; tenant += 1) {
    const scope = new Construct(stack, `Tenant${tenant}`);
    const role = new IamRole(scope, 'Resource', { assumeRolePolicy: trustDocument(oidc.arn, issuer, `system:serviceaccount:tenant-${tenant}:flux`) });
    new IamRolePolicy(scope, 'Policy', {
      name: 'flux',
      role: role.name,
      policy: permissionDocument(`arn:aws:ecr:eu-west-1:111122223333:repository/tenant-${tenant}/*`, `arn:aws:s3:::manifests-${tenant}`),
    });
  }
});
