import { aks, federated, messageOf, newStack, oidc, resolved, SOURCE, synth } from './support';
import { AzureCloud } from '../../lib/azure/azure-cloud';
import { FluxAzureEnvironment } from '../../lib/azure/flux-azure-environment';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { FluxManifests } from '../../lib/flux/flux-manifests';
import { fluxOf } from '../support';

const TENANT = FluxServiceAccount.of('team-a', 'flux');
const PRIVATE = {
  authorityHost: 'https://login.core.private/',
  resourceManagerEndpoint: 'https://management.core.private/',
  tokenAudience: 'https://management.core.private/',
};

test.each([['AKS', aks], ['another cluster', oidc]])('on %s object level signs in where its controller is told', (_name, cluster) => {
  const stack = newStack();
  const issuer = cluster(stack);
  const tenant = federated(stack, 'Tenant', { issuers: [issuer], serviceAccounts: [TENANT], azureCloud: AzureCloud.CHINA });
  const environment = new FluxAzureEnvironment(stack, 'Environment', { azureCloud: AzureCloud.CHINA, serviceAccounts: [SOURCE] });
  const yaml = resolved(stack, new FluxKustomization(stack, 'Flux', { installation: fluxOf(stack, { issuer, version: FluxVersion.V2_10, identities: [tenant, environment] }) }).yaml);
  expect(yaml).toContain('name: AZURE_AUTHORITY_HOST');
  expect(yaml).toContain('value: https://login.chinacloudapi.cn/');
  expect(yaml).not.toMatch(/AZURE_CLIENT_ID|azure.workload.identity|serviceAccountToken/);
  expect(Object.keys(synth(stack).resource)).toEqual(['azurerm_federated_identity_credential', 'azurerm_user_assigned_identity']);
});

test('mounts the file of a private cloud', () => {
  const stack = newStack();
  const issuer = oidc(stack);
  const environment = new FluxAzureEnvironment(stack, 'Environment', { azureCloud: AzureCloud.custom(PRIVATE), serviceAccounts: [SOURCE] });
  const props = { installation: fluxOf(stack, { issuer, version: FluxVersion.V2_10, identities: [environment] }) };
  const yaml = resolved(stack, new FluxKustomization(stack, 'Flux', props).yaml);
  ['name: AZURE_ENVIRONMENT_FILEPATH', 'value: /var/run/azure-environment/environment.json', 'name: flux-azure-environment', 'value: https://login.core.private/']
    .forEach((part) => expect(yaml).toContain(part));
  const manifests = resolved(stack, new FluxManifests(stack, 'Manifests', props).yaml);
  expect(manifests).toContain('kind: ConfigMap');
  expect(manifests).toContain('environment.json:');
});

test('has no place beside an identity of the same controller, which tells the cloud itself', () => {
  const stack = newStack();
  const issuer = oidc(stack);
  const identity = federated(stack, 'Images', { issuers: [issuer], azureCloud: AzureCloud.CHINA });
  const environment = new FluxAzureEnvironment(stack, 'Environment', { azureCloud: AzureCloud.CHINA, serviceAccounts: [SOURCE] });
  expect(messageOf(() => fluxOf(stack, { issuer, version: FluxVersion.V2_10, identities: [identity, environment] })))
    .toContain('in two identities of cloud "azure"');
});

test.each<[string, any, string, string]>([
  ['an object-level account', { azureCloud: AzureCloud.CHINA, serviceAccounts: [TENANT] }, 'object-level service account "team-a/flux"', 'pass the controllers'],
  ['the public cloud', { azureCloud: AzureCloud.PUBLIC, serviceAccounts: [SOURCE] }, 'AzureCloud.PUBLIC', 'leave the construct out'],
  ['no controller', { azureCloud: AzureCloud.CHINA, serviceAccounts: [] }, 'no service account', 'Fix: '],
  ['an unknown option', { azureCloud: AzureCloud.CHINA, serviceAccounts: [SOURCE], controllers: [] }, 'option "controllers"', 'correct the spelling'],
])('%s is refused', (_name, props, given, fix) => {
  const message = messageOf(() => new FluxAzureEnvironment(newStack(), 'Environment', props));
  expect(message).toContain('[stack/Environment] ');
  expect(message).toContain(given);
  expect(message).toContain(fix);
});
