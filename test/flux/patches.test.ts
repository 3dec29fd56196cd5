import { addedArguments, documentsOf, errorOf, installed, installedFor, known, patchesOf, resolved } from './fakes';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxInstallationProps } from '../../lib/flux/flux-installation';
import { FluxKustomization, FluxKustomizationProps } from '../../lib/flux/flux-kustomization';
import { FluxLockdown } from '../../lib/flux/flux-lockdown';

const TENANT = FluxServiceAccount.of('team-a', 'flux');
const REPLACES = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\nspec: {template: {spec: {containers: [{name: manager, args: [--log-level=debug]}]}}}\n';

function kustomization(props: Partial<FluxKustomizationProps>, accounts: FluxServiceAccount[] = [], more: Partial<FluxInstallationProps> = {}) {
  const { stack, flux } = installedFor(accounts, undefined, more);
  const delivery = new FluxKustomization(stack, 'Kustomization', { installation: flux, ...props });
  return { delivery, stack, warnings: flux.warnings.filter(({ id }) => id.startsWith('patch-')) };
}

describe('resources and patches of the user', () => {
  it('come after the library\'s, in their order', () => {
    const b = { target: { kind: 'Deployment', labelSelector: 'app=source-controller' }, patch: 'b: 2\n' };
    const a = { patch: 'a: 1\n' };
    const { delivery } = kustomization({ resources: ['../z', '../a.yaml'], patches: [b, a] }, [FluxServiceAccount.controller(FluxController.SOURCE)]);
    const [document] = documentsOf(delivery);
    expect(document.resources).toEqual(['gotk-components.yaml', 'gotk-sync.yaml', '../z', '../a.yaml']);
    expect(document.patches.map(({ target }: any) => target?.kind)).toEqual(['ServiceAccount', 'Deployment', undefined]);
    expect(document.patches.slice(1)).toEqual([b, a]);
  });

  it('may hold tokens and template marks', () => {
    const { stack, flux } = installed();
    const { yaml } = new FluxKustomization(stack, 'Kustomization', { installation: flux, patches: [{ patch: `value: ${known(stack, 'v')}` }, { patch: 'value: ${x}' }] });
    const text = resolved(stack, yaml);
    expect(text).toContain('patch: ${replace(jsonencode("value: ${var.v}"), "\\u0085", "\\\\u0085")}');
    expect(text).toContain('value: $${x}');
  });
});

describe('a strategic-merge patch of `args`', () => {
  it.each([
    ['by the target', { target: { kind: 'Deployment', name: 'source-controller' }, patch: REPLACES }],
    ['by its own kind', { patch: REPLACES }],
    ['of one container', { patch: REPLACES.replace('containers: [', 'containers: [{name: sidecar}, null, ') }],
  ])('is warned of (%s)', (_how, patch) => {
    const { warnings } = kustomization({ patches: [{ patch: 'a: 1' }, patch] });
    expect(warnings.map(({ id }) => id)).toEqual(['patch-arguments:stack/Kustomization:2']);
    expect(warnings[0].message).toContain('"stack/Kustomization": patch 2 of `patches` sets `args` by strategic merge, which replaces the whole list');
    expect(warnings[0].message).toContain('/spec/template/spec/containers/0/args/-');
  });

  it.each([
    ['a JSON patch', '- {op: add, path: /spec/template/spec/containers/0/args/-, value: --log-level=debug}'],
    ['env', 'kind: Deployment\nspec: {template: {spec: {containers: [{name: manager, env: []}]}}}'],
    ['another kind', 'kind: StatefulSet\nspec: {template: {spec: {containers: [{name: x, args: []}]}}}'],
    ['no YAML', '{{{'],
    ['an alias of nothing', '*nothing'],
    ['nothing', '~'],
    ...['', 'spec: ~', 'spec: {template: ~}', 'spec: {template: {spec: ~}}', 'spec: {template: {spec: {containers: {}}}}'].map((rest): [string, string] => [`a Deployment with "${rest}"`, `kind: Deployment\n${rest}`]),
  ])('is not seen in %s', (_what, patch) => {
    expect(kustomization({ patches: [{ patch }] }).warnings).toEqual([]);
  });
});

describe('the gate', () => {
  const off = { target: { kind: 'Deployment' }, patch: '- {op: add, path: /spec/template/spec/containers/0/args/-, value: --feature-gates=ObjectLevelWorkloadIdentity=false}' };
  const on = { ...off, patch: off.patch.replace('false', 'true') };

  it.each<[string, Partial<FluxInstallationProps>, FluxServiceAccount[]]>([
    ['an object-level identity', {}, [TENANT]],
    ['a lockdown toward clouds', { lockdown: FluxLockdown.workloadIdentity() }, []],
    ['nothing that needs it yet', {}, []],
  ])('may not be switched off by a patch beside %s', (_what, props, accounts) => {
    const message = errorOf(() => kustomization({ patches: [off] }, accounts, props));
    expect(message).toContain('[stack/Kustomization] patch 1 of `patches`, which switches the feature gate ObjectLevelWorkloadIdentity off.');
    expect(message).toContain('Fix: remove the gate from the patch');
  });

  it('may be switched on by a patch; one that does not name it passes in every Flux', () => {
    const { delivery } = kustomization({ patches: [on] });
    expect(documentsOf(delivery)[0].patches).toEqual([on]);
    expect(documentsOf(kustomization({ patches: [{ patch: 'a: 1' }] }, [], { version: FluxVersion.V2_10 }).delivery)[0].patches).toEqual([{ patch: 'a: 1' }]);
  });

  it.each([on, off])('may not be named at all in Flux 2.10', (patch) => {
    const message = errorOf(() => kustomization({ patches: [patch] }, [], { version: FluxVersion.V2_10 }));
    expect(message).toContain('names the feature gate ObjectLevelWorkloadIdentity, in Flux 2.10.');
    expect(message).toContain('the gate is retired: object level is always on, and controllers ignore what the gate is set to');
  });

  it('goes to the controllers that know it, by version', () => {
    const gated = (of: FluxVersion) => patchesOf(kustomization({}, [TENANT], { version: of }).delivery).map(({ target }) => target.name);
    expect(gated(FluxVersion.V2_6)).toEqual(['source-controller', 'kustomize-controller', 'notification-controller', 'image-reflector-controller', 'image-automation-controller']);
    expect(gated(FluxVersion.V2_9)).toEqual([
      'source-controller', 'kustomize-controller', 'helm-controller', 'notification-controller', 'image-reflector-controller', 'image-automation-controller',
    ]);
    expect(gated(FluxVersion.V2_10)).toEqual([]);
  });

  it('needs a controller that can act as the account', () => {
    const message = errorOf(() => kustomization({}, [TENANT], { controllers: [FluxController.SOURCE_WATCHER] }));
    expect(message).toContain('object-level service account "team-a/flux" with controllers source-watcher in Flux 2.9.');
    expect(message).toContain('add the controller that should use it');
    const older = errorOf(() => kustomization({}, [TENANT], { controllers: [FluxController.HELM], version: FluxVersion.V2_6 }));
    expect(older).toContain('Allowed: Flux 2.7 and later with these controllers');
    expect(older).toContain('Fix: upgrade to Flux 2.7');
  });
});

describe('a patch that undoes the lockdown', () => {
  const add = (value: string) => ({ target: { kind: 'Deployment' }, patch: `- {op: add, path: /spec/template/spec/containers/0/args/-, value: ${value}}` });
  const ids = (value: string, lockdown?: FluxLockdown) => kustomization({ patches: [add(value)] }, [], { lockdown }).warnings.map(({ id }) => id);

  it.each(['--no-cross-namespace-refs=false', '--no-remote-bases=false'])('is warned of with and without one: %s', (flag) => {
    expect(ids(flag)).toEqual(['patch-lockdown:stack/Kustomization:1']);
    expect(ids(flag, FluxLockdown.kubernetes())).toEqual(['patch-lockdown:stack/Kustomization:1']);
  });

  it.each(['--default-service-account=kustomize-controller', '--default-decryption-service-account=x', '--default-kubeconfig-service-account=x'])(
    'is warned of under a lockdown: %s', (flag) => {
      expect(ids(flag, FluxLockdown.workloadIdentity())).toEqual(['patch-lockdown:stack/Kustomization:1']);
      expect(ids(flag)).toEqual([]);
    });

  it('is none that says the same again', () => {
    expect(ids('--no-cross-namespace-refs=true', FluxLockdown.kubernetes())).toEqual([]);
  });
});

describe('bad patches', () => {
  it.each<[any, string]>([
    [{ patch: '' }, 'patch 1 of `patches`: ""'],
    [{ patch: ' \n' }, 'patch 1 of `patches`: " \n"'],
    [{ patch: { a: 1 } }, 'option "patch" of patch 1 of `patches`: an object'],
    [{ patch: 'a: 1', traget: {} }, 'option "traget" of patch 1 of `patches`'],
    [{ patch: 'kind: GitRepository\nspec: { url: "https://flux:hunter2@git.example.com" }' }, 'patch 1 of `patches` "kind: GitRepository\nspec: { url: "https://<not shown'],
    [{ patch: 'a: 1', target: { knid: 'x' } }, 'option "knid" of patch 1 of `patches`: target'],
  ])('refuses %j', (patch, given) => {
    expect(errorOf(() => kustomization({ patches: [patch] }))).toContain(given);
  });
});

it('renders the arguments of one controller as one patch', () => {
  const { delivery } = kustomization({}, [TENANT], { lockdown: FluxLockdown.kubernetes() });
  expect(addedArguments(patchesOf(delivery), FluxController.KUSTOMIZE)).toHaveLength(4);
});
