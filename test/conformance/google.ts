import { createServer, Server } from 'http';
import { AddressInfo } from 'net';
import { createLocalJWKSet, JSONWebKeySet, jwtVerify } from 'jose';
import { evaluate } from './cel';

/** Who holds a token that this Google gave out. */
type Principal = string;

/**
 * A stand-in for Google on loopback: the token service, the impersonation of service accounts, and IAM. All that it decides
 * it reads from a synthesized stack: mapping, condition, audiences, keys, and IAM members.
 */
export class Google {
  /** Why the token service refused, in order. */
  public readonly refusals: string[] = [];
  private readonly server: Server;
  private readonly tokens = new Map<string, Principal>();
  private readonly resources: any;

  /**
   * @param stack the synthesized stack, its references put in
   * @param discovered the keys that Google would be given by each issuer it can reach
   */
  public constructor(stack: any, private readonly discovered: { readonly [issuer: string]: JSONWebKeySet }) {
    this.resources = stack.resource;
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        this.answer(request.url!, request.headers.authorization, Buffer.concat(chunks).toString()).then((body) => {
          response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
        }, (error: Error) => {
          this.refusals.push(error.message);
          response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: 'invalid_grant', error_description: error.message }));
        });
      });
    });
  }

  public async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public close(): void {
    this.server.close();
  }

  /** Who Google takes the holder of a token for. */
  public whoIs(token: string): Principal | undefined {
    return this.tokens.get(token);
  }

  /** Whether the holder of a token has a role on a resource, by the IAM members of the stack. */
  public may(token: string, role: string, type: string, resource: object, variables?: { [name: string]: unknown }): boolean {
    const principal = this.whoIs(token);
    return Object.values<any>(this.resources[type] ?? {}).some((member) => member.member === principal && member.role === role
      && Object.entries(resource).every(([name, value]) => member[name] === value)
      && (member.condition === undefined || evaluate(member.condition.expression, variables ?? {}) === true));
  }

  private async answer(url: string, authorization: string | undefined, body: string): Promise<object> {
    if (url === '/v1/token') return this.exchange(new URLSearchParams(body));
    const email = /^\/v1\/projects\/-\/serviceAccounts\/([^/:]+):generateAccessToken$/.exec(decodeURIComponent(url))?.[1];
    if (email === undefined) throw new Error(`no such address: ${url}`);
    const token = authorization?.replace(/^Bearer /, '') ?? '';
    const { name } = Object.values<any>(this.resources.google_service_account ?? {}).find((account) => account.email === email) ?? {};
    if (!this.may(token, 'roles/iam.workloadIdentityUser', 'google_service_account_iam_member', { service_account_id: name })) {
      throw new Error(`${this.whoIs(token)} may not impersonate ${email}`);
    }
    return { accessToken: this.give(`serviceAccount:${email}`), expireTime: new Date(Date.now() + 3_600_000).toISOString() };
  }

  /** @see https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token */
  private async exchange(request: URLSearchParams): Promise<object> {
    const audience = request.get('audience');
    const provider = Object.values<any>(this.resources.google_iam_workload_identity_pool_provider ?? {}).find(({ name }) => `//iam.googleapis.com/${name}` === audience);
    if (provider === undefined) throw new Error(`no provider ${audience}`);
    if (request.get('subject_token_type') !== 'urn:ietf:params:oauth:token-type:jwt') throw new Error('subject token type');
    const subjectToken = request.get('subject_token')!;
    const { oidc } = provider;
    const keys = oidc.jwks_json === undefined ? this.discovered[oidc.issuer_uri] : JSON.parse(oidc.jwks_json);
    if (keys === undefined) throw new Error(`issuer ${oidc.issuer_uri} cannot be reached`);
    const { payload } = await jwtVerify(subjectToken, createLocalJWKSet(keys), {
      issuer: oidc.issuer_uri,
      audience: oidc.allowed_audiences ?? [`//iam.googleapis.com/${provider.name}`, `https://iam.googleapis.com/${provider.name}`],
    });
    const mapped: { [name: string]: string } = {};
    for (const [name, expression] of Object.entries<string>(provider.attribute_mapping)) {
      mapped[name] = evaluate(expression, { assertion: payload }) as string;
      if (typeof mapped[name] !== 'string') throw new Error(`${name} is no string`);
    }
    if (Buffer.byteLength(mapped['google.subject']) > 127) throw new Error('google.subject is too long');
    if (evaluate(provider.attribute_condition, { assertion: payload }) !== true) throw new Error(`the attribute condition rejects ${payload.sub}`);
    const pool = provider.name.replace(/\/providers\/.*/, '');
    return {
      access_token: this.give(`principal://iam.googleapis.com/${pool}/subject/${mapped['google.subject']}`),
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      token_type: 'Bearer',
      expires_in: 3600,
    };
  }

  private give(principal: Principal): string {
    const token = `token-${this.tokens.size}`;
    this.tokens.set(token, principal);
    return token;
  }
}

/** What Terraform would make of the references in a synthesized stack, for the attributes that Google gives. */
export function applied(stack: any, projectNumber: string): any {
  const text = JSON.stringify(stack);
  const { resource } = stack;
  const attributes: { [reference: string]: string } = {};
  const of = (type: string) => Object.entries<any>(resource[type] ?? {});
  for (const [id, pool] of of('google_iam_workload_identity_pool')) {
    attributes[`google_iam_workload_identity_pool.${id}.workload_identity_pool_id`] = pool.workload_identity_pool_id;
    attributes[`google_iam_workload_identity_pool.${id}.name`] = `projects/${projectNumber}/locations/global/workloadIdentityPools/${pool.workload_identity_pool_id}`;
  }
  for (const [id, account] of of('google_service_account')) {
    const email = `${account.account_id}@${account.project}.iam.gserviceaccount.com`;
    attributes[`google_service_account.${id}.email`] = email;
    attributes[`google_service_account.${id}.member`] = `serviceAccount:${email}`;
    attributes[`google_service_account.${id}.name`] = `projects/${account.project}/serviceAccounts/${email}`;
  }
  const put = JSON.parse(text.replace(/\$\{([\w.-]+)\}/g, (reference, name) => {
    // Conditions on `self` are Terraform's own.
    if (attributes[name] === undefined) throw new Error(`${reference} is not known`);
    return attributes[name];
  }));
  for (const [id, provider] of Object.entries<any>(put.resource.google_iam_workload_identity_pool_provider ?? {})) {
    const name = `projects/${projectNumber}/locations/global/workloadIdentityPools/${provider.workload_identity_pool_id}/providers/${provider.workload_identity_pool_provider_id}`;
    put.resource.google_iam_workload_identity_pool_provider[id] = { ...provider, name };
  }
  for (const account of Object.values<any>(put.resource.google_service_account ?? {})) {
    account.email = `${account.account_id}@${account.project}.iam.gserviceaccount.com`;
    account.name = `projects/${account.project}/serviceAccounts/${account.email}`;
  }
  return put;
}

