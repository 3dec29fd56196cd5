import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App } from 'cdktf';
import { addLandingZone } from '../../examples/landing-zone/stack';
import { FluxController, FluxServiceAccount } from '../../lib';
import { expectAccess } from '../../lib/testing';

// What the CI of such a landing zone has beside the snapshot and the record of addresses, which examples.test.ts has.

const outdir = mkdtempSync(join(tmpdir(), 'landing-zone-'));
afterAll(() => rmSync(outdir, { recursive: true }));
const app = new App({ outdir });
const stacks = addLandingZone(app);

describe('who may what', () => {
  const image = (repository: string) => ({ action: 'ecr:BatchGetImage', resource: `arn:aws:ecr:eu-central-1:444455556666:repository/${repository}` });
  const object = { action: 's3:GetObject', resource: 'arn:aws:s3:::acme-manifests/flux/apps.yaml' };

  test('the team pulls its own images, and nobody else\'s', () => {
    expectAccess(app).of(FluxServiceAccount.of('team-a', 'flux'))
      .allows(image('team-a/apps'))
      .denies(image('team-b/apps'))
      .denies({ ...image('team-a/apps'), action: 'ecr:PutImage' })
      .denies(object);
  });

  test('source-controller reads the manifests, and no image of a team', () => {
    expectAccess(app).of(FluxServiceAccount.controller(FluxController.SOURCE)).allows(object).denies({ ...object, action: 's3:PutObject' }).denies(image('team-a/apps'));
  });
});

describe('synthesized', () => {
  let json: { [stack: string]: any };
  let manifest: any;
  beforeAll(() => {
    app.synth();
    manifest = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')).stacks;
    json = Object.fromEntries(Object.values(stacks).map(({ node: { id } }) => [id, JSON.parse(readFileSync(join(outdir, 'stacks', id, 'cdk.tf.json'), 'utf8'))]));
  });
  const of = (name: string) => json[`flux-landing-zone-${name}`];

  test('every role has the boundary and the tags of the organization, and keeps its own tags', () => {
    const roles = Object.values(json).flatMap(({ resource = {} }) => Object.values<any>(resource.aws_iam_role ?? {}));
    expect(roles.map(({ permissions_boundary: boundary, tags }) => [boundary, tags['cost-center']])).toEqual(Array(2).fill(['arn:aws:iam::111122223333:policy/boundary', '4711']));
    expect(Object.values<any>(of('team-a').resource.aws_iam_role)[0].tags).toEqual({ 'team': 'a', 'cost-center': '4711' });
  });

  test('every stack has a state of its own in one bucket', () => {
    expect(Object.values(json).map(({ terraform: { backend: { s3 } } }) => `${s3.bucket}/${s3.key}`).sort())
      .toEqual(Object.keys(json).sort().map((id) => `acme-terraform-states/${id}.tfstate`));
  });

  test('the delivery comes last, and nothing needs it', () => {
    const needs = Object.fromEntries(Object.values<any>(manifest).map(({ name, dependencies }) => [name.replace('flux-landing-zone-', ''), dependencies.map((id: string) => id.replace('flux-landing-zone-', '')).sort()]));
    expect(needs).toEqual({ 'cluster': [], 'platform': ['cluster'], 'team-a': ['cluster'], 'delivery': ['platform', 'team-a'] });
  });

  test('two accounts and two regions, each with a provider that works in no other', () => {
    expect(of('team-a').provider.aws.map(({ region, allowed_account_ids: [account], alias }: any) => [region, account, alias]))
      .toEqual([['eu-west-1', '111122223333', undefined], ['eu-central-1', '444455556666', 'own']]);
    const elsewhere = Object.values<any>(of('team-a').resource).flatMap((named) => Object.values<any>(named)).filter(({ provider }) => provider === 'aws.own');
    expect(elsewhere.map(({ repository }) => repository)).toEqual(['team-a/apps']); // its policy
  });

  test('the OIDC provider is the cluster\'s, and the role of before moves in with its policy', () => {
    expect(Object.values(json).filter(({ resource }) => resource?.aws_iam_openid_connect_provider !== undefined)).toEqual([of('cluster')]);
    expect(of('platform').moved.map(({ from }: any) => from).sort()).toEqual(['aws_iam_role.flux_sources', 'aws_iam_role_policy.flux_sources']);
    expect(Object.values<any>(of('platform').resource.aws_iam_role)[0].name).toBe('flux-sources');
  });

  test('Flux is told of both roles, from the states of their stacks', () => {
    const { kustomization, manifests } = of('delivery').output;
    const reads = (stack: string) => new RegExp(`role-arn: \\$\\{.*data\\.terraform_remote_state\\.cross-stack-reference-input-flux-landing-zone-${stack}\\.outputs`);
    expect(kustomization.value).toMatch(reads('platform'));
    expect(manifests.value).toMatch(reads('team-a'));
  });
});
