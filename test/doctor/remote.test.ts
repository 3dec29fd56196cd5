import { listOf, smallCluster, smallModel, smallState } from './small-world';
import { parseCluster } from '../../lib/doctor/cluster';
import { commandsFor } from '../../lib/doctor/commands';
import { diagnose } from '../../lib/doctor/diagnose';
import { parseState, States } from '../../lib/doctor/state';

const map = (namespace: string, name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name }, data: {} });
const ROOT = map('team-a', 'kube-root-ca.crt');
const reaching = (name: string, namespace = 'team-a', status?: object) => ({
  apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization', metadata: { namespace, name: 'apps' }, spec: { kubeConfig: { configMapRef: { name } } }, status,
});
const READY = { conditions: [{ type: 'Ready', status: 'True' }] };
const model = (...remoteClusters: string[]) => ({ ...smallModel(), ...remoteClusters.length === 0 ? {} : { remoteClusters } });

const found = (given: ReturnType<typeof model>, ...items: object[]) => diagnose({
  model: given,
  states: new States([parseState(JSON.stringify(smallState()), 'prod.json', 'prod')]),
  cluster: parseCluster([['cluster.json', listOf([...smallCluster(), ...items])]]),
  now: new Date(),
});

test('commands: ConfigMaps of tenants by name, those of remote clusters only', () => {
  const asked = (...remotes: string[]) => commandsFor(model(...remotes)).filter((line) => line.includes('configmaps'));
  const own = 'kubectl get deployments,pods,configmaps -n flux-system -o json >> cluster.json';
  expect(asked()).toEqual([own]);
  expect(asked('flux-system/staging')).toEqual([own]);
  expect(asked('edge/edge', 'flux-system/staging', 'team-a/edge', 'team-a/staging')).toEqual([
    own,
    'kubectl get configmaps kube-root-ca.crt edge -n edge -o json --ignore-not-found >> cluster.json',
    'kubectl get configmaps kube-root-ca.crt edge staging -n team-a -o json --ignore-not-found >> cluster.json',
  ]);
});

test.each([
  ['the report names it, and the commands did not find it', model('team-a/staging'), [ROOT]],
  ['all of the namespace were asked for', model(), [ROOT, map('team-a', 'own')]],
  ['the others of the report were found', model('team-a/staging', 'team-a/edge'), [ROOT, map('team-a', 'edge')]],
])('no ConfigMap of the remote cluster: %s', (_, given, items) => {
  expect(found(given, reaching('staging'), ...items)).toEqual([expect.objectContaining({
    verdict: 'refused', layer: 'settings', of: ['Kustomization team-a/apps'], saw: 'no ConfigMap team-a/staging', fix: expect.stringMatching(/^apply FluxManifests/),
  })]);
});

test('in the namespace of Flux all are asked for', () => {
  const saw = (...items: object[]) => found(model(), reaching('staging', 'flux-system'), ...items).map((finding) => [finding.verdict, finding.saw]);
  expect(saw(map('flux-system', 'kube-root-ca.crt'))).toEqual([['refused', 'no ConfigMap flux-system/staging']]);
});

test.each([
  ['the report does not name it', model('team-a/edge'), [ROOT, map('team-a', 'edge')]],
  ['nobody asked', model('team-a/staging'), []],
  ['a report from before', model(), [ROOT]],
])('whether there is a ConfigMap cannot be told: %s', (_, given, items) => {
  expect(found(given, reaching('staging'), ...items)).toEqual([expect.objectContaining({
    verdict: 'cannot tell',
    layer: 'settings',
    saw: 'the dump does not have ConfigMap team-a/staging',
    fix: expect.stringMatching(/^pass it, too: kubectl get configmaps kube-root-ca\.crt staging -n team-a -o json --ignore-not-found >> cluster\.json; where/),
  })]);
});

test.each([
  ['an object that is ready', [reaching('staging', 'team-a', READY)]],
  ['a ConfigMap that is there', [reaching('staging'), map('team-a', 'staging')]],
  ['a name of a variable', [reaching('${remote}')]],
])('silent on %s', (_, items) => {
  expect(found(model(), ...items)).toEqual([]);
});
