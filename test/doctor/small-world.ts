import { AccessModel, SCHEMA, VERSION } from '../../lib/access/model';

const ISSUER = 'https://oidc.eks.eu-west-1.amazonaws.com/id/A';
const PROVIDER = 'arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A';
const REPOSITORY = 'arn:aws:ecr:eu-west-1:111122223333:repository/apps/web';
const ACTIONS = ['ecr:BatchGetImage', 'ecr:ListImages'];
const roleOf = (name: string) => `arn:aws:iam::111122223333:role/${name}`;

const identity = (name: string, account: string, level: 'controller' | 'object'): AccessModel['identities'][number] => ({
  key: `aws ${account}`,
  cloud: 'aws',
  credential: 'workload identity',
  principals: [{ stack: 'prod', ref: `\${aws_iam_role.${name}.arn}` }],
  subjects: [{ account, level }],
  trust: [{
    anchor: { stack: 'prod', ref: '${aws_iam_openid_connect_provider.Oidc.arn}' },
    issuer: 'cluster',
    subject: `system:serviceaccount:${account.replace('/', ':')}`,
    audiences: ['sts.amazonaws.com'],
  }],
  settings: [{ account, annotations: { 'eks.amazonaws.com/role-arn': { stack: 'prod', ref: `\${aws_iam_role.${name}.arn}` } } }],
  grants: 'listed',
});

/** An access report of two accounts: a controller and a tenant. */
export const smallModel = (): AccessModel => ({
  schema: SCHEMA,
  version: VERSION,
  installation: 'prod',
  flux: { version: '2.10', namespace: 'flux-system', controllers: ['source-controller'] },
  cluster: { kind: 'eks', issuer: ISSUER },
  identities: [identity('Source', 'flux-system/source-controller', 'controller'), identity('Team', 'team-a/flux', 'object')],
  grants: ['flux-system/source-controller', 'team-a/flux'].map((account) => ({
    identity: `aws ${account}`, service: 'Amazon ECR', verb: 'pull', resource: REPOSITORY, kinds: ['OCIRepository'], rights: [{ actions: ACTIONS, resources: [REPOSITORY] }],
  })),
});

/** What `terraform show -json` prints of it; with secrets, as states have them. */
export const smallState = (): any => ({
  format_version: '1.0',
  terraform_version: '1.11.4',
  values: {
    outputs: { password: { sensitive: true, value: 'hunter2-in-plain-text' } },
    root_module: {
      resources: [
        { address: 'aws_iam_openid_connect_provider.Oidc', type: 'aws_iam_openid_connect_provider', values: { arn: PROVIDER, url: ISSUER.replace('https://', ''), client_id_list: ['sts.amazonaws.com'] } },
        ...[['Source', 'flux-system:source-controller'], ['Team', 'team-a:flux']].flatMap(([name, subject]) => [
          {
            address: `aws_iam_role.${name}`,
            type: 'aws_iam_role',
            values: {
              arn: roleOf(name),
              name,
              assume_role_policy: JSON.stringify({
                Statement: [{
                  Effect: 'Allow',
                  Principal: { Federated: PROVIDER },
                  Action: 'sts:AssumeRoleWithWebIdentity',
                  Condition: {
                    StringEquals: {
                      'oidc.eks.eu-west-1.amazonaws.com/id/A:aud': 'sts.amazonaws.com', 'oidc.eks.eu-west-1.amazonaws.com/id/A:sub': `system:serviceaccount:${subject}`,
                    },
                  },
                }],
              }),
            },
          },
          {
            address: `aws_iam_role_policy.${name}`,
            type: 'aws_iam_role_policy',
            values: { role: name, policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Action: ACTIONS, Resource: REPOSITORY }] }) },
          },
        ]),
        { address: 'random_password.Db', type: 'random_password', values: { result: 'hunter2-in-plain-text' } },
      ],
    },
  },
});

/** What its cluster holds. */
export const smallCluster = (): any[] => {
  const account = (namespace: string, name: string, role: string) => ({
    apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name, annotations: { 'eks.amazonaws.com/role-arn': roleOf(role) } },
  });
  const container = (env: object[]) => ({ name: 'manager', image: 'ghcr.io/fluxcd/source-controller:v1.10.1', args: ['--log-level=info'], env });
  const injected = [{ name: 'AWS_ROLE_ARN', value: roleOf('Source') }, { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: '/var/run/secrets/token' }];
  return [
    account('flux-system', 'source-controller', 'Source'),
    account('team-a', 'flux', 'Team'),
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace: 'flux-system', name: 'source-controller' }, spec: { replicas: 1, template: { spec: { containers: [container([])] } } } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: 'flux-system', name: 'source-controller-1' },
      status: { phase: 'Running' },
      spec: {
        serviceAccountName: 'source-controller',
        containers: [container(injected)],
        volumes: [{ name: 'aws-iam-token', projected: { sources: [{ serviceAccountToken: { audience: 'sts.amazonaws.com', path: 'token' } }] } }],
      },
    },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'tokens' }, rules: [{ apiGroups: [''], resources: ['serviceaccounts/token'], verbs: ['create'] }] },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'tokens' },
      roleRef: { kind: 'ClusterRole', name: 'tokens' },
      subjects: [{ kind: 'ServiceAccount', name: 'source-controller', namespace: 'flux-system' }],
    },
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'OCIRepository',
      metadata: { namespace: 'team-a', name: 'web' },
      spec: { provider: 'aws', serviceAccountName: 'flux', url: 'oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/apps/web' },
    },
  ];
};

/** A list as kubectl prints it. */
export const listOf = (items: readonly any[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 4);
