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

const KEY = 'projects/acme/locations/global/keyRings/flux/cryptoKeys/sops';

/** A fleet: clusters with tenants, who pull images and read a bucket each, and controllers in two clouds. */
export function fleet(clusters: number, tenants: number): AccessModel[] {
  return Array.from({ length: clusters }, (_, cluster) => {
    const accounts = Array.from({ length: tenants }, (__, tenant) => ({ account: `tenant-${cluster}-${tenant}/flux`, level: 'object' as const }));
    const roles = accounts.map((subject, tenant): AccessIdentity => ({
      ...IMAGES,
      key: `aws ${subject.account}`,
      subjects: [subject],
      principals: [`arn:aws:iam::111122223333:role/flux-${cluster}-${tenant}`],
      trust: [{ ...(IMAGES.trust as any)[0], subject: `system:serviceaccount:${subject.account.replace('/', ':')}` }],
    }));
    const sops: AccessIdentity = {
      ...IMAGES,
      key: 'gcp flux-system/kustomize-controller',
      cloud: 'gcp',
      subjects: [{ account: 'flux-system/kustomize-controller', level: 'controller' }],
      principals: [{ stack: `prod-${cluster}`, ref: 'serviceAccount:${google_service_account.Sops.email}' }],
    };
    return model({
      installation: `prod-${cluster}-Flux`,
      identities: [IMAGES, sops, ...roles],
      grants: [
        { ...pull('arn:aws:ecr:eu-west-1:111122223333:repository/*'), broad: 'a pattern' },
        {
          identity: sops.key,
          service: 'Cloud KMS',
          verb: 'decrypt',
          resource: KEY,
          kinds: ['Kustomization'],
          rights: [{ role: 'roles/cloudkms.cryptoKeyDecrypter', resources: [KEY] }],
        },
        ...roles.flatMap(({ key }, tenant) => [
          { ...pull(`arn:aws:ecr:eu-west-1:111122223333:repository/tenant-${cluster}-${tenant}/web`), identity: key },
          {
            identity: key,
            service: 'Amazon S3',
            verb: 'read',
            resource: `arn:aws:s3:::tenant-${cluster}-${tenant}`,
            kinds: [],
            rights: [{ actions: ['s3:GetObject'], resources: [`arn:aws:s3:::tenant-${cluster}-${tenant}/*`] }],
          },
        ]),
      ],
    });
  });
}
