import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  CloudKmsPermissions, CloudStoragePermissions, ClusterIssuer, FluxController, FluxGcpServiceAccountKey, FluxInstallation, FluxKustomization,
  FluxManifests, FluxSecret, FluxServiceAccount, FluxVersion, PubSubPermissions,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

/** Stored keys, for a cluster whose tokens Google cannot trust: one in a controller, one in a tenant's Secrets. */
export class GcpKeys extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new GoogleProvider(this, 'Google', { project: 'acme-prod', region: 'europe-west1' });

    const cluster = ClusterIssuer.oidc(this, 'Cluster', { url: 'https://kubernetes.default.svc.cluster.local' });

    const sops = new FluxGcpServiceAccountKey(this, 'Sops', {
      accountId: 'flux-sops-key',
      project: 'acme-prod',
      serviceAccounts: [FluxServiceAccount.controller(FluxController.KUSTOMIZE)],
      keepers: { month: '2026-11' },
    });
    sops.grant('Key', CloudKmsPermissions.decrypt('projects/acme-prod/locations/europe-west1/keyRings/flux/cryptoKeys/sops'));

    const teamA = FluxGcpServiceAccountKey.fromEmail(this, 'TeamA', {
      email: 'team-a@acme-prod.iam.gserviceaccount.com',
      secrets: [FluxSecret.bucket('team-a', 'gcp-bucket'), FluxSecret.provider('team-a', 'gcp-events')],
    });
    teamA.grant('Manifests', CloudStoragePermissions.read('acme-flux-manifests'));
    teamA.grant('Topic', PubSubPermissions.publish('projects/acme-prod/topics/flux-events'));

    const flux = new FluxInstallation(this, 'Flux', { issuer: cluster, version: FluxVersion.V2_10, identities: [sops, teamA] });
    new TerraformOutput(this, 'kustomization', { value: new FluxKustomization(this, 'Kustomization', { installation: flux }).yaml });
    // The keys are in it.
    new TerraformOutput(this, 'manifests', { value: new FluxManifests(this, 'Manifests', { installation: flux }).yaml, sensitive: true });
  }
}
