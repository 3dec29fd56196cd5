import { TerraformStack } from 'cdktf';
import { aks, eks, irsa, SECRET, SOURCE, TENANT } from './core';
import { Rows } from './row';
import {
  FluxController, FluxKind, FluxLockdown, FluxRemoteCluster, FluxTenant, FluxTokenRights, FluxVersion,
} from '../../lib';
import { role } from '../aws/support';
import { federated } from '../azure/support';

const tenant = (s: TerraformStack) => new FluxTenant(s, 'Tenant', { namespace: 'team-b' });
const config = (s: TerraformStack) => ({ issuer: eks(s), version: FluxVersion.V2_9 });
const configured = (s: TerraformStack) => ({
  identities: [irsa(s)],
  tenants: [tenant(s)],
  remoteClusters: [FluxRemoteCluster.eks(s, 'Remote', { namespace: 'team-b', name: 'staging', clusterArn: EKS })],
  namespace: 'flux-system',
  controllers: Object.values(FluxController),
});
const installed = (s: TerraformStack) => ({ ...configured(s), lockdown: FluxLockdown.kubernetes() });
const patched = (s: TerraformStack) => ({
  ...installed(s), patches: [{ patch: 'kind: Deployment', target: { kind: 'Deployment' } }], tokenRights: FluxTokenRights.PER_ACCOUNT,
});
const EKS = 'arn:aws:eks:eu-west-1:111122223333:cluster/staging';
const AKS = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c';
const GKE = 'projects/acme-prod/locations/europe-west1/clusters/staging';
const REMOTE = { namespace: 'team-a', name: 'staging' };
const remote = () => ({ serviceAccount: TENANT, address: 'https://10.0.0.1', caCertificate: '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n' });
const KEYED = { namespace: 'team-a', name: 'staging', address: 'https://10.0.0.1', caCertificate: remote().caCertificate };

export const FLUX: Rows = {
  'FluxAksExtensionSettings': {
    args: (s) => [s, 'X', { issuer: aks(s), version: FluxVersion.V2_9, identities: [federated(s, 'I', { issuers: [aks(s)] })] }],
    optional: (s) => ({ tenants: [], remoteClusters: configured(s).remoteClusters, namespace: 'flux-system', controllers: Object.values(FluxController) }),
  },
  'FluxFields.of': {
    args: (s) => [FluxKind.BUCKET, { identity: role(s, 'Images', { serviceAccounts: [SOURCE] }), version: FluxVersion.V2_9 }],
    optional: () => ({ serviceAccount: SOURCE, secret: SECRET, region: 'eu-west-1' }),
  },
  'FluxFile': { args: (s) => [s, 'X', { path: 'a.yaml', content: 'a' }] },
  'FluxHelmValues': { args: (s) => [s, 'X', config(s)], optional: installed },
  'FluxInstanceConfig': { args: (s) => [s, 'X', config(s)], optional: (s) => ({ ...patched(s), spec: { wait: true } }) },
  'FluxKustomization': { args: (s) => [s, 'X', config(s)], optional: (s) => ({ ...patched(s), resources: ['a.yaml'] }) },
  'FluxManifests': { args: (s) => [s, 'X', config(s)], optional: configured },
  'FluxLockdown.kubernetes': { args: () => [{}], spare: 1, optional: () => ({ defaultServiceAccount: 'default' }) },
  'FluxLockdown.workloadIdentity': {
    args: () => [{}], spare: 1, optional: () => ({ defaultServiceAccount: 'a', defaultDecryptionServiceAccount: 'b', defaultKubeConfigServiceAccount: 'c' }),
  },
  'FluxRemoteCluster.eks': { args: (s) => [s, 'X', { ...REMOTE, clusterArn: EKS }], optional: remote },
  'FluxRemoteCluster.aks': {
    args: (s) => [s, 'X', { ...REMOTE, clusterId: AKS }], optional: () => ({ ...remote(), clusterId: AKS }), beside: () => ({ clusterId: KEYED }),
  },
  'FluxRemoteCluster.gke': {
    args: (s) => [s, 'X', { ...REMOTE, clusterId: GKE }], optional: () => ({ ...remote(), clusterId: GKE }), beside: () => ({ clusterId: KEYED }),
  },
  'FluxRemoteCluster.generic': {
    args: (s) => [s, 'X', { ...REMOTE, address: 'https://10.0.0.1' }],
    optional: () => ({ serviceAccount: TENANT, caCertificate: remote().caCertificate, audiences: ['a'] }),
  },
  'FluxTenant': {
    args: (s) => [s, 'X', { namespace: 'team-a' }],
    optional: () => ({ serviceAccountName: 'a', decryptionServiceAccountName: 'b', kubeConfigServiceAccountName: 'c', clusterRole: 'admin' }),
  },
  'FluxTenant#addIdentity': { on: (s) => new FluxTenant(s, 'Own', { namespace: 'team-a' }), args: (s) => [tenantRole(s)] },
};

function tenantRole(s: TerraformStack) {
  return federated(s, 'Tenants', { issuers: [eks(s)], serviceAccounts: [TENANT] });
}
