import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  ClusterIssuer, EcrPermissions, FluxController, FluxFields, FluxInstallation, FluxIrsaRole, FluxKind, FluxKustomization, FluxManifests,
  FluxOidcProvider, FluxServiceAccount, FluxTenant, FluxVersion, KmsPermissions,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'
import { PlainProvider, PlainResource } from '../plain-providers';

const REGISTRY = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';

/** terraform-provider-flux bootstraps the cluster; it commits the kustomization, and GitHub's provider the manifests and the tenant's objects. */
export class FluxBootstrapGit extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, 'Aws', { region: 'eu-west-1' });

    const cluster = ClusterIssuer.eks(this, 'Cluster', { clusterName: 'prod' });
    const oidcProviders = [new FluxOidcProvider(this, 'Oidc', { issuer: cluster })];
    const flux = new FluxInstallation(this, 'Flux', {
      issuer: cluster, version: FluxVersion.V2_8, acknowledgeWarnings: ['tenants-without-lockdown'], // an admission policy keeps tenants apart here
    });
    const tenant = new FluxTenant(this, 'TeamA', { installation: flux, namespace: 'team-a', clusterRole: 'admin' });
    const images = new FluxIrsaRole(tenant, 'Images', { oidcProviders, serviceAccounts: [tenant.serviceAccount] });
    images.grant('Own', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/team-a/*'));
    tenant.addIdentity(images);
    const sops = new FluxIrsaRole(this, 'Sops', { oidcProviders, serviceAccounts: [FluxServiceAccount.controller(FluxController.KUSTOMIZE)] });
    sops.grant('Key', KmsPermissions.decrypt('arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'));
    flux.addIdentity(sops);

    // The cluster by KUBE_CONFIG_PATH, GitHub by GITHUB_TOKEN. What `git` logs in with is yours to add: `http` or `ssh`.
    new PlainProvider(this, 'GitHub', 'integrations/github', '~> 6.0', { owner: 'acme' });
    new PlainProvider(this, 'FluxProvider', 'fluxcd/flux', '~> 1.8', { git: { url: 'https://github.com/acme/fleet.git' } });
    const bootstrap = new PlainResource(this, 'Bootstrap', 'flux_bootstrap_git', {
      path: 'clusters/prod',
      version: 'v2.8.8',
      components_extra: ['image-reflector-controller', 'image-automation-controller', 'source-watcher'],
      kustomization_override: new FluxKustomization(this, 'Kustomization', { installation: flux }).yaml,
    });

    const source = FluxFields.of(FluxKind.OCI_REPOSITORY, { installation: flux, identity: images });
    const decrypts = FluxFields.of(FluxKind.KUSTOMIZATION, { installation: flux, identity: sops });
    const metadata = { name: 'apps', namespace: 'team-a' };
    const apps = [
      { ...source.object, metadata, spec: { ...source.spec, url: `oci://${REGISTRY}/team-a/apps`, ref: { tag: 'latest' }, interval: '5m' } },
      {
        ...decrypts.object,
        metadata,
        spec: {
          ...decrypts.spec, sourceRef: { kind: 'OCIRepository', name: 'apps' }, path: './', prune: true, interval: '10m', serviceAccountName: 'flux',
        },
      },
    ];
    // Files beside the bootstrap's, committed by Terraform: one after the other, for GitHub refuses two commits at once.
    const file = (name: string, path: string, content: string, after: PlainResource) => new PlainResource(this, name, 'github_repository_file', {
      repository: 'fleet', branch: 'main', file: `clusters/prod/${path}`, content, commit_message: `Flux: ${path}`, overwrite_on_create: true,
    }, [after]);
    const manifests = file('Identities', 'identities.yaml', new FluxManifests(this, 'Manifests', { installation: flux }).yaml, bootstrap);
    file('Apps', 'team-a.yaml', apps.map((object) => JSON.stringify(object, undefined, 2)).join('\n---\n'), manifests);
  }
}
