import { SECRETS, SERVICE_ACCOUNTS } from '../../core/shared/input/common-options';
import { constructWith, OptionShapes, PROVIDER, TEXT, TEXT_MAP } from '../../core/shared/input/option-shape';
import type { FluxGcpServiceAccountBaseProps } from '../flux-gcp-service-account';
import type { FluxGcpServiceAccountKeyBaseProps } from '../flux-gcp-service-account-key';
import type { IFluxGcpWorkloadPool } from '../gcp-workload-pool';

export const WORKLOAD_POOL = constructWith<IFluxGcpWorkloadPool>('a FluxGcpWorkloadPool: new, `gke` or `fromPoolName`', 'issuer', 'poolName', 'memberOf', '_admit');

/** The options of every identity behind a pool. */
export const POOL_OPTIONS: OptionShapes<FluxGcpServiceAccountBaseProps> = {
  pool: WORKLOAD_POOL,
  serviceAccounts: SERVICE_ACCOUNTS,
  audience: TEXT.optional,
  universeDomain: TEXT.optional,
  provider: PROVIDER.optional,
};

/** The options of every identity with a stored key. */
export const KEY_OPTIONS: OptionShapes<FluxGcpServiceAccountKeyBaseProps> = {
  serviceAccounts: SERVICE_ACCOUNTS.optional,
  secrets: SECRETS.optional,
  keepers: TEXT_MAP.optional,
  provider: PROVIDER.optional,
};

/** The options that say what a new Google service account is. */
export const NEW_ACCOUNT_OPTIONS = {
  accountId: TEXT,
  displayName: TEXT.optional,
  description: TEXT.optional,
  project: TEXT.optional,
};
