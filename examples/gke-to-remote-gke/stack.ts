import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  ClusterIssuer, FluxController, FluxGcpPrincipal, FluxGcpServiceAccount, FluxGcpWorkloadPool, FluxInstallation, FluxKustomization, FluxManifests,
  FluxRemoteCluster, FluxServiceAccount, FluxVersion, GkeClusterRole, GkePermissions,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

const STAGING = 'projects/acme-prod/locations/europe-west1/clusters/staging';

/** Flux on GKE applies to another GKE cluster: the controllers with an IAM role, one tenant with Kubernetes RBAC there. */
export class GkeToRemoteGke extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new GoogleProvider(this, 'Google', { project: 'acme-prod', region: 'europe-west1' });

    const cluster = ClusterIssuer.gke(this, 'Cluster', { projectId: 'acme-prod', location: 'europe-west1', clusterName: 'prod' });
    const pool = FluxGcpWorkloadPool.gke(this, 'Pool', { projectId: 'acme-prod', issuer: cluster });

    const deployer = new FluxGcpServiceAccount(this, 'Deployer', {
      pool,
      serviceAccounts: [FluxServiceAccount.controller(FluxController.KUSTOMIZE), FluxServiceAccount.controller(FluxController.HELM)],
      accountId: 'flux-deployer',
      project: 'acme-prod',
    });
    deployer.grant('Staging', GkePermissions.access(STAGING, { clusterRole: GkeClusterRole.DEVELOPER }));

    // Bound by RBAC in the remote cluster: subjects of kind User, named teamA.kubernetesUserNames.
    const account = FluxServiceAccount.of('team-a', 'deployer');
    const teamA = new FluxGcpPrincipal(this, 'TeamA', { pool, serviceAccounts: [account] });
    teamA.grant('Staging', GkePermissions.access(STAGING));

    const flux = new FluxInstallation(this, 'Flux', { issuer: cluster, version: FluxVersion.V2_10, identities: [deployer, teamA] });
    FluxRemoteCluster.gke(this, 'Staging', { installation: flux, namespace: 'flux-system', name: 'staging', clusterId: STAGING });
    FluxRemoteCluster.gke(this, 'TeamAStaging', { installation: flux, namespace: 'team-a', name: 'staging', clusterId: STAGING, serviceAccount: account });
    new TerraformOutput(this, 'kustomization', { value: new FluxKustomization(this, 'Kustomization', { installation: flux }).yaml });
    new TerraformOutput(this, 'manifests', { value: new FluxManifests(this, 'Manifests', { installation: flux }).yaml });
  }
}
