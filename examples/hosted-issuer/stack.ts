import { join } from 'path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  AcrPermissions, ArtifactRegistryPermissions, EcrPermissions, FluxAzureFederatedIdentity, FluxController, FluxGcpPrincipal, FluxGcpWorkloadPool,
  FluxInstallation, FluxIrsaRole, FluxKustomization, FluxManifests, FluxOidcProvider, FluxServiceAccount, FluxVersion, Jwks, S3HostedIssuer,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

const TENANT = '00000000-0000-0000-0000-00000000000a';
const SUBSCRIPTION = '00000000-0000-0000-0000-000000000001';
const REGISTRY = `/subscriptions/${SUBSCRIPTION}/resourceGroups/flux-prod/providers/Microsoft.ContainerRegistry/registries/acmeregistry`;

/** An on-premises cluster without a public issuer: its documents are published on S3, and Flux reaches all three clouds. */
export class HostedIssuer extends TerraformStack {
  /** @param jwks the cluster's public keys; while a key is rotated: `Jwks.fromFile('old.json').and(Jwks.fromFile('new.pub'))` */
  public constructor(scope: Construct, id: string, jwks = Jwks.fromFile(join(__dirname, 'jwks.json'))) {
    super(scope, id);
    new AwsProvider(this, 'Aws', { region: 'eu-west-1' });
    new GoogleProvider(this, 'Google', { project: 'acme-prod', region: 'europe-west1' });
    new AzurermProvider(this, 'Azure', { features: [{}], subscriptionId: SUBSCRIPTION, tenantId: TENANT });

    const cluster = new S3HostedIssuer(this, 'Issuer', {
      bucketName: 'acme-oidc-onprem',
      region: 'eu-west-1',
      jwks, // kubectl get --raw /openid/v1/jwks > jwks.json
      previousIssuers: ['https://kubernetes.default.svc.cluster.local'],
    });
    const sourceController = FluxServiceAccount.controller(FluxController.SOURCE);
    const teamA = FluxServiceAccount.of('team-a', 'flux');

    const aws = { oidcProviders: [new FluxOidcProvider(this, 'Oidc', { issuer: cluster })], region: 'eu-west-1' };
    const gcp = { pool: new FluxGcpWorkloadPool(this, 'Pool', { issuer: cluster, poolId: 'onprem', project: 'acme-prod', projectNumber: '123456789012' }) };
    const azure = { issuers: [cluster], resourceGroupName: 'flux-prod', location: 'westeurope' };

    const sourceAws = new FluxIrsaRole(this, 'SourceAws', { ...aws, serviceAccounts: [sourceController] });
    sourceAws.grant('Apps', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps/*'));
    const sourceGcp = new FluxGcpPrincipal(this, 'SourceGcp', { ...gcp, serviceAccounts: [sourceController] });
    sourceGcp.grant('Apps', ArtifactRegistryPermissions.pull('projects/acme-prod/locations/europe-west1/repositories/apps'));
    const sourceAzure = new FluxAzureFederatedIdentity(this, 'SourceAzure', { ...azure, name: 'flux-source', serviceAccounts: [sourceController] });
    sourceAzure.grant('Apps', AcrPermissions.pull(REGISTRY));

    const teamAws = new FluxIrsaRole(this, 'TeamAws', { ...aws, serviceAccounts: [teamA] });
    teamAws.grant('Images', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/team-a/*'));
    const teamGcp = new FluxGcpPrincipal(this, 'TeamGcp', { ...gcp, serviceAccounts: [teamA] });
    teamGcp.grant('Images', ArtifactRegistryPermissions.pull('projects/acme-prod/locations/europe-west1/repositories/team-a'));
    const teamAzure = new FluxAzureFederatedIdentity(this, 'TeamAzure', { ...azure, name: 'flux-team-a', serviceAccounts: [teamA] });
    teamAzure.grant('Images', AcrPermissions.pull(REGISTRY));

    const flux = new FluxInstallation(this, 'Flux', {
      issuer: cluster,
      version: FluxVersion.V2_10,
      identities: [sourceAws, sourceGcp, sourceAzure, teamAws, teamGcp, teamAzure],
    });
    new TerraformOutput(this, 'kustomization', { value: new FluxKustomization(this, 'Kustomization', { installation: flux }).yaml });
    new TerraformOutput(this, 'manifests', { value: new FluxManifests(this, 'Manifests', { installation: flux }).yaml });
    // Set them after `curl <issuer>/.well-known/openid-configuration` shows the document: docs/cluster-issuers.md.
    new TerraformOutput(this, 'api_server_flags', { value: cluster.apiServerFlags });
    new TerraformOutput(this, 'issuer_url', { value: cluster.issuerUrl });
  }
}
