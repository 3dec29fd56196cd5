import { TerraformStack } from 'cdktf';
import { aks, eks, irsa, SECRET, SOURCE, TENANT } from './core';
import { Rows } from './row';
import {
  FluxController, FluxInstanceConfig, FluxKind, FluxLockdown, FluxTenant, FluxTokenRights, FluxValues, FluxVersion,
} from '../../lib';
import { role } from '../aws/support';
import { federated } from '../azure/support';
import { fluxOf } from '../support';

const flux = (s: TerraformStack) => fluxOf(s, { issuer: eks(s), version: FluxVersion.V2_9 });
const delivered = (s: TerraformStack) => [s, 'X', { installation: flux(s) }];
const patches = () => ({ patches: [{ patch: 'kind: Deployment', target: { kind: 'Deployment' } }] });
const EKS = 'arn:aws:eks:eu-west-1:111122223333:cluster/staging';
const AKS = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c';
const GKE = 'projects/acme-prod/locations/europe-west1/clusters/staging';
const remoteOf = (s: TerraformStack) => ({ installation: flux(s), namespace: 'team-a', name: 'staging' });
const remote = () => ({ serviceAccount: TENANT, address: 'https://10.0.0.1', caCertificate: '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n' });
const keyed = (s: TerraformStack) => ({ ...remoteOf(s), address: 'https://10.0.0.1', caCertificate: remote().caCertificate });

export const FLUX: Rows = {
  'FluxAccessReport': { args: (s) => [s, 'X', {}], spare: 1, optional: () => ({ directory: 'access', page: true }) },
  'FluxAksExtensionSettings': {
    args: (s) => [s, 'X', { installation: fluxOf(s, { issuer: aks(s), version: FluxVersion.V2_9, identities: [federated(s, 'I', { issuers: [aks(s)] })] }) }],
  },
  'FluxFields.of': {
    args: (s) => [FluxKind.BUCKET, { identity: role(s, 'Images', { serviceAccounts: [SOURCE] }), installation: flux(s) }],
    optional: () => ({ serviceAccount: SOURCE, secret: SECRET, region: 'eu-west-1' }),
  },
  'FluxFile': { args: (s) => [s, 'X', { path: 'a.yaml', content: 'a' }], optional: () => ({ root: 'out' }) },
  'FluxHelmValues': { args: delivered },
  'FluxInstallation': {
    args: (s) => [s, 'X', { issuer: eks(s), version: FluxVersion.V2_9 }],
    optional: (s) => ({
      identities: [irsa(s)],
      namespace: 'flux-system',
      controllers: Object.values(FluxController),
      lockdown: FluxLockdown.kubernetes(),
      values: FluxValues.SUBSTITUTED,
      strictSubstitution: true,
      acknowledgeWarnings: ['undelivered-manifests'],
    }),
  },
  'FluxInstallation#addIdentity': { on: flux, args: (s) => [irsa(s)] },
  'FluxInstanceConfig': { args: delivered, optional: () => ({ ...patches(), spec: { wait: true }, values: FluxValues.RENDERED }) },
  'FluxKustomization': { args: delivered, optional: () => ({ ...patches(), resources: ['a.yaml'], values: FluxValues.SUBSTITUTED }) },
  'FluxManifests': { args: delivered, optional: () => ({ values: FluxValues.SUBSTITUTED }) },
  'FluxOperatorValues': { args: delivered },
  'FluxLockdown.kubernetes': { args: () => [{}], spare: 1, optional: () => ({ defaultServiceAccount: 'default', tokenRights: FluxTokenRights.AS_INSTALLED }) },
  'FluxLockdown.workloadIdentity': {
    args: () => [{}],
    spare: 1,
    optional: () => ({
      defaultServiceAccount: 'a', defaultDecryptionServiceAccount: 'b', defaultKubeConfigServiceAccount: 'c', tokenRights: FluxTokenRights.PER_ACCOUNT,
    }),
  },
  'FluxRemoteCluster.eks': { args: (s) => [s, 'X', { ...remoteOf(s), clusterArn: EKS }], optional: remote },
  'FluxRemoteCluster.aks': {
    args: (s) => [s, 'X', { ...remoteOf(s), clusterId: AKS }], optional: () => ({ ...remote(), address: 'https://c.hcp.westeurope.azmk8s.io', clusterId: AKS }), beside: (s) => ({ clusterId: keyed(s) }),
  },
  'FluxRemoteCluster.gke': {
    args: (s) => [s, 'X', { ...remoteOf(s), clusterId: GKE }], optional: () => ({ ...remote(), clusterId: GKE }), beside: (s) => ({ clusterId: keyed(s) }),
  },
  'FluxRemoteCluster.generic': {
    args: (s) => [s, 'X', { ...remoteOf(s), address: 'https://10.0.0.1' }],
    optional: () => ({ serviceAccount: TENANT, caCertificate: remote().caCertificate, audiences: ['a'] }),
  },
  'FluxTesting.text': { args: (s) => [s, 'text'] },
  'FluxTesting.value': { args: (s) => [s, new FluxInstanceConfig(s, 'Instance', { installation: flux(s) }).manifest] },
  'FluxTenant': {
    args: (s) => [s, 'X', { installation: flux(s), namespace: 'team-a' }],
    optional: () => ({ serviceAccountName: 'a', decryptionServiceAccountName: 'b', kubeConfigServiceAccountName: 'c', clusterRole: 'admin' }),
  },
  'FluxVariable.of': { args: () => ['TEAM_A_ROLE'] },
  'FluxTenant#addIdentity': { on: (s) => new FluxTenant(s, 'Own', { installation: flux(s), namespace: 'team-a' }), args: (s) => [tenantRole(s)] },
};

function tenantRole(s: TerraformStack) {
  return federated(s, 'Tenants', { issuers: [eks(s)], serviceAccounts: [TENANT] });
}
