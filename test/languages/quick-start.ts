import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import {
  ClusterIssuer, EcrPermissions, FluxController, FluxInstallation, FluxIrsaRole, FluxKustomization, FluxOidcProvider, FluxServiceAccount, FluxVersion,
  S3Permissions,
} from '../../lib';

/** The quick start of the README, as quick_start.py has it in Python. */
const app = new App({ outdir: process.argv[2] });
const stack = new TerraformStack(app, 'flux');
new AwsProvider(stack, 'Aws', { region: 'eu-west-1' });
const cluster = ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod' });
const oidc = new FluxOidcProvider(stack, 'Oidc', { issuer: cluster });
const images = new FluxIrsaRole(stack, 'Images', {
  oidcProviders: [oidc],
  serviceAccounts: [
    FluxServiceAccount.controller(FluxController.SOURCE),
    FluxServiceAccount.controller(FluxController.IMAGE_REFLECTOR),
  ],
});
images.grant('Apps', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps/*'));
images.grant('Manifests', S3Permissions.read('arn:aws:s3:::flux-manifests'));
const installation = new FluxInstallation(stack, 'Flux', { issuer: cluster, version: FluxVersion.V2_10, identities: [images] });
const kustomization = new FluxKustomization(stack, 'Kustomization', { installation });
new TerraformOutput(stack, 'kustomization', { value: kustomization.yaml });
app.synth();
