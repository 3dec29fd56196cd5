import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  ClusterIssuer, EcrPermissions, EcrPublicPermissions, FluxController, FluxInstallation, FluxIrsaRole, FluxKustomization, FluxOidcProvider,
  FluxServiceAccount, FluxVersion, S3Permissions,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

/** The same access as in `eks-to-aws`, for the source-controller of a cluster that is not EKS. */
export class OtherToAws extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, 'Aws', { region: 'eu-west-1' });

    const cluster = ClusterIssuer.oidc(this, 'Cluster', { url: 'https://oidc.example.com/clusters/kind' });
    const oidc = new FluxOidcProvider(this, 'Oidc', { issuer: cluster });

    const images = new FluxIrsaRole(this, 'Images', {
      oidcProviders: [oidc],
      serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE)],
      region: 'eu-west-1',
    });
    images.grant('Apps', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps/*'));
    images.grant('Public', EcrPublicPermissions.pull());
    images.grant('Manifests', S3Permissions.read('arn:aws:s3:::flux-manifests', { prefix: 'clusters/prod/' }));

    const flux = new FluxInstallation(this, 'Flux', { issuer: cluster, version: FluxVersion.V2_10, identities: [images] });
    new TerraformOutput(this, 'kustomization', { value: new FluxKustomization(this, 'Kustomization', { installation: flux }).yaml });
  }
}
