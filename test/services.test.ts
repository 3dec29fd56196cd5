import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { AzureadProvider } from '@cdktf/provider-azuread/lib/provider';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { TerraformStack } from 'cdktf';
import { RSA_CERTIFICATE } from './azure/certificates';
import { stack } from './support';
import { holdTable } from './tables';
import {
  ClusterIssuer, FluxAzureApplication, FluxAzureFederatedIdentity, FluxAzureKubeletIdentity, FluxController, FluxGcpNodeServiceAccount,
  FluxGcpPrincipal, FluxGcpServiceAccount, FluxGcpServiceAccountKey, FluxGcpWorkloadPool, FluxIamUser, FluxInstallation, FluxIrsaRole, FluxNodeRole,
  FluxOidcProvider, FluxPodIdentityRole, FluxSecret, FluxServiceAccount, FluxVersion, IFluxIdentity,
} from '../lib';

const CLUSTERS: { readonly [column: string]: (scope: TerraformStack) => ClusterIssuer } = {
  'EKS': (scope) => ClusterIssuer.eks(scope, 'Cluster', { clusterName: 'prod', clusterArn: 'arn:aws:eks:eu-west-1:111122223333:cluster/prod' }),
  'AKS': (scope) => ClusterIssuer.aks(scope, 'Cluster', { name: 'prod', resourceGroupName: 'flux-prod' }),
  'GKE': (scope) => ClusterIssuer.gke(scope, 'Cluster', { projectId: 'acme-prod', location: 'europe-west1', clusterName: 'prod' }),
  'any other': (scope) => ClusterIssuer.oidc(scope, 'Cluster', { url: 'https://oidc.example.com' }),
};

const SOURCE = [FluxServiceAccount.controller(FluxController.SOURCE)];
const TENANT = [FluxServiceAccount.of('team-a', 'flux')];
/** Stored secrets have no account at object level: Flux objects name the Secret. */
const target = (object: boolean) => object ? { secrets: [FluxSecret.bucket('team-a', 'access')] } : { serviceAccounts: SOURCE };

interface Row {
  /** As the page calls it. */
  readonly identity: string;
  readonly secret: string;
  /** One of its kind at a level, of a cluster. */
  readonly of: (scope: TerraformStack, issuer: ClusterIssuer, serviceAccounts: FluxServiceAccount[], object: boolean) => IFluxIdentity;
  /** What nodes have already is at the level of nodes. */
  readonly node?: boolean;
  /** What the page says of a cell. */
  readonly notes?: { readonly [cell: string]: string };
}

const ROWS: Row[] = [
  {
    identity: '`FluxIrsaRole` (and `fromRoleArn`)',
    secret: 'none',
    of: (scope, issuer, serviceAccounts) => new FluxIrsaRole(scope, 'Id', { oidcProviders: [new FluxOidcProvider(scope, 'Oidc', { issuer })], serviceAccounts, region: 'eu-west-1' }),
  },
  { identity: '`FluxPodIdentityRole`', secret: 'none', of: (scope, issuer, serviceAccounts) => new FluxPodIdentityRole(scope, 'Id', { issuer, serviceAccounts }) },
  { identity: '`FluxNodeRole` (`fromRoleArn`)', secret: 'none', node: true, of: (scope) => FluxNodeRole.fromRoleArn(scope, 'Id', { roleArn: 'arn:aws:iam::111122223333:role/nodes' }) },
  { identity: '`FluxIamUser`', secret: 'access key', notes: { object: '³' }, of: (scope, _, __, object) => new FluxIamUser(scope, 'Id', { name: 'flux', ...target(object) }) },
  { identity: '`FluxGcpPrincipal`', secret: 'none', of: (scope, issuer, serviceAccounts) => new FluxGcpPrincipal(scope, 'Id', { pool: pool(scope, issuer), serviceAccounts }) },
  {
    identity: '`FluxGcpServiceAccount` (and `fromEmail`)',
    secret: 'none',
    of: (scope, issuer, serviceAccounts) => new FluxGcpServiceAccount(scope, 'Id', { pool: pool(scope, issuer), accountId: 'flux-apps', serviceAccounts }),
  },
  {
    identity: '`FluxGcpNodeServiceAccount` (`fromEmail`)',
    secret: 'none',
    node: true,
    of: (scope) => FluxGcpNodeServiceAccount.fromEmail(scope, 'Id', { email: 'gke-nodes@acme-prod.iam.gserviceaccount.com' }),
  },
  {
    identity: '`FluxGcpServiceAccountKey` (and `fromEmail`)',
    secret: 'key',
    notes: { object: '³' },
    of: (scope, _, __, object) => new FluxGcpServiceAccountKey(scope, 'Id', { accountId: 'flux-apps', ...target(object) }),
  },
  {
    identity: '`FluxAzureFederatedIdentity` (and `lookup`, `fromIdentityId`)',
    secret: 'none',
    notes: { 'AKS object': '⁴' },
    of: (scope, issuer, serviceAccounts) => new FluxAzureFederatedIdentity(scope, 'Id', {
      issuers: [issuer], serviceAccounts, name: 'flux', resourceGroupName: 'flux-prod', location: 'westeurope',
    }),
  },
  {
    identity: '`FluxAzureKubeletIdentity` (`lookup`, `fromIds`)',
    secret: 'none',
    node: true,
    of: (scope, issuer, serviceAccounts) => FluxAzureKubeletIdentity.fromIds(scope, 'Id', {
      issuer, serviceAccounts, principalId: '00000000-0000-0000-0000-0000000000d1', clientId: '00000000-0000-0000-0000-0000000000c1',
    }),
  },
  {
    identity: '`FluxAzureApplication`',
    secret: 'certificate',
    notes: { object: '³' },
    of: (scope, _, __, object) => new FluxAzureApplication(scope, 'Id', { displayName: 'flux', certificate: RSA_CERTIFICATE, ...target(object) }),
  },
];

function pool(scope: TerraformStack, issuer: ClusterIssuer): FluxGcpWorkloadPool {
  return new FluxGcpWorkloadPool(scope, 'Pool', { issuer, poolId: 'prod', projectNumber: '123456789012' });
}

/** Whether an identity can be made, and a Flux of that cluster takes it. */
function works({ of }: Row, cluster: string, object: boolean): boolean {
  const scope = stack();
  new AwsProvider(scope, 'Aws');
  new GoogleProvider(scope, 'Google', { project: 'acme-prod' });
  new AzurermProvider(scope, 'Azurerm', { features: [{}] });
  new AzureadProvider(scope, 'Azuread');
  const issuer = CLUSTERS[cluster](scope);
  try {
    new FluxInstallation(scope, 'Flux', { issuer, version: FluxVersion.V2_10, identities: [of(scope, issuer, object ? TENANT : SOURCE, object)] });
    return true;
  } catch (error: any) {
    if (error.name !== 'ValidationError') throw error;
    return false;
  }
}

test('the page shows which identity works on which cluster', () => {
  holdTable('docs/services.md', 'identities', ['identity', ...Object.keys(CLUSTERS), 'stored secret'], ROWS.map((row) => [
    row.identity,
    ...Object.keys(CLUSTERS).map((cluster) => {
      if (row.node) return works(row, cluster, false) ? 'node' : '-';
      const levels = ['controller', 'object'].filter((level) => works(row, cluster, level === 'object'));
      return levels.map((level) => {
        const note = row.notes?.[`${cluster} ${level}`] ?? row.notes?.[level];
        return note === undefined ? level : `${level} (${note})`;
      }).join(', ') || '-';
    }),
    row.secret,
  ]));
});
