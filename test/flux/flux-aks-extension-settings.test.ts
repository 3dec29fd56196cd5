import { TerraformStack, Testing } from 'cdktf';
import { errorOf, FakeIdentity, FakeIdentityProps, known } from './fakes';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxCloud } from '../../lib/core/flux-identity';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxAksExtensionSettings } from '../../lib/flux/flux-aks-extension-settings';
import { FluxInstallation, FluxInstallationProps } from '../../lib/flux/flux-installation';
import { FluxLockdown } from '../../lib/flux/flux-lockdown';
import { FluxRemoteCluster } from '../../lib/flux/flux-remote-cluster';
import { FluxTenant } from '../../lib/flux/flux-tenant';
import { FluxTesting } from '../../lib/flux/flux-testing';

const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);
const REFLECTOR = FluxServiceAccount.controller(FluxController.IMAGE_REFLECTOR);

function azure(clientId: string) {
  return { annotations: { 'azure.workload.identity/client-id': clientId, 'azure.workload.identity/tenant-id': 'tenant' }, podLabels: { 'azure.workload.identity/use': 'true' } };
}

function installed(identities: FakeIdentityProps[], props: Partial<FluxInstallationProps> = {}) {
  const stack = new TerraformStack(Testing.app(), 'stack');
  const issuer = ClusterIssuer.aks(stack, 'Cluster', { name: 'prod', resourceGroupName: 'rg', issuerUrl: 'https://westeurope.oic.prod-aks.azure.com/t/u/' });
  const made = identities.map((identity, index) => new FakeIdentity(stack, `Id${index}`, { cloud: FluxCloud.AZURE, ...identity }));
  return { stack, flux: new FluxInstallation(stack, 'Flux', { issuer, version: FluxVersion.V2_9, identities: made, ...props }) };
}

function settings(identities: FakeIdentityProps[], props: Partial<FluxInstallationProps> = {}) {
  const { stack, flux } = installed(identities, props);
  return FluxTesting.value(stack, new FluxAksExtensionSettings(stack, 'Settings', { installation: flux }).settings);
}

describe('FluxAksExtensionSettings', () => {
  it('names the one identity of the controllers', () => {
    const one = { serviceAccounts: [SOURCE, REFLECTOR], settings: azure('client') };
    expect(settings([one], { controllers: [FluxController.SOURCE, FluxController.IMAGE_REFLECTOR] })).toEqual({
      'image-reflector-controller.enabled': 'true',
      'workloadIdentity.azureClientId': 'client',
      'workloadIdentity.azureTenantId': 'tenant',
      'workloadIdentity.enable': 'true',
    });
  });

  it.each([
    FluxController.SOURCE, FluxController.KUSTOMIZE, FluxController.NOTIFICATION, FluxController.IMAGE_REFLECTOR, FluxController.IMAGE_AUTOMATION,
  ])('takes %s', (controller) => {
    const one = { serviceAccounts: [FluxServiceAccount.controller(controller)], settings: azure('client') };
    expect(settings([one])).toMatchObject({ 'workloadIdentity.azureClientId': 'client' });
  });

  it('enables the image controllers, unless they are left out of `controllers`', () => {
    const one = { serviceAccounts: [SOURCE], settings: azure('client') };
    const enabled = (props: Partial<FluxInstallationProps>) => Object.keys(settings([one], props)).filter((name) => name.endsWith('.enabled'));
    expect(enabled({})).toEqual(['image-automation-controller.enabled', 'image-reflector-controller.enabled']);
    expect(enabled({ controllers: [FluxController.SOURCE, FluxController.KUSTOMIZE] })).toEqual([]);
  });

  it('takes tenants whose accounts have no identity: they act in Kubernetes only', () => {
    const { stack, flux } = installed([{ serviceAccounts: [SOURCE], settings: azure('client') }]);
    const delivery = new FluxAksExtensionSettings(stack, 'Settings', { installation: flux });
    new FluxTenant(stack, 'Team', { installation: flux, namespace: 'team-a' });
    expect(FluxTesting.value(stack, delivery.settings)).toHaveProperty(['workloadIdentity.enable'], 'true');
  });

  it('refuses another namespace', () => {
    const one = { serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE, 'gitops')], settings: azure('client') };
    const message = errorOf(() => settings([one], { namespace: 'gitops' }));
    expect(message).toContain('[stack/Settings] namespace "gitops".');
    expect(message).toContain('Allowed: "flux-system"');
  });

  it('hands tokens on', () => {
    const stack = new TerraformStack(Testing.app(), 'other');
    const client = known(stack, 'client');
    expect(settings([{ serviceAccounts: [SOURCE], settings: azure(client) }])['workloadIdentity.azureClientId']).toBe('${var.client}');
  });

  it.each<[string, FakeIdentityProps[], string, string]>([
    ['helm-controller', [{ serviceAccounts: [SOURCE, FluxServiceAccount.controller(FluxController.HELM)], settings: azure('c') }], 'helm-controller in identity "stack/Id0".', 'source-controller, kustomize-controller, notification-controller, image-automation-controller, image-reflector-controller'],
    ['source-watcher', [{ serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE_WATCHER)], settings: azure('c') }], 'source-watcher in identity "stack/Id0".', 'Fix: remove source-watcher from the identity'],
    ['object level', [{ serviceAccounts: [FluxServiceAccount.of('team-a', 'flux')], settings: azure('c') }], 'object-level service account "team-a/flux".', 'github.com/Azure/AKS/issues/5714'],
    ['other clouds', [{ cloud: FluxCloud.AWS, serviceAccounts: [SOURCE] }], 'identity "stack/Id0" of flux-system/source-controller.', 'Azure identities by workload identity federation'],
    ['certificates', [{ serviceAccounts: [SOURCE], settings: { env: [{ name: 'AZURE_CLIENT_ID', value: 'c' }] } }], 'identity "stack/Id0"', 'install Flux with bootstrap'],
    ['two identities', [{ serviceAccounts: [SOURCE], settings: azure('a') }, { serviceAccounts: [REFLECTOR], settings: azure('b') }], 'several Azure identities.', 'make one identity for all controllers'],
    ['nobody', [], 'no identity.', 'add the identity to the installation'],
  ])('refuses %s', (_what, identities, given, help) => {
    const message = errorOf(() => settings(identities));
    expect(message).toContain(`[stack/Settings] ${given}`);
    expect(message).toContain(help);
  });

  it('refuses clusters that are not AKS, and options it does not have', () => {
    const stack = new TerraformStack(Testing.app(), 'stack');
    const issuer = ClusterIssuer.oidc(stack, 'Cluster', { url: 'https://oidc.example.com' });
    const flux = new FluxInstallation(stack, 'Flux', { issuer, version: FluxVersion.V2_9 });
    const message = errorOf(() => new FluxAksExtensionSettings(stack, 'Settings', { installation: flux }));
    expect(message).toContain('the issuer "stack/Cluster" of a cluster of kind "other".');
    expect(message).toContain('Azure Arc included');
    expect(message).toContain('use FluxKustomization or FluxInstanceConfig');
    expect(errorOf(() => new FluxAksExtensionSettings(stack, 'Settings', { installation: flux, lockdown: 1 } as any))).toContain('option "lockdown" of FluxAksExtensionSettings');
  });

  it('refuses EKS, by name', () => {
    const stack = new TerraformStack(Testing.app(), 'stack');
    const issuer = ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod', issuerUrl: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE1' });
    const installation = new FluxInstallation(stack, 'Flux', { issuer, version: FluxVersion.V2_10 });
    expect(errorOf(() => new FluxAksExtensionSettings(stack, 'Settings', { installation }))).toContain('of a cluster of kind "eks"');
  });

  it('refuses a lockdown, which the extension sets by itself', () => {
    const message = errorOf(() => settings([{ serviceAccounts: [SOURCE], settings: azure('c') }], { lockdown: FluxLockdown.kubernetes() }));
    expect(message).toContain('an installation with a lockdown.');
    expect(message).toContain('multiTenancy.enforce');
  });

  it('has its word on what is added later, and leaves nothing of what it refuses', () => {
    const { stack, flux } = installed([{ serviceAccounts: [SOURCE], settings: azure('a') }]);
    const delivery = new FluxAksExtensionSettings(stack, 'Settings', { installation: flux });
    const add = (id: string, props: FakeIdentityProps) => (
      errorOf(() => flux.addIdentity(new FakeIdentity(stack, id, { cloud: FluxCloud.AZURE, ...props })))
    );
    expect(add('Tenant', { serviceAccounts: [FluxServiceAccount.of('team-a', 'flux')], settings: azure('a') })).toContain('object-level service account "team-a/flux".');
    expect(add('Second', { serviceAccounts: [REFLECTOR], settings: azure('b') })).toContain('several Azure identities.');
    expect(add('Helm', { serviceAccounts: [FluxServiceAccount.controller(FluxController.HELM)], settings: azure('a') })).toContain('helm-controller in identity "stack/Helm".');
    expect(FluxTesting.value(stack, delivery.settings)).toMatchObject({ 'workloadIdentity.azureClientId': 'a' });
  });

  it('refuses remote clusters that need tokens of accounts when it is rendered', () => {
    const { stack, flux } = installed([{ serviceAccounts: [SOURCE], settings: azure('a') }]);
    const delivery = new FluxAksExtensionSettings(stack, 'Settings', { installation: flux });
    FluxRemoteCluster.generic(stack, 'Remote', {
      installation: flux, namespace: 'team-a', name: 'staging', address: 'https://10.0.0.1', serviceAccount: FluxServiceAccount.of('team-a', 'flux'),
    });
    expect(errorOf(() => FluxTesting.value(stack, delivery.settings))).toContain('object-level service account "team-a/flux".');
  });
});
