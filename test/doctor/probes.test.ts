import { parseAllDocuments } from 'yaml';
import { AccessGrant, AccessIdentity, AccessModel } from '../../lib/access/model';
import { probesOf, renderProbes } from '../../lib/doctor/probes';
import { IMAGES, model, PULL } from '../access/models';

const identity = (key: string, cloud: string, accounts: readonly string[]): AccessIdentity => ({
  ...IMAGES, key, cloud, subjects: accounts.map((account) => ({ account, level: account.startsWith('flux-system/') ? 'controller' : 'object' })),
});
const grant = (key: string, service: string, kinds: readonly string[], resource: string): AccessGrant => ({
  ...PULL, identity: key, service, kinds, resource, rights: [],
});
const REGISTRY = ['HelmRepository', 'ImageRepository', 'OCIRepository'];
const MODEL: AccessModel = model({
  identities: [
    identity('aws', 'aws', ['flux-system/source-controller', 'team-a/flux']),
    identity('azure', 'azure', ['flux-system/source-controller', 'flux-system/image-reflector-controller', 'team-a/flux']),
    identity('gcp', 'gcp', ['team-b/flux']),
  ],
  grants: [
    { ...PULL, identity: 'aws', kinds: REGISTRY },
    grant('aws', 'Amazon S3', ['Bucket'], 'arn:aws:s3:::manifests'),
    grant('aws', 'AWS CodeCommit', ['GitRepository', 'ImageUpdateAutomation'], 'arn:aws:codecommit:eu-west-1:111122223333:fleet'),
    grant('azure', 'Azure Container Registry', REGISTRY, '/subscriptions/0/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/acme'),
    grant('azure', 'Azure Blob Storage', ['Bucket'], '/subscriptions/0/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/acme/blobServices/default/containers/flux'),
    grant('azure', 'Azure DevOps', ['GitRepository'], 'acme/platform'),
    grant('gcp', 'Artifact Registry', REGISTRY, 'projects/p/locations/europe-west1/repositories/apps'),
    grant('gcp', 'Cloud Storage', ['Bucket'], 'manifests-gcp'),
  ],
});

const shown = (artifact: string, region?: string) => probesOf(MODEL, [artifact], region).map(({ account, object }) => `${object.kind} as ${account}`);

test.each<[string, string[]]>([
  ['oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/apps/web:1.0', ['OCIRepository as flux-system/source-controller', 'OCIRepository as team-a/flux', 'ImageRepository as team-a/flux']],
  ['oci://acme.azurecr.io/web', [
    'OCIRepository as flux-system/source-controller', 'ImageRepository as flux-system/image-reflector-controller', 'OCIRepository as team-a/flux', 'ImageRepository as team-a/flux',
  ]],
  ['oci://europe-west1-docker.pkg.dev/p/apps/web', ['OCIRepository as team-b/flux', 'ImageRepository as team-b/flux']],
  ['s3://manifests', ['Bucket as flux-system/source-controller', 'Bucket as team-a/flux']],
  ['gs://manifests-gcp', ['Bucket as team-b/flux']],
  ['https://acme.blob.core.windows.net/flux', ['Bucket as flux-system/source-controller', 'Bucket as team-a/flux']],
  ['https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/fleet#main', ['GitRepository as flux-system/source-controller', 'GitRepository as team-a/flux']],
  ['https://dev.azure.com/acme/platform/_git/fleet', ['GitRepository as flux-system/source-controller', 'GitRepository as team-a/flux']],
])('%s is used by those that are granted it, and by nobody else', (artifact, expected) => {
  expect(shown(artifact, 'eu-west-1').sort()).toEqual(expected.sort());
});

test('objects act as their account, keep nothing of what they fetch, are not suspended, and have names of their own', () => {
  const probes = probesOf(MODEL, ['s3://manifests', 'oci://acme.azurecr.io/web:1'], 'eu-west-1').map(({ object }) => object as any);
  expect(probes[1]).toEqual({
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'Bucket',
    metadata: { name: 'flux-probe-2', namespace: 'team-a', labels: { 'app.kubernetes.io/part-of': 'flux-probes' } },
    spec: { interval: '1h', provider: 'aws', serviceAccountName: 'flux', bucketName: 'manifests', endpoint: 's3.eu-west-1.amazonaws.com', region: 'eu-west-1', ignore: '/*' },
  });
  expect(probes[0].spec).not.toHaveProperty('serviceAccountName');
  expect(new Set(probes.map(({ metadata }) => metadata.name)).size).toBe(probes.length);
  expect(probes.filter(({ spec }) => 'suspend' in spec)).toEqual([]);
});

test('the YAML is the objects, with how to apply, watch and delete them', () => {
  const probes = probesOf(MODEL, ['oci://acme.azurecr.io/web:1', 'gs://manifests-gcp']);
  const text = renderProbes(probes);
  expect(parseAllDocuments(text).map((document) => document.toJS()).filter((object) => object !== null)).toEqual(probes.map(({ object }) => object));
  expect(text).toMatch(/^# apply: {2}kubectl apply -f probes\.yaml\n# watch: {2}kubectl get buckets,imagerepositories,ocirepositories -A -l \S+ -w /);
  expect(text).toContain('# delete: kubectl delete buckets,imagerepositories,ocirepositories -A -l app.kubernetes.io/part-of=flux-probes');
});

test.each([
  ['another repository', 'oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/secret/web', /no grant of prod is for it .*It is granted:\n {2}Amazon ECR arn:/s],
  ['another registry', 'oci://others.azurecr.io/web', /no grant of prod is for it/],
  ['another project', 'oci://europe-west1-docker.pkg.dev/other/apps/web', /no grant/],
  ['another bucket', 'gs://other', /no grant/],
  ['a bucket of S3 without a region', 's3://manifests', /needs --region REGION/],
  ['no address', 'manifests', /no address of an artifact\. Expected: oci:\/\//],
  ['a registry without a repository', 'oci://acme.azurecr.io', /no address of an artifact/],
])('trouble: %s', (_, artifact, message) => {
  expect(() => probesOf(MODEL, [artifact])).toThrow(message);
});
