import { documentsOf, errorOf, FakeIdentity, installed, installedFor, known, resolved } from './fakes';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxCloud, FluxSettings } from '../../lib/core/flux-identity';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxHelmValues } from '../../lib/flux/flux-helm-values';
import { FluxInstallationProps } from '../../lib/flux/flux-installation';
import { FluxLockdown } from '../../lib/flux/flux-lockdown';

function values(accounts: FluxServiceAccount[], settings: FluxSettings, props: Partial<FluxInstallationProps> = {}) {
  const { stack, flux } = installedFor(accounts, settings, props);
  return documentsOf(new FluxHelmValues(stack, 'Values', { installation: flux }))[0];
}

const KEYS: Array<[FluxController, string]> = [
  [FluxController.SOURCE, 'sourceController'],
  [FluxController.KUSTOMIZE, 'kustomizeController'],
  [FluxController.HELM, 'helmController'],
  [FluxController.NOTIFICATION, 'notificationController'],
  [FluxController.IMAGE_REFLECTOR, 'imageReflectionController'],
  [FluxController.IMAGE_AUTOMATION, 'imageAutomationController'],
];

describe('FluxHelmValues', () => {
  it.each(KEYS)('annotates %s under %s', (controller, key) => {
    expect(values([FluxServiceAccount.controller(controller)], { annotations: { role: 'arn' }, podLabels: { use: 'true' }, stamp: 'arn' })).toEqual({
      [key]: { serviceAccount: { annotations: { role: 'arn' } }, labels: { use: 'true' }, annotations: { 'cdktf-flux-identity/aws': 'arn' } },
    });
  });

  it('mounts tokens, ConfigMaps and Secrets', () => {
    const source = FluxServiceAccount.controller(FluxController.SOURCE);
    expect(values([source], {
      env: [{ name: 'KEY', secretName: 's', secretKey: 'k' }],
      tokens: [{ path: 'aws-token', audience: 'sts.amazonaws.com' }],
      mounts: [{ name: 'gcp', mountPath: '/etc/gcp', configMapName: 'c' }],
    })).toEqual({
      sourceController: {
        extraEnv: [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
        volumes: [
          { name: 'gcp', configMap: { name: 'c' } },
          { name: 'flux-identity-tokens', projected: { sources: [{ serviceAccountToken: { audience: 'sts.amazonaws.com', expirationSeconds: 3600, path: 'aws-token' } }] } },
        ],
        volumeMounts: [
          { name: 'gcp', mountPath: '/etc/gcp', readOnly: true },
          { name: 'flux-identity-tokens', mountPath: '/var/run/service-account', readOnly: true },
        ],
      },
    });
  });

  it('switches object level on, and locks down', () => {
    const found = values([FluxServiceAccount.of('team-a', 'flux')], {}, { lockdown: FluxLockdown.kubernetes() });
    expect(found.kustomizeController.container.additionalArgs).toEqual([
      '--feature-gates=ObjectLevelWorkloadIdentity=true', '--no-cross-namespace-refs=true', '--no-remote-bases=true', '--default-service-account=default',
    ]);
    expect(found.sourceWatcher.container.additionalArgs).toEqual(['--no-cross-namespace-refs=true']);
    expect(values([FluxServiceAccount.of('team-a', 'flux')], {}, { version: FluxVersion.V2_10 })).toEqual({});
  });

  it('hands tokens on to Terraform', () => {
    const { stack, flux } = installed();
    flux.addIdentity(new FakeIdentity(stack, 'Id', {
      cloud: FluxCloud.GCP, serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE)], settings: { annotations: { role: known(stack, 'arn') } },
    }));
    const { yaml } = new FluxHelmValues(stack, 'Values', { installation: flux });
    expect(resolved(stack, yaml)).toBe('sourceController:\n  serviceAccount:\n    annotations:\n      role: ${replace(jsonencode(var.arn), "\\u0085", "\\\\u0085")}\n');
  });

  it('refuses source-watcher, which the chart runs as another account', () => {
    const message = errorOf(() => values([FluxServiceAccount.controller(FluxController.SOURCE_WATCHER)], {}));
    expect(message).toContain('[stack/Values] an identity of source-watcher.');
    expect(message).toContain('source-watcher-controller');
    expect(message).toContain('Fix: install Flux with bootstrap or the Flux Operator');
  });

  it.each([
    [{ lockdown: FluxLockdown.workloadIdentity(), version: FluxVersion.V2_6 }, 'upgrade to Flux 2.7'],
    [{ patches: [] } as any, 'option "patches" of FluxInstallation'],
  ])('refuses %j', (props, text) => {
    expect(errorOf(() => values([], {}, props))).toContain(text);
  });

  it('refuses source-watcher at the line that adds it, and leaves nothing of it', () => {
    const { stack, flux } = installed();
    const delivery = new FluxHelmValues(stack, 'Values', { installation: flux });
    const watcher = new FakeIdentity(stack, 'Id', { serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE_WATCHER)] });
    expect(errorOf(() => flux.addIdentity(watcher))).toContain('[stack/Values] an identity of source-watcher.');
    expect(documentsOf(delivery)).toEqual([{}]);
  });
});
