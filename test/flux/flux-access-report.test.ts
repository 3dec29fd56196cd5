import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { addExamples } from '../../examples/stacks';
import {
  ClusterIssuer, EcrPermissions, FluxAccessReport, FluxController, FluxFile, FluxInstallation, FluxIrsaRole, FluxOidcProvider,
  FluxRemoteCluster, FluxServiceAccount, FluxVersion, KmsPermissions,
} from '../../lib';
import { compare } from '../../lib/access/diff';
import { accessMarkdown } from '../../lib/access/markdown';
import { AccessModel } from '../../lib/access/model';
import { accessPage } from '../../lib/access/page';
import { parseModel } from '../../lib/access/parse';
import { accessModel } from '../../lib/flux/private/access/collect';
import { refused } from '../support';

const ECR = 'arn:aws:ecr:eu-west-1:111122223333:repository';
const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);
const made: string[] = [];
const temporary = () => made[made.push(mkdtempSync(join(tmpdir(), 'access-'))) - 1];
afterAll(() => made.forEach((path) => rmSync(path, { recursive: true, force: true })));

interface Options {
  readonly repository?: string;
  readonly accounts?: FluxServiceAccount[];
  readonly withoutKey?: boolean;
  readonly names?: string;
  readonly roleName?: string;
}

function program(app: App, { repository = 'apps/*', accounts = [SOURCE], withoutKey, names = '', roleName }: Options = {}): FluxInstallation {
  const stack = new TerraformStack(app, 'prod');
  new AwsProvider(stack, 'Aws', { region: 'eu-west-1' });
  const issuer = ClusterIssuer.eks(stack, `Cluster${names}`, { clusterName: 'prod', issuerUrl: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE' });
  const oidc = new FluxOidcProvider(stack, `Oidc${names}`, { issuer });
  const images = new FluxIrsaRole(stack, `Images${names}`, { oidcProviders: [oidc], serviceAccounts: accounts, name: roleName, account: roleName === undefined ? undefined : '111122223333' });
  images.grant(`Apps${names}`, EcrPermissions.pull(`${ECR}/${repository}`));
  const sops = new FluxIrsaRole(stack, `Sops${names}`, { oidcProviders: [oidc], serviceAccounts: [FluxServiceAccount.controller(FluxController.KUSTOMIZE)] });
  if (!withoutKey) sops.grant('Key', KmsPermissions.decrypt('arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'));
  return new FluxInstallation(stack, 'Flux', { issuer, version: FluxVersion.V2_10, identities: [images, sops], acknowledgeWarnings: ['undelivered-controllers'] });
}

const model = (options?: Options): AccessModel => accessModel(program(new App({ outdir: temporary() }), options));
const lines = (before: AccessModel, after: AccessModel) => {
  const [old, now] = [before, after].map((each) => accessMarkdown(each).split('\n'));
  return [old.filter((line) => !now.includes(line)).length, now.filter((line) => !old.includes(line)).length];
};
const effects = (before: AccessModel, after: AccessModel) => compare(before, after).map(({ effect }) => effect);

describe('a pull request shows', () => {
  test.each<[string, Options, Options, [number, number], string[]]>([
    ['nothing where nothing changes', {}, {}, [0, 0], []],
    ['one line for a wider grant', {}, { repository: '*' }, [1, 1], ['wider']],
    ['one line for a narrower grant', {}, { repository: 'apps/web' }, [1, 1], ['narrower']],
    ['one line for a grant that goes', {}, { withoutKey: true }, [1, 0], ['narrower']],
    ['one line for a grant that comes', { withoutKey: true }, {}, [0, 1], ['wider']],
    ['no line for constructs that are renamed, whatever they are', {}, { names: 'New' }, [0, 0], ['same', 'same']],
    ['no line for a role that is replaced', { roleName: 'a' }, { roleName: 'b' }, [0, 0], ['same']],
    ['the lines of an identity that one more account acts as', {}, { accounts: [SOURCE, FluxServiceAccount.of('team-a', 'flux')] }, [2, 2], ['wider', 'wider', 'wider']],
  ])('%s', (_, before, after, changed, expected) => {
    const [old, now] = [model(before), model(after)];
    expect(lines(old, now)).toEqual(changed);
    expect(effects(old, now)).toEqual(expected);
  });
});

test('shows nothing that looks like a key, wherever it was put by mistake', () => {
  const said = JSON.stringify(model({ roleName: 'ghp_0123456789abcdefABCDEF0123456789abcd' }));
  expect(said).not.toContain('ghp_0123456789');
  expect(said).toContain('role/<not shown: it could be a secret>');
});

test('holds who is trusted, what Kubernetes must hold, what may be done and what uses it', () => {
  const { identities, grants, ...rest } = model({ roleName: 'flux-images' });
  expect(rest).toEqual({
    schema: 'cdktf-flux-identity/access',
    version: 1,
    installation: 'prod-Flux',
    flux: { version: '2.10', namespace: 'flux-system', controllers: Object.values(FluxController) },
    cluster: { kind: 'eks', issuer: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE' },
  });
  expect(identities.find(({ key }) => key === 'aws flux-system/source-controller')).toEqual({
    key: 'aws flux-system/source-controller',
    cloud: 'aws',
    credential: 'workload identity',
    principals: ['arn:aws:iam::111122223333:role/flux-images'],
    subjects: [{ account: 'flux-system/source-controller', level: 'controller' }],
    trust: [{
      anchor: { stack: 'prod', ref: expect.stringMatching(/^\$\{aws_iam_openid_connect_provider\.Oidc_\w+\.arn\}$/) },
      issuer: 'cluster',
      subject: 'system:serviceaccount:flux-system:source-controller',
      audiences: ['sts.amazonaws.com'],
    }],
    settings: [{ account: 'flux-system/source-controller', annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/flux-images' } }],
    grants: 'listed',
  });
  expect(grants.map(({ service, verb, resource, kinds, broad }) => [service, verb, resource, kinds, broad])).toEqual([
    ['AWS KMS', 'decrypt', 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab', ['Kustomization'], undefined],
    ['Amazon ECR', 'pull', `${ECR}/apps/*`, ['HelmRepository', 'OCIRepository'], 'a pattern'],
  ]);
});

test('names the ConfigMaps of remote clusters, and nothing where there are none', () => {
  expect(JSON.stringify(model())).not.toContain('remoteClusters');
  const installation = program(new App({ outdir: temporary() }));
  for (const [id, namespace] of [['Second', 'team-a'], ['First', 'flux-system']]) {
    FluxRemoteCluster.eks(installation, id, { installation, namespace, name: 'staging', clusterArn: 'arn:aws:eks:eu-west-1:111122223333:cluster/staging' });
  }
  expect(accessModel(installation).remoteClusters).toEqual(['flux-system/staging', 'team-a/staging']);
});

test('every example: the same bytes twice, whatever can be read back, and every grant of it is there', () => {
  const all = () => {
    const app = new App({ outdir: temporary() });
    addExamples(app);
    return app.node.findAll().filter((node): node is FluxInstallation => node instanceof FluxInstallation).map((flux) => accessModel(flux));
  };
  const [first, second] = [all(), all()];
  expect(JSON.stringify(first)).toBe(JSON.stringify(second));
  for (const each of first) {
    expect(parseModel(JSON.stringify(each), each.installation)).toEqual(JSON.parse(JSON.stringify(each)));
    expect(each.grants.length).toBeGreaterThan(0);
    expect(JSON.stringify(each)).not.toContain('TfToken');
    // No reference to a secret's value either: of what Secrets hold there is the name and the key.
    expect(JSON.stringify(each)).not.toMatch(/aws_iam_access_key|google_service_account_key|private_key|secret_access_key|client_secret/);
  }
  expect(first.length).toBeGreaterThan(20);
});

test('as an output: a report that diff reads, once Terraform has put in what only it knows', () => {
  const flux = program(Testing.app(), { roleName: 'flux-images' });
  new TerraformOutput(TerraformStack.of(flux), 'flux_access', { value: flux.access });
  const { value } = JSON.parse(Testing.synth(TerraformStack.of(flux))).output.flux_access;
  const applied = parseModel(value.replace(/\$\{jsonencode\([^)]*\)\}/g, '"arn:aws:iam::111122223333:x"'), 'flux_access');
  expect(effects(applied, applied)).toEqual([]);
  // Rights are the same as at synth; anchors were not known there, and what is not seen to be the same is not.
  const wider = compare(model({ roleName: 'flux-images' }), applied).filter(({ effect }) => effect === 'wider').map(({ what }) => what);
  expect(wider).toEqual([expect.stringMatching(/^trust: .* by arn:/), expect.stringMatching(/^trust: .* by arn:/)]);
  expect([applied.installation, applied.grants.length, applied.identities.length]).toEqual(['prod-Flux', 2, 2]);
});

describe('files', () => {
  const write = (directory?: string, options: Options = {}) => {
    const app = new App({ outdir: temporary(), skipValidation: true });
    const flux = program(app, options);
    const report = new FluxAccessReport(app, 'Access', directory === undefined ? {} : { directory });
    app.synth();
    return { app, flux, report };
  };

  test('in a directory that is committed, the same in every run', () => {
    const directory = temporary();
    write(directory);
    const read = () => Object.fromEntries(readdirSync(directory).sort().map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
    const first = read();
    expect(Object.keys(first)).toEqual(['.cdktf-flux-files.json', 'prod-Flux.access.json', 'prod-Flux.access.md']);
    write(directory);
    expect(read()).toEqual(first);
    write(directory, { repository: '*' });
    expect(read()['prod-Flux.access.md']).toContain('repository/\\*');
  });

  test('and a page of all, where it is wanted', () => {
    const directory = temporary();
    const app = new App({ outdir: temporary(), skipValidation: true });
    const flux = program(app);
    new FluxAccessReport(app, 'Access', { directory, page: true });
    app.synth();
    expect(readFileSync(join(directory, 'access.html'), 'utf8')).toBe(accessPage([accessModel(flux)]));
    const other = temporary();
    write(other);
    expect(readdirSync(other)).not.toContain('access.html');
  });

  test('the report of what is gone is not left to be read', () => {
    const directory = temporary();
    writeFileSync(join(directory, 'old-Flux.access.md'), 'old');
    write(directory);
    const ledger = join(directory, '.cdktf-flux-files.json');
    writeFileSync(ledger, JSON.stringify({ ...JSON.parse(readFileSync(ledger, 'utf8')), 'old-Flux.access.md': 'x' }));
    const { given, fix } = refused(() => write(directory));
    expect(given).toBe('[Access] "old-Flux.access.md", which an earlier run wrote and nothing of the app writes now.');
    expect(fix).toContain('delete the file if the cluster is to lose what it holds, or the report is of what is gone');
  });

  test('one that people edited is not overwritten', () => {
    const directory = temporary();
    write(directory);
    writeFileSync(join(directory, 'prod-Flux.access.md'), 'mine');
    expect(() => write(directory, { repository: '*' })).toThrow(/was edited since this app wrote it/);
  });

  test('in the output, made anew by each run', () => {
    const { app } = write();
    expect(readdirSync(join(app.outdir, 'flux-access')).sort()).toEqual(['prod-Flux.access.json', 'prod-Flux.access.md']);
  });

  test('beside files of the user\'s', () => {
    const [directory, root] = [temporary(), temporary()];
    const app = new App({ outdir: temporary(), skipValidation: true });
    const flux = program(app);
    new FluxFile(flux, 'File', { root, path: 'a.yaml', content: 'a: 1\n' });
    new FluxAccessReport(app, 'Access', { directory });
    app.synth();
    expect([readdirSync(root).includes('a.yaml'), readdirSync(directory).length]).toEqual([true, 3]);
  });

  test('tests write nothing', () => {
    const directory = temporary();
    const app = Testing.app();
    const flux = program(app);
    new FluxAccessReport(app, 'Access', { directory });
    Testing.fullSynth(TerraformStack.of(flux));
    expect(readdirSync(directory)).toEqual([]);
  });
});

test('two installations of one name are refused', () => {
  const app = new App({ outdir: temporary(), skipValidation: true });
  const [a, b] = ['a-b', 'a'].map((id) => new TerraformStack(app, id));
  const flux = (stack: TerraformStack, id: string) => new FluxInstallation(stack, id, { issuer: ClusterIssuer.oidc(stack, 'Kind', { url: `https://${stack.node.id}.example.com` }), version: FluxVersion.V2_10 });
  flux(a, 'c');
  flux(b, 'b-c');
  new FluxAccessReport(app, 'Access');
  const { given, fix } = refused(() => app.synth());
  expect(given).toBe('[Access] installations "a-b/c" and "a/b-c", which would both be reported as "a-b-c".');
  expect(fix).toContain('rename one of the constructs');
});

test.each([[{ directory: 1 }], [{ directori: 'x' }], [{ page: 'yes' }]])('%j is refused', (props) => {
  expect(() => new FluxAccessReport(new App({ outdir: temporary() }), 'Access', props as any)).toThrow(/FluxAccessReport/);
});
