import { TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
import { parse } from 'yaml';
import { FluxOperator, NEXT_VERSION } from './flux-operator';
import { eks, Identity, irsa, managedIdentity, other, principal, SAMPLES } from './flux-samples';
import { controllersOf } from './installation';
import { changesOf, installedObjects, KubernetesObject, kustomizeBuild, managerOf, objectOf } from './kustomize';
import { describeWith, FLUX_MANIFESTS, FLUX_OPERATOR, KUSTOMIZE, TERRAFORM } from './programs';
import { evaluate } from './terraform';
import { addExamples } from '../../examples/stacks';
import { FluxPodIdentityRole } from '../../lib/aws/flux-pod-identity-role';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxInstallationProps } from '../../lib/flux/flux-installation';
import { FluxInstanceConfig, FluxInstanceConfigProps } from '../../lib/flux/flux-instance-config';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { FluxLockdown } from '../../lib/flux/flux-lockdown';
import { FluxPatch } from '../../lib/flux/flux-patch';
import { FluxTokenRights } from '../../lib/flux/flux-token-rights';
import { installedFor, textOf } from '../flux/fakes';
import { fluxOf } from '../support';

const { V2_6, V2_7, V2_8, V2_9 } = FluxVersion;
const TENANT = FluxServiceAccount.of('team-a', 'flux');
const GATE = '--feature-gates=ObjectLevelWorkloadIdentity';
const SPEC = {
  // The lockdown must leave this Kustomization alone.
  sync: { kind: 'OCIRepository', url: 'oci://example.com/fleet', ref: 'latest', path: 'clusters/prod' },
  // The API server's default, which the command line does not set.
  cluster: { networkPolicy: true },
};

/** Every way to be someone in a cloud. */
const IDENTITIES: { readonly [name: string]: readonly [typeof eks, ...Identity[]] } = {
  ...Object.fromEntries(SAMPLES.map(([name, , issuer, identity]) => [name, [issuer, identity]])),
  'AWS, Pod Identity': [
    (scope) => ClusterIssuer.eks(scope, 'Cluster', { clusterName: 'prod', clusterArn: 'arn:aws:eks:eu-west-1:111122223333:cluster/prod', issuerUrl: 'https://oidc.example.com' }),
    (scope, issuer, serviceAccounts) => new FluxPodIdentityRole(scope, 'Role', { issuer: issuer, account: '111122223333', serviceAccounts }),
  ],
  'three clouds at once': [other, irsa, managedIdentity, principal],
};

interface Case {
  readonly identity?: string;
  /** Object level in place of controller level. */
  readonly tenant?: boolean;
  readonly options?: Partial<FluxInstallationProps>;
  readonly patches?: FluxPatch[];
  readonly since?: FluxVersion;
}

const USER_PATCHES = [
  { target: { kind: 'Deployment', name: 'source-controller' }, patch: '- {op: add, path: /spec/template/spec/containers/0/args/-, value: --requeue-dependency=7s}' },
  { target: { kind: 'ServiceAccount', name: 'helm-controller' }, patch: '{apiVersion: v1, kind: ServiceAccount, metadata: {name: x, labels: {team: platform}}}' },
];
const { AS_INSTALLED } = FluxTokenRights;

const CASES: { readonly [name: string]: Case } = {
  ...Object.fromEntries(Object.keys(IDENTITIES).map((identity) => [identity, { identity }])),
  'object level': { identity: 'AWS, IRSA on EKS', tenant: true },
  'controller level, lockdown': { identity: 'AWS, not EKS', options: { lockdown: FluxLockdown.kubernetes() } },
  'object level, tokens as installed': { identity: 'AWS, IRSA on EKS', tenant: true, options: { lockdown: FluxLockdown.kubernetes({ tokenRights: AS_INSTALLED }) } },
  'lockdown toward Kubernetes': { options: { lockdown: FluxLockdown.kubernetes({ defaultServiceAccount: 'applier' }) } },
  'lockdown toward Kubernetes, object level': { identity: 'Azure, AKS', tenant: true, options: { lockdown: FluxLockdown.kubernetes() } },
  'lockdown toward clouds': {
    since: V2_7,
    options: {
      lockdown: FluxLockdown.workloadIdentity({ defaultServiceAccount: 'a', defaultDecryptionServiceAccount: 'b', defaultKubeConfigServiceAccount: 'c' }),
    },
  },
  'patches of the user': { identity: 'three clouds at once', patches: USER_PATCHES },
};

/** The options of a case, in a scope of its own. */
function config(scope: Construct, { identity, tenant, options }: Case, version: FluxVersion): FluxInstallationProps {
  const [makeIssuer, ...makeIdentities] = IDENTITIES[identity ?? 'AWS, not EKS'];
  const issuer = makeIssuer(scope);
  const accounts = tenant ? [TENANT] : controllersOf(version).map((name) => FluxServiceAccount.controller(name));
  const identities = identity === undefined ? [] : makeIdentities.map((make) => make(scope, issuer, accounts));
  return { issuer, version, identities, ...options };
}

const isDeployment = ({ kind }: KubernetesObject) => kind === 'Deployment';

/** The arguments of each controller. */
function argumentsOf(objects: readonly KubernetesObject[]): { [controller: string]: string[] } {
  return Object.fromEntries(objects.filter(isDeployment).map(({ metadata: { name } }) => [name, managerOf(objects, name).args]));
}

function added(before: readonly KubernetesObject[], after: readonly KubernetesObject[]): { [controller: string]: string[] } {
  const old = argumentsOf(before);
  const news = (name: string, args: string[]) => [...new Set(args)].filter((each) => !old[name].includes(each)).sort();
  return Object.fromEntries(Object.entries(argumentsOf(after)).map(([name, args]) => [name, news(name, args)]));
}

/** What changed, but arguments and roles. */
function changes(before: readonly KubernetesObject[], after: readonly KubernetesObject[]): object {
  const looked = (objects: readonly KubernetesObject[]) => objects.filter(({ kind }) => !/^ClusterRole/.test(kind))
    .map(({ metadata, ...rest }) => ({ ...rest, metadata: { ...metadata, annotations: metadata.annotations ?? {} } }) as KubernetesObject);
  return Object.fromEntries(Object.entries(changesOf(looked(before), looked(after))).filter(([path]) => !path.endsWith(' args')));
}

/** What Flux may; the operator adds a rule on its own objects. */
function rulesOf(objects: readonly KubernetesObject[], namespace = 'flux-system'): any[] {
  return objectOf(objects, 'ClusterRole', `crd-controller-${namespace}`).rules.filter(({ apiGroups }: any) => apiGroups?.[0] !== 'fluxcd.controlplane.io');
}

/** The Flux that the operator chose. */
function versionOf(objects: readonly KubernetesObject[]): string {
  return objectOf(objects, 'Deployment', 'source-controller').metadata.labels!['app.kubernetes.io/version'];
}

const isTokenRule = ({ resources }: any) => resources?.includes('serviceaccounts/token') === true;

describeWith([TERRAFORM, KUSTOMIZE, FLUX_OPERATOR, FLUX_MANIFESTS], 'the Flux Operator', () => {
  let operator: FluxOperator;
  beforeAll(async () => { operator = await FluxOperator.start(); });
  afterAll(() => operator.stop());

  describe.each([V2_6, V2_7, V2_8, V2_9])('in Flux %s', (version) => {
    const cases = Object.entries(CASES).filter(([, { since }]) => since === undefined || version !== V2_6);
    let outputs: { readonly [output: string]: { readonly instance: string; readonly kustomization: string } };
    /** Flux alone: as the operator makes it, and as `flux bootstrap` does. */
    let operated: KubernetesObject[];
    let bootstrap: KubernetesObject[];
    beforeAll(async () => {
      const stack = new TerraformStack(Testing.app(), 'stack');
      cases.forEach(([, each], index) => {
        const scope = new Construct(stack, `case${index}`);
        const props = { installation: fluxOf(scope, config(scope, each, version)), ...(each.patches && { patches: each.patches }) };
        const instance = new FluxInstanceConfig(scope, 'Instance', { ...props, spec: SPEC }).yaml;
        const kustomization = new FluxKustomization(scope, 'Kustomization', props).yaml;
        new TerraformOutput(stack, `output${index}`, { value: { instance, kustomization }, staticId: true });
      });
      outputs = evaluate(stack).outputs;
      operated = await operator.build(textOf(new FluxInstanceConfig(stack, 'Alone', { installation: fluxOf(stack, { issuer: other(stack), version }), spec: SPEC })));
      bootstrap = installedObjects(version);
    });

    it.each(cases.map(([name, each], index) => [name, each, `output${index}`] as const))('%s', async (_name, { identity, tenant, options = {} }, output) => {
      const { instance, kustomization } = outputs[output];
      const { lockdown } = options;
      const perAccount = lockdown?.tokenRights === FluxTokenRights.PER_ACCOUNT;
      const built = await operator.build(instance);
      const ours = kustomizeBuild(kustomization, version);

      // The same as our kustomization over the same manifests.
      const changed = changes(operated, built);
      expect(changed).toEqual(changes(bootstrap, ours));
      expect(added(operated, built)).toEqual(added(bootstrap, ours));
      if (identity !== undefined && !tenant) expect(Object.keys(changed).length).toBeGreaterThanOrEqual(Object.keys(argumentsOf(built)).length);

      // The gate comes from the operator, once, and never from us.
      expect(instance).not.toContain('ObjectLevelWorkloadIdentity=');
      const objectLevel = tenant === true || lockdown?.coversClouds === true;
      for (const [controller, args] of Object.entries(argumentsOf(built))) {
        const known = controller !== FluxController.SOURCE_WATCHER && !(version === V2_6 && controller === FluxController.HELM);
        const expected = version === V2_6 && !objectLevel ? [] : [`${GATE}=${objectLevel}`];
        expect(args.filter((each) => each.startsWith(GATE))).toEqual(known ? expected : []);
      }

      // Without object level the operator takes the cluster-wide right to tokens away, with it the library does under a lockdown.
      const everything = rulesOf(bootstrap);
      const kept = everything.filter((rule) => !isTokenRule(rule));
      expect(kept).toHaveLength(everything.length - 1);
      expect(rulesOf(built)).toEqual(objectLevel && !perAccount ? everything : kept);
      expect(rulesOf(ours)).toEqual(perAccount ? kept : everything);
    });
  });

  describe('beside that', () => {
    const SOURCE = [FluxServiceAccount.controller(FluxController.SOURCE)];
    const settings = { annotations: { role: 'arn' }, env: [{ name: 'ROLE', value: 'arn' }], tokens: [{ path: 'token', audience: 'sts' }], stamp: 'arn' };

    type Props = Partial<FluxInstanceConfigProps> & Partial<FluxInstallationProps>;

    function instance({ spec, patches, ...props }: Props, accounts: FluxServiceAccount[] = []): string {
      const { stack, flux } = installedFor(accounts, settings, { version: V2_9, ...props });
      return textOf(new FluxInstanceConfig(stack, 'Instance', { installation: flux, ...(spec && { spec }), ...(patches && { patches }) }));
    }

    it('shards, and a controller with its own storage, get what their controller gets and keep what they have', async () => {
      const spec = { sharding: { shards: ['one'], storage: 'persistent' }, storage: { class: 'standard', size: '10Gi' } };
      const [before, after] = await Promise.all([operator.build(instance({ spec })), operator.build(instance({ spec }, SOURCE))]);
      expect(Object.keys(changes(before, after)).sort()).toEqual(['source-controller', 'source-controller-one'].flatMap((name) => [
        `Deployment ${name} spec template metadata annotations cdktf-flux-identity/aws`,
        `Deployment ${name} spec template spec containers manager env ROLE`,
        `Deployment ${name} spec template spec containers manager volumeMounts /var/run/service-account`,
        `Deployment ${name} spec template spec volumes flux-identity-tokens`,
      ]).concat('ServiceAccount source-controller metadata annotations role'));
    });

    it('installs the controllers that are listed, and no others', async () => {
      const controllers = [FluxController.SOURCE, FluxController.KUSTOMIZE];
      expect(Object.keys(argumentsOf(await operator.build(instance({ controllers }, SOURCE)))).sort()).toEqual([...controllers].sort());
    });

    it('patches before there are namespaces: targets with one match what syncs, and nothing else', async () => {
      const patch = '- {op: add, path: /metadata/labels, value: {team: platform}}';
      const namespace = 'flux-system';
      const patches = [{ target: { kind: 'ServiceAccount', namespace }, patch }, { target: { kind: 'Kustomization', namespace }, patch }];
      const built = await operator.build(instance({ patches, spec: SPEC }));
      const labelled = built.filter(({ metadata }) => metadata.labels!.team === 'platform');
      expect(labelled.map(({ kind }) => kind)).toEqual(['Kustomization']);
    });

    it('says the lockdown of source-watcher itself; ours says it again', async () => {
      const args = argumentsOf(await operator.build(instance({ lockdown: FluxLockdown.kubernetes() })))['source-watcher'];
      expect(args.filter((each) => each === '--no-cross-namespace-refs=true')).toHaveLength(2);
    });

    it('in another namespace too, loses the right to all tokens under a lockdown', async () => {
      const built = async (tokenRights: FluxTokenRights) =>
        rulesOf(await operator.build(instance({ namespace: 'gitops', lockdown: FluxLockdown.kubernetes({ tokenRights }) }, [TENANT])), 'gitops');
      const [everything, kept] = await Promise.all([built(AS_INSTALLED), built(FluxTokenRights.PER_ACCOUNT)]);
      expect(kept).toEqual(everything.filter((rule) => !isTokenRule(rule)));
      expect(kept).toHaveLength(everything.length - 1);
    });

    it('stops on a patch of a rule that it took away', async () => {
      const lockdown = FluxLockdown.kubernetes();
      const { patches } = parse(instance({ lockdown }, [TENANT])).spec.kustomize;
      const bare = parse(instance({ lockdown }));
      await expect(operator.build(JSON.stringify(bare))).resolves.toBeDefined();
      bare.spec.kustomize = { patches };
      await expect(operator.build(JSON.stringify(bare))).rejects.toThrow(/rules\/11/);
    });

    it.each(['2.9.x', '2.9', 'v2.9.5', '=2.9.5', '~2.9.0', '~> 2.9.0', '2.9.*'])('takes 2.9.5 for the range %s', async (range) => {
      expect(versionOf(await operator.build(instance({ spec: { distribution: { version: range } } })))).toBe('v2.9.5');
    });

    it.each(['^2.9.0', '2.9.x || 2.10.x', '2.x'])('takes another Flux for the range %s, which the library refuses', async (version) => {
      const object = parse(instance({}));
      object.spec.distribution.version = version;
      expect(versionOf(await operator.build(JSON.stringify(object)))).toBe(NEXT_VERSION);
      expect(() => instance({ spec: { distribution: { version } } })).toThrow('spec.distribution.version');
    });

    it('refuses what the library refuses by version', async () => {
      const lockdown = FluxLockdown.workloadIdentity();
      const object = parse(instance({ lockdown, controllers: [FluxController.SOURCE] }));
      object.spec.distribution.version = '2.6.x';
      await expect(operator.build(JSON.stringify(object))).rejects.toThrow('.multitenantWorkloadIdentity is not supported in Flux versions 2.6.x');
      expect(() => instance({ lockdown, version: V2_6 })).toThrow('FluxLockdown.workloadIdentity in Flux 2.6');
      object.spec = { ...parse(instance({})).spec, distribution: { ...object.spec.distribution } };
      await expect(operator.build(JSON.stringify(object))).rejects.toThrow('source-watcher is only supported in Flux versions >= 2.7.0');
      expect(() => instance({ version: V2_6, controllers: [FluxController.SOURCE_WATCHER] })).toThrow('source-watcher');
    });

    // It has no manifests of 2.10, and goes by the number: the gate is still named there.
    it('names the retired gate in Flux 2.10, which the library does not', async () => {
      const text = instance({ version: FluxVersion.V2_10 }, [TENANT]);
      expect(text).not.toContain('ObjectLevelWorkloadIdentity=');
      expect(argumentsOf(await operator.build(text))['source-controller']).toContain(`${GATE}=true`);
    });

    it.each([['flux-multi-tenant', 'fluxInstance', 'v2.9.5'], ['flux-multi-tenant-2-10', 'fluxInstance', NEXT_VERSION], ['flux-operator', 'instance', NEXT_VERSION]])(
      'builds the example %s', async (id, output, version) => {
        const app = Testing.app();
        addExamples(app);
        const { outputs } = evaluate(app.node.findChild(id) as TerraformStack);
        expect(versionOf(await operator.build(outputs[output]))).toBe(version);
      });
  });
});
