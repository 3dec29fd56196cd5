import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { TerraformOutput, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { fluxSubstitute } from './flux-substitute';
import { bootstrapped, kustomize, VERSIONS } from './installation';
import { KubernetesObject, objectOf, parseObjects } from './kustomize';
import { describeWith, FLUX_MANIFESTS, FLUX_SUBSTITUTE, KUSTOMIZE, TERRAFORM } from './programs';
import { evaluate, evaluateIn } from './terraform';
import { GitPlatform } from '../../examples/git-platform/stack';
import { addExamples } from '../../examples/stacks';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxInstallation } from '../../lib/flux/flux-installation';
import { FluxInstanceConfig } from '../../lib/flux/flux-instance-config';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { FluxManifests } from '../../lib/flux/flux-manifests';
import { FluxTesting } from '../../lib/flux/flux-testing';
import { FluxValues } from '../../lib/flux/flux-values';
import { FakeIdentity } from '../flux/fakes';

const { RENDERED, SUBSTITUTED } = FluxValues;
const PEM = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
const VARIABLES: { [stack: string]: { [name: string]: string } } = {
  'flux-azure-certificate': { sops_certificate: PEM, team_a_certificate: PEM },
};
const CRD = 'kustomizations.kustomize.toolkit.fluxcd.io';

/** Everything of a Flux twice, with values and with variables. */
function rendersBoth(stack: TerraformStack, flux: FluxInstallation, secrets: boolean): void {
  for (const values of secrets ? [RENDERED] : [RENDERED, SUBSTITUTED]) {
    new TerraformOutput(stack, `m_${values}`, { value: new FluxManifests(stack, `M-${values}`, { installation: flux, values }).yaml, sensitive: true });
  }
  for (const values of [RENDERED, SUBSTITUTED]) {
    new TerraformOutput(stack, `k_${values}`, { value: new FluxKustomization(stack, `K-${values}`, { installation: flux, values, resources: ['crd.yaml'] }).yaml });
    new TerraformOutput(stack, `i_${values}`, { value: new FluxInstanceConfig(stack, `I-${values}`, { installation: flux, values }).yaml });
  }
  new TerraformOutput(stack, 'runtime_values', { value: flux.runtimeValues });
  new TerraformOutput(stack, 'runtime_info', { value: flux.runtimeInfo });
}

/** The CRD of Kustomizations, as a version of Flux installs it. */
function crdOf(version: FluxVersion): string {
  const root = FLUX_MANIFESTS.path!;
  const file = version === FluxVersion.V2_10 ? 'kustomize-controller-2.10/config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml'
    : join(readdirSync(root).find((name) => name.startsWith(`v${version}.`))!, 'kustomize-controller.yaml');
  return readFileSync(join(root, file), 'utf8').split(/^---$/m).find((document) => document.includes(`name: ${CRD}`))!;
}

function built(kustomization: string, version: FluxVersion): string {
  return kustomize({ ...bootstrapped(version), 'crd.yaml': crdOf(version), 'kustomization.yaml': kustomization });
}

/** Objects as Flux reads them. */
const read = (text: string): KubernetesObject[] => fluxSubstitute(text).objects;

/** What Flux applies in the end, without what tells it to substitute. */
function applied(objects: readonly KubernetesObject[]): unknown {
  return JSON.parse(JSON.stringify(objects), (key, value) => {
    if (key === 'postBuild' && value?.substituteFrom !== undefined) return undefined;
    if (key === 'labels') {
      const { 'kustomize.toolkit.fluxcd.io/substitute': _, ...rest } = value;
      return Object.keys(rest).length === 0 ? undefined : rest;
    }
    return value;
  });
}

/** The instance with its patches as objects, but the one that tells Flux to substitute. */
function instanceOf([instance]: readonly KubernetesObject[]): unknown {
  const { spec: { kustomize: { patches = [] } = {}, ...spec } } = instance;
  return { ...instance, spec, patches: patches.map(({ target, patch }: any) => [target, patch]).filter(([, patch]: string[]) => !patch.includes('/spec/postBuild')) };
}

function compare(outputs: any, version: FluxVersion, secrets: boolean): void {
  const { runtime_values: values } = outputs;
  expect(parseObjects(outputs.runtime_info)[0].data).toEqual(values);
  const kustomization = fluxSubstitute(built(outputs.k_substituted, version), values);
  expect(kustomization.error).toBeUndefined();
  expect(applied(kustomization.objects)).toEqual(applied(read(built(outputs.k_rendered, version))));
  expect(objectOf(kustomization.objects, 'Kustomization', 'flux-system').spec.postBuild).toEqual({ substituteFrom: [{ kind: 'ConfigMap', name: 'flux-runtime-info' }] });
  const instance = fluxSubstitute(outputs.i_substituted, values);
  // The operator reads patches as YAML: quotes around a value are none of it.
  const asObjects = (objects: readonly KubernetesObject[]) => JSON.parse(JSON.stringify(instanceOf(objects)), (key, value) => (
    key === 'patches' ? value.map(([target, patch]: [unknown, string]) => [target, parseObjects(patch)]) : value
  ));
  expect(instance.error).toBeUndefined();
  expect(asObjects(instance.objects)).toEqual(asObjects(read(outputs.i_rendered)));
  if (secrets) return;
  const manifests = fluxSubstitute(outputs.m_substituted, values);
  expect(manifests).toEqual({ objects: read(outputs.m_rendered), error: undefined });
}

const app = Testing.app();
addExamples(app);
const EXAMPLES = new Map((app.node.children as TerraformStack[]).flatMap((stack) => {
  const flux = stack.node.findAll().find((construct) => construct instanceof FluxInstallation) as FluxInstallation | undefined;
  return flux === undefined ? [] : [[stack.node.id, { stack, flux, secrets: flux._model.objects.some(({ kind }) => kind === 'Secret') }] as const];
}));
/** Where the deliveries stand that are not beside their installation. */
const DELIVERED: { [stack: string]: string } = { 'flux-landing-zone-platform': 'flux-landing-zone-delivery' };
for (const [id, { stack, flux, secrets }] of EXAMPLES) {
  rendersBoth(id in DELIVERED ? app.node.findChild(DELIVERED[id]) as TerraformStack : stack, flux, secrets);
}

describeWith([TERRAFORM, KUSTOMIZE, FLUX_MANIFESTS, FLUX_SUBSTITUTE], 'a role is replaced', () => {
  const platform = (name: string) => {
    const stack = new GitPlatform(Testing.app(), 'flux-git-platform', name);
    const files = Object.entries(stack.files).map(([path, content]) => [path, FluxTesting.text(stack, content)]);
    return { files: Object.fromEntries(files), info: parseObjects(evaluate(stack).outputs.runtimeInfo)[0].data };
  };

  it('and no file in Git changes, only the ConfigMap and the pods that use the role', () => {
    const [before, after] = ['flux-images', 'flux-pictures'].map(platform);
    expect(after.files).toEqual(before.files);
    expect(JSON.stringify(before.files)).not.toContain('flux-images');
    const changed = Object.keys(before.info).filter((name) => before.info[name] !== after.info[name]);
    expect(changed).toEqual(['flux_source_controller__eks_amazonaws_com_role_arn', 'flux_source_controller__stamp_aws']);
    const [old, replaced] = [before, after].map(({ files, info }) => {
      const { objects } = fluxSubstitute(built(files['clusters/prod/flux-system/kustomization.yaml'], FluxVersion.V2_9), info);
      return objects.filter(({ kind }) => kind === 'Deployment').map(({ metadata: { name }, spec }) => [name, JSON.stringify(spec.template)]);
    });
    expect(replaced.filter(([, template], index) => template !== old[index][1]).map(([name]) => name)).toEqual(['source-controller']);
    expect(fluxSubstitute(before.files['clusters/prod/identities.yaml'], before.info).error).toBeUndefined();
    expect(fluxSubstitute(before.files['clusters/prod/team-a.yaml'], before.info).objects.map(({ spec }) => [spec.provider, spec.decryption])).toEqual([
      ['aws', undefined], [undefined, { provider: 'sops', serviceAccountName: 'sops' }],
    ]);
  });
});

describeWith([TERRAFORM, KUSTOMIZE, FLUX_MANIFESTS, FLUX_SUBSTITUTE], 'what Flux substitutes is what is rendered', () => {
  it('finds the examples', () => {
    expect(EXAMPLES.size).toBeGreaterThanOrEqual(24);
  });

  it.each([...EXAMPLES.keys()])('in %s', (id) => {
    const { flux, secrets } = EXAMPLES.get(id)!;
    compare(evaluateIn(app, DELIVERED[id] ?? id, { variables: VARIABLES[id] }).outputs, flux.version, secrets);
  });

  const AWKWARD = [
    '0123', 'true', 'null', '~', '', ' ', 'a: b', 'a #b', '- a', '"q"', '\'q\'', 'a\\b', 'l1\nl2\n', '\ttab\t', '\u00e9\u{1f600}', '${x}', '$$', '$${x}', '%{y}',
    '1e3', '2026-11-28', '{a: b}', '*a', '!a', '@a', '`a', 'a:', '0x1f', '1_000', '.inf', 'arn:aws:iam::1:role/x',
  ];

  /** The command line of kustomize writes these so that it reads others: they are for objects that it does not build. */
  const LINE_ENDS = '\u0085\u2028\u2029';

  describe.each(VERSIONS)('in Flux %s', (version) => {
    it('for awkward values, known at synth and at apply', () => {
      const stack = new TerraformStack(Testing.app(), 'stack');
      const issuer = ClusterIssuer.oidc(stack, 'Cluster', { url: 'https://oidc.example.com/prod' });
      const flux = new FluxInstallation(stack, 'Flux', { issuer, version });
      const variables: { [name: string]: string } = {};
      const variable = (name: string, value: string): string => {
        variables[name] = value;
        return new TerraformVariable(stack, name, { type: 'string' }).stringValue;
      };
      const texts = Object.fromEntries(AWKWARD.flatMap((value, index) => {
        const late = variable(`v${index}`, value);
        return [[`plain${index}`, value], [`late${index}`, late], [`mixed${index}`, `a-${late}`], [`quoted${index}`, `say "${late}" $$`]];
      }));
      const serviceAccounts = [FluxServiceAccount.controller(FluxController.SOURCE), FluxServiceAccount.of('team-a', 'flux')];
      flux.addIdentity(new FakeIdentity(stack, 'Id', {
        serviceAccounts,
        settings: { annotations: texts, env: Object.entries(texts).map(([name, value]) => ({ name, value })), stamp: texts.mixed10 },
        objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'texts', namespace: 'flux-system' }, data: { ...texts, lines: LINE_ENDS, late: variable('lines', LINE_ENDS) } }],
      }));
      rendersBoth(stack, flux, false);
      compare(evaluate(stack, { variables }).outputs, version, false);
    });

    it('and a value that is missing is an error where Flux is strict, an empty text where it is not', () => {
      const stack = new TerraformStack(Testing.app(), 'stack');
      const issuer = ClusterIssuer.oidc(stack, 'Cluster', { url: 'https://oidc.example.com/prod' });
      const flux = new FluxInstallation(stack, 'Flux', { issuer, version });
      flux.addIdentity(new FakeIdentity(stack, 'Id', { serviceAccounts: [FluxServiceAccount.of('team-a', 'flux')], settings: { annotations: { who: 'a-b' } } }));
      rendersBoth(stack, flux, false);
      const objects = evaluate(stack).outputs.m_substituted;
      expect(fluxSubstitute(objects, {}).error).toContain('flux_team_a__flux__who');
      expect(fluxSubstitute(objects, {}, false).objects[0].metadata.annotations).toEqual({ who: null });
    });

    it('and the CRD of Kustomizations would not be what it is without its label', () => {
      const bare = crdOf(version).replace(/\n.*\/substitute: disabled/g, '');
      expect(fluxSubstitute(bare, {}, false).objects).not.toEqual(read(bare));
    });
  });
});
