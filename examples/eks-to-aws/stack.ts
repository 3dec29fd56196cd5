import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  ClusterIssuer, CodeCommitPermissions, EcrPermissions, EcrPublicPermissions, FluxController, FluxInstallation, FluxIrsaRole, FluxKustomization,
  FluxManifests, FluxOidcProvider, FluxServiceAccount, FluxVersion, KmsPermissions, S3Permissions,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

/** Flux on EKS reaches ECR, public ECR, S3, KMS and CodeCommit; one tenant has a role of its own. */
export class EksToAws extends TerraformStack {
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
    images.grant('Public', EcrPublicPermissions.pull());
    images.grant('Manifests', S3Permissions.read('arn:aws:s3:::flux-manifests', { prefix: 'clusters/prod/' }));

    const sops = new FluxIrsaRole(this, 'Sops', {
      oidcProviders: [oidc],
      serviceAccounts: [FluxServiceAccount.controller(FluxController.KUSTOMIZE)],
    });
    sops.grant('Key', KmsPermissions.decrypt('arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'));

    const automation = new FluxIrsaRole(this, 'Automation', {
      oidcProviders: [oidc],
      serviceAccounts: [FluxServiceAccount.controller(FluxController.IMAGE_AUTOMATION)],
    });
    automation.grant('Fleet', CodeCommitPermissions.pullAndPush('arn:aws:codecommit:eu-west-1:111122223333:fleet'));

    const teamA = new FluxIrsaRole(this, 'TeamA', {
      oidcProviders: [oidc],
      serviceAccounts: [FluxServiceAccount.of('team-a', 'flux')],
    });
    teamA.grant('Images', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/team-a/*'));

    const flux = new FluxInstallation(this, 'Flux', { issuer: cluster, version: FluxVersion.V2_10, identities: [images, sops, automation, teamA] });
    new TerraformOutput(this, 'kustomization', { value: new FluxKustomization(this, 'Kustomization', { installation: flux }).yaml });
    new TerraformOutput(this, 'manifests', { value: new FluxManifests(this, 'Manifests', { installation: flux }).yaml });
  }
}
