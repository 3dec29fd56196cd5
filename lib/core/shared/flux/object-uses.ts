import { KINDS } from './kinds';
import { FluxCloud } from '../../flux-identity';
import { FluxKind } from '../../flux-kind';

/** How a Flux object uses a cloud, as its own fields say it. */
export interface FluxObjectUse {
  readonly kind: FluxKind;
  /** Undefined where the object names none: the secrets that a Kustomization decrypts name theirs. */
  readonly cloud?: FluxCloud;
  /** The account that it names, in its own namespace. */
  readonly account?: string;
  /** The Secret that it names. */
  readonly secret?: string;
  /** The URL that it asks. */
  readonly url?: string;
  readonly region?: string;
  /** The bucket that it names. */
  readonly bucket?: string;
}

/** What a Flux object says, as far as clouds are concerned. */
export interface FluxObject {
  /** `OCIRepository team-a/apps`. */
  readonly name: string;
  readonly namespace: string;
  readonly uses: readonly FluxObjectUse[];
  /** What it asks without naming a cloud: the provider that may have been forgotten. */
  readonly without?: FluxObjectUse;
  /** The ConfigMap of the remote cluster that it applies to. */
  readonly remote?: string;
  /** The repository whose fields it reads, `<namespace>/<name>`. */
  readonly repository?: string;
  /** What is wrong with it by itself. */
  readonly problem?: string;
  readonly kind: string;
}

const FLUX_GROUP = /(^|\.)(toolkit\.fluxcd\.io|fluxcd\.controlplane\.io)\//;
const CLOUDS: readonly string[] = Object.values(FluxCloud);
const BY_PROVIDER: readonly FluxKind[] = [
  FluxKind.GIT_REPOSITORY, FluxKind.OCI_REPOSITORY, FluxKind.HELM_REPOSITORY, FluxKind.BUCKET, FluxKind.IMAGE_REPOSITORY,
];
const INPUTS: readonly (readonly [RegExp, FluxCloud])[] = [[/^(ECR|AWS)/, FluxCloud.AWS], [/^(ACR|Azure)/, FluxCloud.AZURE], [/^GAR/, FluxCloud.GCP]];

/** Reads a Kubernetes object; undefined where it is none of Flux's that reaches a cloud or a cluster. */
export function fluxObjectOf({ apiVersion, kind, metadata, spec }: any): FluxObject | undefined {
  if (typeof apiVersion !== 'string' || !FLUX_GROUP.test(apiVersion) || typeof spec !== 'object' || spec === null) return undefined;
  const { namespace, name } = metadata ?? {};
  const base = { kind, namespace, name: `${kind} ${namespace ?? '?'}/${name}`, uses: [] as FluxObjectUse[] };
  const found = fieldsOf(kind, namespace, spec);
  if (found === undefined) return undefined;
  if (typeof namespace === 'string') return { ...base, ...found };
  return { ...base, namespace: '', problem: 'it has no `metadata.namespace`, which its service account is in: pass what kustomize builds' };
}

function fieldsOf(kind: string, namespace: string, spec: any): Partial<FluxObject> | undefined {
  const credential = { account: text(spec.serviceAccountName), secret: text(spec.secretRef?.name) };
  const provider = BY_PROVIDER.find((each) => KINDS[each].kind === kind);
  if (provider !== undefined) {
    const address = { url: text(spec.url ?? spec.image ?? spec.endpoint), region: text(spec.region), bucket: text(spec.bucketName) };
    const use = { kind: provider, ...credential, ...address };
    if (CLOUDS.includes(spec.provider)) {
      const problem = provider === FluxKind.HELM_REPOSITORY && spec.type !== 'oci' ? '`provider` has no effect without `type: oci`' : undefined;
      return { uses: [{ ...use, cloud: spec.provider }], problem };
    }
    return [undefined, 'generic'].includes(spec.provider) && use.secret === undefined ? { without: use } : { uses: [] };
  }
  switch (kind) {
    case 'Kustomization': return { ...remoteOf(spec), uses: spec.decryption?.provider === 'sops' ? [decryption(spec.decryption)] : [] };
    case 'HelmRelease': return remoteOf(spec);
    case 'ImageUpdateAutomation': return { repository: repositoryOf(spec.sourceRef, namespace) };
    case 'Provider': return notification(spec.type, credential);
    case 'ResourceSetInputProvider': return input(spec.type, credential);
    default: return undefined;
  }
}

function decryption({ serviceAccountName, secretRef }: any): FluxObjectUse {
  return { kind: FluxKind.KUSTOMIZATION, account: text(serviceAccountName), secret: text(secretRef?.name) };
}

function remoteOf({ kubeConfig }: any): Partial<FluxObject> {
  return { remote: text(kubeConfig?.configMapRef?.name) };
}

function repositoryOf(sourceRef: any, namespace: string): string | undefined {
  return sourceRef?.kind === 'GitRepository' ? `${sourceRef.namespace ?? namespace}/${sourceRef.name}` : undefined;
}

function notification(type: unknown, credential: Partial<FluxObjectUse>): Partial<FluxObject> {
  const kind = Object.values(FluxKind).find((each) => each === `Provider/${type}`);
  if (kind === undefined) return { uses: [] };
  const [cloud] = Object.keys(KINDS[kind].clouds) as FluxCloud[];
  // A personal access token, or a connection string, is no identity.
  return { uses: credential.secret !== undefined && KINDS[kind].secret === undefined ? [] : [{ kind, cloud, ...credential }] };
}

function input(type: unknown, credential: Partial<FluxObjectUse>): Partial<FluxObject> {
  const cloud = INPUTS.find(([form]) => form.test(String(type)))?.[1];
  if (cloud === undefined || credential.secret !== undefined) return { uses: [] };
  return { uses: [{ kind: FluxKind.RESOURCE_SET_INPUT_PROVIDER, cloud, ...credential }] };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
