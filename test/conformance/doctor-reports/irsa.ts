import { Report } from './report';

const EKS = 'flux-aws-eks';
const IRSA = /^AWS_(ROLE_ARN|WEB_IDENTITY_TOKEN_FILE)$/;
const SOURCE = 'source-controller';
const ANNOTATION = 'eks.amazonaws.com/role-arn';

/** IRSA, as it fails in the cluster. */
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
];
