import { AccessGrant, AccessIdentity, AccessModel, SCHEMA, VERSION } from '../../lib/access/model';

/** An identity of AWS with one account. */
export const IMAGES: AccessIdentity = {
  key: 'aws flux-system/source-controller',
  cloud: 'aws',
  credential: 'workload identity',
  principals: ['arn:aws:iam::111122223333:role/images'],
  subjects: [{ account: 'flux-system/source-controller', level: 'controller' }],
  trust: [{ anchor: { stack: 'prod', ref: '${aws_iam_openid_connect_provider.Oidc.arn}' }, issuer: 'cluster', subject: 'system:serviceaccount:flux-system:source-controller', audiences: ['sts.amazonaws.com'] }],
  settings: [],
  grants: 'listed',
};

/** A grant of it. */
export const PULL: AccessGrant = {
  identity: IMAGES.key,
  service: 'Amazon ECR',
  verb: 'pull',
  resource: 'arn:aws:ecr:eu-west-1:111122223333:repository/apps/*',
  rights: [{ actions: ['ecr:BatchGetImage', 'ecr:ListImages'], resources: ['arn:aws:ecr:eu-west-1:111122223333:repository/apps/*'] }],
  kinds: ['OCIRepository'],
};

/** A model with them. */
export function model(changes: Partial<AccessModel> = {}): AccessModel {
  return {
    schema: SCHEMA,
    version: VERSION,
    installation: 'prod',
    flux: { version: '2.10', namespace: 'flux-system', controllers: ['source-controller'] },
    cluster: { kind: 'eks', issuer: 'https://oidc.eks.eu-west-1.amazonaws.com/id/A' },
    identities: [IMAGES],
    grants: [PULL],
    ...changes,
  };
}

/** The grant on other resources, or under a condition. */
export function pull(resource: string, condition?: unknown): AccessGrant {
  const only = condition === undefined ? {} : { condition };
  return { ...PULL, resource, rights: PULL.rights.map(({ actions }) => ({ actions, resources: [resource], ...only })) };
}
