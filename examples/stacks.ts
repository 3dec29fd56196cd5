import { join } from 'path';
import { App, TerraformStack } from 'cdktf';
import { FluxVersion } from '../lib';
import { AksExtension } from './aks-extension/stack';
import { AksToAzure } from './aks-to-azure/stack';
import { AksToRemoteAks } from './aks-to-remote-aks/stack';
import { AwsAccessKeys } from './aws-access-keys/stack';
import { AwsCrossAccount } from './aws-cross-account/stack';
import { AzureCertificate } from './azure-certificate/stack';
import { AzureDevOps } from './azure-devops/stack';
import { AzurePrivateCloud } from './azure-private-cloud/stack';
import { CrossCloud } from './cross-cloud/stack';
import { EksFluxOperator } from './eks-flux-operator/stack';
import { EksPodIdentity } from './eks-pod-identity/stack';
import { EksToAws } from './eks-to-aws/stack';
import { EksToGcp } from './eks-to-gcp/stack';
import { EksToRemoteEks } from './eks-to-remote-eks/stack';
import { readFleet } from './fleet/fleet-file';
import { addFleet } from './fleet/stack';
import { FluxBootstrapGit } from './flux-bootstrap-git/stack';
import { FluxOperator } from './flux-operator/stack';
import { FluxOperatorBootstrap } from './flux-operator-bootstrap/stack';
import { GcpKeys } from './gcp-keys/stack';
import { GitPlatform } from './git-platform/stack';
import { GkeToAzure } from './gke-to-azure/stack';
import { GkeToGcp } from './gke-to-gcp/stack';
import { GkeToRemoteGke } from './gke-to-remote-gke/stack';
import { HelmChart } from './helm-chart/stack';
import { HostedIssuer } from './hosted-issuer/stack';
import { KindToGcp } from './kind-to-gcp/stack';
import { addLandingZone } from './landing-zone/stack';
import { MultiTenant } from './multi-tenant/stack';
import { OtherToAws } from './other-to-aws/stack';

/** Every example, one stack a folder. */
export function addExamples(app: App): void {
  new EksToAws(app, 'flux-aws-eks');
  new OtherToAws(app, 'flux-aws-other');
  new EksPodIdentity(app, 'flux-aws-pod-identity');
  new EksToRemoteEks(app, 'flux-aws-remote-cluster');
  new AwsCrossAccount(app, 'flux-aws-cross-account');
  new AwsAccessKeys(app, 'flux-aws-access-keys');
  new AksToAzure(app, 'flux-azure-aks');
  new GkeToAzure(app, 'flux-azure-other');
  new AzureDevOps(app, 'flux-azure-devops');
  new AzureCertificate(app, 'flux-azure-certificate');
  new AksToRemoteAks(app, 'flux-azure-remote-cluster');
  new AzurePrivateCloud(app, 'flux-azure-private-cloud');
  new GkeToGcp(app, 'flux-gcp-gke');
  new EksToGcp(app, 'flux-gcp-other');
  new KindToGcp(app, 'flux-gcp-kind');
  new GkeToRemoteGke(app, 'flux-gcp-remote-cluster');
  new GcpKeys(app, 'flux-gcp-keys');
  new CrossCloud(app, 'flux-cross-cloud');
  new HostedIssuer(app, 'flux-hosted-issuer');
  new MultiTenant(app, 'flux-multi-tenant', FluxVersion.V2_9);
  new MultiTenant(app, 'flux-multi-tenant-2-10', FluxVersion.V2_10);
  new FluxOperator(app, 'flux-operator');
  new EksFluxOperator(app, 'flux-operator-eks');
  new FluxOperatorBootstrap(app, 'flux-operator-bootstrap');
  new FluxBootstrapGit(app, 'flux-bootstrap-git');
  new GitPlatform(app, 'flux-git-platform');
  new HelmChart(app, 'flux-helm-chart');
  new AksExtension(app, 'flux-aks-extension');

  addLandingZone(app);

  // One cluster of each cloud; examples/fleet/main.ts makes all of them.
  const fleet = readFleet(join(__dirname, 'fleet/fleet.yaml'));
  addFleet(app, (['aws', 'azure', 'gcp'] as const).map((cloud) => fleet.find((cluster) => cluster.cloud === cloud)!));

  // Preconditions, and nothing newer.
  app.node.children.forEach((stack) => (stack as TerraformStack).addOverride('terraform.required_version', '>= 1.5'));
}
