import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  ArtifactRegistryPermissions, CloudStoragePermissions, ClusterIssuer, FluxController, FluxGcpPrincipal, FluxGcpWorkloadPool, FluxInstallation,
  FluxKustomization, FluxManifests, FluxServiceAccount, FluxVersion,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

/** The same access as in `gke-to-gcp` from a cluster that is not GKE: source-controller, and one tenant at object level. */
export class EksToGcp extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new GoogleProvider(this, 'Google', { project: 'acme-prod', region: 'europe-west1' });

    const cluster = ClusterIssuer.eks(this, 'Cluster', {
      clusterName: 'prod',
      issuerUrl: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE',
    });
    const pool = new FluxGcpWorkloadPool(this, 'Pool', { issuer: cluster, poolId: 'prod-eks', project: 'acme-prod', projectNumber: '123456789012' });

    const images = new FluxGcpPrincipal(this, 'Images', {
      pool,
      serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE)],
    });
    images.grant('Apps', ArtifactRegistryPermissions.pull('projects/acme-prod/locations/europe-west1/repositories/apps'));
    images.grant('Manifests', CloudStoragePermissions.read('acme-flux-manifests'));

    const teamA = new FluxGcpPrincipal(this, 'TeamA', {
      pool,
      serviceAccounts: [FluxServiceAccount.of('team-a', 'flux')],
    });
    teamA.grant('Images', ArtifactRegistryPermissions.pull('projects/acme-prod/locations/europe-west1/repositories/team-a'));

    const flux = new FluxInstallation(this, 'Flux', { issuer: cluster, version: FluxVersion.V2_10, identities: [images, teamA] });
    new TerraformOutput(this, 'kustomization', { value: new FluxKustomization(this, 'Kustomization', { installation: flux }).yaml });
    new TerraformOutput(this, 'manifests', { value: new FluxManifests(this, 'Manifests', { installation: flux }).yaml });
  }
}
