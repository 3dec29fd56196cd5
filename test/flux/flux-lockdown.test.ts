import { addedArguments, errorOf, installed, installedFor, patchesOf, warned } from './fakes';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { FluxLockdown } from '../../lib/flux/flux-lockdown';
import { FluxTenant } from '../../lib/flux/flux-tenant';
import { FluxTokenRights } from '../../lib/flux/flux-token-rights';

const GATE = '--feature-gates=ObjectLevelWorkloadIdentity=true';

function patches(version: FluxVersion, lockdown: FluxLockdown, namespace?: string) {
  const { stack, flux } = installed({ version, lockdown, namespace });
  return patchesOf(new FluxKustomization(stack, 'Kustomization', { installation: flux }));
}

describe('FluxLockdown.kubernetes', () => {
  it.each([
    [FluxController.SOURCE, []],
    [FluxController.KUSTOMIZE, ['--no-cross-namespace-refs=true', '--no-remote-bases=true', '--default-service-account=default']],
    [FluxController.HELM, ['--no-cross-namespace-refs=true', '--default-service-account=default']],
    [FluxController.NOTIFICATION, ['--no-cross-namespace-refs=true']],
    [FluxController.IMAGE_REFLECTOR, ['--no-cross-namespace-refs=true']],
    [FluxController.IMAGE_AUTOMATION, ['--no-cross-namespace-refs=true']],
    [FluxController.SOURCE_WATCHER, ['--no-cross-namespace-refs=true']],
  ])('gives %s the arguments %j, and no gate', (controller, args) => {
    expect(addedArguments(patches(FluxVersion.V2_9, FluxLockdown.kubernetes()), controller)).toEqual(args);
  });

  it('exists in Flux 2.6, without source-watcher', () => {
    const found = patches(FluxVersion.V2_6, FluxLockdown.kubernetes({ defaultServiceAccount: 'flux' }));
    expect(addedArguments(found, FluxController.HELM)).toEqual(['--no-cross-namespace-refs=true', '--default-service-account=flux']);
    expect(found.some(({ target }) => target.name === FluxController.SOURCE_WATCHER)).toBe(false);
  });

  it.each([FluxLockdown.kubernetes(), FluxLockdown.workloadIdentity()])('has an account for source-watcher from Flux 2.10 on, which knows the flag', (lockdown) => {
    expect(addedArguments(patches(FluxVersion.V2_10, lockdown), FluxController.SOURCE_WATCHER)).toEqual([
      '--no-cross-namespace-refs=true', '--default-service-account=default',
    ]);
  });

  it('guards the index of the container', () => {
    const patch = patches(FluxVersion.V2_9, FluxLockdown.kubernetes()).find(({ target }) => target.kind === 'Deployment');
    expect(patch.patch[0]).toEqual({ op: 'test', path: '/spec/template/spec/containers/0/name', value: 'manager' });
  });

  it.each([undefined, 'gitops'])('keeps the platform out of it (namespace %s)', (namespace) => {
    expect(patches(FluxVersion.V2_9, FluxLockdown.kubernetes(), namespace).pop()).toEqual({
      target: { group: 'kustomize.toolkit.fluxcd.io', kind: 'Kustomization', name: namespace ?? 'flux-system' },
      patch: [{ op: 'add', path: '/spec/serviceAccountName', value: 'kustomize-controller' }],
    });
  });
});

describe('FluxLockdown.workloadIdentity', () => {
  const lockdown = () => FluxLockdown.workloadIdentity({
    defaultServiceAccount: 'flux', defaultDecryptionServiceAccount: 'sops', defaultKubeConfigServiceAccount: 'remote',
  });

  it.each([
    [FluxController.SOURCE, [GATE, '--default-service-account=flux']],
    [FluxController.KUSTOMIZE, [
      GATE, '--no-cross-namespace-refs=true', '--no-remote-bases=true', '--default-service-account=flux',
      '--default-decryption-service-account=sops', '--default-kubeconfig-service-account=remote',
    ]],
    [FluxController.HELM, [GATE, '--no-cross-namespace-refs=true', '--default-service-account=flux', '--default-kubeconfig-service-account=remote']],
    [FluxController.NOTIFICATION, [GATE, '--no-cross-namespace-refs=true', '--default-service-account=flux']],
    [FluxController.IMAGE_REFLECTOR, [GATE, '--no-cross-namespace-refs=true', '--default-service-account=flux']],
    [FluxController.IMAGE_AUTOMATION, [GATE, '--no-cross-namespace-refs=true', '--default-service-account=flux']],
    [FluxController.SOURCE_WATCHER, ['--no-cross-namespace-refs=true']],
  ])('gives %s the arguments %j', (controller, args) => {
    expect(addedArguments(patches(FluxVersion.V2_9, lockdown()), controller)).toEqual(args);
  });

  it('never names the gate in Flux 2.10', () => {
    const found = patches(FluxVersion.V2_10, lockdown());
    expect(JSON.stringify(found)).not.toContain('ObjectLevelWorkloadIdentity');
    expect(addedArguments(found, FluxController.SOURCE)).toEqual(['--default-service-account=flux']);
  });

  it('defaults every account to "default"', () => {
    expect(addedArguments(patches(FluxVersion.V2_9, FluxLockdown.workloadIdentity()), FluxController.KUSTOMIZE)).toEqual(expect.arrayContaining([
      '--default-service-account=default', '--default-decryption-service-account=default', '--default-kubeconfig-service-account=default',
    ]));
  });

  it('is an error in Flux 2.6 that names 2.7', () => {
    const message = errorOf(() => patches(FluxVersion.V2_6, lockdown()));
    expect(message).toContain('FluxLockdown.workloadIdentity in Flux 2.6');
    expect(message).toContain('Fix: upgrade to Flux 2.7');
  });
});

describe('order and combination', () => {
  it('lists the gate once, in one patch with the lockdown', () => {
    const { stack, flux } = installedFor([FluxServiceAccount.of('team-a', 'flux')], undefined, { lockdown: FluxLockdown.workloadIdentity() });
    const found = patchesOf(new FluxKustomization(stack, 'Kustomization', { installation: flux }));
    expect(addedArguments(found, FluxController.HELM).filter((arg) => arg === GATE)).toHaveLength(1);
    expect(found.filter(({ target }) => target.name === FluxController.HELM)).toHaveLength(1);
  });

  it('warns of an identity of source-controller, which HelmRepositories of tenants act as', () => {
    const warnings = (controller: FluxController, lockdown: FluxLockdown) => installedFor(
      [FluxServiceAccount.controller(controller)], undefined, { lockdown },
    ).flux.warnings.filter(({ id }) => id === 'lockdown-helm-repositories').map(({ message }) => message);
    expect(warnings(FluxController.SOURCE, FluxLockdown.workloadIdentity())).toEqual([
      expect.stringContaining('"stack/Id": an identity of source-controller beside FluxLockdown.workloadIdentity. HelmRepositories (type: oci)'),
    ]);
    expect(warnings(FluxController.KUSTOMIZE, FluxLockdown.workloadIdentity())).toEqual([]);
    expect(warnings(FluxController.SOURCE, FluxLockdown.kubernetes())).toEqual([]);
  });

  it('leaves controllers out that are not installed', () => {
    const { stack, flux } = installed({ controllers: [FluxController.HELM, FluxController.SOURCE], lockdown: FluxLockdown.kubernetes() });
    const found = patchesOf(new FluxKustomization(stack, 'Kustomization', { installation: flux }));
    expect(found.filter(({ target }) => target.kind !== 'ClusterRole').map(({ target }) => target.name)).toEqual(['helm-controller', 'flux-system']);
  });
});

describe('bad input', () => {
  it.each([
    ['default service account', () => FluxLockdown.kubernetes({ defaultServiceAccount: 'Flux' }), '"Flux"'],
    ['default decryption service account', () => FluxLockdown.workloadIdentity({ defaultDecryptionServiceAccount: '*' }), '"*"'],
    ['default kubeconfig service account', () => FluxLockdown.workloadIdentity({ defaultKubeConfigServiceAccount: '' }), '""'],
    ['option "serviceAccount"', () => FluxLockdown.kubernetes({ serviceAccount: 'flux' } as any), 'FluxLockdown.kubernetes'],
  ])('refuses %s', (what, action, given) => {
    const message = errorOf(action);
    expect(message).toContain(what);
    expect(message).toContain(given);
    expect(message).toContain('Fix: ');
  });
});

it.each<any>([true, { defaultServiceAccount: 'default' }])('%j is no lockdown', (lockdown) => {
  const message = errorOf(() => installed({ lockdown }));
  expect(message).toContain('[stack/Flux] option "lockdown" of FluxInstallation:');
  expect(message).toContain('Fix: pass a FluxLockdown: FluxLockdown.kubernetes(...) or FluxLockdown.workloadIdentity(...)');
});

describe('token rights under a lockdown', () => {
  const role = (version: FluxVersion, lockdown?: FluxLockdown, namespace?: string) => {
    const { stack, flux } = installed({ version, lockdown, namespace });
    return patchesOf(new FluxKustomization(stack, 'Kustomization', { installation: flux })).filter(({ target }) => target.kind === 'ClusterRole');
  };

  it.each([
    [FluxVersion.V2_6, '/rules/10'],
    [FluxVersion.V2_7, '/rules/11'],
    [FluxVersion.V2_8, '/rules/11'],
    [FluxVersion.V2_9, '/rules/11'],
  ])('are taken out of the ClusterRole of this installation of Flux %s, by a guarded index', (version, path) => {
    expect(role(version, FluxLockdown.kubernetes(), 'gitops')).toEqual([{
      target: { kind: 'ClusterRole', name: 'crd-controller-gitops' },
      patch: [{ op: 'test', path: `${path}/resources`, value: ['serviceaccounts/token'] }, { op: 'remove', path }],
    }]);
  });

  it('are per account already from Flux 2.10 on, and as installed without a lockdown', () => {
    expect(role(FluxVersion.V2_10, FluxLockdown.workloadIdentity())).toEqual([]);
    expect(role(FluxVersion.V2_9)).toEqual([]);
  });

  it('stay as installed by an option of the lockdown', () => {
    const tokenRights = FluxTokenRights.AS_INSTALLED;
    expect(role(FluxVersion.V2_9, FluxLockdown.kubernetes({ tokenRights }))).toEqual([]);
    expect(role(FluxVersion.V2_9, FluxLockdown.workloadIdentity({ tokenRights }))).toEqual([]);
    expect(errorOf(() => FluxLockdown.kubernetes({ tokenRights: 'none' as any }))).toContain('as-installed, per-account');
  });
});

describe('tenants without a lockdown', () => {
  it('are warned of: whoever names no account applies as cluster-admin', () => {
    const { stack, flux } = installed();
    expect(warned(flux)).toEqual([]);
    new FluxTenant(stack, 'A', { installation: flux, namespace: 'team-a' });
    expect(flux.warnings.find(({ id }) => id === 'tenants-without-lockdown')!.message).toContain('a tenant without a lockdown: a Kustomization or HelmRelease');
    const locked = installed({ lockdown: FluxLockdown.kubernetes() });
    new FluxTenant(locked.stack, 'A', { installation: locked.flux, namespace: 'team-a' });
    expect(warned(locked.flux)).not.toContain('tenants-without-lockdown');
  });
});
