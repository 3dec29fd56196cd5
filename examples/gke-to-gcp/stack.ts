import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  ArtifactRegistryPermissions, CloudKmsPermissions, CloudStoragePermissions, ClusterIssuer, FluxController, FluxGcpPrincipal, FluxGcpServiceAccount,
  FluxGcpWorkloadPool, FluxInstallation, FluxKustomization, FluxManifests, FluxServiceAccount, FluxVersion, PubSubPermissions,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

/** Flux on GKE reaches Artifact Registry, Cloud Storage, Cloud KMS and Pub/Sub; one tenant has a repository of its own. */
export class GkeToGcp extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new GoogleProvider(this, 'Google', { project: 'acme-prod', region: 'europe-west1' });

    const cluster = ClusterIssuer.gke(this, 'Cluster', { projectId: 'acme-prod', location: 'europe-west1', clusterName: 'prod' });
    const pool = FluxGcpWorkloadPool.gke(this, 'Pool', { projectId: 'acme-prod', issuer: cluster });

    const images = new FluxGcpPrincipal(this, 'Images', {
      pool,
      serviceAccounts: [
        FluxServiceAccount.controller(FluxController.SOURCE),
        FluxServiceAccount.controller(FluxController.IMAGE_REFLECTOR),
      ],
    });
    images.grant('Apps', ArtifactRegistryPermissions.pull('projects/acme-prod/locations/europe-west1/repositories/apps'));
    images.grant('Manifests', CloudStoragePermissions.read('acme-flux-manifests'));

    const sops = new FluxGcpServiceAccount(this, 'Sops', {
      pool,
      serviceAccounts: [FluxServiceAccount.controller(FluxController.KUSTOMIZE)],
      accountId: 'flux-sops',
      project: 'acme-prod',
    });
    sops.grant('Key', CloudKmsPermissions.decrypt('projects/acme-prod/locations/europe-west1/keyRings/flux/cryptoKeys/sops'));

    const events = new FluxGcpPrincipal(this, 'Events', {
      pool,
      serviceAccounts: [FluxServiceAccount.controller(FluxController.NOTIFICATION)],
    });
    events.grant('Topic', PubSubPermissions.publish('projects/acme-prod/topics/flux-events'));

    const teamA = new FluxGcpPrincipal(this, 'TeamA', {
      pool,
      serviceAccounts: [FluxServiceAccount.of('team-a', 'flux')],
    });
    teamA.grant('Images', ArtifactRegistryPermissions.pull('projects/acme-prod/locations/europe-west1/repositories/team-a'));

    const flux = new FluxInstallation(this, 'Flux', { issuer: cluster, version: FluxVersion.V2_10, identities: [images, sops, events, teamA] });
    new TerraformOutput(this, 'kustomization', { value: new FluxKustomization(this, 'Kustomization', { installation: flux }).yaml });
    new TerraformOutput(this, 'manifests', { value: new FluxManifests(this, 'Manifests', { installation: flux }).yaml });
  }
}
