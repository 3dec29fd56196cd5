import { Report } from './report';

const PODS = 'flux-aws-pod-identity';
const CONTAINER = /^AWS_CONTAINER_/;
const ANNOTATION = 'eks.amazonaws.com/role-arn';

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
