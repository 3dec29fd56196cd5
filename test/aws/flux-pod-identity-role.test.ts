import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack, TerraformVariable } from 'cdktf';
import { EKS_URL, KEY, role as irsaRole } from './support';
import { FluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { FluxPodIdentityRole, FluxPodIdentityRoleProps } from '../../lib/aws/flux-pod-identity-role';
import { FluxPodIdentityTrust } from '../../lib/aws/flux-pod-identity-trust';
import { FluxRolePolicies } from '../../lib/aws/flux-role-policies';
import { EcrPermissions } from '../../lib/aws/permissions/ecr';
import { KmsPermissions } from '../../lib/aws/permissions/kms';
import { S3Permissions } from '../../lib/aws/permissions/s3';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxInstallation } from '../../lib/flux/flux-installation';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { addresses, decoded, difference, only, refused, rendered, resolved, stack, synth, synthesized } from '../support';

const CLUSTER_ARN = 'arn:aws:eks:eu-west-1:111122223333:cluster/prod';
const TARGET = 'arn:aws:iam::444455556666:role/flux/target';
const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);
const KUSTOMIZE = FluxServiceAccount.controller(FluxController.KUSTOMIZE);

const CHINA = { clusterArn: 'arn:aws-cn:eks:cn-north-1:111122223333:cluster/prod', issuerUrl: 'https://oidc.eks.cn-north-1.amazonaws.com.cn/id/EXAMPLE' };

const plainCluster = (scope: TerraformStack, id = 'Cluster', props: object = {}) =>
  ClusterIssuer.eks(scope, id, { clusterName: 'prod', issuerUrl: EKS_URL, clusterArn: CLUSTER_ARN, ...props });

function pod(scope: TerraformStack, id = 'Images', props: Partial<FluxPodIdentityRoleProps> = {}): FluxPodIdentityRole {
  return new FluxPodIdentityRole(scope, id, { issuer: props.issuer ?? plainCluster(scope, `${id}Cluster`), serviceAccounts: [SOURCE], ...props });
}

describe('the trust policy', () => {
  it('names cluster, namespace, service accounts and source account', () => {
    const all = synth((scope) => pod(scope, 'Images', { serviceAccounts: [SOURCE, KUSTOMIZE] }));
    expect(JSON.parse(only(all, 'aws_iam_role').assume_role_policy)).toEqual({
      Version: '2012-10-17',
      Statement: [{
        Effect: 'Allow',
        Principal: { Service: 'pods.eks.amazonaws.com' },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: {
          StringEquals: {
            'aws:RequestTag/eks-cluster-arn': CLUSTER_ARN,
            'aws:RequestTag/kubernetes-namespace': 'flux-system',
            'aws:RequestTag/kubernetes-service-account': ['kustomize-controller', 'source-controller'],
            'aws:SourceAccount': '111122223333',
          },
        },
      }],
    });
    expect(only(all, 'aws_iam_role').lifecycle).toBeUndefined();
  });

  it('takes cluster and account from the lookup where they are not known at synth', () => {
    const all = synth((scope) => pod(scope, 'Images', { issuer: ClusterIssuer.eks(scope, 'Cluster', { clusterName: 'prod' }) }));
    const { assume_role_policy: trust, lifecycle } = only(all, 'aws_iam_role');
    const arn = Object.keys(all.resources).find((address) => address.startsWith('data.aws_eks_cluster.'))!;
    expect(decoded(trust).Statement[0].Condition.StringEquals).toMatchObject({
      'aws:RequestTag/eks-cluster-arn': `<${arn}.arn>`,
      'aws:SourceAccount': `<element(split(":", ${arn}.arn), 4)>`,
    });
    expect(lifecycle).toBeUndefined(); // whatever the ARN is, it cannot make the policy too long
  });

  it('has a statement for each namespace, so that no name is trusted in another one', () => {
    const all = synth((scope) => pod(scope, 'Images', {
      serviceAccounts: [KUSTOMIZE, FluxServiceAccount.controller(FluxController.HELM, 'flux-two'), SOURCE],
    }));
    const pairs = JSON.parse(only(all, 'aws_iam_role').assume_role_policy).Statement.map(({ Condition: { StringEquals: equals } }: any) =>
      [equals['aws:RequestTag/kubernetes-namespace'], equals['aws:RequestTag/kubernetes-service-account']]);
    expect(pairs).toEqual([['flux-system', ['kustomize-controller', 'source-controller']], ['flux-two', 'helm-controller']]);
  });

  it('never asks for a source ARN, which breaks Pod Identity', () => {
    expect(synth((scope) => pod(scope)).text).not.toContain('SourceArn');
  });

  it('has the same service principal in China', () => {
    const all = synth((scope) => pod(scope, 'Images', {
      partition: 'aws-cn', issuer: plainCluster(scope, 'Cluster', CHINA),
    }));
    expect(JSON.parse(only(all, 'aws_iam_role').assume_role_policy).Statement[0].Principal).toEqual({ Service: 'pods.eks.amazonaws.com' });
  });

  it('checks in Terraform that role and cluster share the account, where only Terraform knows', () => {
    const all = synth((scope) => pod(scope, 'Images', { account: '111122223333', issuer: ClusterIssuer.eks(scope, 'Cluster', { clusterName: 'prod' }) }));
    const [condition] = only(all, 'aws_iam_role').lifecycle.precondition;
    expect(condition.condition).toMatch(/^\$\{\(element\(split\(":", data\.aws_eks_cluster\.\w+\.arn\), 4\) == "111122223333"\)\}$/);
    expect(condition.error_message).toContain('not in account 111122223333');
  });
});

describe('the associations', () => {
  it('are one for each service account, in the region of the cluster', () => {
    const all = synth((scope) => pod(scope, 'Images', {
      serviceAccounts: [SOURCE, KUSTOMIZE],
      tags: { team: 'platform' },
      issuer: ClusterIssuer.eks(scope, 'Cluster', { clusterName: 'prod', region: 'eu-west-1', issuerUrl: EKS_URL, clusterArn: CLUSTER_ARN }),
    }));
    const arn = `\${${addresses(all, 'aws_iam_role.')[0]}.arn}`;
    expect(addresses(all, 'aws_eks_pod_identity_association.').map((address) => all.resources[address])).toEqual(['kustomize-controller', 'source-controller']
      .map((account) => ({ cluster_name: 'prod', namespace: 'flux-system', service_account: account, role_arn: arn, region: 'eu-west-1', tags: { team: 'platform' } })));
  });

  it('keep their addresses when others come, go or change places', () => {
    const build = (...serviceAccounts: FluxServiceAccount[]) => synth((scope) => pod(scope, 'Images', { serviceAccounts }));
    const [one, two, swapped] = [build(SOURCE), build(SOURCE, KUSTOMIZE), build(KUSTOMIZE, SOURCE)];
    expect(swapped.text).toBe(two.text);
    const { added, removed, changed } = difference(one, two);
    expect(added).toEqual([expect.stringMatching(/^aws_eks_pod_identity_association\.Images_Associations_flux-system_kustomize-controller_/)]);
    expect(removed).toEqual([]);
    expect(changed).toEqual(addresses(one, 'aws_iam_role.'));
  });

  it('hand the provider on', () => {
    const all = synth((scope) => {
      const provider = new AwsProvider(scope, 'Other', { alias: 'other' });
      pod(scope, 'Images', { provider }).grant('Apps', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps'));
    });
    expect(Object.values(all.resources).map(({ provider }) => provider)).toEqual(['aws.other', 'aws.other', 'aws.other']);
  });
});

describe('what Flux is told', () => {
  const flux = (identities: (scope: TerraformStack, cluster: ClusterIssuer) => any[]) => {
    const scope = stack();
    const cluster = plainCluster(scope);
    return { scope, flux: () => new FluxKustomization(scope, 'Flux', { installation: new FluxInstallation(scope, 'FluxInstallation', { issuer: cluster, version: FluxVersion.V2_10, identities: identities(scope, cluster) }) }) };
  };

  it('is a stamp that changes with the association and the role, and no annotation', () => {
    const { scope, flux: make } = flux((at, cluster) => [pod(at, 'Images', { issuer: cluster })]);
    const yaml = rendered(resolved(scope, make().yaml));
    expect(yaml).toMatch(/cdktf-flux-identity\/aws: "<aws_eks_pod_identity_association\.Images_\S+\.association_id aws_iam_role\.Images_\w+\.arn>"/);
    expect(yaml).not.toContain('eks.amazonaws.com/role-arn');
    expect(yaml).not.toContain('kind: ServiceAccount');
  });

  it('refuses an annotation and an association on one service account', () => {
    const { flux: make } = flux((at, cluster) => [pod(at, 'Images', { issuer: cluster }), irsaRole(at, 'Irsa', {
      oidcProviders: [FluxOidcProvider.lookup(at, 'Oidc', { issuer: cluster })],
    })]);
    const { given, fix } = refused(make);
    expect(given).toContain('service account "flux-system/source-controller" in two identities of cloud "aws": "test/Images" and "test/Irsa"');
    expect(fix).toContain('make one identity with both sets of grants');
  });

  it('refuses another cluster', () => {
    const { given } = refused(flux((at) => [pod(at, 'Images', { issuer: ClusterIssuer.eks(at, 'Dev', { clusterName: 'dev' }) })]).flux);
    expect(given).toContain('identity "test/Images", which does not trust the issuer "test/Cluster"');
  });
});

describe('a target role', () => {
  it('is assumed by the role, in a policy of its own, and named in every association', () => {
    const scope = stack();
    const role = pod(scope, 'Images', { targetRoleArn: TARGET });
    const all = synthesized(scope);
    expect(only(all, 'aws_eks_pod_identity_association').target_role_arn).toBe(TARGET);
    expect(JSON.parse(only(all, 'aws_iam_role_policy').policy).Statement).toEqual([
      { Effect: 'Allow', Action: ['sts:AssumeRole', 'sts:TagSession'], Resource: TARGET },
    ]);
    expect(decoded(resolved(scope, role.targetTrustPolicy))).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: `<${addresses(all, 'aws_iam_role.')[0]}.arn>` }, Action: ['sts:AssumeRole', 'sts:TagSession'] }],
    });
    expect(pod(stack()).targetTrustPolicy).toBeUndefined();
  });

  it('gets the grants, by the provider of its account', () => {
    const all = synth((scope) => {
      const targetProvider = new AwsProvider(scope, 'Target', { alias: 'target' });
      pod(scope, 'Images', { targetRoleArn: TARGET, targetProvider }).grant('Manifests', S3Permissions.read('arn:aws:s3:::target-manifests'));
    });
    const policy = only(all, 'aws_iam_role_policy', 'Images_Policy');
    expect(policy).toMatchObject({ role: 'target', provider: 'aws.target' });
    expect(policy.name).toMatch(/^flux-test-Images-[0-9a-f]{8}$/);
    expect(policy.policy).toContain('s3:GetObject');
    expect(only(all, 'aws_iam_role_policy', 'AssumeTarget')).not.toHaveProperty('provider');
  });

  it('may be known to Terraform only', () => {
    const all = synth((scope) => {
      const targetRoleArn = new TerraformVariable(scope, 'target', { type: 'string' }).stringValue;
      pod(scope, 'Images', { targetRoleArn, targetProvider: new AwsProvider(scope, 'Target', { alias: 'target' }), serviceAccounts: [KUSTOMIZE] }).grant('Key', KmsPermissions.decrypt(KEY));
    });
    expect(only(all, 'aws_iam_role_policy', 'Images_Policy').role).toBe('${basename(var.target)}');
    expect(only(all, 'aws_eks_pod_identity_association').target_role_arn).toBe('${var.target}');
  });

  it('is not granted to without its provider', () => {
    const { given, why, fix } = refused(() => pod(stack(), 'Images', { targetRoleArn: TARGET }).grant('Key', KmsPermissions.decrypt(KEY)));
    expect(given).toBe('[test/Images] a grant on a role with `targetRoleArn`, without `targetProvider`.');
    expect(why).toContain('what the first role may do is never used');
    expect(fix).toContain('pass `targetProvider`');
  });

  it('is assumed by a managed policy where inline ones are forbidden', () => {
    const all = synth((scope) => pod(scope, 'Images', { targetRoleArn: TARGET, policies: FluxRolePolicies.MANAGED }));
    expect(addresses(all, 'aws_iam_role_policy.')).toEqual([]);
    expect(only(all, 'aws_iam_policy').policy).toContain('sts:TagSession');
    expect(addresses(all, 'aws_iam_role_policy_attachment.')).toHaveLength(1);
  });
});

describe('session tags', () => {
  it('may be off where the trust policy does not need them', () => {
    const all = synth((scope) => pod(scope, 'Images', { trust: FluxPodIdentityTrust.ACCOUNT, disableSessionTags: true }));
    expect(JSON.parse(only(all, 'aws_iam_role').assume_role_policy)).toEqual({
      Version: '2012-10-17',
      Statement: [{
        Effect: 'Allow',
        Principal: { Service: 'pods.eks.amazonaws.com' },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
      }],
    });
    expect(only(all, 'aws_eks_pod_identity_association').disable_session_tags).toBe(true);
  });

  it('are not switched off under conditions on them', () => {
    const { given, why, fix } = refused(() => pod(stack(), 'Images', { disableSessionTags: true }));
    expect(given).toContain('`disableSessionTags` with a trust policy that tells service accounts by session tags');
    expect(why).toContain('would never hold');
    expect(fix).toContain('keep the session tags');
  });
});

describe('bad input', () => {
  it.each<[string, (scope: TerraformStack) => unknown, string, string]>([
    ['object level', (scope) => pod(scope, 'Images', { serviceAccounts: [SOURCE, FluxServiceAccount.of('team-a', 'flux')] }),
      'object-level service account "team-a/flux" for EKS Pod Identity', 'use FluxIrsaRole for object-level accounts'],
    ['no service account', (scope) => pod(scope, 'Images', { serviceAccounts: [] }), 'no service account', 'pass `serviceAccounts'],
    ['a cluster that is not on EKS', (scope) => pod(scope, 'Images', { issuer: ClusterIssuer.oidc(scope, 'Kind', { url: 'https://oidc.example.com' }) }),
      'cluster "test/Kind" of kind "other" for EKS Pod Identity', 'use FluxIrsaRole'],
    ['a cluster without ARN', (scope) => pod(scope, 'Images', { issuer: ClusterIssuer.eks(scope, 'Cluster', { clusterName: 'prod', issuerUrl: EKS_URL }) }),
      'cluster "test/Cluster" without its ARN', 'pass `clusterArn` to ClusterIssuer.eks'],
    ['a cluster ARN that is none', (scope) => pod(scope, 'Images', { issuer: plainCluster(scope, 'Cluster', { clusterArn: 'prod' }) }), 'EKS cluster "prod", "prod"', 'describe-cluster'],
    ['a cluster of another partition', (scope) => pod(scope, 'Images', { issuer: plainCluster(scope, 'Cluster', CHINA) }),
      'partition "aws-cn" for an identity of partition "aws"', 'give the identity the partition of its resources'],
    ['a role of another account than the cluster, without target', (scope) => pod(scope, 'Images', { account: '444455556666' }),
      'a role of account 444455556666 for a cluster of account 111122223333', 'pass the role of account 444455556666 as `targetRoleArn`'],
    ['a target provider without target', (scope) => pod(scope, 'Images', { targetProvider: new AwsProvider(scope, 'Target', {}) }),
      '`targetProvider` without `targetRoleArn`', 'as `targetRoleArn`'],
    ['a target that is no role', (scope) => pod(scope, 'Images', { targetRoleArn: 'arn:aws:iam::444455556666:user/target' }),
      'target role ARN "arn:aws:iam::444455556666:user/target"', 'use its Terraform attribute'],
    ['a trust that does not exist', (scope) => pod(scope, 'Images', { trust: 'anyone' as any }), 'option "trust" of FluxPodIdentityRole: "anyone"', 'a constant of FluxPodIdentityTrust'],
    ['a misspelt option', (scope) => pod(scope, 'Images', { roleName: 'x' } as any), 'option "roleName" of FluxPodIdentityRole', 'correct the spelling'],
    ['a reserved grant id', (scope) => pod(scope).grant('Associations', KmsPermissions.decrypt(KEY)), 'construct id "Associations"', 'choose an id that says'],
    ['a second association', (scope) => { const cluster = plainCluster(scope); pod(scope, 'One', { issuer: cluster }); pod(scope, 'Two', { issuer: cluster }); },
      '[test/Two] service account "flux-system/source-controller" of cluster "test/Cluster", which has an association in "test/One"', 'make one role with both sets of grants'],
  ])('%s', (_name, action, given, fix) => {
    const error = refused(() => action(stack()));
    expect(error.given).toContain(given);
    expect(error.fix).toContain(fix);
  });
});

it('has a plain ARN when cluster and name are plain', () => {
  expect(pod(stack(), 'Images', { name: 'images', path: '/flux/' }).arn).toBe('arn:aws:iam::111122223333:role/flux/images');
});

it('warns of nothing in its own account', () => {
  const scope = stack();
  pod(scope, 'Images', { serviceAccounts: [KUSTOMIZE] }).grant('Key', KmsPermissions.decrypt(KEY));
  synthesized(scope);
  expect(scope.node.findAll().flatMap(({ node }) => node.metadata).filter(({ type }) => type.includes('warn'))).toEqual([]);
});
