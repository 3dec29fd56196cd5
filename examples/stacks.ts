import { App } from 'cdktf';
import { AksToAzure } from './aks-to-azure/stack';
import { AksToRemoteAks } from './aks-to-remote-aks/stack';
import { AzureCertificate } from './azure-certificate/stack';
import { AzureDevOps } from './azure-devops/stack';
import { AzurePrivateCloud } from './azure-private-cloud/stack';
import { EksToAws } from './eks-to-aws/stack';
import { GkeToAzure } from './gke-to-azure/stack';
import { OtherToAws } from './other-to-aws/stack';

/** Every example, one stack a folder. */
export function addExamples(app: App): void {
  new EksToAws(app, 'flux-aws-eks');
  new OtherToAws(app, 'flux-aws-other');
  new AksToAzure(app, 'flux-azure-aks');
  new GkeToAzure(app, 'flux-azure-other');
  new AzureDevOps(app, 'flux-azure-devops');
  new AzureCertificate(app, 'flux-azure-certificate');
  new AksToRemoteAks(app, 'flux-azure-remote-cluster');
  new AzurePrivateCloud(app, 'flux-azure-private-cloud');
}
