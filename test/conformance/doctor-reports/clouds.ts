import { Report } from './report';

const GKE = 'flux-gcp-gke';
const EKS_GCP = 'flux-gcp-other';
const KIND = 'flux-gcp-kind';
const AKS = 'flux-azure-aks';
const DEVOPS = 'flux-azure-devops';
const GKE_AZURE = 'flux-azure-other';
const CROSS = 'flux-cross-cloud';
const TENANTS = 'flux-multi-tenant';
const SOURCE = 'source-controller';
const KUSTOMIZE = 'kustomize-controller';
const CLIENT = 'azure.workload.identity/client-id';
const TENANT = 'azure.workload.identity/tenant-id';
const USE = 'azure.workload.identity/use';
const POOL = 'google_iam_workload_identity_pool';
const PROVIDER = 'google_iam_workload_identity_pool_provider';
const AZURE_ENV = /^AZURE_/;

/** Google Cloud: from GKE, and from clusters elsewhere. */
export const GOOGLE_REPORTS: readonly Report[] = [
  {
    what: 'the annotation names the service account of the old project',
    world: GKE,
    done: (c) => { c.annotations('flux-system', KUSTOMIZE)['iam.gke.io/gcp-service-account'] = 'flux-sops@acme-old.iam.gserviceaccount.com'; },
    verdict: 'refused',
    layer: 'settings',
    names: /acme-old/,
  },
  {
    what: 'workloadIdentityUser was given to an account of another namespace',
    world: GKE,
    done: (c) => {
      const values = c.resource('google_service_account_iam_member', 'workloadIdentityUser');
      values.member = values.member.replace('flux-system/', 'flux/').replace('ns/flux-system', 'ns/flux');
    },
    verdict: 'refused',
    layer: 'trust',
    names: /workloadIdentityUser|member/,
  },
  {
    what: 'somebody gave tokenCreator in place of workloadIdentityUser of another account',
    world: GKE,
    done: (c) => { c.resource('google_service_account_iam_member', 'workloadIdentityUser').role = 'roles/iam.serviceAccountUser'; },
    verdict: 'refused',
    layer: 'trust',
    names: /workloadIdentityUser|serviceAccountUser/,
  },
  {
    what: 'the service account is disabled',
    world: GKE,
    done: (c) => { c.resource('google_service_account', 'flux-sops').disabled = true; },
    verdict: 'refused',
    layer: 'identity',
    names: /disabled/,
  },
  {
    what: 'the service account was made anew: the key knows the dead one',
    world: GKE,
    done: (c) => {
      const values = c.resource('google_kms_crypto_key_iam_member');
      values.member = `deleted:${values.member}?uid=123456789012345678901`;
    },
    verdict: 'refused',
    layer: 'permission',
    names: /was deleted/,
  },
  {
    what: 'the right was given until the end of the year before',
    world: GKE,
    done: (c) => {
      c.resource('google_kms_crypto_key_iam_member').condition = [{
        title: 'until', description: '', expression: 'request.time < timestamp("2025-12-31T00:00:00Z")',
      }];
    },
    verdict: 'refused',
    layer: 'permission',
    names: /condition|request\.time/,
  },
  {
    what: 'the right is on a repository of the same name in another place',
    world: GKE,
    done: (c) => { c.resource('google_artifact_registry_repository_iam_member', SOURCE, 'apps').location = 'us-central1'; },
    verdict: 'refused',
    layer: 'permission',
    names: /us-central1|artifactregistry|apps/,
  },
  {
    what: 'the bucket lost the role that shows that it exists',
    world: GKE,
    done: (c) => c.lose('google_storage_bucket_iam_member', 'bucketViewer', SOURCE),
    verdict: 'refused',
    layer: 'permission',
    names: /bucketViewer|storage\.buckets\.get|acme-flux-manifests/,
  },
  {
    what: 'source-controller runs on the network of its node, whose metadata server gives the node',
    world: GKE,
    done: (c) => c.specs(SOURCE).forEach((spec) => { spec.hostNetwork = true; }),
    verdict: 'refused',
    layer: 'settings',
    names: /hostNetwork/,
  },
  {
    what: 'a mounted key from before: GOOGLE_APPLICATION_CREDENTIALS wins',
    world: GKE,
    done: (c) => c.env(KUSTOMIZE, 'GOOGLE_APPLICATION_CREDENTIALS', '/etc/gcp/key.json'),
    verdict: 'refused',
    layer: 'settings',
    names: /GOOGLE_APPLICATION_CREDENTIALS/,
  },
  {
    what: 'a Bucket of Cloud Storage says aws',
    world: GKE,
    done: (c) => c.apply('Bucket', 'flux-system', 'wrong', { bucketName: 'acme-flux-manifests', endpoint: 'storage.googleapis.com', provider: 'aws' }),
    verdict: 'refused',
    layer: 'flux object',
    names: /provider/,
  },
  {
    what: 'an OCIRepository of Artifact Registry without a provider',
    world: GKE,
    done: (c) => c.apply('OCIRepository', 'flux-system', 'plain', { url: 'oci://europe-west1-docker.pkg.dev/acme-prod/apps/web' }),
    verdict: 'refused',
    layer: 'flux object',
    names: /provider/,
  },
  {
    what: 'the condition of the provider was narrowed to another team',
    world: EKS_GCP,
    done: (c) => { c.resource(PROVIDER).attribute_condition = 'assertion.sub == "system:serviceaccount:team-b:flux"'; },
    verdict: 'refused',
    layer: 'trust',
    names: /team-b/,
  },
  {
    what: 'the mapping takes the namespace for the subject',
    world: EKS_GCP,
    done: (c) => { c.resource(PROVIDER).attribute_mapping = { 'google.subject': 'assertion["kubernetes.io"]["namespace"]' }; },
    verdict: 'refused',
    layer: 'trust',
    names: /google\.subject|mapping/,
  },
  {
    what: 'allowed audiences: only the one that the credential file of controllers has not',
    world: EKS_GCP,
    done: (c) => { c.resource(PROVIDER).oidc[0].allowed_audiences = ['sts.amazonaws.com']; },
    verdict: 'refused',
    layer: 'trust',
    names: /sts\.amazonaws\.com/,
  },
  {
    what: 'the provider is disabled',
    world: EKS_GCP,
    done: (c) => { c.resource(PROVIDER).disabled = true; },
    verdict: 'refused',
    layer: 'trust anchor',
    names: /disabled/,
  },
  {
    what: 'the pool is in the bin for thirty days',
    world: EKS_GCP,
    done: (c) => { c.resource(POOL).state = 'DELETED'; },
    verdict: 'refused',
    layer: 'trust anchor',
    names: /deleted/,
  },
  {
    what: 'the issuer got a slash at its end',
    world: EKS_GCP,
    done: (c) => { c.resource(PROVIDER).oidc[0].issuer_uri += '/'; },
    verdict: 'refused',
    layer: 'trust anchor',
    names: /oidc\.eks/,
  },
  {
    what: 'the members were written with the id of the project in place of its number',
    world: EKS_GCP,
    done: (c) => {
      const values = c.resource('google_artifact_registry_repository_iam_member', 'team-a:flux');
      values.member = values.member.replace('projects/123456789012', 'projects/acme-prod');
    },
    verdict: 'refused',
    layer: 'permission',
    names: /acme-prod|member/,
  },
  {
    what: 'the credential file names the pool of the other cluster',
    world: EKS_GCP,
    done: (c) => {
      const map = c.objects.find(({ kind, data }) => kind === 'ConfigMap' && data?.['credential-configuration.json']);
      map.data['credential-configuration.json'] = map.data['credential-configuration.json'].replace(/workloadIdentityPools\/prod-eks/g, 'workloadIdentityPools/prod-blue');
    },
    verdict: 'refused',
    layer: 'settings',
    names: /prod-blue/,
  },
  {
    what: 'the ConfigMap with the credential file was pruned',
    world: EKS_GCP,
    done: (c) => c.remove(c.objects.find(({ kind, data }) => kind === 'ConfigMap' && data?.['credential-configuration.json'])),
    verdict: 'refused',
    layer: 'settings',
    names: /ConfigMap/,
  },
  {
    what: 'GOOGLE_APPLICATION_CREDENTIALS was lost in a merge of patches',
    world: EKS_GCP,
    done: (c) => c.containers(SOURCE).forEach((container) => {
      container.env = container.env.filter(({ name }: { name: string }) => name !== 'GOOGLE_APPLICATION_CREDENTIALS');
    }),
    verdict: 'refused',
    layer: 'settings',
    names: /GOOGLE_APPLICATION_CREDENTIALS/,
  },
  {
    what: 'the projected token has the audience of AWS',
    world: EKS_GCP,
    done: (c) => c.specs(SOURCE).forEach((spec) => spec.volumes.forEach((volume: { projected?: { sources: Record<string, any>[] } }) => {
      volume.projected?.sources.forEach((source) => {
        if (source.serviceAccountToken?.audience) {
          source.serviceAccountToken.audience = 'sts.amazonaws.com';
        }
      });
    })),
    verdict: 'refused',
    layer: 'settings',
    names: /sts\.amazonaws\.com/,
  },
  {
    what: 'the annotation of the tenant has the id of the project',
    world: EKS_GCP,
    done: (c) => {
      const annotations = c.annotations('team-a', 'flux');
      const key = 'gcp.auth.fluxcd.io/workload-identity-provider';
      annotations[key] = annotations[key].replace('projects/123456789012', 'projects/acme-prod');
    },
    verdict: 'refused',
    layer: 'settings',
    names: /workload-identity-provider/,
  },
  {
    what: 'the kind cluster was made anew with new keys',
    world: KIND,
    done: (c) => {
      c.jwks = { keys: [{ use: 'sig', kty: 'RSA', kid: 'new-key-of-today', alg: 'RS256', n: 'xjWd5p7DJ0H4B5Nq', e: 'AQAB' }] };
    },
    verdict: 'refused',
    layer: 'keys',
    names: /new-key-of-today/,
  },
  {
    what: 'the API server was restarted with --service-account-issuer of its public name',
    world: KIND,
    done: (c) => { c.discovery = { issuer: 'https://kind.example.com', jwks_uri: 'https://kind.example.com/openid/v1/jwks' }; },
    verdict: 'refused',
    layer: 'issuer',
    names: /kind\.example\.com/,
  },
];

/** Azure: from AKS, and from clusters elsewhere. */
export const AZURE_REPORTS: readonly Report[] = [
  {
    what: 'the subject of the federated credential is of the namespace flux',
    world: AKS,
    done: (c) => { c.resource('azurerm_federated_identity_credential', KUSTOMIZE).subject = 'system:serviceaccount:flux:kustomize-controller'; },
    verdict: 'refused',
    layer: 'trust',
    names: /system:serviceaccount:flux:/,
  },
  {
    what: 'the subject is in another case',
    world: AKS,
    done: (c) => { c.resource('azurerm_federated_identity_credential', KUSTOMIZE).subject = 'system:serviceaccount:flux-system:Kustomize-Controller'; },
    verdict: 'refused',
    layer: 'trust',
    names: /Kustomize-Controller/,
  },
  {
    what: 'the issuer of the federated credential lost its slash',
    world: AKS,
    done: (c) => c.edit(c.resource('azurerm_federated_identity_credential', KUSTOMIZE), 'issuer', (text) => text.replace(/\/$/, '')),
    verdict: 'refused',
    layer: 'trust anchor',
    names: /issuer|oic\.prod-aks/,
  },
  {
    what: 'the audience of the federated credential is that of the cloud in China',
    world: AKS,
    done: (c) => { c.resource('azurerm_federated_identity_credential', KUSTOMIZE).audience = ['api://AzureADTokenExchangeChina']; },
    verdict: 'refused',
    layer: 'trust',
    names: /AzureADTokenExchangeChina/,
  },
  {
    what: 'the annotation holds the object id in place of the client id',
    world: AKS,
    done: (c) => { c.annotations('flux-system', KUSTOMIZE)[CLIENT] = c.resource('azurerm_user_assigned_identity', 'flux-sops').principal_id; },
    verdict: 'refused',
    layer: 'settings',
    names: /client-id/,
  },
  {
    what: 'the tenant id of the annotation is of the tenant for tests',
    world: AKS,
    done: (c) => { c.annotations('team-a', 'flux')[TENANT] = '99999999-9999-9999-9999-999999999999'; },
    verdict: 'refused',
    layer: 'settings',
    names: /99999999-/,
  },
  {
    what: 'the label of the pods was lost',
    world: AKS,
    done: (c) => {
      delete c.template(KUSTOMIZE).metadata.labels[USE];
      c.pods(KUSTOMIZE).forEach(({ metadata }) => { delete metadata.labels[USE]; });
      c.podsWithout(KUSTOMIZE, AZURE_ENV);
    },
    verdict: 'refused',
    layer: 'settings',
    names: /workload\.identity\/use/,
  },
  {
    what: 'the label says "True"',
    world: AKS,
    done: (c) => {
      c.template(KUSTOMIZE).metadata.labels[USE] = 'True';
      c.pods(KUSTOMIZE).forEach(({ metadata }) => { metadata.labels[USE] = 'True'; });
      c.podsWithout(KUSTOMIZE, AZURE_ENV);
    },
    verdict: 'refused',
    layer: 'settings',
    names: /workload\.identity\/use/,
  },
  {
    what: 'the webhook was down when the pods came',
    world: AKS,
    done: (c) => c.podsWithout(KUSTOMIZE, AZURE_ENV),
    verdict: 'refused',
    layer: 'pod',
    names: /AZURE_/,
  },
  {
    what: 'the webhook is told to skip the container',
    world: AKS,
    done: (c) => {
      c.template(KUSTOMIZE).metadata.annotations['azure.workload.identity/skip-containers'] = 'manager';
      c.podsWithout(KUSTOMIZE, AZURE_ENV);
    },
    verdict: 'refused',
    layer: 'settings',
    names: /skip-containers/,
  },
  {
    what: 'a client secret from before stands in the Deployment: the environment comes first',
    world: AKS,
    done: (c) => {
      c.env(KUSTOMIZE, 'AZURE_CLIENT_ID', '77777777-7777-7777-7777-777777777777');
      c.env(KUSTOMIZE, 'AZURE_CLIENT_SECRET', 'x');
    },
    verdict: 'refused',
    layer: 'settings',
    names: /AZURE_CLIENT_/,
  },
  {
    what: 'the identity was made anew; the annotations are of the dead one',
    world: AKS,
    done: (c) => {
      const values = c.resource('azurerm_user_assigned_identity', 'flux-sops');
      values.client_id = '88888888-8888-8888-8888-888888888888';
    },
    verdict: 'refused',
    layer: 'settings',
    names: /88888888-/,
  },
  {
    what: 'the role was assigned to the client id in place of the object id',
    world: AKS,
    done: (c) => {
      const { client_id: client, principal_id: principal } = c.resource('azurerm_user_assigned_identity', 'flux-sops');
      c.resource('azurerm_role_assignment', principal).principal_id = client;
    },
    verdict: 'refused',
    layer: 'permission',
    names: /role|assign/i,
  },
  {
    what: 'the role is on the registry of the tests',
    world: AKS,
    done: (c) => {
      const { principal_id: principal } = c.resource('azurerm_user_assigned_identity', 'flux-team-a');
      c.edit(c.resource('azurerm_role_assignment', principal), 'scope', (text) => text.replace('acmeregistry', 'acmetestregistry'));
    },
    verdict: 'refused',
    layer: 'permission',
    names: /acme/,
  },
  {
    what: 'an assignment on a scope whose name begins like the right one',
    world: AKS,
    done: (c) => {
      const { principal_id: principal } = c.resource('azurerm_user_assigned_identity', 'flux-team-a');
      c.edit(c.resource('azurerm_role_assignment', principal), 'scope', (text) => text.replace(/registries\/acmeregistry$/, 'registries/acme'));
    },
    verdict: 'refused',
    layer: 'permission',
    names: /acme/,
  },
  {
    what: 'Contributor on the storage account in place of Storage Blob Data Reader',
    world: AKS,
    done: (c) => {
      const values = c.resource('azurerm_role_assignment', 'Microsoft.Storage');
      values.role_definition_name = 'Contributor';
      values.role_definition_id = '/subscriptions/00000000-0000-0000-0000-000000000001/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c';
    },
    verdict: 'cannot tell',
    layer: 'permission',
    names: /b24988ac|Contributor/,
  },
  {
    what: 'the vault is in the mode of access policies, as its own stack says',
    world: AKS,
    done: (c) => c.add('azurerm_key_vault', {
      id: '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/flux-prod/providers/Microsoft.KeyVault/vaults/acme-flux',
      name: 'acme-flux',
      enable_rbac_authorization: false,
      rbac_authorization_enabled: false,
      access_policy: [],
    }),
    verdict: 'refused',
    layer: 'owner',
    names: /acme-flux/,
  },
  {
    what: 'the firewall of the vault is on, as its own stack says',
    world: AKS,
    done: (c) => c.add('azurerm_key_vault', {
      id: '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/flux-prod/providers/Microsoft.KeyVault/vaults/acme-flux',
      name: 'acme-flux',
      enable_rbac_authorization: true,
      public_network_access_enabled: false,
      network_acls: [{ bypass: 'None', default_action: 'Deny', ip_rules: [], virtual_network_subnet_ids: [] }],
    }),
    verdict: 'cannot be seen',
    layer: 'owner',
    names: /acme-flux/,
  },
  {
    what: 'the twenty-first federated credential was refused; the apply stopped there',
    world: AKS,
    done: (c) => c.lose('azurerm_federated_identity_credential', KUSTOMIZE),
    verdict: 'refused',
    layer: 'trust',
    names: /federated/i,
  },
  {
    what: 'an OCIRepository of Container Registry without a provider',
    world: AKS,
    done: (c) => c.apply('OCIRepository', 'flux-system', 'plain', { url: 'oci://acmeregistry.azurecr.io/apps' }),
    verdict: 'refused',
    layer: 'flux object',
    names: /provider/,
  },
  {
    what: 'a GitRepository of Azure DevOps without a provider or a secret',
    world: DEVOPS,
    done: (c) => c.apply('GitRepository', 'flux-system', 'fleet', { url: 'https://dev.azure.com/acme/platform/_git/fleet' }),
    verdict: 'refused',
    layer: 'flux object',
    names: /provider/,
  },
  {
    what: 'off AKS: somebody took the token volume for a relict',
    world: GKE_AZURE,
    done: (c) => c.specs(SOURCE).forEach((spec) => {
      const gone = spec.volumes.filter(({ projected }: any) => JSON.stringify(projected ?? '').includes('AzureADTokenExchange'))
        .map(({ name }: { name: string }) => name);
      spec.volumes = spec.volumes.filter(({ name }: { name: string }) => !gone.includes(name));
      spec.containers.forEach((container: any) => {
        container.volumeMounts = container.volumeMounts.filter(({ name }: { name: string }) => !gone.includes(name));
      });
    }),
    verdict: 'refused',
    layer: 'settings',
    names: /token|volume|mount/i,
  },
  {
    what: 'off AKS: the authority is that of the US Government',
    world: GKE_AZURE,
    done: (c) => c.env(SOURCE, 'AZURE_AUTHORITY_HOST', 'https://login.microsoftonline.us/'),
    verdict: 'refused',
    layer: 'settings',
    names: /login\.microsoftonline\.us/,
  },
];

/** Azure DevOps, whose users and groups are its own. */
export const DEVOPS_REPORTS: readonly Report[] = [
  {
    what: 'the client id was made a user of the organization in place of the object id',
    world: DEVOPS,
    done: (c) => {
      const { client_id: client, principal_id: principal } = c.resource('azurerm_user_assigned_identity', 'flux-git-reader');
      c.resource('azuredevops_service_principal_entitlement', principal).origin_id = client;
    },
    verdict: 'refused',
    layer: 'identity',
    names: /object ID/,
  },
  {
    what: 'an administrator tidied the group up',
    world: DEVOPS,
    done: (c) => {
      const { principal_id: principal } = c.resource('azurerm_user_assigned_identity', 'flux-git-reader');
      const { descriptor } = c.resource('azuredevops_service_principal_entitlement', principal);
      c.resource('azuredevops_group_membership', descriptor).members = ['aad.c29tZWJvZHkgZWxzZQ'];
    },
    verdict: 'refused',
    layer: 'permission',
    names: /group/,
  },
];

/** Three clouds on one controller, and tenants under a lockdown. */
export const MIXED_REPORTS: readonly Report[] = [
  {
    what: 'AKS to AWS: the OIDC provider was made without the slash at the end',
    world: CROSS,
    done: (c) => {
      const values = c.resource('aws_iam_openid_connect_provider');
      values.url = values.url.replace(/\/$/, '');
      values.arn = values.arn.replace(/\/$/, '');
    },
    verdict: 'refused',
    layer: 'trust anchor',
    names: /oic\.prod-aks/,
  },
  {
    what: 'the file of the web identity token is the one of Azure',
    world: CROSS,
    done: (c) => c.env(SOURCE, 'AWS_WEB_IDENTITY_TOKEN_FILE', '/var/run/secrets/azure/tokens/azure-identity-token'),
    verdict: 'refused',
    layer: 'settings',
    names: /azure-identity-token/,
  },
  {
    what: 'an OCIRepository of the tenant says gcp of a registry of AWS',
    world: CROSS,
    done: (c) => c.apply('OCIRepository', 'team-a', 'mixed', {
      url: 'oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/team-a/web', provider: 'gcp', serviceAccountName: 'flux',
    }),
    verdict: 'refused',
    layer: 'flux object',
    names: /provider|gcp/,
  },
  {
    what: 'the annotation of one cloud of three was lost',
    world: CROSS,
    done: (c) => { delete c.annotations('team-a', 'flux')['gcp.auth.fluxcd.io/workload-identity-provider']; },
    verdict: 'refused',
    layer: 'settings',
    names: /workload-identity-provider/,
  },
  {
    what: 'the default account of a tenant was deleted',
    world: TENANTS,
    done: (c) => c.remove(c.account('team-a', 'flux')),
    verdict: 'refused',
    layer: 'account',
    names: /team-a\/flux/,
  },
  {
    what: 'a patch by hand replaced the arguments of kustomize-controller',
    world: TENANTS,
    done: (c) => {
      c.apply('Kustomization', 'team-a', 'secret', {
        path: './', prune: true, sourceRef: { kind: 'OCIRepository', name: 'apps' }, decryption: { provider: 'sops' },
      });
      c.args(KUSTOMIZE, (args) => args.filter((each) => !each.includes('decryption-service-account')));
    },
    verdict: 'refused',
    layer: 'flux object',
    names: /flux-system\/kustomize-controller/,
  },
  {
    what: 'the multi-tenancy patch went to every Deployment: source-controller does not know the flag and exits',
    world: TENANTS,
    done: (c) => {
      c.args(SOURCE, (args) => [...args, '--no-cross-namespace-refs=true']);
      c.pods(SOURCE).forEach(({ status }) => {
        status.containerStatuses = [{
          name: 'manager', ready: false, restartCount: 12, state: { waiting: { reason: 'CrashLoopBackOff' } },
        }];
      });
    },
    verdict: 'refused',
    layer: 'gate',
    names: /no-cross-namespace-refs/,
  },
  {
    what: 'the default account of the flag is another than the tenants have',
    world: TENANTS,
    done: (c) => {
      c.apply('OCIRepository', 'team-a', 'web', { url: 'oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/team-a/web', provider: 'aws' });
      c.args(SOURCE, (args) => args.map((each) => each.startsWith('--default-service-account') ? '--default-service-account=default' : each));
    },
    verdict: 'refused',
    layer: 'flux object',
    names: /team-a\/default/,
  },
];
