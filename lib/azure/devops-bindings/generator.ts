import { listMapperHcl, stringToHclTerraform } from 'cdktf';

/** The provider that the bindings are for. */
export const GENERATOR = { providerName: 'azuredevops', providerVersion: '1.16.0', providerVersionConstraint: '~> 1.16' };

/** Its address in the registry. */
export const SOURCE = 'microsoft/azuredevops';

/** Attributes as CDKTF's HCL output takes them. */
export function hclAttributes(attributes: { readonly [name: string]: string | string[] | boolean | undefined }): { [name: string]: any } {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, hclAttribute(value)]));
}

function hclAttribute(value: string | string[] | boolean | undefined) {
  const simple = { isBlock: false, type: 'simple' };
  if (Array.isArray(value)) return { ...simple, type: 'set', value: listMapperHcl(stringToHclTerraform, false)(value), storageClassType: 'stringList' };
  if (typeof value === 'boolean') return { ...simple, value, storageClassType: 'boolean' };
  return { ...simple, value: stringToHclTerraform(value), storageClassType: 'string' };
}
