import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { AZURE_RESOURCES, KUBELET, NODE_EMAIL, NODE_ROLE } from './clusters';
import {
  AcrPermissions, ArtifactRegistryPermissions, ClusterIssuer, EcrPermissions, FluxAzureFederatedIdentity, FluxAzureKubeletIdentity, FluxController,
  FluxGcpNodeServiceAccount, FluxInstallation, FluxIrsaRole, FluxKustomization, FluxManifests, FluxNodeRole, FluxOidcProvider, FluxServiceAccount,
  FluxVersion, IClusterIssuer, IFluxIdentity, KeyVaultPermissions, KmsPermissions,
} from '../../../lib';

const PULLING = [FluxServiceAccount.controller(FluxController.SOURCE), FluxServiceAccount.controller(FluxController.IMAGE_REFLECTOR)];
const SOPS = [FluxServiceAccount.controller(FluxController.KUSTOMIZE)];
const TENANT = [FluxServiceAccount.of('team-a', 'flux')];
const REGISTRY = `${AZURE_RESOURCES}/Microsoft.ContainerRegistry/registries/acmeregistry`;

/** Worlds in which the nodes act: alone, and beside identities of accounts. */
export function addNodeStacks(app: App): void {
  eks(app, 'nodes-eks', FluxVersion.V2_10, false);
  eks(app, 'nodes-eks-mixed', FluxVersion.V2_9, true);
  gke(app, 'nodes-gke');
  aks(app, 'nodes-aks', false);
  aks(app, 'nodes-aks-mixed', true);
}

function eks(app: App, id: string, version: FluxVersion, mixed: boolean): void {
  const stack = new TerraformStack(app, id);
  new AwsProvider(stack, 'Aws', { region: 'eu-west-1' });
  const issuer = ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod' });
  const nodes = FluxNodeRole.fromRoleArn(stack, 'Nodes', { roleArn: NODE_ROLE });
  nodes.grant('Apps', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps/*'));
  const others: IFluxIdentity[] = [];
  if (mixed) {
    const oidcProviders = [new FluxOidcProvider(stack, 'Oidc', { issuer })];
    const sops = new FluxIrsaRole(stack, 'Sops', { oidcProviders, serviceAccounts: SOPS });
    sops.grant('Key', KmsPermissions.decrypt('arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'));
    const team = new FluxIrsaRole(stack, 'TeamA', { oidcProviders, serviceAccounts: TENANT });
    team.grant('Images', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/team-a/*'));
    others.push(sops, team);
  }
  deliver(stack, issuer, version, [nodes, ...others]);
}

function gke(app: App, id: string): void {
  const stack = new TerraformStack(app, id);
  new GoogleProvider(stack, 'Google', { project: 'acme-prod', region: 'europe-west1' });
  const issuer = ClusterIssuer.gke(stack, 'Cluster', { projectId: 'acme-prod', location: 'europe-west1', clusterName: 'prod' });
  const nodes = FluxGcpNodeServiceAccount.fromEmail(stack, 'Nodes', { email: NODE_EMAIL });
  nodes.grant('Apps', ArtifactRegistryPermissions.pull('projects/acme-prod/locations/europe-west1/repositories/apps'));
  deliver(stack, issuer, FluxVersion.V2_10, [nodes]);
}

function aks(app: App, id: string, mixed: boolean): void {
  const stack = new TerraformStack(app, id);
  new AzurermProvider(stack, 'Azure', { features: [{}], subscriptionId: '00000000-0000-0000-0000-000000000001' });
  const issuer = ClusterIssuer.aks(stack, 'Cluster', { name: 'prod', resourceGroupName: 'flux-prod' });
  const common = { issuer, serviceAccounts: PULLING };
  const nodes = mixed ? FluxAzureKubeletIdentity.fromIds(stack, 'Nodes', { ...common, principalId: KUBELET.object_id, clientId: KUBELET.client_id })
    : FluxAzureKubeletIdentity.lookup(stack, 'Nodes', { ...common, clusterName: 'prod', resourceGroupName: 'flux-prod' });
  nodes.grant('Registry', AcrPermissions.pull(REGISTRY));
  const others: IFluxIdentity[] = [];
  if (mixed) {
    const federated = { issuers: [issuer], resourceGroupName: 'flux-prod', location: 'westeurope' };
    const sops = new FluxAzureFederatedIdentity(stack, 'Sops', { ...federated, name: 'flux-sops', serviceAccounts: SOPS });
    sops.grant('Vault', KeyVaultPermissions.decrypt(`${AZURE_RESOURCES}/Microsoft.KeyVault/vaults/acme-flux`));
    const team = new FluxAzureFederatedIdentity(stack, 'TeamA', { ...federated, name: 'flux-team-a', serviceAccounts: TENANT });
    team.grant('Registry', AcrPermissions.pull(REGISTRY));
    others.push(sops, team);
  }
  deliver(stack, issuer, FluxVersion.V2_10, [nodes, ...others]);
}

function deliver(stack: TerraformStack, issuer: IClusterIssuer, version: FluxVersion, identities: IFluxIdentity[]): void {
  const installation = new FluxInstallation(stack, 'Flux', { issuer, version, identities });
  new TerraformOutput(stack, 'kustomization', { value: new FluxKustomization(stack, 'Kustomization', { installation }).yaml });
  new TerraformOutput(stack, 'manifests', { value: new FluxManifests(stack, 'Manifests', { installation }).yaml });
}
