import { aks, azurerm, JWK, kind, SECRET, SOURCE } from './core';
import { granted, Rows } from './row';
import {
  AcrPermissions, AzureCertificateHolder, AzureCertificateSecret, AzureCloud, AzurePermission, FluxAzureApplication, FluxAzureKubeletIdentity,
  FluxNodeUse, Jwks,
} from '../../lib';
import { RSA_CERTIFICATE } from '../azure/certificates';
import { SAMPLES } from '../azure/permissions/samples';
import { federated, GROUP, holder, RESOURCES, SUBSCRIPTION } from '../azure/support';

const [GUID, OTHER] = ['00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-00000000000b'];
const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/flux`;
const HOSTED = { accountName: 'acmeoidc', resourceGroupName: 'g', jwks: Jwks.fromText(JWK), previousIssuers: [] };
const DOCUMENT = '{"issuer":"https://acmeoidc.blob.core.windows.net/oidc","jwks_uri":"https://acmeoidc.blob.core.windows.net/oidc/openid/v1/jwks"}';
const CLOUD = { authorityHost: 'https://login.core.private/', resourceManagerEndpoint: 'https://management.core.private/', tokenAudience: 'https://management.core.private/' };
const application = (s: any) => new FluxAzureApplication(s, 'App', { displayName: 'flux', certificate: RSA_CERTIFICATE, serviceAccounts: [SOURCE] });
const kubelet = (s: any) => FluxAzureKubeletIdentity.fromIds(s, 'Kubelet', { issuer: aks(s), serviceAccounts: [SOURCE], principalId: GUID, clientId: OTHER });

export const AZURE: Rows = {
  'AzureCertificateSecret.pem': { args: () => ['${TfToken[TOKEN.0]}'] },
  'AzureCertificateSecret.pkcs12': { args: () => ['${TfToken[TOKEN.0]}', 'password'] },
  'AzureCloud.custom': { args: () => [CLOUD], optional: () => ({ containerRegistryDnsSuffix: 'azurecr.private', configMapName: 'environment' }) },
  'AzureDevOpsProvider': {
    args: (s) => [s, 'X', { orgServiceUrl: 'https://dev.azure.com/acme' }],
    optional: () => ({
      alias: 'a', personalAccessToken: 'a', clientId: GUID, tenantId: GUID, clientSecret: 'a', clientCertificatePath: 'a', clientCertificatePassword: 'a', useOidc: true, oidcTokenFilePath: 'a', useMsi: true, useCli: true,
    }),
  },
  'BlobHostedIssuer': {
    args: (s) => [s, 'X', { ...HOSTED, location: 'westeurope' }],
    optional: (s) => ({ discoveryDocument: DOCUMENT, containerName: 'oidc', storageSuffix: 'core.windows.net', replication: 'ZRS', tags: { a: 'b' }, allowDestroy: true, provider: azurerm(s) }),
  },
  'BlobHostedIssuer.inAccount': {
    args: (s) => [s, 'X', HOSTED],
    optional: (s) => ({ discoveryDocument: DOCUMENT, containerName: 'oidc', storageSuffix: 'core.windows.net', provider: azurerm(s) }),
  },
  'FluxAzureApplication': {
    args: (s) => [s, 'X', { displayName: 'flux', certificate: RSA_CERTIFICATE, serviceAccounts: [SOURCE] }],
    optional: (s) => ({
      serviceAccounts: [SOURCE],
      secrets: [SECRET],
      secretName: 'certificate',
      secret: AzureCertificateSecret.existing(),
      sendCertificateChain: true,
      certificateHolder: AzureCertificateHolder.APPLICATION,
      endDate: '2027-12-31T00:00:00Z',
      owners: [GUID],
      azureCloud: AzureCloud.CHINA,
      provider: azurerm(s),
      azurermProvider: azurerm(s),
    }),
    beside: () => ({ serviceAccounts: { secrets: [SECRET] } }),
  },
  'FluxAzureApplication#grant': { on: application, args: () => ['G', AzurePermission.of(GUID, GROUP)] },
  'FluxAzureDecryptRole': {
    args: (s) => [s, 'X', { name: 'decrypt', assignableScopes: [SUBSCRIPTION] }],
    optional: (s) => ({ description: 'a', provider: azurerm(s) }),
  },
  'FluxAzureEnvironment': { args: (s) => [s, 'X', { azureCloud: AzureCloud.CHINA, serviceAccounts: [SOURCE] }] },
  'FluxAzureFederatedIdentity': {
    args: (s) => [s, 'X', { name: 'flux', resourceGroupName: 'g', location: 'westeurope', issuers: [kind(s)], serviceAccounts: [SOURCE] }],
    optional: (s) => ({ audience: 'a', azureCloud: AzureCloud.CHINA, provider: azurerm(s), tags: { a: 'b' } }),
  },
  'FluxAzureFederatedIdentity.lookup': {
    args: (s) => [s, 'X', { name: 'flux', resourceGroupName: 'g', issuers: [kind(s)], serviceAccounts: [SOURCE] }],
    optional: (s) => ({ audience: 'a', azureCloud: AzureCloud.CHINA, provider: azurerm(s) }),
  },
  'FluxAzureFederatedIdentity.fromIdentityId': {
    args: (s) => [s, 'X', { identityId: IDENTITY, clientId: GUID, principalId: OTHER, tenantId: GUID, issuers: [kind(s)], serviceAccounts: [SOURCE] }],
    optional: (s) => ({ audience: 'a', azureCloud: AzureCloud.CHINA, provider: azurerm(s) }),
  },
  'FluxAzureFederatedIdentity#grant': { on: federated, args: () => ['G', AcrPermissions.pull(RESOURCES.registry)] },
  'FluxAzureKubeletIdentity.lookup': {
    args: (s) => [s, 'X', { issuer: aks(s), serviceAccounts: [SOURCE], clusterName: 'c', resourceGroupName: 'g' }],
    optional: (s) => ({ use: FluxNodeUse.UNTESTED, azureCloud: AzureCloud.CHINA, provider: azurerm(s) }),
  },
  'FluxAzureKubeletIdentity.fromIds': {
    args: (s) => [s, 'X', { issuer: aks(s), serviceAccounts: [SOURCE], principalId: GUID, clientId: OTHER }],
    optional: (s) => ({ use: FluxNodeUse.UNTESTED, azureCloud: AzureCloud.CHINA, provider: azurerm(s) }),
  },
  'FluxAzureKubeletIdentity#grant': { on: kubelet, args: () => ['G', AcrPermissions.pull(RESOURCES.registry)] },
  ...granted(holder, {
    ...SAMPLES,
    'AzurePermission.of': { args: () => [GUID, GROUP, {}], spare: 1, optional: (s) => ({ condition: 'true', provider: azurerm(s) }) },
  }),
};
