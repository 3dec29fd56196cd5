import { join } from 'path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import type { Cluster } from './fleet-file';
import {
  AcrPermissions, ArtifactRegistryPermissions, ClusterIssuer, EcrPermissions, FluxAzureFederatedIdentity, FluxController, FluxFile, FluxGcpPrincipal,
  FluxGcpWorkloadPool, FluxInstallation, FluxIrsaRole, FluxKustomization, FluxLockdown, FluxManifests, FluxOidcProvider, FluxServiceAccount,
  FluxTenant, FluxValues, IFluxIdentity,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

/** What differs from cloud to cloud: the cluster, and how an account of it gets an identity that pulls from a repository. */
interface Cloud {
  readonly issuer: ClusterIssuer;
  readonly pulls: (scope: Construct, name: string, repository: string, ...accounts: FluxServiceAccount[]) => IFluxIdentity;
}

const CLOUDS: { readonly [cloud in Cluster['cloud']]: (stack: TerraformStack, cluster: Cluster) => Cloud } = {
  aws: (stack, { name, account, region }) => {
    new AwsProvider(stack, 'Aws', { region, allowedAccountIds: [account] });
    const issuer = ClusterIssuer.eks(stack, 'Cluster', { clusterName: name });
    const oidcProviders = [new FluxOidcProvider(stack, 'Oidc', { issuer })];
    return {
      issuer,
      pulls: (scope, identity, repository, ...serviceAccounts) => {
        const role = new FluxIrsaRole(scope, 'Images', { oidcProviders, serviceAccounts, name: `flux-${name}-${identity}`, account });
        role.grant('Pull', EcrPermissions.pull(`arn:aws:ecr:${region}:${account}:repository/${repository}/*`));
        return role;
      },
    };
  },
  azure: (stack, { name, account, region }) => {
    new AzurermProvider(stack, 'Azure', { features: [{}], subscriptionId: account });
    const issuer = ClusterIssuer.aks(stack, 'Cluster', { name, resourceGroupName: name });
    const registry = `/subscriptions/${account}/resourceGroups/${name}/providers/Microsoft.ContainerRegistry/registries/${name.replace(/-/g, '')}`;
    return {
      issuer,
      pulls: (scope, identity, repository, ...serviceAccounts) => {
        const own = new FluxAzureFederatedIdentity(scope, 'Images', {
          issuers: [issuer], serviceAccounts, name: `flux-${identity}`, resourceGroupName: name, location: region,
        });
        own.grant('Pull', AcrPermissions.pullRepositories(registry, { prefix: `${repository}/` }));
        return own;
      },
    };
  },
  gcp: (stack, { name, account, region }) => {
    new GoogleProvider(stack, 'Google', { project: account, region });
    const issuer = ClusterIssuer.gke(stack, 'Cluster', { projectId: account, location: region, clusterName: name });
    const pool = FluxGcpWorkloadPool.gke(stack, 'Pool', { projectId: account, issuer });
    return {
      issuer,
      pulls: (scope, _, repository, ...serviceAccounts) => {
        const principal = new FluxGcpPrincipal(scope, 'Images', { pool, serviceAccounts });
        principal.grant('Pull', ArtifactRegistryPermissions.pull(`projects/${account}/locations/${region}/repositories/${repository}`));
        return principal;
      },
    };
  },
};

/** One cluster of a fleet: its identities, and its files in the repository that all clusters sync from. */
export class FleetCluster extends TerraformStack {
  public constructor(scope: Construct, id: string, cluster: Cluster) {
    super(scope, id);
    const { issuer, pulls } = CLOUDS[cluster.cloud](this, cluster);
    const flux = new FluxInstallation(this, 'Flux', {
      issuer,
      version: cluster.flux,
      lockdown: FluxLockdown.workloadIdentity({ defaultServiceAccount: 'flux' }),
      values: FluxValues.SUBSTITUTED, // files that are known at synthesis, of every cloud
      // What is meant, and would be said of each cluster: what controllers pull all tenants may read, and object level on AKS is watched.
      acknowledgeWarnings: ['lockdown-helm-repositories', ...(cluster.cloud === 'azure' ? ['azure-aks-object-level-unstable'] : [])],
    });

    const controllers = [FluxController.SOURCE, FluxController.IMAGE_REFLECTOR].map((controller) => FluxServiceAccount.controller(controller));
    flux.addIdentity(pulls(new Construct(this, 'Controllers'), 'controllers', 'apps', ...controllers));
    for (const namespace of cluster.tenants) {
      const tenant = new FluxTenant(this, namespace, { installation: flux, namespace, clusterRole: 'admin' });
      tenant.addIdentity(pulls(tenant, namespace, namespace, tenant.serviceAccount));
    }

    const files = { root: join(App.of(this).outdir, 'repository') }; // in your project: a checkout of the repository
    const folder = `clusters/${cluster.name}`;
    new FluxFile(this, 'KustomizationFile', {
      ...files, path: `${folder}/flux-system/kustomization.yaml`, content: new FluxKustomization(this, 'Kustomization', { installation: flux }).yaml,
    });
    new FluxFile(this, 'TenantsFile', { ...files, path: `${folder}/tenants.yaml`, content: new FluxManifests(this, 'Manifests', { installation: flux }).yaml });
    new TerraformOutput(this, 'runtimeInfo', { value: flux.runtimeInfo });
  }
}

/** A stack for each cluster. What the library refuses is said with the line that it comes from. */
export function addFleet(app: App, clusters: readonly Cluster[]): FleetCluster[] {
  return clusters.map((cluster) => {
    try {
      return new FleetCluster(app, `flux-fleet-${cluster.name}`, cluster);
    } catch (error) {
      if (error instanceof Error) error.message = `${cluster.line}: ${error.message}`;
      throw error;
    }
  });
}
