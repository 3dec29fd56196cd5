import { readFileSync } from 'fs';
import { join } from 'path';
import { TerraformStack, Testing } from 'cdktf';
import { parse } from 'yaml';
import { BOOTSTRAP, bootstrapInputs } from './bootstrap-module';
import { FluxOperator } from './flux-operator';
import { fluxSubstitute } from './flux-substitute';
import { changesOf, installedObjects, KubernetesObject, kustomizeBuild, objectOf, parseObjects } from './kustomize';
import { describeWith, FLUX_MANIFESTS, FLUX_OPERATOR, FLUX_SUBSTITUTE, KUSTOMIZE, TERRAFORM } from './programs';
import { evaluate, Evaluation } from './terraform';
import { AksExtension } from '../../examples/aks-extension/stack';
import { EksFluxOperator } from '../../examples/eks-flux-operator/stack';
import { FluxBootstrapGit } from '../../examples/flux-bootstrap-git/stack';
import { FluxOperatorBootstrap } from '../../examples/flux-operator-bootstrap/stack';
import { GitPlatform } from '../../examples/git-platform/stack';
import { HelmChart } from '../../examples/helm-chart/stack';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxInstallation } from '../../lib/flux/flux-installation';
import { FluxTesting } from '../../lib/flux/flux-testing';
import { checkFluxObjects } from '../../lib/testing';

const ROLE_ARN = 'eks.amazonaws.com/role-arn';
const installationOf = (stack: TerraformStack) => stack.node.findAll().find((node): node is FluxInstallation => node instanceof FluxInstallation)!;
const roleOf = (objects: readonly KubernetesObject[], name: string, namespace = 'flux-system') => (
  objectOf(objects, 'ServiceAccount', name, namespace).metadata.annotations![ROLE_ARN]
);
const arnOf = ({ resources }: Evaluation, id: string): string => Object.entries(resources).find(([address]) => address.startsWith(`aws_iam_role.${id}_`))![1].arn;
/** The values of a release, one file after the other as Helm joins them. */
const valuesOf = ({ resources }: Evaluation, id: string): any[] => resources[`helm_release.${id}`].values.map((text: string) => parse(text, { version: '1.1' }));
/** The objects of a release of the chart `objects`. */
const objectsOf = (evaluation: Evaluation, id: string) => parseObjects(valuesOf(evaluation, id)[0].objects);
const waitsFor = ({ dependencies }: Evaluation, id: string) => dependencies[`helm_release.${id}`].filter((each) => each.startsWith('helm_release.')).sort();
const asYaml = (objects: readonly KubernetesObject[]) => objects.map((object) => JSON.stringify(object)).join('\n---\n');

describeWith([TERRAFORM, FLUX_OPERATOR, FLUX_MANIFESTS, KUSTOMIZE, FLUX_SUBSTITUTE], 'from nothing to a pulled private image', () => {
  let operator: FluxOperator;
  beforeAll(async () => { operator = await FluxOperator.start(); });
  afterAll(() => operator.stop());

  it('on EKS that the same program makes, by releases of Helm', async () => {
    const stack = new EksFluxOperator(Testing.app(), 'stack');
    const evaluation = evaluate(stack);
    expect(waitsFor(evaluation, 'Apps')).toEqual(['helm_release.Accounts', 'helm_release.Instance', 'helm_release.Operator']);
    expect(waitsFor(evaluation, 'Instance')).toEqual(['helm_release.Accounts', 'helm_release.Operator']);
    expect(evaluation.dependencies['helm_release.Operator']).toContain('aws_eks_node_group.Nodes');
    // The charts are of the operator that is tried here.
    const installed = /^FLUX_OPERATOR=v(\S+)/m.exec(readFileSync(join(__dirname, 'install'), 'utf8'))![1];
    expect(['Operator', 'Instance'].map((id) => evaluation.resources[`helm_release.${id}`].version)).toEqual([installed, installed]);
    // Rights are there before whoever uses them.
    expect(evaluation.dependencies['helm_release.Apps'].filter((each) => each.startsWith('aws_iam_role_policy.'))).toHaveLength(3);

    const [first, { instance: parts }] = valuesOf(evaluation, 'Instance');
    expect(first.healthcheck.enabled).toBe(true);
    // `registry` is the chart's default.
    const spec = { ...first.instance, ...parts, distribution: { registry: 'ghcr.io/fluxcd', ...first.instance.distribution } };
    const built = await operator.build(JSON.stringify({ apiVersion: 'fluxcd.controlplane.io/v1', kind: 'FluxInstance', metadata: { name: 'flux', namespace: 'flux-system' }, spec }));
    expect(roleOf(built, 'source-controller')).toBe(arnOf(evaluation, 'Fleet'));
    const accounts = objectsOf(evaluation, 'Accounts');
    expect(accounts[0].kind).toBe('Namespace');
    expect(roleOf(accounts, 'flux', 'team-a')).toBe(arnOf(evaluation, 'TeamA_Images'));
    expect(roleOf(accounts, 'sops', 'team-a')).toBe(arnOf(evaluation, 'TeamA_Sops'));
    expect(checkFluxObjects(installationOf(stack), asYaml(objectsOf(evaluation, 'Apps')))).toEqual({
      problems: [],
      objects: [
        { object: 'OCIRepository team-a/apps', account: 'team-a/flux', identity: 'stack/TeamA/Images' },
        { object: 'Kustomization team-a/apps', account: 'team-a/sops', identity: 'stack/TeamA/Sops' },
      ],
    });
  });

  it('by the flux-operator-bootstrap module, which takes every input and puts the values in', async () => {
    const stack = new FluxOperatorBootstrap(Testing.app(), 'stack');
    const evaluation = evaluate(stack);
    const { source, version, ...inputs } = evaluation.resources['module.Bootstrap'];
    expect({ source, version }).toEqual(BOOTSTRAP);
    const { gitops_resources: { instance_yaml: file, operator_chart: chart }, managed_resources: { runtime_info: info } } = bootstrapInputs(inputs);
    expect(info.labels).toEqual({ 'reconcile.fluxcd.io/watch': 'Enabled' });
    expect(chart.values_yaml).toContain(arnOf(evaluation, 'Fleet'));
    // The job puts values between double quotes for the ConfigMap, and hands them to a shell.
    for (const value of Object.values(info.data)) expect(value).toMatch(/^[A-Za-z0-9_./:@+=,-]+$/);

    const { objects, error } = fluxSubstitute(file, info.data);
    expect(error).toBeUndefined();
    const built = await operator.build(JSON.stringify(objects[0]));
    expect(roleOf(built, 'source-controller')).toBe(arnOf(evaluation, 'Fleet'));
    expect(objectOf(built, 'Kustomization', 'flux-system').spec.postBuild).toEqual({ substituteFrom: [{ kind: 'ConfigMap', name: 'flux-runtime-info' }] });
    // The file in Git is the same one.
    expect(fluxSubstitute(file, {}).error).toContain('flux_source_controller');
  });

  it('by flux_bootstrap_git, with the manifests in the same repository', () => {
    const stack = new FluxBootstrapGit(Testing.app(), 'stack');
    const evaluation = evaluate(stack);
    const built = kustomizeBuild(evaluation.resources['flux_bootstrap_git.Bootstrap'].kustomization_override, FluxVersion.V2_8);
    expect(roleOf(built, 'kustomize-controller')).toBe(arnOf(evaluation, 'Sops'));
    const [identities, apps] = ['Identities', 'Apps'].map((id) => evaluation.resources[`github_repository_file.${id}`].content);
    expect(roleOf(parseObjects(identities), 'flux', 'team-a')).toBe(arnOf(evaluation, 'TeamA_Images'));
    expect(evaluation.dependencies['github_repository_file.Apps']).toEqual(expect.arrayContaining(['flux_bootstrap_git.Bootstrap', 'github_repository_file.Identities']));
    expect(checkFluxObjects(installationOf(stack), apps)).toEqual({
      problems: [],
      objects: [
        { object: 'OCIRepository team-a/apps', account: 'team-a/flux', identity: 'stack/TeamA/Images' },
        { object: 'Kustomization team-a/apps', account: 'flux-system/kustomize-controller', identity: 'stack/Sops' },
      ],
    });
  });

  it('by the community chart', () => {
    const stack = new HelmChart(Testing.app(), 'stack');
    const evaluation = evaluate(stack);
    expect(waitsFor(evaluation, 'Apps')).toEqual(['helm_release.Accounts', 'helm_release.Release']);
    expect(valuesOf(evaluation, 'Release')[0].sourceController.serviceAccount.annotations[ROLE_ARN]).toBe(arnOf(evaluation, 'Images'));
    expect(roleOf(objectsOf(evaluation, 'Accounts'), 'flux', 'team-a')).toBe(arnOf(evaluation, 'TeamA'));
    expect(checkFluxObjects(installationOf(stack), asYaml(objectsOf(evaluation, 'Apps')))).toEqual({
      problems: [], objects: [{ object: 'OCIRepository team-a/apps', account: 'team-a/flux', identity: 'stack/TeamA' }],
    });
  });

  it('by the extension of AKS', () => {
    const stack = new AksExtension(Testing.app(), 'stack');
    const { resources, dependencies } = evaluate(stack);
    const [[, { client_id: clientId }]] = Object.entries<any>(resources).filter(([address]) => address.startsWith('azurerm_user_assigned_identity.'));
    expect(resources['azurerm_kubernetes_cluster_extension.Extension'].configuration_settings).toMatchObject({
      'workloadIdentity.enable': 'true', 'workloadIdentity.azureClientId': clientId,
    });
    const before = dependencies['azurerm_kubernetes_flux_configuration.Configuration'];
    expect(before).toContain('azurerm_kubernetes_cluster_extension.Extension');
    expect(before.filter((each) => each.startsWith('azurerm_role_assignment.'))).toHaveLength(2);
    expect(checkFluxObjects(installationOf(stack), stack.apps)).toEqual({
      problems: [], objects: [{ object: 'OCIRepository flux-system/apps', account: 'flux-system/source-controller', identity: 'stack/Identity' }],
    });
  });

  it('on a platform that lives in Git', () => {
    const stack = new GitPlatform(Testing.app(), 'stack');
    const files = Object.values(stack.files).map((content) => FluxTesting.text(stack, content));
    expect(checkFluxObjects(installationOf(stack), files)).toEqual({
      problems: [],
      objects: [
        { object: 'OCIRepository team-a/apps', account: 'flux-system/source-controller', identity: 'stack/Images' },
        { object: 'Kustomization team-a/apps', account: 'team-a/sops', identity: 'stack/Sops' },
      ],
    });
  });

  it('and the module refuses what it has not, as the published one does', () => {
    const { source: _s, version: _v, ...inputs } = evaluate(new FluxOperatorBootstrap(Testing.app(), 'stack')).resources['module.Bootstrap'];
    expect(() => bootstrapInputs({ ...inputs, instance_yaml: 'a' })).toThrow(/instance_yaml/);
    expect(() => bootstrapInputs({ ...inputs, gitops_resources: {} })).toThrow(/instance_yaml/);
    expect(() => bootstrapInputs({ ...inputs, revision: undefined })).toThrow(/revision/);
    expect(() => bootstrapInputs({ ...inputs, managed_resources: { runtime_info: { data: { a: ['b'] } } } })).toThrow(/runtime_info/);
  });
});

describeWith([FLUX_OPERATOR, FLUX_MANIFESTS, KUSTOMIZE, TERRAFORM], 'a file with variables', () => {
  it('is built by the Operator and by kustomize as it is, variables and all', async () => {
    const operator = await FluxOperator.start();
    try {
      const instance = evaluate(new FluxOperatorBootstrap(Testing.app(), 'stack')).resources['module.Bootstrap'].gitops_resources.instance_yaml;
      const built = await operator.build(instance);
      expect(roleOf(built, 'source-controller')).toBe('${flux_source_controller__eks_amazonaws_com_role_arn}');
    } finally {
      operator.stop();
    }
    const stack = new GitPlatform(Testing.app(), 'stack');
    const kustomization = FluxTesting.text(stack, stack.files['clusters/prod/flux-system/kustomization.yaml']);
    const built = kustomizeBuild(kustomization, FluxVersion.V2_9);
    expect(roleOf(built, 'source-controller')).toBe('${flux_source_controller__eks_amazonaws_com_role_arn}');
    const changed = Object.keys(changesOf(installedObjects(FluxVersion.V2_9), built)).map((path) => path.split(' ').slice(0, 2).join(' '));
    expect(new Set(changed)).toContain('Kustomization flux-system');
  });
});
