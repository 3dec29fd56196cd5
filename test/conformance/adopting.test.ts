import { EksPodIdentityAssociation } from '@cdktf/provider-aws/lib/eks-pod-identity-association';
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { FederatedIdentityCredential } from '@cdktf/provider-azurerm/lib/federated-identity-credential';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { TerraformResource, TerraformStack, Testing } from 'cdktf';
import { ACCOUNT, AKS_ISSUER, EKS_ISSUER, PROJECT, SUBSCRIPTION, uuidOf } from './computed';
import { Plan, Standing, State } from './plan';
import { describeWith, TERRAFORM } from './programs';
import {
  AcrPermissions, ArtifactRegistryPermissions, ClusterIssuer, EcrPermissions, FluxAzureFederatedIdentity, FluxController, FluxGcpServiceAccount,
  FluxGcpWorkloadPool, FluxIrsaRole, FluxMove, FluxOidcProvider, FluxPodIdentityRole, FluxServiceAccount,
} from '../../lib';
import { holdTable } from '../tables';

const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);
const POLICY = `arn:aws:iam::${ACCOUNT}:policy/flux`;
const APPS = `arn:aws:ecr:eu-west-1:${ACCOUNT}:repository/apps/*`;
const OIDC = `arn:aws:iam::${ACCOUNT}:oidc-provider/${EKS_ISSUER.slice('https://'.length)}`;
const ROLE = { name: 'flux-source', path: '/', assume_role_policy: '{"Version":"2012-10-17"}', force_detach_policies: true, tags: { team: 'platform' } };
const ATTACHED = { role: 'flux-source', policy_arn: POLICY };
const MANAGED = { name: 'flux', path: '/', policy: '{"Version":"2012-10-17"}' };

/** The role of source-controller in the place of the one that a module made. */
function irsa(stack: TerraformStack, address?: string, path?: string): FluxIrsaRole {
  new AwsProvider(stack, 'Aws', { region: 'eu-west-1' });
  const issuer = ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod', issuerUrl: EKS_ISSUER });
  const oidc = FluxOidcProvider.fromOidcProviderArn(stack, 'Oidc', { issuer, arn: OIDC });
  const role = new FluxIrsaRole(stack, 'Images', { oidcProviders: [oidc], serviceAccounts: [SOURCE], name: 'flux-source', path });
  if (address !== undefined) FluxMove.fromAddress(role, address);
  role.grant('Apps', EcrPermissions.pull(APPS));
  return role;
}

/** What went with it, until what comes instead is in force. */
function kept<T extends TerraformResource>(resource: T, address: string): T {
  FluxMove.fromAddress(resource, address);
  return resource;
}

interface Case {
  /** What the module left. */
  readonly standing: Standing;
  /** The stack of the first step; of the second, without what was kept. */
  readonly program: (stack: TerraformStack, step: 1 | 2) => void;
  /** What the first step does. The second removes what was kept for it, by its name, and nothing else. */
  readonly first: Plan;
}

const IRSA: Plan = { 'aws_iam_role.Images_2D38C313': 'update', 'aws_iam_role_policy.Images_Policy_B348B051': 'create' };
const attachment = (step: 1 | 2, stack: TerraformStack, address: string) => {
  if (step === 1) kept(new IamRolePolicyAttachment(stack, 'Before', { role: 'flux-source', policyArn: POLICY }), address);
};

const v6 = (name: string): Case => ({
  standing: {
    [`module.${name}.aws_iam_role.this[0]`]: ROLE,
    [`module.${name}.aws_iam_policy.this[0]`]: MANAGED,
    [`module.${name}.aws_iam_role_policy_attachment.this[0]`]: ATTACHED,
  },
  program: (stack, step) => {
    irsa(stack, `module.${name}.aws_iam_role.this[0]`);
    attachment(step, stack, `module.${name}.aws_iam_role_policy_attachment.this[0]`);
    if (step === 1) kept(new IamPolicy(stack, 'BeforePolicy', { name: 'flux', path: '/', policy: MANAGED.policy }), `module.${name}.aws_iam_policy.this[0]`);
  },
  first: { ...IRSA, 'aws_iam_role_policy_attachment.Before': 'keep', 'aws_iam_policy.BeforePolicy': 'keep' },
});
const IDENTITY = `/subscriptions/${SUBSCRIPTION}/resourceGroups/flux/providers/Microsoft.ManagedIdentity/userAssignedIdentities/flux-source`;
const REGISTRY = `/subscriptions/${SUBSCRIPTION}/resourceGroups/flux/providers/Microsoft.ContainerRegistry/registries/acmeprod`;
const EMAIL = `flux-source@${PROJECT}.iam.gserviceaccount.com`;
const MEMBER = `serviceAccount:${PROJECT}.svc.id.goog[flux-system/source-controller]`;

const CASES: { readonly [source: string]: Case } = {
  'terraform-aws-modules/iam 5, iam-role-for-service-accounts-eks': {
    standing: { 'module.flux.aws_iam_role.this[0]': ROLE, 'module.flux.aws_iam_role_policy_attachment.this["ecr"]': ATTACHED },
    program: (stack, step) => {
      irsa(stack, 'module.flux.aws_iam_role.this[0]');
      attachment(step, stack, 'module.flux.aws_iam_role_policy_attachment.this["ecr"]');
    },
    first: { ...IRSA, 'aws_iam_role_policy_attachment.Before': 'keep' },
  },
  'terraform-aws-modules/iam 6, iam-role-for-service-accounts': v6('flux'),
  'aws-ia/eks-blueprints-addon': v6('flux_addon'),
  'terraform-aws-modules/eks-pod-identity': {
    standing: {
      'module.flux.aws_iam_role.this[0]': ROLE,
      'module.flux.aws_iam_policy.custom[0]': MANAGED,
      'module.flux.aws_iam_role_policy_attachment.custom[0]': ATTACHED,
      'module.flux.aws_eks_pod_identity_association.this["source"]': { cluster_name: 'prod', namespace: 'flux-system', service_account: 'source-controller', role_arn: `arn:aws:iam::${ACCOUNT}:role/flux-source` },
    },
    program: (stack, step) => {
      new AwsProvider(stack, 'Aws', { region: 'eu-west-1' });
      const issuer = ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod', clusterArn: `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/prod`, issuerUrl: EKS_ISSUER });
      const role = new FluxPodIdentityRole(stack, 'Images', { issuer, serviceAccounts: [SOURCE], name: 'flux-source' });
      FluxMove.fromAddress(role, 'module.flux.aws_iam_role.this[0]');
      FluxMove.fromAddress(role, 'module.flux.aws_eks_pod_identity_association.this["source"]');
      role.grant('Apps', EcrPermissions.pull(APPS));
      attachment(step, stack, 'module.flux.aws_iam_role_policy_attachment.custom[0]');
      if (step === 1) kept(new IamPolicy(stack, 'BeforePolicy', { name: 'flux', path: '/', policy: MANAGED.policy }), 'module.flux.aws_iam_policy.custom[0]');
      expect(role.node.findAll().filter((each) => each instanceof EksPodIdentityAssociation)).toHaveLength(1);
    },
    first: {
      ...IRSA,
      'aws_eks_pod_identity_association.Images_Associations_flux-system_source-controller_9D7B80CA': 'keep',
      'aws_iam_role_policy_attachment.Before': 'keep',
      'aws_iam_policy.BeforePolicy': 'keep',
    },
  },
  'plain resources, an inline policy': {
    standing: {
      'aws_iam_role.flux_source': { ...ROLE, path: '/flux/' },
      'aws_iam_role_policy.flux_source': { name: 'flux', role: 'flux-source', policy: '{}' },
    },
    program: (stack) => {
      const role = irsa(stack, 'aws_iam_role.flux_source', '/flux/');
      FluxMove.fromAddress(role, 'aws_iam_role_policy.flux_source');
    },
    first: { 'aws_iam_role.Images_2D38C313': 'update', 'aws_iam_role_policy.Images_Policy_B348B051': 'update' },
  },
  'terraform-google-modules/kubernetes-engine, workload-identity': {
    standing: {
      'module.flux.google_service_account.cluster_service_account[0]': { account_id: 'flux-source', project: PROJECT, display_name: 'GCP SA bound to K8S SA' },
      'module.flux.google_service_account_iam_member.main': { service_account_id: `projects/${PROJECT}/serviceAccounts/${EMAIL}`, role: 'roles/iam.workloadIdentityUser', member: MEMBER },
      'module.flux.google_project_iam_member.workload_identity_sa_bindings["roles/artifactregistry.reader"]': { project: PROJECT, role: 'roles/artifactregistry.reader', member: `serviceAccount:${EMAIL}` },
    },
    program: (stack, step) => {
      new GoogleProvider(stack, 'Google', { project: PROJECT });
      const issuer = ClusterIssuer.gke(stack, 'Cluster', { projectId: PROJECT, location: 'europe-west1', clusterName: 'prod' });
      const pool = FluxGcpWorkloadPool.gke(stack, 'Pool', { projectId: PROJECT, issuer });
      const account = new FluxGcpServiceAccount(stack, 'Images', { pool, serviceAccounts: [SOURCE], accountId: 'flux-source', project: PROJECT, displayName: 'GCP SA bound to K8S SA' });
      FluxMove.fromAddress(account, 'module.flux.google_service_account.cluster_service_account[0]');
      FluxMove.fromAddress(account, 'module.flux.google_service_account_iam_member.main');
      account.grant('Apps', ArtifactRegistryPermissions.pull(`projects/${PROJECT}/locations/europe-west1/repositories/apps`));
      if (step === 1) {
        kept(new ProjectIamMember(stack, 'Before', { project: PROJECT, role: 'roles/artifactregistry.reader', member: `serviceAccount:${EMAIL}` }),
          'module.flux.google_project_iam_member.workload_identity_sa_bindings["roles/artifactregistry.reader"]');
      }
    },
    first: {
      'google_service_account.Images_2D38C313': 'keep',
      'google_service_account_iam_member.Images_WorkloadIdentityUser-flux-system_source-controller_5358276B': 'keep',
      'google_artifact_registry_repository_iam_member.Images_Apps_Reader_77740D1D': 'create',
      'google_project_iam_member.Before': 'keep',
    },
  },
  'Azure/avm-res-managedidentity-userassignedidentity': {
    standing: {
      'module.flux.azurerm_user_assigned_identity.this': { name: 'flux-source', resource_group_name: 'flux', location: 'westeurope' },
      'module.flux.azurerm_federated_identity_credential.this["flux"]': { name: 'flux', parent_id: IDENTITY, issuer: AKS_ISSUER, subject: 'system:serviceaccount:flux-system:source-controller', audience: ['api://AzureADTokenExchange'] },
      'module.flux.azurerm_role_assignment.this["acr"]': {
        scope: REGISTRY,
        principal_id: uuidOf('azurerm_user_assigned_identity.Images_2D38C313.principal'),
        principal_type: 'ServicePrincipal',
        role_definition_name: 'AcrPull',
        role_definition_id: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d`,
      },
    },
    program: (stack) => {
      new AzurermProvider(stack, 'Azure', { features: [{}], subscriptionId: SUBSCRIPTION });
      const aks = ClusterIssuer.aks(stack, 'Aks', { name: 'prod', resourceGroupName: 'flux' });
      const identity = new FluxAzureFederatedIdentity(stack, 'Images', { name: 'flux-source', resourceGroupName: 'flux', location: 'westeurope', issuers: [aks], serviceAccounts: [SOURCE] });
      FluxMove.fromAddress(identity, 'module.flux.azurerm_user_assigned_identity.this');
      FluxMove.fromAddress(identity, 'module.flux.azurerm_federated_identity_credential.this["flux"]');
      const credential = identity.node.findAll().find((each): each is FederatedIdentityCredential => each instanceof FederatedIdentityCredential)!;
      credential.name = 'flux';
      identity.grant('Registry', AcrPermissions.pull(REGISTRY));
      // Azure takes no second assignment of one role: this one moves too.
      FluxMove.fromAddress(identity, 'module.flux.azurerm_role_assignment.this["acr"]');
    },
    first: {
      'azurerm_user_assigned_identity.Images_2D38C313': 'keep',
      // What the module leaves to the provider is written down, with the values that the provider chose.
      'azurerm_federated_identity_credential.Images_Credentials_Aks-flux-system-source-controller-34bd8999_334F0A21': 'update',
      'azurerm_role_assignment.Images_Registry_12EC1E47': 'update',
    },
  },
};

describeWith([TERRAFORM], 'moving in', () => {
  it.each(Object.entries(CASES))('from %s', (_source, { standing, program, first }) => {
    const stackOf = (step: 1 | 2) => {
      const stack = new TerraformStack(Testing.app(), 'prod');
      program(stack, step);
      return stack;
    };
    const state = new State(standing);
    try {
      expect(state.plan(stackOf(1))).toEqual(first);
      state.apply(stackOf(1));
      expect(state.plan(stackOf(2))).toEqual(Object.fromEntries(Object.keys(first).map((address) => [address, address.includes('.Before') ? 'delete' : 'keep'])));
      state.apply(stackOf(2));
      expect(new Set(Object.values(state.plan(stackOf(2))))).toEqual(new Set(['keep']));
    } finally {
      state.remove();
    }
  });
});

it('the page counts what each plan does, and what is done by hand', () => {
  holdTable('docs/adopting.md', 'plans', ['from', '`moved`', 'made', 'replaced', 'destroyed in step 1', 'destroyed in step 2', 'steps by hand'],
    Object.entries(CASES).map(([source, { program, first }]) => {
      const stack = new TerraformStack(Testing.app(), 'prod');
      program(stack, 1);
      const count = (does: Plan[string]) => String(Object.values(first).filter((each) => each === does).length);
      const later = Object.keys(first).filter((address) => address.includes('.Before')).map((address) => `\`${address.split('.')[0]}\``);
      return [
        source, String(JSON.parse(Testing.synth(stack)).moved.length), count('create'), count('replace'), count('delete'), later.join(', ') || 'nothing',
        // The program and its apply, what Flux is told; then what was kept is taken out, and applied.
        later.length > 0 ? '5' : '3',
      ];
    }));
});

it('takes over what no Terraform made by `import`, by the ID that the provider documents', () => {
  const stack = new TerraformStack(Testing.app(), 'prod');
  const role = irsa(stack);
  (role.node.findChild('Resource') as IamRole).importFrom('eksctl-prod-addon-iamserviceaccount-flux-sy-Role1-abc');
  // https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role#import
  expect(JSON.parse(Testing.synth(stack)).import).toEqual([{ to: 'aws_iam_role.Images_2D38C313', id: 'eksctl-prod-addon-iamserviceaccount-flux-sy-Role1-abc' }]);
});

describeWith([TERRAFORM], 'moving in that goes wrong', () => {
  const ATTACHMENT = 'aws_iam_role_policy_attachment';
  const stackOf = (build: (stack: TerraformStack) => void) => {
    const stack = new TerraformStack(Testing.app(), 'prod');
    build(stack);
    return stack;
  };
  const planned = (standing: Standing, build: (stack: TerraformStack) => void): Plan => {
    const state = new State(standing);
    try {
      return state.plan(stackOf(build));
    } finally {
      state.remove();
    }
  };
  const v5: Standing = { 'module.flux.aws_iam_role.this[0]': ROLE, [`module.flux.${ATTACHMENT}.this["ecr"]`]: ATTACHED };

  it('shows a module of another version than was thought as something to destroy; nothing else is touched', () => {
    const plan = planned(v5, (stack) => {
      irsa(stack, 'module.flux.aws_iam_role.this[0]');
      attachment(1, stack, `module.flux.${ATTACHMENT}.this[0]`); // as version 6 has it
    });
    expect(plan).toEqual({ ...IRSA, [`${ATTACHMENT}.Before`]: 'create', [`module.flux.${ATTACHMENT}.this["ecr"]`]: 'delete' });
  });

  it('shows a module of another name as a role to destroy, and one to make', () => {
    const plan = planned(v5, (stack) => { irsa(stack, 'module.flux_irsa.aws_iam_role.this[0]'); });
    expect(plan).toEqual({
      'aws_iam_role.Images_2D38C313': 'create',
      'aws_iam_role_policy.Images_Policy_B348B051': 'create',
      'module.flux.aws_iam_role.this[0]': 'delete',
      [`module.flux.${ATTACHMENT}.this["ecr"]`]: 'delete',
    });
  });

  it('goes on from where it stopped: the role has moved, its policy was not made', () => {
    const half: Standing = { 'aws_iam_role.Images_2D38C313': ROLE, [`module.flux.${ATTACHMENT}.this["ecr"]`]: ATTACHED };
    const { program, first } = CASES['terraform-aws-modules/iam 5, iam-role-for-service-accounts-eks'];
    const state = new State(half);
    try {
      expect(state.plan(stackOf((stack) => program(stack, 1)))).toEqual(first);
      state.apply(stackOf((stack) => program(stack, 1)));
      expect(Object.entries(state.plan(stackOf((stack) => program(stack, 2)))).filter(([, does]) => does !== 'keep')).toEqual([[`${ATTACHMENT}.Before`, 'delete']]);
    } finally {
      state.remove();
    }
  });

  it('shows a role that stands at both addresses as one to destroy: Terraform moves nothing onto what is there', () => {
    const both: Standing = { ...v5, 'aws_iam_role.Images_2D38C313': { ...ROLE, name: 'flux-source' } };
    expect(planned(both, (stack) => { irsa(stack, 'module.flux.aws_iam_role.this[0]'); })).toMatchObject({
      'aws_iam_role.Images_2D38C313': 'update', 'module.flux.aws_iam_role.this[0]': 'delete',
    });
  });

  describe('a role that has an inline policy of the same name', () => {
    const standing: Standing = { 'aws_iam_role.flux_source': ROLE, 'aws_iam_role_policy.flux_source': { name: 'flux', role: 'flux-source', policy: '{}' } };

    it('would lose it: what is made and what is destroyed are one policy of AWS', () => {
      expect(planned(standing, (stack) => { irsa(stack, 'aws_iam_role.flux_source'); })).toEqual({ ...IRSA, 'aws_iam_role_policy.flux_source': 'delete' });
      const stack = stackOf((each) => { irsa(each, 'aws_iam_role.flux_source'); });
      expect(Object.values<any>(JSON.parse(Testing.synth(stack)).resource.aws_iam_role_policy)[0].name).toBe('flux');
    });

    it('keeps it when the policy moves too', () => {
      expect(planned(standing, (stack) => {
        FluxMove.fromAddress(irsa(stack, 'aws_iam_role.flux_source'), 'aws_iam_role_policy.flux_source');
      })).toEqual({ 'aws_iam_role.Images_2D38C313': 'update', 'aws_iam_role_policy.Images_Policy_B348B051': 'update' });
    });

    it('keeps one that no state knows by `import`, in the form that the provider documents', () => {
      const stack = stackOf((each) => {
        (irsa(each, 'aws_iam_role.flux_source').node.findChild('Policy') as IamRolePolicy).importFrom('flux-source:flux');
      });
      // https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role_policy#import
      expect(JSON.parse(Testing.synth(stack)).import).toEqual([{ to: 'aws_iam_role_policy.Images_Policy_B348B051', id: 'flux-source:flux' }]);
    });

    it('does not meet it where the role stays its owner\'s: the name comes from stack and path', () => {
      const names = ['prod', 'staging'].map((id) => {
        const stack = new TerraformStack(Testing.app(), id);
        new AwsProvider(stack, 'Aws', { region: 'eu-west-1' });
        const issuer = ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod', issuerUrl: EKS_ISSUER });
        const oidcProviders = [FluxOidcProvider.fromOidcProviderArn(stack, 'Oidc', { issuer, arn: OIDC })];
        const role = FluxIrsaRole.fromRoleArn(stack, 'Images', { roleArn: `arn:aws:iam::${ACCOUNT}:role/flux-source`, oidcProviders, serviceAccounts: [SOURCE] });
        role.grant('Apps', EcrPermissions.pull(APPS));
        return Object.values<any>(JSON.parse(Testing.synth(stack)).resource.aws_iam_role_policy)[0].name;
      });
      expect(names).toEqual([expect.stringMatching(/^flux-prod-Images-[0-9a-f]{8}$/), expect.stringMatching(/^flux-staging-Images-[0-9a-f]{8}$/)]);
    });
  });
});
