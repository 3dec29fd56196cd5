import { documentsOf, errorOf, FakeIdentity, installed, installedFor, textOf, warned } from './fakes';
import { FluxSettings } from '../../lib/core/flux-identity';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxInstallationProps } from '../../lib/flux/flux-installation';
import { FluxInstanceConfig } from '../../lib/flux/flux-instance-config';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { FluxLockdown } from '../../lib/flux/flux-lockdown';
import { FluxOperatorValues } from '../../lib/flux/flux-operator-values';

const OPERATOR = FluxServiceAccount.operator();

function values(props: Partial<FluxInstallationProps>) {
  const { stack, flux } = installed(props);
  return documentsOf(new FluxOperatorValues(stack, 'Values', { installation: flux }))[0];
}

describe('who the operator is', () => {
  it('is told by the values of its own chart', () => {
    const { stack, flux } = installed();
    const delivery = new FluxOperatorValues(stack, 'Values', { installation: flux });
    flux.addIdentity(new FakeIdentity(stack, 'Id', {
      serviceAccounts: [OPERATOR],
      settings: {
        annotations: { role: 'arn' }, podLabels: { use: 'true' }, env: [{ name: 'A', value: 'b' }], tokens: [{ path: 'aws-token', audience: 'sts.amazonaws.com' }], stamp: 'arn',
      },
    }));
    expect(documentsOf(delivery)[0]).toEqual({
      commonAnnotations: { 'role': 'arn', 'cdktf-flux-identity/aws': 'arn' },
      commonLabels: { use: 'true' },
      extraEnvs: [{ name: 'A', value: 'b' }],
      extraVolumes: [{
        name: 'flux-identity-tokens',
        projected: { sources: [{ serviceAccountToken: { audience: 'sts.amazonaws.com', expirationSeconds: 3600, path: 'aws-token' } }] },
      }],
      extraVolumeMounts: [{ name: 'flux-identity-tokens', mountPath: '/var/run/service-account', readOnly: true }],
    });
    expect(documentsOf(new FluxInstanceConfig(stack, 'Instance', { installation: flux }))[0].spec).not.toHaveProperty('kustomize');
  });

  it('is an empty object when nothing is to be told: Helm takes it', () => {
    const { stack, flux } = installed();
    expect(textOf(new FluxOperatorValues(stack, 'Values', { installation: flux }))).toBe('{}\n');
  });

  it('is warned of when nobody tells it', () => {
    const { stack, flux } = installed();
    flux.addIdentity(new FakeIdentity(stack, 'Id', { serviceAccounts: [OPERATOR] }));
    void new FluxKustomization(stack, 'Kustomization', { installation: flux }).yaml;
    expect(warned(flux)).toEqual(['undelivered-operator-values']);
    const delivery = new FluxOperatorValues(stack, 'Values', { installation: flux });
    expect(flux.warnings[0].message).toContain('"stack/Values" is there, but nobody reads what it renders');
    void delivery.yaml;
    expect(warned(flux)).toEqual([]);
  });

  it('is warned of under a lockdown that covers clouds, where only its pods are told', () => {
    const ids = (settings: FluxSettings, lockdown: FluxLockdown) => warned(installedFor([OPERATOR], settings, { lockdown }).flux).filter((id) => id === 'lockdown-operator');
    expect(ids({ annotations: { role: 'arn' }, stamp: 'arn' }, FluxLockdown.workloadIdentity())).toEqual([]);
    expect(ids({ annotations: { role: 'arn' }, env: [{ name: 'A', value: 'b' }] }, FluxLockdown.workloadIdentity())).toEqual(['lockdown-operator']);
    expect(ids({ stamp: 'arn' }, FluxLockdown.workloadIdentity())).toEqual(['lockdown-operator']);
    expect(ids({ stamp: 'arn' }, FluxLockdown.kubernetes())).toEqual([]);
  });

  it('is no controller to install, and no account at object level', () => {
    expect(errorOf(() => installed({ controllers: ['flux-operator' as any] }))).toContain('option "controllers" of FluxInstallation: "flux-operator" as item 1');
    expect(errorOf(() => FluxServiceAccount.of('flux-system', 'flux-operator'))).toContain('use FluxServiceAccount.operator()');
  });
});

describe('what tenants are kept from', () => {
  it('under a lockdown toward Kubernetes: ResourceSets apply as an account that only the operator\'s namespace has', () => {
    expect(values({ lockdown: FluxLockdown.kubernetes({ defaultServiceAccount: 'flux' }) })).toEqual({
      multitenancy: { enabled: true, defaultServiceAccount: 'flux-operator' },
    });
  });

  it('under one that covers clouds: input providers too', () => {
    expect(values({ lockdown: FluxLockdown.workloadIdentity() })).toEqual({
      multitenancy: {
        enabled: true, defaultServiceAccount: 'flux-operator', enabledForWorkloadIdentity: true, defaultWorkloadIdentityServiceAccount: 'flux-operator',
      },
    });
  });

  it('is warned of when there is an operator and nobody tells it', () => {
    const { stack, flux } = installed({ lockdown: FluxLockdown.kubernetes() });
    void new FluxInstanceConfig(stack, 'Instance', { installation: flux }).yaml;
    expect(flux.warnings).toEqual([{ id: 'undelivered-operator-values', message: expect.stringContaining('every tenant that may create a ResourceSet is cluster-admin through it') }]);
    const elsewhere = installed({ lockdown: FluxLockdown.kubernetes() });
    void new FluxKustomization(elsewhere.stack, 'Kustomization', { installation: elsewhere.flux }).yaml;
    expect(warned(elsewhere.flux)).toEqual([]);
  });
});
