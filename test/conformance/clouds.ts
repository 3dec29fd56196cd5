import { createLocalJWKSet, createRemoteJWKSet, decodeJwt, decodeProtectedHeader, JWTPayload, jwtVerify, JWTVerifyGetKey } from 'jose';
import { canAssumeWithWebIdentity } from './iam';
import { Evaluation } from './terraform';
import { Loopback } from '../tokens';

/** How many milliseconds the clouds' clocks are ahead of ours. */
export const CLOCK = { ahead: 0 };

/** Why a cloud refuses a token. */
export class Refusal extends Error {}

/**
 * A cloud as far as its trust was synthesized: takes a token and the identity that Flux names, and answers who the token's
 * holder now is to the cloud's permissions.
 */
export type Door = (evaluation: Evaluation, token: string, identity: string, internet: Loopback) => Promise<string>;

/** The resources of a type. */
function all(evaluation: Evaluation, type: string): any[] {
  return Object.entries(evaluation.resources).filter(([address]) => address.startsWith(`${type}.`)).map(([, attributes]) => attributes);
}

function found<T>(what: string, value: T | undefined): T {
  if (value === undefined) throw new Refusal(`no ${what}`);
  return value;
}

/** OpenID Connect Discovery, as every cloud does it: fetch the configuration, compare its issuer, fetch the keys. */
export async function keysOf(issuer: string, internet: Loopback) {
  const configuration = await fetch(internet.at(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`));
  if (!configuration.ok) throw new Refusal(`${issuer} has no discovery document (${configuration.status})`);
  if (!/^application\/json\b/.test(configuration.headers.get('content-type') ?? '')) throw new Refusal('the discovery document is no JSON');
  const { issuer: named, jwks_uri: jwksUri } = await configuration.json() as any;
  if (named !== issuer) throw new Refusal(`the discovery document of ${issuer} is the one of ${named}`);
  return createRemoteJWKSet(internet.at(jwksUri));
}

interface Claims extends JWTPayload {
  readonly sub: string;
  readonly aud: string[];
}

/** Checks signature and time; what the claims mean is for each cloud to say. */
async function verified(token: string, keys: JWTVerifyGetKey, algorithms: string[]): Promise<Claims> {
  try {
    const { payload } = await jwtVerify(token, keys, { algorithms, currentDate: new Date(Date.now() + CLOCK.ahead) });
    return payload as Claims;
  } catch (error: any) {
    throw new Refusal(error.message);
  }
}

/**
 * AWS: the OIDC provider of the issuer, the trust policy of the role, then the provider's client IDs: last, because a provider
 * that others made may take more audiences than ours, and the trust policy must not rely on it.
 */
export const aws: Door = async (evaluation, token, roleArn, internet) => {
  const { iss } = decodeJwt(token);
  const provider = found(`OIDC provider for ${iss}`, all(evaluation, 'aws_iam_openid_connect_provider').find(({ url }) => url === iss));
  const { sub, aud } = await verified(token, await keysOf(provider.url, internet), ['RS256', 'ES256', 'ES384', 'ES512']);
  const role = found(`role ${roleArn}`, all(evaluation, 'aws_iam_role').find(({ arn }) => arn === roleArn));
  const trust = JSON.parse(role.assume_role_policy);
  const audience = aud.find((each) => canAssumeWithWebIdentity(trust, { issuer: iss!, sub, aud: each, provider: provider.arn }));
  if (audience === undefined) throw new Refusal('the trust policy does not allow it');
  if (!provider.client_id_list.includes(audience)) throw new Refusal(`no client ID ${audience}`);
  return roleArn;
};

/** Google Cloud: the provider's issuer, keys and audiences, then its condition and mapping. */
export const gcp: Door = async (evaluation, token, name, internet) => {
  const { iss } = decodeJwt(token);
  const provider = found(`provider ${name}`, all(evaluation, 'google_iam_workload_identity_pool_provider').find((each) => each.name === name));
  const [oidc] = [provider.oidc].flat();
  if (oidc.issuer_uri !== iss) throw new Refusal(`the issuer is not ${oidc.issuer_uri}, but ${iss}`);
  const keys = oidc.jwks_json ? createLocalJWKSet(JSON.parse(oidc.jwks_json)) : await keysOf(oidc.issuer_uri, internet);
  const claims = await verified(token, keys, ['RS256', 'ES256']);
  const audiences = oidc.allowed_audiences ?? [`//iam.googleapis.com/${name}`, `https://iam.googleapis.com/${name}`];
  found(`audience among ${claims.aud.join(', ')}`, claims.aud.find((each) => audiences.includes(each)));
  if (!condition(provider.attribute_condition, claims)) throw new Refusal('the attribute condition does not allow it');
  const attributes = Object.fromEntries(Object.entries<string>(provider.attribute_mapping)
    .map(([attribute, expression]) => [attribute, mapped(expression, claims)]));
  return `principal://iam.googleapis.com/${name.split('/providers/')[0]}/subject/${attributes['google.subject']}`;
};

/** GKE's own pool, `<pool>:<cluster>`: every account of a cluster in the project is somebody there. */
export const gke: Door = async (_evaluation, token, name, internet) => {
  const [, pool, project, cluster] = /^((.+)\.svc\.id\.goog):(.+)$/.exec(name) ?? [];
  if (!cluster?.startsWith(`https://container.googleapis.com/v1/projects/${project}/`)) throw new Refusal(`${name} is no cluster of its pool`);
  if (decodeJwt(token).iss !== cluster) throw new Refusal(`the issuer is not ${cluster}`);
  const { sub, aud } = await verified(token, await keysOf(cluster, internet), ['RS256']);
  found(`audience among ${aud.join(', ')}`, aud.find((each) => each === pool));
  const [, , namespace, account] = sub.split(':');
  return `serviceAccount:${pool}[${namespace}/${account}]`;
};

/** The condition in the form that the library writes. */
function condition(expression: string, claims: JWTPayload): boolean {
  const [, claim, list] = /^(.+) in \[(.*)\]$/.exec(expression) ?? [];
  if (claim === undefined) throw new Error(`a condition that this test does not read: ${expression}`);
  return list.split(', ').map((item) => /^'([^'\\]*)'$/.exec(item)![1]).includes(mapped(claim, claims));
}

/** `assertion.x` or `assertion['x']['y']`; a claim that is missing makes Google refuse the token. */
function mapped(expression: string, claims: any): string {
  const path = /^assertion((?:\.\w+|\['[^']+'\])+)$/.exec(expression)?.[1];
  if (path === undefined) throw new Error(`a mapping that this test does not read: ${expression}`);
  const keys = [...path.matchAll(/\.(\w+)|\['([^']+)'\]/g)].map(([, plain, quoted]) => plain ?? quoted);
  const value = keys.reduce((object, key) => object?.[key], claims);
  if (typeof value !== 'string') throw new Refusal(`the token has no ${expression}`);
  return value;
}

/** Azure: the federated credential of issuer and subject, its audience, then the identity that it belongs to. */
export const azure: Door = async (evaluation, token, clientId, internet) => {
  const { iss } = decodeJwt(token);
  if (decodeProtectedHeader(token).alg !== 'RS256') throw new Refusal('Entra takes RS256');
  const identity = found(`identity ${clientId}`, all(evaluation, 'azurerm_user_assigned_identity').find(({ client_id: id }) => id === clientId));
  const credentials = all(evaluation, 'azurerm_federated_identity_credential').filter(({ parent_id: parent }) => parent === identity.id);
  const ofIssuer = credentials.filter(({ issuer }) => issuer === iss);
  if (ofIssuer.length === 0) throw new Refusal(`no federated credential for ${iss}`);
  const { sub, aud } = await verified(token, await keysOf(ofIssuer[0].issuer, internet), ['RS256']);
  const credential = found(`federated credential for ${sub}`, ofIssuer.find(({ subject }) => subject === sub));
  found(`audience among ${aud.join(', ')}`, aud.find((each) => credential.audience.includes(each)));
  return identity.principal_id;
};

/** To whom each door leads: what holds the grants there. */
export function granted(evaluation: Evaluation): string[] {
  return [
    ...all(evaluation, 'aws_iam_role_policy').map(({ role }) => all(evaluation, 'aws_iam_role').find(({ name }) => name === role).arn),
    ...all(evaluation, 'google_artifact_registry_repository_iam_member').map(({ member }) => member),
    ...all(evaluation, 'azurerm_role_assignment').map(({ principal_id: principal }) => principal),
  ];
}
