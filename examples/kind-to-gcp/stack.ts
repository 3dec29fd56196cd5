import { join } from 'path';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  ArtifactRegistryPermissions, CloudStoragePermissions, ClusterIssuer, FluxController, FluxGcpPrincipal, FluxGcpWorkloadPool, FluxInstallation,
  FluxKustomization, FluxManifests, FluxServiceAccount, FluxVersion, Jwks,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

/** A cluster whose issuer nobody reaches from outside: its public keys are uploaded to Google. */
export class KindToGcp extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new GoogleProvider(this, 'Google', { project: 'acme-prod', region: 'europe-west1' });

    const cluster = ClusterIssuer.oidc(this, 'Cluster', { url: 'https://kubernetes.default.svc.cluster.local' });
    const pool = new FluxGcpWorkloadPool(this, 'Pool', {
      issuer: cluster,
      poolId: 'kind',
      project: 'acme-prod',
      projectNumber: '123456789012',
      jwks: Jwks.fromFile(join(__dirname, 'jwks.json')), // kubectl get --raw /openid/v1/jwks > jwks.json
    });

    const images = new FluxGcpPrincipal(this, 'Images', {
      pool,
      serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE)],
    });
    images.grant('Apps', ArtifactRegistryPermissions.pull('projects/acme-prod/locations/europe-west1/repositories/apps'));
    images.grant('Manifests', CloudStoragePermissions.read('acme-flux-manifests'));

    const flux = new FluxInstallation(this, 'Flux', { issuer: cluster, version: FluxVersion.V2_10, identities: [images] });
    new TerraformOutput(this, 'kustomization', { value: new FluxKustomization(this, 'Kustomization', { installation: flux }).yaml });
    new TerraformOutput(this, 'manifests', { value: new FluxManifests(this, 'Manifests', { installation: flux }).yaml });
  }
}
