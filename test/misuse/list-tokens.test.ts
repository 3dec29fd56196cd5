import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { TerraformOutput, TerraformStack, Testing, Token } from 'cdktf';
import { JWK, SOURCE, TENANT } from './core';
import {
  AksPermissions, AksRole, AwsPermission, BlobHostedIssuer, ClusterIssuer, EksPermissions, FluxAzureApplication, FluxAzureDecryptRole,
  FluxAzureFederatedIdentity, FluxController, FluxEcrRepositoryPolicy, FluxGcpWorkloadPool, FluxIamUser, FluxInstallation, FluxIrsaRole,
  FluxKmsKeyPolicy, FluxKustomization, FluxManifests, FluxOidcProvider, FluxRemoteCluster, FluxS3BucketPolicy, FluxServiceAccount, FluxVersion,
  GcsHostedIssuer, IClusterIssuer, Jwks, S3HostedIssuer,
} from '../../lib';
import { RSA_CERTIFICATE } from '../azure/certificates';

const list = () => Token.asList('${var.list}');
const KUSTOMIZE = FluxServiceAccount.controller(FluxController.KUSTOMIZE);
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/11112222-3333-4444-8555-666677778888';
const AKS = '/subscriptions/11112222-3333-4444-8555-666677778888/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/prod';
const HOSTED = { jwks: Jwks.fromText(JWK), previousIssuers: list() };

function role(scope: TerraformStack, issuer: IClusterIssuer): FluxIrsaRole {
  return new FluxIrsaRole(scope, 'Role', { oidcProviders: [new FluxOidcProvider(scope, 'Oidc', { issuer })], region: 'eu-west-1', serviceAccounts: [KUSTOMIZE] });
}
const flux = (scope: TerraformStack, issuer: IClusterIssuer) => new FluxInstallation(scope, 'Flux', { issuer, version: FluxVersion.V2_10 });

/** Every option that is a list of texts, with a list that only Terraform knows. */
const SLOTS: { readonly [slot: string]: (scope: TerraformStack, issuer: IClusterIssuer) => void } = {
  'FluxGcpWorkloadPool.namespaces': (s, issuer) => new FluxGcpWorkloadPool(s, 'X', { poolId: 'flux-prod', issuer, namespaces: list() }),
  'FluxGcpWorkloadPool.allowedAudiences': (s, issuer) => new FluxGcpWorkloadPool(s, 'X', { poolId: 'flux-prod', issuer, projectNumber: '123456789012', allowedAudiences: list() }),
  'S3HostedIssuer.previousIssuers': (s) => new S3HostedIssuer(s, 'X', { ...HOSTED, bucketName: 'acme-issuer', region: 'eu-west-1' }),
  'GcsHostedIssuer.previousIssuers': (s) => new GcsHostedIssuer(s, 'X', { ...HOSTED, bucketName: 'acme-issuer', location: 'EU' }),
  'BlobHostedIssuer.previousIssuers': (s) => new BlobHostedIssuer(s, 'X', { ...HOSTED, accountName: 'acmeissuer', resourceGroupName: 'rg', location: 'westeurope' }),
  'AksPermissions.access.namespaces': (s, issuer) => {
    new FluxAzureFederatedIdentity(s, 'X', { name: 'flux', resourceGroupName: 'rg', location: 'westeurope', issuers: [issuer], serviceAccounts: [KUSTOMIZE] })
      .grant('Aks', AksPermissions.access(AKS, { role: AksRole.READER, namespaces: list() }));
  },
  'FluxAzureDecryptRole.assignableScopes': (s) => new FluxAzureDecryptRole(s, 'X', { name: 'decrypt', assignableScopes: list() }),
  'FluxAzureApplication.owners': (s) => new FluxAzureApplication(s, 'X', { displayName: 'flux', certificate: RSA_CERTIFICATE, serviceAccounts: [SOURCE], owners: list() }),
  'FluxOidcProvider.thumbprints': (s, issuer) => new FluxOidcProvider(s, 'X', { issuer, thumbprints: list() }),
  'FluxEcrRepositoryPolicy.sourcePolicyDocuments': (s) => new FluxEcrRepositoryPolicy(s, 'X', { repositoryArn: 'arn:aws:ecr:eu-west-1:111122223333:repository/a', sourcePolicyDocuments: list() }),
  'FluxKmsKeyPolicy.sourcePolicyDocuments': (s) => new FluxKmsKeyPolicy(s, 'X', { keyArn: KEY, sourcePolicyDocuments: list() }),
  'FluxKmsKeyPolicy.administrators': (s) => new FluxKmsKeyPolicy(s, 'X', { keyArn: KEY, administrators: list() }),
  'FluxS3BucketPolicy.sourcePolicyDocuments': (s) => new FluxS3BucketPolicy(s, 'X', { bucketArn: 'arn:aws:s3:::a', sourcePolicyDocuments: list() }),
  'EksPermissions.access.groups': (s, issuer) => {
    role(s, issuer).grant('Eks', EksPermissions.access('arn:aws:eks:eu-west-1:111122223333:cluster/prod', { groups: list(), authenticationMode: 'API' }));
  },
  'AwsPermission.of.actions': (s, issuer) => void role(s, issuer).grant('Own', AwsPermission.of({ actions: list(), resources: ['arn:aws:s3:::a'] })),
  'AwsPermission.of.resources': (s, issuer) => void role(s, issuer).grant('Own', AwsPermission.of({ actions: ['s3:GetObject'], resources: list() })),
  'FluxIamUser.accessKeys': (s) => new FluxIamUser(s, 'X', { name: 'flux', accessKeys: list() } as any),
  'FluxInstallation.acknowledgeWarnings': (s, issuer) => new FluxInstallation(s, 'X', { issuer, version: FluxVersion.V2_10, acknowledgeWarnings: list() }),
  'FluxKustomization.resources': (s, issuer) => {
    new TerraformOutput(s, 'Yaml', { value: new FluxKustomization(s, 'X', { installation: flux(s, issuer), resources: list() }).yaml });
  },
  'FluxRemoteCluster.generic.audiences': (s, issuer) => {
    const installation = flux(s, issuer);
    FluxRemoteCluster.generic(s, 'X', { installation, namespace: 'team-a', name: 'c', address: 'https://x.example.com', audiences: list(), serviceAccount: TENANT } as any);
    new TerraformOutput(s, 'Yaml', { value: new FluxManifests(s, 'Manifests', { installation }).yaml });
  },
};
/** Where it goes on as a whole. */
const TAKEN = ['FluxAzureApplication.owners', 'EksPermissions.access.groups', 'FluxRemoteCluster.generic.audiences'];

test.each(Object.keys(SLOTS))('%s', (slot) => {
  const scope = new TerraformStack(Testing.app(), 'test');
  new GoogleProvider(scope, 'Google', { project: 'acme-prod' });
  new AzurermProvider(scope, 'Azurerm', { features: [{}] });
  const make = () => SLOTS[slot](scope, ClusterIssuer.oidc(scope, 'Cluster', { url: 'https://oidc.example.com/prod' }));
  if (TAKEN.includes(slot)) {
    make();
    const text = Testing.synth(scope);
    expect(text).toContain('${var.list}');
    expect(text).not.toContain('TfToken');
  } else {
    expect(make).toThrow(expect.objectContaining({ name: 'ValidationError', message: expect.stringContaining('a list that only Terraform knows') }));
  }
});
