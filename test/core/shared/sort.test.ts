import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { FluxIrsaRole } from '../../../lib/aws/flux-irsa-role';
import { FluxOidcProvider } from '../../../lib/aws/flux-oidc-provider';
import { EcrPermissions } from '../../../lib/aws/permissions/ecr';
import { ClusterIssuer } from '../../../lib/core/cluster-issuer';
import { FluxController } from '../../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../../lib/core/flux-service-account';
import { byText, sorted } from '../../../lib/core/shared/sort';

describe('byText', () => {
  it('compares by code unit', () => {
    expect(['b', 'a', 'B'].sort(byText)).toEqual(['B', 'a', 'b']);
  });

  it('leaves out tokens, whose text depends on what else the program does', () => {
    expect(sorted(['${TfToken[TOKEN.10]}', 'plain', '${TfToken[TOKEN.9]}'])).toEqual(['${TfToken[TOKEN.10]}', '${TfToken[TOKEN.9]}', 'plain']);
    expect(sorted(['${TfToken[TOKEN.9]}', 'plain', '${TfToken[TOKEN.10]}'])).toEqual(['${TfToken[TOKEN.9]}', '${TfToken[TOKEN.10]}', 'plain']);
    expect(sorted(['${TfToken[TOKEN.1]}/b', '${TfToken[TOKEN.2]}/a'])).toEqual(['${TfToken[TOKEN.2]}/a', '${TfToken[TOKEN.1]}/b']);
  });
});

it('renders a policy the same however many tokens were made before its own', () => {
  const policy = (): string => {
    const stack = new TerraformStack(Testing.app(), 'stack');
    new AwsProvider(stack, 'Aws', {});
    const issuer = ClusterIssuer.oidc(stack, 'Cluster', { url: 'https://oidc.example.com' });
    const role = new FluxIrsaRole(stack, 'Role', {
      oidcProviders: [new FluxOidcProvider(stack, 'Oidc', { issuer })],
      serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE)],
      region: 'eu-west-1',
    });
    for (const name of ['first', 'second']) role.grant(name, EcrPermissions.pull(new TerraformVariable(stack, name, {}).stringValue));
    return Object.values<any>(JSON.parse(Testing.synth(stack)).resource.aws_iam_role_policy)[0].policy;
  };
  // Token numbers go on from stack to stack: somewhere here the two of one stack differ in length.
  expect(new Set(Array.from({ length: 40 }, policy)).size).toBe(1);
});
