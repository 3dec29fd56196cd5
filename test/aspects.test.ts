import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { AzureadProvider } from '@cdktf/provider-azuread/lib/provider';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { Aspects, TerraformOutput, TerraformElement, TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
import {
  ClusterIssuer, EcrPermissions, FluxAzureApplication, FluxAzureFederatedIdentity, FluxController, FluxGcpServiceAccount, FluxGcpServiceAccountKey,
  FluxGcpWorkloadPool, FluxIamUser, FluxInstallation, FluxIrsaRole, FluxKustomization, FluxOidcProvider, FluxPodIdentityRole,
  FluxServiceAccount, FluxVersion,
} from '../lib';
import { RSA_CERTIFICATE } from './azure/certificates';

const SOURCE = [FluxServiceAccount.controller(FluxController.SOURCE)];
const eks = (scope: TerraformStack) => ClusterIssuer.eks(scope, 'Cluster', { clusterName: 'prod', issuerUrl: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE', clusterArn: 'arn:aws:eks:eu-west-1:111122223333:cluster/prod' });
const anchor = (scope: TerraformStack) => new FluxOidcProvider(scope, 'Oidc', { issuer: eks(scope) });
const pool = (scope: TerraformStack) => new FluxGcpWorkloadPool(scope, 'Pool', { issuer: eks(scope), poolId: 'prod', projectNumber: '123456789012' });

/** As docs/aspects.md shows it. */
class OwnAddresses extends TerraformStack {
  protected override allocateLogicalId(element: TerraformElement): string {
    return element.node.path === 'test/Id/Resource' ? 'mine' : super.allocateLogicalId(element);
  }
}

function withProviders(Stack = TerraformStack): TerraformStack {
  const scope = new Stack(Testing.app(), 'test');
  new AwsProvider(scope, 'Aws', { region: 'eu-west-1' });
  new GoogleProvider(scope, 'Google', { project: 'acme-prod' });
  new AzurermProvider(scope, 'Azurerm', { features: [{}] });
  new AzureadProvider(scope, 'Azuread');
  return scope;
}

/** What docs/aspects.md promises. */
function program(): { scope: TerraformStack; images: FluxIrsaRole; json: () => any } {
  const scope = new TerraformStack(Testing.app(), 'test');
  new AwsProvider(scope, 'Aws', { region: 'eu-west-1' });
  const issuer = ClusterIssuer.eks(scope, 'Cluster', { clusterName: 'prod' });
  const oidc = new FluxOidcProvider(scope, 'Oidc', { issuer });
  const images = new FluxIrsaRole(scope, 'Images', { oidcProviders: [oidc], serviceAccounts: SOURCE, tags: { team: 'a' } });
  images.grant('Apps', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps/*'));
  const installation = new FluxInstallation(scope, 'Flux', { issuer, version: FluxVersion.V2_10, identities: [images] });
  new TerraformOutput(scope, 'kustomization', { value: new FluxKustomization(scope, 'Kustomization', { installation }).yaml });
  return { scope, images, json: () => JSON.parse(Testing.synth(scope, true)) };
}

const roleOf = (json: any): any => Object.values(json.resource.aws_iam_role)[0];
const resourceOf = (images: FluxIrsaRole) => images.node.findChild('Resource') as IamRole;

test('an Aspect sets a boundary and adds tags, and nothing else changes', () => {
  const plain = program().json();
  const { scope, json } = program();
  Aspects.of(scope).add({
    visit: (node) => {
      if (!(node instanceof IamRole)) return;
      node.permissionsBoundary = 'arn:aws:iam::111122223333:policy/boundary';
      node.tags = { ...node.tagsInput, owner: 'platform' };
    },
  });
  const changed = json();
  expect(roleOf(changed)).toEqual({ ...roleOf(plain), permissions_boundary: 'arn:aws:iam::111122223333:policy/boundary', tags: { team: 'a', owner: 'platform' } });
  roleOf(changed).permissions_boundary = roleOf(plain).permissions_boundary;
  roleOf(changed).tags = roleOf(plain).tags;
  expect(JSON.parse(JSON.stringify(changed))).toEqual(plain);
});

test('an override reaches the resource, and one of the lifecycle keeps the preconditions', () => {
  const { images, json } = program();
  images.grant('Wide', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/more/*'));
  const before = roleOf(json()).lifecycle;
  resourceOf(images).addOverride('max_session_duration', 7200);
  resourceOf(images).addOverride('lifecycle.prevent_destroy', true);
  expect(roleOf(json())).toMatchObject({ max_session_duration: 7200, lifecycle: { ...before, prevent_destroy: true } });
});

test.each<[string, string, (scope: TerraformStack) => Construct]>([
  ['FluxIrsaRole', 'aws_iam_role', (scope) => new FluxIrsaRole(scope, 'Id', { oidcProviders: [anchor(scope)], serviceAccounts: SOURCE })],
  ['FluxPodIdentityRole', 'aws_iam_role', (scope) => new FluxPodIdentityRole(scope, 'Id', { issuer: eks(scope), serviceAccounts: SOURCE })],
  ['FluxIamUser', 'aws_iam_user', (scope) => new FluxIamUser(scope, 'Id', { name: 'flux', serviceAccounts: SOURCE })],
  ['FluxOidcProvider', 'aws_iam_openid_connect_provider', (scope) => new FluxOidcProvider(scope, 'Id', { issuer: eks(scope) })],
  ['FluxGcpServiceAccount', 'google_service_account', (scope) => new FluxGcpServiceAccount(scope, 'Id', { pool: pool(scope), accountId: 'flux-source', serviceAccounts: SOURCE })],
  ['FluxGcpServiceAccountKey', 'google_service_account', (scope) => new FluxGcpServiceAccountKey(scope, 'Id', { accountId: 'flux-source', serviceAccounts: SOURCE })],
  ['FluxGcpWorkloadPool', 'google_iam_workload_identity_pool', (scope) => new FluxGcpWorkloadPool(scope, 'Id', { issuer: eks(scope), poolId: 'prod', projectNumber: '123456789012', namespaces: ['flux-system'] })],
  ['FluxAzureFederatedIdentity', 'azurerm_user_assigned_identity', (scope) => new FluxAzureFederatedIdentity(scope, 'Id', {
    issuers: [eks(scope)], serviceAccounts: SOURCE, name: 'flux', resourceGroupName: 'flux', location: 'westeurope',
  })],
  ['FluxAzureApplication', 'azuread_application', (scope) => new FluxAzureApplication(scope, 'Id', { displayName: 'flux', certificate: RSA_CERTIFICATE, serviceAccounts: SOURCE })],
])('%s: %s has the address that its stack allocates, and whatever refers to it follows', (_, type, make) => {
  const scope = withProviders(OwnAddresses);
  make(scope);
  const text = Testing.synth(scope);
  expect(Object.keys(JSON.parse(text).resource[type])).toEqual(['mine']);
  expect(text).not.toContain(`${type}.Id_`);
});

test('an address that is overridden afterwards counts where nobody has asked for it, and CDKTF ignores it otherwise', () => {
  const names = [true, false].map((isAsked) => {
    const scope = withProviders();
    const role = new FluxPodIdentityRole(scope, 'Id', { issuer: eks(scope), serviceAccounts: SOURCE });
    const resource = role.node.findChild('Resource') as IamRole;
    if (isAsked) Testing.synth(scope);
    resource.overrideLogicalId('mine');
    return Object.keys(JSON.parse(Testing.synth(scope)).resource.aws_iam_role);
  });
  expect(names).toEqual([[expect.stringMatching(/^Id_/)], ['mine']]);
});
