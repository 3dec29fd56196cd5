// The resources of aws-spill-library by the bare bindings: the author cuts the list by hand. Argument: the same.
import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider';
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { permissionDocument, trustDocument } from './documents';
import { probe } from './probe';

const count = Number(process.argv[2]);

probe((app) => {
  const stack = new TerraformStack(app, 'Bench');
  new AwsProvider(stack, 'Aws', { region: 'eu-west-1' });
  const url = 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE';
  const oidc = new IamOpenidConnectProvider(new Construct(stack, 'Oidc'), 'Resource', { url, clientIdList: ['sts.amazonaws.com'] });
  const tenant = new Construct(stack, 'Tenant');
  const role = new IamRole(tenant, 'Resource', {
    assumeRolePolicy: trustDocument(oidc.arn, url.slice('https://'.length), 'system:serviceaccount:tenant:flux'),
  });

  const all = Array.from({ length: count }, (_, index) => (
    `arn:aws:ecr:eu-west-1:111122223333:repository/tenant/service-${String(index).padStart(4, '0')}`
  ));
  const fit = (from: number, limit: number) => {
    const empty = permissionDocument([]).length - 1;
    return all.slice(from, from + Math.floor((limit - empty) / (all[0].length + '"",'.length)));
  };
  const first = fit(0, 10240);
  const policies: Array<IamRolePolicy | IamPolicy> = [
    new IamRolePolicy(tenant, 'Policy', { name: 'flux', role: role.name, policy: permissionDocument(first) }),
  ];
  const waits: string[] = [];
  for (let from = first.length; from < all.length;) {
    const repositories = fit(from, 6144);
    from += repositories.length;
    const overflow = new Construct(tenant, `Overflow${policies.length}`);
    const policy = new IamPolicy(overflow, 'Resource', { policy: permissionDocument(repositories) });
    const attachment = new IamRolePolicyAttachment(overflow, 'Attachment', { role: role.name, policyArn: policy.arn });
    policies.push(policy);
    waits.push(`${attachment.terraformResourceType}.${attachment.friendlyUniqueId}`);
  }
  policies.slice(0, -1).forEach((policy, index) => { policy.dependsOn = waits.slice(index); });
});
