import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { Estate } from './estate';
import {
  ClusterIssuer, EcrPermissions, FluxController, FluxInstallation, FluxInstanceConfig, FluxIrsaRole, FluxKustomization, FluxLockdown, FluxManifests,
  FluxOidcProvider, FluxOperatorValues, FluxServiceAccount, FluxTenant, FluxValues, FluxVersion, KmsPermissions,
} from '../../lib';
import { ACCOUNT } from '../conformance/computed';
import { bootstrapped } from '../conformance/installation';

/** What the deliveries say. */
export interface Delivered {
  readonly kustomization: string;
  readonly manifests: string;
  readonly operator: string;
  readonly instance: string;
  /** The ConfigMap with the values of variables, where there are any. */
  readonly runtimeInfo?: string;
}

/** What differs from what is right. */
export interface Changed {
  /** The name of source-controller's role. */
  readonly images?: string;
  /** Another cluster is the one of all, or the installation's alone. */
  readonly issuer?: 'of the identities' | 'of the installation';
  readonly version?: FluxVersion;
  readonly lockdown?: FluxLockdown;
  /** The version of the FluxInstance. */
  readonly distribution?: string;
}

/** Source- and kustomize-controller have a role each, and so has a tenant; every way of telling Flux. */
export class DeliveryStack extends TerraformStack {
  /** The manifests, in the order in which they can be made; none with variables. */
  public readonly waves: readonly any[][];

  public constructor(estate: Estate, values: FluxValues, changed: Changed = {}) {
    super(Testing.app(), 'delivery');
    new AwsProvider(this, 'Aws', { region: 'eu-west-1' });
    const cluster = ClusterIssuer.eks(this, 'Issuer', { clusterName: 'prod' });
    const another = ClusterIssuer.oidc(this, 'Another', { url: 'https://oidc.example.com/another' });
    const issuer = changed.issuer === undefined ? cluster : another;
    const oidcProviders = [new FluxOidcProvider(this, 'Oidc', { issuer: changed.issuer === 'of the installation' ? cluster : issuer })];
    const { version = FluxVersion.V2_9, lockdown = FluxLockdown.kubernetes({ defaultServiceAccount: 'flux' }), images = 'flux-images' } = changed;
    const installation = new FluxInstallation(this, 'Flux', { issuer, version, lockdown });
    const role = (id: string, name: string, account: FluxServiceAccount) =>
      new FluxIrsaRole(this, id, { oidcProviders, serviceAccounts: [account], name, account: ACCOUNT, region: 'eu-west-1' });
    const source = role('Images', images, FluxServiceAccount.controller(FluxController.SOURCE));
    source.grant('Images', EcrPermissions.pull(estate.aws.controller.pullFrom));
    const kustomize = role('Sops', 'flux-sops', FluxServiceAccount.controller(FluxController.KUSTOMIZE));
    kustomize.grant('Key', KmsPermissions.decrypt(estate.aws.controller.key));
    const tenant = new FluxTenant(this, 'Tenant', { installation, namespace: 'team-a', clusterRole: 'admin' });
    const own = role('Tenant-role', 'flux-tenant', tenant.serviceAccount);
    own.grant('Images', EcrPermissions.pull(estate.aws.object.pullFrom));
    tenant.addIdentity(own);
    for (const identity of [source, kustomize]) installation.addIdentity(identity);

    const manifests = new FluxManifests(this, 'Manifests', { installation, values });
    const delivered: Delivered = {
      kustomization: new FluxKustomization(this, 'Kustomization', { installation, values }).yaml,
      manifests: manifests.yaml,
      operator: new FluxOperatorValues(this, 'Operator', { installation }).yaml,
      instance: new FluxInstanceConfig(this, 'Instance', { installation, spec: { distribution: { version: changed.distribution ?? '2.9.x', registry: 'ghcr.io/fluxcd' } } }).yaml,
      ...values === FluxValues.SUBSTITUTED ? { runtimeInfo: installation.runtimeInfo } : {},
    };
    for (const [name, value] of Object.entries(delivered)) new TerraformOutput(this, name, { value });
    this.waves = values === FluxValues.SUBSTITUTED ? [] : manifests.waves;
  }
}

/** The files of Flux in a repository: what bootstrap wrote, and ours. What it syncs could not be reached here. */
export function repositoryOf({ kustomization, manifests }: Delivered): { readonly [path: string]: string } {
  return {
    'gotk-components.yaml': bootstrapped(FluxVersion.V2_9)['gotk-components.yaml'],
    'gotk-sync.yaml': JSON.stringify({
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name: 'flux-system', namespace: 'flux-system' },
      spec: { interval: '1h', suspend: true, prune: false, sourceRef: { kind: 'GitRepository', name: 'flux-system' } },
    }),
    'identities.yaml': manifests,
    'kustomization.yaml': kustomization.replace('gotk-sync.yaml', 'gotk-sync.yaml\n  - identities.yaml'),
  };
}
