import { Report } from './report';

const SHARED = 'flux-aws-cross-account';
const REMOTE = 'flux-aws-remote-cluster';
const STAGING = {
  path: './', prune: true, sourceRef: { kind: 'GitRepository', name: 'flux-system' }, kubeConfig: { configMapRef: { name: 'staging' } },
};

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
