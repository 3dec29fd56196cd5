import { Report } from './report';

const EKS = 'flux-aws-eks';
const PODS = 'flux-aws-pod-identity';
const SHARED = 'flux-aws-cross-account';
const REMOTE = 'flux-aws-remote-cluster';
const IRSA = /^AWS_(ROLE_ARN|WEB_IDENTITY_TOKEN_FILE)$/;
const CONTAINER = /^AWS_CONTAINER_/;
const SOURCE = 'source-controller';
const ANNOTATION = 'eks.amazonaws.com/role-arn';
const STAGING = {
  path: './', prune: true, sourceRef: { kind: 'GitRepository', name: 'flux-system' }, kubeConfig: { configMapRef: { name: 'staging' } },
};
const APPS = 'arn:aws:ecr:eu-west-1:111122223333:repository/apps/*';

/** IRSA, as it fails. */
export const IRSA_REPORTS: readonly Report[] = [
  {
    what: 'somebody pasted the role of the staging account into the annotation',
    world: EKS,
    done: (c) => { c.annotations('flux-system', SOURCE)[ANNOTATION] = 'arn:aws:iam::999988887777:role/flux-source'; },
    verdict: 'refused',
    layer: 'settings',
    names: /999988887777/,
  },
  {
    what: '`flux install` from a laptop: annotation gone, and pods without anything',
    world: EKS,
    done: (c) => {
      delete c.annotations('flux-system', SOURCE)[ANNOTATION];
      c.podsWithout(SOURCE, IRSA);
    },
    verdict: 'refused',
    layer: 'settings',
    names: /role-arn/,
  },
  {
    what: 'the annotation came, nobody restarted the pods',
    world: EKS,
    done: (c) => c.podsWithout(SOURCE, IRSA),
    verdict: 'refused',
    layer: 'pod',
    names: /AWS_/,
  },
  {
    what: 'a new pod has everything and is Pending for lack of memory; the old one runs without',
    world: EKS,
    done: (c) => {
      const [pod] = c.pods(SOURCE);
      const old = JSON.parse(JSON.stringify(pod));
      old.metadata.name += '-old';
      pod.status = { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] };
      c.objects.push(old);
      for (const container of old.spec.containers) {
        container.env = (container.env ?? []).filter(({ name }: { name: string }) => !IRSA.test(name));
      }
    },
    verdict: 'refused',
    layer: 'pod',
    names: /AWS_/,
  },
  {
    what: 'keys from before the migration are still in the Deployment: the SDK takes them first',
    world: EKS,
    done: (c) => {
      c.env(SOURCE, 'AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE');
      c.env(SOURCE, 'AWS_SECRET_ACCESS_KEY', 'x');
    },
    verdict: 'refused',
    layer: 'settings',
    names: /AWS_ACCESS_KEY_ID/,
  },
  {
    what: 'AWS_ROLE_ARN stands in the Deployment by hand, of the old role: the webhook leaves it',
    world: EKS,
    done: (c) => c.env(SOURCE, 'AWS_ROLE_ARN', 'arn:aws:iam::111122223333:role/flux-before'),
    verdict: 'refused',
    layer: 'settings',
    names: /flux-before/,
  },
  {
    what: 'the account asks for tokens of another audience (eks.amazonaws.com/audience)',
    world: EKS,
    done: (c) => { c.annotations('flux-system', SOURCE)['eks.amazonaws.com/audience'] = 'vault'; },
    verdict: 'refused',
    layer: 'settings',
    names: /audience/,
  },
  {
    what: 'a policy of the platform made the webhook skip the container',
    world: EKS,
    done: (c) => {
      c.template(SOURCE).metadata.annotations['eks.amazonaws.com/skip-containers'] = 'manager';
      c.podsWithout(SOURCE, IRSA);
    },
    verdict: 'refused',
    layer: 'settings',
    names: /skip-containers/,
  },
  {
    what: 'the chart of another team runs source-controller as the account default',
    world: EKS,
    done: (c) => {
      c.specs(SOURCE).forEach((spec) => { spec.serviceAccountName = 'default'; });
      c.objects.filter(({ kind, metadata }) => kind === 'Pod' && metadata.labels?.app === SOURCE).forEach(({ spec }) => {
        spec.containers.forEach((container: { env?: { name: string }[] }) => {
          container.env = container.env?.filter(({ name }) => !IRSA.test(name));
        });
      });
    },
    verdict: 'refused',
    layer: 'account',
    names: /default/,
  },
  {
    what: 'the annotation of the tenant has an underscore',
    world: EKS,
    done: (c) => {
      const annotations = c.annotations('team-a', 'flux');
      annotations['eks.amazonaws.com/role_arn'] = annotations[ANNOTATION];
      delete annotations[ANNOTATION];
    },
    verdict: 'refused',
    layer: 'settings',
    names: /role-arn/,
  },
  {
    what: 'the tenant renamed its account and left the object as it was',
    world: EKS,
    done: (c) => { c.account('team-a', 'flux').metadata.name = 'flux-reader'; },
    verdict: 'refused',
    layer: 'account',
    names: /team-a\/flux/,
  },
  {
    what: 'the tenant forgot the provider of its OCIRepository',
    world: EKS,
    done: (c) => c.apply('OCIRepository', 'team-a', 'web', {
      url: 'oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/team-a/web', serviceAccountName: 'flux',
    }),
    verdict: 'refused',
    layer: 'flux object',
    names: /provider/,
  },
  {
    what: 'a HelmRepository of charts in ECR without a provider',
    world: EKS,
    done: (c) => c.apply('HelmRepository', 'flux-system', 'charts', {
      type: 'oci', url: 'oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/apps',
    }),
    verdict: 'refused',
    layer: 'flux object',
    names: /provider/,
  },
  {
    what: 'an ImageRepository says aws of an image at GitHub',
    world: EKS,
    done: (c) => c.apply('ImageRepository', 'flux-system', 'podinfo', { image: 'ghcr.io/stefanprodan/podinfo', provider: 'aws' }),
    verdict: 'refused',
    layer: 'flux object',
    names: /ghcr\.io/,
  },
  {
    what: 'a Bucket of S3 left as generic',
    world: EKS,
    done: (c) => c.apply('Bucket', 'flux-system', 'manifests', {
      bucketName: 'flux-manifests', endpoint: 's3.eu-west-1.amazonaws.com', provider: 'generic', region: 'eu-west-1',
    }),
    verdict: 'refused',
    layer: 'flux object',
    names: /provider/,
  },
  {
    what: 'a Bucket of the tenant names no region',
    world: EKS,
    done: (c) => c.apply('Bucket', 'team-a', 'manifests', {
      bucketName: 'flux-manifests', endpoint: 's3.amazonaws.com', provider: 'aws', serviceAccountName: 'flux',
    }),
    verdict: 'refused',
    layer: 'flux object',
    names: /region/,
  },
  {
    what: 'an old docker secret beside the provider: Flux logs in with it and asks no cloud',
    world: EKS,
    done: (c) => c.apply('OCIRepository', 'flux-system', 'old', {
      url: 'oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/apps/old', provider: 'aws', secretRef: { name: 'ecr-login' },
    }),
    verdict: 'refused',
    layer: 'flux object',
    names: /secretRef/,
  },
  {
    what: 'imagepullsecret-patcher put imagePullSecrets on every account, the tenant of Flux too',
    world: EKS,
    done: (c) => { c.account('team-a', 'flux').imagePullSecrets = [{ name: 'image-pull-secret' }]; },
    verdict: 'refused',
    layer: 'account',
    names: /imagePullSecrets/,
  },
  {
    what: 'image-automation-controller was scaled to nothing in an incident, and forgotten',
    world: EKS,
    done: (c) => {
      c.deployment('image-automation-controller').spec.replicas = 0;
      c.pods('image-automation-controller').forEach((pod) => c.remove(pod));
      c.apply('GitRepository', 'flux-system', 'fleet', { url: 'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/fleet', provider: 'aws' });
      c.objects.push({
        apiVersion: 'image.toolkit.fluxcd.io/v1',
        kind: 'ImageUpdateAutomation',
        metadata: { namespace: 'flux-system', name: 'fleet' },
        spec: { interval: '5m', sourceRef: { kind: 'GitRepository', name: 'fleet' }, git: { commit: { author: { email: 'flux@example.com' } } } },
      });
    },
    verdict: 'refused',
    layer: 'controller',
    names: /image-automation-controller/,
  },
  {
    what: '`flux install --version 2.8` over 2.10: tenants ask for accounts, the gate is off',
    world: EKS,
    done: (c) => {
      for (const object of c.objects.filter(({ kind, metadata }) => kind === 'Deployment' && metadata.namespace === 'flux-system')) {
        object.metadata.labels = { ...object.metadata.labels, 'app.kubernetes.io/part-of': 'flux', 'app.kubernetes.io/version': 'v2.8.3' };
      }
    },
    verdict: 'refused',
    layer: 'flux version',
    names: /2\.8/,
  },
  {
    what: 'a RoleBinding for the tokens of the tenant was cleaned up',
    world: EKS,
    done: (c) => c.objects.filter(({ kind, metadata }) => kind === 'RoleBinding' && metadata.namespace === 'team-a').forEach((each) => c.remove(each)),
    verdict: 'refused',
    layer: 'token right',
    names: /team-a\/flux|source-controller/,
  },
  {
    what: 'the binding names controllers of a namespace that Flux does not run in',
    world: EKS,
    done: (c) => c.objects.filter(({ kind, metadata }) => kind === 'RoleBinding' && metadata.namespace === 'team-a').forEach(({ subjects }) => {
      subjects.forEach((subject: { namespace: string }) => { subject.namespace = 'flux'; });
    }),
    verdict: 'refused',
    layer: 'token right',
    names: /serviceaccounts\/token|tokens/,
  },
  {
    what: 'the Role lets ask for the tokens of an account that was renamed',
    world: EKS,
    done: (c) => c.objects.filter(({ kind, metadata }) => kind === 'Role' && metadata.namespace === 'team-a').forEach(({ rules }) => {
      rules.forEach((rule: { resourceNames?: string[] }) => { rule.resourceNames = ['flux-reader']; });
    }),
    verdict: 'refused',
    layer: 'token right',
    names: /serviceaccounts\/token|tokens/,
  },
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

/** EKS Pod Identity. */
export const POD_IDENTITY_REPORTS: readonly Report[] = [
  {
    what: 'the association is for an account that nobody runs as',
    world: PODS,
    done: (c) => { c.resource('aws_eks_pod_identity_association', 'kustomize-controller').service_account = 'flux-kustomize-controller'; },
    verdict: 'refused',
    layer: 'trust',
    names: /kustomize-controller/,
  },
  {
    what: 'the association is of the cluster before',
    world: PODS,
    done: (c) => { c.resource('aws_eks_pod_identity_association', 'kustomize-controller').cluster_name = 'prod-blue'; },
    verdict: 'refused',
    layer: 'trust',
    names: /prod-blue/,
  },
  {
    what: 'the association gives another role',
    world: PODS,
    done: (c) => { c.resource('aws_eks_pod_identity_association', 'kustomize-controller').role_arn = 'arn:aws:iam::111122223333:role/karpenter'; },
    verdict: 'refused',
    layer: 'trust',
    names: /karpenter/,
  },
  {
    what: 'no sts:TagSession in the trust policy',
    world: PODS,
    done: (c) => c.edit(c.resource('aws_iam_role', 'kustomize-controller'), 'assume_role_policy',
      (text) => text.replace(/"sts:TagSession",?/, '').replace(',]', ']')),
    verdict: 'refused',
    layer: 'trust',
    names: /TagSession/,
  },
  {
    what: 'session tags are off, the trust policy compares them',
    world: PODS,
    done: (c) => { c.resource('aws_eks_pod_identity_association', 'kustomize-controller').disable_session_tags = true; },
    verdict: 'refused',
    layer: 'trust',
    names: /tag/i,
  },
  {
    what: 'somebody hardened the trust policy with aws:SourceArn',
    world: PODS,
    done: (c) => c.policy(c.resource('aws_iam_role', 'kustomize-controller'), 'assume_role_policy', (statements) => {
      statements.forEach((each) => {
        each.Condition = { ...each.Condition, ArnEquals: { 'aws:SourceArn': 'arn:aws:eks:eu-west-1:111122223333:cluster/prod' } };
      });
    }),
    verdict: 'refused',
    layer: 'trust',
    names: /SourceArn/,
  },
  {
    what: 'the pods are older than the association',
    world: PODS,
    done: (c) => c.podsWithout('kustomize-controller', CONTAINER),
    verdict: 'refused',
    layer: 'pod',
    names: /AWS_CONTAINER|older|association/,
  },
  {
    what: 'an annotation of IRSA came back with the old chart: the web identity wins',
    world: PODS,
    done: (c) => {
      c.annotations('flux-system', 'kustomize-controller')[ANNOTATION] = 'arn:aws:iam::111122223333:role/flux-irsa';
      c.env('kustomize-controller', 'AWS_ROLE_ARN', 'arn:aws:iam::111122223333:role/flux-irsa');
      c.env('kustomize-controller', 'AWS_WEB_IDENTITY_TOKEN_FILE', '/var/run/secrets/eks.amazonaws.com/serviceaccount/token');
    },
    verdict: 'refused',
    layer: 'settings',
    names: /AWS_WEB_IDENTITY_TOKEN_FILE/,
  },
  {
    what: 'the pods moved to Fargate, where no agent is',
    world: PODS,
    done: (c) => {
      for (const pod of c.pods('kustomize-controller')) {
        pod.metadata.labels = { ...pod.metadata.labels, 'eks.amazonaws.com/fargate-profile': 'flux' };
        pod.spec.nodeName = 'fargate-ip-10-0-1-2.eu-west-1.compute.internal';
      }
    },
    verdict: 'refused',
    layer: 'pod',
    names: /[Ff]argate/,
  },
];

/** Owners in other accounts, and clusters elsewhere. */
export const OTHER_ACCOUNT_REPORTS: readonly Report[] = [
  {
    what: 'the owner of the repository overwrote its policy',
    world: SHARED,
    done: (c) => c.edit(c.resource('aws_ecr_repository_policy'), 'policy',
      (text) => text.replace(/arn:aws:iam::111122223333:role\/[^"]+/g, 'arn:aws:iam::111122223333:role/ci')),
    verdict: 'refused',
    layer: 'owner',
    names: /ecr:|shared\/apps/,
  },
  {
    what: 'the role was made anew: the bucket policy holds the id of the dead one',
    world: SHARED,
    done: (c) => c.edit(c.resource('aws_s3_bucket_policy'), 'policy',
      (text) => text.replace(/arn:aws:iam::111122223333:role\/[^"]+/g, 'AROAEXAMPLEDEADROLE00')),
    verdict: 'refused',
    layer: 'owner',
    names: /shared-manifests|AROA/,
  },
  {
    what: 'the key policy of the owner lets Flux only describe the key',
    world: SHARED,
    done: (c) => c.edit(c.resource('aws_kms_key_policy'), 'policy', (text) => text.replace('kms:Decrypt', 'kms:DescribeKey')),
    verdict: 'refused',
    layer: 'owner',
    names: /kms:Decrypt/,
  },
  {
    what: 'the bucket lets another account in',
    world: SHARED,
    done: (c) => c.edit(c.resource('aws_s3_bucket_policy'), 'policy', (text) => text.replace(/arn:aws:iam::111122223333:/g, 'arn:aws:iam::111122223334:')),
    verdict: 'refused',
    layer: 'owner',
    names: /shared-manifests|111122223334/,
  },
  {
    what: 'the ConfigMap of the remote cluster names the cluster before',
    world: REMOTE,
    done: (c) => {
      c.apply('Kustomization', 'flux-system', 'apps', STAGING);
      c.object('ConfigMap', 'flux-system', 'staging').data.cluster = 'arn:aws:eks:eu-west-1:111122223333:cluster/staging-blue';
    },
    verdict: 'refused',
    layer: 'settings',
    names: /staging-blue/,
  },
  {
    what: 'the account of the edge is not in its ConfigMap',
    world: REMOTE,
    done: (c) => {
      c.apply('Kustomization', 'edge', 'apps', { ...STAGING, kubeConfig: { configMapRef: { name: 'edge' } } });
      delete c.object('ConfigMap', 'edge', 'edge').data.serviceAccountName;
    },
    verdict: 'refused',
    layer: 'settings',
    names: /serviceAccountName/,
  },
  {
    what: 'the ConfigMap of the remote cluster was pruned',
    world: REMOTE,
    done: (c) => {
      c.apply('Kustomization', 'flux-system', 'apps', STAGING);
      c.remove(c.object('ConfigMap', 'flux-system', 'staging'));
    },
    verdict: 'refused',
    layer: 'settings',
    names: /staging/,
  },
  {
    what: 'a Kustomization asks for a ConfigMap that was never there',
    world: REMOTE,
    done: (c) => c.apply('Kustomization', 'flux-system', 'apps', {
      path: './', prune: true, sourceRef: { kind: 'GitRepository', name: 'flux-system' }, kubeConfig: { configMapRef: { name: 'stagin' } },
    }),
    verdict: 'refused',
    layer: 'settings',
    names: /stagin\b/,
  },
  {
    what: 'the access entry is of another role',
    world: REMOTE,
    done: (c) => { c.resource('aws_eks_access_entry', 'staging').principal_arn = 'arn:aws:iam::111122223333:role/flux-before'; },
    verdict: 'refused',
    layer: 'permission',
    names: /flux-before/,
  },
  {
    what: 'the access entry of the edge lost its policy',
    world: REMOTE,
    done: (c) => c.lose('aws_eks_access_policy_association', 'edge'),
    verdict: 'cannot be seen',
    layer: 'permission',
    names: /edge/,
  },
];
