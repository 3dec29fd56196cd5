import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { main } from '../../lib/cli/main';
import { listOf, smallCluster, smallModel, smallState } from '../doctor/small-world';

const dir = mkdtempSync(join(tmpdir(), 'doctor-'));
afterAll(() => rmSync(dir, { recursive: true }));

let count = 0;
function file(content: string | object, name = `file-${count++}`): string {
  const path = join(dir, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

function run(...args: string[]): { status: number; out: string; err: string } {
  const [out, err]: string[][] = [[], []];
  const status = main('cdktf-flux-identity', ['doctor', ...args], (text) => out.push(text), (text) => err.push(text));
  return { status, out: out.join('\n'), err: err.join('\n') };
}

interface Files {
  readonly access?: string | object;
  readonly state?: string | object;
  readonly cluster?: string;
  readonly more?: string[];
}
const doctor = ({ access = smallModel(), state = smallState(), cluster = listOf(smallCluster()), more = [] }: Files) => (
  run('--access', file(access), '--state', file(state), '--cluster', file(cluster), ...more)
);
const changed = (change: (items: any[]) => void) => {
  const items = smallCluster();
  change(items);
  return listOf(items);
};
const changedState = (change: (resources: any[], state: any) => void) => {
  const state = smallState();
  change(state.values.root_module.resources, state);
  return state;
};
const isKind = (...kinds: string[]) => ({ kind }: any) => !kinds.includes(kind);

test('healthy: 0', () => {
  expect(doctor({})).toEqual({ status: 0, out: 'healthy: no layer refuses', err: '' });
  expect(JSON.parse(doctor({ more: ['--json'] }).out)).toEqual({ findings: [] });
});

test('refused: 1, with what was seen, what should be, what Flux says, what to do and where to read', () => {
  const { status, out } = doctor({ cluster: changed(([, team]) => delete team.metadata.annotations) });
  expect(status).toBe(1);
  expect(out).toBe([
    'refused: settings, of team-a/flux (aws)',
    '  saw       eks.amazonaws.com/role-arn of ServiceAccount team-a/flux: not there',
    '  expected  arn:aws:iam::111122223333:role/Team',
    '  says      nothing acts as the identity; at object level: invalid eks.amazonaws.com/role-arn annotation, or ID is not set',
    '  fix       apply FluxManifests',
  ].join('\n'));
});

test('one cause is one finding: a dead trust anchor is not one for each account', () => {
  const { out } = doctor({
    state: changedState(([oidc]) => {
      oidc.values.client_id_list = ['sts'];
    }),
  });
  expect(out).toMatch(/^refused: trust anchor, of flux-system\/source-controller \(aws\), team-a\/flux \(aws\)\n/);
  expect(out.match(/^refused/gm)).toHaveLength(1);
});

test('an error beside the files adds what the files do not show', () => {
  const error = file('AccessDenied: User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: ecr:BatchGetImage on resource: r because no resource-based policy allows it');
  const { status, out } = doctor({ more: ['--error', error] });
  expect([status, out]).toEqual([1, expect.stringMatching(/^refused: owner\n/)]);
});

test('claims, discovery and keys', () => {
  const discovery = file({ issuer: 'https://oidc.eks.eu-west-1.amazonaws.com/id/A' });
  const claims = file({ iss: 'https://oidc.eks.eu-west-1.amazonaws.com/id/B', sub: 'system:serviceaccount:team-a:flux' });
  expect(doctor({ more: ['--discovery', discovery, '--jwks', file({ keys: [{ kid: '1' }] })] }).status).toBe(0);
  expect(doctor({ more: ['--claims', claims] }).out).toMatch(/^refused: issuer, [^\n]*\n {2}saw {7}iss of the token is https:\/\/\S+\/id\/B\n {2}expected {2}https:\/\/\S+\/id\/A\n/);
});

test('a dump of several commands, one behind the other', () => {
  const items = smallCluster();
  expect(doctor({ cluster: `${listOf(items.slice(0, 3))}\n${listOf(items.slice(3))}\n` }).status).toBe(0);
  expect(run('--access', file(smallModel()), '--state', file(smallState()), '--cluster', file(listOf(items.slice(0, 3))), '--cluster', file(listOf(items.slice(3)))).status).toBe(0);
});

test('two stacks with the same addresses are told apart by their names', () => {
  const other = JSON.parse(JSON.stringify(smallState()).replace(/role\/Team/g, 'role/Other'));
  const [access, prod, staging, cluster] = [file(smallModel()), file(smallState()), file(other), file(listOf(smallCluster()))];
  const { status, out } = run('--access', access, '--state', prod, '--state', staging, '--cluster', cluster);
  expect([status, out]).toEqual([2, expect.stringMatching(/several states have them, with other values\n {2}fix {7}name the states: --state STACK=FILE/)]);
  expect(run('--access', access, '--state', `prod=${prod}`, '--state', `staging=${staging}`, '--cluster', cluster).status).toBe(0);
});

test.each<[string, Files, RegExp]>([
  ['half a dump, without Roles', { cluster: listOf(smallCluster().filter(isKind('ClusterRole', 'ClusterRoleBinding'))) }, /cannot tell: token right[^]*the dump holds no Role[^]*kubectl get roles/],
  ['half a dump, without accounts', { cluster: listOf(smallCluster().filter(isKind('ServiceAccount'))) }, /cannot tell: account[^]*holds no ServiceAccount[^]*kubectl get serviceaccounts/],
  ['half a dump, without Deployments', { cluster: listOf(smallCluster().filter(isKind('Deployment', 'Pod'))) }, /cannot tell: controller[^]*holds no Deployment[^]*kubectl get deployments/],
  ['the dump of another cluster', { cluster: listOf(smallCluster()).replace(/role\/(Source|Team)/g, 'role/$1-other') }, /^cannot tell: account\n[^]*another cluster's[^]*doctor commands/],
  ['the dump of a cluster without Flux', { cluster: listOf([{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: 'default', name: 'default' } }]) }, /^cannot tell: account\n[^]*no account of namespace flux-system/],
  ['an older state, in which a role is not yet', {
    state: changedState((_, state) => {
      const module = state.values.root_module;
      module.resources = module.resources.filter(({ address }: any) => !address.endsWith('.Team'));
    }),
  }, /^cannot tell: identity, of aws_iam_role\.Team\n[^]*the state of stack prod does not have them[^]*terraform show -json/],
  ['the state of another stack', { state: { format_version: '1.0', values: { root_module: { resources: [] } } } }, /^cannot tell: [^]*there is no state of stack prod[^]*--state prod=FILE/],
  ['a state before the first apply', { state: { format_version: '1.0' } }, /there is no state of stack prod/],
])('cannot tell: %s', (_, files, out) => {
  expect(doctor(files)).toEqual({ status: 2, out: expect.stringMatching(out), err: '' });
});

const TOKEN = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from('{"iss":"https://x"}').toString('base64url')}.c2lnbmF0dXJlc2lnbmF0dXJl`;

test.each<[string, Files, RegExp]>([
  ['half a file', { cluster: listOf(smallCluster()).slice(0, 900) }, /this is no whole JSON document: it was cut off.*doctor commands/],
  ['half a state', { state: JSON.stringify(smallState()).slice(0, 900) }, /no whole JSON document.*terraform show -json/],
  ['an empty dump', { cluster: '' }, /the file is empty/],
  ['YAML', { cluster: 'apiVersion: v1\nkind: List\nitems: []\n' }, /this is YAML.*doctor commands/],
  ['a state of Terraform\'s own', { state: { version: 4, serial: 12, lineage: 'x', resources: [] } }, /the raw state.*terraform show -json/],
  ['a plan', { state: { format_version: '1.2', planned_values: {}, resource_changes: [] } }, /this is a plan, not a state/],
  ['another format of states', { state: { format_version: '2.0', values: {} } }, /format 2\.0, this program reads 1\.x/],
  ['another version of the report', { access: { ...smallModel(), version: 2 } }, /version 2, this program reads version 1/],
  ['a state in place of the dump', { cluster: JSON.stringify(smallState()) }, /no list of Kubernetes objects/],
  ['a dump in place of the state', { state: listOf(smallCluster()) }, /this JSON is no state/],
  ['a token in place of its claims', { more: ['--claims', file(TOKEN)] }, /this is a token; keep it to yourself\. Pass the claims alone/],
  ['a token in place of the dump', { cluster: TOKEN }, /this is a token/],
  ['keys that are none', { more: ['--jwks', file('{"a":1}')] }, /no set of keys.*openid\/v1\/jwks/],
])('trouble: %s', (_, files, err) => {
  const result = doctor(files);
  expect(result).toEqual({ status: 2, out: '', err: expect.stringMatching(err) });
  expect(result.err).not.toMatch(/eyJ|\n\s+at /);
});

test('nothing secret of a file is shown, whatever is wrong', () => {
  const cluster = changed((items) => {
    items[1].metadata.annotations['eks.amazonaws.com/role-arn'] = TOKEN;
    items.push({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'flux-system', name: 's' }, data: { password: 'aHVudGVyMg==' } });
    items[3].spec.containers[0].env.push({ name: 'PASSWORD', value: 'hunter2-in-plain-text' });
  });
  for (const more of [[], ['--json']]) {
    const { status, out, err } = doctor({ cluster, more });
    expect(status).toBe(1);
    expect(out + err).not.toMatch(/eyJ|hunter2|aHVudGVyMg/);
  }
});

test('a dump of more than 100 MB is read', () => {
  const filler = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: 'other', name: 'x', annotations: { note: 'n'.repeat(1024 * 1024) } } };
  const items = [...smallCluster(), ...Array.from({ length: 105 }, (_, index) => ({ ...filler, metadata: { ...filler.metadata, name: `x${index}` } }))];
  const started = Date.now();
  expect(doctor({ cluster: JSON.stringify({ kind: 'List', items }) }).status).toBe(0);
  expect(Date.now() - started).toBeLessThan(60_000);
}, 120_000);

test('a file that is too large to read is refused by its size', () => {
  const path = join(dir, 'huge');
  writeFileSync(path, '');
  require('fs').truncateSync(path, 500 * 1024 * 1024);
  expect(run('--access', file(smallModel()), '--cluster', path).err).toMatch(/huge: larger than 400 MB\. Pass a dump/);
});

test('commands: exactly what this installation needs, and no Secrets', () => {
  const { status, out } = run('commands', '--access', file(smallModel()));
  expect(status).toBe(0);
  expect(out).not.toMatch(/secrets[, ]/i);
  expect(out).toContain('kubectl get deployments,pods,configmaps -n flux-system -o json >> cluster.json');
  expect(out).toContain('ocirepositories.source.toolkit.fluxcd.io');
  expect(out).not.toContain('imagerepositories');
  expect(out).toContain('terraform show -json > prod.json # in prod');
  expect(out.split('\n').pop()).toContain('--access prod.access.json --state prod=prod.json --cluster cluster.json');
});

test.each([
  ['files without a report', ['--cluster', 'x'], /--cluster needs --access FILE beside it\nUsage: /],
  ['a report alone', ['--access', file(smallModel())], /doctor needs --cluster FILE: see `doctor commands`/],
  ['commands without a report', ['commands'], /doctor commands needs --access FILE/],
  ['commands and more', ['commands', 'x', '--access', 'y'], /doctor takes no argument "x"/],
])('trouble: %s', (_, args, err) => {
  expect(run(...args)).toEqual({ status: 2, out: '', err: expect.stringMatching(err) });
});
