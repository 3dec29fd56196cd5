import { listOf, smallCluster, smallModel, smallState } from './small-world';
import { AccessModel } from '../../lib/access/model';
import { parseCluster } from '../../lib/doctor/cluster';
import { commandsFor } from '../../lib/doctor/commands';
import { diagnose } from '../../lib/doctor/diagnose';
import { Finding, shownFindings } from '../../lib/doctor/finding';
import { parseState, States } from '../../lib/doctor/state';

/*
 * What only real objects, kubectl and a real API server showed.
 */

const HOST = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';

function found(change: (world: { model: AccessModel; resources: any[]; items: any[] }) => void, jwks?: { keys: { kid: string }[] }): Finding[] {
  const state = smallState();
  const world = { model: smallModel(), resources: state.values.root_module.resources, items: smallCluster() };
  change(world);
  return shownFindings(diagnose({
    model: world.model,
    states: new States([parseState(JSON.stringify(state), 'prod.json', 'prod')]),
    cluster: parseCluster([['cluster.json', listOf(world.items)]]),
    jwks,
    now: new Date(),
  }));
}
const source = (kind: string, name: string, namespace: string, spec: object) => ({
  apiVersion: 'source.toolkit.fluxcd.io/v1', kind, metadata: { name, namespace }, spec,
});

test('silent on a HelmRepository, which names what its charts stand below and never becomes Ready', () => {
  expect(found(({ items }) => items.push(source('HelmRepository', 'charts', 'flux-system', { type: 'oci', provider: 'aws', url: `oci://${HOST}/apps` })))).toEqual([]);
});

test('an OCIRepository there is no such thing', () => {
  expect(found(({ items }) => items.push(source('OCIRepository', 'charts', 'flux-system', { provider: 'aws', url: `oci://${HOST}/apps` }))))
    .toEqual([expect.objectContaining({ layer: 'permission', of: ['OCIRepository flux-system/charts'] })]);
});

test('one cause is one finding for all the objects that have it', () => {
  const findings = found(({ items }) => {
    items.push(source('OCIRepository', 'other', 'team-a', { provider: 'aws', serviceAccountName: 'flux', url: `oci://${HOST}/apps/web` }));
    items.find(({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name === 'flux').imagePullSecrets = [{ name: 'mirror' }];
  });
  expect(findings).toEqual([expect.objectContaining({ layer: 'account', of: ['OCIRepository team-a/web', 'OCIRepository team-a/other'] })]);
});

test('keys are shown by the beginning of their IDs, which are as long as secrets', () => {
  const name = 'projects/1/locations/global/workloadIdentityPools/p/providers/p';
  const [old, now] = ['R2lgNlqF1j2XJbbo2Q6Qm6sB6dXcKc7h8qPqVn0x1Yk', 'pZC6nD9b4rSx0kq1Tn0W8c7RjvYh2mE5gUoLsA3fXiQ'];
  const [{ layer, saw, expected }] = found(({ model, resources }) => {
    const { grants: [grant], identities: [identity] } = model;
    Object.assign(identity, { cloud: 'gcp', principals: [], settings: [], trust: [{ anchor: name, issuer: 'cluster', subject: 'system:serviceaccount:flux-system:source-controller', audiences: [] }] });
    Object.assign(grant, { kinds: [], rights: [] });
    resources.push({ address: 'google_iam_workload_identity_pool_provider.P', type: 'google_iam_workload_identity_pool_provider', values: { name, oidc: [{ jwks_json: JSON.stringify({ keys: [{ kid: old }] }) }] } });
  }, { keys: [{ kid: now }] });
  expect([layer, saw, expected]).toEqual(['keys', `keys of provider ${name}: R2lgNlqF1j2X...`, 'the keys of the cluster: pZC6nD9b4rSx...']);
});

test('commands: the kinds of a controller that is not installed fail in a line of their own', () => {
  const { flux, ...model } = smallModel();
  const controllers = ['source-controller', 'notification-controller', 'image-reflector-controller', 'image-automation-controller'];
  const asked = (all: string[]) => commandsFor({ ...model, flux: { ...flux, controllers: all } }).filter((line) => line.includes('fluxcd.io'));
  expect(asked(['source-controller'])).toEqual([
    `kubectl get ${['buckets', 'gitrepositories', 'helmrepositories', 'ocirepositories'].map((kind) => `${kind}.source.toolkit.fluxcd.io`).join(',')} -A -o json >> cluster.json`,
  ]);
  expect(asked(controllers).map((line) => [...new Set(line.match(/[\w.]+toolkit/g)!.map((each) => each.split('.')[1]))])).toEqual([['source'], ['image'], ['image'], ['notification']]);
});
