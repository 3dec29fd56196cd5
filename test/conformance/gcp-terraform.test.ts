import { DataGoogleContainerCluster } from '@cdktf/provider-google/lib/data-google-container-cluster';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { TerraformOutput, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { evaluate as cel } from './cel';
import { PROJECT_NUMBER } from './computed';
import { objectOf, parseObjects } from './kustomize';
import { describeWith, TERRAFORM } from './programs';
import { evaluate, EvaluateOptions, Evaluation, TerraformError } from './terraform';
import { EksToGcp } from '../../examples/eks-to-gcp/stack';
import { GcpKeys } from '../../examples/gcp-keys/stack';
import { GkeToGcp } from '../../examples/gke-to-gcp/stack';
import { GkeToRemoteGke } from '../../examples/gke-to-remote-gke/stack';
import { KindToGcp } from '../../examples/kind-to-gcp/stack';
import {
  CloudStoragePermissions, ClusterIssuer, FluxController, FluxGcpPrincipal, FluxGcpServiceAccount, FluxGcpServiceAccountKey, FluxGcpWorkloadPool,
  FluxManifests, FluxSecret, FluxServiceAccount, FluxVersion, GkeClusterRole, GkePermissions,
} from '../../lib';
import { fluxOf } from '../support';

const POOLS = `projects/${PROJECT_NUMBER}/locations/global/workloadIdentityPools`;
const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);
const TENANT = FluxServiceAccount.of('team-a', 'flux');
const CONFIG = 'credential-configuration.json';

/** Who holds which role on what. */
function bindings(evaluation: Evaluation): string[] {
  return Object.entries(evaluation.resources).filter(([address]) => /^google_\w+_iam_member\./.test(address)).map(([address, { role, member, ...at }]) => {
    const what = at.repository ?? at.bucket ?? at.crypto_key_id ?? at.topic ?? at.service_account_id ?? at.project;
    return `${address.replace(/^google_(\w+)_iam_member\..*$/, '$1')} ${what}: ${role} ${member}`;
  }).sort();
}

function only(evaluation: Evaluation, type: string): any {
  const found = Object.entries(evaluation.resources).filter(([address]) => address.startsWith(`${type}.`));
  if (found.length !== 1) throw new Error(`${found.length} of ${type}`);
  return found[0][1];
}

function stackOf(fill: (stack: TerraformStack, variable: (name: string) => string) => void, options?: EvaluateOptions): Evaluation {
  const stack = new TerraformStack(Testing.app(), 'stack');
  new GoogleProvider(stack, 'Google', { project: 'acme-prod' });
  fill(stack, (name) => new TerraformVariable(stack, name, { type: 'string' }).stringValue);
  return evaluate(stack, options);
}

describeWith([TERRAFORM], 'examples of Google Cloud', () => {
  const subject = (pool: string, account: string) => `principal://iam.googleapis.com/${POOLS}/${pool}/subject/system:serviceaccount:${account}`;
  const gke = (account: string) => `serviceAccount:acme-prod.svc.id.goog[${account}]`;
  const email = (name: string) => `serviceAccount:${name}@acme-prod.iam.gserviceaccount.com`;
  const account = (name: string) => `projects/acme-prod/serviceAccounts/${name}@acme-prod.iam.gserviceaccount.com`;
  const KEY = 'projects/acme-prod/locations/europe-west1/keyRings/flux/cryptoKeys/sops';

  it.each<[string, new (scope: any, id: string) => TerraformStack, string[]]>([
    ['flux-gcp-gke', GkeToGcp, [
      `artifact_registry_repository apps: roles/artifactregistry.reader ${gke('flux-system/image-reflector-controller')}`,
      `artifact_registry_repository apps: roles/artifactregistry.reader ${gke('flux-system/source-controller')}`,
      `artifact_registry_repository team-a: roles/artifactregistry.reader ${gke('team-a/flux')}`,
      `kms_crypto_key ${KEY}: roles/cloudkms.cryptoKeyDecrypter ${email('flux-sops')}`,
      `pubsub_topic flux-events: roles/pubsub.publisher ${gke('flux-system/notification-controller')}`,
      `service_account ${account('flux-sops')}: roles/iam.workloadIdentityUser ${gke('flux-system/kustomize-controller')}`,
      ...['bucketViewer', 'objectViewer'].flatMap((role) => ['image-reflector', 'source'].map((name) =>
        `storage_bucket acme-flux-manifests: roles/storage.${role} ${gke(`flux-system/${name}-controller`)}`)),
    ]],
    ['flux-gcp-other', EksToGcp, [
      `artifact_registry_repository apps: roles/artifactregistry.reader ${subject('prod-eks', 'flux-system:source-controller')}`,
      `artifact_registry_repository team-a: roles/artifactregistry.reader ${subject('prod-eks', 'team-a:flux')}`,
      ...['bucketViewer', 'objectViewer'].map((role) => `storage_bucket acme-flux-manifests: roles/storage.${role} ${subject('prod-eks', 'flux-system:source-controller')}`),
    ]],
    ['flux-gcp-kind', KindToGcp, [
      `artifact_registry_repository apps: roles/artifactregistry.reader ${subject('kind', 'flux-system:source-controller')}`,
      ...['bucketViewer', 'objectViewer'].map((role) => `storage_bucket acme-flux-manifests: roles/storage.${role} ${subject('kind', 'flux-system:source-controller')}`),
    ]],
    ['flux-gcp-remote-cluster', GkeToRemoteGke, [
      `project acme-prod: roles/container.clusterViewer ${email('flux-deployer')}`,
      `project acme-prod: roles/container.clusterViewer ${gke('team-a/deployer')}`,
      `project acme-prod: roles/container.developer ${email('flux-deployer')}`,
      ...['helm', 'kustomize'].map((name) => `service_account ${account('flux-deployer')}: roles/iam.workloadIdentityUser ${gke(`flux-system/${name}-controller`)}`),
    ]],
    ['flux-gcp-keys', GcpKeys, [
      `kms_crypto_key ${KEY}: roles/cloudkms.cryptoKeyDecrypter ${email('flux-sops-key')}`,
      `pubsub_topic flux-events: roles/pubsub.publisher ${email('team-a')}`,
      ...['bucketViewer', 'objectViewer'].map((role) => `storage_bucket acme-flux-manifests: roles/storage.${role} ${email('team-a')}`),
    ]],
  ])('%s: exactly these roles, to exactly these members', (id, type, expected) => {
    expect(bindings(evaluate(new type(Testing.app(), id)))).toEqual([...expected].sort());
  });

  it('flux-gcp-other: the pool takes the tokens of exactly its accounts, and members wait for the pool', () => {
    const evaluation = evaluate(new EksToGcp(Testing.app(), 'flux-gcp-other'));
    const { attribute_condition: condition } = only(evaluation, 'google_iam_workload_identity_pool_provider');
    expect(condition).toBe('assertion.sub in [\'system:serviceaccount:flux-system:source-controller\', \'system:serviceaccount:team-a:flux\']');
    const members = Object.keys(evaluation.resources).filter((address) => address.includes('_iam_member.'));
    for (const address of members) expect(evaluation.dependencies[address]).toEqual([expect.stringMatching(/^google_iam_workload_identity_pool\./)]);
  });

  it('flux-gcp-keys: the Secrets hold the key files, decoded', () => {
    const evaluation = evaluate(new GcpKeys(Testing.app(), 'flux-gcp-keys'));
    const secrets = parseObjects(evaluation.outputs.manifests).filter(({ kind }) => kind === 'Secret');
    const keyOf = (construct: string) => {
      const [, { private_key: base64 }] = Object.entries(evaluation.resources).find(([address]) => address.startsWith(`google_service_account_key.${construct}_`))!;
      return Buffer.from(base64, 'base64').toString();
    };
    expect(keyOf('Sops')).not.toBe(keyOf('TeamA'));
    expect(secrets.map(({ metadata, stringData }) => [metadata.namespace, metadata.name, stringData])).toEqual([
      ['flux-system', 'kustomize-controller-gcp-service-account', { 'key.json': keyOf('Sops') }],
      ['team-a', 'gcp-bucket', { serviceaccount: keyOf('TeamA') }],
      ['team-a', 'gcp-events', { token: keyOf('TeamA') }],
    ]);
    expect(JSON.parse(secrets[0].stringData['key.json']).type).toBe('service_account');
  });
});

describeWith([TERRAFORM], 'values of Google Cloud that only Terraform knows', () => {
  /** Controller and tenant in a pool whose number and, at will, ids and accounts only Terraform knows. */
  const flux = (impersonating: boolean, tokens: boolean) => stackOf((stack, variable) => {
    const text = (name: string, plain: string) => tokens ? variable(name) : plain;
    const issuer = ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod', issuerUrl: text('issuer', 'https://oidc.example.com/a') });
    const pool = new FluxGcpWorkloadPool(stack, 'Pool', {
      issuer,
      poolId: text('pool', 'prod-eks'),
      providerId: text('provider_id', 'cluster-a'),
      project: text('project', 'acme-prod'),
      ...(tokens ? {} : { projectNumber: PROJECT_NUMBER }),
    });
    const common = { pool, serviceAccounts: [SOURCE, TENANT] };
    const identity = impersonating
      ? new FluxGcpServiceAccount(stack, 'Identity', { ...common, accountId: text('account', 'flux-apps'), project: 'acme-prod' })
      : new FluxGcpPrincipal(stack, 'Identity', common);
    identity.grant('Manifests', CloudStoragePermissions.read(text('bucket', 'acme-flux-manifests')));
    const manifests = new FluxManifests(stack, 'Manifests', { installation: fluxOf(stack, { issuer, version: FluxVersion.V2_10, identities: [identity] }) });
    new TerraformOutput(stack, 'manifests', { value: manifests.yaml, staticId: true });
  }, tokens ? {
    variables: {
      issuer: 'https://oidc.example.com/a',
      pool: 'prod-eks',
      provider_id: 'cluster-a',
      project: 'acme-prod',
      bucket: 'acme-flux-manifests',
      ...(impersonating ? { account: 'flux-apps' } : {}),
    },
  } : {});

  it.each([[false], [true]])('come to the same as plain ones (impersonating: %s)', (impersonating) => {
    const [plain, unknown] = [flux(impersonating, false), flux(impersonating, true)];
    expect(bindings(unknown)).toEqual(bindings(plain));
    expect(bindings(unknown)).toHaveLength(4);
    const provider = (evaluation: Evaluation) => only(evaluation, 'google_iam_workload_identity_pool_provider');
    expect(provider(unknown)).toEqual(provider(plain));
    expect(parseObjects(unknown.outputs.manifests)).toEqual(parseObjects(plain.outputs.manifests));
  });

  it.each([[false, false], [false, true], [true, false], [true, true]])('the ConfigMap parses as Google\'s configuration (impersonating: %s, tokens: %s)', (impersonating, tokens) => {
    const objects = parseObjects(flux(impersonating, tokens).outputs.manifests);
    const name = `${POOLS}/prod-eks/providers/cluster-a`;
    const email = 'flux-apps@acme-prod.iam.gserviceaccount.com';
    expect(JSON.parse(objectOf(objects, 'ConfigMap', 'source-controller-workload-identity-federation').data[CONFIG])).toEqual({
      universe_domain: 'googleapis.com',
      type: 'external_account',
      audience: `//iam.googleapis.com/${name}`,
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: 'https://sts.googleapis.com/v1/token',
      credential_source: { file: '/var/run/service-account/gcp-token', format: { type: 'text' } },
      ...(impersonating
        ? { service_account_impersonation_url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${email}:generateAccessToken` }
        : { token_info_url: 'https://sts.googleapis.com/v1/introspect' }),
    });
    expect(objectOf(objects, 'ServiceAccount', 'flux', 'team-a').metadata.annotations).toEqual({
      'gcp.auth.fluxcd.io/workload-identity-provider': name,
      ...(impersonating ? { 'iam.gke.io/gcp-service-account': email } : {}),
    });
  });

  it.each<[string, (stack: TerraformStack) => string]>([
    ['known', () => 'projects/acme-stage/locations/europe-west1-b/clusters/staging'],
    ['a data source', (stack) => new DataGoogleContainerCluster(stack, 'Staging', { name: 'staging', location: 'europe-west1-b', project: 'acme-stage' }).id],
    ['a variable', (stack) => new TerraformVariable(stack, 'cluster', { default: 'projects/acme-stage/locations/europe-west1-b/clusters/staging' }).stringValue],
  ])('a GKE cluster that is %s: its project, and a condition on it alone', (_name, cluster) => {
    const evaluation = stackOf((stack) => {
      const issuer = ClusterIssuer.gke(stack, 'Cluster', { projectId: 'acme-prod', location: 'europe-west1', clusterName: 'prod' });
      const pool = FluxGcpWorkloadPool.gke(stack, 'Pool', { projectId: 'acme-prod', issuer });
      new FluxGcpPrincipal(stack, 'Identity', { pool, serviceAccounts: [FluxServiceAccount.controller(FluxController.HELM)] })
        .grant('Staging', GkePermissions.access(cluster(stack), { clusterRole: GkeClusterRole.DEVELOPER }));
    });
    const member = 'serviceAccount:acme-prod.svc.id.goog[flux-system/helm-controller]';
    expect(bindings(evaluation)).toEqual(['clusterViewer', 'developer'].map((role) => `project acme-stage: roles/container.${role} ${member}`));
    for (const [address, { condition }] of Object.entries(evaluation.resources)) {
      if (!address.startsWith('google_project_iam_member.')) continue;
      const holds = (name: string) => cel([condition].flat()[0].expression, { resource: { name } });
      expect(['locations', 'zones'].map((place) => holds(`projects/acme-stage/${place}/europe-west1-b/clusters/staging`))).toEqual([true, true]);
      expect(['projects/acme-stage/zones/europe-west1-b/clusters/prod', 'projects/acme-prod/zones/europe-west1-b/clusters/staging'].map(holds)).toEqual([false, false]);
    }
  });

  it('a pool of GKE in a project that only Terraform knows', () => {
    const evaluation = stackOf((stack, variable) => {
      const issuer = ClusterIssuer.gke(stack, 'Cluster', { projectId: 'acme-prod', location: 'europe-west1', clusterName: 'prod' });
      const pool = FluxGcpWorkloadPool.gke(stack, 'Pool', { projectId: variable('project'), issuer });
      new FluxGcpPrincipal(stack, 'Identity', { pool, serviceAccounts: [SOURCE] }).grant('Manifests', CloudStoragePermissions.read(variable('bucket')));
    }, { variables: { project: 'acme-prod', bucket: 'b-1' } });
    expect(bindings(evaluation)).toEqual(['bucketViewer', 'objectViewer'].map((role) =>
      `storage_bucket b-1: roles/storage.${role} serviceAccount:acme-prod.svc.id.goog[flux-system/source-controller]`));
  });

  it('a key of a service account whose e-mail only Terraform knows, with awkward text in it', () => {
    const key = JSON.stringify({ type: 'service_account', private_key: '-----BEGIN PRIVATE KEY-----\nMIIE"\\${x}%{y}: # \u00e9\n-----END PRIVATE KEY-----\n' }, null, 2) + '\n';
    const evaluation = stackOf((stack, variable) => {
      const identity = FluxGcpServiceAccountKey.fromEmail(stack, 'Key', {
        email: variable('email'), serviceAccounts: [SOURCE], secrets: [FluxSecret.sops('team-a', 'keys'), FluxSecret.bucket('team-a', 'keys')],
      });
      const issuer = ClusterIssuer.oidc(stack, 'Cluster', { url: 'https://oidc.example.com' });
      const { yaml } = new FluxManifests(stack, 'Manifests', { installation: fluxOf(stack, { issuer, version: FluxVersion.V2_10, identities: [identity] }) });
      new TerraformOutput(stack, 'manifests', { value: yaml, sensitive: true, staticId: true });
    }, {
      variables: { email: 'flux-apps@acme-prod.iam.gserviceaccount.com' },
      computed: { google_service_account_key: () => ({ name: 'projects/p/serviceAccounts/s/keys/k', private_key: Buffer.from(key).toString('base64') }) },
    });
    expect(only(evaluation, 'google_service_account_key').service_account_id).toBe('projects/-/serviceAccounts/flux-apps@acme-prod.iam.gserviceaccount.com');
    const objects = parseObjects(evaluation.outputs.manifests);
    expect(objectOf(objects, 'Secret', 'source-controller-gcp-service-account').stringData).toEqual({ 'key.json': key });
    expect(objectOf(objects, 'Secret', 'keys', 'team-a').stringData).toEqual({ 'sops.gcp-kms': key, 'serviceaccount': key });
  });
});

describeWith([TERRAFORM], 'what was taken for known at synth, Terraform compares', () => {
  const example = (computed: EvaluateOptions['computed']) => () => evaluate(new EksToGcp(Testing.app(), 'flux-gcp-other'), { computed });
  const sops = (computed: EvaluateOptions['computed']) => () => evaluate(new GkeToGcp(Testing.app(), 'flux-gcp-gke'), { computed });

  it('a project number that is right, and one that is not', () => {
    expect(example({})).not.toThrow();
    const other = { google_iam_workload_identity_pool_provider: () => ({ name: 'projects/999/locations/global/workloadIdentityPools/prod-eks/providers/prod-eks' }) };
    expect(example(other)).toThrow(TerraformError);
    expect(example(other)).toThrow(/the project has another number than `projectNumber` says/);
  });

  it('an e-mail that is right, and one that is not', () => {
    expect(sops({})).not.toThrow();
    const email = 'flux-sops@acme-dev.iam.gserviceaccount.com';
    const other = { google_service_account: () => ({ email, name: `projects/acme-dev/serviceAccounts/${email}`, member: `serviceAccount:${email}` }) };
    expect(sops(other)).toThrow(TerraformError);
    expect(sops(other)).toThrow(/is not flux-sops@acme-prod\.iam\.gserviceaccount\.com/);
  });

  it('what nothing was assumed of has nothing to refuse', () => {
    const evaluation = stackOf((stack) => {
      const issuer = ClusterIssuer.eks(stack, 'Cluster', { clusterName: 'prod', issuerUrl: 'https://oidc.example.com' });
      const pool = new FluxGcpWorkloadPool(stack, 'Pool', { issuer, poolId: 'prod-eks' });
      const identity = new FluxGcpServiceAccount(stack, 'Identity', { pool, serviceAccounts: [SOURCE], accountId: 'flux-apps' });
      new TerraformOutput(stack, 'flux', { value: [identity.email, pool.providerName], staticId: true });
    }, {
      computed: {
        google_iam_workload_identity_pool_provider: () => ({ name: 'projects/999/somewhere' }),
        google_service_account: () => ({ email: 'flux-apps@else.iam.gserviceaccount.com', name: 'projects/else/x', member: 'serviceAccount:y' }),
      },
    });
    expect(evaluation.outputs.flux).toEqual(['flux-apps@else.iam.gserviceaccount.com', 'projects/999/somewhere']);
  });
});
