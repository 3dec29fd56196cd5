import type { AccessTrust, AccessValue } from '../../access/model';
import { listOf } from '../json';
import { Given, Patient, Refusal, shownList } from '../patient';
import { AZURE_SERVICES } from '../services';
import type { StateResource } from '../state';

const same = (left: unknown, right: unknown) => typeof left === 'string' && typeof right === 'string' && left.toLowerCase() === right.toLowerCase();
const page = (anchor: string) => `docs/troubleshooting.md#${anchor}`;

/** What Entra has against an account. */
export function judgeAzure(given: Given, patient: Patient): Refusal | undefined {
  return certificate(given, patient) ?? (patient.trusts === 'unknown' || patient.trusts.length === 0 ? undefined : federated(given, patient.trusts[0]));
}

function federated({ states, model }: Given, trust: AccessTrust): Refusal | undefined {
  const anchor = states.text(trust.anchor);
  const issuer = states.text(trust.issuer === 'cluster' ? model.cluster.issuer : trust.issuer);
  const audience = states.text(trust.audiences[0]);
  if (anchor === undefined || issuer === undefined || audience === undefined) return undefined;
  // Of an identity of which no state has a credential, credentials are kept elsewhere.
  const all = credentialsOf(states.of('azurerm_federated_identity_credential', 'azuread_application_federated_identity_credential'), anchor);
  const known = states.of('azurerm_user_assigned_identity', 'azuread_application').some(({ values, address }) => !address.startsWith('data.') && same(values.id, anchor));
  if (all.length === 0 && !known) return undefined;
  const own = all.filter(({ subject }) => subject === trust.subject);
  if (own.length === 0) {
    return {
      layer: 'trust',
      saw: `federated credentials of ${anchor}: ${shownList(all.map(({ subject }) => String(subject)))}`,
      expected: `one for ${trust.subject}`,
      says: `AADSTS700213: No matching federated identity record found for presented assertion subject '${trust.subject}'`,
      fix: 'apply the stack of the identity',
      page: page('aadsts700213-no-matching-federated-identity-record-for-the-subject'),
    };
  }
  const right = own.filter((credential) => credential.issuer === issuer);
  if (right.length === 0) {
    return {
      layer: 'trust anchor',
      saw: `federated credential of ${anchor} for issuer ${shownList(own.map((credential) => String(credential.issuer)))}`,
      expected: `${issuer}, byte for byte`,
      says: `AADSTS700211: No matching federated identity record found for presented assertion issuer '${issuer}'`,
      fix: 'apply the stack of the identity for this cluster',
      page: page('aadsts700211-no-matching-federated-identity-record-for-the-issuer'),
    };
  }
  const audiences = right.flatMap((credential) => listOf(credential.audience ?? credential.audiences));
  if (audiences.includes(audience)) return undefined;
  return {
    layer: 'trust',
    saw: `federated credential of ${anchor} for audience ${shownList(audiences)}`,
    expected: audience,
    says: 'AADSTS700212: No matching federated identity record found for presented assertion audience',
    fix: 'apply the stack of the identity',
    page: page('aadsts700212-no-matching-federated-identity-record-for-the-audience'),
  };
}

function credentialsOf(resources: readonly StateResource[], anchor: string): any[] {
  return resources.map(({ values }) => values)
    .filter((values) => [values.parent_id, values.user_assigned_identity_id, values.application_id].some((parent) => same(parent, anchor)));
}

/** Certificates of an application that have run out. */
function certificate({ states, now }: Given, { identity }: Pick<Patient, 'identity'>): Refusal | undefined {
  const principals = identity.principals.map((principal) => states.text(principal));
  const owners = states.of('azuread_service_principal').filter(({ values }) => principals.includes(values.object_id)).map(({ values }) => values);
  const ids = owners.flatMap(({ id, object_id: object }) => [id, object, String(id).split('/').pop()]);
  const ends = states.of('azuread_service_principal_certificate').filter(({ values }) => ids.includes(values.service_principal_id)).map(({ values }) => String(values.end_date));
  if (ends.length === 0 || ends.some((end) => !(Date.parse(end) < now.getTime()))) return undefined;
  return {
    layer: 'keys',
    saw: `the certificate of the application ended on ${ends.join(', ')}`,
    expected: 'one that is valid',
    says: 'AADSTS700027, or AADSTS7000222: expired',
    fix: 'add a new certificate to FluxAzureApplication, apply, then change the Secret',
    page: 'docs/key-rotation.md',
  };
}

/** Whether the roles that were granted are assigned on the resource or above it. */
export function judgeAzurePermission({ states }: Given, { identity, grants }: Pick<Patient, 'identity' | 'grants'>): Refusal | undefined {
  const principals = identity.principals.map((principal) => states.text(principal));
  if (principals.some((principal) => principal === undefined)) return undefined;
  const own = states.of('azurerm_role_assignment').map(({ values }) => values).filter(({ principal_id: id }) => principals.some((principal) => same(principal, id)));
  const definitions = states.of('azurerm_role_definition').map(({ values }) => values);
  const outside = grants.some(({ service }) => service === AZURE_SERVICES.devops.name) ? notAUser(states, principals as string[]) : undefined;
  if (outside !== undefined) return outside;
  for (const { rights, service, verb } of grants) {
    for (const { role, resources } of rights) {
      for (const resource of resources.map((each) => states.text(each))) {
        const wanted = roleText(states, role);
        if (wanted === undefined || resource === undefined || !resource.startsWith('/')) continue;
        const above = own.filter(({ scope }) => isAtOrAbove(String(scope), resource));
        if (above.some(({ role_definition_id: id }) => isRole(String(id), wanted, definitions))) continue;
        if (above.some(({ role_definition_name: name, role_definition_id: id }) => id === undefined && name !== undefined)) continue;
        const base = {
          layer: 'permission' as const,
          says: 'AuthorizationFailed, AuthorizationPermissionMismatch, or ForbiddenByRbac',
          page: page('does-not-have-authorization-to-perform-action-over-scope'),
        };
        if (above.length > 0 || own.some(({ scope }) => /^\/providers\/microsoft\.management\//i.test(String(scope)))) {
          return {
            ...base,
            cannotTell: true,
            saw: `${shownList(principals as string[])} has other roles on ${resource} (${shownList(above.map(rolesName))}), and not ${wanted}`,
            fix: `az role assignment list --assignee ${principals[0]} --scope ${resource} --include-inherited`,
          };
        }
        return {
          ...base,
          saw: `no assignment of role ${wanted} on ${resource} to ${shownList(principals as string[])}`,
          expected: `the grant (${service}, ${verb})`,
          fix: 'apply the stack of the identity; if the state is older than the access report, write it again',
        };
      }
    }
  }
  return undefined;
}

/** Wherever an identity has some role, as far as it is in the states. */
export function scopesOf({ states }: Given, { identity }: Pick<Patient, 'identity'>): string[] {
  const principals = identity.principals.map((principal) => states.text(principal));
  return states.of('azurerm_role_assignment').map(({ values }) => values).filter(({ principal_id: id }) => principals.some((principal) => same(principal, id)))
    .map(({ scope }) => String(scope));
}

/** Azure DevOps knows users of its own, by the object ID of the identity, and groups of them. */
function notAUser(states: Given['states'], principals: readonly string[]): Refusal | undefined {
  const users = states.of('azuredevops_service_principal_entitlement').map(({ values }) => values);
  const own = users.filter(({ origin_id: id }) => principals.some((principal) => same(principal, id)));
  const anchor = page('tf400813-and-vs403283-not-a-user-of-the-azure-devops-organization');
  if (users.length > 0 && own.length === 0) {
    return {
      layer: 'identity',
      saw: `users of the Azure DevOps organization: ${shownList(users.map(({ origin_id: id }) => String(id)))}`,
      expected: `${shownList(principals)}, which is the object ID and not the client ID`,
      says: 'TF400813: The user is not authorized to access this resource',
      fix: 'apply the stack of the identity',
      page: anchor,
    };
  }
  const groups = states.of('azuredevops_group_membership').map(({ values }) => listOf(values.members));
  const known = own.filter(({ descriptor }) => typeof descriptor === 'string');
  const isIn = groups.some((members) => known.some(({ descriptor }) => members.includes(descriptor)));
  if (groups.length === 0 || known.length === 0 || isIn) return undefined;
  return {
    layer: 'permission',
    saw: `${shownList(known.map(({ descriptor }) => String(descriptor)))} is in no group of the project`,
    expected: 'in the group that was granted',
    says: 'TF401019: the Git repository does not exist or you do not have permissions',
    fix: 'apply the stack of the identity',
    page: page('tf401019-the-git-repository-does-not-exist-or-you-do-not-have-permissions'),
  };
}

function rolesName({ role_definition_name: name, role_definition_id: id }: any): string {
  return String(name ?? String(id).split('|')[0].split('/').pop());
}

function roleText(states: Given['states'], role: AccessValue | undefined): string | undefined {
  const text = states.text(role);
  return text?.split('|')[0].split('/').pop();
}

function isRole(id: string, wanted: string, definitions: readonly any[]): boolean {
  const own = id.split('|')[0].split('/').pop();
  return same(own, wanted) || definitions.some((definition) => same(definition.role_definition_id, own) && String(definition.id).includes(wanted));
}

/** Azure changes the case of what it is given. */
function isAtOrAbove(scope: string, resource: string): boolean {
  const [above, below] = [scope, resource].map((text) => text.toLowerCase().replace(/\/$/, ''));
  return below === above || below.startsWith(`${above}/`);
}
