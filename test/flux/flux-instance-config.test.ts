import { Testing } from 'cdktf';
import { addedArguments, cluster, documents, errorOf, FakeIdentity, known, resolved } from './fakes';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxCloud } from '../../lib/core/flux-identity';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxInstanceConfig, FluxInstanceConfigProps } from '../../lib/flux/flux-instance-config';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { FluxLockdown } from '../../lib/flux/flux-lockdown';
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

  it('takes the cluster-wide right to tokens away where it is a rule', () => {
    const spec = documents(instance({ tokenRights: FluxTokenRights.PER_ACCOUNT }).yaml)[0].spec;
    expect(patches(spec)).toEqual([{
      target: { kind: 'ClusterRole', name: 'crd-controller-flux-system' },
      patch: [{ op: 'test', path: '/rules/10/resources/0', value: 'serviceaccounts/token' }, { op: 'remove', path: '/rules/10' }],
    }]);
    expect(documents(instance({ tokenRights: FluxTokenRights.AS_INSTALLED }).yaml)[0].spec).not.toHaveProperty('kustomize');
  });
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
