// The resources of fleet-library by the bare bindings, and its values in an output. Its files somebody has written by hand.
import { createHash } from 'crypto';
import { readFileSync } from 'fs';
import { join } from 'path';
import { DataAwsEksCluster } from '@cdktf/provider-aws/lib/data-aws-eks-cluster';
import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { DataAzurermKubernetesCluster } from '@cdktf/provider-azurerm/lib/data-azurerm-kubernetes-cluster';
import { FederatedIdentityCredential } from '@cdktf/provider-azurerm/lib/federated-identity-credential';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import { ArtifactRegistryRepositoryIamMember } from '@cdktf/provider-google/lib/artifact-registry-repository-iam-member';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { Fn, TerraformOutput, TerraformResource, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { parse } from 'yaml';
import { permissionDocument, trustDocument } from './documents';
import { probe } from './probe';

interface Cluster {
  readonly name: string;
  readonly cloud: 'aws' | 'azure' | 'gcp';
  readonly account: string;
  readonly region: string;
  readonly tenants: readonly string[];
}

/** Who pulls from a repository: a tenant, or the controllers. */
interface Puller {
  readonly scope: Construct;
  readonly name: string;
  readonly repository: string;
  /** Namespace and name. */
  readonly accounts: ReadonlyArray<readonly [string, string]>;
}

type Values = { [key: string]: string };

const CLOUDS: { readonly [cloud in Cluster['cloud']]: (stack: TerraformStack, cluster: Cluster) => (puller: Puller) => Values } = {
  aws: (stack, { name, account, region }) => {
    new AwsProvider(stack, 'Aws', { region, allowedAccountIds: [account] });
    const url = new DataAwsEksCluster(new Construct(stack, 'Cluster'), 'Resource', { name }).identity.get(0).oidc.get(0).issuer;
    const issuer = Fn.replace(url, 'https://', '');
    const oidc = new IamOpenidConnectProvider(new Construct(stack, 'Oidc'), 'Resource', { url, clientIdList: ['sts.amazonaws.com'] });
    return ({ scope, name: identity, repository, accounts }) => {
      const roleName = `flux-${name}-${identity}`;
      const arn = `arn:aws:iam::${account}:role/${roleName}`;
      const subjects = accounts.map(([namespace, serviceAccount]) => `system:serviceaccount:${namespace}:${serviceAccount}`);
      const role = new IamRole(scope, 'Resource', {
        name: roleName,
        assumeRolePolicy: trustDocument(oidc.arn, issuer, subjects.length === 1 ? subjects[0] : subjects),
        lifecycle: {
          postcondition: [{
            condition: `\${self.arn == "${arn}"}`,
            errorMessage: `${scope.node.path} is not ${arn}: the provider works in another account or partition than the options say.`,
          }],
        },
      });
      new IamRolePolicy(scope, 'Policy', { name: 'flux', role: role.name, policy: permissionDocument(`arn:aws:ecr:${region}:${account}:repository/${repository}/*`) });
      return { role_arn: arn };
    };
  },
  azure: (stack, { name, account, region }) => {
    new AzurermProvider(stack, 'Azure', { features: [{}], subscriptionId: account });
    const issuer = new DataAzurermKubernetesCluster(new Construct(stack, 'Cluster'), 'Resource', {
      name,
      resourceGroupName: name,
      lifecycle: {
        postcondition: [{
          condition: '${self.oidc_issuer_enabled}',
          errorMessage: 'The OIDC issuer of this AKS cluster is off: no cloud can trust its tokens. Run: az aks update --enable-oidc-issuer',
        }],
      },
    }).oidcIssuerUrl;
    const registry = `/subscriptions/${account}/resourceGroups/${name}/providers/Microsoft.ContainerRegistry/registries/${name.replace(/-/g, '')}`;
    const content = 'Microsoft.ContainerRegistry/registries/repositories';
    return ({ scope, name: identity, repository, accounts }) => {
      const own = new UserAssignedIdentity(scope, 'Resource', { name: `flux-${identity}`, resourceGroupName: name, location: region });
      const credentials = new Construct(scope, 'Credentials');
      let before: TerraformResource[] | undefined;
      for (const [namespace, serviceAccount] of accounts) {
        const hash = createHash('sha256').update(`${stack.node.path}/Cluster ${namespace}/${serviceAccount}`).digest('hex').slice(0, 8);
        const credential = `Cluster-${namespace}-${serviceAccount}-${hash}`;
        before = [new FederatedIdentityCredential(credentials, credential, {
          name: credential,
          parentId: own.id,
          resourceGroupName: own.resourceGroupName,
          issuer,
          subject: `system:serviceaccount:${namespace}:${serviceAccount}`,
          audience: ['api://AzureADTokenExchange'],
          dependsOn: before,
          lifecycle: {
            precondition: [{
              condition: Fn.can(Fn.regex('^https://[^/ ?#@*]+(/[^ ?#*]*)?$', issuer)),
              errorMessage: `The issuer of ${scope.node.path} must be an https URL with a host and no user, query, fragment or wildcard: `
                + 'Microsoft Entra ID fetches its discovery document over TLS and compares the issuer of tokens with it byte for byte.',
            }],
          },
        })];
      }
      new RoleAssignment(new Construct(scope, 'Pull'), 'Resource', {
        principalId: own.principalId,
        principalType: 'ServicePrincipal',
        roleDefinitionId: `/subscriptions/${account}/providers/Microsoft.Authorization/roleDefinitions/b93aa761-3e63-49ed-ac28-beffa264f7ac`,
        scope: registry,
        condition: `((!(ActionMatches{'${content}/content/read'}) AND !(ActionMatches{'${content}/metadata/read'}))`
          + ` OR (@Request[${content}:name] StringStartsWithIgnoreCase '${repository}/'))`,
        conditionVersion: '2.0',
      });
      return { client_id: own.clientId, tenant_id: own.tenantId };
    };
  },
  gcp: (stack, { account, region }) => {
    new GoogleProvider(stack, 'Google', { project: account, region });
    return ({ scope, repository, accounts }) => {
      const grant = new Construct(scope, 'Pull');
      for (const [namespace, serviceAccount] of accounts) {
        new ArtifactRegistryRepositoryIamMember(grant, `Reader-${namespace}_${serviceAccount}`, {
          project: account,
          location: region,
          repository,
          role: 'roles/artifactregistry.reader',
          member: `serviceAccount:${account}.svc.id.goog[${namespace}/${serviceAccount}]`,
        });
      }
      return {};
    };
  },
};

probe((app) => {
  const { clusters } = parse(readFileSync(join(__dirname, '../../../examples/fleet/fleet.yaml'), 'utf8')) as { clusters: Cluster[] };
  for (const cluster of clusters) {
    const stack = new TerraformStack(app, `flux-fleet-${cluster.name}`);
    const pulls = CLOUDS[cluster.cloud](stack, cluster);
    const identity = (scope: Construct, name: string, repository: string, ...accounts: Array<readonly [string, string]>) => (
      Object.entries(pulls({ scope: new Construct(scope, 'Images'), name, repository, accounts })).map(([key, value]) => `  ${name}_${key}: ${value}\n`)
    );
    const controllers = [['flux-system', 'image-reflector-controller'], ['flux-system', 'source-controller']] as const;
    const values = [
      ...identity(new Construct(stack, 'Controllers'), 'controllers', 'apps', ...controllers),
      ...cluster.tenants.flatMap((tenant) => identity(new Construct(stack, tenant), tenant, tenant, [tenant, 'flux'])),
    ];
    new TerraformOutput(stack, 'runtimeInfo', { value: `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: flux-runtime-info\ndata:\n${values.join('')}` });
  }
});
