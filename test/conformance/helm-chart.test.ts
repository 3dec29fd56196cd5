import { TerraformStack, Testing } from 'cdktf';
import { parse } from 'yaml';
import { CHART, chartBuild } from './helm-chart';
import { changesOf, installedObjects, KubernetesObject, kustomizeBuild } from './kustomize';
import { describeWith, FLUX_MANIFESTS, KUSTOMIZE, TERRAFORM } from './programs';
import { evaluate } from './terraform';
import { HelmChart } from '../../examples/helm-chart/stack';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxCloud } from '../../lib/core/flux-identity';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxHelmValues } from '../../lib/flux/flux-helm-values';
import { FluxInstallationProps } from '../../lib/flux/flux-installation';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { FluxLockdown } from '../../lib/flux/flux-lockdown';
import { FakeIdentity, textOf } from '../flux/fakes';
import { fluxOf } from '../support';

const CONTROLLERS = Object.values(FluxController).filter((name) => name !== FluxController.SOURCE_WATCHER);

/** Everything that an identity can tell a controller. */
const SETTINGS = {
  annotations: { 'role': 'arn', 'looks.like/a-number': '0123' },
  podLabels: { use: 'true' },
  env: [{ name: 'TOKEN_FILE', value: '/var/run/service-account/token' }, { name: 'KEY', secretName: 'keys', secretKey: 'key' }],
  tokens: [{ path: 'token', audience: 'sts.amazonaws.com' }],
  mounts: [{ name: 'file', mountPath: '/etc/file', configMapName: 'file' }, { name: 'keys', mountPath: '/etc/key', secretName: 'keys', subPath: 'key' }],
  stamp: 'arn',
};

/** Every controller in one cloud, one controller in a second cloud, and an account at object level. */
function installation(stack: TerraformStack): FluxInstallationProps {
  const accounts = CONTROLLERS.map((controller) => FluxServiceAccount.controller(controller));
  return {
    issuer: ClusterIssuer.oidc(stack, 'Cluster', { url: 'https://oidc.example.com' }),
    version: FluxVersion.V2_9,
    identities: [
      new FakeIdentity(stack, 'All', { serviceAccounts: accounts, settings: SETTINGS }),
      new FakeIdentity(stack, 'Second', {
        cloud: FluxCloud.AZURE,
        serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE)],
        settings: { annotations: { client: 'id' }, tokens: [{ path: 'second', audience: 'api://AzureADTokenExchange' }], stamp: 'id' },
      }),
      new FakeIdentity(stack, 'Tenant', { serviceAccounts: [FluxServiceAccount.of('team-a', 'flux')] }),
    ],
  };
}

/** What changes at controllers and their accounts, and nowhere else. */
function changesOfControllers(before: readonly KubernetesObject[], after: readonly KubernetesObject[]) {
  return Object.fromEntries(Object.entries(changesOf(before, after)).filter(([path]) => /^(Deployment|ServiceAccount) /.test(path)));
}

describeWith([KUSTOMIZE, FLUX_MANIFESTS], `the values do through the chart ${CHART.name} ${CHART.version} what the kustomization does`, () => {
  const LOCKDOWNS: Array<[string, FluxLockdown | undefined]> = [
    ['no lockdown', undefined], ['toward Kubernetes', FluxLockdown.kubernetes({ defaultServiceAccount: 'nobody' })], ['toward clouds', FluxLockdown.workloadIdentity()],
  ];
  const CASES = Object.values(FluxVersion).flatMap((version) => LOCKDOWNS.map(([name, lockdown]) => [version, name, lockdown] as const))
    .filter(([version, , lockdown]) => version !== FluxVersion.V2_6 || lockdown?.coversClouds !== true);

  it.each(CASES)('Flux %s, %s', (version, _name, lockdown) => {
    const before = installedObjects(version);
    const stack = new TerraformStack(Testing.app(), 'stack');
    const props = { installation: fluxOf(stack, { ...installation(stack), version, lockdown }) };
    const values = parse(textOf(new FluxHelmValues(stack, 'Values', props)), { version: '1.1' });
    const changes = changesOfControllers(before, chartBuild(before, values));
    expect(changes).toEqual(changesOfControllers(before, kustomizeBuild(textOf(new FluxKustomization(stack, 'Flux', props)), version)));
    for (const controller of CONTROLLERS) {
      expect(changes[`ServiceAccount ${controller} metadata annotations`]).toMatchObject({ role: 'arn' });
      expect(changes).toHaveProperty([`Deployment ${controller} spec template spec volumes file`]);
    }
  });
});

describeWith([TERRAFORM], 'the values of the example', () => {
  it('are all read by the chart', () => {
    const before = installedObjects(FluxVersion.V2_10);
    const stack = new HelmChart(Testing.app(), 'flux-helm-chart');
    const built = chartBuild(before, parse(evaluate(stack).resources['helm_release.Release'].values[0], { version: '1.1' }));
    expect(Object.keys(changesOf(before, built))).toContain('ServiceAccount source-controller metadata annotations');
  });
});

it.each([
  [{ reflectorController: {} }, 'reflectorController'],
  [{ sourceController: { env: [] } }, 'sourceController.env'],
  [{ sourceController: { container: { args: [] } } }, 'sourceController.container.args'],
])('a value that the chart does not read is found: %j', (values, path) => {
  expect(() => chartBuild(installedObjects(FluxVersion.V2_10), values)).toThrow(`the chart does not read ${path}`);
});
