import { Evaluation } from '../conformance/terraform';
import { Served } from '../tokens';

/** What the cloud of a managed cluster publishes of it; of others Terraform does, or nobody. */
export function published(issuer: string, jwks: string, { resources }: Evaluation): { [url: string]: Served } {
  if (Object.values(resources).some(({ bucket }) => bucket !== undefined && issuer.startsWith(`https://${bucket}.s3.`))) return {};
  const base = issuer.replace(/\/$/, '');
  const served = (content: string): Served => ({ content, contentType: 'application/json', cacheControl: 'public, max-age=3600' });
  const configuration = {
    issuer, jwks_uri: `${base}/keys`, response_types_supported: ['id_token'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'],
  };
  return { [`${base}/.well-known/openid-configuration`]: served(JSON.stringify(configuration)), [`${base}/keys`]: served(jwks) };
}

/** What S3 serves of the buckets in a stack. */
export function inBuckets({ resources }: Evaluation): { [url: string]: Served } {
  const objects = Object.entries(resources).filter(([address]) => address.startsWith('aws_s3_object.'));
  return Object.fromEntries(objects.map(([, { bucket, key, content, content_type: contentType, cache_control: cacheControl }]) =>
    [`https://${bucket}.s3.eu-west-1.amazonaws.com/${key}`, { content, contentType, cacheControl }]));
}

/** The same trust, for tokens of another audience. */
export function withOtherAudience(right: Evaluation): Evaluation {
  const text = JSON.stringify(right.resources).replace(/(?<=")sts(?=\.amazonaws\.com\\?")/g, 'another').replace(/AzureADTokenExchange/g, 'Another');
  const resources = JSON.parse(text);
  for (const [address, resource] of Object.entries<any>(resources)) {
    if (address.startsWith('google_iam_workload_identity_pool_provider.')) [resource.oidc].flat()[0].allowed_audiences = ['another'];
  }
  return { ...right, resources };
}
