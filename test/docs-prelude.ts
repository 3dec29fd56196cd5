import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { ContainerRegistry } from '@cdktf/provider-azurerm/lib/container-registry';
import { KubernetesCluster } from '@cdktf/provider-azurerm/lib/kubernetes-cluster';
import { ContainerCluster } from '@cdktf/provider-google/lib/container-cluster';
import { App, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  ClusterIssuer, FluxAksExtensionSettings, FluxAzureFederatedIdentity, FluxGcpWorkloadPool, FluxHelmValues, FluxInstallation, FluxIrsaRole,
  FluxKustomization, FluxLockdown, FluxManifests, FluxOidcProvider, FluxTenant, FluxVersion,
} from '../lib';

// What the samples of the documentation take for granted, beside every export of the library, `this` (a stack) and `TerraformOutput`.
// A sample that needs more says it itself. Types only: samples are compiled, not run.

export { AwsProvider } from '@cdktf/provider-aws/lib/provider';
export { IamRole } from '@cdktf/provider-aws/lib/iam-role';
export { KubernetesClusterExtension } from '@cdktf/provider-azurerm/lib/kubernetes-cluster-extension';
export { TerraformOutput } from 'cdktf';

export declare const app: App;
export declare const stack: TerraformStack;
/** The cluster that Flux runs in, and its trust anchors. */
export declare const cluster: ClusterIssuer;
export declare const oidc: FluxOidcProvider;
export declare const pool: FluxGcpWorkloadPool;
/** Clusters and a registry made in the same app. */
export declare const aks: KubernetesCluster;
export declare const gke: ContainerCluster;
export declare const registry: ContainerRegistry;
/** A provider alias of another account. */
export declare const shared: AwsProvider;
/** Identities made before. */
export declare const images: FluxIrsaRole;
export declare const sops: FluxIrsaRole;
export declare const reader: FluxIrsaRole;
export declare const role: FluxIrsaRole;
export declare const identity: FluxAzureFederatedIdentity;
/** The Flux of the cluster, and what was made of it before. */
export declare const flux: FluxInstallation;
export declare const version: FluxVersion;
export declare const lockdown: FluxLockdown;
export declare const tenant: FluxTenant;
export declare const kustomization: FluxKustomization;
export declare const manifests: FluxManifests;
export declare const settings: FluxAksExtensionSettings;
export declare const values: FluxHelmValues;
/** Values of the caller. */
export declare const keyArn: string;
export declare const repositoryArn: string;
export declare const repositories: string;
export declare const jwks: string;
export declare const teams: string[];

/** `kubernetes_manifest` of @cdktf/provider-kubernetes, which this project does not install. */
export declare class Manifest extends Construct {
  public readonly fqn: string;
  public constructor(scope: Construct, id: string, config: { manifest: { [key: string]: any }; dependsOn?: Manifest[] });
}
/** `helm_release` of @cdktf/provider-helm, which this project does not install. */
export declare class Release extends Construct {
  public constructor(scope: Construct, id: string, config: { name: string; chart: string; repository: string; namespace: string; values: string[] });
}
