import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { TerraformStack } from 'cdktf';
import { SAMPLES } from './samples';
import { EMAIL, NOTIFICATION, SOURCE, stackOf, KUSTOMIZE, ownPool, TENANT } from './setup';
import { FluxKind } from '../../lib/core/flux-kind';
import { FluxSecret } from '../../lib/core/flux-secret';
import { FluxServiceAccount } from '../../lib/core/flux-service-account';
import { CloudKind, KINDS as FLUX_KINDS } from '../../lib/core/shared/flux/kinds';
import { CredentialKind, kindsOf, ServiceFacts } from '../../lib/core/shared/flux/service';
import { sorted } from '../../lib/core/shared/sort';
import { FluxGcpNodeServiceAccount } from '../../lib/gcp/flux-gcp-node-service-account';
import { FluxGcpPrincipal } from '../../lib/gcp/flux-gcp-principal';
import { FluxGcpServiceAccount } from '../../lib/gcp/flux-gcp-service-account';
import { FluxGcpServiceAccountKey } from '../../lib/gcp/flux-gcp-service-account-key';
import { GcpIdentityBase } from '../../lib/gcp/private/identity/gcp-identity-base';
import { SERVICES } from '../../lib/gcp/services';
import { holdTable } from '../tables';

const LIB = join(__dirname, '../../lib/gcp');
const README = readFileSync(join(LIB, 'README.md'), 'utf8');
const CONTROLLERS = [KUSTOMIZE, NOTIFICATION, SOURCE];
const SECRETS = [FluxSecret.bucket('apps', 'gcs'), FluxSecret.sops('apps', 'kms'), FluxSecret.provider('apps', 'events')];

const principal = (scope: TerraformStack, accounts: FluxServiceAccount[]) => new FluxGcpPrincipal(scope, 'Id', { pool: ownPool(scope), serviceAccounts: accounts });
const account = (scope: TerraformStack, accounts: FluxServiceAccount[]) => (
  new FluxGcpServiceAccount(scope, 'Id', { pool: ownPool(scope), serviceAccounts: accounts, accountId: 'flux-apps' })
);
const existing = (scope: TerraformStack, accounts: FluxServiceAccount[]) => (
  FluxGcpServiceAccount.fromEmail(scope, 'Id', { pool: ownPool(scope), serviceAccounts: accounts, email: EMAIL })
);

/** Identities by each kind of credential, at each level. */
const KINDS: { readonly [kind in CredentialKind]?: { readonly [level: string]: readonly ((scope: TerraformStack) => any)[] } } = {
  [CredentialKind.WORKLOAD_IDENTITY]: {
    controller: [principal, account, existing].map((make) => (scope: TerraformStack) => make(scope, CONTROLLERS)),
    object: [principal, account, existing].map((make) => (scope: TerraformStack) => make(scope, [TENANT])),
  },
  [CredentialKind.STATIC]: {
    controller: [
      (scope) => new FluxGcpServiceAccountKey(scope, 'Id', { accountId: 'flux-apps', serviceAccounts: CONTROLLERS }),
      (scope) => FluxGcpServiceAccountKey.fromEmail(scope, 'Id', { email: EMAIL, serviceAccounts: CONTROLLERS }),
    ],
    object: [
      (scope) => new FluxGcpServiceAccountKey(scope, 'Id', { accountId: 'flux-apps', secrets: SECRETS }),
      (scope) => FluxGcpServiceAccountKey.fromEmail(scope, 'Id', { email: EMAIL, secrets: SECRETS }),
    ],
  },
  [CredentialKind.NODE]: { node: [(scope) => FluxGcpNodeServiceAccount.fromEmail(scope, 'Id', { email: EMAIL })] },
};
const COLUMNS = Object.keys(KINDS) as CredentialKind[];

function accepts(make: (scope: TerraformStack) => GcpIdentityBase, method: string): boolean {
  const { on, permission } = SAMPLES[method];
  const identity = make(stackOf());
  try {
    identity.grant('Grant', permission(on));
    return true;
  } catch (error: any) {
    if (error.name !== 'ValidationError') throw error;
    return false;
  }
}

const methodsOf = (service: ServiceFacts): string[] => (
  Object.keys(SAMPLES).filter((method) => SAMPLES[method].permission(SAMPLES[method].on)._facts.service === service)
);

it('has a permission for each verb of a service, a verb for each permission, and a row for each file of permissions', () => {
  for (const service of Object.values<ServiceFacts>(SERVICES)) {
    expect(methodsOf(service).map((method) => method.split('.')[1]).sort()).toEqual(Object.keys(service.verbs).sort());
  }
  expect(Object.entries(SAMPLES).map(([, { on, permission }]) => permission(on)._facts.verb)).toEqual(Object.keys(SAMPLES).map((method) => method.split('.')[1]));
  const files = readdirSync(join(LIB, 'permissions')).filter((file) => /(?<!\.d)\.ts$/.test(file));
  expect(files.map((file) => file.replace(/\.ts$/, '')).sort()).toEqual(Object.keys(SERVICES).sort());
  const methods = files.flatMap((file) => {
    const source = readFileSync(join(LIB, 'permissions', file), 'utf8');
    return [...source.matchAll(/^ {2}public static (\w+)/gm)].map(([, method]) => `${/export class (\w+)/.exec(source)![1]}.${method}`);
  });
  expect(methods.sort()).toEqual(Object.keys(SAMPLES).sort());
});

it.each(Object.entries(SAMPLES))('%s is recorded with what it comes to', (method, { on, permission, roles }) => {
  const scope = stackOf();
  const identity = principal(scope, [...CONTROLLERS, TENANT]);
  const given = permission(on);
  const grant = identity.grant('Grant', given);
  const [{ rights, made, ...facts }] = identity._grants;
  expect(facts).toEqual({ grant, service: given._facts.service, verb: method.split('.')[1], resource: on });
  expect(rights.map(({ role }) => role)).toEqual(roles);
  expect(rights.flatMap(({ resources }) => resources)).toEqual(roles.map(() => method.startsWith('Gke') ? 'projects/acme-prod' : on));
  expect(made).toHaveLength(roles.length * identity.members.length);
});

it.each(Object.entries<ServiceFacts>(SERVICES).flatMap(([id, service]) => COLUMNS.map((kind) => [id, kind, service] as const)))(
  '%s by %s is granted where its row says, and nowhere else', (_, kind, service) => {
    for (const method of methodsOf(service)) {
      const levels = Object.entries(KINDS[kind]!).filter(([, makes]) => {
        const answers = makes.map((make) => accepts(make, method));
        expect(new Set(answers).size).toBe(1);
        return answers[0];
      });
      expect({ method, levels: levels.map(([level]) => level) }).toEqual({ method, levels: [...service.levels[kind] ?? []] });
    }
  });

it('every identity says how it proves who it is, and whom Google lets act as it', () => {
  for (const [kind, levels] of Object.entries(KINDS)) {
    for (const [level, makes] of Object.entries(levels!)) {
      for (const make of makes) {
        const identity: GcpIdentityBase = make(stackOf());
        expect(identity._credential).toBe(kind);
        const provider = 'projects/123456789012/locations/global/workloadIdentityPools/prod-eks/providers/prod-eks';
        const trusted = kind !== CredentialKind.WORKLOAD_IDENTITY ? [] : level === 'object' ? [TENANT] : CONTROLLERS;
        expect(identity._trust.map(({ anchor, subject, audiences }) => ({ anchor, subject, audiences }))).toEqual(trusted.map(({ subject }) => ({ anchor: provider, subject, audiences: [`${level === 'object' ? '' : 'https:'}//iam.googleapis.com/${provider}`] })));
      }
    }
  }
});

it('the page shows the rows', () => {
  holdTable('lib/gcp/README.md', 'support matrix', ['service', 'Flux kinds', ...COLUMNS], Object.values<ServiceFacts>(SERVICES).map((service) => [
    `[${service.name}](${service.docs})`,
    sorted(kindsOf(service).map(nameOf)).join(', '),
    ...COLUMNS.map((kind) => service.levels[kind]?.join(', ') ?? '-'),
  ]));
});

it('the page of all clouds shows the services', () => {
  holdTable('docs/services.md', 'services of Google Cloud', ['service', 'permissions', 'Flux kinds', 'levels'], Object.values<ServiceFacts>(SERVICES).map((service) => [
    `[${service.name}](${service.docs})`,
    methodsOf(service).map((method, index) => index === 0 ? `\`${method}\`` : `\`${method.split('.')[1]}\``).join(', '),
    sorted(kindsOf(service).map(nameOf)).join(', '),
    sorted(Object.values(service.levels).flat()).join(', '),
  ]));
});

/** A kind as people know it. */
function nameOf(kind: CloudKind): string {
  const { kind: name } = FLUX_KINDS[kind];
  if (kind === FluxKind.KUSTOMIZATION) return 'Kustomization (SOPS)';
  if (kind === FluxKind.HELM_REPOSITORY) return 'HelmRepository (oci)';
  if (kind === FluxKind.GOOGLE_PUBSUB_PROVIDER) return 'Provider (googlepubsub)';
  return kind.endsWith('/remote') ? `${name} (remote cluster)` : name;
}

it('names every permission and every class of the folder', () => {
  const classes = readdirSync(LIB).filter((file) => /(?<!\.d)\.ts$/.test(file)).flatMap((file) => (
    [...readFileSync(join(LIB, file), 'utf8').matchAll(/^export class (\w+)/gm)].map(([, name]) => name)
  ));
  expect([...classes, ...Object.keys(SAMPLES)].filter((name) => !README.includes(name))).toEqual([]);
});
