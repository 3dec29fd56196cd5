import { Report } from './report';

const EKS = 'flux-aws-eks';
const APPS = 'arn:aws:ecr:eu-west-1:111122223333:repository/apps/*';

/** IRSA, as it fails in AWS. */
export const IRSA_AWS_REPORTS: readonly Report[] = [
  {
    what: 'the cluster was made anew (blue and green): its tokens come from another issuer',
    world: EKS,
    done: (c) => { c.claims = { iss: 'https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF', aud: ['sts.amazonaws.com'] }; },
    verdict: 'refused',
    layer: 'issuer',
    names: /0123456789ABCDEF/,
  },
  {
    what: 'the OIDC provider has the audience of the console (sts.amazonaws.com was left out)',
    world: EKS,
    done: (c) => { c.resource('aws_iam_openid_connect_provider').client_id_list = ['sigstore']; },
    verdict: 'refused',
    layer: 'trust anchor',
    names: /sigstore/,
  },
  {
    what: 'the trust policy was edited for a Flux in the namespace flux',
    world: EKS,
    done: (c) => c.edit(c.resource('aws_iam_role', 'kustomize-controller'), 'assume_role_policy',
      (text) => text.replace('system:serviceaccount:flux-system:kustomize-controller', 'system:serviceaccount:flux:kustomize-controller')),
    verdict: 'refused',
    layer: 'trust',
    names: /kustomize-controller/,
  },
  {
    what: 'a star in StringEquals, which IAM takes as a letter',
    world: EKS,
    done: (c) => c.edit(c.resource('aws_iam_role', 'kustomize-controller'), 'assume_role_policy',
      (text) => text.replace('system:serviceaccount:flux-system:kustomize-controller', 'system:serviceaccount:flux-system:*')),
    verdict: 'refused',
    layer: 'trust',
    names: /flux-system:\*/,
  },
  {
    what: 'the trust policy asks for the audience of China',
    world: EKS,
    done: (c) => c.edit(c.resource('aws_iam_role', 'kustomize-controller'), 'assume_role_policy',
      (text) => text.replace('"sts.amazonaws.com"', '"sts.amazonaws.com.cn"')),
    verdict: 'refused',
    layer: 'trust',
    names: /sts\.amazonaws\.com\.cn/,
  },
  {
    what: 'the trust policy names the OIDC provider of the account it was copied from',
    world: EKS,
    done: (c) => c.edit(c.resource('aws_iam_role', 'kustomize-controller'), 'assume_role_policy',
      (text) => text.replace(/arn:aws:iam::\d+:oidc-provider/, 'arn:aws:iam::999988887777:oidc-provider')),
    verdict: 'refused',
    layer: 'trust',
    names: /999988887777/,
  },
  {
    what: 'security put a boundary on the role, whose text is in no state',
    world: EKS,
    done: (c) => { c.resource('aws_iam_role', 'kustomize-controller').permissions_boundary = 'arn:aws:iam::111122223333:policy/boundary'; },
    verdict: 'cannot be seen',
    layer: 'permission',
    names: /boundary/,
  },
  {
    what: 'security put a boundary on the role, and its state is there: it leaves out KMS',
    world: EKS,
    done: (c) => {
      c.resource('aws_iam_role', 'kustomize-controller').permissions_boundary = 'arn:aws:iam::111122223333:policy/boundary';
      c.add('aws_iam_policy', {
        arn: 'arn:aws:iam::111122223333:policy/boundary',
        name: 'boundary',
        policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","ecr:*"],"Resource":"*"}]}',
      });
    },
    verdict: 'refused',
    layer: 'permission',
    names: /boundary/,
  },
  {
    what: 'a second inline policy denies what the first allows',
    world: EKS,
    done: (c) => {
      const { role } = c.resource('aws_iam_role_policy', 'kms:Decrypt');
      c.add('aws_iam_role_policy', {
        role, name: 'quarantine', policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}',
      });
    },
    verdict: 'refused',
    layer: 'permission',
    names: /kms:Decrypt|[Dd]en/,
  },
  {
    what: 'access only through the VPC endpoint, says a condition',
    world: EKS,
    done: (c) => c.policy(c.resource('aws_iam_role_policy', 'kms:Decrypt'), 'policy', (statements) => {
      statements.forEach((each) => { each.Condition = { StringEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' } }; });
    }),
    verdict: 'cannot tell',
    layer: 'permission',
    names: /aws:SourceVpce|condition/,
  },
  {
    what: 'the policy was narrowed to one repository in the console',
    world: EKS,
    done: (c) => c.edit(c.resource('aws_iam_role_policy', APPS), 'policy', (text) => text.replace(APPS, APPS.replace('*', 'web'))),
    verdict: 'refused',
    layer: 'permission',
    names: /ecr:/,
  },
  {
    what: 'somebody copied AWS\'s PullOnly: no ecr:ListImages, so tags cannot be listed',
    world: EKS,
    done: (c) => c.edit(c.resource('aws_iam_role_policy', APPS), 'policy', (text) => text.replace(/"ecr:ListImages",?/, '').replace(',]', ']')),
    verdict: 'refused',
    layer: 'permission',
    names: /ecr:ListImages/,
  },
  {
    what: 'a linter made the resource of ecr:GetAuthorizationToken a repository',
    world: EKS,
    done: (c) => c.policy(c.resource('aws_iam_role_policy', APPS), 'policy', (statements) => {
      statements.filter(({ Action }) => [Action].flat().includes('ecr:GetAuthorizationToken')).forEach((each) => { each.Resource = APPS; });
    }),
    verdict: 'refused',
    layer: 'permission',
    names: /ecr:GetAuthorizationToken/,
  },
  {
    what: 'kms:Decrypt on the alias',
    world: EKS,
    done: (c) => c.edit(c.resource('aws_iam_role_policy', 'kms:Decrypt'), 'policy',
      (text) => text.replace(/arn:aws:kms:eu-west-1:111122223333:key\/[0-9a-f-]+/, 'arn:aws:kms:eu-west-1:111122223333:alias/sops')),
    verdict: 'refused',
    layer: 'permission',
    names: /kms:Decrypt/,
  },
  {
    what: 'the owner of the key wrote a key policy without the account',
    world: EKS,
    done: (c) => c.add('aws_kms_key_policy', {
      key_id: '1234abcd-12ab-34cd-56ef-1234567890ab',
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/admin' }, Action: 'kms:*', Resource: '*' }],
      }),
    }),
    verdict: 'refused',
    layer: 'owner',
    names: /1234abcd/,
  },
  {
    what: 'the key itself (aws_kms_key) carries the policy without the account',
    world: EKS,
    done: (c) => c.add('aws_kms_key', {
      arn: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
      key_id: '1234abcd-12ab-34cd-56ef-1234567890ab',
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/admin' }, Action: 'kms:*', Resource: '*' }],
      }),
    }),
    verdict: 'refused',
    layer: 'owner',
    names: /1234abcd/,
  },
  {
    what: 'the key is disabled, or waits to be deleted',
    world: EKS,
    done: (c) => c.add('aws_kms_key', {
      arn: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
      key_id: '1234abcd-12ab-34cd-56ef-1234567890ab',
      is_enabled: false,
      policy: null,
    }),
    verdict: 'refused',
    layer: 'owner',
    names: /1234abcd/,
  },
  {
    what: 'the bucket denies all that does not come through its VPC endpoint',
    world: EKS,
    done: (c) => c.add('aws_s3_bucket_policy', {
      bucket: 'flux-manifests',
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: ['arn:aws:s3:::flux-manifests', 'arn:aws:s3:::flux-manifests/*'],
          Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' } },
        }],
      }),
    }),
    verdict: 'cannot tell',
    layer: 'owner',
    names: /flux-manifests/,
  },
  {
    what: 'the bucket denies everybody but two roles of the data team',
    world: EKS,
    done: (c) => c.add('aws_s3_bucket_policy', {
      bucket: 'flux-manifests',
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{
          Effect: 'Deny',
          NotPrincipal: { AWS: ['arn:aws:iam::111122223333:role/data', 'arn:aws:iam::111122223333:root'] },
          Action: 's3:*',
          Resource: ['arn:aws:s3:::flux-manifests', 'arn:aws:s3:::flux-manifests/*'],
        }],
      }),
    }),
    verdict: 'refused',
    layer: 'owner',
    names: /flux-manifests/,
  },
  {
    what: 'the role was deleted in the console; the state is refreshed',
    world: EKS,
    done: (c) => c.lose('aws_iam_role', 'kustomize-controller'),
    verdict: 'cannot tell',
    layer: 'identity',
    names: /role/i,
  },
  {
    what: 'the role was renamed by a refactoring; the delivery was not applied',
    world: EKS,
    done: (c) => {
      const role = c.resource('aws_iam_role', 'kustomize-controller');
      role.arn = role.arn.replace(/[^/]+$/, 'flux-renamed');
      role.name = 'flux-renamed';
    },
    verdict: 'refused',
    layer: 'settings',
    names: /flux-renamed/,
  },
];
