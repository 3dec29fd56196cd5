import { DefaultTokenResolver, StringConcat, TerraformStack, Testing, Tokenization } from 'cdktf';
import { FluxAzureFederatedIdentity, FluxAzureFederatedIdentityProps } from '../../lib/azure/flux-azure-federated-identity';
import { ClusterIssuer, IClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxContext } from '../../lib/core/flux-identity';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';

export const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000001';
export const GROUP = `${SUBSCRIPTION}/resourceGroups/flux-prod`;
export const MANAGEMENT_GROUP = '/providers/Microsoft.Management/managementGroups/acme';
export const RESOURCES = {
  registry: `${GROUP}/providers/Microsoft.ContainerRegistry/registries/acmeregistry`,
  account: `${GROUP}/providers/Microsoft.Storage/storageAccounts/acmeflux`,
  container: `${GROUP}/providers/Microsoft.Storage/storageAccounts/acmeflux/blobServices/default/containers/manifests`,
  vault: `${GROUP}/providers/Microsoft.KeyVault/vaults/acme-flux`,
  key: `${GROUP}/providers/Microsoft.KeyVault/vaults/acme-flux/keys/sops`,
  cluster: `${GROUP}/providers/Microsoft.ContainerService/managedClusters/staging`,
  namespace: `${GROUP}/providers/Microsoft.ContainerService/managedClusters/staging/namespaces/team-a`,
  hubs: `${GROUP}/providers/Microsoft.EventHub/namespaces/acme-events`,
  hub: `${GROUP}/providers/Microsoft.EventHub/namespaces/acme-events/eventhubs/flux`,
};
export const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);
/** The controllers that between them use every service. */
export const CONTROLLERS = [FluxController.SOURCE, FluxController.KUSTOMIZE, FluxController.NOTIFICATION]
  .map((name) => FluxServiceAccount.controller(name));
export const AKS_URL = 'https://westeurope.oic.prod-aks.azure.com/00000000-0000-0000-0000-00000000000a/00000000-0000-0000-0000-00000000000c/';

/** A stack in an app of its own. */
export function newStack(): TerraformStack {
  return new TerraformStack(Testing.app(), 'stack');
}

/** What the stack says, without metadata. */
export function synth(stack: TerraformStack): any {
  return JSON.parse(Testing.synth(stack), (key, value) => key === '//' ? undefined : value);
}

export function aks(stack: TerraformStack, id = 'Cluster', issuerUrl: string | undefined = AKS_URL): ClusterIssuer {
  return ClusterIssuer.aks(stack, id, { name: 'prod', resourceGroupName: 'flux-prod', issuerUrl });
}

export function oidc(stack: TerraformStack, id = 'Cluster', url = 'https://oidc.example.com/kind'): ClusterIssuer {
  return ClusterIssuer.oidc(stack, id, { url });
}

/** A managed identity of source-controller. */
export function federated(stack: TerraformStack, id = 'Images', props: Partial<FluxAzureFederatedIdentityProps> = {}): FluxAzureFederatedIdentity {
  return new FluxAzureFederatedIdentity(stack, id, {
    name: 'flux-images',
    resourceGroupName: 'flux-prod',
    location: 'westeurope',
    serviceAccounts: [SOURCE],
    ...props,
    issuers: props.issuers ?? [stack.node.tryFindChild('Cluster') as ClusterIssuer ?? oidc(stack)],
  });
}

/** A managed identity of controllers that between them use every service. */
export function holder(stack: TerraformStack, id = 'Images', props: Partial<FluxAzureFederatedIdentityProps> = {}): FluxAzureFederatedIdentity {
  return federated(stack, id, { serviceAccounts: CONTROLLERS, ...props });
}

/** The resources of a type, by address. */
export function ofType(stack: TerraformStack, type: string): { [id: string]: any } {
  return synth(stack).resource?.[type] ?? {};
}

/** The only resource of a type. */
export function only(stack: TerraformStack, type: string): any {
  const all = Object.values(ofType(stack, type));
  expect(all).toHaveLength(1);
  return all[0];
}

/** What Terraform checks of a resource before it is made. */
export function messagesOf(resource: any): string[] {
  return resource.lifecycle.precondition.map(({ error_message: message }: any) => /^The (.*?) of stack/.exec(message)![1]);
}

/** A value as Terraform reads it. */
export function resolved(stack: TerraformStack, value: unknown): any {
  return Tokenization.resolve(value, { scope: stack, preparing: false, resolver: new DefaultTokenResolver(new StringConcat()) });
}

/** The Flux of a stack's cluster. */
export function contextOf(stack: TerraformStack, issuer?: IClusterIssuer): FluxContext {
  return { issuer: issuer ?? stack.node.findChild('Cluster') as ClusterIssuer, version: FluxVersion.V2_10, namespace: 'flux-system' };
}

/** The message that a call fails with. */
export function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error: any) {
    expect(error.name).toBe('ValidationError');
    return error.message;
  }
  throw new Error('it did not fail');
}
