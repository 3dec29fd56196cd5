import { hasToken } from '../../../core/shared/terraform/tokens';

/** What types and their parents are called, as providers spell them. */
const SPELLING = new Map([
  'subscriptions', 'resourceGroups', 'providers', 'managementGroups', 'roleDefinitions',
  'Microsoft.Authorization', 'Microsoft.ContainerRegistry', 'Microsoft.ContainerService', 'Microsoft.EventHub', 'Microsoft.KeyVault',
  'Microsoft.ManagedIdentity', 'Microsoft.Management', 'Microsoft.Storage',
  'registries', 'managedClusters', 'namespaces', 'eventhubs', 'vaults', 'keys', 'userAssignedIdentities', 'storageAccounts', 'blobServices', 'containers',
].map((name) => [name.toLowerCase(), name]));

/**
 * A plain ID with its types spelt as providers spell them, which refuse `resourcegroups`: Azure itself knows no case, and answers with
 * either. Names stay as they are. What holds tokens is left to the provider.
 */
export function normalizedId(id: string): string {
  if (hasToken(id)) return id;
  const segments = id.split('/');
  // Types and names take turns; after "providers" comes a namespace where a name would.
  return segments.map((segment, index) => (
    index % 2 === 1 || segments[index - 1]?.toLowerCase() === 'providers' ? SPELLING.get(segment.toLowerCase()) ?? segment : segment
  )).join('/');
}
