import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  ClusterIssuer, EcrPermissions, FluxInstallation, FluxInstanceConfig, FluxIrsaRole, FluxKustomization, FluxLockdown, FluxManifests,
  FluxOidcProvider, FluxOperatorValues, FluxTenant, FluxVersion, KmsPermissions,
} from '../../lib'; // in your project: from 'cdktf-flux-identity'

const ECR = 'arn:aws:ecr:eu-west-1:111122223333:repository';

/** The tenants, and the key that each encrypts its secrets for. */
const TEAMS = {
  'team-a': 'arn:aws:kms:eu-west-1:111122223333:key/aaaaaaaa-12ab-34cd-56ef-1234567890ab',
  'team-b': 'arn:aws:kms:eu-west-1:111122223333:key/bbbbbbbb-12ab-34cd-56ef-1234567890ab',
  'team-c': 'arn:aws:kms:eu-west-1:111122223333:key/cccccccc-12ab-34cd-56ef-1234567890ab',
};

/** Three tenants on one EKS cluster: each pulls from its own repositories and decrypts with its own key, and nobody else's. */
export class MultiTenant extends TerraformStack {
  public constructor(scope: Construct, id: string, version: FluxVersion) {
    super(scope, id);
    new AwsProvider(this, 'Aws', { region: 'eu-west-1' });

    const cluster = ClusterIssuer.eks(this, 'Cluster', { clusterName: 'prod' });
    const oidc = new FluxOidcProvider(this, 'Oidc', { issuer: cluster });

    const flux = new FluxInstallation(this, 'Flux', {
      issuer: cluster,
      version,
      // Objects that name no account use their own namespace's, toward Kubernetes and toward AWS.
      lockdown: FluxLockdown.workloadIdentity({ defaultServiceAccount: 'flux', defaultDecryptionServiceAccount: 'flux-sops' }),
    });

    for (const [team, key] of Object.entries(TEAMS)) {
      const tenant = new FluxTenant(this, team, {
        installation: flux, namespace: team, decryptionServiceAccountName: 'flux-sops', clusterRole: 'admin',
      });

      const images = new FluxIrsaRole(tenant, 'Images', { oidcProviders: [oidc], serviceAccounts: [tenant.serviceAccount] });
      images.grant('Own', EcrPermissions.pull(`${ECR}/${team}/*`));
      tenant.addIdentity(images);

      const sops = new FluxIrsaRole(tenant, 'Sops', { oidcProviders: [oidc], serviceAccounts: [tenant.decryptionServiceAccount] });
      sops.grant('Own', KmsPermissions.decrypt(key));
      tenant.addIdentity(sops);
    }

    new TerraformOutput(this, 'kustomization', { value: new FluxKustomization(this, 'Kustomization', { installation: flux }).yaml });
    new TerraformOutput(this, 'fluxInstance', { value: new FluxInstanceConfig(this, 'Instance', { installation: flux }).yaml });
    new TerraformOutput(this, 'operatorValues', { value: new FluxOperatorValues(this, 'OperatorValues', { installation: flux }).yaml });
    new TerraformOutput(this, 'manifests', { value: new FluxManifests(this, 'Manifests', { installation: flux }).yaml });
  }
}
