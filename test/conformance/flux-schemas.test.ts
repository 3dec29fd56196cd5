import { spawnSync } from 'child_process';
import { pathToFileURL } from 'url';
import { Testing } from 'cdktf';
import { parseObjects } from './kustomize';
import { describeWith, Program, TERRAFORM } from './programs';
import { evaluate } from './terraform';
import { MultiTenant } from '../../examples/multi-tenant/stack';
import { FluxCloud } from '../../lib/core/flux-identity';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxFields } from '../../lib/flux/flux-fields';
import { FluxKind } from '../../lib/flux/flux-kind';
import { cluster, FakeIdentity } from '../flux/fakes';

/** The schemas of Kubernetes and of Flux (up to 2.8), as classes that check themselves. They let unknown fields pass. */
const SCHEMAS = [schemas('kubernetes-models'), schemas('@kubernetes-models/flux-cd')];

function schemas(name: string): Program {
  try {
    return { name, wanted: name, path: require.resolve(`${name}/package.json`) };
  } catch {
    return { name, wanted: `the npm package ${name}` };
  }
}

/** What is wrong with each object; null where nothing is. In a process of its own: the schemas of Flux are ES modules. */
function problems(objects: any[]): Array<string | null> {
  const program = `
    const { path, input } = JSON.parse((await import('node:fs')).readFileSync(0, 'utf8'));
    const problems = [];
    for (const object of input) {
      const [version, group = ''] = object.apiVersion.split('/').reverse();
      const root = path[group.endsWith('toolkit.fluxcd.io') ? 1 : 0];
      try {
        const module = await import(root + (group === '' ? '' : group + '/') + version + '/index.js');
        const Model = (module[object.kind] ? module : module.default)[object.kind];
        new Model(object).validate();
        problems.push(null);
      } catch (error) {
        problems.push(String(error.message));
      }
    }
    console.log(JSON.stringify(problems));`;
  const path = SCHEMAS.map(({ path: file }) => String(pathToFileURL(file!)).replace(/package\.json$/, ''));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    input: JSON.stringify({ path, input: objects }), encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

describeWith([TERRAFORM, ...SCHEMAS], 'schemas', () => {
  it('take every manifest of the tenants', () => {
    const { manifests } = evaluate(new MultiTenant(Testing.app(), 'flux-multi-tenant', FluxVersion.V2_9)).outputs;
    const objects = parseObjects(manifests);
    expect(objects.length).toBeGreaterThan(20);
    expect(problems(objects)).toEqual(objects.map(() => null));
    const wrong = objects.map((object) => ({ ...object, metadata: { ...object.metadata, name: 1 } }));
    expect(problems(wrong)).toEqual(objects.map(() => expect.stringContaining('name must be string')));
  });

  /** What each kind needs besides. */
  const REST: { readonly [kind: string]: object } = {
    Bucket: { interval: '1m', bucketName: 'b', endpoint: 's3.amazonaws.com' },
    GitRepository: { interval: '1m', url: 'https://dev.azure.com/a/b/_git/c' },
    ImageRepository: { interval: '1m', image: 'example.com/a' },
    Kustomization: { interval: '1m', prune: true, sourceRef: { kind: 'GitRepository', name: 'a' } },
    OCIRepository: { interval: '1m', url: 'oci://example.com/a' },
    Provider: { address: 'a', channel: 'b' },
  };

  it.each<[FluxKind, FluxCloud]>([
    [FluxKind.BUCKET, FluxCloud.GCP],
    [FluxKind.GIT_REPOSITORY, FluxCloud.AZURE],
    [FluxKind.IMAGE_REPOSITORY, FluxCloud.AWS],
    [FluxKind.KUSTOMIZATION, FluxCloud.AWS],
    [FluxKind.OCI_REPOSITORY, FluxCloud.AWS],
    [FluxKind.AZURE_DEVOPS_PROVIDER, FluxCloud.AZURE],
    [FluxKind.AZURE_EVENT_HUB_PROVIDER, FluxCloud.AZURE],
    [FluxKind.GOOGLE_PUBSUB_PROVIDER, FluxCloud.GCP],
  ])('take the fields of %s on %s, and refuse them when they are wrong', (kind, cloud) => {
    const identity = new FakeIdentity(cluster().stack, 'Id', { cloud, serviceAccounts: [FluxServiceAccount.of('team-a', 'flux')] });
    const { object } = FluxFields.of(kind, { identity, version: FluxVersion.V2_8 });
    const whole = { ...object, metadata: { name: 'a', namespace: 'team-a' }, spec: { ...REST[object.kind], ...object.spec } };
    const wrong = JSON.parse(JSON.stringify(whole).replace(/"(provider|type)":"[^"]*"/, '"$1":"nimbus"'));
    expect(wrong).not.toEqual(whole);
    expect(problems([whole, wrong])).toEqual([null, expect.stringContaining('must be equal to one of the allowed values')]);
  });
});
