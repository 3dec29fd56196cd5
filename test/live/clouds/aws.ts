import { ADMIN, Answer, Call, challenge, Clouds, Denied, form, inRemote, password, pulled, refusedRegistry, registryPath, StandIn } from './call';
import { inWordsOf } from './words';
import { aws as assume } from '../../conformance/clouds';
import { ACCOUNT } from '../../conformance/computed';
import { allowed, PolicyDocument } from '../../conformance/iam';

const REGION = 'eu-west-1';
const ECR = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;
const CLUSTER_ADMIN = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy';
/** What a pull asks IAM for. */
const PULLS: { readonly [what: string]: string } = { manifests: 'ecr:BatchGetImage', blobs: 'ecr:GetDownloadUrlForLayer', tags: 'ecr:ListImages' };

/** STS, S3, ECR, KMS and EKS: who calls is known by the access key; IAM decides by the policies of role and resource. */
export const AWS: StandIn = {
  hosts: [
    `sts.${REGION}.amazonaws.com`, `api.ecr.${REGION}.amazonaws.com`, ECR, `kms.${REGION}.amazonaws.com`, `eks.${REGION}.amazonaws.com`,
    `*.gr7.${REGION}.eks.amazonaws.com`, ...['s3', 's3.dualstack'].flatMap((service) => ['', '*.'].map((bucket) => `${bucket}${service}.${REGION}.amazonaws.com`)),
  ],

  answer(call, clouds) {
    const [service] = /^(sts|api\.ecr|kms|eks)\./.exec(call.host) ?? [];
    if (service === 'sts.') return assumeRole(call, clouds);
    if (call.host === ECR) return pull(call, clouds);
    if (call.host.endsWith('.eks.amazonaws.com') && service === undefined) return inCluster(call, clouds);
    const principal = caller(call, clouds);
    if (service === 'kms.') {
      const { KeyId: key } = JSON.parse(call.body.toString());
      may(clouds, principal, `kms:${String(call.headers['x-amz-target']).split('.')[1]}`, key);
      return { to: 'moto', path: '/' };
    }
    if (service === 'api.ecr.') {
      may(clouds, principal, 'ecr:GetAuthorizationToken', '*');
      const authorizationToken = Buffer.from(`AWS:${clouds.give({ principal })}`).toString('base64');
      return { headers: { 'content-type': 'application/x-amz-json-1.1' }, body: { authorizationData: [{ authorizationToken, expiresAt: Date.now() / 1000 + 3600, proxyEndpoint: `https://${ECR}` }] } };
    }
    if (service === 'eks.') {
      const name = call.url.pathname.split('/')[2];
      may(clouds, principal, 'eks:DescribeCluster', `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/${name}`);
      return { body: { cluster: { name, endpoint: `https://${name}.gr7.${REGION}.eks.amazonaws.com`, certificateAuthority: { data: Buffer.from(clouds.ca).toString('base64') } } } };
    }
    return store(call, clouds, principal);
  },

  refuse({ host }, error) {
    const { code = 'AccessDenied', says } = inWordsOf(host.startsWith('sts.') ? 'sts' : 'aws', error.message);
    if (host === ECR) return refusedRegistry(403, inWordsOf('ecr', error.message).says);
    const xml = { 'content-type': 'text/xml' };
    const message = `<Code>${code}</Code><Message>${says}</Message>`;
    if (host.startsWith('sts.')) return { status: error.status, headers: xml, body: `<ErrorResponse><Error><Type>Sender</Type>${message}</Error></ErrorResponse>` };
    if (/\bs3\./.test(host)) return { status: error.status, headers: xml, body: `<Error>${message}</Error>` };
    return { status: error.status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: { __type: 'AccessDeniedException', message: says } };
  },
};

async function assumeRole(call: Call, clouds: Clouds): Promise<Answer> {
  const request = form(call);
  if (request.get('Action') !== 'AssumeRoleWithWebIdentity') throw new Denied(400, `no action ${request.get('Action')}`);
  const principal = await assume(clouds.evaluation, request.get('WebIdentityToken')!, request.get('RoleArn')!, clouds.internet);
  const credentials = `<AccessKeyId>${clouds.give({ principal }, 'ASIA')}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>`
    + `<Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration>`;
  const result = `<AssumeRoleWithWebIdentityResult><Credentials>${credentials}</Credentials></AssumeRoleWithWebIdentityResult>`;
  return { headers: { 'content-type': 'text/xml' }, body: `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${result}</AssumeRoleWithWebIdentityResponse>` };
}

/** Who signed a request. */
function caller({ headers }: Call, clouds: Clouds): string {
  return clouds.holder(/Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1]).principal;
}

/** IAM, within one account. */
function may(clouds: Clouds, principal: string, action: string, resource: string, resourcePolicy?: PolicyDocument): void {
  if (principal === ADMIN) {
    clouds.decide(principal, ['kms:Encrypt', 'kms:GenerateDataKey'].includes(action), action, resource);
    return;
  }
  const { name } = clouds.all('aws_iam_role').find(({ arn }) => arn === principal) ?? {};
  const attached = clouds.all('aws_iam_role_policy_attachment').filter(({ role }) => role === name).map(({ policy_arn: arn }) => arn);
  const policies = [
    ...clouds.all('aws_iam_role_policy').filter(({ role }) => role === name),
    ...clouds.all('aws_iam_policy').filter(({ arn }) => attached.includes(arn)),
  ].map(({ policy }) => JSON.parse(policy));
  const circumstances = { resourceAccount: ACCOUNT, ...resourcePolicy === undefined ? {} : { resourcePolicy } };
  clouds.decide(principal, allowed(policies, { action, resource }, circumstances), action, resource);
}

function policyOf(clouds: Clouds, type: string, where: (resource: any) => boolean): PolicyDocument | undefined {
  const found = clouds.all(type).find(where);
  return found === undefined ? undefined : JSON.parse(found.policy);
}

/** S3: by path or by virtual host. */
function store(call: Call, clouds: Clouds, principal: string): Answer {
  const [, virtual] = /^(?:(.+)\.)?s3\./.exec(call.host) ?? [];
  const parts = call.url.pathname.slice(1).split('/');
  const bucket = virtual ?? parts.shift()!;
  const key = parts.join('/');
  const action = key !== '' ? 's3:GetObject' : call.url.searchParams.has('location') ? 's3:GetBucketLocation' : 's3:ListBucket';
  if (!['GET', 'HEAD'].includes(call.method)) throw new Denied(405, `${call.method} is not expected of Flux`);
  const policy = policyOf(clouds, 'aws_s3_bucket_policy', (each) => each.bucket === bucket);
  may(clouds, principal, action, `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`, policy);
  return { to: 'moto', host: `s3.${REGION}.amazonaws.com`, path: `/${bucket}/${key}${call.url.search}` };
}

function pull(call: Call, clouds: Clouds): Answer {
  const credential = password(call);
  if (credential === undefined) return { ...challenge(call.host), body: 'Not Authorized\n' };
  const { principal } = clouds.holder(credential);
  const asked = pulled(call);
  if (asked !== undefined) {
    const policy = policyOf(clouds, 'aws_ecr_repository_policy', ({ repository }) => repository === asked.repository);
    may(clouds, principal, PULLS[asked.what], `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${asked.repository}`, policy);
  }
  return { to: 'registry', path: registryPath(call) };
}

/** A cluster of EKS: its token is a signed request to STS; access entries say who that is. */
function inCluster(call: Call, clouds: Clouds): Answer {
  const cluster = call.host.split('.')[0];
  const url = new URL(Buffer.from((call.headers.authorization ?? '').replace('Bearer k8s-aws-v1.', ''), 'base64url').toString() || 'https://nobody');
  const named = url.host === `sts.${REGION}.amazonaws.com` && url.searchParams.get('Action') === 'GetCallerIdentity' && /x-k8s-aws-id/.test(url.searchParams.get('X-Amz-SignedHeaders') ?? '');
  const { principal } = clouds.holder(named ? url.searchParams.get('X-Amz-Credential')?.split('/')[0] : undefined);
  const entry = clouds.all('aws_eks_access_entry').find((each) => each.principal_arn === principal && each.cluster_name === cluster);
  if (entry === undefined) {
    clouds.note(`DENY ${principal} has no access entry in ${cluster}`);
    throw new Denied(401, 'Unauthorized');
  }
  const policies = clouds.all('aws_eks_access_policy_association').filter((each) => each.principal_arn === principal && each.cluster_name === cluster);
  const admin = policies.some(({ policy_arn: arn, access_scope: scope }) => arn === CLUSTER_ADMIN && [scope].flat()[0].type === 'cluster');
  clouds.note(`ALLOW ${principal} is ${entry.user_name} in ${cluster}${admin ? ', its admin' : ''}`);
  return inRemote(call, entry.user_name, admin ? 'system:masters' : 'system:authenticated');
}
