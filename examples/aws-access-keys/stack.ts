import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { ClusterIssuer, FluxIamUser, FluxInstallation, FluxManifests, FluxSecret, FluxVersion, KmsPermissions, S3Permissions } from '../../lib'; // in your project: from 'cdktf-flux-identity'

/** Access keys for a Bucket and for SOPS, where no role will do. The state and the output hold secrets. */
export class AwsAccessKeys extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, 'Aws', { region: 'eu-west-1' });

    const manifests = new FluxIamUser(this, 'Manifests', { name: 'flux-manifests', secrets: [FluxSecret.bucket('flux-system', 'aws-bucket')] });
    manifests.grant('Bucket', S3Permissions.read('arn:aws:s3:::flux-manifests', { prefix: 'clusters/prod/' }));

    const sops = new FluxIamUser(this, 'Sops', { name: 'flux-sops', secrets: [FluxSecret.sops('flux-system', 'aws-sops')] });
    sops.grant('Key', KmsPermissions.decrypt('arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'));

    const flux = new FluxInstallation(this, 'Flux', {
      issuer: ClusterIssuer.oidc(this, 'Cluster', { url: 'https://oidc.example.com' }),
      version: FluxVersion.V2_10,
      identities: [manifests, sops],
    });
    new TerraformOutput(this, 'manifests', { value: new FluxManifests(this, 'ClusterObjects', { installation: flux }).yaml, sensitive: true });
  }
}
