import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { Estate } from './estate';
import { Told } from './stage';
import {
  AwsPermission, BlobStoragePermissions, ClusterIssuer, EcrPermissions, EksAccessPolicy, EksPermissions, FluxAzureFederatedIdentity, FluxController,
  FluxInstallation, FluxIrsaRole, FluxKustomization, FluxLockdown, FluxManifests, FluxOidcProvider, FluxOperatorValues, FluxServiceAccount,
  FluxTenant, FluxVersion, KmsPermissions, S3Permissions,
} from '../../lib';
import { ACCOUNT } from '../conformance/computed';

/** How tenants are kept apart. */
export const LOCKDOWNS = ['none', 'kubernetes', 'workloadIdentity'] as const;
export type Lockdown = typeof LOCKDOWNS[number];

/** Whoever has something, and whoever wants it. */
export const [VICTIM, THIEF] = ['team-a', 'team-b'];
export const THIEVES_REPOSITORY = 'teamb/apps';

const CONTROLLERS = [
  ...[FluxController.SOURCE, FluxController.KUSTOMIZE, FluxController.HELM].map((each) => FluxServiceAccount.controller(each)),
  FluxServiceAccount.operator(),
];

function lockdownOf(lockdown: Lockdown): FluxLockdown | undefined {
  if (lockdown === 'none') return undefined;
  return lockdown === 'kubernetes' ? FluxLockdown.kubernetes({ defaultServiceAccount: 'flux' })
    : FluxLockdown.workloadIdentity({ defaultServiceAccount: 'flux', defaultDecryptionServiceAccount: 'flux-sops', defaultKubeConfigServiceAccount: 'flux' });
}

/** Two tenants on one cluster, whose platform has identities of its own: the controllers', and those of the default accounts beside them. */
export class TenancyStack extends TerraformStack {
  public constructor(estate: Estate, lockdown: Lockdown) {
    super(Testing.app(), 'tenancy');
    new AwsProvider(this, 'Aws', { region: 'eu-west-1' });
    new AzurermProvider(this, 'Azure', { features: [{}] });
    const issuer = ClusterIssuer.eks(this, 'Issuer', { clusterName: 'prod' });
    const oidcProviders = [new FluxOidcProvider(this, 'Oidc', { issuer })];
    const installation = new FluxInstallation(this, 'Flux', { issuer, version: FluxVersion.V2_9, lockdown: lockdownOf(lockdown) });
    const roleOf = (name: string, serviceAccounts: FluxServiceAccount[], grants: { readonly [id: string]: AwsPermission }) => {
      const role = new FluxIrsaRole(this, name, { oidcProviders, serviceAccounts, name: `flux-${name}`, account: ACCOUNT, region: 'eu-west-1' });
      for (const [id, permission] of Object.entries(grants)) role.grant(id, permission);
      return role;
    };
    const { controller, object } = estate.aws;
    installation.addIdentity(roleOf('controller', CONTROLLERS, {
      Images: EcrPermissions.pull(controller.pullFrom),
      Bucket: S3Permissions.read(controller.readFrom),
      Key: KmsPermissions.decrypt(controller.key),
      Cluster: EksPermissions.access(controller.cluster, { accessPolicies: [EksAccessPolicy.CLUSTER_ADMIN.onCluster()] }),
    }));
    const azure = new FluxAzureFederatedIdentity(this, 'azure', {
      issuers: [issuer], serviceAccounts: CONTROLLERS, name: 'flux-controller', resourceGroupName: 'flux', location: 'westeurope',
    });
    azure.grant('Bucket', BlobStoragePermissions.read(estate.azure.controller.readFrom));
    installation.addIdentity(azure);
    installation.addIdentity(roleOf('platform', [FluxServiceAccount.of('flux-system', 'flux')], { Images: EcrPermissions.pull(controller.pullFrom) }));

    const victim = new FluxTenant(this, 'Victim', { installation, namespace: VICTIM, clusterRole: 'admin' });
    victim.addIdentity(roleOf('object', [victim.serviceAccount], { Images: EcrPermissions.pull(object.pullFrom), Key: KmsPermissions.decrypt(object.key) }));
    const thief = new FluxTenant(this, 'Thief', { installation, namespace: THIEF, clusterRole: 'admin', decryptionServiceAccountName: 'flux-sops' });
    thief.addIdentity(roleOf('thief', [thief.serviceAccount], { Images: EcrPermissions.pull(`arn:aws:ecr:eu-west-1:${ACCOUNT}:repository/teamb/*`) }));
    thief.addIdentity(roleOf('thief-sops', [thief.decryptionServiceAccount], { Key: KmsPermissions.decrypt(`arn:aws:kms:eu-west-1:${ACCOUNT}:key/bbbbbbbb-12ab-34cd-56ef-1234567890ab`) }));

    const told: Told = {
      kustomization: new FluxKustomization(this, 'Kustomization', { installation }).yaml,
      manifests: new FluxManifests(this, 'Manifests', { installation }).yaml,
      operator: new FluxOperatorValues(this, 'Operator', { installation }).yaml,
    };
    for (const [name, value] of Object.entries(told)) new TerraformOutput(this, name, { value });
  }
}
