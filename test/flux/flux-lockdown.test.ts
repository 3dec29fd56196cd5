import { addedArguments, cluster, errorOf, FakeIdentity, patchesOf } from './fakes';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { FluxLockdown } from '../../lib/flux/flux-lockdown';

const GATE = '--feature-gates=ObjectLevelWorkloadIdentity=true';

function patches(version: FluxVersion, lockdown: FluxLockdown, namespace?: string) {
  const { stack, issuer } = cluster();
  return patchesOf(new FluxKustomization(stack, 'Flux', { issuer, version, lockdown, namespace }).yaml);
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
    const [patch] = patches(FluxVersion.V2_9, FluxLockdown.kubernetes());
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
    const { stack, issuer } = cluster();
    const identity = new FakeIdentity(stack, 'A', { serviceAccounts: [FluxServiceAccount.of('team-a', 'flux')] });
    const { yaml } = new FluxKustomization(stack, 'Flux', {
      issuer, version: FluxVersion.V2_9, identities: [identity], lockdown: FluxLockdown.workloadIdentity(),
    });
    const found = patchesOf(yaml);
    expect(addedArguments(found, FluxController.HELM).filter((arg) => arg === GATE)).toHaveLength(1);
    expect(found.filter(({ target }) => target.name === FluxController.HELM)).toHaveLength(1);
  });

  it('warns of an identity of source-controller, which HelmRepositories of tenants act as', () => {
    const { stack, issuer } = cluster();
    const warnings = (id: string, controller: FluxController, lockdown: FluxLockdown) => {
      const identity = new FakeIdentity(stack, `Id-${id}`, { serviceAccounts: [FluxServiceAccount.controller(controller)] });
      const flux = new FluxKustomization(stack, id, { issuer, version: FluxVersion.V2_9, lockdown, identities: [identity] });
      return flux.node.metadata.filter(({ type }) => type.endsWith('warn')).map(({ data }) => data);
    };
    expect(warnings('Source', FluxController.SOURCE, FluxLockdown.workloadIdentity())).toEqual([
      expect.stringContaining('Id-Source": an identity of source-controller beside FluxLockdown.workloadIdentity. HelmRepositories (type: oci)'),
    ]);
    expect(warnings('Kustomize', FluxController.KUSTOMIZE, FluxLockdown.workloadIdentity())).toEqual([]);
    expect(warnings('Kubernetes', FluxController.SOURCE, FluxLockdown.kubernetes())).toEqual([]);
  });

  it('leaves controllers out that are not installed', () => {
    const { stack, issuer } = cluster();
    const { yaml } = new FluxKustomization(stack, 'Flux', {
      issuer, version: FluxVersion.V2_9, controllers: [FluxController.HELM, FluxController.SOURCE], lockdown: FluxLockdown.kubernetes(),
    });
    expect(patchesOf(yaml).map(({ target }) => target.name)).toEqual(['helm-controller', 'flux-system']);
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
  const { stack, issuer } = cluster();
  const message = errorOf(() => new FluxKustomization(stack, 'Flux', { issuer, version: FluxVersion.V2_9, lockdown }));
  expect(message).toContain('[stack/Flux] option "lockdown" of FluxKustomization:');
  expect(message).toContain('Fix: pass a FluxLockdown: FluxLockdown.kubernetes(...) or FluxLockdown.workloadIdentity(...)');
});
