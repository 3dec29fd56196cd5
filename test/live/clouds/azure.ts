import { ADMIN, Answer, bearer, Call, challenge, Clouds, Denied, form, inRemote, OBJECT, password, pulled, refusedRegistry, registryPath, StandIn } from './call';
import { inWordsOf } from './words';
import { azure as federate } from '../../conformance/clouds';
import { SUBSCRIPTION, TENANT } from '../../conformance/computed';

/** What Azure's own roles allow, as far as Flux asks for it. */
const ROLES: { readonly [id: string]: readonly string[] } = {
  '7f951dda-4ed3-4680-a7ca-43fe172d538d': ['Microsoft.ContainerRegistry/registries/pull/read'],
  '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1': ['Microsoft.Storage/storageAccounts/blobServices/containers/read', 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'],
  '12338af0-0e69-4776-bea7-57ae8d297424': ['Microsoft.KeyVault/vaults/keys/decrypt/action', 'Microsoft.KeyVault/vaults/keys/encrypt/action', 'Microsoft.KeyVault/vaults/keys/read'],
  '4abbcc35-e782-43d8-92c5-2d3f1bd2253f': ['Microsoft.ContainerService/managedClusters/listClusterUserCredential/action', 'Microsoft.ContainerService/managedClusters/read'],
  'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b': ['Microsoft.ContainerService/managedClusters/listClusterUserCredential/action', 'Microsoft.ContainerService/managedClusters/*'],
};
const LOGIN = 'login.microsoftonline.com';
const PROVIDERS = `/subscriptions/${SUBSCRIPTION}/resourceGroups/flux/providers`;
/** What an access token must be for. */
const AUDIENCES = {
  arm: 'https://management.core.windows.net',
  acr: 'https://containerregistry.azure.net',
  aks: '6dae42f8-4368-4678-94ff-3960e28e3630',
  blob: 'https://storage.azure.com',
  vault: 'https://vault.azure.net',
};

/** Entra ID, ACR, Blob Storage, Key Vault, AKS: role assignments decide, by scope. */
export const AZURE: StandIn = {
  hosts: [LOGIN, 'management.azure.com', '*.azurecr.io', '*.blob.core.windows.net', '*.vault.azure.net', '*.hcp.westeurope.azmk8s.io'],

  answer(call, clouds) {
    const { host } = call;
    if (host === LOGIN) return login(call, clouds);
    if (host.endsWith('.azurecr.io')) return pull(call, clouds);
    if (host.endsWith('.blob.core.windows.net')) return store(call, clouds);
    if (host.endsWith('.vault.azure.net')) return vault(call, clouds);
    if (host === 'management.azure.com') return manage(call, clouds);
    const cluster = host.split('.')[0];
    const principal = holder(call, clouds, AUDIENCES.aks);
    const scope = `${PROVIDERS}/Microsoft.ContainerService/managedClusters/${cluster}`;
    may(clouds, principal, 'Microsoft.ContainerService/managedClusters/*', scope);
    return inRemote(call, principal, 'system:masters');
  },

  refuse({ host }, error) {
    if (host === LOGIN) return { status: error.status, body: { error: 'invalid_client', error_description: inWordsOf('entra', error.message).says } };
    if (host.endsWith('.azurecr.io')) return refusedRegistry(error.status, inWordsOf('acr', error.message).says);
    if (host.endsWith('.blob.core.windows.net')) return { status: error.status, headers: { 'content-type': 'application/xml', 'x-ms-error-code': 'AuthorizationPermissionMismatch' }, body: `<?xml version="1.0"?><Error><Code>AuthorizationPermissionMismatch</Code><Message>${error.message}</Message></Error>` };
    const { code = 'Forbidden', says } = inWordsOf(host.endsWith('.vault.azure.net') ? 'vault' : 'azure', error.message);
    return { status: error.status, body: { error: { code, message: says } } };
  },
};

/** Entra ID: a secret is the administrator's, an assertion is a token of a cluster. */
async function login(call: Call, clouds: Clouds): Promise<Answer> {
  const { pathname, searchParams } = call.url;
  const authority = `https://${LOGIN}/${TENANT}`;
  if (pathname === '/common/discovery/instance') {
    return { body: { tenant_discovery_endpoint: `${searchParams.get('authorization_endpoint')!.replace('/oauth2/v2.0/authorize', '')}/v2.0/.well-known/openid-configuration`, metadata: [] } };
  }
  if (!pathname.startsWith(`/${TENANT}/`)) throw new Denied(400, `no tenant at ${pathname}`);
  if (pathname.endsWith('/.well-known/openid-configuration')) {
    return { body: { issuer: `${authority}/v2.0`, authorization_endpoint: `${authority}/oauth2/v2.0/authorize`, token_endpoint: `${authority}/oauth2/v2.0/token` } };
  }
  const request = form(call);
  const audience = (request.get('scope') ?? '').split(' ').find((scope) => scope.endsWith('/.default'))?.replace('/.default', '').replace(/\/$/, '');
  const principal = request.has('client_secret') ? ADMIN : await federate(clouds.evaluation, request.get('client_assertion') ?? '', request.get('client_id') ?? '', clouds.internet);
  return { body: { access_token: clouds.give({ principal, audience }), token_type: 'Bearer', expires_in: 3600 } };
}

/** Who holds a token, if it is for this API. */
function holder(call: Call, clouds: Clouds, audience: string, credential = bearer(call)): string {
  const found = clouds.holder(credential);
  if (found.audience !== audience) throw new Denied(401, `a token for ${found.audience}, not for ${audience}`);
  return found.principal;
}

/** Azure RBAC: an assignment at the resource or above, of a role that has the action. */
function may(clouds: Clouds, principal: string, action: string, resource: string): void {
  const { name = principal } = clouds.all('azurerm_user_assigned_identity').find(({ principal_id: id }) => id === principal) ?? {};
  const held = clouds.all('azurerm_role_assignment').filter(({ principal_id: id, scope }) => id === principal && `${resource}/`.toLowerCase().startsWith(`${scope}/`.toLowerCase()));
  clouds.decide(name, held.some((assignment) => {
    if (assignment.condition) throw new Error(`a condition that this stand-in does not read: ${assignment.condition}`);
    const id = assignment.role_definition_id.split('/').pop();
    const custom = clouds.all('azurerm_role_definition').find(({ role_definition_id: each }) => each === id);
    const [permissions] = [custom?.permissions ?? []].flat();
    return (custom ? [...permissions?.actions ?? [], ...permissions?.data_actions ?? []] : ROLES[id] ?? []).includes(action);
  }), action, resource);
}

function pull(call: Call, clouds: Clouds): Answer {
  if (call.url.pathname === '/oauth2/exchange') {
    const principal = holder(call, clouds, AUDIENCES.acr, form(call).get('access_token') ?? '');
    // Flux reads when it ends.
    const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
    const token = `${part({ alg: 'none' })}.${part({ exp: Math.floor(Date.now() / 1000) + 3600, id: clouds.give({ principal }) })}.${part({})}`;
    clouds.holders.set(token, { principal });
    return { body: { refresh_token: token } };
  }
  const credential = password(call);
  if (credential === undefined) return challenge(call.host);
  const { principal } = clouds.holder(credential);
  if (pulled(call) !== undefined) {
    may(clouds, principal, 'Microsoft.ContainerRegistry/registries/pull/read', `${PROVIDERS}/Microsoft.ContainerRegistry/registries/${call.host.split('.')[0]}`);
  }
  return { to: 'registry', path: registryPath(call) };
}

function store(call: Call, clouds: Clouds): Answer {
  const [, container, ...blob] = call.url.pathname.split('/');
  const scope = `${PROVIDERS}/Microsoft.Storage/storageAccounts/${call.host.split('.')[0]}/blobServices/default/containers/${container}`;
  const listed = call.url.searchParams.get('comp') === 'list';
  const blobs = listed || blob.length > 0 ? '/blobs' : '';
  may(clouds, holder(call, clouds, AUDIENCES.blob), `Microsoft.Storage/storageAccounts/blobServices/containers${blobs}/read`, scope);
  const { name, content } = OBJECT;
  const [etag, modified] = ['"0x8D1"', new Date(1.7e12).toUTCString()];
  const headers = { 'x-ms-version': '2021-01-01', 'etag': etag, 'last-modified': modified };
  if (listed) {
    const properties = `<Last-Modified>${modified}</Last-Modified><Etag>${etag}</Etag><Content-Length>${content.length}</Content-Length><BlobType>BlockBlob</BlobType>`;
    return { headers: { 'content-type': 'application/xml' }, body: `<?xml version="1.0"?><EnumerationResults ContainerName="${container}"><Blobs><Blob><Name>${name}</Name><Properties>${properties}</Properties></Blob></Blobs><NextMarker/></EnumerationResults>` };
  }
  if (blob.length === 0) return { headers, body: '' };
  if (blob.join('/') !== name) return { status: 404, headers: { 'x-ms-error-code': 'BlobNotFound' }, body: '' };
  return { headers: { ...headers, 'content-type': 'application/octet-stream', 'x-ms-blob-type': 'BlockBlob' }, body: content };
}

function vault(call: Call, clouds: Clouds): Answer {
  if (call.headers.authorization === undefined) {
    return { status: 401, headers: { 'www-authenticate': `Bearer authorization="https://${LOGIN}/${TENANT}", resource="${AUDIENCES.vault}"` }, body: '' };
  }
  const principal = holder(call, clouds, AUDIENCES.vault);
  const [, , name, version, action] = call.url.pathname.split('/');
  const kid = `https://${call.host}/keys/${name}/${version}`;
  const value = Buffer.from(JSON.parse(call.body.toString() || '{}').value ?? '', 'base64url');
  if (action === 'encrypt') {
    clouds.decide(principal, principal === ADMIN, action, kid);
    return { body: { kid, value: clouds.seal(kid, value).toString('base64url') } };
  }
  may(clouds, principal, `Microsoft.KeyVault/vaults/keys/${action}/action`, `${PROVIDERS}/Microsoft.KeyVault/vaults/${call.host.split('.')[0]}/keys/${name}`);
  return { body: { kid, value: clouds.unseal(kid, value).toString('base64url') } };
}

/** Azure Resource Manager: how to reach a cluster. */
function manage(call: Call, clouds: Clouds): Answer {
  const [, scope, name, action] = /^(\/subscriptions\/.+\/managedClusters\/([^/]+))(?:\/(\w+))?$/i.exec(call.url.pathname) ?? [];
  if (scope === undefined) throw new Denied(404, `nothing at ${call.url.pathname}`);
  may(clouds, holder(call, clouds, AUDIENCES.arm), `Microsoft.ContainerService/managedClusters/${action === undefined ? 'read' : `${action}/action`}`, scope);
  if (action === undefined) return { body: { id: scope, name, properties: { aadProfile: { managed: true, enableAzureRBAC: true } } } };
  const kubeconfig = {
    'apiVersion': 'v1',
    'kind': 'Config',
    'current-context': name,
    'contexts': [{ name, context: { cluster: name, user: name } }],
    'users': [{ name, user: {} }],
    'clusters': [{ name, cluster: { 'server': `https://${name}.hcp.westeurope.azmk8s.io:443`, 'certificate-authority-data': Buffer.from(clouds.ca).toString('base64') } }],
  };
  return { body: { kubeconfigs: [{ name: 'clusterUser', value: Buffer.from(JSON.stringify(kubeconfig)).toString('base64') }] } };
}
