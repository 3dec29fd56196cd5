import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  ClusterIssuer, EcrPermissions, FluxController, FluxEcrRepositoryPolicy, FluxInstallation, FluxIrsaRole, FluxKmsKeyPolicy, FluxKustomization,
  FluxOidcProvider, FluxS3BucketPolicy, FluxServiceAccount, FluxVersion, KmsPermissions, S3Permissions,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

/** A role of one account reads a repository, a bucket and a key of another: each permission is granted on both sides. */
export class AwsCrossAccount extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, 'Aws', { region: 'eu-west-1', allowedAccountIds: ['111122223333'] });
    const provider = new AwsProvider(this, 'Shared', { alias: 'shared', region: 'eu-west-1', allowedAccountIds: ['444455556666'] });

    const cluster = ClusterIssuer.eks(this, 'Cluster', { clusterName: 'prod' });
    const reader = new FluxIrsaRole(this, 'Reader', {
      account: '111122223333',
      oidcProviders: [new FluxOidcProvider(this, 'Oidc', { issuer: cluster })],
      serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE), FluxServiceAccount.controller(FluxController.KUSTOMIZE)],
    });

    const repositoryArn = 'arn:aws:ecr:eu-west-1:444455556666:repository/shared/apps';
    const pull = EcrPermissions.pull(repositoryArn);
    reader.grant('Apps', pull);
    new FluxEcrRepositoryPolicy(this, 'AppsPolicy', { repositoryArn, provider }).grant('Reader', reader, pull);

    const bucketArn = 'arn:aws:s3:::shared-manifests';
    const read = S3Permissions.read(bucketArn, { account: '444455556666' });
    reader.grant('Manifests', read);
    new FluxS3BucketPolicy(this, 'ManifestsPolicy', { bucketArn, provider }).grant('Reader', reader, read);

    const keyArn = 'arn:aws:kms:eu-west-1:444455556666:key/0987dcba-09fe-87dc-65ba-ab0987654321';
    const decrypt = KmsPermissions.decrypt(keyArn);
    reader.grant('Key', decrypt);
    new FluxKmsKeyPolicy(this, 'KeyPolicy', { keyArn, provider }).grant('Reader', reader, decrypt);

    const flux = new FluxInstallation(this, 'Flux', { issuer: cluster, version: FluxVersion.V2_10, identities: [reader] });
    new TerraformOutput(this, 'kustomization', { value: new FluxKustomization(this, 'Kustomization', { installation: flux }).yaml });
  }
}
