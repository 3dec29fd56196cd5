import { Report } from './report';

const GKE = 'flux-gcp-gke';
const EKS_GCP = 'flux-gcp-other';
const KIND = 'flux-gcp-kind';
const SOURCE = 'source-controller';
const KUSTOMIZE = 'kustomize-controller';
const POOL = 'google_iam_workload_identity_pool';
const PROVIDER = 'google_iam_workload_identity_pool_provider';

/** Google Cloud: from GKE, and from clusters elsewhere. */
export const GOOGLE_REPORTS: readonly Report[] = [
  {
    what: 'the annotation names the service account of the old project',
    world: GKE,
    done: (c) => { c.annotations('flux-system', KUSTOMIZE)['iam.gke.io/gcp-service-account'] = 'flux-sops@acme-old.iam.gserviceaccount.com'; },
    verdict: 'refused',
    layer: 'settings',
    names: /acme-old/,
  },
  {
    what: 'workloadIdentityUser was given to an account of another namespace',
    world: GKE,
    done: (c) => {
      const values = c.resource('google_service_account_iam_member', 'workloadIdentityUser');
      values.member = values.member.replace('flux-system/', 'flux/').replace('ns/flux-system', 'ns/flux');
    },
    verdict: 'refused',
    layer: 'trust',
    names: /workloadIdentityUser|member/,
  },
  {
    what: 'somebody gave tokenCreator in place of workloadIdentityUser of another account',
    world: GKE,
    done: (c) => { c.resource('google_service_account_iam_member', 'workloadIdentityUser').role = 'roles/iam.serviceAccountUser'; },
    verdict: 'refused',
    layer: 'trust',
    names: /workloadIdentityUser|serviceAccountUser/,
  },
  {
    what: 'the service account is disabled',
    world: GKE,
    done: (c) => { c.resource('google_service_account', 'flux-sops').disabled = true; },
    verdict: 'refused',
    layer: 'identity',
    names: /disabled/,
  },
  {
    what: 'the service account was made anew: the key knows the dead one',
    world: GKE,
    done: (c) => {
      const values = c.resource('google_kms_crypto_key_iam_member');
      values.member = `deleted:${values.member}?uid=123456789012345678901`;
    },
    verdict: 'refused',
    layer: 'permission',
    names: /was deleted/,
  },
  {
    what: 'the right was given until the end of the year before',
    world: GKE,
    done: (c) => {
      c.resource('google_kms_crypto_key_iam_member').condition = [{
        title: 'until', description: '', expression: 'request.time < timestamp("2025-12-31T00:00:00Z")',
      }];
    },
    verdict: 'refused',
    layer: 'permission',
    names: /condition|request\.time/,
  },
  {
    what: 'the right is on a repository of the same name in another place',
    world: GKE,
    done: (c) => { c.resource('google_artifact_registry_repository_iam_member', SOURCE, 'apps').location = 'us-central1'; },
    verdict: 'refused',
    layer: 'permission',
    names: /us-central1|artifactregistry|apps/,
  },
  {
    what: 'the bucket lost the role that shows that it exists',
    world: GKE,
    done: (c) => c.lose('google_storage_bucket_iam_member', 'bucketViewer', SOURCE),
    verdict: 'refused',
    layer: 'permission',
    names: /bucketViewer|storage\.buckets\.get|acme-flux-manifests/,
  },
  {
    what: 'source-controller runs on the network of its node, whose metadata server gives the node',
    world: GKE,
    done: (c) => c.specs(SOURCE).forEach((spec) => { spec.hostNetwork = true; }),
    verdict: 'refused',
    layer: 'settings',
    names: /hostNetwork/,
  },
  {
    what: 'a mounted key from before: GOOGLE_APPLICATION_CREDENTIALS wins',
    world: GKE,
    done: (c) => c.env(KUSTOMIZE, 'GOOGLE_APPLICATION_CREDENTIALS', '/etc/gcp/key.json'),
    verdict: 'refused',
    layer: 'settings',
    names: /GOOGLE_APPLICATION_CREDENTIALS/,
  },
  {
    what: 'a Bucket of Cloud Storage says aws',
    world: GKE,
    done: (c) => c.apply('Bucket', 'flux-system', 'wrong', { bucketName: 'acme-flux-manifests', endpoint: 'storage.googleapis.com', provider: 'aws' }),
    verdict: 'refused',
    layer: 'flux object',
    names: /provider/,
  },
  {
    what: 'an OCIRepository of Artifact Registry without a provider',
    world: GKE,
    done: (c) => c.apply('OCIRepository', 'flux-system', 'plain', { url: 'oci://europe-west1-docker.pkg.dev/acme-prod/apps/web' }),
    verdict: 'refused',
    layer: 'flux object',
    names: /provider/,
  },
  {
    what: 'the condition of the provider was narrowed to another team',
    world: EKS_GCP,
    done: (c) => { c.resource(PROVIDER).attribute_condition = 'assertion.sub == "system:serviceaccount:team-b:flux"'; },
    verdict: 'refused',
    layer: 'trust',
    names: /team-b/,
  },
  {
    what: 'the mapping takes the namespace for the subject',
    world: EKS_GCP,
    done: (c) => { c.resource(PROVIDER).attribute_mapping = { 'google.subject': 'assertion["kubernetes.io"]["namespace"]' }; },
    verdict: 'refused',
    layer: 'trust',
    names: /google\.subject|mapping/,
  },
  {
    what: 'allowed audiences: only the one that the credential file of controllers has not',
    world: EKS_GCP,
    done: (c) => { c.resource(PROVIDER).oidc[0].allowed_audiences = ['sts.amazonaws.com']; },
    verdict: 'refused',
    layer: 'trust',
    names: /sts\.amazonaws\.com/,
  },
  {
    what: 'the provider is disabled',
    world: EKS_GCP,
    done: (c) => { c.resource(PROVIDER).disabled = true; },
    verdict: 'refused',
    layer: 'trust anchor',
    names: /disabled/,
  },
  {
    what: 'the pool is in the bin for thirty days',
    world: EKS_GCP,
    done: (c) => { c.resource(POOL).state = 'DELETED'; },
    verdict: 'refused',
    layer: 'trust anchor',
    names: /deleted/,
  },
  {
    what: 'the issuer got a slash at its end',
    world: EKS_GCP,
    done: (c) => { c.resource(PROVIDER).oidc[0].issuer_uri += '/'; },
    verdict: 'refused',
    layer: 'trust anchor',
    names: /oidc\.eks/,
  },
  {
    what: 'the members were written with the id of the project in place of its number',
    world: EKS_GCP,
    done: (c) => {
      const values = c.resource('google_artifact_registry_repository_iam_member', 'team-a:flux');
      values.member = values.member.replace('projects/123456789012', 'projects/acme-prod');
    },
    verdict: 'refused',
    layer: 'permission',
    names: /acme-prod|member/,
  },
  {
    what: 'the credential file names the pool of the other cluster',
    world: EKS_GCP,
    done: (c) => {
      const map = c.objects.find(({ kind, data }) => kind === 'ConfigMap' && data?.['credential-configuration.json']);
      map.data['credential-configuration.json'] = map.data['credential-configuration.json'].replace(/workloadIdentityPools\/prod-eks/g, 'workloadIdentityPools/prod-blue');
    },
    verdict: 'refused',
    layer: 'settings',
    names: /prod-blue/,
  },
  {
    what: 'the ConfigMap with the credential file was pruned',
    world: EKS_GCP,
    done: (c) => c.remove(c.objects.find(({ kind, data }) => kind === 'ConfigMap' && data?.['credential-configuration.json'])),
    verdict: 'refused',
    layer: 'settings',
    names: /ConfigMap/,
  },
  {
    what: 'GOOGLE_APPLICATION_CREDENTIALS was lost in a merge of patches',
    world: EKS_GCP,
    done: (c) => c.containers(SOURCE).forEach((container) => {
      container.env = container.env.filter(({ name }: { name: string }) => name !== 'GOOGLE_APPLICATION_CREDENTIALS');
    }),
    verdict: 'refused',
    layer: 'settings',
    names: /GOOGLE_APPLICATION_CREDENTIALS/,
  },
  {
    what: 'the projected token has the audience of AWS',
    world: EKS_GCP,
    done: (c) => c.specs(SOURCE).forEach((spec) => spec.volumes.forEach((volume: { projected?: { sources: Record<string, any>[] } }) => {
      volume.projected?.sources.forEach((source) => {
        if (source.serviceAccountToken?.audience) {
          source.serviceAccountToken.audience = 'sts.amazonaws.com';
        }
      });
    })),
    verdict: 'refused',
    layer: 'settings',
    names: /sts\.amazonaws\.com/,
  },
  {
    what: 'the annotation of the tenant has the id of the project',
    world: EKS_GCP,
    done: (c) => {
      const annotations = c.annotations('team-a', 'flux');
      const key = 'gcp.auth.fluxcd.io/workload-identity-provider';
      annotations[key] = annotations[key].replace('projects/123456789012', 'projects/acme-prod');
    },
    verdict: 'refused',
    layer: 'settings',
    names: /workload-identity-provider/,
  },
  {
    what: 'the kind cluster was made anew with new keys',
    world: KIND,
    done: (c) => {
      c.jwks = { keys: [{ use: 'sig', kty: 'RSA', kid: 'new-key-of-today', alg: 'RS256', n: 'xjWd5p7DJ0H4B5Nq', e: 'AQAB' }] };
    },
    verdict: 'refused',
    layer: 'keys',
    names: /new-key-of-t/,
  },
  {
    what: 'the API server was restarted with --service-account-issuer of its public name',
    world: KIND,
    done: (c) => { c.discovery = { issuer: 'https://kind.example.com', jwks_uri: 'https://kind.example.com/openid/v1/jwks' }; },
    verdict: 'refused',
    layer: 'issuer',
    names: /kind\.example\.com/,
  },
];
