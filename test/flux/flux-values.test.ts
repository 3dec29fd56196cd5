import { TerraformStack, Testing } from 'cdktf';
import { addedArguments, documents, documentsOf, errorOf, FakeIdentity, installed, known, patchesOf, resolved, textOf, warned } from './fakes';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxCloud, FluxSettings } from '../../lib/core/flux-identity';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxAksExtensionSettings } from '../../lib/flux/flux-aks-extension-settings';
import { FluxHelmValues } from '../../lib/flux/flux-helm-values';
import { FluxInstallation } from '../../lib/flux/flux-installation';
import { FluxInstanceConfig } from '../../lib/flux/flux-instance-config';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { FluxManifests } from '../../lib/flux/flux-manifests';
import { FluxOperatorValues } from '../../lib/flux/flux-operator-values';
import { FluxRemoteCluster } from '../../lib/flux/flux-remote-cluster';
import { FluxTesting } from '../../lib/flux/flux-testing';
import { FluxValues } from '../../lib/flux/flux-values';

const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);
const TEAM = FluxServiceAccount.of('team-a', 'flux');
const ID = '00000000-0000-0000-0000-00000000000a';
const ARN = 'arn:aws:iam::111122223333:role/flux';
const { SUBSTITUTED, RENDERED } = FluxValues;

/** A Flux with variables, and one identity. */
function substituted(accounts: FluxServiceAccount[], settings: FluxSettings, values = SUBSTITUTED) {
  const made = installed({ values });
  made.flux.addIdentity(new FakeIdentity(made.stack, 'Id', { serviceAccounts: accounts, settings }));
  return made;
}

/** The values, as Terraform gets them. */
function valuesOf(stack: TerraformStack, flux: FluxInstallation): any {
  return resolved(stack, flux.runtimeValues);
}

describe('variables', () => {
  const settings: FluxSettings = {
    annotations: { 'eks.amazonaws.com/role-arn': ARN },
    podLabels: { use: 'true' },
    env: [{ name: 'AWS_ROLE_ARN', value: ARN }, { name: 'FILE', value: '/var/run/token' }, { name: 'KEY', secretName: 's', secretKey: 'k' }],
    tokens: [{ path: 'aws-token', audience: 'sts.amazonaws.com' }],
    stamp: 'a b',
  };

  it('stand in place of what belongs to the identity of a controller, named by what it is', () => {
    const { stack, flux } = substituted([SOURCE], settings);
    const [account, deployment] = patchesOf(new FluxKustomization(stack, 'Kustomization', { installation: flux }));
    expect(account.patch.metadata.annotations).toEqual({ 'eks.amazonaws.com/role-arn': '${flux_source_controller__eks_amazonaws_com_role_arn}' });
    const { metadata, spec: { containers: [{ env }], volumes } } = deployment.patch.spec.template;
    expect(metadata).toEqual({ labels: { use: 'true' }, annotations: { 'cdktf-flux-identity/aws': '${flux_source_controller__stamp_aws}' } });
    expect(env).toEqual([
      { name: 'AWS_ROLE_ARN', value: '${flux_source_controller__env_aws_role_arn}' },
      { name: 'FILE', value: '/var/run/token' },
      { name: 'KEY', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
    ]);
    expect(volumes[0].projected.sources[0].serviceAccountToken.audience).toBe('${flux_source_controller__audience_aws_token}');
    expect(valuesOf(stack, flux)).toEqual({
      flux_source_controller__audience_aws_token: 'sts.amazonaws.com',
      flux_source_controller__eks_amazonaws_com_role_arn: ARN,
      flux_source_controller__env_aws_role_arn: ARN,
      flux_source_controller__stamp_aws: '"a b"',
    });
  });

  it('stand in accounts and ConfigMaps of manifests', () => {
    const { stack, flux } = substituted([TEAM], { annotations: { who: ARN } });
    FluxRemoteCluster.generic(stack, 'Remote', { installation: flux, namespace: 'team-a', name: 'staging', address: 'https://staging.example.com' });
    const found = documentsOf(new FluxManifests(stack, 'Manifests', { installation: flux }));
    expect(found[0].metadata.annotations).toEqual({ who: '${flux_team_a__flux__who}' });
    expect(found.find(({ kind }) => kind === 'ConfigMap').data).toEqual({ provider: '${flux_team_a__staging__data_provider}', address: '${flux_team_a__staging__data_address}' });
    expect(valuesOf(stack, flux)).toEqual({
      flux_team_a__flux__who: ARN,
      flux_team_a__staging__data_address: 'https://staging.example.com',
      flux_team_a__staging__data_provider: 'generic',
    });
  });

  it('leave the file as it is when a value becomes another one', () => {
    const filesOf = (value: (stack: TerraformStack) => string) => {
      const { stack, flux } = installed({ values: SUBSTITUTED });
      const annotations = { who: value(stack) };
      flux.addIdentity(new FakeIdentity(stack, 'Id', { serviceAccounts: [SOURCE, TEAM], settings: { annotations, stamp: annotations.who } }));
      return [new FluxKustomization(stack, 'K', { installation: flux }), new FluxManifests(stack, 'M', { installation: flux })].map(textOf).concat(
        FluxTesting.text(stack, new FluxInstanceConfig(stack, 'I', { installation: flux }).yaml));
    };
    const files = filesOf(() => 'first');
    expect(filesOf(() => 'another: "first"')).toEqual(files);
    expect(filesOf((stack) => known(stack, 'v'))).toEqual(files);
    expect(files.join()).not.toContain('first');
  });

  it('are those of the delivery that is to differ', () => {
    const { stack, flux } = substituted([SOURCE, TEAM], { annotations: { who: ARN } }, RENDERED);
    const file = new FluxKustomization(stack, 'Kustomization', { installation: flux, values: SUBSTITUTED });
    const applied = new FluxManifests(stack, 'Manifests', { installation: flux });
    expect(patchesOf(file)[0].patch.metadata.annotations).toEqual({ who: '${flux_source_controller__who}' });
    expect(applied.objects[0].metadata.annotations).toEqual({ who: ARN });
  });

  it('of two clouds\' identities of one account are told apart', () => {
    const { stack, flux } = substituted([SOURCE], { stamp: 'a-a' });
    flux.addIdentity(new FakeIdentity(stack, 'Azure', { serviceAccounts: [SOURCE], cloud: FluxCloud.AZURE, settings: { stamp: 'b-b' } }));
    expect(valuesOf(stack, flux)).toEqual({ flux_source_controller__stamp_aws: 'a-a', flux_source_controller__stamp_azure: 'b-b' });
  });
});

describe('values', () => {
  it.each([
    ['12', '"12"'], ['true', '"true"'], ['no', '"no"'], ['Null', '"Null"'], ['y', '"y"'], ['aws', 'aws'], ['AzurePublicCloud', 'AzurePublicCloud'], ['', '""'], ['a: b', '"a: b"'], ['a#b', '"a#b"'], ['2026-11-28', '"2026-11-28"'],
    ['a\nb', '"a\\nb"'], ['"a"', '"\\"a\\""'], ['\u0085', '"\\u0085"'], ['1e10-a', '"1e10-a"'], ['a-b:', '"a-b:"'], ['${x}', '"$${x}"'],
    ['00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-00000000000a'], ['eu-west-1', 'eu-west-1'],
    ['flux@acme.iam.gserviceaccount.com', 'flux@acme.iam.gserviceaccount.com'], ['https://a.example.com/b', 'https://a.example.com/b'],
  ])('%j are texts of YAML: %j', (value, text) => {
    const { stack, flux } = substituted([TEAM], { annotations: { who: value } });
    expect(valuesOf(stack, flux)).toEqual({ flux_team_a__flux__who: text });
  });

  it('that only Terraform knows are made so by Terraform', () => {
    const { stack, flux } = installed({ values: SUBSTITUTED });
    flux.addIdentity(new FakeIdentity(stack, 'Id', { serviceAccounts: [TEAM], settings: { annotations: { who: `arn:${known(stack, 'v')}`, said: `say "${known(stack, 'w')}"` } } }));
    const values = valuesOf(stack, flux);
    expect(values.flux_team_a__flux__who).toMatch(/^\$\{\(can\(regex\(.*\? "arn:\$\{var\.v\}" : .*jsonencode/);
    expect(values.flux_team_a__flux__said).toMatch(/^"say \\"\$\{.*jsonencode\(var\.w\).*\}\\""$/);
  });

  it('come as a ConfigMap too, which Flux watches and never substitutes', () => {
    const { stack, flux } = substituted([TEAM], { annotations: { who: 'a b' } });
    expect(documents(FluxTesting.text(stack, flux.runtimeInfo))).toEqual([{
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'flux-runtime-info',
        namespace: 'flux-system',
        labels: { 'reconcile.fluxcd.io/watch': 'Enabled' },
        annotations: { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' },
      },
      data: { flux_team_a__flux__who: '"a b"' },
    }]);
  });

  it('that nobody reads are warned of', () => {
    const { stack, flux } = substituted([TEAM], {});
    new FluxKustomization(stack, 'Kustomization', { installation: flux, values: RENDERED }).yaml.slice();
    const manifests = new FluxManifests(stack, 'Manifests', { installation: flux });
    expect(warned(flux)).toEqual(['undelivered-manifests']);
    expect(manifests.yaml).toBeDefined();
    expect(warned(flux)).toEqual(['undelivered-runtime-values']);
    expect(flux.runtimeInfo).toBeDefined();
    expect(warned(flux)).toEqual([]);
  });
});

describe('Flux is told where the values are', () => {
  const POST_BUILD = { op: 'add', path: '/spec/postBuild', value: { substituteFrom: [{ kind: 'ConfigMap', name: 'flux-runtime-info' }] } };
  const TARGET = { group: 'kustomize.toolkit.fluxcd.io', kind: 'Kustomization', name: 'flux-system' };

  it('in a kustomization, where the CRD of Kustomizations is left alone', () => {
    const { stack, flux } = installed({ values: SUBSTITUTED });
    const [crd, sync] = patchesOf(new FluxKustomization(stack, 'Kustomization', { installation: flux }));
    expect(crd.target).toEqual({ kind: 'CustomResourceDefinition', name: 'kustomizations.kustomize.toolkit.fluxcd.io' });
    expect(crd.patch).toEqual({
      apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: crd.target.name, labels: { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' } },
    });
    expect(sync).toEqual({ target: TARGET, patch: [POST_BUILD] });
  });

  it('in a FluxInstance', () => {
    const { stack, flux } = installed({ values: SUBSTITUTED });
    const [{ spec: { kustomize: { patches } } }] = documentsOf(new FluxInstanceConfig(stack, 'Instance', { installation: flux }));
    expect(patches.map(({ target, patch }: any) => [target, documents(patch)[0]])).toEqual([[TARGET, [POST_BUILD]]]);
  });
});

it('Flux is told too where only manifests hold variables, whoever was rendered before', () => {
  const { stack, flux } = installed();
  const instance = new FluxInstanceConfig(stack, 'Instance', { installation: flux });
  const kustomization = new FluxKustomization(stack, 'Kustomization', { installation: flux });
  expect(textOf(kustomization)).not.toContain('postBuild');
  expect(textOf(instance)).not.toContain('postBuild');
  new FluxManifests(stack, 'Manifests', { installation: flux, values: SUBSTITUTED });
  expect(textOf(kustomization)).toContain('postBuild');
  expect(textOf(instance)).toContain('postBuild');
});

describe('the user\'s own text', () => {
  const SYNC = { kind: 'OCIRepository', url: 'oci://ghcr.io/acme/fleet', ref: 'latest', path: 'prod' };
  const patch = 'metadata: {annotations: {own: "${x} $$ $(Y)", plain: "$5"}}';

  it('holds no variables: it arrives as it was written', () => {
    const { stack, flux } = installed({ values: SUBSTITUTED });
    const [{ patches }] = documentsOf(new FluxKustomization(stack, 'Kustomization', { installation: flux, patches: [{ patch }] }));
    expect(patches[2].patch).toBe('metadata: {annotations: {own: "$${x} $$$$ $$(Y)", plain: "$$5"}}');
    const [{ spec }] = documentsOf(new FluxInstanceConfig(stack, 'Instance', { installation: flux, spec: { sync: { ...SYNC, path: '${y}' } } }));
    expect(spec.sync.path).toBe('$${y}');
  });

  it('is left alone where values are rendered', () => {
    const { stack, flux } = installed();
    const [{ patches }] = documentsOf(new FluxKustomization(stack, 'Kustomization', { installation: flux, patches: [{ patch }] }));
    expect(patches[0].patch).toBe(patch);
  });

  it('holds no value of Terraform\'s', () => {
    const { stack, flux } = installed({ values: SUBSTITUTED });
    const token = known(stack, 'v');
    expect(errorOf(() => new FluxKustomization(stack, 'K', { installation: flux, patches: [{ patch: 'a: b' }, { patch: token }] })))
      .toContain('[stack/K] a value that only Terraform knows, in patch 2 of `patches`, with FluxValues.SUBSTITUTED.');
    expect(errorOf(() => new FluxInstanceConfig(stack, 'I', { installation: flux, spec: { sync: { ...SYNC, url: token } } }))).toContain('in `spec`, with');
  });
});

describe('FluxValues.SUBSTITUTED is refused', () => {
  it.each([
    ['FluxHelmValues', (stack: TerraformStack, installation: FluxInstallation) => new FluxHelmValues(stack, 'D', { installation })],
    ['FluxAksExtensionSettings', (stack: TerraformStack, installation: FluxInstallation) => new FluxAksExtensionSettings(stack, 'D', { installation })],
    ['FluxOperatorValues', (stack: TerraformStack, installation: FluxInstallation) => new FluxOperatorValues(stack, 'D', { installation })],
    ['objects', (stack: TerraformStack, installation: FluxInstallation) => new FluxManifests(stack, 'D', { installation }).objects],
    ['waves', (stack: TerraformStack, installation: FluxInstallation) => new FluxManifests(stack, 'D', { installation }).waves],
    ['manifest', (stack: TerraformStack, installation: FluxInstallation) => new FluxInstanceConfig(stack, 'D', { installation }).manifest],
    ['parts', (stack: TerraformStack, installation: FluxInstallation) => new FluxInstanceConfig(stack, 'D', { installation }).parts],
  ])('by %s, which Flux does not apply from Git', (name, use) => {
    const stack = new TerraformStack(Testing.app(), 'stack');
    const issuer = ClusterIssuer.aks(stack, 'Cluster', { name: 'prod', resourceGroupName: 'flux', issuerUrl: `https://westeurope.oic.prod-aks.azure.com/${ID}/${ID}/` });
    const flux = new FluxInstallation(stack, 'Flux', { issuer, version: FluxVersion.V2_9, values: SUBSTITUTED });
    expect(errorOf(() => use(stack, flux))).toMatch(`[stack/D] \`${name}\` with FluxValues.SUBSTITUTED.`);
  });

  it('for Secrets', () => {
    const { stack, flux } = installed({ values: SUBSTITUTED });
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'team-a' }, stringData: { key: 'hidden' } };
    flux.addIdentity(new FakeIdentity(stack, 'Id', { serviceAccounts: [], objects: [secret] }));
    const manifests = new FluxManifests(stack, 'Manifests', { installation: flux });
    expect(() => textOf(manifests)).toThrow('Secret "team-a/s" in manifests with FluxValues.SUBSTITUTED.');
    expect(() => textOf(manifests)).not.toThrow('hidden');
    expect(valuesOf(stack, flux)).toEqual({});
  });

  it('as another word', () => {
    expect(errorOf(() => installed({ values: 'later' as any }))).toContain('a constant of FluxValues: rendered, substituted');
  });
});

describe('variables are refused', () => {
  it('where two have one name, with both paths', () => {
    const { stack, flux } = installed({ values: SUBSTITUTED });
    for (const [id, name] of [['One', 'a.b'], ['Two', 'a-b']]) {
      flux.addIdentity(new FakeIdentity(stack, id, { serviceAccounts: [FluxServiceAccount.of('team-a', name)], settings: { annotations: { who: 'x-y' } } }));
    }
    const manifests = new FluxManifests(stack, 'Manifests', { installation: flux });
    expect(() => textOf(manifests)).toThrow('[stack/Flux] variable "flux_team_a__a_b__who" for two values: one of service account "team-a/a-b" ("stack/Two") and one of service account "team-a/a.b" ("stack/One").');
  });

  it('of two installations with one ConfigMap, with both paths', () => {
    const { stack, issuer } = installed({ values: SUBSTITUTED });
    expect(errorOf(() => new FluxInstallation(stack, 'Second', { issuer, version: FluxVersion.V2_9, values: SUBSTITUTED })))
      .toContain('[stack/Second] a second description of the Flux in namespace "flux-system" of cluster "stack/Cluster", beside "stack/Flux".');
    const other = new FluxInstallation(stack, 'Other', { issuer, version: FluxVersion.V2_9, namespace: 'other', values: SUBSTITUTED });
    expect(documents(FluxTesting.text(stack, other.runtimeInfo))[0].metadata.namespace).toBe('other');
  });

  it('where their names are too long', () => {
    const { stack, flux } = substituted([FluxServiceAccount.of('team-a', 'a'.repeat(240))], { annotations: { who: 'x' } });
    expect(() => valuesOf(stack, flux)).toThrow('which has 258 characters.');
  });
});


describe('strict substitution', () => {
  const GATE = '--feature-gates=StrictPostBuildSubstitutions=true';

  it.each([
    [FluxVersion.V2_6, true, [GATE], []], [FluxVersion.V2_8, true, [GATE], []], [FluxVersion.V2_8, false, [], ['lax-substitution']],
    [FluxVersion.V2_9, true, [], []], [FluxVersion.V2_9, false, [], []], [FluxVersion.V2_10, true, [], []],
  ])('in Flux %s, chosen: %s', (version, strictSubstitution, args, warnings) => {
    const { stack, flux } = installed({ version, strictSubstitution, values: SUBSTITUTED });
    const kustomization = new FluxKustomization(stack, 'Kustomization', { installation: flux });
    expect(addedArguments(patchesOf(kustomization), 'kustomize-controller')).toEqual(args);
    expect(flux.runtimeInfo).toBeDefined();
    expect(warned(flux)).toEqual(warnings);
  });

  it('is nobody\'s concern where values are rendered', () => {
    const { stack, flux } = installed({ version: FluxVersion.V2_6 });
    expect(new FluxKustomization(stack, 'Kustomization', { installation: flux }).yaml).toBeDefined();
    expect(warned(flux)).toEqual([]);
  });
});
