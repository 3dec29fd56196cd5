import { TerraformVariable, Testing, Token } from 'cdktf';
import { addedArguments, cluster, documents, errorOf, FakeIdentity, known, resolved } from './fakes';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxCloud } from '../../lib/core/flux-identity';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxInstanceConfig, FluxInstanceConfigProps } from '../../lib/flux/flux-instance-config';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { FluxLockdown } from '../../lib/flux/flux-lockdown';
import { FluxPatch } from '../../lib/flux/flux-patch';
import { FluxTokenRights } from '../../lib/flux/flux-token-rights';

const version = FluxVersion.V2_9;
const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);
const OPERATOR = FluxServiceAccount.operator();

function instance(props: Partial<FluxInstanceConfigProps> = {}, accounts: FluxServiceAccount[] = []) {
  const { stack, issuer } = cluster();
  const identities = accounts.length === 0 ? [] : [new FakeIdentity(stack, 'Id', { serviceAccounts: accounts, settings: { annotations: { role: 'arn' }, stamp: 'arn' } })];
  return new FluxInstanceConfig(stack, 'Flux', { issuer, version, identities, ...props });
}

function patches(spec: any) {
  return (spec.kustomize?.patches ?? []).map(({ target, patch }: any) => ({ target, patch: documents(patch)[0] }));
}

describe('FluxInstanceConfig', () => {
  it('renders a whole FluxInstance of the version', () => {
    const [object] = documents(instance({}, [SOURCE]).yaml);
    expect(object).toMatchObject({ apiVersion: 'fluxcd.controlplane.io/v1', kind: 'FluxInstance', metadata: { name: 'flux', namespace: 'flux-system' } });
    expect(object.spec.distribution).toEqual({ version: '2.9.x', registry: 'ghcr.io/fluxcd' });
    expect(object.spec.components).toEqual(Object.values(FluxController));
    expect(object.spec).not.toHaveProperty('cluster');
    expect(patches(object.spec)).toEqual([
      { target: { kind: 'ServiceAccount', name: 'source-controller' }, patch: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'source-controller', annotations: { role: 'arn' } } } },
      {
        target: { kind: 'Deployment', name: 'source-controller' },
        patch: {
          apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'source-controller' }, spec: { template: { metadata: { annotations: { 'cdktf-flux-identity/aws': 'arn' } } } },
        },
      },
    ]);
  });

  it.each([FluxVersion.V2_9, FluxVersion.V2_10])('sets the field of object level in Flux %s and never patches the gate', (of) => {
    const { yaml } = instance({ version: of }, [FluxServiceAccount.of('team-a', 'flux')]);
    expect(documents(yaml)[0].spec.cluster).toEqual({ objectLevelWorkloadIdentity: true });
    expect(yaml).not.toContain('ObjectLevelWorkloadIdentity=');
  });

  it('turns a lockdown into fields', () => {
    const spec = documents(instance({ lockdown: FluxLockdown.kubernetes({ defaultServiceAccount: 'flux' }) }).yaml)[0].spec;
    expect(spec.cluster).toEqual({ multitenant: true, tenantDefaultServiceAccount: 'flux' });
    // Only source-watcher, which the operator's own lockdown leaves out.
    expect(patches(spec).map(({ target }: any) => target.name)).toEqual(['source-watcher']);
    expect(addedArguments(patches(spec), FluxController.SOURCE_WATCHER)).toEqual(['--no-cross-namespace-refs=true']);
  });

  it('gives source-watcher the lockdown\'s account in Flux 2.10', () => {
    const lockdown = FluxLockdown.workloadIdentity({ defaultServiceAccount: 'flux' });
    const spec = documents(instance({ lockdown, version: FluxVersion.V2_10 }).yaml)[0].spec;
    expect(patches(spec).map(({ target }: any) => target.name)).toEqual(['source-watcher']);
    expect(addedArguments(patches(spec), FluxController.SOURCE_WATCHER)).toEqual(['--no-cross-namespace-refs=true', '--default-service-account=flux']);
    expect(patches(documents(instance({ version: FluxVersion.V2_10 }).yaml)[0].spec)).toEqual([]);
  });

  it('turns a lockdown toward clouds into fields that need each other', () => {
    const lockdown = FluxLockdown.workloadIdentity({ defaultServiceAccount: 'flux', defaultDecryptionServiceAccount: 'sops' });
    expect(documents(instance({ lockdown }).yaml)[0].spec.cluster).toEqual({
      objectLevelWorkloadIdentity: true,
      multitenant: true,
      multitenantWorkloadIdentity: true,
      tenantDefaultServiceAccount: 'flux',
      tenantDefaultDecryptionServiceAccount: 'sops',
      tenantDefaultKubeConfigServiceAccount: 'default',
    });
  });

  it('keeps the rest of the spec, and its own patches before the user\'s', () => {
    const user = { patch: '- {op: remove, path: /spec}', target: { kind: 'PodDisruptionBudget' } };
    const spec = documents(instance({
      controllers: [FluxController.KUSTOMIZE, FluxController.SOURCE],
      patches: [user],
      spec: { cluster: { type: 'aws' }, distribution: { registry: 'registry.example.com/fluxcd', version: 'v2.9.1' }, sync: { kind: 'OCIRepository', url: 'oci://x/y', ref: 'latest', path: '.' } },
    }, [SOURCE]).yaml)[0].spec;
    expect(spec.components).toEqual(['source-controller', 'kustomize-controller']);
    expect(spec.cluster).toEqual({ type: 'aws' });
    expect(spec.distribution).toEqual({ registry: 'registry.example.com/fluxcd', version: 'v2.9.1' });
    expect(spec.sync.url).toBe('oci://x/y');
    expect(spec.kustomize.patches.pop()).toEqual({ target: user.target, patch: user.patch });
  });

  it('gives the same as an object, and only its own parts', () => {
    const config = instance({ lockdown: FluxLockdown.kubernetes(), spec: { cluster: { size: 'small' } } }, [SOURCE]);
    expect(config.manifest).toEqual(documents(config.yaml)[0]);
    expect(Object.keys(config.parts)).toEqual(['cluster', 'kustomize']);
    expect(config.parts.cluster).toEqual({ size: 'small', multitenant: true, tenantDefaultServiceAccount: 'default' });
  });

  it('warns of targets with a namespace: the operator patches before it sets them', () => {
    const patch = '- {op: remove, path: /spec}';
    const target = { kind: 'ServiceAccount', namespace: 'flux-system' };
    const warnings = (given: FluxPatch[]) => instance({ patches: given }).node.metadata.map(({ data }) => data);
    expect(warnings([{ patch }, { patch, target }])).toEqual([expect.stringContaining('patch 2 of `patches` has a target with a namespace')]);
    expect(warnings([{ patch, target: { kind: 'ServiceAccount' } }, { patch, target: { ...target, kind: 'Kustomization' } }])).toEqual([]);
  });

  it('hands tokens and template marks on to Terraform', () => {
    const { stack, issuer } = cluster();
    const identity = new FakeIdentity(stack, 'Id', { serviceAccounts: [SOURCE], settings: { annotations: { role: known(stack, 'arn'), text: '${literal}' } } });
    const config = new FluxInstanceConfig(stack, 'Flux', { issuer, version, identities: [identity], spec: { commonMetadata: { labels: { a: '%{x}' } } } });
    const found = resolved(stack, { yaml: config.yaml, manifest: config.manifest });
    expect(found.yaml).toContain('${jsonencode(var.arn)}');
    expect(found.yaml).toContain('$${literal}');
    expect(found.manifest.spec.kustomize.patches[0].patch).toContain('${jsonencode(var.arn)}');
    expect(found.manifest.spec.commonMetadata.labels.a).toBe('%%{x}');
  });

  it('takes the cluster-wide right to tokens away where the operator leaves it', () => {
    const spec = (tokenRights: FluxTokenRights, accounts: FluxServiceAccount[]) => documents(instance({ tokenRights }, accounts).yaml)[0].spec;
    const tenant = [FluxServiceAccount.of('team-a', 'flux')];
    const [{ target, patch }, ...others] = patches(spec(FluxTokenRights.PER_ACCOUNT, tenant));
    expect(others).toEqual([]);
    expect(target).toEqual({ kind: 'ClusterRole', name: 'crd-controller-flux-system' });
    expect(patch).toEqual([{ op: 'test', path: '/rules/11/resources', value: ['serviceaccounts/token'] }, { op: 'remove', path: '/rules/11' }]);
    // Without object level the operator takes it away itself, and a patch that looks for it would stop it.
    expect(spec(FluxTokenRights.PER_ACCOUNT, [])).not.toHaveProperty('kustomize');
    expect(spec(FluxTokenRights.AS_INSTALLED, tenant)).not.toHaveProperty('kustomize');
  });

  it.each<[object, object]>([
    [{ cluster: { type: 'openshift', size: 'large', domain: 'x.local', networkPolicy: false } }, {}],
    [{ sharding: { shards: ['a'], storage: 'persistent', key: 'k' }, storage: { class: 'standard', size: '10Gi' } }, {}],
    [{ sync: { kind: 'GitRepository', url: 'https://x', ref: 'refs/heads/main', path: '.', provider: 'aws', interval: '1h30m' } }, {}],
    [{ sync: { kind: 'Bucket', url: 'x', ref: 'b', path: '.', provider: 'aws' } }, { version: FluxVersion.V2_6 }],
    [{ wait: false, migrateResources: undefined, commonMetadata: { labels: { a: 'b' } } }, {}],
  ])('takes %j', (spec, props) => {
    expect(documents(instance({ spec, ...props }).yaml)[0].spec).toMatchObject(JSON.parse(JSON.stringify(spec)));
  });

  it('leaves values that only Terraform knows to Terraform', () => {
    const { stack, issuer } = cluster();
    const value = known(stack, 'v');
    const spec = {
      wait: value,
      cluster: { size: value },
      sharding: { shards: [value] },
      commonMetadata: { labels: { a: value } },
      sync: { kind: value, url: value, ref: value, path: value, provider: 'gcp' },
    };
    expect(() => new FluxInstanceConfig(stack, 'Flux', { issuer, version, spec })).not.toThrow();
  });
});

test('flags, lists and maps that only Terraform knows are rendered as what they are', () => {
  const { stack, issuer } = cluster();
  const { booleanValue, listValue, value } = new TerraformVariable(stack, 'v', {});
  const config = new FluxInstanceConfig(stack, 'Flux', {
    issuer,
    version,
    spec: { wait: booleanValue, sharding: { shards: listValue }, commonMetadata: { labels: Token.asStringMap(value), annotations: value } },
  });
  const { yaml, manifest } = resolved(stack, { yaml: config.yaml, manifest: config.manifest });
  for (const field of ['wait', 'shards', 'labels', 'annotations']) expect(yaml).toContain(` ${field}: \${jsonencode(var.v)}\n`);
  expect(manifest.spec).toMatchObject({ wait: '${var.v}', sharding: { shards: '${var.v}' }, commonMetadata: { labels: '${var.v}', annotations: '${var.v}' } });
});

describe('the Flux Operator as a subject', () => {
  it('gets its identity by the values of its own chart', () => {
    const { stack, issuer } = cluster();
    const identity = new FakeIdentity(stack, 'Id', {
      serviceAccounts: [OPERATOR],
      settings: {
        annotations: { role: 'arn' }, podLabels: { use: 'true' }, env: [{ name: 'A', value: 'b' }], tokens: [{ path: 'aws-token', audience: 'sts.amazonaws.com' }], stamp: 'arn',
      },
    });
    const config = new FluxInstanceConfig(stack, 'Flux', { issuer, version, identities: [identity] });
    expect(documents(config.operatorValues)[0]).toEqual({
      commonAnnotations: { 'role': 'arn', 'cdktf-flux-identity/aws': 'arn' },
      commonLabels: { use: 'true' },
      extraEnvs: [{ name: 'A', value: 'b' }],
      extraVolumes: [{
        name: 'flux-identity-tokens',
        projected: { sources: [{ serviceAccountToken: { audience: 'sts.amazonaws.com', expirationSeconds: 3600, path: 'aws-token' } }] },
      }],
      extraVolumeMounts: [{ name: 'flux-identity-tokens', mountPath: '/var/run/service-account', readOnly: true }],
    });
    expect(documents(config.yaml)[0].spec).not.toHaveProperty('kustomize');
    expect(instance().operatorValues).toBe('');
  });

  it('is refused where there is no operator', () => {
    const { stack, issuer } = cluster();
    const identity = new FakeIdentity(stack, 'Id', { serviceAccounts: [OPERATOR] });
    const message = errorOf(() => new FluxKustomization(stack, 'Flux', { issuer, version, identities: [identity] }));
    expect(message).toContain('the Flux Operator ("flux-system/flux-operator") of "stack/Id", which this installation does not have.');
    expect(message).toContain('Fix: use FluxInstanceConfig and its `operatorValues`');
  });

  it('is no controller to install', () => {
    expect(errorOf(() => instance({ controllers: ['flux-operator' as any] }))).toContain('option "controllers" of FluxInstanceConfig: "flux-operator" as item 1');
  });

  it('is an account of its own: not at object level', () => {
    expect(errorOf(() => FluxServiceAccount.of('flux-system', 'flux-operator'))).toContain('use FluxServiceAccount.operator()');
  });
});

describe('bad input of FluxInstanceConfig', () => {
  it.each([
    [{ spec: { components: [] } }, 'field "spec.components"', '`controllers`'],
    [{ spec: { kustomize: {} } }, 'field "spec.kustomize"', '`patches`'],
    [{ spec: { cluster: { objectLevelWorkloadIdentity: false } } }, 'field "spec.cluster.objectLevelWorkloadIdentity"', 'remove'],
    [{ spec: { cluster: { multitenantWorkloadIdentity: true } } }, 'field "spec.cluster.multitenantWorkloadIdentity"', 'FluxLockdown.workloadIdentity()'],
    [{ spec: { cluster: { tenantDefaultServiceAccount: 'x' } } }, 'field "spec.cluster.tenantDefaultServiceAccount"', '`lockdown`'],
    [{ spec: { synk: {} } }, 'field "spec.synk"', 'correct the spelling'],
    [{ spec: { sync: { kind: 'GitRepository', url: 'https://x' } } }, 'spec.sync without "ref", "path".', 'add "ref", "path"'],
    [{ spec: { storage: { size: '10Gi' } } }, 'spec.storage without "class".', 'add "class"'],
    [{ spec: { sharding: {} } }, 'spec.sharding without "shards".', 'add "shards"'],
    [{ spec: { sharding: { shards: ['a'], storage: 'persistent' } } }, 'spec.sharding.storage "persistent" without "spec.storage".', 'add "spec.storage"'],
    [{ spec: { distribution: { version: '2.x' } } }, 'spec.distribution.version "2.x" beside version 2.9.', 'set it to "2.9.x"'],
    [{ spec: { distribution: { version: '2.90.0' } } }, 'spec.distribution.version "2.90.0"', '"2.9.x"'],
    [{ spec: { distribution: { version: '^2.9.0' } } }, 'spec.distribution.version "^2.9.0"', '"2.9.x"'],
    [{ spec: { distribution: { version: '2.9.x || 2.10.x' } } }, 'spec.distribution.version "2.9.x || 2.10.x"', '"2.9.x"'],
    [{ spec: { distribution: { variant: 'alpine' } } }, 'spec.distribution.variant "alpine" of the FluxInstance.', 'enterprise-distroless'],
    [{ spec: { distribution: { artifact: 'https://x' } } }, 'spec.distribution.artifact "https://x"', 'a URL that begins with "oci://"'],
    [{ spec: { cluster: { sise: 'small' } } }, 'field "spec.cluster.sise" of the FluxInstance', 'domain, networkPolicy, size, type'],
    [{ spec: { cluster: { size: 'huge' } } }, 'spec.cluster.size "huge" of the FluxInstance.', 'small, medium, large'],
    [{ spec: { cluster: 'aws' } }, 'spec.cluster "aws" of the FluxInstance.', 'an object with domain, networkPolicy, size, type'],
    [{ spec: { sharding: { shards: [] } } }, 'spec.sharding.shards [] of the FluxInstance.', 'at least one'],
    [{ spec: { wait: 'yes' } }, 'spec.wait "yes" of the FluxInstance.', 'true or false'],
    [{ spec: { commonMetadata: { labels: { a: 1 } } } }, 'spec.commonMetadata.labels {"a":1} of the FluxInstance.', 'text by name'],
    [{ spec: { sync: { interval: '1 hour' } } }, 'spec.sync.interval "1 hour" of the FluxInstance.', 'for example "10m"'],
    [{ spec: { sync: { name: 'x'.repeat(64) } } }, 'spec.sync.name "xxx', 'at most 63 characters'],
    [{ spec: { sync: { kind: 'GitRepository', url: 'https://x', ref: 'r', path: '.', provider: 'gcp' } } }, 'spec.sync.provider "gcp" for kind "GitRepository".', 'OCIRepository, Bucket'],
    [{ spec: { sync: { kind: 'Bucket', url: 'x', ref: 'r', path: '.', provider: 'github' } } }, 'spec.sync.provider "github" for kind "Bucket".', 'GitRepository'],
    [
      { version: FluxVersion.V2_8, spec: { sync: { kind: 'GitRepository', url: 'https://x', ref: 'r', path: '.', provider: 'aws' } } },
      'spec.sync.provider "aws" for kind "GitRepository" in Flux 2.8.', 'upgrade to Flux 2.9',
    ],
    [{ tokenRights: 'none' as any }, 'option "tokenRights" of FluxInstanceConfig: "none"', 'as-installed, per-account'],
    [{ tokenRights: FluxTokenRights.PER_ACCOUNT, version: FluxVersion.V2_10 }, 'FluxTokenRights.PER_ACCOUNT in Flux 2.10.', 'Flux 2.6 to 2.9'],
    [{ lockdown: FluxLockdown.workloadIdentity(), version: FluxVersion.V2_6 }, 'FluxLockdown.workloadIdentity in Flux 2.6', 'upgrade to Flux 2.7'],
    [{ version: '2.5' as any }, 'option "version" of FluxInstanceConfig: "2.5"', '2.10'],
    [{ name: 'x' } as any, 'option "name" of FluxInstanceConfig', 'tokenRights'],
  ])('refuses %j', (props, given, help) => {
    const message = errorOf(() => instance(props));
    expect(message).toContain(given);
    expect(message).toContain(help);
  });

  it.each(['2.9.x', '2.9', 'v2.9.4', '=2.9.1', '~2.9.0', '2.9.*'])('takes the range %s', (range) => {
    expect(documents(instance({ spec: { distribution: { version: range } } }).yaml)[0].spec.distribution.version).toBe(range);
  });

  it('leaves ranges that only Terraform knows to Terraform', () => {
    const { stack, issuer } = cluster();
    const config = new FluxInstanceConfig(stack, 'Flux', { issuer, version, spec: { distribution: { version: known(stack, 'v') } } });
    expect(resolved(stack, config.yaml)).toContain('version: ${jsonencode(var.v)}');
  });

  it('makes no resources', () => {
    const { stack, issuer } = cluster();
    new FluxInstanceConfig(stack, 'Flux', { issuer, version, identities: [new FakeIdentity(stack, 'Id', { serviceAccounts: [SOURCE], cloud: FluxCloud.GCP })] });
    expect(JSON.parse(Testing.synth(stack)).resource).toBeUndefined();
  });
});
