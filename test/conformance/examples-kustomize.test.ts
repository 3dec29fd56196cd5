import { TerraformStack, Testing } from 'cdktf';
import { fluxAuth, FluxRequest, GKE_METADATA } from './flux-auth';
import { changesOf, installedObjects, KubernetesObject, kustomizeBuild, managerOf, objectOf, parseObjects } from './kustomize';
import { describeWith, FLUX_AUTH, FLUX_MANIFESTS, KUSTOMIZE, TERRAFORM } from './programs';
import { Evaluation, evaluateIn } from './terraform';
import { addExamples } from '../../examples/stacks';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxVersion } from '../../lib/core/flux-version';
import { RSA_CERTIFICATE } from '../azure/certificates';

const CONTROLLERS = Object.values(FluxController);

/** The variables of an example that names some. */
const VARIABLES: { [stack: string]: { [name: string]: string } } = {
  'flux-azure-certificate': { sops_certificate: RSA_CERTIFICATE, team_a_certificate: RSA_CERTIFICATE },
};

/** What an SDK reads its credential from. */
const CREDENTIAL_FILES = ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AZURE_FEDERATED_TOKEN_FILE', 'GOOGLE_APPLICATION_CREDENTIALS'];

/** The examples with a kustomization: the controllers that it changes, and the variables by which each finds a credential file. */
const EXPECTED: { [stack: string]: { [controller: string]: string[] } } = {
  'flux-aws-eks': { 'source-controller': [], 'kustomize-controller': [], 'image-reflector-controller': [], 'image-automation-controller': [] },
  'flux-aws-other': { 'source-controller': ['AWS_WEB_IDENTITY_TOKEN_FILE'] },
  'flux-aws-pod-identity': { 'source-controller': [], 'kustomize-controller': [], 'image-reflector-controller': [] },
  'flux-aws-remote-cluster': { 'kustomize-controller': [], 'helm-controller': [] },
  'flux-aws-cross-account': { 'source-controller': [], 'kustomize-controller': [] },
  'flux-azure-aks': { 'source-controller': [], 'kustomize-controller': [], 'notification-controller': [], 'image-reflector-controller': [] },
  'flux-azure-other': { 'source-controller': ['AZURE_FEDERATED_TOKEN_FILE'] },
  'flux-azure-devops': { 'source-controller': [], 'notification-controller': [], 'image-automation-controller': [] },
  'flux-azure-certificate': { 'kustomize-controller': [] },
  'flux-azure-remote-cluster': { 'kustomize-controller': [], 'helm-controller': [] },
  'flux-azure-private-cloud': { 'source-controller': ['AZURE_FEDERATED_TOKEN_FILE'], 'image-reflector-controller': ['AZURE_FEDERATED_TOKEN_FILE'] },
  'flux-gcp-gke': { 'kustomize-controller': [] },
  'flux-gcp-other': { 'source-controller': ['GOOGLE_APPLICATION_CREDENTIALS'] },
  'flux-gcp-kind': { 'source-controller': ['GOOGLE_APPLICATION_CREDENTIALS'] },
  'flux-gcp-remote-cluster': { 'kustomize-controller': [], 'helm-controller': [] },
  'flux-gcp-keys': { 'kustomize-controller': ['GOOGLE_APPLICATION_CREDENTIALS'] },
  'flux-cross-cloud': { 'source-controller': ['AWS_WEB_IDENTITY_TOKEN_FILE', 'GOOGLE_APPLICATION_CREDENTIALS'] },
  'flux-landing-zone-delivery': { 'source-controller': [] },
  'flux-hosted-issuer': { 'source-controller': ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AZURE_FEDERATED_TOKEN_FILE', 'GOOGLE_APPLICATION_CREDENTIALS'] },
  // The lockdown is for all of them.
  'flux-multi-tenant': Object.fromEntries(CONTROLLERS.map((controller) => [controller, []])),
  'flux-multi-tenant-2-10': Object.fromEntries(CONTROLLERS.map((controller) => [controller, []])),
};

/** What else a kustomization changes: the lockdown, and the right to tokens that Flux 2.9 has cluster-wide. */
const OTHERS: { [stack: string]: string[] } = {
  'flux-multi-tenant': ['ClusterRole crd-controller-flux-system', 'Kustomization flux-system'],
  'flux-multi-tenant-2-10': ['Kustomization flux-system'],
};

const app = Testing.app();
addExamples(app);
const EXAMPLES = (app.node.children as TerraformStack[])
  .filter((stack) => JSON.parse(Testing.synth(stack)).output?.kustomization !== undefined)
  .map((stack) => stack.node.id);

it('every example with a kustomization is known here', () => {
  expect([...EXAMPLES].sort()).toEqual(Object.keys(EXPECTED).sort());
});

const evaluated = (id: string): Evaluation => evaluateIn(app, id, { variables: VARIABLES[id] });

describeWith([TERRAFORM, KUSTOMIZE, FLUX_MANIFESTS], 'the kustomization of an example builds on what Flux installs', () => {
  describe.each(EXAMPLES)('%s', (id) => {
    const version = id === 'flux-multi-tenant' ? FluxVersion.V2_9 : FluxVersion.V2_10;
    let before: KubernetesObject[];
    let evaluation: Evaluation;
    let after: KubernetesObject[];
    beforeAll(() => {
      before = installedObjects(version);
      evaluation = evaluated(id);
      after = kustomizeBuild(evaluation.outputs.kustomization, version);
    });

    it('holds nothing of Terraform\'s', () => {
      expect(evaluation.outputs.kustomization).not.toMatch(/[$%]\{|TfToken/);
    });

    it.each(CONTROLLERS)('takes nothing from %s, and gives it nothing twice', (controller) => {
      const [original, built] = [before, after].map((objects) => listsOf(objects, controller));
      for (const list of ['args', 'env', 'volumeMounts', 'volumes'] as const) {
        expect(original[list].length).toBeGreaterThan(0);
        expect(built[list]).toEqual(expect.arrayContaining(original[list]));
      }
      expectUnique(built.env.map(({ name }) => name));
      expectUnique(built.volumeMounts.map(({ mountPath }) => mountPath));
      expectUnique(built.volumes.map(({ name }) => name));
      // The API server refuses a mount of a volume that is not there.
      expect(built.volumes.map(({ name }) => name)).toEqual(expect.arrayContaining(built.volumeMounts.map(({ name }) => name)));
    });

    it('changes the controllers that it is for, and no other', () => {
      const changed = new Set(Object.keys(changesOf(before, after)).map((path) => path.split(' ').slice(0, 2).join(' ')));
      const objectsOf = (controller: string) => [`ServiceAccount ${controller}`, `Deployment ${controller}`];
      const controllers = CONTROLLERS.filter((controller) => objectsOf(controller).some((object) => changed.has(object)));
      expect(controllers.sort()).toEqual(Object.keys(EXPECTED[id]).sort());
      expect([...changed].filter((object) => !CONTROLLERS.flatMap(objectsOf).includes(object)).sort()).toEqual(OTHERS[id] ?? []);
    });

    it('mounts the credential files that it names', () => {
      const objects = evaluation.outputs.manifests === undefined ? [] : parseObjects(evaluation.outputs.manifests);
      for (const controller of CONTROLLERS) {
        const { env } = listsOf(after, controller);
        const files = env.filter(({ name }) => CREDENTIAL_FILES.includes(name));
        expect(files.map(({ name }) => name).sort()).toEqual(EXPECTED[id][controller] ?? []);
        for (const { name, value } of files) {
          const content = contentAt(after, objects, controller, value);
          if (name !== 'GOOGLE_APPLICATION_CREDENTIALS') expect(content).toBe('token');
          // Google's file is a key, or says where the token is.
          else if (JSON.parse(content).type !== 'service_account') expect(contentAt(after, objects, controller, JSON.parse(content).credential_source.file)).toBe('token');
        }
      }
    });
  });
});

/** Something to fetch from each cloud, and the annotation that says who does. */
const USES = [
  ['aws', '111122223333.dkr.ecr.eu-west-1.amazonaws.com/apps', 'eks.amazonaws.com/role-arn'],
  ['azure', 'acme.azurecr.io/apps', 'azure.workload.identity/client-id'],
  ['gcp', 'europe-west1-docker.pkg.dev/acme-prod/apps', 'gcp.auth.fluxcd.io/workload-identity-provider'],
] as const;

/** How many accounts, counted for each cloud, and remote clusters with an account an example renders. */
const ACCOUNTS: { readonly [stack: string]: number } = {
  'flux-landing-zone-delivery': 1,
  'flux-aws-eks': 1,
  'flux-aws-remote-cluster': 2,
  'flux-azure-aks': 1,
  'flux-azure-other': 1,
  'flux-azure-remote-cluster': 2,
  'flux-gcp-other': 1,
  'flux-gcp-remote-cluster': 1,
  'flux-cross-cloud': 3,
  'flux-hosted-issuer': 3,
  'flux-multi-tenant': 6,
  'flux-multi-tenant-2-10': 6,
};

describeWith([TERRAFORM, FLUX_AUTH], 'Flux takes the accounts and the remote clusters of an example', () => {
  it.each(EXAMPLES)('%s', (id) => {
    const objects = parseObjects(evaluated(id).outputs.manifests ?? '');
    const requests = objects.flatMap<FluxRequest>(({ kind, metadata: { name, namespace, annotations = {} }, data }) => {
      if (kind === 'ConfigMap' && data.serviceAccountName !== undefined) return [{ namespace, kubeConfig: name }];
      return USES.filter(([, , annotation]) => kind === 'ServiceAccount' && annotation in annotations)
        .map(([provider, registry]) => ({ namespace, serviceAccount: name, provider, registry }));
    });
    expect(requests).toHaveLength(ACCOUNTS[id] ?? 0);
    for (const request of requests) {
      const { error, calls: [call] } = fluxAuth({ objects, gke: GKE_METADATA, ...request });
      expect([request, error, call?.to]).toEqual([request, undefined, 'kubernetes']);
    }
  });
});

/** What a controller has of each list that we add to. */
function listsOf(objects: readonly KubernetesObject[], controller: string): { [list in 'args' | 'env' | 'volumeMounts' | 'volumes']: any[] } {
  const { args, env, volumeMounts } = managerOf(objects, controller);
  return { args, env, volumeMounts, volumes: objectOf(objects, 'Deployment', controller).spec.template.spec.volumes };
}

function expectUnique(names: string[]): void {
  expect(names.filter((name, index) => names.indexOf(name) < index)).toEqual([]);
}

/** What a controller finds in a file: `token`, or what `manifests` has for it. An error if nothing mounts it. */
function contentAt(built: readonly KubernetesObject[], manifests: readonly KubernetesObject[], controller: string, file: string): string {
  const { volumes, volumeMounts } = listsOf(built, controller);
  const found = volumeMounts.filter(({ mountPath }) => file.startsWith(`${mountPath}/`)).flatMap(({ name, mountPath }) => {
    const { projected, configMap, secret } = volumes.find((volume) => volume.name === name);
    const key = file.slice(mountPath.length + 1);
    if (projected) return projected.sources.filter(({ serviceAccountToken }: any) => serviceAccountToken?.path === key).map(() => 'token');
    if (configMap) return [objectOf(manifests, 'ConfigMap', configMap.name, 'flux-system').data[key]];
    return secret ? [objectOf(manifests, 'Secret', secret.secretName, 'flux-system').stringData[key]] : [];
  });
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${controller}: ${found.length} volumes mount ${file}`);
  return found[0];
}
