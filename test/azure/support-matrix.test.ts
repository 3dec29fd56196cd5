import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { TerraformStack } from 'cdktf';
import { RSA_CERTIFICATE } from './certificates';
import { everyPermission, SAMPLES } from './permissions/samples';
import { aks, CONTROLLERS, federated, holder, newStack, resolved, SOURCE } from './support';
import { IAzureIdentity } from '../../lib/azure/azure-identity';
import { AzurePermission } from '../../lib/azure/azure-permission';
import { FluxAzureApplication } from '../../lib/azure/flux-azure-application';
import { FluxAzureKubeletIdentity } from '../../lib/azure/flux-azure-kubelet-identity';
import { SERVICES } from '../../lib/azure/services';
import { FluxKind } from '../../lib/core/flux-kind';
import { FluxSecret } from '../../lib/core/flux-secret';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { CloudKind, KINDS as FLUX_KINDS } from '../../lib/core/shared/flux/kinds';
import { CredentialKind, kindsOf, ServiceFacts } from '../../lib/core/shared/flux/service';
import { sorted } from '../../lib/core/shared/sort';
import { holdTable } from '../tables';

const LIB = join(__dirname, '../../lib/azure');
const README = readFileSync(join(LIB, 'README.md'), 'utf8');
const NODES = { principalId: '00000000-0000-0000-0000-0000000000d1', clientId: '00000000-0000-0000-0000-0000000000c1' };

/** An identity of each kind at each level. */
const KINDS: { [kind: string]: { [level: string]: (scope: TerraformStack) => IAzureIdentity } } = {
  'workload identity': { controller: (scope) => holder(scope), object: (scope) => federated(scope, 'Images', { serviceAccounts: [FluxServiceAccount.of('apps', 'flux')] }) },
  'static credential': {
    controller: (scope) => new FluxAzureApplication(scope, 'Images', { displayName: 'flux', certificate: RSA_CERTIFICATE, serviceAccounts: CONTROLLERS }),
    object: (scope) => new FluxAzureApplication(scope, 'Images', {
      displayName: 'flux', certificate: RSA_CERTIFICATE, secrets: [FluxSecret.bucket('apps', 'blob'), FluxSecret.sops('apps', 'vault')],
    }),
  },
  'node': { node: (scope) => FluxAzureKubeletIdentity.fromIds(scope, 'Images', { issuer: aks(scope), serviceAccounts: [SOURCE], ...NODES }) },
};

function accepts(make: (scope: TerraformStack) => IAzureIdentity, permission: AzurePermission): boolean {
  try {
    make(newStack()).grant('Grant', permission);
    return true;
  } catch (error: any) {
    if (error.name !== 'ValidationError') throw error;
    return false;
  }
}

const PERMISSIONS = new Map(Object.entries(SERVICES).map(([id, service]) => [
  id, everyPermission(newStack()).filter(([, { _facts }]) => _facts.service === service),
]));

it('has a permission for each verb of a service, and a verb for each permission', () => {
  const verbs = Object.entries(SERVICES).flatMap(([id, service]) => Object.keys(service.verbs).map((verb) => `${id}.${verb}`));
  const found = everyPermission(newStack()).map(([, { _facts: { service, verb } }]) => `${Object.entries(SERVICES).find(([, each]) => each === service)?.[0]}.${verb}`);
  expect(found.sort()).toEqual(verbs.sort());
  everyPermission(newStack()).forEach(([method, { _facts: { verb } }]) => expect(method.split('.')[1]).toBe(verb));
});

it.each(Object.entries(SAMPLES))('%s gives the role that its sample says, on what it was given', (method, { args, role, resource }) => {
  const scope = newStack();
  const [, permission] = everyPermission(scope).find(([name]) => name === method)!;
  const identity = holder(scope);
  const grant = identity.grant('Grant', permission);
  const { service, verb } = permission._facts;
  const [recorded] = identity._grants;
  expect(recorded).toMatchObject({ grant, service, verb, resource: resource ?? args(scope)[0] });
  expect(recorded.rights.map((right) => right.role)).toEqual([role]);
  expect(recorded.made.map((made) => made.friendlyUniqueId).sort()).toEqual(grant.addresses.map((address) => address.split('.')[1]).sort());
});

it.each(Object.entries<ServiceFacts>(SERVICES).flatMap(([id, service]) => Object.entries(KINDS).map(([kind]) => [id, kind, service] as const)))(
  '%s by %s is granted where its row says, and nowhere else', (id, kind, service) => {
    for (const [method, permission] of PERMISSIONS.get(id)!) {
      const granted = Object.keys(KINDS[kind]).filter((level) => accepts(KINDS[kind][level], permission));
      expect({ method, granted }).toEqual({ method, granted: [...service.levels[kind as CredentialKind] ?? []] });
    }
  });

it('a role of the user\'s choice counts as the service that has it', () => {
  for (const service of Object.values<ServiceFacts>(SERVICES)) {
    service.rights.forEach((role) => expect(AzurePermission.of(role.toUpperCase(), '/subscriptions/x')._facts.service).toBe(service));
  }
  expect(AzurePermission.of('00000000-0000-0000-0000-00000000000a', '/subscriptions/x')._facts.service).toBeUndefined();
});

it('knows whom Azure lets act as an identity: what federated credentials are made of', () => {
  const scope = newStack();
  const identity = federated(scope, 'Images', { issuers: [aks(scope)], serviceAccounts: [FluxServiceAccount.of('apps', 'flux'), SOURCE] });
  const trust = identity._trust.map(({ anchor, issuer, subject, audiences }) => [anchor, issuer.node.path, subject, ...audiences]);
  expect(resolved(scope, trust)).toEqual([
    'apps:flux', 'flux-system:source-controller',
  ].map((account) => [resolved(scope, identity.identityId), 'stack/Cluster', `system:serviceaccount:${account}`, 'api://AzureADTokenExchange']));
});

it('the page shows the rows', () => {
  const kinds = [CredentialKind.WORKLOAD_IDENTITY, CredentialKind.STATIC, CredentialKind.NODE];
  holdTable('lib/azure/README.md', 'support matrix', ['service', 'Flux kinds', ...kinds], Object.values<ServiceFacts>(SERVICES).map((service) => [
    `[${service.name}](${service.docs})`,
    sorted(kindsOf(service).map(nameOf)).join(', '),
    ...kinds.map((kind) => service.levels[kind]?.join(', ') ?? '-'),
  ]));
});

it('the page of all clouds shows the services', () => {
  holdTable('docs/services.md', 'services of Azure', ['service', 'permissions', 'Flux kinds', 'levels'], Object.entries<ServiceFacts>(SERVICES).map(([id, service]) => [
    `[${service.name}](${service.docs})`,
    PERMISSIONS.get(id)!.map(([method], index) => index === 0 ? `\`${method}\`` : `\`${method.split('.')[1]}\``).join(', '),
    sorted(kindsOf(service).map(nameOf)).join(', '),
    sorted(Object.values(service.levels).flat()).join(', '),
  ]));
});

/** A kind as people know it. */
function nameOf(kind: CloudKind): string {
  const { kind: name } = FLUX_KINDS[kind];
  if (name === 'Provider') return `Provider (${kind.split('/')[1]})`;
  return kind === FluxKind.KUSTOMIZATION ? 'Kustomization (SOPS)' : kind.endsWith('/remote') ? `${name} (remote cluster)` : kind === FluxKind.HELM_REPOSITORY ? 'HelmRepository (oci)' : name;
}

it('names every permission and every class of the folder', () => {
  const sources = [...readdirSync(LIB), ...readdirSync(join(LIB, 'permissions')).map((file) => `permissions/${file}`)].filter((file) => /(?<!\.d)\.ts$/.test(file));
  const missing = sources.flatMap((file) => {
    const source = readFileSync(join(LIB, file), 'utf8');
    const type = /export class (\w+)/.exec(source)?.[1];
    const methods = [...source.matchAll(/^ {2}public static (?!_|readonly)(\w+)/gm)].map((match) => match[1]);
    return type === undefined ? [] : [type, ...(file.startsWith('permissions/') ? methods : [])].filter((name) => !README.includes(name));
  });
  expect(missing).toEqual([]);
});
