import { existsSync, readdirSync } from 'fs';
import { dirname, join } from 'path';
import { ComplexList, ComplexMap, ComplexObject, TerraformStack, Testing } from 'cdktf';

/** What a provider's schema says of one attribute or block. */
export interface Attribute {
  /** `list` and `set` of plain values; `blocks` in a list or a set, `object` for one alone. */
  readonly kind: 'text' | 'number' | 'boolean' | 'map' | 'list' | 'set' | 'blocks' | 'block set' | 'object' | 'object map';
  /** Whether only the provider sets it. */
  readonly computed: boolean;
  readonly nested?: Schema;
}

/** The attributes and blocks of a resource type, by their names in Terraform. */
export type Schema = ReadonlyMap<string, Attribute>;

const BINDINGS: { readonly [prefix: string]: string } = {
  aws: '@cdktf/provider-aws', azuread: '@cdktf/provider-azuread', azurerm: '@cdktf/provider-azurerm', google: '@cdktf/provider-google',
};
const PLAIN: { readonly [getter: string]: Attribute['kind'] } = {
  String: 'text', Number: 'number', Boolean: 'boolean', StringMap: 'map', NumberMap: 'map', BooleanMap: 'map', List: 'list', NumberList: 'list',
};
const schemas = new Map<string, Schema | undefined>();

/**
 * The schema of a type, as the bindings have it that CDKTF generated from `terraform providers schema -json`: what is settable, what the provider
 * computes, and how blocks nest. Undefined of types without bindings.
 *
 * @param type as in a state; data sources as `data.aws_eks_cluster`
 */
export function schemaOf(type: string): Schema | undefined {
  if (!schemas.has(type)) schemas.set(type, load(type));
  return schemas.get(type);
}

function load(type: string): Schema | undefined {
  const [, data = '', prefix, rest] = /^(data\.)?([a-z]+)_(.+)$/.exec(type)!;
  const bindings = BINDINGS[prefix];
  if (bindings === undefined) return undefined;
  const library = join(dirname(require.resolve(`${bindings}/package.json`)), 'lib');
  const folder = `${data === '' ? '' : `data-${prefix}-`}${rest.replace(/_/g, '-')}`;
  if (!existsSync(join(library, folder))) {
    throw new Error(`no bindings of ${type}: ${readdirSync(library).filter((each) => each.startsWith(folder.slice(0, 12))).join(', ')}`);
  }
  const Resource = Object.values<any>(require(join(library, folder))).find(({ tfResourceType }) => tfResourceType === type.slice(data.length));
  return read(new Resource(new TerraformStack(Testing.app(), 'schema'), 'resource', {}));
}

/** Reads the getters of a resource or of a block: each says the name that Terraform knows, and its type. */
function read(holder: any): Schema {
  const prototype = Object.getPrototypeOf(holder);
  const getters = Object.entries(Object.getOwnPropertyDescriptors<any>(prototype)).filter(([name, { get }]) => get !== undefined && name !== 'internalValue');
  const names = new Set(getters.map(([name]) => name));
  return new Map(getters.filter(([name]) => !(name.endsWith('Input') && names.has(name.slice(0, -5)))).flatMap(([name, { get }]): [string, Attribute][] => {
    const computed = !names.has(`${name}Input`);
    const text = String(get);
    const [, getter, own] = /this\.get(\w+)Attribute\('(\w+)'\)/.exec(text) ?? [];
    if (getter !== undefined) return [[own, { kind: text.includes('tolist') ? 'set' : PLAIN[getter], computed }]];
    const [, other] = /interpolationForAttribute\('(\w+)'\)/.exec(text) ?? [];
    return other === undefined ? complex(get!.call(holder), computed) : [[other, { kind: 'text', computed }]];
  }));
}

function complex(value: any, computed: boolean): [string, Attribute][] {
  if (value instanceof ComplexMap) return [[terraformName(value), { kind: 'object map', computed }]];
  if (value instanceof ComplexList) {
    return [[terraformName(value), { kind: (value as any).wrapsSet ? 'block set' : 'blocks', computed, nested: read((value as any).get(0)) }]];
  }
  if (!(value instanceof ComplexObject)) return [];
  // A block that there can be one of is a list of one; what has no index is an object, as `timeouts` is.
  return [[terraformName(value), { kind: (value as any).complexObjectIndex === undefined ? 'object' : 'blocks', computed, nested: read(value) }]];
}

const terraformName = (value: any): string => String(value.terraformAttribute).split('.').pop()!;
