import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  ClusterIssuer, EcrPermissions, FluxController, FluxHelmValues, FluxInstallation, FluxIrsaRole, FluxLockdown, FluxManifests, FluxOidcProvider,
  FluxServiceAccount, FluxVersion, KmsPermissions,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

/** Flux on EKS, installed by the community's Helm chart: `values` are the chart's, `manifests` go beside it; one tenant has a role of its own. */
export class HelmChart extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, 'Aws', { region: 'eu-west-1' });

    const cluster = ClusterIssuer.eks(this, 'Cluster', { clusterName: 'prod' });
    const oidc = new FluxOidcProvider(this, 'Oidc', { issuer: cluster });

    const images = new FluxIrsaRole(this, 'Images', {
      oidcProviders: [oidc],
      serviceAccounts: [
        FluxServiceAccount.controller(FluxController.SOURCE),
        FluxServiceAccount.controller(FluxController.IMAGE_REFLECTOR),
      ],
    });
    images.grant('Apps', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps/*'));

    const sops = new FluxIrsaRole(this, 'Sops', {
      oidcProviders: [oidc],
      serviceAccounts: [FluxServiceAccount.controller(FluxController.KUSTOMIZE)],
    });
    sops.grant('Key', KmsPermissions.decrypt('arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'));

    const teamA = new FluxIrsaRole(this, 'TeamA', {
      oidcProviders: [oidc],
      serviceAccounts: [FluxServiceAccount.of('team-a', 'flux')],
    });
    teamA.grant('Images', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/team-a/*'));

    const flux = new FluxInstallation(this, 'Flux', { issuer: cluster, version: FluxVersion.V2_8, identities: [images, sops, teamA], lockdown: FluxLockdown.kubernetes() });
    new TerraformOutput(this, 'values', { value: new FluxHelmValues(this, 'Values', { installation: flux }).yaml });
    new TerraformOutput(this, 'manifests', { value: new FluxManifests(this, 'Manifests', { installation: flux }).yaml });
  }
}
