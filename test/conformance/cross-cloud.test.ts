import { readFileSync } from 'fs';
import { join } from 'path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { aws, azure, Door, gcp, granted, Refusal } from './clouds';
import { Cloud, controllerLevel, objectLevel, Rendered, Request } from './flux';
import { describeWith, FLUX_AUTH, TERRAFORM } from './programs';
import { evaluate, Evaluation } from './terraform';
import { CrossCloud } from '../../examples/cross-cloud/stack';
import { HostedIssuer } from '../../examples/hosted-issuer/stack';
import {
  AcrPermissions, ArtifactRegistryPermissions, ClusterIssuer, ClusterKind, EcrPermissions, FluxAzureFederatedIdentity, FluxController,
  FluxGcpPrincipal, FluxGcpWorkloadPool, FluxIrsaRole, FluxKustomization, FluxManifests, FluxOidcProvider, FluxServiceAccount, FluxVersion,
  IClusterIssuer, Jwks,
} from '../../lib';
import { fluxOf } from '../support';
import { jwksText, Loopback, serve, Served, serviceAccountToken, signingKey, SigningKey, TokenRequest } from '../tokens';

const SUBSCRIPTION = '/subscriptions/11112222-3333-4444-8555-666677778888';
const REGISTRY = `${SUBSCRIPTION}/resourceGroups/flux/providers/Microsoft.ContainerRegistry/registries/acmeregistry`;

/** A cluster that Flux runs in, as the world outside sees it. */
interface Source {
  readonly name: string;
  readonly kind: ClusterKind;
  readonly issuer: string;
  /** The stack that lets it into all three clouds, at both levels. */
  stack(jwks: Jwks): TerraformStack;
}

const AKS = 'https://westeurope.oic.prod-aks.azure.com/00000000-0000-0000-0000-00000000000a/11111111-2222-3333-4444-555555555555/';
const EKS = 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE';
const GKE = 'https://container.googleapis.com/v1/projects/acme-prod/locations/europe-west1/clusters/prod';
const HOSTED = 'https://acme-oidc-onprem.s3.eu-west-1.amazonaws.com';
const OTHER_CLUSTER = 'https://container.googleapis.com/v1/projects/acme-prod/locations/europe-west1/clusters/staging';

const SOURCES: Source[] = [
  { name: 'AKS', kind: ClusterKind.AKS, issuer: AKS, stack: () => new CrossCloud(Testing.app(), 'aks') },
  { name: 'EKS', kind: ClusterKind.EKS, issuer: EKS, stack: () => new Reach('eks', (stack) => ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod' })) },
  {
    name: 'GKE',
    kind: ClusterKind.GKE,
    issuer: GKE,
    stack: () => new Reach('gke', (stack) => ClusterIssuer.gke(stack, 'Cluster', { projectId: 'acme-prod', location: 'europe-west1', clusterName: 'prod' })),
  },
  { name: 'other', kind: ClusterKind.OTHER, issuer: HOSTED, stack: (jwks) => new HostedIssuer(Testing.app(), 'other', jwks) },
];

const TARGETS: ReadonlyArray<readonly [string, Cloud, Door]> = [['AWS', 'aws', aws], ['Azure', 'azure', azure], ['Google Cloud', 'gcp', gcp]];

/** Why a cloud refuses a token, by what is wrong with it. */
const REASONS = {
  aws: { issuer: /^no OIDC provider for/, subject: /^the trust policy/, audience: /^the trust policy/ },
  azure: { issuer: /^no federated credential for https/, subject: /^no federated credential for system/, audience: /^no audience/ },
  gcp: { issuer: /^the issuer is not/, subject: /^the attribute condition/, audience: /^no audience/ },
};

const CONTROLLER = { namespace: 'flux-system', account: 'source-controller', pod: 'source-controller-6b8f9c7d4-x2k9p' };
const OBJECT = { namespace: 'team-a', account: 'flux' };

/** What the examples do, for any cluster. */
class Reach extends TerraformStack {
  public constructor(id: string, clusterOf: (stack: TerraformStack) => IClusterIssuer) {
    super(Testing.app(), id);
    new AwsProvider(this, 'Aws', {});
    new GoogleProvider(this, 'Google', {});
    new AzurermProvider(this, 'Azure', { features: [{}] });
    const cluster = clusterOf(this);
    const oidcProviders = [new FluxOidcProvider(this, 'Oidc', { issuer: cluster })];
    const pool = new FluxGcpWorkloadPool(this, 'Pool', { issuer: cluster, poolId: `prod-${id}` });
    const identities = [FluxServiceAccount.controller(FluxController.SOURCE), FluxServiceAccount.of('team-a', 'flux')].flatMap((account, index) => {
      const role = new FluxIrsaRole(this, `Aws${index}`, { oidcProviders, serviceAccounts: [account], region: 'eu-west-1' });
      role.grant('Images', EcrPermissions.pull('arn:aws:ecr:eu-west-1:111122223333:repository/apps'));
      const principal = new FluxGcpPrincipal(this, `Gcp${index}`, { pool, serviceAccounts: [account] });
      principal.grant('Images', ArtifactRegistryPermissions.pull(`projects/acme-prod/locations/europe-west1/repositories/apps${index}`));
      const identity = new FluxAzureFederatedIdentity(this, `Azure${index}`, {
        issuers: [cluster], serviceAccounts: [account], name: `flux-${index}`, resourceGroupName: 'flux', location: 'westeurope',
      });
      identity.grant('Images', AcrPermissions.pull(REGISTRY));
      return [role, principal, identity];
    });
    const flux = { installation: fluxOf(this, { issuer: cluster, version: FluxVersion.V2_10, identities }) };
    new TerraformOutput(this, 'kustomization', { value: new FluxKustomization(this, 'Flux', flux).yaml });
    new TerraformOutput(this, 'manifests', { value: new FluxManifests(this, 'Manifests', flux).yaml });
  }
}

describeWith([TERRAFORM, FLUX_AUTH], 'cross-cloud', () => {
  let key: SigningKey;
  let foreignKey: SigningKey;
  let internet: Loopback;
  const evaluations = new Map<string, Evaluation>();
  beforeAll(async () => {
    [key, foreignKey] = await Promise.all([signingKey(), signingKey()]);
    const documents: { [url: string]: Served } = {};
    // The managed clusters' clouds publish their documents; those of the hosted one are what the example puts into the bucket.
    for (const issuer of [AKS, EKS, GKE]) Object.assign(documents, published(issuer, key));
    Object.assign(documents, published(OTHER_CLUSTER, foreignKey));
    for (const source of SOURCES) evaluations.set(source.name, evaluate(source.stack(Jwks.fromText(jwksText(key)))));
    Object.assign(documents, inBuckets(evaluations.get('other')!));
    internet = await serve(documents);
  });
  afterAll(() => internet?.close());

  const rows = SOURCES.flatMap((source) => TARGETS.flatMap(([target, cloud, door]) => (['controller', 'object'] as const)
    .map((level) => ({ title: `${source.name} to ${target}, ${level} level`, source, cloud, door, level }))));

  it('has a row for each source, target and level, and the documentation names it', () => {
    const titles = rows.map(({ title }) => title);
    expect(new Set(titles).size).toBe(4 * 3 * 2);
    const page = readFileSync(join(__dirname, '../../docs/cross-cloud.md'), 'utf8');
    expect(titles.filter((title) => !page.includes(`\`${title}\``))).toEqual([]);
  });

  it.each(rows)('$title', async ({ source, cloud, door, level }) => {
    const evaluation = evaluations.get(source.name)!;
    const flux: Rendered = { kind: source.kind, kustomization: evaluation.outputs.kustomization, manifests: evaluation.outputs.manifests };
    const request: Request = level === 'controller'
      ? controllerLevel(flux, cloud, CONTROLLER.account)
      : objectLevel(flux, cloud, OBJECT.namespace, OBJECT.account);
    expect(request.mounted).toBe(level === 'controller');
    const right: TokenRequest = { issuer: source.issuer, audience: request.audience, key, ...level === 'controller' ? CONTROLLER : OBJECT };
    const enter = async (change: Partial<TokenRequest> = {}) =>
      door(evaluation, await serviceAccountToken({ ...right, ...change }), request.identity, internet);

    const holder = await enter();
    expect(granted(evaluation)).toContain(holder);

    const wrong: ReadonlyArray<readonly [string, Partial<TokenRequest>, RegExp]> = [
      ['another cluster', { issuer: OTHER_CLUSTER, key: foreignKey }, REASONS[cloud].issuer],
      ['another cluster that calls itself this one', { key: foreignKey }, /^no applicable key/],
      ['another key by the name of this one', { key: { ...foreignKey, kid: key.kid } }, /^signature verification failed/],
      ['the issuer with another slash', { issuer: source.issuer.endsWith('/') ? source.issuer.slice(0, -1) : `${source.issuer}/` }, REASONS[cloud].issuer],
      ['another namespace', { namespace: 'team-b' }, REASONS[cloud].subject],
      ['another account', { account: 'default' }, REASONS[cloud].subject],
      ['another audience', { audience: 'https://kubernetes.default.svc' }, REASONS[cloud].audience],
      ['the audience of another cloud', { audience: cloud === 'aws' ? 'api://AzureADTokenExchange' : 'sts.amazonaws.com' }, REASONS[cloud].audience],
      ['an expired token', { expiresIn: -60 }, /"exp" claim/],
    ];
    for (const [what, change, reason] of wrong) {
      const refusal: unknown = await enter(change).catch((error) => error);
      expect([what, refusal]).toEqual([what, expect.any(Refusal)]);
      expect([what, (refusal as Refusal).message]).toEqual([what, expect.stringMatching(reason)]);
    }

    // The account of the other level has an identity of its own: Google knows it by the same pool, the others refuse it here.
    const other: unknown = await enter(level === 'controller' ? { ...OBJECT, pod: undefined } : CONTROLLER).catch((error) => error);
    expect(other).not.toEqual(holder);
    if (cloud !== 'gcp') expect(other).toEqual(expect.any(Refusal));
  });

  it.each(SOURCES)('$name: all three clouds on one controller, without collisions', ({ name, kind }) => {
    const { outputs: { kustomization, manifests } } = evaluations.get(name)!;
    const flux = { kind, kustomization, manifests };
    const requests = TARGETS.map(([, cloud]) => controllerLevel(flux, cloud, CONTROLLER.account));
    expect(new Set(requests.map(({ audience }) => audience)).size).toBe(3);
  });
});

/** The documents that a cloud publishes for its managed clusters. */
function published(issuer: string, signer: SigningKey): { [url: string]: Served } {
  const base = issuer.replace(/\/$/, '');
  const served = (content: unknown): Served => ({ content: JSON.stringify(content), contentType: 'application/json', cacheControl: 'public, max-age=3600' });
  return {
    [`${base}/.well-known/openid-configuration`]: served({
      issuer,
      jwks_uri: `${base}/jwks`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    }),
    [`${base}/jwks`]: served({ keys: [signer.jwk] }),
  };
}

/** What S3 serves of the buckets in a stack. */
function inBuckets(evaluation: Evaluation): { [url: string]: Served } {
  return Object.fromEntries(Object.entries(evaluation.resources).filter(([address]) => address.startsWith('aws_s3_object.')).map(([, object]) => [
    `https://${object.bucket}.s3.eu-west-1.amazonaws.com/${object.key}`,
    { content: object.content, contentType: object.content_type, cacheControl: object.cache_control },
  ]));
}
