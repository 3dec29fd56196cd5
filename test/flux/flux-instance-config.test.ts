import { TerraformVariable, Testing, Token } from 'cdktf';
import { addedArguments, documents, documentsOf, errorOf, FakeIdentity, installed, installedFor, known, resolved, textOf } from './fakes';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxCloud } from '../../lib/core/flux-identity';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxInstallationProps } from '../../lib/flux/flux-installation';
import { FluxInstanceConfig, FluxInstanceConfigProps } from '../../lib/flux/flux-instance-config';
import { FluxLockdown } from '../../lib/flux/flux-lockdown';
import { FluxPatch } from '../../lib/flux/flux-patch';
import { FluxTesting } from '../../lib/flux/flux-testing';
import { FluxTokenRights } from '../../lib/flux/flux-token-rights';

const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);

type Props = Partial<FluxInstanceConfigProps> & Partial<FluxInstallationProps>;

function instance({ spec, patches: given, ...props }: Props = {}, accounts: FluxServiceAccount[] = []) {
  const { stack, flux } = installedFor(accounts, { annotations: { role: 'arn' }, stamp: 'arn' }, props);
  const own = { ...(spec === undefined ? {} : { spec }), ...(given === undefined ? {} : { patches: given }) };
  return new FluxInstanceConfig(stack, 'Instance', { installation: flux, ...own });
}

function patches(spec: any) {
  return (spec.kustomize?.patches ?? []).map(({ target, patch }: any) => ({ target, patch: documents(patch)[0] }));
}

describe('FluxInstanceConfig', () => {
  it('renders a whole FluxInstance of the version', () => {
    const [object] = documentsOf(instance({}, [SOURCE]));
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
    const config = instance({ version: of }, [FluxServiceAccount.of('team-a', 'flux')]);
    expect(documentsOf(config)[0].spec.cluster).toEqual({ objectLevelWorkloadIdentity: true });
    expect(textOf(config)).not.toContain('ObjectLevelWorkloadIdentity=');
  });

  it('turns a lockdown into fields', () => {
    const spec = documentsOf(instance({ lockdown: FluxLockdown.kubernetes({ defaultServiceAccount: 'flux' }) }))[0].spec;
    expect(spec.cluster).toEqual({ multitenant: true, tenantDefaultServiceAccount: 'flux' });
    // Only source-watcher, which the operator's own lockdown leaves out.
    expect(patches(spec).map(({ target }: any) => target.name)).toEqual(['source-watcher']);
    expect(addedArguments(patches(spec), FluxController.SOURCE_WATCHER)).toEqual(['--no-cross-namespace-refs=true']);
  });

  it('gives source-watcher the lockdown\'s account in Flux 2.10', () => {
    const lockdown = FluxLockdown.workloadIdentity({ defaultServiceAccount: 'flux' });
    const spec = documentsOf(instance({ lockdown, version: FluxVersion.V2_10 }))[0].spec;
    expect(patches(spec).map(({ target }: any) => target.name)).toEqual(['source-watcher']);
    expect(addedArguments(patches(spec), FluxController.SOURCE_WATCHER)).toEqual(['--no-cross-namespace-refs=true', '--default-service-account=flux']);
    expect(patches(documentsOf(instance({ version: FluxVersion.V2_10 }))[0].spec)).toEqual([]);
  });

  it('turns a lockdown toward clouds into fields that need each other', () => {
    const lockdown = FluxLockdown.workloadIdentity({ defaultServiceAccount: 'flux', defaultDecryptionServiceAccount: 'sops' });
    expect(documentsOf(instance({ lockdown }))[0].spec.cluster).toEqual({
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
    const spec = documentsOf(instance({
      controllers: [FluxController.KUSTOMIZE, FluxController.SOURCE],
      patches: [user],
      spec: { cluster: { type: 'aws' }, distribution: { registry: 'registry.example.com/fluxcd', version: 'v2.9.1' }, sync: { kind: 'OCIRepository', url: 'oci://x/y', ref: 'latest', path: '.' } },
    }, [SOURCE]))[0].spec;
    expect(spec.components).toEqual(['source-controller', 'kustomize-controller']);
    expect(spec.cluster).toEqual({ type: 'aws' });
    expect(spec.distribution).toEqual({ registry: 'registry.example.com/fluxcd', version: 'v2.9.1' });
    expect(spec.sync.url).toBe('oci://x/y');
    expect(spec.kustomize.patches.pop()).toEqual({ target: user.target, patch: user.patch });
  });

  it('gives the same as an object, and only its own parts', () => {
    const config = instance({ lockdown: FluxLockdown.kubernetes(), spec: { cluster: { size: 'small' } } }, [SOURCE]);
    const parts = FluxTesting.value(config, config.parts);
    expect(FluxTesting.value(config, config.manifest)).toEqual(documentsOf(config)[0]);
    expect(Object.keys(parts)).toEqual(['cluster', 'kustomize']);
    expect(parts.cluster).toEqual({ size: 'small', multitenant: true, tenantDefaultServiceAccount: 'default' });
  });

  it('warns of targets with a namespace: the operator patches before it sets them', () => {
    const patch = '- {op: remove, path: /spec}';
    const target = { kind: 'ServiceAccount', namespace: 'flux-system' };
    const warnings = (given: FluxPatch[]) => {
      const { stack, flux } = installed();
      new FluxInstanceConfig(stack, 'Instance', { installation: flux, patches: given });
      return flux.warnings;
    };
    expect(warnings([{ patch }, { patch, target }])).toEqual([{
      id: 'patch-namespace:stack/Instance:2', message: expect.stringContaining('"stack/Instance": patch 2 of `patches` has a target with a namespace'),
    }]);
    expect(warnings([{ patch, target: { kind: 'ServiceAccount' } }, { patch, target: { ...target, kind: 'Kustomization' } }])).toEqual([]);
  });

  it('hands tokens and template marks on to Terraform', () => {
    const { stack, flux } = installed();
    flux.addIdentity(new FakeIdentity(stack, 'Id', { serviceAccounts: [SOURCE], settings: { annotations: { role: known(stack, 'arn'), text: '${literal}' } } }));
    const config = new FluxInstanceConfig(stack, 'Instance', { installation: flux, spec: { commonMetadata: { labels: { a: '%{x}' } } } });
    const found = resolved(stack, { yaml: config.yaml, manifest: config.manifest });
    expect(found.yaml).toContain('${replace(jsonencode(var.arn), "\\u0085", "\\\\u0085")}');
    expect(found.yaml).toContain('$${literal}');
    expect(found.manifest.spec.kustomize.patches[0].patch).toContain('${replace(jsonencode(var.arn), "\\u0085", "\\\\u0085")}');
    expect(found.manifest.spec.commonMetadata.labels.a).toBe('%%{x}');
  });

  it('takes the cluster-wide right to tokens away where the operator leaves it', () => {
    const spec = (tokenRights: FluxTokenRights, accounts: FluxServiceAccount[]) => (
      documentsOf(instance({ lockdown: FluxLockdown.kubernetes({ tokenRights }) }, accounts))[0].spec
    );
    const tenant = [FluxServiceAccount.of('team-a', 'flux')];
    const roles = (of: any) => patches(of).filter(({ target: { kind } }: any) => kind === 'ClusterRole');
    const [{ target, patch }, ...others] = roles(spec(FluxTokenRights.PER_ACCOUNT, tenant));
    expect(others).toEqual([]);
    expect(target).toEqual({ kind: 'ClusterRole', name: 'crd-controller-flux-system' });
    expect(patch).toEqual([{ op: 'test', path: '/rules/11/resources', value: ['serviceaccounts/token'] }, { op: 'remove', path: '/rules/11' }]);
    // Without object level the operator takes it away itself, and a patch that looks for it would stop it.
    expect(roles(spec(FluxTokenRights.PER_ACCOUNT, []))).toEqual([]);
    expect(roles(spec(FluxTokenRights.AS_INSTALLED, tenant))).toEqual([]);
  });

  it.each<[object, object]>([
    [{ cluster: { type: 'openshift', size: 'large', domain: 'x.local', networkPolicy: false } }, {}],
    [{ sharding: { shards: ['a'], storage: 'persistent', key: 'k' }, storage: { class: 'standard', size: '10Gi' } }, {}],
    [{ sync: { kind: 'GitRepository', url: 'https://x', ref: 'refs/heads/main', path: '.', provider: 'aws', interval: '1h30m' } }, {}],
    [{ sync: { kind: 'GitRepository', url: 'ssh://git@git.example.com/fleet@v1', ref: 'refs/heads/main', path: '.' } }, {}],
    [{ sync: { kind: 'Bucket', url: 'x', ref: 'b', path: '.', provider: 'aws' } }, { version: FluxVersion.V2_6 }],
    [{ sync: { kind: 'GitRepository', url: 'https://x', ref: 'r', path: '.' } }, { version: FluxVersion.V2_8 }],
    [{ sync: { kind: 'Bucket', url: 'x', ref: 'b', path: '.', name: 'n'.repeat(63), interval: '1.55h' } }, {}],
    [{ distribution: { artifact: 'oci://ghcr.io/x/y' } }, {}],
    [{ wait: false, migrateResources: undefined, commonMetadata: { labels: { a: 'b' } } }, {}],
  ])('takes %j', (spec, props) => {
    expect(documentsOf(instance({ spec, ...props }))[0].spec).toMatchObject(JSON.parse(JSON.stringify(spec)));
  });

  it('leaves values that only Terraform knows to Terraform', () => {
    const { stack, flux } = installed();
    const value = known(stack, 'v');
    const spec = {
      wait: value,
      cluster: { size: value },
      sharding: { shards: [value] },
      commonMetadata: { labels: { a: value } },
      sync: { kind: value, url: value, ref: value, path: value, provider: 'gcp' },
    };
    expect(() => new FluxInstanceConfig(stack, 'Instance', { installation: flux, spec })).not.toThrow();
  });
});

test('flags, lists and maps that only Terraform knows are rendered as what they are', () => {
  const { stack, flux } = installed();
  const { booleanValue, listValue, value } = new TerraformVariable(stack, 'v', {});
  const config = new FluxInstanceConfig(stack, 'Instance', {
    installation: flux,
    spec: { wait: booleanValue, sharding: { shards: listValue }, commonMetadata: { labels: Token.asStringMap(value), annotations: value } },
  });
  const { yaml, manifest } = resolved(stack, { yaml: config.yaml, manifest: config.manifest });
  for (const field of ['wait', 'shards', 'labels', 'annotations']) expect(yaml).toContain(` ${field}: \${replace(jsonencode(var.v), "\\u0085", "\\\\u0085")}\n`);
  expect(manifest.spec).toMatchObject({ wait: '${var.v}', sharding: { shards: '${var.v}' }, commonMetadata: { labels: '${var.v}', annotations: '${var.v}' } });
});

describe('bad input of FluxInstanceConfig', () => {
  it.each([
    [{ spec: { components: [] } }, 'field "spec.components"', '`controllers`'],
    [{ spec: { kustomize: {} } }, 'field "spec.kustomize"', '`patches`'],
    [{ spec: { cluster: { objectLevelWorkloadIdentity: false } } }, 'field "spec.cluster.objectLevelWorkloadIdentity"', 'remove'],
    [{ spec: { cluster: { multitenantWorkloadIdentity: true } } }, 'field "spec.cluster.multitenantWorkloadIdentity"', 'FluxLockdown.workloadIdentity()'],
    [{ spec: { cluster: { tenantDefaultServiceAccount: 'x' } } }, 'field "spec.cluster.tenantDefaultServiceAccount"', '`lockdown`'],
    [{ spec: { synk: {} } }, 'field "spec.synk"', 'correct the spelling'],
    [{ spec: { constructor: {} } }, 'field "spec.constructor" of the FluxInstance', 'correct the spelling'],
    [{ spec: { cluster: { toString: 'x' } } }, 'field "spec.cluster.toString" of the FluxInstance', 'correct the spelling'],
    [{ spec: { cluster: new Map([['domain', 'x']]) } }, 'spec.cluster a value of type Map of the FluxInstance.', 'an object with domain'],
    [{ spec: { commonMetadata: { labels: new Map([['a', 'b']]) } } }, 'spec.commonMetadata.labels a value of type Map of the FluxInstance.', 'text by name'],
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
    [{ spec: { sharding: { shards: ['a', 1] } } }, 'spec.sharding.shards ["a",1] of the FluxInstance.', 'a list of at least one text'],
    [{ spec: { cluster: null } }, 'spec.cluster null of the FluxInstance.', 'an object with domain'],
    [{ spec: { commonMetadata: { labels: null } } }, 'spec.commonMetadata.labels null of the FluxInstance.', 'text by name'],
    [{ spec: { commonMetadata: { labels: { a: 'b', c: 1 } } } }, 'spec.commonMetadata.labels {"a":"b","c":1} of the FluxInstance.', 'text by name'],
    [{ spec: { distribution: { artifact: 'x oci://y' } } }, 'spec.distribution.artifact "x oci://y"', 'a URL that begins with "oci://"'],
    [{ spec: { distribution: { artifact: 'oci://x\ny' } } }, 'spec.distribution.artifact "oci://x', 'a URL that begins with "oci://"'],
    ...['x10m', '10mx', '1.h', '1.xh'].map((interval): any => [{ spec: { sync: { interval } } }, `spec.sync.interval "${interval}" of the FluxInstance.`, 'for example "10m"']),
    [{ spec: { commonMetadata: { labels: { a: 1 } } } }, 'spec.commonMetadata.labels {"a":1} of the FluxInstance.', 'text by name'],
    ...['https://flux:hunter2@git.example.com/fleet', 'https://ghp_abcdef123456@github.com/acme/fleet', 'ssh://git:hunter2@git.example.com/fleet'].map((url) => (
      [{ spec: { sync: { kind: 'GitRepository', url, ref: 'r', path: '.' } } }, 'spec.sync.url of the FluxInstance "', 'a URL without user and password', 'spec.sync.pullSecret'] as any
    )),
    [{ spec: { distribution: { artifact: 'oci://flux:hunter2@ghcr.io/x/y' } } }, 'spec.distribution.artifact of the FluxInstance "', 'a URL without user and password'],
    [{ spec: { sync: { interval: '1 hour' } } }, 'spec.sync.interval "1 hour" of the FluxInstance.', 'for example "10m"'],
    [{ spec: { sync: { name: 'x'.repeat(64) } } }, 'spec.sync.name "xxx', 'at most 63 characters'],
    [{ spec: { sync: { kind: 'GitRepository', url: 'https://x', ref: 'r', path: '.', provider: 'gcp' } } }, 'spec.sync.provider "gcp" for kind "GitRepository".', 'OCIRepository, Bucket'],
    [{ spec: { sync: { kind: 'Bucket', url: 'x', ref: 'r', path: '.', provider: 'github' } } }, 'spec.sync.provider "github" for kind "Bucket".', 'GitRepository'],
    [
      { version: FluxVersion.V2_8, spec: { sync: { kind: 'GitRepository', url: 'https://x', ref: 'r', path: '.', provider: 'aws' } } },
      'spec.sync.provider "aws" for kind "GitRepository" in Flux 2.8.', 'upgrade to Flux 2.9',
    ],
    [{ lockdown: FluxLockdown.workloadIdentity(), version: FluxVersion.V2_6 }, 'FluxLockdown.workloadIdentity in Flux 2.6', 'upgrade to Flux 2.7'],
    [{ version: '2.5' as any }, 'option "version" of FluxInstallation: "2.5"', '2.10'],
    [{ name: 'x' } as any, 'option "name" of FluxInstallation', 'lockdown'],
  ])('refuses %j', (props, given, help) => {
    const message = errorOf(() => instance(props));
    expect(message).toContain(given);
    expect(message).toContain(help);
  });

  it.each(['2.9.x', '2.9', 'v2.9.4', '=2.9.1', '~2.9.0', '2.9.*'])('takes the range %s', (range) => {
    expect(documentsOf(instance({ spec: { distribution: { version: range } } }))[0].spec.distribution.version).toBe(range);
  });

  it('leaves ranges that only Terraform knows to Terraform', () => {
    const { stack, flux } = installed();
    const config = new FluxInstanceConfig(stack, 'Instance', { installation: flux, spec: { distribution: { version: known(stack, 'v') } } });
    expect(resolved(stack, config.yaml)).toContain('version: ${replace(jsonencode(var.v), "\\u0085", "\\\\u0085")}');
  });

  it('makes no resources', () => {
    const { stack, flux } = installed();
    flux.addIdentity(new FakeIdentity(stack, 'Id', { serviceAccounts: [SOURCE], cloud: FluxCloud.GCP }));
    new FluxInstanceConfig(stack, 'Instance', { installation: flux });
    expect(JSON.parse(Testing.synth(stack)).resource).toBeUndefined();
  });
});
