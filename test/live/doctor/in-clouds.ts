import { LiveFault } from './fault';
import { EKS_ISSUER } from '../../conformance/computed';
import { jwksText, signingKey } from '../../tokens';
import { Level, NAMESPACES } from '../estate';

const OTHER = 'https://oidc.eks.eu-west-1.amazonaws.com/id/ANOTHERD539D4633E53DE1B71EXAMPLE';

type Resources = { [address: string]: any };
const of = (resources: Resources, type: string, where: (values: any) => boolean = () => true): any[] =>
  Object.entries(resources).filter(([address, values]) => address.startsWith(`${type}.`) && where(values)).map(([, values]) => values);
const only = (resources: Resources, type: string, where?: (values: any) => boolean): any => {
  const found = of(resources, type, where);
  if (found.length !== 1) throw new Error(`${found.length} resources of type ${type}`);
  return found[0];
};
/** Removes resources. */
const without = (resources: Resources, type: string, where: (values: any) => boolean) => {
  for (const [address, values] of Object.entries(resources)) {
    if (address.startsWith(`${type}.`) && where(values)) delete resources[address];
  }
};
const identityOf = (resources: Resources, level: Level) => only(resources, 'azurerm_user_assigned_identity', ({ name }) => name === `flux-${level}`);
const credentialOf = (resources: Resources, level: Level, subject: string) =>
  only(resources, 'azurerm_federated_identity_credential', (each) => each.parent_id === identityOf(resources, level).id && each.subject === subject);
const SUBJECT = `system:serviceaccount:${NAMESPACES.object}:flux`;
const SOURCE = 'system:serviceaccount:flux-system:source-controller';

/** What can be wrong in the clouds, for Flux in EKS. */
export const IN_CLOUDS: readonly LiveFault[] = [
  {
    title: 'the cluster was made anew, and Terraform still has its old issuer',
    on: ['azure', 'controller', 'Bucket'],
    says: /AADSTS700211: No matching federated identity record found for presented assertion issuer '[^']+'/,
    layer: 'issuer',
    text: 'trust anchor',
    break: (bench) => bench.clouds((resources) => {
      const old = JSON.parse(JSON.stringify(resources).split(EKS_ISSUER.slice('https://'.length)).join(OTHER.slice('https://'.length)));
      Object.assign(resources, old);
    }),
  },
  {
    title: 'keys of another cluster are uploaded to the provider of the pool',
    on: ['gcp', 'controller', 'Images'],
    says: /no applicable key found/,
    layer: 'keys',
    text: 'nothing',
    break: async (bench) => {
      const jwks = jwksText(await signingKey());
      await bench.clouds((resources) => {
        [only(resources, 'google_iam_workload_identity_pool_provider').oidc].flat()[0].jwks_json = jwks;
      });
    },
  },
  {
    title: 'the issuer publishes other keys',
    on: ['aws', 'object', 'Images'],
    says: /Couldn't retrieve verification key from your identity provider/,
    layer: 'keys',
    unseen: true,
    break: (bench) => bench.publish('{"keys":[]}'),
  },
  {
    title: 'the OIDC provider is of another cluster',
    on: ['aws', 'controller', 'Images'],
    says: /No OpenIDConnect provider found in your account for https:\S+/,
    layer: 'trust anchor',
    break: (bench) => bench.clouds((resources) => {
      only(resources, 'aws_iam_openid_connect_provider').url = OTHER;
    }),
  },
  {
    title: 'the federated credential is for another issuer',
    on: ['azure', 'object', 'Bucket'],
    says: /AADSTS700211: No matching federated identity record found for presented assertion issuer '[^']+'/,
    layer: 'trust anchor',
    break: (bench) => bench.clouds((resources) => {
      credentialOf(resources, 'object', SUBJECT).issuer = OTHER;
    }),
  },
  {
    title: 'the provider of the pool is for another issuer',
    on: ['gcp', 'controller', 'Bucket'],
    says: /The issuer in ID Token \S+ does not match the expected ones/,
    layer: 'trust anchor',
    break: (bench) => bench.clouds((resources) => {
      [only(resources, 'google_iam_workload_identity_pool_provider').oidc].flat()[0].issuer_uri = OTHER;
    }),
  },
  {
    title: 'the trust policy names another subject',
    on: ['aws', 'object', 'Images'],
    says: /Not authorized to perform sts:AssumeRoleWithWebIdentity/,
    layer: 'trust',
    break: (bench) => bench.clouds((resources) => {
      const role = only(resources, 'aws_iam_role', ({ name }) => name === 'flux-object');
      role.assume_role_policy = role.assume_role_policy.replace(SUBJECT, `${SUBJECT}x`);
    }),
  },
  {
    title: 'the federated credential is for another subject',
    on: ['azure', 'controller', 'Images'],
    says: /AADSTS700213: No matching federated identity record found for presented assertion subject '[^']+'/,
    layer: 'trust',
    break: (bench) => bench.clouds((resources) => {
      credentialOf(resources, 'controller', SOURCE).subject = SOURCE.replace('flux-system', 'default');
    }),
  },
  {
    title: 'the federated credential is for another audience',
    on: ['azure', 'object', 'Images'],
    says: /AADSTS700212: No matching federated identity record found for presented assertion audience '[^']+'/,
    layer: 'trust',
    break: (bench) => bench.clouds((resources) => {
      credentialOf(resources, 'object', SUBJECT).audience = ['api://AzureADTokenExchangeUSGov'];
    }),
  },
  {
    title: 'the condition of the pool does not let the account in',
    on: ['gcp', 'controller', 'Images'],
    says: /The given credential is rejected by the attribute condition/,
    layer: 'trust',
    break: (bench) => bench.clouds((resources) => {
      const provider = only(resources, 'google_iam_workload_identity_pool_provider');
      provider.attribute_condition = provider.attribute_condition.replace(SOURCE, `${SOURCE}x`);
    }),
  },
  {
    title: 'the account is no user of the service account of Google',
    on: ['gcp', 'object', 'Images'],
    says: /Permission 'iam\.serviceAccounts\.getAccessToken' denied/,
    layer: 'trust',
    break: (bench) => bench.clouds((resources) => without(resources, 'google_service_account_iam_member', ({ role }) => role === 'roles/iam.workloadIdentityUser')),
  },
  {
    title: 'the policy does not allow the bucket',
    on: ['aws', 'controller', 'Bucket'],
    says: /Access ?Denied/,
    layer: 'permission',
    break: (bench) => bench.clouds((resources) => {
      const policy = only(resources, 'aws_iam_role_policy', ({ role }) => role === 'flux-controller');
      const document = JSON.parse(policy.policy);
      document.Statement = document.Statement.filter(({ Action }: any) => ![Action].flat().some((action) => action.startsWith('s3:')));
      policy.policy = JSON.stringify(document);
    }),
  },
  {
    title: 'the role is not assigned on the key',
    on: ['azure', 'object', 'Key'],
    says: /Caller is not authorized to perform action on resource/,
    layer: 'permission',
    break: (bench) => bench.clouds((resources) => without(resources, 'azurerm_role_assignment',
      ({ scope, principal_id: id }) => /\/keys\//.test(scope) && id === identityOf(resources, 'object').principal_id)),
  },
  {
    title: 'no member of the bucket',
    on: ['gcp', 'controller', 'Bucket'],
    says: /Permission 'storage\.buckets\.get' denied on resource '[^']+'/,
    layer: 'permission',
    break: (bench) => bench.clouds((resources) => without(resources, 'google_storage_bucket_iam_member', ({ bucket }) => bucket === 'acme-platform')),
  },
  {
    title: 'the access entry of the remote cluster is that of a role of last year',
    on: ['aws', 'controller', 'Cluster'],
    says: /the server has asked for the client to provide credentials|Unauthorized/,
    layer: 'permission',
    text: 'owner',
    break: (bench) => bench.clouds((resources) => {
      for (const each of of(resources, 'aws_eks_access_entry', ({ cluster_name: name }) => name === 'platform')) each.principal_arn = `${each.principal_arn}-2025`;
    }),
  },
  {
    title: 'the policy of the bucket denies it',
    on: ['aws', 'object', 'Bucket'],
    says: /Access ?Denied/,
    layer: 'owner',
    text: 'permission',
    break: (bench) => bench.clouds((resources) => {
      const Statement = [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: ['arn:aws:s3:::acme-teama', 'arn:aws:s3:::acme-teama/*'] }];
      resources['aws_s3_bucket_policy.Owner'] = { bucket: 'acme-teama', policy: JSON.stringify({ Version: '2012-10-17', Statement }) };
    }),
  },
];
