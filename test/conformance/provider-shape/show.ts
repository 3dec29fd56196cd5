import { asWritten, filled, Form } from './shape';

const MODULE = /^module\.[\w-]+(?:\[(?:"[^"]*"|\d+)\])?/;
const PROVIDERS: { readonly [prefix: string]: string } = { azuredevops: 'microsoft/azuredevops' };

/** A resource of a state as tests hold it: flat, under its whole address. */
export interface FlatResource {
  readonly address: string;
  type: string;
  values: any;
  readonly depends_on?: readonly string[];
}

/** Resources as tests hold them, of what Terraform evaluated. */
export function flatResources(
  evaluated: { readonly [address: string]: any }, dependencies: { readonly [address: string]: readonly string[] } = {},
): FlatResource[] {
  // Of a module only what it is given was evaluated.
  return Object.entries(evaluated).filter(([address]) => !/^module\.[\w-]+$/.test(address)).map(([address, values]) => {
    const { data, type } = partsOf(address);
    return { address, type, values: asWritten(`${data ? 'data.' : ''}${type}`, values), depends_on: dependencies[address] };
  });
}

/** What `terraform show -json` prints of a stack after its apply, or `tofu show -json` after a refresh: in the whole shape of the providers' schemas. */
export function shownState(resources: readonly FlatResource[], form: Form): any {
  const root = { resources: [] as any[], child_modules: [] as any[] };
  const seen = new Map<string, number>();
  for (const resource of resources) {
    const count = seen.get(resource.address) ?? 0;
    seen.set(resource.address, count + 1);
    const address = count === 0 ? resource.address : `${resource.address}[${count}]`;
    const { modules, name, data } = partsOf(address);
    const { type } = resource;
    const { values, sensitive } = filled(`${data ? 'data.' : ''}${type}`, derived(resource, resources, form), address, form);
    placeOf(root, modules).resources.push({
      address,
      mode: data ? 'data' : 'managed',
      type,
      name,
      ...indexOf(address),
      provider_name: `${form === 'applied' ? 'registry.terraform.io' : 'registry.opentofu.org'}/${PROVIDERS[type.split('_')[0]] ?? `hashicorp/${type.split('_')[0]}`}`,
      schema_version: 0,
      values,
      sensitive_values: sensitive,
      ...(resource.depends_on === undefined || resource.depends_on.length === 0 ? {} : { depends_on: resource.depends_on }),
    });
  }
  return {
    format_version: '1.0',
    terraform_version: form === 'applied' ? '1.11.4' : '1.10.6',
    values: {
      outputs: {},
      root_module: { resources: root.resources, ...(root.child_modules.length === 0 ? {} : { child_modules: root.child_modules }) },
    },
  };
}

/** A role shows the policies that others give it, once it was refreshed: internal/service/iam/role.go reads all of them. */
function derived({ type, values, address }: FlatResource, all: readonly FlatResource[], form: Form): any {
  if (type !== 'aws_iam_role' || address.includes('data.') || form === 'applied') return values;
  const own = (other: string) => all.filter((each) => each.type === other && each.values?.role === values.name).map((each) => each.values);
  return {
    ...values,
    inline_policy: [...values.inline_policy ?? [], ...own('aws_iam_role_policy').map(({ name, policy }) => ({ name: name ?? 'flux', policy }))],
    managed_policy_arns: own('aws_iam_role_policy_attachment').map(({ policy_arn: arn }) => arn),
  };
}

function placeOf(root: any, modules: readonly string[]): any {
  let place = root;
  let address = '';
  for (const each of modules) {
    address = address === '' ? each : `${address}.${each}`;
    place.child_modules ??= [];
    let found = place.child_modules.find((module: any) => module.address === address);
    if (found === undefined) place.child_modules.push(found = { address, resources: [] });
    place = found;
  }
  return place;
}

function partsOf(address: string): { modules: string[]; data: boolean; type: string; name: string } {
  const modules: string[] = [];
  let rest = address;
  for (let found = MODULE.exec(rest); found !== null; found = MODULE.exec(rest)) {
    modules.push(found[0]);
    rest = rest.slice(found[0].length + 1);
  }
  const data = rest.startsWith('data.');
  const [type, name] = rest.replace(/^data\./, '').replace(/\[.*$/, '').split('.');
  return { modules, data, type, name };
}

function indexOf(address: string): object {
  const [, text] = /\[([^\]]*)\]$/.exec(address) ?? [];
  return text === undefined ? {} : { index: JSON.parse(text) };
}
