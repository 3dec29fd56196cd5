import { TerraformStack } from 'cdktf';
import { parseAllDocuments } from 'yaml';
import { eks, EMAIL, gke, KUSTOMIZE, ownPool, resolved, SOURCE, stackOf, TENANT, token, TOKEN, withoutHashes } from './setup';
import {
  ClusterIssuer, FluxController, FluxGcpNodeServiceAccount, FluxGcpPrincipal, FluxGcpServiceAccount, FluxGcpServiceAccountKey, FluxGcpWorkloadPool,
  FluxKustomization, FluxManifests, FluxSecret, FluxServiceAccount, FluxVersion, IClusterIssuer, IFluxGcpWorkloadPool, IGcpIdentity,
} from '../../lib';
import { fluxOf } from '../support';

const PROVIDER = 'projects/123456789012/locations/global/workloadIdentityPools/prod-eks/providers/prod-eks';

interface Told {
  /** What the account is annotated with; undefined: nothing is said of it. */
  readonly annotations?: object;
  readonly env?: object[];
  readonly stamp?: string;
  readonly audience?: string;
  readonly mounts?: object;
  readonly objects: any[];
}

/** Rendered text without what keeps U+0085 from ending a line. */
const plain = (text: string) => withoutHashes(text).replace(/replace\((?=jsonencode|substr)/g, '').replace(/, "\\u0085", "\\\\u0085"\)/g, '');

/** What the controller or the object-level account is told, read from the rendered YAML. */
function told(stack: TerraformStack, issuer: IClusterIssuer, identity: IGcpIdentity, name: string): Told {
  const props = { installation: fluxOf(stack, { issuer, version: FluxVersion.V2_10, identities: [identity] }) };
  const read = (text: string) => parseAllDocuments(plain(resolved(stack, text))).map((document) => document.toJS())
    .filter((document) => document !== null);
  const [kustomization] = read(new FluxKustomization(stack, 'Flux', props).yaml);
  const manifests = read(new FluxManifests(stack, 'Manifests', props).yaml);
  const patches = (kustomization.patches ?? []).filter((patch: any) => patch.target.name === name)
    .map((patch: any) => ({ kind: patch.target.kind, patch: parseAllDocuments(patch.patch)[0].toJS() }));
  const account = patches.find(({ kind }: any) => kind === 'ServiceAccount')?.patch ?? manifests.find(({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name === name);
  const template = patches.find(({ kind }: any) => kind === 'Deployment')?.patch.spec.template;
  const container = template?.spec?.containers[0];
  const tokens = template?.spec?.volumes?.find((volume: any) => volume.projected !== undefined);
  return {
    annotations: account?.metadata.annotations,
    env: container?.env,
    stamp: template?.metadata.annotations['cdktf-flux-identity/gcp'],
    audience: tokens?.projected.sources[0].serviceAccountToken.audience,
    mounts: container?.volumeMounts && Object.fromEntries(container.volumeMounts.map(({ name: volume, mountPath }: any) => [mountPath, volume])),
    objects: manifests.filter(({ kind, metadata }) => (kind === 'ConfigMap' || kind === 'Secret') && metadata.name !== 'cdktf-flux-identity'),
  };
}

const POOLS: { readonly [cluster: string]: (stack: TerraformStack) => { issuer: IClusterIssuer; pool: IFluxGcpWorkloadPool } } = {
  'GKE\'s own pool': (stack) => {
    const issuer = gke(stack);
    return { issuer, pool: FluxGcpWorkloadPool.gke(stack, 'Pool', { projectId: 'acme-prod', issuer }) };
  },
  'GKE, own pool': (stack) => {
    const issuer = gke(stack);
    return { issuer, pool: new FluxGcpWorkloadPool(stack, 'Pool', { issuer, poolId: 'prod-eks', projectNumber: '123456789012' }) };
  },
  'EKS': (stack) => {
    const issuer = eks(stack);
    return { issuer, pool: new FluxGcpWorkloadPool(stack, 'Pool', { issuer, poolId: 'prod-eks', projectNumber: '123456789012' }) };
  },
  'other': (stack) => {
    const issuer = ClusterIssuer.oidc(stack, 'Other', { url: 'https://oidc.example.com/kind' });
    return { issuer, pool: new FluxGcpWorkloadPool(stack, 'Pool', { issuer, poolId: 'prod-eks', projectNumber: '123456789012' }) };
  },
};

const DIRECT = {
  universe_domain: 'googleapis.com',
  type: 'external_account',
  audience: `//iam.googleapis.com/${PROVIDER}`,
  subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  token_url: 'https://sts.googleapis.com/v1/token',
  token_info_url: 'https://sts.googleapis.com/v1/introspect',
  credential_source: { file: '/var/run/service-account/gcp-token', format: { type: 'text' } },
};
const { token_info_url: _, ...rest } = DIRECT;
const IMPERSONATING = {
  ...rest,
  service_account_impersonation_url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${EMAIL}:generateAccessToken`,
};

describe.each(Object.keys(POOLS))('%s', (cluster) => {
  const builtIn = cluster === 'GKE\'s own pool';

  test.each([['direct', false], ['impersonating', true]])('controller level, %s', (_name, impersonating) => {
    const stack = stackOf();
    const { issuer, pool } = POOLS[cluster](stack);
    const identity = impersonating
      ? FluxGcpServiceAccount.fromEmail(stack, 'Identity', { pool, serviceAccounts: [SOURCE], email: EMAIL })
      : new FluxGcpPrincipal(stack, 'Identity', { pool, serviceAccounts: [SOURCE] });
    const { objects, ...settings } = told(stack, issuer, identity, 'source-controller');
    if (builtIn) {
      expect(settings).toEqual(impersonating ? { annotations: { 'iam.gke.io/gcp-service-account': EMAIL }, stamp: EMAIL } : {});
      expect(objects).toEqual([]);
      return;
    }
    expect(settings).toEqual({
      env: [{ name: 'GOOGLE_APPLICATION_CREDENTIALS', value: '/etc/workload-identity/credential-configuration.json' }],
      stamp: impersonating ? `${EMAIL} ${PROVIDER}` : PROVIDER,
      audience: `https://iam.googleapis.com/${PROVIDER}`,
      mounts: { '/etc/workload-identity': 'workload-identity-credential-configuration', '/var/run/service-account': 'flux-identity-tokens' },
    });
    expect(objects).toHaveLength(1);
    expect(objects[0]).toMatchObject({ kind: 'ConfigMap', metadata: { name: 'source-controller-workload-identity-federation', namespace: 'flux-system' } });
    expect(JSON.parse(objects[0].data['credential-configuration.json'])).toEqual(impersonating ? IMPERSONATING : DIRECT);
  });

  test.each([['direct', false], ['impersonating', true]])('object level, %s', (_name, impersonating) => {
    const stack = stackOf();
    const { issuer, pool } = POOLS[cluster](stack);
    const identity = impersonating
      ? FluxGcpServiceAccount.fromEmail(stack, 'Identity', { pool, serviceAccounts: [TENANT], email: EMAIL })
      : new FluxGcpPrincipal(stack, 'Identity', { pool, serviceAccounts: [TENANT] });
    const { annotations, objects } = told(stack, issuer, identity, 'flux');
    expect(annotations ?? {}).toEqual({
      ...(impersonating ? { 'iam.gke.io/gcp-service-account': EMAIL } : {}),
      ...(builtIn ? {} : { 'gcp.auth.fluxcd.io/workload-identity-provider': PROVIDER }),
    });
    expect(objects).toEqual([]);
  });
});

describe('values that only Terraform knows', () => {
  test('stay expressions in annotations, audience, stamp and JSON', () => {
    const stack = stackOf();
    const issuer = eks(stack);
    const pool = new FluxGcpWorkloadPool(stack, 'Pool', { issuer, poolId: 'prod-eks' });
    const identity = new FluxGcpServiceAccount(stack, 'Identity', { pool, serviceAccounts: [SOURCE, TENANT], accountId: 'flux-apps' });
    const props = { installation: fluxOf(stack, { issuer, version: FluxVersion.V2_10, identities: [identity] }) };
    const kustomization = plain(resolved(stack, new FluxKustomization(stack, 'Flux', props).yaml));
    const manifests = plain(resolved(stack, new FluxManifests(stack, 'Manifests', props).yaml));
    const provider = 'google_iam_workload_identity_pool_provider.Pool_Provider.name';
    expect(kustomization).toContain(`audience: \${jsonencode("https://iam.googleapis.com/\${${provider}}")}`);
    expect(kustomization).toContain(`cdktf-flux-identity/gcp: \${jsonencode("\${google_service_account.Identity.email} \${${provider}}")}`);
    expect(manifests).toContain(`gcp.auth.fluxcd.io/workload-identity-provider: \${jsonencode(${provider})}`);
    expect(manifests).toContain('iam.gke.io/gcp-service-account: ${jsonencode(google_service_account.Identity.email)}');
    // Once for the JSON, once for the YAML that it stands in.
    const part = (expression: string) => `substr(jsonencode(${expression}), 1, (length(jsonencode(${expression})) - 2))`;
    const inner = (expression: string) => `\${${part(part(expression))}}`;
    const config = /credential-configuration.json: (".*")$/m.exec(manifests)![1];
    expect(config).toContain(`\\"audience\\":\\"//iam.googleapis.com/${inner(provider)}\\"`);
    expect(config).toContain(`serviceAccounts/${inner('google_service_account.Identity.email')}:generateAccessToken\\"`);
  });
});

describe('the universe', () => {
  test('is in every address of the credential configuration', () => {
    const stack = stackOf();
    const pool = ownPool(stack);
    const { issuer } = pool;
    const identity = new FluxGcpServiceAccount(stack, 'Identity', {
      pool, serviceAccounts: [SOURCE], accountId: 'flux-apps', project: 'acme-prod', universeDomain: 'example-cloud.eu',
    });
    const json = identity.fluxObjects({ issuer, version: FluxVersion.V2_10, namespace: 'flux-system' })[0].data['credential-configuration.json'];
    expect(JSON.parse(withoutHashes(resolved(stack, json)))).toMatchObject({
      universe_domain: 'example-cloud.eu',
      token_url: 'https://sts.example-cloud.eu/v1/token',
      service_account_impersonation_url: 'https://iamcredentials.example-cloud.eu/v1/projects/-/serviceAccounts/${substr(jsonencode(google_service_account.Identity.email), 1, (length(jsonencode(google_service_account.Identity.email)) - 2))}:generateAccessToken',
    });
    expect(identity.fluxSettings(SOURCE, { issuer, version: FluxVersion.V2_10, namespace: 'flux-system' }).stamp).toMatch(/ example-cloud\.eu$/);
  });

  test('may be a token', () => {
    const stack = stackOf();
    const pool = ownPool(stack);
    const { issuer } = pool;
    const identity = new FluxGcpPrincipal(stack, 'Identity', { pool, serviceAccounts: [SOURCE], universeDomain: token(stack) });
    const json = identity.fluxObjects({ issuer, version: FluxVersion.V2_10, namespace: 'flux-system' })[0].data['credential-configuration.json'];
    const name = TOKEN.slice(2, -1);
    const part = `\${substr(jsonencode(${name}), 1, (length(jsonencode(${name})) - 2))}`;
    expect(JSON.parse(resolved(stack, json))).toMatchObject({ universe_domain: part, token_url: `https://sts.${part}/v1/token` });
  });
});

describe('another audience at object level', () => {
  const pool = (stack: TerraformStack) => new FluxGcpWorkloadPool(stack, 'Pool', { issuer: eks(stack), poolId: 'prod-eks', projectNumber: '123456789012', allowedAudiences: ['mine'] });
  const identities: [string, (stack: TerraformStack) => IGcpIdentity][] = [
    ['direct', (stack) => new FluxGcpPrincipal(stack, 'Identity', { pool: pool(stack), serviceAccounts: [SOURCE, TENANT], audience: 'mine' })],
    ['new', (stack) => new FluxGcpServiceAccount(stack, 'Identity', { pool: pool(stack), serviceAccounts: [SOURCE, TENANT], accountId: 'flux-apps', audience: 'mine' })],
    ['existing', (stack) => FluxGcpServiceAccount.fromEmail(stack, 'Identity', { pool: pool(stack), serviceAccounts: [SOURCE, TENANT], email: EMAIL, audience: 'mine' })],
  ];
  test.each(identities)('is an annotation from Flux 2.10 on: %s', (...[, make]) => {
    const stack = stackOf();
    const identity = make(stack);
    const context = { issuer: stack.node.findChild('Eks') as any, namespace: 'flux-system' };
    const settings = (version: FluxVersion, account = TENANT) => identity.fluxSettings(account, { ...context, version });
    expect(settings(FluxVersion.V2_10).annotations).toMatchObject({ 'credential.auth.fluxcd.io/audiences': 'mine' });
    expect(settings(FluxVersion.V2_9, SOURCE).tokens).toEqual([{ path: 'gcp-token', audience: `https://iam.googleapis.com/${PROVIDER}` }]);
    expect(() => settings(FluxVersion.V2_9)).toThrow('[stack/Identity] an `audience` at object level in Flux 2.9.');
    expect((identity as any)._trust.map(({ audiences }: any) => audiences)).toEqual([[`https://iam.googleapis.com/${PROVIDER}`], ['mine']]);
  });
});

describe('keys', () => {
  const json = (name: string) => `base64decode(google_service_account_key.${name}_ServiceAccountKey.private_key)`;

  test('are mounted in controllers', () => {
    const stack = stackOf();
    const issuer = eks(stack);
    const identity = new FluxGcpServiceAccountKey(stack, 'Identity', { accountId: 'flux-sops', serviceAccounts: [KUSTOMIZE] });
    const { objects, ...settings } = told(stack, issuer, identity, 'kustomize-controller');
    expect(settings).toEqual({
      env: [{ name: 'GOOGLE_APPLICATION_CREDENTIALS', value: '/etc/gcp-service-account/key.json' }],
      stamp: '${jsonencode(google_service_account_key.Identity_ServiceAccountKey.name)}',
      mounts: { '/etc/gcp-service-account': 'gcp-service-account' },
    });
    expect(objects).toEqual([{
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'kustomize-controller-gcp-service-account', namespace: 'flux-system' },
      type: 'Opaque',
      stringData: { 'key.json': `\${jsonencode(${json('Identity')})}` },
    }]);
  });

  test('are in the Secrets that objects name, under the key that each kind reads', () => {
    const stack = stackOf();
    const issuer = eks(stack);
    const identity = FluxGcpServiceAccountKey.fromEmail(stack, 'Identity', {
      email: EMAIL,
      secrets: [FluxSecret.bucket('team-a', 'bucket'), FluxSecret.sops('team-a', 'sops'), FluxSecret.provider('team-a', 'events'), FluxSecret.sops('team-a', 'bucket')],
    });
    const { objects } = told(stack, issuer, identity, 'none');
    expect(Object.fromEntries(objects.map(({ metadata, stringData }) => [`${metadata.namespace}/${metadata.name}`, Object.keys(stringData)]))).toEqual({
      'team-a/bucket': ['serviceaccount', 'sops.gcp-kms'], 'team-a/sops': ['sops.gcp-kms'], 'team-a/events': ['token'],
    });
  });

  test('are taken by every cluster; other identities by their own', () => {
    const stack = stackOf();
    const key = new FluxGcpServiceAccountKey(stack, 'Key', { accountId: 'flux-sops', serviceAccounts: [KUSTOMIZE] });
    const imported = FluxGcpServiceAccountKey.fromEmail(stack, 'Imported', { email: EMAIL, serviceAccounts: [KUSTOMIZE] });
    const issuer = gke(stack);
    const other = eks(stack);
    const pool = FluxGcpWorkloadPool.gke(stack, 'Pool', { projectId: 'acme-prod', issuer });
    const own = [
      new FluxGcpPrincipal(stack, 'A', { pool, serviceAccounts: [SOURCE] }),
      new FluxGcpServiceAccount(stack, 'B', { pool, serviceAccounts: [SOURCE], accountId: 'flux-apps' }),
      FluxGcpServiceAccount.fromEmail(stack, 'C', { pool, serviceAccounts: [SOURCE], email: EMAIL }),
      FluxGcpNodeServiceAccount.fromEmail(stack, 'D', { email: EMAIL }),
    ];
    expect([key, imported].map((identity) => [identity.trusts(issuer), identity.trusts(other)])).toEqual(Array(2).fill([true, true]));
    expect(own.map((identity) => [identity.trusts(issuer), identity.trusts(other)])).toEqual(Array(4).fill([true, false]));
  });
});

test('nodes tell Flux nothing', () => {
  const stack = stackOf();
  const issuer = gke(stack);
  const identity = FluxGcpNodeServiceAccount.fromEmail(stack, 'Nodes', { email: '123456789012-compute@developer.gserviceaccount.com' });
  expect(told(stack, issuer, identity, 'source-controller')).toEqual({ objects: [] });
  expect(identity).toMatchObject({ serviceAccounts: [], _trust: [] });
  expect(identity.members).toEqual(['serviceAccount:123456789012-compute@developer.gserviceaccount.com']);
});

describe('users in the remote cluster', () => {
  test.each<[string, (stack: TerraformStack) => IGcpIdentity, string[]]>([
    ['GKE', (stack) => new FluxGcpPrincipal(stack, 'I', { pool: POOLS['GKE\'s own pool'](stack).pool, serviceAccounts: [TENANT] }),
      ['serviceAccount:acme-prod.svc.id.goog[team-a/flux]']],
    ['federated', (stack) => new FluxGcpPrincipal(stack, 'I', { pool: ownPool(stack), serviceAccounts: [TENANT] }),
      ['principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/prod-eks/subject/system:serviceaccount:team-a:flux']],
    ['new service account', (stack) => new FluxGcpServiceAccount(stack, 'I', { pool: ownPool(stack), serviceAccounts: [TENANT], accountId: 'flux-apps', project: 'acme-prod' }),
      ['flux-apps@acme-prod.iam.gserviceaccount.com']],
    ['new service account of the provider\'s project', (stack) => new FluxGcpServiceAccount(stack, 'I', { pool: ownPool(stack), serviceAccounts: [TENANT], accountId: 'flux-apps' }),
      ['${google_service_account.I.email}']],
    ['existing service account', (stack) => FluxGcpServiceAccount.fromEmail(stack, 'I', { pool: ownPool(stack), serviceAccounts: [TENANT], email: EMAIL }), [EMAIL]],
    ['key', (stack) => FluxGcpServiceAccountKey.fromEmail(stack, 'I', { serviceAccounts: [FluxServiceAccount.controller(FluxController.HELM)], email: EMAIL }), [EMAIL]],
  ])('%s', (_name, make, names) => {
    const stack = stackOf();
    expect(make(stack).kubernetesUserNames.map((name) => withoutHashes(resolved(stack, name)))).toEqual(names);
  });
});
