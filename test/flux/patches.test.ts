import { TerraformStack } from 'cdktf';
import { addedArguments, cluster, documents, errorOf, FakeIdentity, known, patchesOf, resolved } from './fakes';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxKustomization, FluxKustomizationProps } from '../../lib/flux/flux-kustomization';
import { FluxLockdown } from '../../lib/flux/flux-lockdown';
import { FluxTokenRights } from '../../lib/flux/flux-token-rights';

const version = FluxVersion.V2_9;
const TENANT = FluxServiceAccount.of('team-a', 'flux');
const REPLACES = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\nspec: {template: {spec: {containers: [{name: manager, args: [--log-level=debug]}]}}}\n';

function kustomization(props: Partial<FluxKustomizationProps>, accounts: FluxServiceAccount[] = []) {
  const { stack, issuer } = cluster();
  const identities = accounts.length === 0 ? [] : [new FakeIdentity(stack, 'Id', { serviceAccounts: accounts })];
  const flux = new FluxKustomization(stack, 'Flux', { issuer, version, identities, ...props });
  return { flux, stack, warnings: flux.node.metadata.filter(({ type }) => type.endsWith('warn')).map(({ data }) => data) };
}

describe('resources and patches of the user', () => {
  it('come after the library\'s, in their order', () => {
    const b = { target: { kind: 'Deployment', labelSelector: 'app=source-controller' }, patch: 'b: 2\n' };
    const a = { patch: 'a: 1\n' };
    const { flux } = kustomization({ resources: ['../z', '../a.yaml'], patches: [b, a] }, [FluxServiceAccount.controller(FluxController.SOURCE)]);
    const [document] = documents(flux.yaml);
    expect(document.resources).toEqual(['gotk-components.yaml', 'gotk-sync.yaml', '../z', '../a.yaml']);
    expect(document.patches.map(({ target }: any) => target?.kind)).toEqual(['ServiceAccount', 'Deployment', undefined]);
    expect(document.patches.slice(1)).toEqual([b, a]);
  });

  it('may hold tokens and template marks', () => {
    const { stack, issuer } = cluster();
    const { yaml } = new FluxKustomization(stack, 'Flux', { issuer, version, patches: [{ patch: `value: ${known(stack, 'v')}` }, { patch: 'value: ${x}' }] });
    const text = resolved(stack, yaml);
    expect(text).toContain('patch: ${jsonencode("value: ${var.v}")}');
    expect(text).toContain('value: $${x}');
  });
});

describe('a strategic-merge patch of `args`', () => {
  it.each([
    ['by the target', { target: { kind: 'Deployment', name: 'source-controller' }, patch: REPLACES }],
    ['by its own kind', { patch: REPLACES }],
  ])('is warned of (%s)', (_how, patch) => {
    const { warnings } = kustomization({ patches: [{ patch: 'a: 1' }, patch] });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('patch 2 of `patches` sets `args` by strategic merge, which replaces the whole list');
    expect(warnings[0]).toContain('/spec/template/spec/containers/0/args/-');
  });

  it.each([
    ['a JSON patch', '- {op: add, path: /spec/template/spec/containers/0/args/-, value: --log-level=debug}'],
    ['env', 'kind: Deployment\nspec: {template: {spec: {containers: [{name: manager, env: []}]}}}'],
    ['another kind', 'kind: StatefulSet\nspec: {template: {spec: {containers: [{name: x, args: []}]}}}'],
    ['no YAML', '{{{'],
  ])('is not seen in %s', (_what, patch) => {
    expect(kustomization({ patches: [{ patch }] }).warnings).toEqual([]);
  });
});

describe('the gate', () => {
  const off = { target: { kind: 'Deployment' }, patch: '- {op: add, path: /spec/template/spec/containers/0/args/-, value: --feature-gates=ObjectLevelWorkloadIdentity=false}' };
  const on = { ...off, patch: off.patch.replace('false', 'true') };

  it.each([
    ['an object-level identity', {}, [TENANT]],
    ['a lockdown toward clouds', { lockdown: FluxLockdown.workloadIdentity() }, []],
  ])('may not be switched off by a patch beside %s', (_what, props, accounts) => {
    const message = errorOf(() => kustomization({ patches: [off], ...props }, accounts));
    expect(message).toContain('patch 1 of `patches`, which switches the feature gate ObjectLevelWorkloadIdentity off.');
    expect(message).toContain('Fix: remove the gate from the patch');
  });

  it('may be where nothing needs it', () => {
    expect(() => kustomization({ patches: [off] })).not.toThrow();
  });

  it.each([on, off])('may not be named at all in Flux 2.10', (patch) => {
    const message = errorOf(() => kustomization({ patches: [patch], version: FluxVersion.V2_10 }));
    expect(message).toContain('names the feature gate ObjectLevelWorkloadIdentity, in Flux 2.10.');
    expect(message).toContain('the gate is retired: object level is always on, and controllers ignore what the gate is set to');
  });

  it('goes to the controllers that know it, by version', () => {
    const gated = (of: FluxVersion) => patchesOf(kustomization({ version: of }, [TENANT]).flux.yaml).map(({ target }) => target.name);
    expect(gated(FluxVersion.V2_6)).toEqual(['source-controller', 'kustomize-controller', 'notification-controller', 'image-reflector-controller', 'image-automation-controller']);
    expect(gated(FluxVersion.V2_9)).toEqual([
      'source-controller', 'kustomize-controller', 'helm-controller', 'notification-controller', 'image-reflector-controller', 'image-automation-controller',
    ]);
    expect(gated(FluxVersion.V2_10)).toEqual([]);
  });

  it('needs a controller that can act as the account', () => {
    const message = errorOf(() => kustomization({ controllers: [FluxController.SOURCE_WATCHER] }, [TENANT]));
    expect(message).toContain('object-level service account "team-a/flux" with controllers source-watcher in Flux 2.9.');
    expect(message).toContain('add the controller that should use it');
    const older = errorOf(() => kustomization({ controllers: [FluxController.HELM], version: FluxVersion.V2_6 }, [TENANT]));
    expect(older).toContain('Allowed: Flux 2.7 and later with these controllers');
    expect(older).toContain('Fix: upgrade to Flux 2.7');
  });
});

describe('token rights', () => {
  it.each([
    [FluxVersion.V2_6, '/rules/10'],
    [FluxVersion.V2_7, '/rules/11'],
    [FluxVersion.V2_8, '/rules/11'],
    [FluxVersion.V2_9, '/rules/11'],
  ])('are taken out of the ClusterRole of this installation of Flux %s, by a guarded index', (inVersion, path) => {
    const { flux } = kustomization({ tokenRights: FluxTokenRights.PER_ACCOUNT, namespace: 'gitops', version: inVersion });
    expect(patchesOf(flux.yaml)).toEqual([{
      target: { kind: 'ClusterRole', name: 'crd-controller-gitops' },
      patch: [{ op: 'test', path: `${path}/resources`, value: ['serviceaccounts/token'] }, { op: 'remove', path }],
    }]);
  });

  it('are an error from Flux 2.10 on', () => {
    const message = errorOf(() => kustomization({ tokenRights: FluxTokenRights.PER_ACCOUNT, version: FluxVersion.V2_10 }));
    expect(message).toContain('FluxTokenRights.PER_ACCOUNT in Flux 2.10.');
    expect(message).toContain('do not apply "flux-object-identity"');
  });
});

describe('bad patches', () => {
  it.each<[any, string]>([
    [{ patch: '' }, 'patch 1 of `patches`: ""'],
    [{ patch: { a: 1 } }, 'option "patch" of patch 1 of `patches`: an object'],
    [{ patch: 'a: 1', traget: {} }, 'option "traget" of patch 1 of `patches`'],
    [{ patch: 'a: 1', target: { knid: 'x' } }, 'option "knid" of patch 1 of `patches`: target'],
  ])('refuses %j', (patch, given) => {
    expect(errorOf(() => kustomization({ patches: [patch] }))).toContain(given);
  });
});

it('renders the arguments of one controller as one patch', () => {
  const { flux } = kustomization({ lockdown: FluxLockdown.kubernetes() }, [TENANT]);
  expect(addedArguments(patchesOf(flux.yaml), FluxController.KUSTOMIZE)).toHaveLength(4);
  expect(flux).not.toBeInstanceOf(TerraformStack);
});
