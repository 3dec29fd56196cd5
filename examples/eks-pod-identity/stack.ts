import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  ClusterIssuer, EcrPermissions, EcrPublicPermissions, FluxController, FluxInstallation, FluxKustomization, FluxPodIdentityRole, FluxServiceAccount,
  FluxVersion, KmsPermissions, S3Permissions,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

/** The roles of the controllers of `eks-to-aws`, by EKS Pod Identity: no OIDC provider, no annotation. */
export class EksPodIdentity extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, 'Aws', { region: 'eu-west-1' });

    const cluster = ClusterIssuer.eks(this, 'Cluster', { clusterName: 'prod' });

    const images = new FluxPodIdentityRole(this, 'Images', {
      issuer: cluster,
      account: '111122223333',
      serviceAccounts: [
        FluxServiceAccount.controller(FluxController.SOURCE),
        FluxServiceAccount.controller(FluxController.IMAGE_REFLECTOR),
      ],
    });
    images.grant('Apps', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps/*'));
    images.grant('Public', EcrPublicPermissions.pull());
    images.grant('Manifests', S3Permissions.read('arn:aws:s3:::flux-manifests', { prefix: 'clusters/prod/' }));

    const sops = new FluxPodIdentityRole(this, 'Sops', {
      issuer: cluster,
      account: '111122223333',
      serviceAccounts: [FluxServiceAccount.controller(FluxController.KUSTOMIZE)],
    });
    sops.grant('Key', KmsPermissions.decrypt('arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'));

    const flux = new FluxInstallation(this, 'Flux', { issuer: cluster, version: FluxVersion.V2_10, identities: [images, sops] });
    new TerraformOutput(this, 'kustomization', { value: new FluxKustomization(this, 'Kustomization', { installation: flux }).yaml });
  }
}
