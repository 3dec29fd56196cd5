import { AzureadProvider } from '@cdktf/provider-azuread/lib/provider';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformOutput, TerraformStack, TerraformVariable } from 'cdktf';
import { Construct } from 'constructs';
import {
  BlobStoragePermissions, ClusterIssuer, FluxAzureApplication, FluxController, FluxInstallation, FluxKustomization, FluxSecret, FluxServiceAccount,
  FluxVersion, KeyVaultPermissions,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

const RESOURCES = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/flux-prod/providers';

/**
 * Flux signs in with certificates, where federation is not possible: kustomize-controller, and the Buckets of a tenant. The
 * Secrets with the private keys are made elsewhere.
 */
export class AzureCertificate extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AzurermProvider(this, 'Azure', {
      features: [{}], subscriptionId: '00000000-0000-0000-0000-000000000001', tenantId: '00000000-0000-0000-0000-00000000000a',
    });
    new AzureadProvider(this, 'Entra', { tenantId: '00000000-0000-0000-0000-00000000000a' });
    const certificate = (name: string) => new TerraformVariable(this, name, { type: 'string', description: 'The public certificate, PEM' }).stringValue;

    const cluster = ClusterIssuer.oidc(this, 'Cluster', { url: 'https://kubernetes.default.svc.cluster.local' });

    const sops = new FluxAzureApplication(this, 'Sops', {
      displayName: 'flux-sops',
      certificate: certificate('sops_certificate'),
      serviceAccounts: [FluxServiceAccount.controller(FluxController.KUSTOMIZE)],
      endDate: '2027-12-31T00:00:00Z',
    });
    sops.grant('Vault', KeyVaultPermissions.decrypt(`${RESOURCES}/Microsoft.KeyVault/vaults/acme-flux`));

    const teamA = new FluxAzureApplication(this, 'TeamA', {
      displayName: 'flux-team-a',
      certificate: certificate('team_a_certificate'),
      secrets: [FluxSecret.bucket('team-a', 'flux-azure')],
      endDate: '2027-12-31T00:00:00Z',
    });
    teamA.grant('Manifests', BlobStoragePermissions.read(`${RESOURCES}/Microsoft.Storage/storageAccounts/acmeflux/blobServices/default/containers/manifests`));

    const flux = new FluxInstallation(this, 'Flux', { issuer: cluster, version: FluxVersion.V2_10, identities: [sops, teamA] });
    new TerraformOutput(this, 'kustomization', { value: new FluxKustomization(this, 'Kustomization', { installation: flux }).yaml });
    new TerraformOutput(this, 'team_a_client_id', { value: teamA.clientId });
  }
}
