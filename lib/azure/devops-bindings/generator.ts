import { listMapperHcl, stringToHclTerraform } from 'cdktf';

/** The provider that the bindings are for. */
export const GENERATOR = { providerName: 'azuredevops', providerVersion: '1.16.0', providerVersionConstraint: '~> 1.16' };

/** Its address in the registry. */
export const SOURCE = 'microsoft/azuredevops';

/** Attributes as CDKTF's HCL output takes them. */
export function hclAttributes(attributes: { readonly [name: string]: string | string[] | boolean | undefined }): { [name: string]: any } {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined).map(([name, value]) => [name, hclAttribute(value)]));
}

function hclAttribute(value: string | string[] | boolean | undefined) {
  if (Array.isArray(value)) return { value: listMapperHcl(stringToHclTerraform, false)(value), isBlock: false, type: 'set', storageClassType: 'stringList' };
  if (typeof value === 'boolean') return { value, isBlock: false, type: 'simple', storageClassType: 'boolean' };
  return { value: stringToHclTerraform(value), isBlock: false, type: 'simple', storageClassType: 'string' };
}
