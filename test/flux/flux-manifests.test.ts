import { documentsOf, errorOf, FakeIdentity, installed, installedFor, known, patchesOf, resolved } from './fakes';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxInstallation } from '../../lib/flux/flux-installation';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { FluxManifests } from '../../lib/flux/flux-manifests';
import { FluxRemoteCluster } from '../../lib/flux/flux-remote-cluster';
import { FluxTenant } from '../../lib/flux/flux-tenant';

const TENANT = FluxServiceAccount.of('team-a', 'flux');

describe('FluxManifests.objects', () => {
  it('are those of the YAML', () => {
    const { stack, flux } = installed();
    flux.addIdentity(new FakeIdentity(stack, 'Id', { serviceAccounts: [TENANT], settings: { annotations: { text: 'a: "b" \n\u00e9' } } }));
    const manifests = new FluxManifests(stack, 'Manifests', { installation: flux });
    expect(manifests.objects).toEqual(documentsOf(manifests));
    expect(manifests.hasSecrets).toBe(false);
  });

  it('keep template marks from Terraform, and hand tokens on', () => {
    const { stack, flux } = installed();
    flux.addIdentity(new FakeIdentity(stack, 'Id', { serviceAccounts: [TENANT], settings: { annotations: { literal: '${x} %{y}', value: known(stack, 'v') } } }));
    const { objects } = new FluxManifests(stack, 'Manifests', { installation: flux });
    expect(resolved(stack, objects)[0].metadata.annotations).toEqual({ literal: '$${x} %%{y}', value: '${var.v}' });
  });

  it('hide marks beside tokens from cdktf, which would wait for their end', () => {
    const { stack, flux } = installed();
    const value = known(stack, 'v');
    flux.addIdentity(new FakeIdentity(stack, 'Id', { serviceAccounts: [TENANT], settings: { annotations: { dollar: `5$${value}`, open: `\${${value}` } } }));
    const { objects, yaml } = new FluxManifests(stack, 'Manifests', { installation: flux });
    const found = resolved(stack, { objects, yaml });
    expect(found.objects[0].metadata.annotations).toEqual({ dollar: '5${"$"}${var.v}', open: '$${${var.v}' });
    expect(found.yaml).toContain('dollar: "5\\u0024${replace(substr(jsonencode(var.v)');
    expect(found.yaml).toContain('open: "$${${replace(substr(jsonencode(var.v)');
  });

  it('say whether there are Secrets among them', () => {
    const { stack, flux } = installed();
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'team-a' }, stringData: { key: 'value' } };
    flux.addIdentity(new FakeIdentity(stack, 'Id', { serviceAccounts: [], objects: [secret] }));
    const manifests = new FluxManifests(stack, 'Manifests', { installation: flux });
    expect(manifests.hasSecrets).toBe(true);
    expect(manifests.objects).toEqual([secret]);
  });

  it('take the operator\'s identities, whose ConfigMaps must exist too', () => {
    const { stack, flux } = installed();
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'flux-system' }, data: {} };
    flux.addIdentity(new FakeIdentity(stack, 'Id', { serviceAccounts: [FluxServiceAccount.operator()], objects: [object] }));
    expect(new FluxManifests(stack, 'Manifests', { installation: flux }).objects).toEqual([object]);
  });
});

describe('remote clusters', () => {
  const remote = (stack: any, flux: FluxInstallation, id = 'Remote') => FluxRemoteCluster.generic(stack, id, {
    installation: flux, namespace: 'team-a', name: 'staging', address: 'https://staging.example.com', serviceAccount: TENANT,
  });

  it('give Flux the right to the token that a generic one accepts, and switch object level on', () => {
    const { stack, flux } = installed();
    const kustomization = new FluxKustomization(stack, 'Kustomization', { installation: flux });
    expect(patchesOf(kustomization)).toEqual([]);
    remote(stack, flux);
    expect(documentsOf(new FluxManifests(stack, 'Manifests', { installation: flux })).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'ServiceAccount flux', 'Role flux-token-request-flux', 'RoleBinding flux-token-request-flux', 'ConfigMap staging',
    ]);
    expect(patchesOf(kustomization)).toHaveLength(6);
  });

  it('leave accounts to their identities where a cloud is asked', () => {
    const { stack, flux } = installed();
    FluxRemoteCluster.eks(stack, 'Remote', {
      installation: flux, namespace: 'team-a', name: 'staging', clusterArn: 'arn:aws:eks:eu-west-1:111122223333:cluster/staging', serviceAccount: TENANT,
    });
    expect(documentsOf(new FluxManifests(stack, 'Manifests', { installation: flux })).map(({ kind }) => kind)).toEqual(['ConfigMap']);
  });

  it('say what Kustomizations and HelmReleases must name', () => {
    const { stack, flux } = installed();
    expect(remote(stack, flux).spec).toEqual({ kubeConfig: { configMapRef: { name: 'staging' } } });
  });

  it('are an error in Flux 2.6 that names 2.7', () => {
    const { stack, flux } = installed({ version: FluxVersion.V2_6 });
    const message = errorOf(() => remote(stack, flux));
    expect(message).toContain('[stack/Remote] remote cluster "team-a/staging" in Flux 2.6.');
    expect(message).toContain('Fix: upgrade to Flux 2.7');
  });

  it('are refused with the ConfigMap of another', () => {
    const { stack, flux } = installed();
    remote(stack, flux);
    const message = errorOf(() => FluxRemoteCluster.generic(stack, 'Second', { installation: flux, namespace: 'team-a', name: 'staging', address: 'https://b.example.com' }));
    expect(message).toContain('ConfigMap team-a/staging of "stack/Remote" and, with other contents, of "stack/Second".');
    expect(documentsOf(new FluxManifests(stack, 'Manifests', { installation: flux })).pop().data.address).toBe('https://staging.example.com');
  });
});

describe('when nothing is needed', () => {
  it('one ConfigMap says so: kubectl takes no stream without objects; the list is empty', () => {
    const { stack, flux } = installedFor([FluxServiceAccount.controller(FluxController.SOURCE)], undefined, { namespace: undefined });
    const manifests = new FluxManifests(stack, 'Manifests', { installation: flux });
    expect(documentsOf(manifests)).toEqual([{
      apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cdktf-flux-identity', namespace: 'flux-system' }, data: { needed: expect.stringContaining('Nothing') },
    }]);
    expect(manifests.objects).toEqual([]);
  });
});

describe('FluxManifests.waves', () => {
  it('are namespaces, then accounts and roles, then bindings: the same objects, each once', () => {
    const { stack, flux } = installedFor([FluxServiceAccount.of('team-a', 'flux')]);
    new FluxTenant(stack, 'TeamA', { installation: flux, namespace: 'team-a', clusterRole: 'admin' });
    const manifests = new FluxManifests(stack, 'Manifests', { installation: flux });
    const { waves } = manifests;
    expect(waves.map((wave) => wave.map(({ kind }) => kind))).toEqual([['Namespace'], ['ServiceAccount', 'Role'], ['RoleBinding', 'RoleBinding']]);
    expect(waves.flat()).toHaveLength(manifests.objects.length);
    expect(waves.flat()).toEqual(expect.arrayContaining(manifests.objects));
    expect(errorOf(() => new FluxTenant(stack, 'Late', { installation: flux, namespace: 'late' }))).toContain('`waves` of "stack/Manifests" was read');
  });

  it('are as many as there are', () => {
    const { stack, flux } = installed();
    expect(new FluxManifests(stack, 'Manifests', { installation: flux }).waves).toEqual([]);
  });
});
