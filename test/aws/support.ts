import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { TerraformStack } from 'cdktf';
import { AwsPermission } from '../../lib/aws/aws-permission';
import { FluxIrsaRole, FluxIrsaRoleProps } from '../../lib/aws/flux-irsa-role';
import { FluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { addresses, decoded, only, Synthesized, synth } from '../support';

export const EKS_URL = 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE';
export const PROVIDER_ARN = `arn:aws:iam::111122223333:oidc-provider/${EKS_URL.slice('https://'.length)}`;
export const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** An EKS cluster with a plain issuer, and an OIDC provider for it that exists. */
export function eks(stack: TerraformStack, id = 'Cluster', partition = 'aws') {
  const issuer = ClusterIssuer.eks(stack, id, { clusterName: 'prod', issuerUrl: EKS_URL });
  return { issuer, oidc: FluxOidcProvider.fromOidcProviderArn(stack, `${id}Oidc`, { issuer, arn: PROVIDER_ARN.replace('arn:aws:', `arn:${partition}:`) }) };
}

/** A role on EKS for the controllers that most permissions are for. */
export function role(stack: TerraformStack, id = 'Images', props: Partial<FluxIrsaRoleProps> = {}): FluxIrsaRole {
  return new FluxIrsaRole(stack, id, {
    oidcProviders: props.oidcProviders ?? [eks(stack, `${id}Cluster`, props.partition).oidc],
    serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE), FluxServiceAccount.controller(FluxController.KUSTOMIZE)],
    ...props,
  });
}

/** The statements of the one policy that a permission comes to. */
export function statements(permission: AwsPermission | ((stack: TerraformStack) => AwsPermission), props: Partial<FluxIrsaRoleProps> = {}): any[] {
  const all = synth((stack) => {
    role(stack, 'Images', props).grant('Grant', typeof permission === 'function' ? permission(stack) : permission);
  });
  const { Version, Statement } = decoded(only(all, 'aws_iam_role_policy').policy);
  expect(Version).toBe('2012-10-17');
  expect(all.text).not.toContain('"Sid');
  return Statement;
}

/** The attributes of a resource are values that only Terraform knows. */
export function bucket(stack: TerraformStack, id = 'Bucket'): S3Bucket {
  return new S3Bucket(stack, id, {});
}

/** What all policies of a stack allow, inline and managed together. */
export function allowed(all: Synthesized): any[] {
  return [...addresses(all, 'aws_iam_role_policy.'), ...addresses(all, 'aws_iam_policy.')]
    .flatMap((address) => decoded(all.resources[address].policy).Statement);
}
