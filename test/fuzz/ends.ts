import { TerraformStack } from 'cdktf';
import {
  AzureCloud, AzureCertificateSecret, ClusterIssuer, EcrPermissions, EksAccessPolicy, EksPermissions, FluxAzureApplication,
  FluxAzureEnvironment, FluxEcrRepositoryPolicy,
  FluxGcpPrincipal, FluxGcpServiceAccountKey, FluxGcpWorkloadPool, FluxIamUser, FluxInstallation, FluxIrsaRole,
  FluxKmsKeyPolicy, FluxKustomization, FluxLockdown, FluxManifests, FluxOidcProvider, FluxRemoteCluster,
  FluxS3BucketPolicy, FluxSecret, FluxServiceAccount, FluxTenant, FluxVersion, IFluxIdentity, KmsPermissions, S3Permissions,
} from '../../lib';
import { KEY } from '../aws/support';
import { RSA_CERTIFICATE } from '../azure/certificates';
import { eks, irsa, kind, SOURCE, TENANT } from '../misuse/core';

/** Uses what a call gave, so that its texts show in resources or in what Flux is told. What stands in the stack as `End...` is read whole. */
export function end(row: string, made: any, scope: TerraformStack, on: any): void {
  for (const thing of [made, row.endsWith('#grant') ? on : undefined]) if (thing !== undefined) endOf(thing, scope);
}

function endOf(made: any, scope: TerraformStack): void {
  const oidcProviders = () => [new FluxOidcProvider(scope, 'UseOidc', { issuer: kind(scope) })];
  if (made instanceof FluxServiceAccount) return deliver(scope, new FluxIrsaRole(scope, 'Use', { oidcProviders: oidcProviders(), serviceAccounts: [made], region: 'eu-west-1' }));
  if (made instanceof FluxSecret) return deliver(scope, secretHolder(scope, made));
  if (made instanceof AzureCloud) return void new FluxAzureEnvironment(scope, 'EndEnvironment', { azureCloud: made, serviceAccounts: [SOURCE] });
  if (made instanceof EksAccessPolicy) return void irsa(scope).grant('Use', EksPermissions.access('arn:aws:eks:eu-west-1:111122223333:cluster/staging', { accessPolicies: [accessScope(made)] }));
  if (made instanceof AzureCertificateSecret) return deliver(scope, new FluxAzureApplication(scope, 'Use', { displayName: 'use', certificate: RSA_CERTIFICATE, serviceAccounts: [SOURCE], secret: made }));
  if (made instanceof FluxEcrRepositoryPolicy) return void made.grant('Use', irsa(scope), EcrPermissions.pull(REPOSITORY));
  if (made instanceof FluxS3BucketPolicy) return void made.grant('Use', irsa(scope), S3Permissions.read(BUCKET));
  if (made instanceof FluxKmsKeyPolicy) return void made.grant('Use', irsa(scope), KmsPermissions.decrypt(KEY));
  if (made instanceof FluxGcpWorkloadPool) {
    // Also of the pool that the row has it share, if there is one.
    const pools = scope.node.children.filter((child) => child instanceof FluxGcpWorkloadPool) as FluxGcpWorkloadPool[];
    pools.forEach((pool, index) => new FluxGcpPrincipal(scope, `Use${index}`, { pool, serviceAccounts: [TENANT] }));
    return;
  }
  if (made instanceof FluxLockdown) return deliverAll(scope, new FluxInstallation(scope, 'UseFlux', { issuer: eks(scope), version: FluxVersion.V2_9, lockdown: made }));
  if (made instanceof FluxTenant || made instanceof FluxRemoteCluster || made instanceof FluxInstallation) {
    return deliverAll(scope, installationIn(scope)!);
  }
  if (made instanceof FluxOidcProvider) return deliver(scope, new FluxIrsaRole(scope, 'Use', { oidcProviders: [made], serviceAccounts: [SOURCE, TENANT] }));
  if (isIssuer(made)) {
    const role = new FluxIrsaRole(scope, 'Use', { oidcProviders: [new FluxOidcProvider(scope, 'UseOidc', { issuer: made })], serviceAccounts: [SOURCE, TENANT], region: 'eu-west-1' });
    return deliverAll(scope, new FluxInstallation(scope, 'UseFlux', { issuer: made, version: FluxVersion.V2_9, identities: [role] }));
  }
  if (typeof made?.fluxSettings === 'function') deliver(scope, made);
}

const REPOSITORY = 'arn:aws:ecr:eu-west-1:111122223333:repository/apps';
const BUCKET = 'arn:aws:s3:::manifests';

/** An identity of the cloud that has such Secrets. */
function secretHolder(scope: TerraformStack, secret: FluxSecret): IFluxIdentity {
  try {
    return new FluxIamUser(scope, 'Use', { name: 'use', secrets: [secret], accessKeys: ['A'] });
  } catch (error: any) {
    if (!/of a notification Provider is not accepted/.test(error.message)) throw error;
    return new FluxGcpServiceAccountKey(scope, 'Use', { accountId: 'flux-use', secrets: [secret] });
  }
}

function accessScope(made: any) {
  return typeof made.onCluster === 'function' ? made.onCluster() : made;
}

function isIssuer(made: any): made is ClusterIssuer {
  return typeof made?.issuerUrl === 'string' && typeof made?.fluxSettings !== 'function';
}

/** Everything that Flux is told of an identity. */
function deliver(scope: TerraformStack, identity: IFluxIdentity): void {
  const issuer = trusted(scope, identity);
  if (issuer === undefined) return;
  deliverAll(scope, new FluxInstallation(scope, 'UseFlux', { issuer, version: FluxVersion.V2_9, identities: [identity] }));
}

/** What belongs to a Flux shows in its deliveries; users hand them on as outputs. */
function deliverAll(scope: TerraformStack, installation: FluxInstallation): void {
  new FluxKustomization(scope, 'EndDelivery', { installation });
  new FluxManifests(scope, 'EndManifests', { installation });
}

function installationIn(scope: TerraformStack): FluxInstallation | undefined {
  return scope.node.findAll().find((child): child is FluxInstallation => child instanceof FluxInstallation);
}

function trusted(scope: TerraformStack, identity: IFluxIdentity) {
  const made = scope.node.findAll().filter((child: any) => isIssuer(child) && child.node.scope === scope) as ClusterIssuer[];
  return [...made, kind(scope)].find((issuer) => identity.trusts(issuer));
}
