import { ServiceAccountKey } from '@cdktf/provider-google/lib/service-account-key';
import { Fn, TerraformProvider } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { keySecretName, keySettings } from './flux-settings';
import { FluxContext, FluxSettings } from '../../../core/flux-identity';
import { FluxSecret, FluxSecretUse } from '../../../core/flux-secret';
import { FluxServiceAccount } from '../../../core/flux-service-account';
import { firstDouble } from '../../../core/shared/input/doubles';
import { ValidationError } from '../../../core/shared/input/validation-error';
import { secretObject } from '../../../core/shared/kubernetes/objects';
import { checkServiceAccounts } from '../../../core/shared/kubernetes/service-accounts';
import { lifecycleOf } from '../../../core/shared/terraform/check';
import { literal } from '../../../core/shared/terraform/text';
import { checkControllers } from '../forms/identity';
import { GcpPrincipal } from '../grant/grantee';
import { GoogleAccount } from '../identity/google-account';

/** The key that each kind of Flux object reads from its Secret. */
const SECRET_KEYS: { readonly [use in FluxSecretUse]: string } = {
  [FluxSecretUse.BUCKET]: 'serviceaccount',
  [FluxSecretUse.SOPS]: 'sops.gcp-kms',
  [FluxSecretUse.PROVIDER]: 'token',
};

/** Who uses a key. */
export interface KeyUse {
  readonly serviceAccounts?: FluxServiceAccount[];
  readonly secrets?: FluxSecret[];
  readonly keepers?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
}

/** Refuses a key that nobody reads, and readers that cannot. */
export function checkKeyUse(at: IConstruct, { serviceAccounts = [], secrets = [] }: KeyUse): void {
  checkControllers(at, serviceAccounts, 'Flux objects read a key from a Secret that they name, never through a service account',
    'pass `secrets: [FluxSecret.bucket(namespace, name)]`, or `sops` or `provider`');
  if (serviceAccounts.length > 0 || secrets.length === 0) checkServiceAccounts(at, serviceAccounts);
  const names = secrets.map(({ namespace, name, use }) => `${namespace}/${name} for ${use}`);
  const double = firstDouble(names);
  if (double === undefined) return;
  throw new ValidationError(at, {
    given: `Secret ${double} twice.`,
    allowed: 'each Secret and use once',
    why: 'the second says nothing that the first does not',
    fix: 'remove one of them',
  });
}

/** A key of a Google service account, and what the new and the existing account share. */
export class AccountKey {
  public readonly principal: GcpPrincipal;
  private readonly key: ServiceAccountKey;

  public constructor(scope: Construct, account: GoogleAccount, private readonly use: KeyUse) {
    this.key = new ServiceAccountKey(scope, 'ServiceAccountKey', {
      serviceAccountId: account.name,
      keepers: use.keepers && literal(use.keepers),
      provider: use.provider,
      // The new key first: Flux holds the old one until the Secrets are applied.
      lifecycle: lifecycleOf(account.late, { createBeforeDestroy: true }),
    });
    this.principal = {
      isDirect: false,
      members: [{ member: account.member, key: account.key }],
      provider: use.provider,
      prerequisites: [],
      late: account.late,
      carriers: [this.key],
    };
  }

  /** The Secrets that Flux objects read it from. */
  public get secrets(): readonly FluxSecret[] {
    return this.use.secrets ?? [];
  }

  public settings(account: FluxServiceAccount): FluxSettings {
    return keySettings(account, this.key.name);
  }

  public objects(_context: FluxContext): any[] {
    const { serviceAccounts = [], secrets = [] } = this.use;
    const json = Fn.base64decode(this.key.privateKey);
    const byName = new Map<string, any>();
    for (const { namespace, name, use } of secrets) {
      const id = `${namespace}/${name}`;
      byName.set(id, secretObject(namespace, name, { stringData: { ...byName.get(id)?.stringData, [SECRET_KEYS[use]]: json } }));
    }
    return [
      ...serviceAccounts.map((account) => secretObject(account.namespace, keySecretName(account), { stringData: { 'key.json': json } })),
      ...byName.values(),
    ];
  }
}
