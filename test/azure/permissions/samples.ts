import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformStack } from 'cdktf';
import * as lib from '../../../lib';
import { AzurePermission } from '../../../lib/azure/azure-permission';
import { AzureDevOpsProvider } from '../../../lib/azure/devops-bindings/provider';
import { FluxAzureDecryptRole } from '../../../lib/azure/flux-azure-decrypt-role';
import { AksRole } from '../../../lib/azure/permissions/aks';
import { Row } from '../../misuse/row';
import { RESOURCES, SUBSCRIPTION } from '../support';

const provider = (scope: TerraformStack) => scope.node.tryFindChild('Azurerm') as AzurermProvider | undefined ?? new AzurermProvider(scope, 'Azurerm', { features: [{}], alias: 'other' });
const devops = (scope: TerraformStack) => ({
  license: 'express', waitSeconds: 60, provider: new AzureDevOpsProvider(scope, 'DevOps', { orgServiceUrl: 'https://dev.azure.com/acme' }),
});

/** How a method of a permission is used, and what it comes to. */
export interface Sample extends Row {
  /** The role that it gives with `args` alone. */
  readonly role: string;
  /** On what, where it is not the first argument alone. */
  readonly resource?: string;
}

/** Every method of every permission: misuse, support matrix and the permissions' own tests go through them. */
export const SAMPLES: { readonly [method: string]: Sample } = {
  'AcrPermissions.pull': { role: '7f951dda-4ed3-4680-a7ca-43fe172d538d', args: () => [RESOURCES.registry, {}], spare: 1, optional: (s) => ({ provider: provider(s) }) },
  'AcrPermissions.pullRepositories': {
    role: 'b93aa761-3e63-49ed-ac28-beffa264f7ac', args: () => [RESOURCES.registry, {}], spare: 1, optional: (s) => ({ prefix: 'team-a/', provider: provider(s) }),
  },
  'AksPermissions.access': {
    role: '4abbcc35-e782-43d8-92c5-2d3f1bd2253f',
    args: () => [RESOURCES.cluster, {}],
    spare: 1,
    optional: (s) => ({ role: AksRole.ADMIN, namespaces: ['team-a'], provider: provider(s) }),
    beside: () => ({ namespaces: { role: AksRole.ADMIN } }),
  },
  'AksPermissions.inCluster': {
    role: '3498e952-d568-435e-9b2c-8d77e338d7f7', args: () => [RESOURCES.cluster, AksRole.ADMIN, {}], spare: 1, optional: (s) => ({ provider: provider(s) }),
  },
  'AzureDevOpsPermissions.read': { role: 'Readers', resource: 'acme/apps', args: () => ['acme', 'apps', {}], spare: 1, optional: devops },
  'AzureDevOpsPermissions.contribute': { role: 'Contributors', resource: 'acme/apps', args: () => ['acme', 'apps', {}], spare: 1, optional: devops },
  'AzureDevOpsPermissions.memberOf': { role: 'Flux', args: () => ['acme', 'Flux', {}], spare: 1, optional: (s) => ({ ...devops(s), project: 'apps' }) },
  'BlobStoragePermissions.read': { role: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1', args: () => [RESOURCES.container, {}], spare: 1, optional: (s) => ({ provider: provider(s) }) },
  'EventHubsPermissions.send': { role: '2b629674-e913-4c01-ae53-ef4638d8f975', args: () => [RESOURCES.hub, {}], spare: 1, optional: (s) => ({ provider: provider(s) }) },
  'KeyVaultPermissions.decrypt': {
    role: '12338af0-0e69-4776-bea7-57ae8d297424',
    args: () => [RESOURCES.key, {}],
    spare: 1,
    optional: (s) => ({ role: new FluxAzureDecryptRole(s, 'Decrypt', { name: 'decrypt', assignableScopes: [SUBSCRIPTION] }), provider: provider(s) }),
  },
  'KeyVaultPermissions.decryptByAccessPolicy': {
    role: 'access policy: Decrypt', args: () => [RESOURCES.vault, {}], spare: 1, optional: (s) => ({ provider: provider(s) }),
  },
};

/** A permission by each method of every exported class of Azure. */
export function everyPermission(scope: TerraformStack): [method: string, permission: AzurePermission][] {
  return Object.entries(lib).filter(([name]) => name.endsWith('Permissions')).flatMap(([name, type]) => (
    Object.getOwnPropertyNames(type).filter((method) => SAMPLES[`${name}.${method}`] !== undefined).map((method): [string, AzurePermission] => (
      [`${name}.${method}`, (type as any)[method](...SAMPLES[`${name}.${method}`].args(scope))]
    ))
  ));
}
