import { execFileSync } from 'child_process';
import { createHash, createPublicKey, X509Certificate } from 'crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { createServer, Server } from 'https';
import { AddressInfo } from 'net';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { ClientCertificateCredential, EnvironmentCredential, TokenCredential, WorkloadIdentityCredential } from '@azure/identity';
import { TerraformOutput, TerraformStack, Testing } from 'cdktf';
import * as jose from 'jose';
import { parse, parseAllDocuments } from 'yaml';
import { AzureCertificateSecret } from '../../lib/azure/azure-certificate-secret';
import { AzureCloud } from '../../lib/azure/azure-cloud';
import { FluxAzureApplication } from '../../lib/azure/flux-azure-application';
import { FluxAzureFederatedIdentity } from '../../lib/azure/flux-azure-federated-identity';
import { ClusterIssuer } from '../../lib/core/cluster-issuer';
import { FluxController } from '../../lib/core/flux-controller';
import { FluxSecret } from '../../lib/core/flux-secret';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { FluxVersion } from '../../lib/core/flux-version';
import { TOKEN_DIRECTORY } from '../../lib/core/shared/kubernetes/token-directory';
import { FluxKustomization } from '../../lib/flux/flux-kustomization';
import { FluxManifests } from '../../lib/flux/flux-manifests';
import { fluxOf, resolved } from '../support';

// Azure's own library, told by what we render, against a token service that trusts what we synthesize.

const TENANT = '00000000-0000-0000-0000-00000000000a';
const CLIENT = '00000000-0000-0000-0000-0000000000c1';
const SCOPE = 'https://storage.azure.com/.default';
const ISSUER = 'https://oidc.example.com/clusters/prod/';
const IDENTITY = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/ids/providers/Microsoft.ManagedIdentity/userAssignedIdentities/flux';
const SUBJECT = 'system:serviceaccount:flux-system:source-controller';
const AUDIENCE = 'api://AzureADTokenExchange';

const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version']);
    return true;
  } catch {
    if (process.env.CONFORMANCE === 'required') throw new Error('openssl is missing, and CONFORMANCE=required');
    console.warn('openssl is missing: the Azure conformance suite is skipped');
    return false;
  }
})();
const suite = hasOpenssl ? describe : describe.skip;

suite('@azure/identity', () => {
  const directory = mkdtempSync(join(tmpdir(), 'azure-conformance-'));
  const tls = certificate('localhost', ['-addext', 'subjectAltName=DNS:localhost']);
  const application = certificate('flux');
  const environment = { ...process.env };
  let cluster: { publicJwk: jose.JWK; sign: (claims: jose.JWTPayload) => Promise<string> };
  let service: TokenService;

  beforeAll(async () => {
    const { publicKey, privateKey } = await jose.generateKeyPair('RS256', { extractable: true });
    cluster = {
      publicJwk: { ...await jose.exportJWK(publicKey), kid: 'cluster', alg: 'RS256' },
      sign: (claims) => new jose.SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'cluster' }).setIssuedAt().setExpirationTime('1h').sign(privateKey),
    };
    service = new TokenService(tls);
    await service.listen();
  });
  afterAll(async () => {
    await service.close();
    rmSync(directory, { recursive: true });
  });
  afterEach(() => {
    process.env = { ...environment };
  });

  function certificate(name: string, more: string[] = []): { key: string; cert: string } {
    const [key, cert] = [join(directory, `${name}.key`), join(directory, `${name}.crt`)];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-keyout', key, '-out', cert, ...more], { stdio: 'ignore' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  }

  /** Our cloud is a private one, whose host is the token service. */
  const cloud = () => AzureCloud.custom({ authorityHost: service.url, resourceManagerEndpoint: 'https://management.example/', tokenAudience: 'https://management.example/' });

  /** The options that only this test needs: the self-made certificate of the service. */
  const options = () => ({
    authorityHost: process.env.AZURE_AUTHORITY_HOST, disableInstanceDiscovery: true, retryOptions: { maxRetries: 0 }, tlsOptions: { ca: tls.cert },
  });

  const tokenOf = async (credential: TokenCredential) => (await credential.getToken(SCOPE))!.token;

  /** Takes over the environment and the files of source-controller, below a directory of this test. */
  function enter(kustomization: string, files: { [path: string]: string }): any {
    const patches = parse(kustomization).patches.filter(({ target }: any) => target.kind === 'Deployment' && target.name === 'source-controller');
    expect(patches).toHaveLength(1);
    const { containers: [container], volumes } = parse(patches[0].patch).spec.template.spec;
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    for (const { name, value } of container.env) process.env[name] = value.startsWith('/var/') ? join(directory, value) : value;
    return { container, volumes };
  }

  describe('workload identity', () => {
    function configure(issuerUrl = ISSUER) {
      const stack = new TerraformStack(Testing.app(), 'stack');
      const issuer = ClusterIssuer.oidc(stack, 'Cluster', { url: issuerUrl });
      const identity = FluxAzureFederatedIdentity.fromIdentityId(stack, 'Images', {
        issuers: [issuer],
        serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE), FluxServiceAccount.of('team-a', 'flux')],
        identityId: IDENTITY,
        clientId: CLIENT,
        principalId: '00000000-0000-0000-0000-0000000000d1',
        tenantId: TENANT,
        azureCloud: cloud(),
      });
      const flux = { installation: fluxOf(stack, { issuer, version: FluxVersion.V2_10, identities: [identity] }) };
      const [kustomization, manifests] = [new FluxKustomization(stack, 'Flux', flux).yaml, new FluxManifests(stack, 'Manifests', flux).yaml].map((yaml) => resolved(stack, yaml));
      const { azurerm_federated_identity_credential: credentials } = JSON.parse(Testing.synth(stack)).resource;
      const own = Object.values<any>(credentials).filter(({ parent_id: parent }) => parent === IDENTITY);
      service.federate(CLIENT, own, { [issuerUrl]: cluster.publicJwk });
      return { kustomization, manifests };
    }

    async function signIn(kustomization: string, token: string): Promise<string> {
      const { container, volumes } = enter(kustomization, { [`${TOKEN_DIRECTORY}/azure-token`]: token });
      // The token that Kubernetes would mount is the one that the credential reads.
      const projected = volumes.find(({ projected: has }: any) => has !== undefined);
      expect(projected.projected.sources).toEqual([{ serviceAccountToken: { audience: AUDIENCE, expirationSeconds: 3600, path: 'azure-token' } }]);
      expect(container.volumeMounts).toContainEqual({ name: projected.name, mountPath: TOKEN_DIRECTORY, readOnly: true });
      return tokenOf(new WorkloadIdentityCredential(options()));
    }

    const claims = { iss: ISSUER, sub: SUBJECT, aud: AUDIENCE };

    test('the controller\'s token passes', async () => {
      const { kustomization } = configure();
      expect(await signIn(kustomization, await cluster.sign(claims))).toBe(`access token of ${CLIENT}`);
    });

    test.each<[string, jose.JWTPayload, string]>([
      ['an issuer without its slash', { iss: ISSUER.slice(0, -1) }, 'AADSTS700211'],
      ['an issuer in another case', { iss: ISSUER.replace('prod', 'Prod') }, 'AADSTS700211'],
      ['another controller', { sub: 'system:serviceaccount:flux-system:kustomize-controller' }, 'AADSTS700213'],
      ['another namespace', { sub: 'system:serviceaccount:other:source-controller' }, 'AADSTS700213'],
      ['another audience', { aud: 'sts.amazonaws.com' }, 'AADSTS700212'],
    ])('%s fails', async (_, wrong, code) => {
      const { kustomization } = configure();
      await expect(signIn(kustomization, await cluster.sign({ ...claims, ...wrong }))).rejects.toThrow(code);
    });

    test('a slash that the cluster\'s issuer does not have fails, and the issuer as it is passes', async () => {
      const bare = ISSUER.slice(0, -1);
      const { kustomization } = configure(bare);
      await expect(signIn(kustomization, await cluster.sign(claims))).rejects.toThrow('AADSTS700211');
      expect(await signIn(kustomization, await cluster.sign({ ...claims, iss: bare }))).toBe(`access token of ${CLIENT}`);
    });

    test('a token that another cluster signed fails', async () => {
      const { kustomization } = configure();
      const { privateKey } = await jose.generateKeyPair('RS256');
      const forged = await new jose.SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'cluster' }).setIssuedAt().setExpirationTime('1h').sign(privateKey);
      await expect(signIn(kustomization, forged)).rejects.toThrow('AADSTS7000272');
    });

    test('object level: the annotations lead to the identity, and the tenant\'s token passes', async () => {
      const { manifests } = configure();
      const account = parseAllDocuments(manifests).map((document) => document.toJS()).find(({ kind }) => kind === 'ServiceAccount');
      const { annotations, namespace, name } = account.metadata;
      const file = join(directory, 'object-token');
      writeFileSync(file, await cluster.sign({ ...claims, sub: `system:serviceaccount:${namespace}:${name}` }));
      process.env.AZURE_AUTHORITY_HOST = service.url;
      expect(await tokenOf(new WorkloadIdentityCredential({
        ...options(),
        clientId: annotations['azure.workload.identity/client-id'],
        tenantId: annotations['azure.workload.identity/tenant-id'],
        tokenFilePath: file,
      }))).toBe(`access token of ${CLIENT}`);
    });
  });

  describe('certificates', () => {
    /** What Terraform would put in, where only it knows the value. */
    const evaluated = (text: string) => text.replace(/\$\{jsonencode\([^)]*\.(client_id|application_tenant_id)\)\}/g, (_: string, name: string) => JSON.stringify(name === 'client_id' ? CLIENT : TENANT));

    function configure(own = application) {
      const stack = new TerraformStack(Testing.app(), 'stack');
      const issuer = ClusterIssuer.oidc(stack, 'Cluster', { url: ISSUER });
      const identity = new FluxAzureApplication(stack, 'App', {
        displayName: 'flux',
        certificate: application.cert,
        serviceAccounts: [FluxServiceAccount.controller(FluxController.SOURCE)],
        secrets: [FluxSecret.bucket('team-a', 'bucket'), FluxSecret.sops('team-a', 'sops')],
        secret: AzureCertificateSecret.pem(own.cert + own.key),
        azureCloud: cloud(),
      });
      const flux = { installation: fluxOf(stack, { issuer, version: FluxVersion.V2_10, identities: [identity] }) };
      new TerraformOutput(stack, 'kustomization', { value: new FluxKustomization(stack, 'Flux', flux).yaml });
      new TerraformOutput(stack, 'manifests', { value: new FluxManifests(stack, 'Manifests', flux).yaml });
      const { resource, output } = JSON.parse(Testing.synth(stack));
      service.certify(CLIENT, Object.values<any>(resource.azuread_service_principal_certificate)[0].value);
      // The file of SOPS stands inside a JSON string: its quotes are taken off by Terraform there.
      const inner = /\$\{(?:replace\()?substr\(jsonencode\(jsonencode\([^)]*\.(client_id|application_tenant_id)\)\), 1, .*?\)\}/g;
      const text = evaluated(output.manifests.value.replace(inner, (_: string, name: string) => `\\"${name === 'client_id' ? CLIENT : TENANT}\\"`));
      expect(text.match(/\$\{[^}]*/)).toBeNull();
      const secrets = parseAllDocuments(text).map((document) => document.toJS()).filter(({ kind }) => kind === 'Secret');
      const secret = (name: string) => secrets.find(({ metadata }) => metadata.name === name).stringData;
      return { kustomization: evaluated(output.kustomization.value), secret };
    }

    test('controller level: the environment and the mounted Secret', async () => {
      const { kustomization, secret } = configure();
      const mounted = '/var/run/azure-certificate';
      const files = Object.fromEntries(Object.entries<string>(secret('flux-azure-certificate')).map(([key, text]) => [`${mounted}/${key}`, text]));
      const { container, volumes } = enter(kustomization, files);
      expect(container.volumeMounts).toContainEqual({ name: 'azure-certificate', mountPath: mounted, readOnly: true });
      expect(volumes).toContainEqual({ name: 'azure-certificate', secret: { secretName: 'flux-azure-certificate' } });
      expect(await tokenOf(new EnvironmentCredential(options()))).toBe(`access token of ${CLIENT}`);
    });

    test.each(['bucket', 'sops'])('object level: the Secret of %s', async (name) => {
      const data = configure().secret(name);
      const { tenantId, clientId, clientCertificate, authorityHost } = name === 'sops' ? parse(data['sops.azure-kv']) : data;
      expect(authorityHost).toBe(service.url);
      expect(await tokenOf(new ClientCertificateCredential(tenantId, clientId, { certificate: clientCertificate }, { ...options(), authorityHost }))).toBe(`access token of ${CLIENT}`);
    });

    test('the key of another certificate fails', async () => {
      const { tenantId, clientId, clientCertificate, authorityHost } = configure(tls).secret('bucket');
      await expect(tokenOf(new ClientCertificateCredential(tenantId, clientId, { certificate: clientCertificate }, { ...options(), authorityHost }))).rejects.toThrow('AADSTS700027');
    });
  });
});

interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string[];
}

/** What Entra ID does with assertions: exact comparison with the federated credentials, or with the registered certificates. */
class TokenService {
  private readonly server: Server;
  private credentials: { client: string; credentials: FederatedCredential[]; keys: { [issuer: string]: jose.JWK } } | undefined;
  private certificate: { client: string; pem: string } | undefined;

  public constructor(tls: { key: string; cert: string }) {
    this.server = createServer(tls, (request, response) => {
      let body = '';
      request.on('data', (chunk) => { body += chunk; });
      request.on('end', async () => {
        const reply = (status: number, value: object) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
        const { pathname } = new URL(request.url!, this.url);
        if (pathname === `/${TENANT}/v2.0/.well-known/openid-configuration`) return reply(200, this.discovery());
        if (request.method !== 'POST' || pathname !== `/${TENANT}/oauth2/v2.0/token`) return reply(404, { error: 'not_found', error_description: pathname });
        try {
          return reply(200, { token_type: 'Bearer', expires_in: 3600, access_token: await this.exchange(new URLSearchParams(body)) });
        } catch (error: any) {
          return reply(400, { error: 'invalid_client', error_description: error.message, error_codes: [] });
        }
      });
    });
  }

  public get url(): string {
    return `https://localhost:${(this.server.address() as AddressInfo).port}/`;
  }

  public async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, 'localhost', resolve));
  }

  public async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  public federate(client: string, credentials: FederatedCredential[], keys: { [issuer: string]: jose.JWK }): void {
    this.credentials = { client, credentials, keys };
    this.certificate = undefined;
  }

  public certify(client: string, pem: string): void {
    this.certificate = { client, pem };
    this.credentials = undefined;
  }

  private discovery(): object {
    const base = `${this.url}${TENANT}`;
    return {
      issuer: `${base}/v2.0`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
      end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    };
  }

  private async exchange(form: URLSearchParams): Promise<string> {
    const client = form.get('client_id')!;
    const assertion = form.get('client_assertion')!;
    if (form.get('grant_type') !== 'client_credentials' || form.get('client_assertion_type') !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') {
      throw new Error('AADSTS900144: not a client assertion');
    }
    if (this.credentials?.client === client) await this.checkFederated(assertion);
    else if (this.certificate?.client === client) await this.checkCertificate(client, assertion);
    else throw new Error(`AADSTS700016: unknown client ${client}`);
    return `access token of ${client}`;
  }

  private async checkFederated(assertion: string): Promise<void> {
    const { iss, sub, aud } = jose.decodeJwt(assertion);
    const { credentials, keys } = this.credentials!;
    const issuers = credentials.filter(({ issuer }) => issuer === iss);
    if (issuers.length === 0) throw new Error(`AADSTS700211: no matching federated identity record for issuer ${iss}`);
    const subjects = issuers.filter(({ subject }) => subject === sub);
    if (subjects.length === 0) throw new Error(`AADSTS700213: no matching federated identity record for subject ${sub}`);
    if (!subjects.some(({ audience }) => audience.length === 1 && audience[0] === aud)) throw new Error(`AADSTS700212: no matching federated identity record for audience ${aud}`);
    await jose.jwtVerify(assertion, await jose.importJWK(keys[iss!])).catch(() => { throw new Error('AADSTS7000272: the signature is not the issuer\'s'); });
  }

  private async checkCertificate(client: string, assertion: string): Promise<void> {
    const registered = new X509Certificate(this.certificate!.pem);
    const { x5t, 'x5t#S256': x5t256 } = jose.decodeProtectedHeader(assertion) as { 'x5t'?: string; 'x5t#S256'?: string };
    const thumbprint = (hash: string) => createHash(hash).update(registered.raw).digest('base64url');
    if (x5t256 !== thumbprint('sha256') && x5t !== thumbprint('sha1')) throw new Error('AADSTS700027: the certificate is not registered');
    const key = createPublicKey(registered.publicKey.export({ type: 'spki', format: 'pem' }));
    // The library rounds `nbf` up to a whole second.
    await jose.jwtVerify(assertion, key, { issuer: client, subject: client, audience: `${this.url}${TENANT}/oauth2/v2.0/token`, clockTolerance: 5 });
  }
}
