import * as pages from './flux-pages';
import { eks, irsa, kustomizations } from './flux-samples';
import { controllersOf, VERSIONS } from './installation';
import { changesOf, installedObjects, KubernetesObject, kustomizeBuild, managerOf, objectOf } from './kustomize';
import { describeWith, FLUX_MANIFESTS, KUSTOMIZE, TERRAFORM } from './programs';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxInstallationProps } from '../../lib/flux/flux-installation';
import { FluxLockdown } from '../../lib/flux/flux-lockdown';
import { FluxTokenRights } from '../../lib/flux/flux-token-rights';

const OLD = VERSIONS.filter((version) => version !== FluxVersion.V2_10);
const MULTITENANT = VERSIONS.filter((version) => version !== FluxVersion.V2_6);

describeWith([TERRAFORM, KUSTOMIZE, FLUX_MANIFESTS], 'object level, lockdown and token rights', () => {
  let rendered: { [name: string]: string };
  beforeAll(() => {
    rendered = kustomizations((scope) => {
      const issuer = eks(scope);
      const identities = [irsa(scope, issuer, [FluxServiceAccount.of('team-a', 'flux')])];
      const each = (what: string, versions: FluxVersion[], props: Partial<FluxInstallationProps>) =>
        Object.fromEntries(versions.map((version) => [`${what} in ${version}`, { issuer, version, ...props }]));
      return {
        ...each('objects', VERSIONS, { identities }),
        ...each('lockdown', VERSIONS, { lockdown: FluxLockdown.kubernetes({ tokenRights: FluxTokenRights.AS_INSTALLED }) }),
        ...each('clouds', MULTITENANT, { lockdown: FluxLockdown.workloadIdentity({ defaultServiceAccount: 'flux', defaultDecryptionServiceAccount: 'flux-sops', tokenRights: FluxTokenRights.AS_INSTALLED }) }),
        ...each('rights', VERSIONS, { lockdown: FluxLockdown.kubernetes() }),
      };
    });
  });

  const built = (what: string, version: FluxVersion) => kustomizeBuild(rendered[`${what} in ${version}`], version);
  const byHand = (sample: string, version: FluxVersion, ...controllers: string[]) => kustomizeBuild(pages.page(sample, ...controllers), version);

  it.each(VERSIONS)('the gate in Flux %s is the page\'s, on the controllers that know it', (version) => {
    const knowing = controllersOf(version).filter((controller) => controller !== FluxController.SOURCE_WATCHER
      && !(controller === FluxController.HELM && version === FluxVersion.V2_6));
    // 2.10 retired it.
    const expected = version === FluxVersion.V2_10 ? installedObjects(version) : byHand(pages.GATE, version, ...knowing);
    expect(changesOf(expected, built('objects', version))).toEqual({});
  });

  it.each(VERSIONS)('the lockdown of Flux %s is the page\'s', (version) => {
    const expected = byHand(pages.LOCKDOWN, version);
    expect(changesOf(expected, built('lockdown', version))).toEqual(version === FluxVersion.V2_10 ? {
      // The page was written before source-watcher took the flag.
      [`Deployment ${FluxController.SOURCE_WATCHER} spec template spec containers manager args`]:
        [...managerOf(expected, FluxController.SOURCE_WATCHER).args, '--default-service-account=default'],
    } : {});
    expect(objectOf(expected, 'Kustomization', 'flux-system').spec.serviceAccountName).toBe('kustomize-controller');
  });

  it.each(MULTITENANT)('the lockdown of cloud identities in Flux %s adds its flags, and the gate that they need', (version) => {
    const gate = version === FluxVersion.V2_10 ? [] : ['--feature-gates=ObjectLevelWorkloadIdentity=true'];
    const [refs, cloud] = ['--no-cross-namespace-refs=true', '--default-service-account=flux'];
    const [sops, remote] = ['--default-decryption-service-account=flux-sops', '--default-kubeconfig-service-account=default'];
    const flags: { [controller in FluxController]: string[] } = {
      [FluxController.SOURCE]: [...gate, cloud],
      [FluxController.KUSTOMIZE]: [...gate, refs, '--no-remote-bases=true', cloud, sops, remote],
      [FluxController.HELM]: [...gate, refs, cloud, remote],
      [FluxController.NOTIFICATION]: [...gate, refs, cloud],
      [FluxController.IMAGE_REFLECTOR]: [...gate, refs, cloud],
      [FluxController.IMAGE_AUTOMATION]: [...gate, refs, cloud],
      [FluxController.SOURCE_WATCHER]: version === FluxVersion.V2_10 ? [refs, cloud] : [refs],
    };
    const installed = installedObjects(version);
    expect(changesOf(installed, built('clouds', version))).toEqual({
      ...Object.fromEntries(Object.entries(flags).map(([controller, added]) =>
        [`Deployment ${controller} spec template spec containers manager args`, [...managerOf(installed, controller).args, ...added]])),
      'Kustomization flux-system spec serviceAccountName': 'kustomize-controller',
    });
  });

  const rulesOf = (objects: readonly KubernetesObject[]): any[] => objectOf(objects, 'ClusterRole', 'crd-controller-flux-system').rules;

  it.each(OLD)('the cluster-wide right to tokens goes from Flux %s, and nothing else with it', (version) => {
    const rules = rulesOf(installedObjects(version));
    const others = rules.filter(({ resources }) => !resources?.includes('serviceaccounts/token'));
    expect(others).toHaveLength(rules.length - 1);
    expect(changesOf(built('lockdown', version), built('rights', version))).toEqual({ 'ClusterRole crd-controller-flux-system rules': others });
  });

  it('Flux 2.10 has no such right to take, so nothing is', () => {
    expect(changesOf(built('lockdown', FluxVersion.V2_10), built('rights', FluxVersion.V2_10))).toEqual({});
    expect(rulesOf(installedObjects(FluxVersion.V2_10)).filter(({ resources }) => resources?.includes('serviceaccounts/token'))).toEqual([]);
  });

  it.each(OLD)('the page takes the same rule from Flux 2.6, and later the one on leases: %s', (version) => {
    const resources = new Set(rulesOf(installedObjects(version)).flatMap((rule) => rule.resources ?? []));
    const left = rulesOf(byHand(pages.NO_TOKEN_RIGHT, version)).flatMap((rule) => rule.resources ?? []);
    expect([...resources].filter((resource) => !left.includes(resource))).toEqual([version === FluxVersion.V2_6 ? 'serviceaccounts/token' : 'leases']);
  });

  it.each([
    [FluxVersion.V2_6, FluxVersion.V2_7], [FluxVersion.V2_7, FluxVersion.V2_6], [FluxVersion.V2_9, FluxVersion.V2_10],
  ])('the build fails where the rule is another one: configured for Flux %s, installed %s', (configured, installed) => {
    expect(() => kustomizeBuild(rendered[`rights in ${configured}`], installed)).toThrow(/kustomize: .*test/s);
  });
});
