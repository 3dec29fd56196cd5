import { join } from 'path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  ClusterIssuer, EcrPermissions, FluxController, FluxFields, FluxFile, FluxInstallation, FluxIrsaRole, FluxKind, FluxKustomization,
  FluxManifests, FluxOidcProvider, FluxServiceAccount, FluxTenant, FluxValues, FluxVersion, KmsPermissions,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

/** A platform that lives in Git: its files are written at synthesis and stay as they are when a role is replaced; values come at run time. */
export class GitPlatform extends TerraformStack {
  /** The files of the repository, by their path. */
  public readonly files: { readonly [path: string]: string };
  /** The ConfigMap with the values. */
  public readonly runtimeInfo: string;

  public constructor(scope: Construct, id: string, roleOfImages = 'flux-images') {
    super(scope, id);
    new AwsProvider(this, 'Aws', { region: 'eu-west-1' });

    const cluster = ClusterIssuer.eks(this, 'Cluster', { clusterName: 'prod' });
    const oidcProviders = [new FluxOidcProvider(this, 'Oidc', { issuer: cluster })];
    const flux = new FluxInstallation(this, 'Flux', { issuer: cluster, version: FluxVersion.V2_9, values: FluxValues.SUBSTITUTED });

    const images = new FluxIrsaRole(this, 'Images', {
      oidcProviders, name: roleOfImages, serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE)],
    });
    images.grant('Apps', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps/*'));
    const sops = new FluxIrsaRole(this, 'Sops', { oidcProviders, serviceAccounts: [FluxServiceAccount.of('team-a', 'sops')] });
    sops.grant('Key', KmsPermissions.decrypt('arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'));
    [images, sops].forEach((identity) => flux.addIdentity(identity));
    new FluxTenant(this, 'TeamA', { installation: flux, namespace: 'team-a', clusterRole: 'admin' });

    // Whole Flux objects: what names the cloud and the account comes from the identity, the rest is yours.
    const source = FluxFields.of(FluxKind.OCI_REPOSITORY, { installation: flux, identity: images });
    const decrypts = FluxFields.of(FluxKind.KUSTOMIZATION, { installation: flux, identity: sops });
    const apps = [
      {
        ...source.object,
        metadata: { name: 'apps', namespace: 'team-a' },
        spec: { ...source.spec, url: 'oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/apps/team-a', ref: { tag: 'latest' }, interval: '5m' },
      },
      {
        ...decrypts.object,
        metadata: { name: 'apps', namespace: 'team-a' },
        spec: {
          ...decrypts.spec, sourceRef: { kind: 'OCIRepository', name: 'apps' }, path: './', prune: true, interval: '10m', serviceAccountName: 'flux',
        },
      },
    ];

    this.files = {
      'clusters/prod/flux-system/kustomization.yaml': new FluxKustomization(this, 'Kustomization', { installation: flux }).yaml,
      'clusters/prod/identities.yaml': new FluxManifests(this, 'Manifests', { installation: flux }).yaml,
      'clusters/prod/team-a.yaml': apps.map((object) => JSON.stringify(object, undefined, 2)).join('\n---\n'),
    };
    // In your project: a checkout of the repository.
    const root = join(App.of(this).outdir, 'fleet');
    Object.entries(this.files).forEach(([path, content], index) => new FluxFile(this, `File${index + 1}`, { root, path, content }));

    this.runtimeInfo = flux.runtimeInfo;
    new TerraformOutput(this, 'runtimeInfo', { value: this.runtimeInfo });
  }
}
