import { TerraformDataSource, TerraformResource, TerraformStack, Tokenization } from 'cdktf';
import { IConstruct } from 'constructs';
import { FluxIdentityBase } from '../../core/shared/flux/identity-base';
import { valueKey } from '../../core/shared/input/once-per-app';
import { hasFluxVariable, withFluxVariables } from '../../core/shared/terraform/flux-variables';

/** What stands for a list or map that only Terraform knows. */
const OPAQUE = '<?>';

/** Resources that are one principal each, and the argument by which it is called where that is said. */
const MADE: { readonly [type: string]: string | undefined } = {
  aws_iam_role: 'name',
  aws_iam_user: 'name',
  google_service_account: 'account_id',
  google_iam_workload_identity_pool: 'workload_identity_pool_id',
  azurerm_user_assigned_identity: undefined,
  azuread_service_principal: undefined,
  azuread_user: undefined,
};

/** A text as it is called in its app: what only Terraform knows is `<stack: expression>`. */
export type Name = string;

/** The arguments of a resource or data source, texts as `Name`s. */
export function argumentsOf(element: TerraformResource | TerraformDataSource): { readonly [name: string]: any } {
  const { resource, data } = element.toTerraform();
  const [block] = Object.values<any>((resource ?? data)[element.terraformResourceType]);
  return named(element, block) as any;
}

/** A structure with its texts as `Name`s. */
export function named(at: IConstruct, value: unknown): unknown {
  if (typeof value === 'string' && hasFluxVariable(value)) return `<Flux: ${withFluxVariables(value)}>`;
  if (typeof value === 'string') return /^[#&]\{TfToken\[/.test(value) ? OPAQUE : valueKey(at, value);
  if (value === null || typeof value !== 'object') return value;
  if (Tokenization.isResolvable(value)) return OPAQUE;
  if (Array.isArray(value)) return value.map((item) => named(at, item));
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== '//').map(([key, item]) => [key, named(at, item)]));
}

/** Whether Terraform alone knows a part of it. */
export function isOpaque(name: Name): boolean {
  return name.includes('<');
}

/** What the cloud calls an identity; one that the library makes by its resource, of which there is one, while plain names may be anywhere. */
export function namesOf(identity: FluxIdentityBase): Name[] {
  const own = identity.node.tryFindChild('Resource');
  if (own === undefined || !TerraformResource.isTerraformResource(own) || !(own.terraformResourceType in MADE)) {
    return identity._principals.map((principal) => named(identity, principal) as Name);
  }
  return [`<${TerraformStack.of(own).node.path}: \${${own.terraformResourceType}.${own.friendlyUniqueId}.id}>`];
}

/** A principal that the app makes. */
interface Made {
  /** Tells it from all others that the app makes. */
  readonly key: string;
  readonly resource: TerraformResource;
}

/** The resources of an app that may make principals, by stack and address. */
export type App = ReadonlyMap<string, TerraformResource>;

/** Looks through an app once. */
export function appOf(root: IConstruct): App {
  return new Map(root.node.findAll()
    .filter((node): node is TerraformResource => TerraformResource.isTerraformResource(node) && (node.terraformResourceType in MADE || node.terraformResourceType.startsWith('azurerm_')))
    .map((node) => [`${TerraformStack.of(node).node.path}: ${node.terraformResourceType}.${node.friendlyUniqueId}`, node]));
}

/** Who of those that the app makes a name is; undefined for all others, such as what is looked up. */
export function madeBy(app: App, name: Name): Made | undefined {
  const [, path, type, id, attribute] = /^<(.*): \$\{([a-z]\w*)\.([\w-]+)\.([\w[\].-]+)\}>$/.exec(name) ?? [];
  if (type === undefined) return undefined;
  const isKubelet = attribute.startsWith('kubelet_identity[0].');
  const isOwn = type in MADE || (type.startsWith('azurerm_') && (isKubelet || attribute.startsWith('identity[0].')));
  if (!isOwn || attribute.startsWith('[')) return undefined;
  const resource = app.get(`${path}: ${type}.${id}`);
  // The identity of kubelets is AKS's own unless the cluster names one.
  if (resource === undefined || (isKubelet && (argumentsOf(resource).kubelet_identity ?? undefined) !== undefined)) return undefined;
  return { resource, key: `${resource.node.path} ${type in MADE ? '' : attribute.split('.')[0]}` };
}

/**
 * Whether two names are surely of two principals: never a guess. What the app makes is nobody else that it makes; of what is looked up,
 * or comes as a variable, nobody knows.
 */
export function areDifferent(app: App, one: Name, other: Name): boolean {
  const [made, others] = [madeBy(app, one), madeBy(app, other)];
  if (made !== undefined && others !== undefined) return made.key !== others.key;
  if (made !== undefined) return isNotOf(made.resource, other);
  if (others !== undefined) return isNotOf(others.resource, one);
  return !isOpaque(one) && !isOpaque(other) && one.toLowerCase() !== other.toLowerCase();
}

/** Whoever runs Terraform: a principal, and none that Terraform makes. */
export function isCaller(name: Name): boolean {
  return /^<.*: \$\{data\.azurerm_client_config\.[\w-]+\.object_id\}>$/.test(name);
}

/** Whether what the app makes is surely not who a name says. */
function isNotOf(made: TerraformResource, name: Name): boolean {
  if (isCaller(name)) return true;
  const argument = MADE[made.terraformResourceType];
  if (argument === undefined || isOpaque(name)) return false;
  const called = argumentsOf(made)[argument];
  // A name that AWS or the provider makes up begins with "terraform-".
  if (called === undefined || called === null) return made.terraformResourceType.startsWith('aws_') && !/(^|\/)terraform-/.test(name);
  return !isOpaque(called) && shortName(name) !== called.toLowerCase();
}

/** Whether a text tells of a principal: of any attribute of the resource that makes it, or of what it is called. */
export function tells(app: App, text: string, name: Name): boolean {
  const [, path, address] = /^(?:\w+:)?<(.*): \$\{([a-z]\w*\.[\w-]+)\./.exec(name) ?? [];
  if (address === undefined) return text.includes(name.startsWith('arn:') ? name.split('/').pop()! : name.replace(/^serviceAccount:/, ''));
  const made = madeBy(app, name)?.resource;
  const called = made === undefined ? undefined : argumentsOf(made)[MADE[made.terraformResourceType] ?? ''];
  return (typeof called === 'string' && !isOpaque(called) && text.includes(called))
    || text.split(`<${path}: `).slice(1).some((rest) => rest.slice(0, rest.indexOf('>')).includes(`${address}.`));
}

/** The last part of an ARN or of the name of a pool, the first of an e-mail. */
function shortName(name: string): string {
  return name.toLowerCase().split('@')[0].split('/').pop()!;
}
