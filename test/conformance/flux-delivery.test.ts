import { App, TerraformOutput, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { parse } from 'yaml';
import { other } from './flux-samples';
import { controllersOf, VERSIONS } from './installation';
import { changesOf, installedObjects, kustomizeBuild, managerOf, objectOf, parseObjects } from './kustomize';
import { describeWith, FLUX_MANIFESTS, KUSTOMIZE, TERRAFORM } from './programs';
import { evaluate } from './terraform';
import { FluxOperator } from '../../examples/flux-operator/stack';
import { MultiTenant } from '../../examples/multi-tenant/stack';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxInstallation } from '../../lib/flux/flux-installation';
import { FluxInstanceConfig } from '../../lib/flux/flux-instance-config';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { FluxManifests } from '../../lib/flux/flux-manifests';
import { FakeIdentity } from '../flux/fakes';
import { fluxOf } from '../support';

describeWith([TERRAFORM, KUSTOMIZE, FLUX_MANIFESTS], 'the patches of a FluxInstance', () => {
  it.each(VERSIONS)('build in Flux %s too, and leave arguments to the operator', (version) => {
    const stack = new TerraformStack(Testing.app(), 'stack');
    const accounts = [FluxServiceAccount.of('team-a', 'flux'), ...controllersOf(version).map((controller) => FluxServiceAccount.controller(controller))];
    const identity = new FakeIdentity(stack, 'Id', { serviceAccounts: accounts });
    new TerraformOutput(stack, 'instance', { value: new FluxInstanceConfig(stack, 'Flux', { installation: fluxOf(stack, { issuer: other(stack), version, identities: [identity] }) }).yaml });
    const { spec } = parse(evaluate(stack).outputs.instance);
    const built = kustomizeBuild(JSON.stringify({ resources: ['gotk-components.yaml', 'gotk-sync.yaml'], patches: spec.kustomize.patches }), version);
    const changes = changesOf(installedObjects(version), built);
    expect(changes).toMatchObject(Object.fromEntries(controllersOf(version).map((controller) =>
      [`ServiceAccount ${controller} metadata annotations`, { who: `Id-${controller}` }])));
    expect(Object.keys(changes).filter((path) => path.endsWith(' args'))).toEqual([]);
  });
});

describeWith([TERRAFORM, KUSTOMIZE, FLUX_MANIFESTS], 'examples', () => {
  const outputs = (make: (app: App) => TerraformStack) => evaluate(make(Testing.app())).outputs;

  it.each(VERSIONS.slice(1))('three tenants on Flux %s build', (version) => {
    const { kustomization, manifests, fluxInstance } = outputs((app) => new MultiTenant(app, 'flux-multi-tenant', version));
    const built = kustomizeBuild(kustomization, version);
    expect(managerOf(built, 'source-controller').args.pop()).toBe('--default-service-account=flux');
    expect(JSON.stringify(built).includes('ObjectLevelWorkloadIdentity')).toBe(version !== FluxVersion.V2_10);
    const accounts = parseObjects(manifests).filter(({ kind }) => kind === 'ServiceAccount').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    expect(JSON.stringify(objectOf(built, 'ClusterRole', 'crd-controller-flux-system'))).not.toContain('serviceaccounts/token');
    expect(accounts).toEqual(['team-a', 'team-b', 'team-c'].flatMap((team) => [`${team}/flux`, `${team}/flux-sops`]));
    expect(parse(fluxInstance).spec.cluster.multitenantWorkloadIdentity).toBe(true);
  });

  it('the operator\'s instance builds', () => {
    const { instance, operatorValues } = outputs((app) => new FluxOperator(app, 'flux-operator'));
    const { spec } = parse(instance);
    const built = kustomizeBuild(JSON.stringify({ resources: ['gotk-components.yaml', 'gotk-sync.yaml'], patches: spec.kustomize.patches }), FluxVersion.V2_10);
    const annotation = 'eks.amazonaws.com/role-arn';
    expect(objectOf(built, 'ServiceAccount', 'source-controller').metadata.annotations![annotation]).toMatch(/^arn:aws:iam::/);
    expect(parse(operatorValues).commonAnnotations[annotation]).toBe(objectOf(built, 'ServiceAccount', 'source-controller').metadata.annotations![annotation]);
  });
});

describeWith([TERRAFORM], 'awkward values survive Terraform and YAML', () => {
  const VALUES = [
    'plain', '', ' spaces ', 'true', 'no', 'null', '~', '0123', '1e3', '0x1f', '2020-01-01', '12:34:56', 'a: b', '- a', '# c', "it's", 'say "yes"', '"quoted"', '${not_a_reference}',
    '%{ if x }', '${', '$', '%', '$$', '}', '${a{b}', '$${', '%%{',
    'back\\slash', 'C:\\n', 'tab\there', 'two\nlines', 'ends\n', '\u00e9\u4e2d\ud83d\ude00', '{json: 1}', '[list]',
    '*alias', '&anchor', '!tag', '@at', '`tick`', '<<', '=', '|', '>',
  ];

  let outputs: any;
  beforeAll(() => {
    const stack = new TerraformStack(Testing.app(), 'stack');
    VALUES.forEach((value, index) => {
      const issuer = ClusterIssuer.oidc(stack, `Cluster${index}`, { url: `https://oidc.example.com/${index}` });
      const variable = new TerraformVariable(stack, `value${index}`, { type: 'string' }).stringValue;
      const settings = { annotations: { known: value, unknown: variable, mixed: `<${value}>${variable}${value}${variable}` }, stamp: variable };
      const accounts = [FluxServiceAccount.controller(FluxController.SOURCE), FluxServiceAccount.of('team-a', 'flux')];
      const identity = new FakeIdentity(stack, `Id${index}`, { serviceAccounts: accounts, settings });
      const config = { installation: new FluxInstallation(stack, `Installation${index}`, { issuer, version: FluxVersion.V2_9, identities: [identity] }) };
      const manifests = new FluxManifests(stack, `Manifests${index}`, config);
      new TerraformOutput(stack, `kustomization${index}`, { value: new FluxKustomization(stack, `Flux${index}`, config).yaml });
      new TerraformOutput(stack, `instance${index}`, { value: new FluxInstanceConfig(stack, `Instance${index}`, config).yaml });
      new TerraformOutput(stack, `manifests${index}`, { value: manifests.yaml });
      new TerraformOutput(stack, `objects${index}`, { value: manifests.objects });
    });
    outputs = evaluate(stack, { variables: Object.fromEntries(VALUES.map((value, index) => [`value${index}`, value])) }).outputs;
  });

  it.each(VALUES.map((value, index) => [value, index] as const))('%j', (value, index) => {
    const expected = { known: value, unknown: value, mixed: `<${value}>${value}${value}${value}` };
    for (const patches of [parse(outputs[`kustomization${index}`]).patches, parse(outputs[`instance${index}`]).spec.kustomize.patches]) {
      expect(parseObjects(patches[0].patch)[0].metadata.annotations).toEqual(expected);
      expect(parseObjects(patches[1].patch)[0].spec.template.metadata.annotations).toEqual({ 'cdktf-flux-identity/aws': value });
    }
    expect(parseObjects(outputs[`manifests${index}`])[0].metadata.annotations).toEqual(expected);
    expect(outputs[`objects${index}`][0].metadata.annotations).toEqual(expected);
  });
});
