import { allowing, statementsOf } from './aws';
import { decideAws } from '../../access/aws-decision';
import { listOf, parseObject } from '../json';
import { Given, Patient, Refusal, shownList } from '../patient';
import { AWS_SERVICES, AZURE_SERVICES } from '../services';

/** What owners say, as far as their policies are in the states: those of other accounts must agree, those of one's own may deny. */
export function judgeOwner(given: Given, { identity, grants }: Pick<Patient, 'identity' | 'grants'>): Refusal | undefined {
  const { states } = given;
  const arns = identity.principals.map((principal) => states.text(principal));
  for (const { owner, rights, service } of grants) {
    for (const { actions = [], resources, role } of rights) {
      for (const resource of resources.map((each) => states.text(each))) {
        if (resource === undefined || resource === '*') continue;
        const off = (role === undefined ? undefined : vaultWithoutRoles(given, resource, service)) ?? disabledKey(states, resource);
        if (off !== undefined) return off;
        const policy = policyOf(states, resource);
        if (policy === undefined) continue;
        const his = (effect: string) => statementsOf(policy).filter(({ Effect, NotAction }) => Effect === effect && NotAction === undefined)
          .filter(({ Principal, NotPrincipal }) => NotPrincipal === undefined ? isFor(Principal, arns) : !isNamed(NotPrincipal, arns)).map(allowing);
        const decide = (effect: string, action: string) => decideAws(his(effect), { action, resource });
        const refusal = (saw: string): Refusal => ({
          layer: 'owner',
          saw,
          expected: `the owner agrees (${service})`,
          says: 'because no resource-based policy allows the action',
          fix: owner === undefined ? 'let the owner of the policy change it' : 'give the owner the ownerStatements of the grant, and let him apply them',
          page: 'docs/troubleshooting.md#no-resource-based-policy-allows-the-action',
        });
        const denied = actions.find((action) => decide('Deny', action).allowed === true);
        if (denied !== undefined) return refusal(`the policy of ${resource} denies ${arns[0]} ${denied}`);
        // A key decides by its own policy whether those of identities count, whosever it is.
        const missing = owner === undefined && service !== AWS_SERVICES.kms.name ? undefined : actions.find((action) => decide('Allow', action).allowed === false);
        if (missing !== undefined) {
          const named = statementsOf(policy).flatMap(({ Principal }) => listOf(Principal?.AWS ?? Principal)).filter((each) => typeof each === 'string');
          return refusal(`the policy of ${resource} does not let ${arns[0]} do ${missing}; it names ${shownList(named)}`);
        }
        const unsure = actions.map((action) => decide('Deny', action)).find(({ allowed }) => allowed === 'unknown');
        if (unsure !== undefined) {
          return { ...refusal(`whether the policy of ${resource} denies it: ${unsure.because}`), cannotTell: true, expected: undefined, fix: 'look into the policy: it is not decided without the request' };
        }
      }
    }
  }
  return undefined;
}

/** A key that is switched off decrypts for nobody. */
function disabledKey(states: Given['states'], resource: string): Refusal | undefined {
  const key = states.of('aws_kms_key').find(({ values }) => values.arn === resource)?.values;
  return key?.is_enabled !== false ? undefined : {
    layer: 'owner', saw: `key ${resource} is disabled`, expected: 'enabled', says: `DisabledException: ${resource} is disabled`, fix: 'let its owner enable the key',
  };
}

/** A vault that looks at access policies, and at no role. */
function vaultWithoutRoles({ states }: Given, resource: string, service: string): Refusal | undefined {
  if (service !== AZURE_SERVICES['key-vault'].name) return undefined;
  const vault = states.of('azurerm_key_vault').find(({ values }) => `${resource.toLowerCase()}/`.startsWith(`${String(values.id).toLowerCase()}/`))?.values;
  if (vault === undefined) return undefined;
  const modes = [vault.rbac_authorization_enabled, vault.enable_rbac_authorization];
  if (modes.includes(true) || !modes.includes(false)) return undefined;
  return {
    layer: 'owner',
    saw: `vault ${vault.id} looks at access policies, and at no role`,
    expected: 'Azure RBAC, as the grant is a role',
    says: 'does not have keys decrypt permission on key vault; ForbiddenByPolicy',
    fix: 'switch the vault to Azure RBAC, or take KeyVaultPermissions.decryptByAccessPolicy',
    page: 'docs/troubleshooting.md#key-vault-does-not-have-keys-decrypt-permission-on-key-vault',
  };
}

function policyOf(states: Given['states'], resource: string): any {
  const parts = resource.split(':');
  const name = parts.slice(5).join(':');
  const found = states.of('aws_ecr_repository_policy', 'aws_s3_bucket_policy', 'aws_kms_key_policy', 'aws_kms_key').find(({ type, values }) => {
    if (type === 'aws_ecr_repository_policy') {
      return parts[2] === 'ecr' && name === `repository/${values.repository}` && (values.registry_id === undefined || values.registry_id === parts[4]);
    }
    if (type === 'aws_s3_bucket_policy') return parts[2] === 's3' && name.split('/')[0] === values.bucket;
    return parts[2] === 'kms' && values.policy !== undefined && [resource, name.replace(/^key\//, '')].includes(values.arn ?? values.key_id);
  });
  return parseObject(found?.values.policy);
}

function isFor(principal: any, arns: readonly (string | undefined)[]): boolean {
  const named = [principal, ...listOf(principal?.AWS)];
  return arns.some((arn) => {
    const account = arn?.split(':')[4];
    return account !== undefined && ['*', arn, account, `arn:aws:iam::${account}:root`].some((each) => named.includes(each));
  });
}

/** Whether a `NotPrincipal` leaves somebody out: accounts do not stand for their roles there. */
function isNamed(principal: any, arns: readonly (string | undefined)[]): boolean {
  return arns.some((arn) => arn === undefined || listOf(principal?.AWS).some((each) => each === '*' || each === arn));
}
