import { join } from 'path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { AssetType, Fn, TerraformAsset, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  ClusterIssuer, EcrPermissions, FluxController, FluxFields, FluxHelmValues, FluxInstallation, FluxIrsaRole, FluxKind, FluxLockdown, FluxManifests,
  FluxOidcProvider, FluxServiceAccount, FluxTenant, FluxVersion, KmsPermissions,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'
import { HelmRelease, PlainProvider } from '../plain-providers';

/** Flux on EKS by the community's Helm chart, in three releases: accounts, Flux, and what a tenant with a role of its own deploys. */
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

    const flux = new FluxInstallation(this, 'Flux', {
      issuer: cluster, version: FluxVersion.V2_8, identities: [images, sops], lockdown: FluxLockdown.kubernetes({ defaultServiceAccount: 'flux' }),
    });
    const tenant = new FluxTenant(this, 'Tenant', { installation: flux, namespace: 'team-a', clusterRole: 'admin' });
    const teamA = new FluxIrsaRole(this, 'TeamA', { oidcProviders: [oidc], serviceAccounts: [tenant.serviceAccount] });
    const own = teamA.grant('Images', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/team-a/*'));
    tenant.addIdentity(teamA);

    new PlainProvider(this, 'Helm', 'hashicorp/helm', '~> 3.0', {}); // the cluster by KUBE_CONFIG_PATH
    const objects = new TerraformAsset(this, 'Objects', { path: join(__dirname, '../eks-flux-operator/objects'), type: AssetType.DIRECTORY });
    const chart = `./${objects.path}`;
    // Pods wait for the ConfigMaps and Secrets that they mount, and a release for its pods: the accounts come first.
    const accounts = new HelmRelease(this, 'Accounts', {
      name: 'flux-accounts', chart, values: [Fn.jsonencode({ objects: new FluxManifests(this, 'Manifests', { installation: flux }).yaml })],
    });
    const release = new HelmRelease(this, 'Release', {
      name: 'flux',
      chart: 'flux2',
      version: '2.19.0',
      repository: 'https://fluxcd-community.github.io/helm-charts',
      dependsOn: [accounts],
      values: [new FluxHelmValues(this, 'Values', { installation: flux }).yaml],
    });

    const source = FluxFields.of(FluxKind.OCI_REPOSITORY, { installation: flux, identity: teamA });
    const apps = {
      ...source.object,
      metadata: { name: 'apps', namespace: 'team-a' },
      spec: { ...source.spec, url: 'oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/team-a/apps', ref: { tag: 'latest' }, interval: '5m' },
    };
    const deployed = new HelmRelease(this, 'Apps', {
      name: 'team-a-apps', chart, dependsOn: [release], values: [JSON.stringify({ objects: JSON.stringify(apps, undefined, 2) })],
    });
    own.applyBefore(deployed);
  }
}
