import { readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { crdDirectories, problems } from './kubectl-validate';
import { describeWith, FLUX_MANIFESTS, KUBECTL_VALIDATE } from './programs';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { FluxInstallationProps } from '../../lib/flux/flux-installation';
import { FluxInstanceConfig, FluxInstanceConfigProps } from '../../lib/flux/flux-instance-config';
import { FluxLockdown } from '../../lib/flux/flux-lockdown';
import { FluxTesting } from '../../lib/flux/flux-testing';
import { cluster, FakeIdentity } from '../flux/fakes';
import { fluxOf } from '../support';

const version = FluxVersion.V2_9;
const ACCOUNTS = [FluxServiceAccount.controller(FluxController.SOURCE), FluxServiceAccount.of('team-a', 'flux'), FluxServiceAccount.operator()];

/** Every part of `spec` that is the user's. */
const WHOLE: any = {
  cluster: { size: 'small' },
  commonMetadata: { labels: { a: 'b' } },
  distribution: { version: '2.9.x', registry: 'ghcr.io/fluxcd' },
  sharding: { shards: ['a'] },
  storage: { class: 'standard', size: '10Gi' },
  sync: { kind: 'OCIRepository', url: 'oci://example.com/fleet', ref: 'latest', path: './' },
};

function manifest({ spec, patches, ...props }: Partial<FluxInstanceConfigProps> & Partial<FluxInstallationProps> = {}): any {
  const { stack, issuer } = cluster();
  const identities = [new FakeIdentity(stack, 'Id', { serviceAccounts: ACCOUNTS, settings: { annotations: { role: 'arn' }, stamp: 'arn' } })];
  const installation = fluxOf(stack, { issuer, version, identities, ...props });
  return FluxTesting.value(stack, new FluxInstanceConfig(stack, 'Flux', { installation, ...(spec && { spec }), ...(patches && { patches }) }).manifest);
}

/** The object; undefined where the library refuses it. */
function attempt(spec: object): object | undefined {
  try {
    return manifest({ spec });
  } catch (error: any) {
    if (error.name !== 'ValidationError') throw error;
    return undefined;
  }
}

/** What the library renders itself. */
const OURS = /^(components|kustomize|cluster\.(multitenant|objectLevel|tenantDefault))/;

const MISFITS = [1, true, 'x', '', 'oci://example.com/a', '10m', 'x'.repeat(64), [], ['a'], [1], { a: 'b' }, { a: 1 }];

/** Every field of the CRD with values that fit and some that do not, and a field beside it that is not there. */
function candidates(schema: any, path: string[] = []): Array<[string[], unknown]> {
  return Object.entries<any>(schema.properties ?? {}).flatMap(([name, field]) => {
    const at = [...path, name];
    if (OURS.test(at.join('.'))) return [];
    const values = field.properties === undefined ? [...MISFITS, ...field.enum ?? []] : MISFITS.filter((value) => typeof value !== 'object');
    return [...values.map((value) => [at, value] as [string[], unknown]), [[...path, `${name}s`], 'x'] as [string[], unknown], ...candidates(field, at)];
  });
}

function withField(object: any, [name, ...path]: string[], value: unknown): any {
  return { ...object, [name]: path.length === 0 ? value : withField(object[name] ?? {}, path, value) };
}

describeWith([KUBECTL_VALIDATE, FLUX_MANIFESTS], 'the CRD of the FluxInstance', () => {
  const lockdowns = [FluxLockdown.kubernetes(), FluxLockdown.workloadIdentity({ defaultServiceAccount: 'a', defaultKubeConfigServiceAccount: 'b' })];

  it.each(Object.values(FluxVersion))('takes what the library renders for Flux %s', (of) => {
    const old = of === FluxVersion.V2_6;
    const patches = [{ target: { kind: 'Deployment', labelSelector: 'a=b' }, patch: '- {op: remove, path: /spec/replicas}' }];
    const objects = [
      {}, { identities: [] }, { identities: [], namespace: 'gitops' }, { controllers: [FluxController.SOURCE] }, { patches },
      ...lockdowns.slice(0, old ? 1 : 2).map((lockdown) => ({ lockdown })),
      { spec: { ...WHOLE, distribution: { registry: 'ghcr.io/fluxcd', version: `${of}.x` } } },
    ].map((props) => manifest({ version: of, ...props }));
    expect(problems(of, objects)).toEqual(objects.map(() => null));
  });

  it('has rules, each of which can refuse, and the library refuses the same', () => {
    const object = manifest({ spec: WHOLE });
    const rules: Array<[object, string, string]> = [
      [{ cluster: { multitenantWorkloadIdentity: true } }, '.objectLevelWorkloadIdentity must be set to true', 'multitenantWorkloadIdentity'],
      [{ sharding: { shards: ['a'], storage: 'persistent' }, storage: undefined }, '.spec.storage must be set when', 'without "spec.storage"'],
      [{ sync: { ...WHOLE.sync, kind: 'GitRepository', provider: 'gcp' } }, 'sync.provider \'gcp\' is only supported for', 'provider "gcp"'],
      [{ sync: { ...WHOLE.sync, provider: 'github' } }, 'sync.provider \'github\' is only supported for', 'provider "github"'],
    ];
    const broken = rules.map(([spec]) => ({ ...object, spec: { ...object.spec, ...spec } }));
    expect(problems(version, broken)).toEqual(rules.map(([, rule]) => expect.stringContaining(rule)));
    for (const [spec, , error] of rules) expect(() => manifest({ spec: { ...WHOLE, ...spec } })).toThrow(error);
    // The name is the library's.
    const [problem] = problems(version, [{ ...object, metadata: { ...object.metadata, name: 'flux2' } }]);
    expect(problem).toContain('the only accepted name for a FluxInstance is \'flux\'');
  });

  it('refuses exactly the fields and values that the library refuses', () => {
    const crd = parse(readFileSync(join(crdDirectories(version)[1], 'fluxcd.controlplane.io_fluxinstances.yaml'), 'utf8'));
    const { spec: schema } = crd.spec.versions[0].schema.openAPIV3Schema.properties;
    // The range is read further: it must stay in the version.
    const all = candidates(schema).filter(([path]) => path.join('.') !== 'distribution.version');
    expect(all.length).toBeGreaterThan(400);
    const ours = all.map(([path, value]) => attempt(withField(WHOLE, path, value)));
    const raw = manifest({ spec: WHOLE });
    const found = problems(version, all.map(([path, value], index) => ours[index] ?? { ...raw, spec: withField(raw.spec, path, value) }));
    const differ = all.filter((_, index) => (ours[index] === undefined) === (found[index] === null));
    expect(differ.map(([path, value]) => `${path.join('.')} ${JSON.stringify(value)}`)).toEqual([]);
    const refused = ours.filter((object) => object === undefined).length;
    expect(refused).toBeGreaterThan(200);
    expect(all.length - refused).toBeGreaterThan(60);
  });
});
