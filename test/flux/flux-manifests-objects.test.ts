import { cluster, documents, errorOf, FakeIdentity, known, patchesOf, resolved } from './fakes';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { FluxManifests } from '../../lib/flux/flux-manifests';
import { FluxRemoteCluster } from '../../lib/flux/flux-remote-cluster';

const version = FluxVersion.V2_9;
const TENANT = FluxServiceAccount.of('team-a', 'flux');

describe('FluxManifests.objects', () => {
  it('are those of the YAML', () => {
    const { stack, issuer } = cluster();
    const identity = new FakeIdentity(stack, 'Id', { serviceAccounts: [TENANT], settings: { annotations: { text: 'a: "b" \n\u00e9' } } });
    const manifests = new FluxManifests(stack, 'Manifests', { issuer, version, identities: [identity] });
    expect(manifests.objects).toEqual(documents(manifests.yaml));
    expect(manifests.hasSecrets).toBe(false);
  });

  it('keep template marks from Terraform, and hand tokens on', () => {
    const { stack, issuer } = cluster();
    const identity = new FakeIdentity(stack, 'Id', { serviceAccounts: [TENANT], settings: { annotations: { literal: '${x} %{y}', value: known(stack, 'v') } } });
    const { objects } = new FluxManifests(stack, 'Manifests', { issuer, version, identities: [identity] });
    expect(resolved(stack, objects)[0].metadata.annotations).toEqual({ literal: '$${x} %%{y}', value: '${var.v}' });
  });

  it('hide marks beside tokens from cdktf, which would wait for their end', () => {
    const { stack, issuer } = cluster();
    const value = known(stack, 'v');
    const identity = new FakeIdentity(stack, 'Id', { serviceAccounts: [TENANT], settings: { annotations: { dollar: `5$${value}`, open: `\${${value}` } } });
    const { objects, yaml } = new FluxManifests(stack, 'Manifests', { issuer, version, identities: [identity] });
    const found = resolved(stack, { objects, yaml });
    expect(found.objects[0].metadata.annotations).toEqual({ dollar: '5${"$"}${var.v}', open: '$${${var.v}' });
    expect(found.yaml).toContain('dollar: "5\\u0024${substr(jsonencode(var.v)');
    expect(found.yaml).toContain('open: "$${${substr(jsonencode(var.v)');
  });

  it('say whether there are Secrets among them', () => {
    const { stack, issuer } = cluster();
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'team-a' }, stringData: { key: 'value' } };
    const identity = new FakeIdentity(stack, 'Id', { serviceAccounts: [], objects: [secret] });
    const manifests = new FluxManifests(stack, 'Manifests', { issuer, version, identities: [identity] });
    expect(manifests.hasSecrets).toBe(true);
    expect(manifests.objects).toEqual([secret]);
  });

  it('take the operator\'s identities, whose ConfigMaps must exist too', () => {
    const { stack, issuer } = cluster();
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'flux-system' }, data: {} };
    const identity = new FakeIdentity(stack, 'Id', { serviceAccounts: [FluxServiceAccount.operator()], objects: [object] });
    expect(new FluxManifests(stack, 'Manifests', { issuer, version, identities: [identity] }).objects).toEqual([object]);
  });
});

describe('remote clusters', () => {
  const remote = (stack: any, id = 'Remote') => FluxRemoteCluster.generic(stack, id, {
    namespace: 'team-a', name: 'staging', address: 'https://staging.example.com', serviceAccount: TENANT,
  });

  it('give Flux the right to the token that a generic one accepts, and switch object level on', () => {
    const { stack, issuer } = cluster();
    const flux = { issuer, version, remoteClusters: [remote(stack)] };
    const objects = documents(new FluxManifests(stack, 'Manifests', flux).yaml);
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'ServiceAccount flux', 'Role flux-token-request-flux', 'RoleBinding flux-token-request-flux', 'ConfigMap staging',
    ]);
    expect(patchesOf(new FluxKustomization(stack, 'Flux', flux).yaml)).toHaveLength(6);
  });

  it('leave accounts to their identities where a cloud is asked', () => {
    const { stack, issuer } = cluster();
    const eks = FluxRemoteCluster.eks(stack, 'Remote', {
      namespace: 'team-a', name: 'staging', clusterArn: 'arn:aws:eks:eu-west-1:111122223333:cluster/staging', serviceAccount: TENANT,
    });
    const objects = documents(new FluxManifests(stack, 'Manifests', { issuer, version, remoteClusters: [eks] }).yaml);
    expect(objects.map(({ kind }) => kind)).toEqual(['ConfigMap']);
  });

  it('say what Kustomizations and HelmReleases must name', () => {
    expect(remote(cluster().stack).spec).toEqual({ kubeConfig: { configMapRef: { name: 'staging' } } });
  });

  it('are an error in Flux 2.6 that names 2.7', () => {
    const { stack, issuer } = cluster();
    const message = errorOf(() => new FluxManifests(stack, 'M', { issuer, version: FluxVersion.V2_6, remoteClusters: [remote(stack)] }));
    expect(message).toContain('remote cluster "stack/Remote" in Flux 2.6.');
    expect(message).toContain('Fix: upgrade to Flux 2.7');
  });
});
