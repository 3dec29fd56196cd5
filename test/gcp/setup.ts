import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { StorageBucket } from '@cdktf/provider-google/lib/storage-bucket';
import { DefaultTokenResolver, StringConcat, TerraformStack, Testing, Tokenization } from 'cdktf';
import {
  ClusterIssuer, FluxController, FluxGcpNodeServiceAccount, FluxGcpPrincipal, FluxGcpServiceAccount, FluxGcpServiceAccountKey, FluxGcpWorkloadPool,
  FluxSecret, FluxServiceAccount, IFluxGcpWorkloadPool, IGcpIdentity,
} from '../../lib';

export const SOURCE = FluxServiceAccount.controller(FluxController.SOURCE);
export const KUSTOMIZE = FluxServiceAccount.controller(FluxController.KUSTOMIZE);
export const NOTIFICATION = FluxServiceAccount.controller(FluxController.NOTIFICATION);
export const TENANT = FluxServiceAccount.of('team-a', 'flux');
export const EMAIL = 'flux-sops@acme-prod.iam.gserviceaccount.com';

export function stackOf(name = 'stack', app = Testing.app()): TerraformStack {
  const stack = new TerraformStack(app, name);
  new GoogleProvider(stack, 'Google', { project: 'acme-prod' });
  return stack;
}

export function synth(stack: TerraformStack): any {
  return JSON.parse(Testing.synth(stack));
}

/** The resources of a type, without their addresses, and without the hashes of the addresses they refer to. */
export function resources(stack: TerraformStack, type: string): any[] {
  return Object.values(synth(stack).resource?.[type] ?? {}).map((resource) => JSON.parse(withoutHashes(JSON.stringify(resource))));
}

/** A value as Terraform would read it. */
export function resolved(stack: TerraformStack, value: any): any {
  return Tokenization.resolve(value, { scope: stack, preparing: false, resolver: new DefaultTokenResolver(new StringConcat()) });
}

/** Text without the hashes at the end of addresses. */
export function withoutHashes(text: string): string {
  return text.replace(/_[0-9A-F]{8}(?=\.|$)/g, '');
}

/** Every address of a synthesized stack, sorted. */
export function addresses(stack: TerraformStack): string[] {
  return Object.entries<any>(synth(stack).resource ?? {}).flatMap(([type, byId]) => Object.keys(byId).map((id) => `${type}.${id}`)).sort();
}

/** A value that only Terraform knows. */
export function token(stack: TerraformStack): string {
  const id = 'SomeBucket';
  const bucket = (stack.node.tryFindChild(id) ?? new StorageBucket(stack, id, { name: 'b', location: 'EU' })) as StorageBucket;
  return bucket.name;
}

/** How Terraform reads `token`. */
export const TOKEN = '${google_storage_bucket.SomeBucket.name}';

export function gke(stack: TerraformStack, clusterName = 'prod') {
  return ClusterIssuer.gke(stack, `Cluster-${clusterName}`, { projectId: 'acme-prod', location: 'europe-west1', clusterName });
}

export function eks(stack: TerraformStack) {
  return ClusterIssuer.eks(stack, 'Eks', { clusterName: 'prod', issuerUrl: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE' });
}

export function gkePool(stack: TerraformStack): IFluxGcpWorkloadPool {
  return FluxGcpWorkloadPool.gke(stack, 'GkePool', { projectId: 'acme-prod', issuer: gke(stack) });
}

export function ownPool(stack: TerraformStack, projectNumber: string | undefined = '123456789012'): FluxGcpWorkloadPool {
  return new FluxGcpWorkloadPool(stack, 'Pool', { issuer: eks(stack), poolId: 'prod-eks', projectNumber });
}

/** Every kind of identity, each made in a stack of its own. */
export const IDENTITIES: { readonly [kind: string]: (stack: TerraformStack) => IGcpIdentity } = {
  gke: (stack) => new FluxGcpPrincipal(stack, 'Identity', { pool: gkePool(stack), serviceAccounts: [SOURCE, TENANT] }),
  federated: (stack) => new FluxGcpPrincipal(stack, 'Identity', { pool: ownPool(stack), serviceAccounts: [SOURCE, TENANT] }),
  newAccount: (stack) => new FluxGcpServiceAccount(stack, 'Identity', { pool: ownPool(stack), serviceAccounts: [SOURCE, TENANT], accountId: 'flux-apps', project: 'acme-prod' }),
  existingAccount: (stack) => FluxGcpServiceAccount.fromEmail(stack, 'Identity', { pool: gkePool(stack), serviceAccounts: [SOURCE, TENANT], email: EMAIL }),
  newKey: (stack) => new FluxGcpServiceAccountKey(stack, 'Identity', { accountId: 'flux-apps', serviceAccounts: [KUSTOMIZE, NOTIFICATION, SOURCE] }),
  existingKey: (stack) => FluxGcpServiceAccountKey.fromEmail(stack, 'Identity', { email: EMAIL, secrets: [FluxSecret.bucket('team-a', 'key'), FluxSecret.sops('team-a', 'key'), FluxSecret.provider('team-a', 'events')] }),
  node: (stack) => FluxGcpNodeServiceAccount.fromEmail(stack, 'Identity', { email: EMAIL }),
};

/** What IAM calls each of them. */
export const MEMBERS: { readonly [kind: string]: string[] } = {
  gke: ['serviceAccount:acme-prod.svc.id.goog[flux-system/source-controller]', 'serviceAccount:acme-prod.svc.id.goog[team-a/flux]'],
  federated: [
    'principal://iam.googleapis.com/${google_iam_workload_identity_pool.Pool.name}/subject/system:serviceaccount:flux-system:source-controller',
    'principal://iam.googleapis.com/${google_iam_workload_identity_pool.Pool.name}/subject/system:serviceaccount:team-a:flux',
  ],
  newAccount: ['${google_service_account.Identity.member}'],
  existingAccount: [`serviceAccount:${EMAIL}`],
  newKey: ['${google_service_account.Identity.member}'],
  existingKey: [`serviceAccount:${EMAIL}`],
  node: [`serviceAccount:${EMAIL}`],
};

/** The message of the error that a function throws. */
export function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error: any) {
    expect(error.name).toBe('ValidationError');
    return error.message;
  }
  throw new Error('nothing was thrown');
}
