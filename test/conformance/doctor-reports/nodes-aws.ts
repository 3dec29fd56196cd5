import { Collected } from './hands';
import { Report } from './report';

const EKS = 'nodes-eks';
const MIXED = 'nodes-eks-mixed';
const SOURCE = 'source-controller';
const REFLECTOR = 'image-reflector-controller';
const ANNOTATION = 'eks.amazonaws.com/role-arn';
const OTHER_ROLE = 'arn:aws:iam::111122223333:role/flux-before';
const REPOSITORY = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/apps/web';
const oci = (c: Collected) => c.objects.find(({ kind, spec }) => kind === 'OCIRepository' && spec.serviceAccountName === undefined);
const webIdentity = (c: Collected, controller: string, role: string) => {
  c.env(controller, 'AWS_ROLE_ARN', role);
  c.env(controller, 'AWS_WEB_IDENTITY_TOKEN_FILE', '/var/run/secrets/eks.amazonaws.com/serviceaccount/token');
};
const inPods = (c: Collected, controller: string, name: string, value: string) => c.pods(controller).forEach(({ spec }) => {
  spec.containers.find((each: { name: string }) => each.name === 'manager').env.push({ name, value });
});

/** The nodes of an EKS cluster act, by their role: https://fluxcd.io/flux/integrations/aws/#at-the-node-level. */
export const NODE_AWS_REPORTS: readonly Report[] = [
  {
    what: 'nodes: an OCIRepository forgot its provider, and pulls as nobody',
    world: EKS,
    done: (c) => { delete oci(c).spec.provider; },
    verdict: 'refused',
    layer: 'flux object',
    names: /provider/,
  },
  {
    what: 'nodes: an ImageRepository forgot its provider',
    world: MIXED,
    done: (c) => { delete c.objects.find(({ kind }) => kind === 'ImageRepository').spec.provider; },
    verdict: 'refused',
    layer: 'flux object',
    names: /provider/,
  },
  {
    what: 'nodes: the provider of another cloud',
    world: EKS,
    done: (c) => { oci(c).spec.provider = 'gcp'; },
    verdict: 'refused',
    layer: 'flux object',
    names: /gcp/,
  },
  {
    what: 'nodes: somebody wrote the account of the namespace into the object, which has no role',
    world: EKS,
    done: (c) => {
      c.objects.push({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: oci(c).metadata.namespace, name: 'default' } });
      oci(c).spec.serviceAccountName = 'default';
    },
    verdict: 'refused',
    layer: 'flux object',
    names: /default/,
  },
  {
    what: 'nodes: a pull secret came in, which Flux takes in place of the provider',
    world: MIXED,
    done: (c) => { oci(c).spec.secretRef = { name: 'regcred' }; },
    verdict: 'refused',
    layer: 'flux object',
    names: /secretRef|regcred/,
  },
  {
    what: 'nodes: the controller carries the annotation of IRSA of before: the SDK takes the web identity',
    world: EKS,
    done: (c) => {
      c.account('flux-system', SOURCE);
      c.annotations('flux-system', SOURCE)[ANNOTATION] = OTHER_ROLE;
      webIdentity(c, SOURCE, OTHER_ROLE);
    },
    verdict: 'refused',
    layer: 'settings',
    names: /role-arn|AWS_WEB_IDENTITY_TOKEN_FILE/,
  },
  {
    what: 'nodes: the annotation is on image-reflector-controller alone',
    world: MIXED,
    done: (c) => {
      c.annotations('flux-system', REFLECTOR)[ANNOTATION] = OTHER_ROLE;
      webIdentity(c, REFLECTOR, OTHER_ROLE);
    },
    verdict: 'refused',
    layer: 'settings',
    names: /role-arn|AWS_WEB_IDENTITY_TOKEN_FILE/,
  },
  {
    what: 'nodes: the annotation was taken off, and the pod still has what the webhook gave it',
    world: EKS,
    done: (c) => {
      inPods(c, SOURCE, 'AWS_ROLE_ARN', OTHER_ROLE);
      inPods(c, SOURCE, 'AWS_WEB_IDENTITY_TOKEN_FILE', '/var/run/secrets/eks.amazonaws.com/serviceaccount/token');
    },
    verdict: 'refused',
    layer: 'pod',
    names: /AWS_WEB_IDENTITY_TOKEN_FILE|AWS_ROLE_ARN/,
  },
  {
    what: 'nodes: keys in the Deployment of source-controller come first',
    world: MIXED,
    done: (c) => c.containers(SOURCE).forEach((container) => container.env.push(
      { name: 'AWS_ACCESS_KEY_ID', valueFrom: { secretKeyRef: { name: 'aws', key: 'id' } } },
      { name: 'AWS_SECRET_ACCESS_KEY', valueFrom: { secretKeyRef: { name: 'aws', key: 'secret' } } },
    )),
    verdict: 'refused',
    layer: 'settings',
    names: /AWS_ACCESS_KEY_ID/,
  },
  {
    what: 'nodes: source-controller has a Pod Identity association of another role',
    world: MIXED,
    done: (c) => {
      c.add('aws_eks_pod_identity_association', {
        cluster_name: 'prod', namespace: 'flux-system', service_account: SOURCE, role_arn: OTHER_ROLE, association_id: 'a-1',
      });
      inPods(c, SOURCE, 'AWS_CONTAINER_CREDENTIALS_FULL_URI', 'http://169.254.170.23/v1/credentials');
    },
    verdict: 'refused',
    layer: 'settings',
    names: /association|AWS_CONTAINER_CREDENTIALS_FULL_URI/,
  },
  {
    what: 'nodes: the metadata service is switched off by the environment',
    world: EKS,
    done: (c) => c.env(SOURCE, 'AWS_EC2_METADATA_DISABLED', 'true'),
    verdict: 'refused',
    layer: 'settings',
    names: /AWS_EC2_METADATA_DISABLED/,
  },
  {
    what: 'nodes: the pods run on Fargate, which has no metadata service',
    world: EKS,
    done: (c) => c.pods(SOURCE).forEach((pod) => {
      pod.metadata.labels = { ...pod.metadata.labels, 'eks.amazonaws.com/fargate-profile': 'flux' };
      pod.spec.nodeName = 'fargate-ip-10-0-1-2.eu-west-1.compute.internal';
    }),
    verdict: 'refused',
    layer: 'pod',
    names: /[Ff]argate/,
  },
  {
    what: 'nodes: the hop limit is 1, as hardening guides have it, and pods are one hop away',
    world: MIXED,
    done: (c) => { c.resource('aws_launch_template').metadata_options[0].http_put_response_hop_limit = 1; },
    verdict: 'refused',
    layer: 'network',
    names: /hop_limit/,
  },
  {
    what: 'nodes: the metadata service of the machines is off',
    world: MIXED,
    done: (c) => { c.resource('aws_launch_template').metadata_options[0].http_endpoint = 'disabled'; },
    verdict: 'refused',
    layer: 'network',
    names: /http_endpoint/,
  },
  {
    what: 'nodes: the node group was made anew with a role of its own',
    world: MIXED,
    done: (c) => { c.resource('aws_eks_node_group').node_role_arn = 'arn:aws:iam::111122223333:role/default-eks-node-group-2026'; },
    verdict: 'refused',
    layer: 'identity',
    names: /default-eks-node-group-2026/,
  },
  {
    what: 'nodes: the grant is not in the policy any more; what AWS keeps beside it nobody passed',
    world: MIXED,
    done: (c) => c.lose('aws_iam_role_policy', 'prod-nodes'),
    verdict: 'cannot tell',
    layer: 'permission',
    names: /ecr:/,
  },
  {
    what: 'nodes: ecr:ListImages is missing, as in the policy that AWS has for pulling',
    world: EKS,
    done: (c) => c.policy(c.resource('aws_iam_role_policy'), 'policy', (statements) => statements.forEach((each) => {
      each.Action = [each.Action].flat().filter((action: string) => action !== 'ecr:ListImages');
    })),
    verdict: 'cannot tell',
    layer: 'permission',
    names: /ecr:ListImages/,
  },
  {
    what: 'nodes: the token of the registry is missing',
    world: MIXED,
    done: (c) => c.policy(c.resource('aws_iam_role_policy', 'prod-nodes'), 'policy', (statements) => {
      statements.splice(0, statements.length, ...statements.filter(({ Resource }) => Resource !== '*'));
    }),
    verdict: 'cannot tell',
    layer: 'permission',
    names: /ecr:GetAuthorizationToken/,
  },
  {
    what: 'nodes: a statement of the security team denies the repository',
    world: EKS,
    done: (c) => c.policy(c.resource('aws_iam_role_policy'), 'policy', (statements) => {
      statements.push({ Effect: 'Deny', Action: 'ecr:BatchGetImage', Resource: 'arn:aws:ecr:eu-west-1:111122223333:repository/apps/*' });
    }),
    verdict: 'refused',
    layer: 'permission',
    names: /ecr:BatchGetImage/,
  },
  {
    what: 'nodes: an object of another team asks for a repository that nobody granted',
    world: EKS,
    done: (c) => c.apply('OCIRepository', 'apps', 'secret', { provider: 'aws', url: `oci://${REPOSITORY.replace('apps/web', 'secret/app')}` }),
    verdict: 'cannot tell',
    layer: 'permission',
    names: /secret\/app/,
  },
  {
    what: 'nodes: image-reflector-controller is not installed',
    world: EKS,
    done: (c) => { c.remove(c.deployment(REFLECTOR)); c.pods(REFLECTOR).forEach((pod) => c.remove(pod)); },
    verdict: 'refused',
    layer: 'controller',
    names: /image-reflector-controller/,
  },
  {
    what: 'nodes: source-controller was scaled to nothing',
    world: MIXED,
    done: (c) => {
      c.deployment(SOURCE).spec.replicas = 0;
      c.pods(SOURCE).forEach((pod) => c.remove(pod));
    },
    verdict: 'refused',
    layer: 'controller',
    names: /source-controller/,
  },
  {
    what: 'nodes beside a tenant: the tenant lost its annotation, and is not helped by the nodes',
    world: MIXED,
    done: (c) => { delete c.annotations('team-a', 'flux')[ANNOTATION]; },
    verdict: 'refused',
    layer: 'settings',
    names: /role-arn/,
  },
  {
    what: 'nodes beside a tenant: the tenant forgot its account, and asks as the nodes, which have no right there',
    world: MIXED,
    done: (c) => { delete c.objects.find(({ kind, metadata }) => kind === 'OCIRepository' && metadata.namespace === 'team-a').spec.serviceAccountName; },
    verdict: 'refused',
    layer: 'flux object',
    names: /serviceAccountName|team-a/,
  },
];
