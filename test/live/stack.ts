import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { Cloud, CLOUDS, Estate, Level, LEVELS, NAMESPACES, Property } from './estate';
import {
  AcrPermissions, AksPermissions, AksRole, ArtifactRegistryPermissions, AwsPermission, AzurePermission, BlobStoragePermissions, CloudKmsPermissions,
  CloudStoragePermissions, ClusterIssuer, ClusterKind, EcrPermissions, EksAccessPolicy, EksPermissions, FluxAzureFederatedIdentity, FluxController,
  FluxGcpPrincipal, FluxGcpServiceAccount, FluxGcpWorkloadPool, FluxInstallation, FluxIrsaRole, FluxKustomization, FluxManifests, FluxOidcProvider,
  FluxOperatorValues, FluxRemoteCluster, FluxServiceAccount, FluxVersion, GcpPermission, GkePermissions, IClusterIssuer, IFluxGcpWorkloadPool,
  IFluxIdentity, Jwks, KeyVaultPermissions, KmsPermissions, S3HostedIssuer, S3Permissions,
} from '../../lib';
import { ACCOUNT, AKS_ISSUER, EKS_ISSUER, PROJECT, PROJECT_NUMBER } from '../conformance/computed';

/*
 * All that the live suite asks of the library: the rest of it sees only what Terraform made of this stack.
 */

/** A cluster that Flux runs in. */
export interface Source {
  readonly name: string;
  readonly kind: ClusterKind;
  /** What its API server calls itself. */
  readonly issuer: string;
  /** The clouds that it is seen to reach. */
  readonly clouds: readonly Cloud[];
  /** Whether it comes into Google Cloud by the pool that is built into GKE. Default: by one of its own. */
  readonly builtInPool?: boolean;
}

const HOSTED = 'https://acme-oidc-live.s3.eu-west-1.amazonaws.com';
const GKE = `https://container.googleapis.com/v1/projects/${PROJECT}/locations/europe-west1/clusters/prod`;

export const SOURCES: readonly Source[] = [
  { name: 'EKS', kind: ClusterKind.EKS, issuer: EKS_ISSUER, clouds: CLOUDS },
  { name: 'AKS', kind: ClusterKind.AKS, issuer: AKS_ISSUER, clouds: CLOUDS },
  { name: 'GKE', kind: ClusterKind.GKE, issuer: GKE, clouds: CLOUDS },
  { name: 'other', kind: ClusterKind.OTHER, issuer: HOSTED, clouds: CLOUDS },
];
/** Beside the 24 cells: what GKE has of itself. */
export const BUILT_IN: Source = { name: 'GKE, built-in pool', kind: ClusterKind.GKE, issuer: GKE, clouds: ['gcp'], builtInPool: true };

/** What is granted in each cloud, at each level. */
export const GRANTS = ['Images', 'Bucket', 'Key', 'Cluster'] as const;
export type GrantId = typeof GRANTS[number];

/** What differs between a stack and one that does not let Flux in. */
export interface StackOptions {
  readonly source: Source;
  readonly estate: Estate;
  /** The keys that the API server signs with. */
  readonly jwks: Jwks;
  /** The address and the authority of the remote cluster that trusts this one directly. */
  readonly remote: { readonly address: string; readonly ca: string };
  /** The one grant that nobody gets. Default: all are given. */
  readonly without?: GrantId;
  /** Another cluster is trusted, of the same kind. Default: false. */
  readonly stranger?: boolean;
  /** What the names of the roles in AWS begin with. Each can do the same; Flux is told of the last. Default: `flux`. */
  readonly roles?: readonly string[];
}

/** Outputs of the stack. */
export interface Outputs {
  readonly kustomization: string;
  readonly manifests: string;
  /** Values of the operator's chart. */
  readonly operator: string;
  /** The users that the identities are in remote clusters, by level, where Kubernetes RBAC decides. */
  readonly users: { readonly [level in Level]: string[] };
}

const CONTROLLERS = [
  ...[FluxController.SOURCE, FluxController.KUSTOMIZE, FluxController.HELM].map((each) => FluxServiceAccount.controller(each)),
  FluxServiceAccount.operator(),
];
const TENANT = FluxServiceAccount.of(NAMESPACES.object, 'flux');
/** The ConfigMap of the remote cluster in each cloud, and the one of no cloud. */
export const remoteOf = (cloud: Cloud | 'generic') => `remote-${cloud}`;
export const GENERIC_AUDIENCE = 'remote-cluster';

/** One cluster, both levels, all three clouds: everything that Flux uses in a cloud is granted once. */
export class LiveStack extends TerraformStack {
  public readonly issuer: IClusterIssuer;
  public readonly oidcProviders: FluxOidcProvider[];
  public readonly pool: IFluxGcpWorkloadPool;
  public readonly installation: FluxInstallation;
  /** The role of each level in AWS that Flux is told of. */
  public readonly aws: { [level in Level]?: FluxIrsaRole } = {};

  public constructor(options: StackOptions) {
    super(Testing.app(), 'live');
    new AwsProvider(this, 'Aws', { region: 'eu-west-1' });
    new GoogleProvider(this, 'Google', { project: PROJECT });
    new AzurermProvider(this, 'Azure', { features: [{}] });
    const { source, estate, remote, roles = ['flux'] } = options;
    const issuer = this.issuer = issuerOf(this, options);
    const oidcProviders = this.oidcProviders = [new FluxOidcProvider(this, 'Oidc', { issuer })];
    const pool = this.pool = source.builtInPool ? FluxGcpWorkloadPool.gke(this, 'Pool', { issuer, projectId: PROJECT }) : new FluxGcpWorkloadPool(this, 'Pool', {
      issuer, poolId: 'live', project: PROJECT, projectNumber: PROJECT_NUMBER, ...source.kind === ClusterKind.OTHER ? { jwks: options.jwks } : {},
    });
    const users: { [level in Level]?: string[] } = {};
    const identities = LEVELS.flatMap((level): IFluxIdentity[] => {
      const serviceAccounts = level === 'object' ? [TENANT] : CONTROLLERS;
      const aws = roles.map((role) => new FluxIrsaRole(this, `Aws-${role}-${level}`, {
        oidcProviders, serviceAccounts, name: `${role}-${level}`, account: ACCOUNT, region: 'eu-west-1',
      }));
      const told = this.aws[level] = aws[aws.length - 1];
      const azure = new FluxAzureFederatedIdentity(this, `Azure-${level}`, {
        issuers: [issuer], serviceAccounts, name: `flux-${level}`, resourceGroupName: 'flux', location: 'westeurope',
      });
      // Two ways into Google Cloud: each is taken at both levels, in two kinds of clusters.
      const impersonates = (source.kind === ClusterKind.EKS || source.kind === ClusterKind.GKE) === (level === 'object');
      const gcp = impersonates
        ? new FluxGcpServiceAccount(this, `Gcp-${level}`, { pool, serviceAccounts, accountId: `flux-${level}`, project: PROJECT })
        : new FluxGcpPrincipal(this, `Gcp-${level}`, { pool, serviceAccounts });
      users[level] = gcp instanceof FluxGcpServiceAccount ? [gcp.email] : gcp.kubernetesUserNames;
      for (const id of GRANTS.filter((each) => each !== options.without)) {
        aws.forEach((role) => role.grant(id, awsPermissions(estate.aws[level])[id]));
        azure.grant(id, azurePermissions(estate.azure[level])[id]);
        gcp.grant(id, gcpPermissions(estate.gcp[level])[id]);
      }
      return [told, azure, gcp];
    });

    const installation = this.installation = new FluxInstallation(this, 'Flux', { issuer, version: FluxVersion.V2_9, identities });
    for (const level of LEVELS) {
      const where = { installation, namespace: NAMESPACES[level], serviceAccount: level === 'object' ? TENANT : undefined };
      FluxRemoteCluster.eks(this, `Eks-${level}`, { ...where, name: remoteOf('aws'), clusterArn: estate.aws[level].cluster });
      FluxRemoteCluster.aks(this, `Aks-${level}`, { ...where, name: remoteOf('azure'), clusterId: estate.azure[level].cluster });
      FluxRemoteCluster.gke(this, `Gke-${level}`, { ...where, name: remoteOf('gcp'), clusterId: estate.gcp[level].cluster });
      FluxRemoteCluster.generic(this, `Generic-${level}`, {
        ...where, name: remoteOf('generic'), address: remote.address, caCertificate: remote.ca, audiences: [GENERIC_AUDIENCE],
      });
    }
    const manifests = new FluxManifests(this, 'Manifests', { installation });
    const kustomization = new FluxKustomization(this, 'Kustomization', { installation });
    const operator = new FluxOperatorValues(this, 'Operator', { installation });
    const outputs: Outputs = { manifests: manifests.yaml, kustomization: kustomization.yaml, operator: operator.yaml, users: users as Outputs['users'] };
    for (const [name, value] of Object.entries(outputs)) new TerraformOutput(this, name, { value });
  }
}

function issuerOf(stack: TerraformStack, { source, jwks, stranger }: StackOptions): IClusterIssuer {
  if (stranger) return ClusterIssuer.oidc(stack, 'Issuer', { url: 'https://oidc.example.com/another' });
  switch (source.kind) {
    case ClusterKind.EKS: return ClusterIssuer.eks(stack, 'Issuer', { clusterName: 'prod' });
    case ClusterKind.AKS: return ClusterIssuer.aks(stack, 'Issuer', { name: 'prod', resourceGroupName: 'flux' });
    case ClusterKind.GKE: return ClusterIssuer.gke(stack, 'Issuer', { projectId: PROJECT, location: 'europe-west1', clusterName: 'prod' });
    default: return new S3HostedIssuer(stack, 'Issuer', { bucketName: new URL(HOSTED).host.split('.')[0], region: 'eu-west-1', jwks, previousIssuers: [] });
  }
}

type Of<T> = { readonly [id in GrantId]: T };

function awsPermissions({ pullFrom, readFrom, key, cluster }: Property): Of<AwsPermission> {
  return {
    Images: EcrPermissions.pull(pullFrom),
    Bucket: S3Permissions.read(readFrom),
    Key: KmsPermissions.decrypt(key),
    Cluster: EksPermissions.access(cluster, { accessPolicies: [EksAccessPolicy.CLUSTER_ADMIN.onCluster()] }),
  };
}

function azurePermissions({ pullFrom, readFrom, key, cluster }: Property): Of<AzurePermission> {
  return {
    Images: AcrPermissions.pull(pullFrom),
    Bucket: BlobStoragePermissions.read(readFrom),
    Key: KeyVaultPermissions.decrypt(key),
    Cluster: AksPermissions.access(cluster, { role: AksRole.CLUSTER_ADMIN }),
  };
}

function gcpPermissions({ pullFrom, readFrom, key, cluster }: Property): Of<GcpPermission> {
  return {
    Images: ArtifactRegistryPermissions.pull(pullFrom),
    Bucket: CloudStoragePermissions.read(readFrom),
    Key: CloudKmsPermissions.decrypt(key),
    Cluster: GkePermissions.access(cluster),
  };
}

/** Every way from a cluster into a cloud. */
export const cellsOf = (source: Source) => source.clouds.flatMap((cloud) => LEVELS.map((level) => ({ source, cloud, level })));
export const CELLS = SOURCES.flatMap(cellsOf);
