import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { FLUX_MANIFESTS, KUSTOMIZE, run } from './programs';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxVersion } from '../../lib/core/flux-version';

const FIXTURES = join(__dirname, 'fixtures');

/** The versions of Flux that the library supports. */
export const VERSIONS = Object.values(FluxVersion);

/** The controllers that a version of Flux has. */
export function controllersOf(version: FluxVersion): FluxController[] {
  return Object.values(FluxController).filter((controller) => version !== FluxVersion.V2_6 || controller !== FluxController.SOURCE_WATCHER);
}

/** Builds a directory of files with kustomize; an object is written as JSON, which is YAML. */
export function kustomize(files: { readonly [path: string]: string | object }): string {
  const directory = mkdtempSync(join(tmpdir(), 'conformance-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), typeof content === 'string' ? content : JSON.stringify(content));
    }
    const { status, stdout, stderr } = run(KUSTOMIZE, ['build', '.'], directory);
    if (status !== 0) throw new Error(`kustomize: ${stderr}`);
    return stdout;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const COMPONENTS = new Map<FluxVersion, string>();

/** The files that `flux bootstrap` writes beside `kustomization.yaml`: all controllers of a version, and what syncs the cluster. */
export function bootstrapped(version: FluxVersion): { 'gotk-components.yaml': string; 'gotk-sync.yaml': string } {
  if (!COMPONENTS.has(version)) COMPONENTS.set(version, version === FluxVersion.V2_10 ? fixture('flux-2.10.yaml') : components(version));
  return { 'gotk-components.yaml': COMPONENTS.get(version)!, 'gotk-sync.yaml': fixture('gotk-sync.yaml') };
}

/** A file of `fixtures/`. */
export function fixture(path: string): string {
  return readFileSync(join(FIXTURES, path), 'utf8');
}

/**
 * `gotk-components.yaml` with every controller and otherwise by default, made of the manifests that Flux publishes as its own
 * generator does it. CRDs are left out: there are ten times as many lines of them, and nothing patches them.
 */
function components(version: FluxVersion): string {
  const { release, read } = manifestsOf(version);
  const controllers = controllersOf(version);
  const podSecurity = { 'pod-security.kubernetes.io/warn': 'restricted', 'pod-security.kubernetes.io/warn-version': 'latest' };
  return kustomize({
    ...Object.fromEntries(controllers.map((controller) => [`${controller}.yaml`, withoutCrds(read(controller))])),
    'policies.yaml': read('policies'),
    'namespace.yaml': { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'flux-system', labels: podSecurity } },
    'roles/rbac.yaml': read('rbac'),
    'roles/kustomization.yaml': { resources: ['rbac.yaml'], nameSuffix: '-flux-system' },
    'kustomization.yaml': {
      namespace: 'flux-system',
      resources: ['namespace.yaml', 'policies.yaml', 'roles', ...controllers.map((controller) => `${controller}.yaml`)],
      labels: [{
        pairs: { 'app.kubernetes.io/instance': 'flux-system', 'app.kubernetes.io/version': release, 'app.kubernetes.io/part-of': 'flux' },
        includeTemplates: version !== FluxVersion.V2_6,
      }],
      images: controllers.map((controller) => ({ name: `fluxcd/${controller}`, newName: `ghcr.io/fluxcd/${controller}` })),
      patches: controllers.map((name) => ({ target: { kind: 'Deployment', name }, patch: JSON.stringify(defaults(name, version)) })),
    },
  });
}

/** What Flux's generator patches in a controller's Deployment. */
function defaults(controller: FluxController, version: FluxVersion): object[] {
  const events = version === FluxVersion.V2_6 ? 'notification-controller.flux-system' : 'notification-controller.$(RUNTIME_NAMESPACE)';
  const replaced = [
    ...(controller === FluxController.NOTIFICATION ? [] : [`--events-addr=http://${events}.svc.cluster.local./`]),
    '--watch-all-namespaces=true',
  ];
  // What source-watcher makes, these two apply.
  const artifacts = [FluxController.KUSTOMIZE, FluxController.HELM].includes(controller) && version !== FluxVersion.V2_6;
  const args = '/spec/template/spec/containers/0/args';
  return [
    { op: 'add', path: '/spec/template/spec/nodeSelector', value: { 'kubernetes.io/os': 'linux' } },
    ...replaced.map((value, index) => ({ op: 'replace', path: `${args}/${index}`, value })),
    ...(artifacts ? [{ op: 'add', path: `${args}/-`, value: '--feature-gates=ExternalArtifact=true' }] : []),
  ];
}

/** What Flux publishes of a version: its release, and its files by name. */
export function manifestsOf(version: FluxVersion): { release: string; read: (name: string) => string } {
  const { path, wanted } = FLUX_MANIFESTS;
  const release = path === undefined ? undefined : readdirSync(path).find((name) => name.startsWith(`v${version}.`));
  if (path === undefined || release === undefined) throw new Error(`no manifests of Flux ${version}: ${wanted}`);
  return { release, read: (name) => readFileSync(join(path, release, `${name}.yaml`), 'utf8') };
}

function withoutCrds(yaml: string): string {
  return yaml.split(/^---$/m).filter((document) => !/^kind: CustomResourceDefinition$/m.test(document)).join('---');
}
