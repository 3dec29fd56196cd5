import { readFileSync } from 'fs';
import { join } from 'path';
import { App, TerraformOutput, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { Construct } from 'constructs';
import { parse } from 'yaml';
import { Computed, COMPUTED } from './computed';
import * as pages from './flux-pages';
import { Fixture, installedObjects, KubernetesObject, kustomizeBuild, managerOf, objectOf, parseObjects } from './kustomize';
import { describeWith, KUSTOMIZE, TERRAFORM } from './programs';
import { evaluate } from './terraform';
import { FluxOperator } from '../../examples/flux-operator/stack';
import { MultiTenant } from '../../examples/multi-tenant/stack';
import { FluxIamUser } from '../../lib/aws/flux-iam-user';
import { FluxIrsaRole } from '../../lib/aws/flux-irsa-role';
import { FluxOidcProvider } from '../../lib/aws/flux-oidc-provider';
import { AzureCertificateSecret } from '../../lib/azure/azure-certificate-secret';
import { AzureCloud } from '../../lib/azure/azure-cloud';
import { FluxAzureApplication } from '../../lib/azure/flux-azure-application';
import { FluxAzureFederatedIdentity } from '../../lib/azure/flux-azure-federated-identity';
import { ClusterIssuer, ClusterKind, IClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { IFluxIdentity } from '../../lib/core/flux-identity';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxConfigProps } from '../../lib/flux/flux-config';
import { FluxInstanceConfig } from '../../lib/flux/flux-instance-config';
import { FluxKustomization, FluxKustomizationProps } from '../../lib/flux/flux-kustomization';
import { FluxLockdown } from '../../lib/flux/flux-lockdown';
import { FluxManifests } from '../../lib/flux/flux-manifests';
import { FluxTokenRights } from '../../lib/flux/flux-token-rights';
import { FluxGcpPrincipal } from '../../lib/gcp/flux-gcp-principal';
import { FluxGcpServiceAccount } from '../../lib/gcp/flux-gcp-service-account';
import { FluxGcpServiceAccountKey } from '../../lib/gcp/flux-gcp-service-account-key';
import { FluxGcpWorkloadPool } from '../../lib/gcp/flux-gcp-workload-pool';
import { IFluxGcpWorkloadPool } from '../../lib/gcp/gcp-workload-pool';
import { FakeIdentity } from '../flux/fakes';

const CONTROLLERS = Object.values(FluxController);

/** What a controller gets, whatever its volumes are called and in whatever order. The stamp is ours alone. */
function meaning(objects: readonly KubernetesObject[], controller: string) {
  const { metadata, spec } = objectOf(objects, 'Deployment', controller).spec.template;
  const { env, args, volumeMounts } = managerOf(objects, controller);
  const files = volumeMounts.flatMap(({ name, ...at }: any) => {
    const { name: _, ...source } = spec.volumes.find((volume: any) => volume.name === name);
    // One volume of several tokens is as good as one for each.
    const sources = source.projected?.sources.map((each: any) => ({ projected: { sources: [each] } })) ?? [source];
    return sources.map((each: any) => ({ ...at, ...each }));
  });
  return {
    annotations: objectOf(objects, 'ServiceAccount', controller).metadata.annotations ?? {},
    labels: metadata.labels,
    env: Object.fromEntries(env.map(({ name, ...value }: any) => [name, value])),
    count: env.length,
    files: new Set(files.map((file: object) => JSON.stringify(Object.fromEntries(Object.entries(file).sort())))),
    args: new Set(args),
  };
}

type Make = (stack: Construct, accounts: FluxServiceAccount[]) => { identities: IFluxIdentity[] } & Partial<FluxKustomizationProps>;

function ours(make: Make, accounts: FluxServiceAccount[], version: FluxVersion): string {
  const stack = new TerraformStack(Testing.app(), 'stack');
  output(stack, 'kustomization', make, accounts, version);
  return evaluate(stack).outputs.kustomization;
}

/** The kustomization for each controller alone; one run of Terraform for all of them. */
function oursByController(make: Make, version: FluxVersion): { [controller: string]: string } {
  const stack = new TerraformStack(Testing.app(), 'stack');
  // Each in a scope of its own, so that their constructs do not collide.
  CONTROLLERS.forEach((controller) => output(stack, controller, (_, accounts) => make(new Construct(stack, `in-${controller}`), accounts), [FluxServiceAccount.controller(controller)], version));
  const application: Computed = (args, address) => ({ ...COMPUTED.azuread_application(args, address), client_id: pages.CLIENT_ID });
  return evaluate(stack, { computed: { azuread_application: application } }).outputs;
}

function output(stack: TerraformStack, name: string, make: Make, accounts: FluxServiceAccount[], version: FluxVersion): void {
  const made = make(stack, accounts);
  const issuer = made.issuer ?? ClusterIssuer.oidc(stack, `issuer-${name}`, { url: 'https://oidc.example.com' });
  const { yaml } = new FluxKustomization(stack, `flux-${name}`, { version, ...made, issuer });
  new TerraformOutput(stack, name, { value: yaml, staticId: true });
}

function irsa(issuerOf: (stack: Construct) => IClusterIssuer): Make {
  return (stack, accounts) => {
    const issuer = issuerOf(stack);
    const oidc = FluxOidcProvider.fromOidcProviderArn(stack, 'Oidc', { issuer, arn: 'arn:aws:iam::111122223333:oidc-provider/oidc.example.com' });
    const role = new FluxIrsaRole(stack, 'Role', { oidcProviders: [oidc], serviceAccounts: accounts, name: 'flux', region: 'eu-west-1' });
    return { issuer, identities: [role] };
  };
}

const eks = (stack: Construct) => ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod', issuerUrl: 'https://oidc.example.com' });
const other = (stack: Construct) => ClusterIssuer.oidc(stack, 'Cluster', { url: 'https://oidc.example.com' });

const aks = (stack: Construct) => ClusterIssuer.aks(stack, 'Cluster', { name: 'prod', resourceGroupName: 'flux', issuerUrl: 'https://oidc.example.com/' });
const gke = (stack: Construct) => ClusterIssuer.gke(stack, 'Cluster', { projectId: 'acme-prod', location: 'europe-west1', clusterName: 'prod' });

const accessKey: Make = (stack, serviceAccounts) => ({ identities: [new FluxIamUser(stack, 'User', { name: 'flux', serviceAccounts })] });

function managedIdentity(issuerOf: (stack: Construct) => IClusterIssuer, azureCloud?: AzureCloud): Make {
  return (stack, serviceAccounts) => {
    const issuer = issuerOf(stack);
    const identity = FluxAzureFederatedIdentity.fromIdentityId(stack, 'Identity', {
      issuers: [issuer],
      serviceAccounts,
      identityId: `/subscriptions/${pages.CLIENT_ID}/resourceGroups/flux/providers/Microsoft.ManagedIdentity/userAssignedIdentities/flux`,
      clientId: pages.CLIENT_ID,
      principalId: '66666666-7777-4888-8999-000000000000',
      tenantId: pages.TENANT_ID,
      azureCloud,
    });
    return { issuer, identities: [identity] };
  };
}

const certificate: Make = (stack, serviceAccounts) => ({
  identities: [new FluxAzureApplication(stack, 'App', {
    displayName: 'flux',
    certificate: new TerraformVariable(stack, 'Certificate', { type: 'string', default: 'public' }).stringValue,
    serviceAccounts,
    secret: AzureCertificateSecret.existingWithPassword(),
    secretName: 'azure-certificate',
    sendCertificateChain: true,
  })],
});

type FromPool = (stack: Construct, pool: IFluxGcpWorkloadPool, accounts: FluxServiceAccount[]) => IFluxIdentity;

function workloadPool(issuerOf: (stack: Construct) => IClusterIssuer, identityOf: FromPool): Make {
  return (stack, accounts) => {
    const issuer = issuerOf(stack);
    const pool = issuer.kind === ClusterKind.GKE
      ? FluxGcpWorkloadPool.gke(stack, 'Pool', { projectId: 'acme-prod', issuer })
      : new FluxGcpWorkloadPool(stack, 'Pool', { issuer, poolId: 'prod', providerId: 'prod', project: 'acme-prod', projectNumber: '123456789012' });
    return { issuer, identities: [identityOf(stack, pool, accounts)] };
  };
}

const direct: FromPool = (stack, pool, serviceAccounts) => new FluxGcpPrincipal(stack, 'Identity', { pool, serviceAccounts });
const impersonating: FromPool = (stack, pool, serviceAccounts) =>
  FluxGcpServiceAccount.fromEmail(stack, 'Identity', { pool, serviceAccounts, email: pages.GSA_EMAIL });
const googleKey: Make = (stack, serviceAccounts) => ({ identities: [FluxGcpServiceAccountKey.fromEmail(stack, 'Identity', { email: pages.GSA_EMAIL, serviceAccounts })] });

// Ours mounts the whole Secret, in a directory of its own: the file that the page mounts alone would never show a renewed certificate.
const CERTIFICATE_IN_DIRECTORY = pages.AZURE_CERTIFICATE
  .replace('value: /var/run/app-cert/cert-and-key', 'value: /var/run/azure-certificate/cert-and-key')
  .replace(/mountPath: \/var\/run\/app-cert\/cert-and-key\n\s*subPath: cert-and-key/, 'mountPath: /var/run/azure-certificate');

// The page says nothing of where the file is; and a private cloud goes with a way to sign in, here that of any cluster.
const PRIVATE_CLOUD = (pages.AZURE_OTHER + pages.AZURE_PRIVATE_CLOUD)
  .split('https://login.microsoftonline.com/').join('https://login.core.private/')
  .split('/etc/azure-environment').join('/var/run/azure-environment');
const privateCloud = AzureCloud.custom({
  authorityHost: 'https://login.core.private/',
  resourceManagerEndpoint: 'https://management.core.private/',
  tokenAudience: 'https://management.core.private/',
  configMapName: 'azure-environment',
});

const SAMPLES: Array<[string, string, Make]> = [
  ['AWS, IRSA on EKS', pages.AWS_EKS, irsa(eks)],
  ['AWS, not EKS', pages.AWS_OTHER, irsa(other)],
  ['AWS, access keys', pages.AWS_ACCESS_KEY, accessKey],
  ['Azure, AKS', pages.AZURE_AKS, managedIdentity(aks)],
  ['Azure, not AKS', pages.AZURE_OTHER, managedIdentity(other)],
  ['Azure, certificates', CERTIFICATE_IN_DIRECTORY, certificate],
  ['Azure, private cloud', PRIVATE_CLOUD, managedIdentity(other, privateCloud)],
  ['Google, GKE', pages.GCP_GKE, workloadPool(gke, impersonating)],
  ['Google, not GKE, direct', pages.GCP_OTHER, workloadPool(other, direct)],
  ['Google, not GKE, impersonating', pages.GCP_OTHER, workloadPool(other, impersonating)],
  ['Google, keys', pages.GCP_KEY, googleKey],
];

describeWith([TERRAFORM, KUSTOMIZE], 'kustomizations come to what the pages do by hand', () => {
  const objects = installedObjects(FluxVersion.V2_9);
  const untouched = Object.fromEntries(CONTROLLERS.map((controller) => [controller, meaning(objects, controller)]));

  describe.each(SAMPLES)('%s', (_name, sample, make) => {
    let kustomizations: { [controller: string]: string };
    beforeAll(() => { kustomizations = oursByController(make, FluxVersion.V2_9); });

    it.each(CONTROLLERS)('%s', (controller) => {
      const built = kustomizeBuild(kustomizations[controller], FluxVersion.V2_9);
      const expected = kustomizeBuild(pages.page(sample, controller), FluxVersion.V2_9);
      expect(meaning(built, controller)).toEqual(meaning(expected, controller));
      // The sample says something, and nothing of it reaches the others.
      expect(meaning(expected, controller)).not.toEqual(untouched[controller]);
      for (const name of CONTROLLERS.filter((each) => each !== controller)) expect(meaning(built, name)).toEqual(untouched[name]);
    });
  });

  it('all controllers at once, in Flux 2.10', () => {
    const accounts = CONTROLLERS.map((controller) => FluxServiceAccount.controller(controller));
    const built = kustomizeBuild(ours(irsa(other), accounts, FluxVersion.V2_10), FluxVersion.V2_10);
    for (const controller of CONTROLLERS) {
      expect(meaning(built, controller)).toEqual(meaning(kustomizeBuild(pages.page(pages.AWS_OTHER, controller), FluxVersion.V2_10), controller));
    }
  });

  it('three clouds on one controller lose nothing', () => {
    const controller = FluxController.SOURCE;
    const make: Make = (stack, accounts) => {
      const aws = irsa(other)(stack, accounts);
      const clouds = [managedIdentity(() => aws.issuer!), workloadPool(() => aws.issuer!, direct)];
      return { ...aws, identities: [...aws.identities, ...clouds.flatMap((cloud, index) => cloud(new Construct(stack, `Cloud${index}`), accounts).identities)] };
    };
    const built = meaning(kustomizeBuild(ours(make, [FluxServiceAccount.controller(controller)], FluxVersion.V2_9), FluxVersion.V2_9), controller);
    for (const sample of [pages.AWS_OTHER, pages.AZURE_OTHER, pages.GCP_OTHER]) {
      const single = meaning(kustomizeBuild(pages.page(sample, controller), FluxVersion.V2_9), controller);
      expect(built.env).toMatchObject(single.env);
      for (const file of single.files) expect(built.files).toContain(file);
    }
    expect(built.count).toBe(Object.keys(built.env).length);
  });

  it('shards get what their controller gets', () => {
    const kustomization = ours(irsa(other), [FluxServiceAccount.controller(FluxController.SOURCE)], FluxVersion.V2_10);
    const built = kustomizeBuildSharded(kustomization, FluxVersion.V2_10);
    const [main, shard] = ['source-controller', 'source-controller-shard1'].map((name) => managerOf(built, name));
    expect(shard.env).toEqual(expect.arrayContaining(main.env.filter(({ name }: any) => name.startsWith('AWS_'))));
    expect(shard.volumeMounts).toEqual(main.volumeMounts);
  });
});

describeWith([TERRAFORM, KUSTOMIZE], 'object level, lockdown and token rights', () => {
  const tenant = FluxServiceAccount.of('team-a', 'flux');
  const withTenant = irsa(eks);
  const args = (objects: readonly KubernetesObject[], controller: string) => managerOf(objects, controller).args;
  let gated: string;
  beforeAll(() => { gated = ours(withTenant, [tenant], FluxVersion.V2_9); });

  it.each(CONTROLLERS)('the gate on %s is the page\'s, but never on source-watcher', (controller) => {
    const built = kustomizeBuild(gated, FluxVersion.V2_9);
    const untouched = controller === FluxController.SOURCE_WATCHER;
    const expected = untouched ? installedObjects(FluxVersion.V2_9) : kustomizeBuild(pages.page(pages.GATE, controller), FluxVersion.V2_9);
    expect(args(built, controller)).toEqual(args(expected, controller));
  });

  it('there is no gate in Flux 2.10', () => {
    const built = kustomizeBuild(ours(withTenant, [tenant], FluxVersion.V2_10), FluxVersion.V2_10);
    for (const controller of CONTROLLERS) expect(args(built, controller)).toEqual(args(installedObjects(FluxVersion.V2_10), controller));
  });

  it('the lockdown is the page\'s', () => {
    const built = kustomizeBuild(ours(() => ({ identities: [], lockdown: FluxLockdown.kubernetes() }), [], FluxVersion.V2_9), FluxVersion.V2_9);
    const expected = kustomizeBuild(pages.page(pages.LOCKDOWN, ''), FluxVersion.V2_9);
    for (const controller of CONTROLLERS) expect(args(built, controller)).toEqual(args(expected, controller));
    expect(objectOf(built, 'Kustomization', 'flux-system')).toEqual(objectOf(expected, 'Kustomization', 'flux-system'));
    expect(objectOf(built, 'Kustomization', 'flux-system').spec.serviceAccountName).toBe('kustomize-controller');
  });

  it('the cluster-wide right to tokens goes as on the page, and nothing else with it', () => {
    const make: Make = () => ({ identities: [], tokenRights: FluxTokenRights.PER_ACCOUNT });
    const built = kustomizeBuild(ours(make, [], FluxVersion.V2_9), FluxVersion.V2_9);
    const expected = kustomizeBuild(pages.page(pages.NO_TOKEN_RIGHT, ''), FluxVersion.V2_9);
    const rules = (objects: readonly KubernetesObject[]) => objectOf(objects, 'ClusterRole', 'crd-controller-flux-system').rules;
    expect(rules(built)).toEqual(rules(expected));
    expect(JSON.stringify(rules(built))).not.toContain('serviceaccounts/token');
    expect(rules(built)).toHaveLength(rules(installedObjects(FluxVersion.V2_9)).length - 1);
  });

  it('the build fails where the rule is another one', () => {
    const kustomization = ours(() => ({ identities: [], tokenRights: FluxTokenRights.PER_ACCOUNT }), [], FluxVersion.V2_9);
    expect(() => kustomizeBuild(kustomization, FluxVersion.V2_10)).toThrow(/kustomize: /);
  });

  it('the patches of a FluxInstance build too, and leave arguments to the operator', () => {
    const stack = new TerraformStack(Testing.app(), 'stack');
    const identity = new FakeIdentity(stack, 'Id', { serviceAccounts: [tenant, FluxServiceAccount.controller(FluxController.SOURCE)] });
    const config: FluxConfigProps = { issuer: other(stack), version: FluxVersion.V2_9, identities: [identity] };
    new TerraformOutput(stack, 'instance', { value: new FluxInstanceConfig(stack, 'Flux', config).yaml });
    const { spec } = parse(evaluate(stack).outputs.instance);
    const built = kustomizeBuild(JSON.stringify({ resources: ['gotk-components.yaml', 'gotk-sync.yaml'], patches: spec.kustomize.patches }), FluxVersion.V2_9);
    expect(objectOf(built, 'ServiceAccount', 'source-controller').metadata.annotations).toEqual({ who: 'Id-source-controller' });
    for (const controller of CONTROLLERS) expect(args(built, controller)).toEqual(args(installedObjects(FluxVersion.V2_9), controller));
  });
});

describeWith([TERRAFORM, KUSTOMIZE], 'examples', () => {
  const outputs = (make: (app: App) => TerraformStack) => evaluate(make(Testing.app())).outputs;

  it.each([[FluxVersion.V2_9, FluxVersion.V2_9], [FluxVersion.V2_10, FluxVersion.V2_10]])('three tenants on Flux %s build', (version, fixture) => {
    const { kustomization, manifests, fluxInstance } = outputs((app) => new MultiTenant(app, 'flux-multi-tenant', version));
    const built = kustomizeBuild(kustomization, fixture);
    expect(managerOf(built, 'source-controller').args.pop()).toBe('--default-service-account=flux');
    expect(JSON.stringify(built).includes('ObjectLevelWorkloadIdentity')).toBe(version === FluxVersion.V2_9);
    const accounts = parseObjects(manifests).filter(({ kind }) => kind === 'ServiceAccount').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
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
    const issuer = other(stack);
    VALUES.forEach((value, index) => {
      const variable = new TerraformVariable(stack, `value${index}`, { type: 'string' }).stringValue;
      const settings = { annotations: { known: value, unknown: variable, mixed: `<${value}>${variable}${value}${variable}` }, stamp: variable };
      const accounts = [FluxServiceAccount.controller(FluxController.SOURCE), FluxServiceAccount.of('team-a', 'flux')];
      const config = { issuer, version: FluxVersion.V2_9, identities: [new FakeIdentity(stack, `Id${index}`, { serviceAccounts: accounts, settings })] };
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

// Keeps the samples honest: a page that no longer parses proves nothing.
it('every page sample is a kustomization', () => {
  for (const [, sample] of SAMPLES) expect(parse(pages.page(sample, 'source-controller')).patches.length).toBeGreaterThan(0);
  expect(readFileSync(join(__dirname, 'flux-pages.ts'), 'utf8')).toContain('fluxcd.io/flux/integrations');
});
