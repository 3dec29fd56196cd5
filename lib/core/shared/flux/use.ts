import { IConstruct } from 'constructs';
import { FluxIdentityBase, IdentityGrant } from './identity-base';
import { CloudKind, KINDS, REGISTRY_TYPES } from './kinds';
import { controllersOf, CredentialKind, kindsOf, Level, PermissionFacts, secretsOf, ServiceFacts } from './service';
import { atLeast } from './versions';
import { FluxController } from '../../flux-controller';
import type { IFluxIdentity } from '../../flux-identity';
import { FluxKind } from '../../flux-kind';
import type { FluxServiceAccount } from '../../flux-service-account';
import { FluxVersion } from '../../flux-version';
import { ValidationError } from '../input/validation-error';
import { isObjectLevel } from '../kubernetes/service-accounts';
import { sorted } from '../sort';

/** Whoever may use a permission, as far as it decides whether Flux ever would. */
export type Holder = Pick<FluxIdentityBase, 'serviceAccounts' | '_credential' | '_secrets' | '_takesUntested'>;

const NODE_WHY = 'Flux tests the identity of the nodes with container registries only, and every pod of the nodes would have the right';
const NODE_FIX = 'grant it to an identity by workload identity; or take what is untested with `use: FluxNodeUse.UNTESTED`';

/**
 * Refuses a grant that no Flux object could ever use: by the kind of credential and its level, by the controllers, by the Secret.
 * The one check of this for all clouds; what users compose of services that the library does not list is their own business.
 */
export function checkUse(at: IConstruct, holder: Holder, { service, verb }: PermissionFacts): void {
  if (service === undefined) {
    if (holder._credential !== CredentialKind.NODE || holder._takesUntested) return;
    throw new ValidationError(at, {
      given: 'a permission of your own for the identity of the nodes', allowed: 'permissions to pull from container registries', why: NODE_WHY, fix: NODE_FIX,
    });
  }
  const levels = levelsOf(service, holder);
  const usable = holder._credential === CredentialKind.NODE ? levels.includes('node')
    : holder.serviceAccounts.some((account) => kindsFor(account, service, verb, levels).length > 0)
    || (levels.includes('object') && holder._secrets.some(({ use }) => secretsOf(service, verb).includes(use)));
  if (usable) return;
  throw new ValidationError(at, {
    given: `${described(service, verb)} for ${holderOf(holder)}`,
    allowed: allowedOf(service, verb, holder, levels),
    why: whyOf(service, holder, levels),
    fix: fixOf(service, verb, holder, levels),
  });
}

/** The Flux that grants are to be used in. */
export interface UsedIn {
  readonly version: FluxVersion;
  /** What is installed, the Flux Operator among them where it may be. */
  readonly controllers: readonly FluxController[];
}

/** Refuses a grant that this Flux has no use for, though a later one, or one with more controllers, has. */
export function checkUseIn(
  at: IConstruct, { version, controllers }: UsedIn, identity: FluxIdentityBase, { grant, service, verb }: IdentityGrant,
): void {
  if (service === undefined || identity._credential === CredentialKind.NODE) return;
  const kinds = usableKinds(identity, service, verb);
  if (kinds.length === 0) return;
  const here = installedOf(kinds, controllers);
  if (here.some(([, since]) => atLeast(version, since))) return;
  const first = Object.values(FluxVersion).find((candidate) => here.some(([, since]) => since === candidate));
  throw new ValidationError(at, first === undefined ? {
    given: `grant "${grant.node.path}" (${described(service, verb)}) in a Flux with ${sorted(controllers).join(', ')}.`,
    allowed: `an installation with ${sorted(kinds.flatMap(([kind]) => KINDS[kind].controllers)).join(' or ')}`,
    why: 'no installed controller would ever use the grant',
    fix: 'add the controller to `controllers` (and to the installation), or remove the grant',
  } : {
    given: `grant "${grant.node.path}" (${described(service, verb)}) in Flux ${version}.`,
    allowed: `Flux ${first} and later`,
    why: `this Flux knows no ${sorted(here.map(([kind]) => KINDS[kind].kind)).join(' or ')} that would use the grant`,
    fix: `upgrade to Flux ${first}, or remove the grant`,
  });
}

/** The kinds of object of this Flux that use a grant; none where the right exists and nothing can use it. */
export function kindsUsing({ version, controllers }: UsedIn, identity: FluxIdentityBase, { service, verb }: IdentityGrant): string[] {
  if (service === undefined) return [];
  if (identity._credential === CredentialKind.NODE) return kindsOf(service, verb).filter((kind) => isInstalled(kind, controllers));
  return installedOf(usableKinds(identity, service, verb), controllers).filter(([, since]) => atLeast(version, since)).map(([kind]) => kind);
}

/** A kind, and the first Flux in which it is of use. */
type Usable = readonly [CloudKind, FluxVersion];

/** The kinds that could use a service as one of the identity's accounts, or by one of its Secrets. */
function usableKinds(identity: FluxIdentityBase, service: ServiceFacts, verb: string | undefined): readonly Usable[] {
  const levels = levelsOf(service, identity);
  return unique([
    ...identity.serviceAccounts.flatMap((account) => (
      kindsFor(account, service, verb, levels).map((kind) => [kind, sinceOf(kind, service, account)] as const)
    )),
    ...kindsOf(service, verb)
      .filter((kind) => identity._secrets.some(({ use }) => use === KINDS[kind].secret))
      .map((kind) => [kind, KINDS[kind].clouds[service.cloud]!] as const),
  ]);
}

function installedOf(kinds: readonly Usable[], controllers: readonly FluxController[]): readonly Usable[] {
  return kinds.filter(([kind]) => isInstalled(kind, controllers));
}

function isInstalled(kind: CloudKind, controllers: readonly FluxController[]): boolean {
  return KINDS[kind].controllers.some((controller) => controllers.includes(controller));
}

/** What a ResourceSetInputProvider can list as an identity, the cloud's registry first: what its grants allow, else that registry. */
export function inputTypesOf(identity: IFluxIdentity): string[] {
  const granted = identity instanceof FluxIdentityBase ? identity._grants : [];
  const types = granted.flatMap(({ service, verb }) => (
    service !== undefined && kindsOf(service, verb).includes(FluxKind.RESOURCE_SET_INPUT_PROVIDER) ? service.inputTypes ?? [] : []
  ));
  const registry = REGISTRY_TYPES[identity.cloud];
  return types.length === 0 || types.includes(registry) ? [...new Set([registry, ...sorted(types)])] : [...new Set(sorted(types))];
}

/** Where the holder's kind of credential works for a service. */
function levelsOf(service: ServiceFacts, { _credential, _takesUntested }: Holder): readonly Level[] {
  const levels = service.levels[_credential] ?? [];
  return _credential === CredentialKind.NODE && _takesUntested ? ['node'] : levels;
}

/** The kinds of object that use a service as an account. */
function kindsFor(account: FluxServiceAccount, service: ServiceFacts, verb: string | undefined, levels: readonly Level[]): CloudKind[] {
  const controller = account.fluxController;
  if (!levels.includes(controller === undefined ? 'object' : 'controller')) return [];
  return kindsOf(service, verb).filter((kind) => (
    controller === undefined ? KINDS[kind].objectLevel !== undefined : KINDS[kind].controllers.includes(controller)
  ));
}

/** From which Flux on a kind uses a service as an account. */
function sinceOf(kind: CloudKind, { cloud }: ServiceFacts, account: FluxServiceAccount): FluxVersion {
  const { clouds, objectLevel } = KINDS[kind];
  const since = clouds[cloud]!;
  return !isObjectLevel(account) || objectLevel === undefined || atLeast(since, objectLevel) ? since : objectLevel;
}

function described({ name }: ServiceFacts, verb: string | undefined): string {
  return verb === undefined ? `a permission on ${name}` : `permission "${verb}" on ${name}`;
}

function holderOf({ _credential, serviceAccounts, _secrets }: Holder): string {
  if (_credential === CredentialKind.NODE) return 'the identity of the nodes';
  const who = [...serviceAccounts.map(String), ..._secrets.map(({ use, namespace, name }) => `Secret ${namespace}/${name} (FluxSecret.${use})`)];
  return `an identity by ${_credential} of ${who.length === 0 ? 'nobody' : sorted(who).join(', ')}`;
}

function allowedOf(service: ServiceFacts, verb: string | undefined, { _credential }: Holder, levels: readonly Level[]): string {
  if (levels.length === 0) {
    const kinds = Object.keys(service.levels).filter((kind) => service.levels[kind as CredentialKind]!.length > 0);
    return `identities by ${sorted(kinds).join(', ')}`;
  }
  const who = [
    ...(levels.includes('controller') ? sorted(controllersOf(service, verb)) : []),
    ...(!levels.includes('object') ? [] : _credential === CredentialKind.STATIC
      ? secretsOf(service, verb).map((use) => `FluxSecret.${use}`) : ['object-level accounts']),
  ];
  return `identities of ${who.join(', ')}`;
}

function whyOf(service: ServiceFacts, { _credential }: Holder, levels: readonly Level[]): string {
  if (_credential === CredentialKind.NODE) return NODE_WHY;
  if (levels.length === 0) return `Flux has no way to use ${service.name} with a ${_credential}`;
  return 'no Flux object would ever use the grant: each acts as its own controller, or as the account or Secret that it may name';
}

function fixOf(service: ServiceFacts, verb: string | undefined, { _credential }: Holder, levels: readonly Level[]): string {
  if (_credential === CredentialKind.NODE) return NODE_FIX;
  if (levels.length === 0) return 'grant it to an identity by workload identity';
  if (!levels.includes('controller')) return 'grant it to an identity of one of them';
  const names = sorted(controllersOf(service, verb)).map((name) => (
    Object.entries(FluxController).find(([, value]) => value === name)?.[0]
  )).map((constant) => constant === undefined ? 'FluxServiceAccount.operator()' : `FluxServiceAccount.controller(FluxController.${constant})`);
  return `add ${names.join(' or ')} to the identity, or grant it to another`;
}

function unique<K, V>(pairs: ReadonlyArray<readonly [K, V]>): ReadonlyArray<readonly [K, V]> {
  return [...new Map(pairs.map((pair) => [pair.join(' '), pair])).values()];
}
