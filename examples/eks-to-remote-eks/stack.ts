import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  ClusterIssuer, EksAccessPolicy, EksPermissions, FluxController, FluxInstallation, FluxIrsaRole, FluxKustomization, FluxManifests,
  FluxOidcProvider, FluxRemoteCluster, FluxServiceAccount, FluxVersion,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

/** Flux on EKS applies to two other EKS clusters, one of them in another account. */
export class EksToRemoteEks extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, 'Aws', { region: 'eu-west-1', allowedAccountIds: ['111122223333'] });
    const edgeAccount = new AwsProvider(this, 'Edge', { alias: 'edge', region: 'eu-central-1', allowedAccountIds: ['444455556666'] });

    const cluster = ClusterIssuer.eks(this, 'Cluster', { clusterName: 'prod' });

    const stagingArn = 'arn:aws:eks:eu-west-1:111122223333:cluster/staging';
    const staging = new FluxIrsaRole(this, 'Staging', {
      account: '111122223333',
      oidcProviders: [new FluxOidcProvider(this, 'Oidc', { issuer: cluster })],
      serviceAccounts: [FluxServiceAccount.controller(FluxController.KUSTOMIZE), FluxServiceAccount.controller(FluxController.HELM)],
    });
    staging.grant('Cluster', EksPermissions.access(stagingArn, { accessPolicies: [EksAccessPolicy.CLUSTER_ADMIN.onCluster()] }));

    // Flux assumes one role, and clusters have no policies of their own: the role must live beside its cluster, and that
    // account must trust the issuer too.
    const edgeArn = 'arn:aws:eks:eu-central-1:444455556666:cluster/edge';
    const edgeFlux = FluxServiceAccount.of('edge', 'flux-edge');
    const edge = new FluxIrsaRole(this, 'EdgeRole', {
      account: '444455556666',
      oidcProviders: [new FluxOidcProvider(this, 'EdgeOidc', { issuer: cluster, provider: edgeAccount })],
      serviceAccounts: [edgeFlux],
      provider: edgeAccount,
    });
    edge.grant('Cluster', EksPermissions.access(edgeArn, {
      accessPolicies: [EksAccessPolicy.EDIT.onNamespaces('apps', 'jobs')],
      provider: edgeAccount,
    }));

    const flux = new FluxInstallation(this, 'Flux', { issuer: cluster, version: FluxVersion.V2_10, identities: [staging, edge] });
    FluxRemoteCluster.eks(this, 'StagingConfig', { installation: flux, namespace: 'flux-system', name: 'staging', clusterArn: stagingArn });
    FluxRemoteCluster.eks(this, 'EdgeConfig', { installation: flux, namespace: 'edge', name: 'edge', clusterArn: edgeArn, serviceAccount: edgeFlux });
    new TerraformOutput(this, 'kustomization', { value: new FluxKustomization(this, 'Kustomization', { installation: flux }).yaml });
    new TerraformOutput(this, 'manifests', { value: new FluxManifests(this, 'Manifests', { installation: flux }).yaml });
  }
}
