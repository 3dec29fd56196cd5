import { Collected } from './hands';
import { Report } from './report';

const GKE = 'nodes-gke';
const SOURCE = 'source-controller';
const REFLECTOR = 'image-reflector-controller';
const oci = (c: Collected) => c.objects.find(({ kind }) => kind === 'OCIRepository');
const config = (c: Collected) => c.resource('google_container_node_pool').node_config[0];

/** The nodes of a GKE cluster act, by their service account: https://fluxcd.io/flux/integrations/gcp/#at-the-node-level. */
export const NODE_GOOGLE_REPORTS: readonly Report[] = [
  {
    what: 'nodes of GKE: an OCIRepository forgot its provider',
    world: GKE,
    done: (c) => { delete oci(c).spec.provider; },
    verdict: 'refused',
    layer: 'flux object',
    names: /provider/,
  },
  {
    what: 'nodes of GKE: an ImageRepository says aws',
    world: GKE,
    done: (c) => { c.objects.find(({ kind }) => kind === 'ImageRepository').spec.provider = 'aws'; },
    verdict: 'refused',
    layer: 'flux object',
    names: /aws/,
  },
  {
    what: 'nodes of GKE: the object names an account that has no identity',
    world: GKE,
    done: (c) => {
      c.objects.push({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: oci(c).metadata.namespace, name: 'default' } });
      oci(c).spec.serviceAccountName = 'default';
    },
    verdict: 'cannot tell',
    layer: 'flux object',
    names: /default/,
  },
  {
    what: 'nodes of GKE: a pull secret beside the provider',
    world: GKE,
    done: (c) => { oci(c).spec.secretRef = { name: 'regcred' }; },
    verdict: 'refused',
    layer: 'flux object',
    names: /secretRef|regcred/,
  },
  {
    what: 'nodes of GKE: a key file in the environment comes first',
    world: GKE,
    done: (c) => c.env(SOURCE, 'GOOGLE_APPLICATION_CREDENTIALS', '/etc/gcp/key.json'),
    verdict: 'refused',
    layer: 'settings',
    names: /GOOGLE_APPLICATION_CREDENTIALS/,
  },
  {
    what: 'nodes of GKE: somebody switched Workload Identity on for the node pool: pods are themselves now',
    world: GKE,
    done: (c) => { config(c).workload_metadata_config[0].mode = 'GKE_METADATA'; },
    verdict: 'refused',
    layer: 'identity',
    names: /GKE_METADATA/,
  },
  {
    what: 'nodes of GKE: the cluster became an Autopilot, where Workload Identity is always on',
    world: GKE,
    done: (c) => {
      c.resource('google_container_cluster').enable_autopilot = true;
      c.lose('google_container_node_pool');
    },
    verdict: 'refused',
    layer: 'identity',
    names: /[Aa]utopilot/,
  },
  {
    what: 'nodes of GKE: the node pool was made anew with the default account of the project',
    world: GKE,
    done: (c) => { config(c).service_account = '123456789012-compute@developer.gserviceaccount.com'; },
    verdict: 'refused',
    layer: 'identity',
    names: /123456789012-compute/,
  },
  {
    what: 'nodes of GKE: the service account of the nodes is disabled',
    world: GKE,
    done: (c) => { c.resource('google_service_account').disabled = true; },
    verdict: 'refused',
    layer: 'identity',
    names: /disabled/,
  },
  {
    what: 'nodes of GKE: the scopes of the nodes hold logging and monitoring alone',
    world: GKE,
    done: (c) => { config(c).oauth_scopes = ['https://www.googleapis.com/auth/logging.write', 'https://www.googleapis.com/auth/monitoring']; },
    verdict: 'refused',
    layer: 'permission',
    names: /scope/,
  },
  {
    what: 'nodes of GKE: the member of the repository is gone',
    world: GKE,
    done: (c) => c.lose('google_artifact_registry_repository_iam_member'),
    verdict: 'refused',
    layer: 'permission',
    names: /artifactregistry/,
  },
  {
    what: 'nodes of GKE: the member is the account of the cluster, not of its nodes',
    world: GKE,
    done: (c) => { c.resource('google_artifact_registry_repository_iam_member').member = 'serviceAccount:service-123456789012@container-engine-robot.iam.gserviceaccount.com'; },
    verdict: 'refused',
    layer: 'permission',
    names: /artifactregistry/,
  },
  {
    what: 'nodes of GKE: the right is on the repository of another place',
    world: GKE,
    done: (c) => { c.resource('google_artifact_registry_repository_iam_member').location = 'us-central1'; },
    verdict: 'refused',
    layer: 'permission',
    names: /us-central1|artifactregistry|apps/,
  },
  {
    what: 'nodes of GKE: the right ended with the year before',
    world: GKE,
    done: (c) => {
      c.resource('google_artifact_registry_repository_iam_member').condition = [{
        title: 'until', description: '', expression: 'request.time < timestamp("2025-12-31T00:00:00Z")',
      }];
    },
    verdict: 'refused',
    layer: 'permission',
    names: /condition|request\.time/,
  },
  {
    what: 'nodes of GKE: an object asks for a repository that nobody granted',
    world: GKE,
    done: (c) => c.apply('OCIRepository', 'apps', 'secret', { provider: 'gcp', url: 'oci://europe-west1-docker.pkg.dev/acme-prod/secret/app' }),
    verdict: 'cannot tell',
    layer: 'permission',
    names: /secret/,
  },
  {
    what: 'nodes of GKE: all pods of image-reflector-controller are evicted',
    world: GKE,
    done: (c) => c.pods(REFLECTOR).forEach((pod) => { pod.status = { phase: 'Failed', reason: 'Evicted' }; }),
    verdict: 'refused',
    layer: 'controller',
    names: /image-reflector-controller/,
  },
];
