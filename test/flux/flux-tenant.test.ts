import { documentsOf, errorOf, FakeIdentity, installed, patchesOf, textOf } from './fakes';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxCloud } from '../../lib/core/flux-identity';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { FluxManifests } from '../../lib/flux/flux-manifests';
import { FluxTenant } from '../../lib/flux/flux-tenant';

function names(objects: any[]) {
  return objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`);
}

describe('FluxTenant', () => {
  it('is a namespace, an account and its token right', () => {
    const { stack, flux } = installed();
    const tenant = new FluxTenant(stack, 'A', { installation: flux, namespace: 'team-a' });
    tenant.addIdentity(new FakeIdentity(tenant, 'Aws', { serviceAccounts: [tenant.serviceAccount], settings: { annotations: { role: 'arn' } } }));
    const objects = documentsOf(new FluxManifests(stack, 'Manifests', { installation: flux }));
    expect(names(objects)).toEqual([
      'Namespace /team-a', 'ServiceAccount team-a/flux', 'Role team-a/flux-token-request-flux', 'RoleBinding team-a/flux-token-request-flux',
    ]);
    expect(objects[0].metadata.labels).toEqual({ 'toolkit.fluxcd.io/tenant': 'team-a' });
    expect(objects[1].metadata.annotations).toEqual({ role: 'arn' });
    expect(objects[2].rules).toEqual([{ apiGroups: [''], resources: ['serviceaccounts/token'], resourceNames: ['flux'], verbs: ['create'] }]);
  });

  it('has accounts of its own for decryption and remote clusters, in identities of any cloud', () => {
    const { stack, flux } = installed();
    const tenant = new FluxTenant(stack, 'A', { installation: flux, namespace: 'team-a', serviceAccountName: 'apps', decryptionServiceAccountName: 'sops', kubeConfigServiceAccountName: 'remote' });
    tenant.addIdentity(new FakeIdentity(tenant, 'Aws', { serviceAccounts: [tenant.decryptionServiceAccount], settings: { annotations: { aws: '1' } } }));
    tenant.addIdentity(new FakeIdentity(tenant, 'Gcp', {
      cloud: FluxCloud.GCP, serviceAccounts: [tenant.decryptionServiceAccount, tenant.kubeConfigServiceAccount], settings: { annotations: { gcp: '2' } },
    }));
    const objects = documentsOf(new FluxManifests(stack, 'Manifests', { installation: flux }));
    const annotations = Object.fromEntries(objects.filter(({ kind }) => kind === 'ServiceAccount').map(({ metadata }) => [metadata.name, metadata.annotations]));
    expect(annotations).toEqual({ apps: undefined, remote: { gcp: '2' }, sops: { aws: '1', gcp: '2' } });
    // Flux asks for no token of an account that is nobody in any cloud.
    expect(names(objects)).not.toContain('Role team-a/flux-token-request-apps');
    expect(names(objects)).toContain('Role team-a/flux-token-request-remote');
  });

  it('binds a ClusterRole in its namespace', () => {
    const { stack, flux } = installed();
    new FluxTenant(stack, 'A', { installation: flux, namespace: 'team-a', clusterRole: 'admin' });
    const binding = documentsOf(new FluxManifests(stack, 'Manifests', { installation: flux })).find(({ kind }) => kind === 'RoleBinding');
    expect(binding).toMatchObject({
      metadata: { name: 'flux-tenant', namespace: 'team-a' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
      subjects: [{ kind: 'ServiceAccount', name: 'flux', namespace: 'team-a' }],
    });
  });

  it('switches object level on as soon as it is someone in a cloud, and not before', () => {
    const gates = (identity: boolean) => {
      const { stack, flux } = installed();
      const tenant = new FluxTenant(stack, 'A', { installation: flux, namespace: 'team-a' });
      if (identity) tenant.addIdentity(new FakeIdentity(tenant, 'Aws', { serviceAccounts: [tenant.serviceAccount] }));
      return patchesOf(new FluxKustomization(stack, 'Kustomization', { installation: flux })).length;
    };
    expect(gates(true)).toBe(6);
    expect(gates(false)).toBe(0);
  });

  it('renders the same in any order, and others unchanged when one is added', () => {
    const render = (teams: string[]) => {
      const { stack, flux } = installed();
      for (const team of teams) {
        const tenant = new FluxTenant(stack, team, { installation: flux, namespace: team });
        tenant.addIdentity(new FakeIdentity(tenant, 'Aws', { serviceAccounts: [tenant.serviceAccount] }));
      }
      return textOf(new FluxManifests(stack, 'Manifests', { installation: flux }));
    };
    expect(render(['b', 'a', 'c'])).toBe(render(['c', 'b', 'a']));
    const two = render(['a', 'c']).split('---\n');
    expect(render(['a', 'b', 'c']).split('---\n')).toEqual(expect.arrayContaining(two));
  });

  it('asks each of a thousand tenants once, and renders four objects for each', () => {
    const { stack, flux } = installed();
    const identities: FakeIdentity[] = [];
    for (let index = 0; index < 1000; index++) {
      const tenant = new FluxTenant(stack, `T${index}`, { installation: flux, namespace: `team-${index}` });
      const identity = new FakeIdentity(tenant, 'Aws', { serviceAccounts: [tenant.serviceAccount] });
      tenant.addIdentity(identity);
      identities.push(identity);
    }
    expect(textOf(new FluxManifests(stack, 'Manifests', { installation: flux })).split('\n---\n')).toHaveLength(4000);
    expect(identities.every(({ asked }) => asked === 1)).toBe(true);
  });
});

describe('bad input of FluxTenant', () => {
  it('refuses the namespace of Flux and says what is meant instead', () => {
    const { stack, flux } = installed();
    const message = errorOf(() => new FluxTenant(stack, 'A', { installation: flux, namespace: 'flux-system' }));
    expect(message).toContain('[stack/A] tenant namespace "flux-system", where Flux runs.');
    expect(message).toContain('FluxServiceAccount.of("flux-system", name) without a tenant');
    expect(() => FluxServiceAccount.of('flux-system', 'platform')).not.toThrow();
  });

  it('refuses the namespaces of Kubernetes itself', () => {
    const { stack, flux } = installed();
    for (const namespace of ['kube-system', 'kube-public', 'kube-node-lease']) {
      expect(errorOf(() => new FluxTenant(stack, 'A', { installation: flux, namespace }))).toContain(`tenant namespace "${namespace}", which is Kubernetes' own`);
    }
    expect(() => new FluxTenant(stack, 'A', { installation: flux, namespace: 'kube-prometheus' })).not.toThrow();
  });

  it('refuses the namespace of a Flux that runs elsewhere', () => {
    const { stack, flux } = installed({ namespace: 'gitops' });
    expect(errorOf(() => new FluxTenant(stack, 'A', { installation: flux, namespace: 'gitops' }))).toContain('"gitops", where Flux runs');
    expect(errorOf(() => new FluxTenant(stack, 'A', { installation: flux, namespace: 'flux-system' }))).toContain('"flux-system", where Flux runs');
  });

  it.each([
    [{ namespace: 'Team_A' }, 'namespace "Team_A"'],
    [{ namespace: 'a', serviceAccountName: 'Flux' }, 'service account name "Flux"'],
    [{ namespace: 'a', decryptionServiceAccountName: '' }, 'service account name ""'],
    [{ namespace: 'a', clusterRole: 'a b' }, 'ClusterRole name "a b"'],
    [{ namespace: 'a', role: 'admin' }, 'option "role" of FluxTenant'],
  ])('refuses %j', (props, given) => {
    const { stack, flux } = installed();
    expect(errorOf(() => new FluxTenant(stack, 'A', { installation: flux, ...props } as any))).toContain(given);
  });

  it('refuses identities of other accounts', () => {
    const { stack, flux } = installed();
    const tenant = new FluxTenant(stack, 'A', { installation: flux, namespace: 'team-a' });
    const identity = new FakeIdentity(stack, 'B', { serviceAccounts: [tenant.serviceAccount, FluxServiceAccount.controller(FluxController.SOURCE)] });
    const message = errorOf(() => tenant.addIdentity(identity));
    expect(message).toContain('identity "stack/B" of service account "flux-system/source-controller"');
    expect(message).toContain('Allowed: identities of team-a/flux only');
  });

  it('takes identities after a delivery was made, and after one was refused', () => {
    const { stack, flux } = installed();
    const tenant = new FluxTenant(stack, 'A', { installation: flux, namespace: 'team-a' });
    const manifests = new FluxManifests(stack, 'Manifests', { installation: flux });
    const before = textOf(manifests);
    const identity = new FakeIdentity(tenant, 'Aws', { serviceAccounts: [tenant.serviceAccount] });
    errorOf(() => new FluxKustomization(stack, 'Kustomization', { installation: flux, patches: [{ patch: '' }] }));
    tenant.addIdentity(identity);
    expect(tenant.identities).toEqual([identity]);
    expect(before).not.toContain('flux-token-request');
    expect(textOf(manifests)).toContain('flux-token-request');
  });

  it('refuses two tenants of one namespace, and the second leaves nothing behind', () => {
    const { stack, flux } = installed();
    new FluxTenant(stack, 'A', { installation: flux, namespace: 'team-a' });
    const message = errorOf(() => new FluxTenant(stack, 'B', { installation: flux, namespace: 'team-a', serviceAccountName: 'other' }));
    expect(message).toContain('[stack/B] namespace "team-a" in two tenants: "stack/A" and "stack/B".');
    expect(message).toContain('Fix: make one tenant of both');
    expect(names(documentsOf(new FluxManifests(stack, 'Manifests', { installation: flux })))).toEqual(['Namespace /team-a', 'ServiceAccount team-a/flux']);
  });

  it('refuses two identities of one cloud for an account at the adding line', () => {
    const { stack, flux } = installed();
    const tenant = new FluxTenant(stack, 'A', { installation: flux, namespace: 'team-a' });
    const [one, two] = ['One', 'Two'].map((id) => new FakeIdentity(tenant, id, { serviceAccounts: [tenant.serviceAccount] }));
    tenant.addIdentity(one);
    expect(errorOf(() => tenant.addIdentity(two))).toContain('service account "team-a/flux" in two identities of cloud "aws": "stack/A/One" and "stack/A/Two"');
    expect(tenant.identities).toEqual([one]);
  });

  it('refuses an installation that is none', () => {
    const { stack, issuer } = installed();
    const message = errorOf(() => new FluxTenant(stack, 'A', { installation: { issuer } as any, namespace: 'team-a' }));
    expect(message).toContain('option "installation" of FluxTenant');
    expect(message).toContain('a FluxInstallation');
  });
});
