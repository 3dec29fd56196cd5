import type { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import type { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { permissionDocument, trustDocument } from './documents';
import { probe } from './probe';

interface Bindings {
  readonly AwsProvider: typeof AwsProvider;
  readonly IamOpenidConnectProvider: typeof IamOpenidConnectProvider;
  readonly IamRole: typeof IamRole;
  readonly IamRolePolicy: typeof IamRolePolicy;
}

/** The resources of cold-library, at the same addresses. */
export function oneRole(aws: Bindings): void {
  probe((app) => {
    const stack = new TerraformStack(app, 'Bench');
    new aws.AwsProvider(stack, 'Aws', { region: 'eu-west-1' });
    const oidc = new aws.IamOpenidConnectProvider(new Construct(stack, 'Oidc'), 'Resource', {
      url: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE',
      clientIdList: ['sts.amazonaws.com'],
    });
    const images = new Construct(stack, 'Images');
    const role = new aws.IamRole(images, 'Resource', {
      assumeRolePolicy: trustDocument(oidc.arn, 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE', 'system:serviceaccount:flux-system:source-controller'),
    });
    new aws.IamRolePolicy(images, 'Policy', {
      name: 'flux',
      role: role.name,
      policy: permissionDocument('arn:aws:ecr:eu-west-1:111122223333:repository/apps/*', 'arn:aws:s3:::flux-manifests'),
    });
  });
}
