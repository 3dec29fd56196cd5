// The resources of aws-pods-library by the bare bindings. Argument: the same.
import { EksPodIdentityAssociation } from '@cdktf/provider-aws/lib/eks-pod-identity-association';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { permissionDocument, podTrustDocument } from './documents';
import { probe } from './probe';

const count = Number(process.argv[2]);

probe((app) => {
  const stack = new TerraformStack(app, 'Bench');
  new AwsProvider(stack, 'Aws', { region: 'eu-west-1' });
  for (let tenant = 0; tenant < count; tenant += 1) {
    const [scope, namespace] = [new Construct(stack, `Tenant${tenant}`), `tenant-${tenant}`];
    const role = new IamRole(scope, 'Resource', {
      assumeRolePolicy: podTrustDocument('arn:aws:eks:eu-west-1:111122223333:cluster/prod', '111122223333', namespace, 'source-controller'),
    });
    new EksPodIdentityAssociation(new Construct(scope, 'Associations'), `${namespace}_source-controller`, {
      clusterName: 'prod', namespace, serviceAccount: 'source-controller', roleArn: role.arn,
    });
    new IamRolePolicy(scope, 'Policy', {
      name: 'flux',
      role: role.name,
      policy: permissionDocument(`arn:aws:ecr:eu-west-1:111122223333:repository/tenant-${tenant}/*`, `arn:aws:s3:::manifests-${tenant}`),
    });
  }
});
