import { Construct, IConstruct } from 'constructs';
import { constructWith, instanceOf, listOf, oneOf, shape } from './option-shape';
import type { IClusterIssuer } from '../../cluster-issuer';
import { FluxController } from '../../flux-controller';
import type { IFluxIdentity } from '../../flux-identity';
import { FluxNodeUse } from '../../flux-node-use';
import { FluxSecret } from '../../flux-secret';
import { FluxServiceAccount } from '../../flux-service-account';
import { FluxVersion } from '../../flux-version';
import { Jwks } from '../../jwks';
import { FluxIdentityBase } from '../flux/identity-base';

/** The shapes of what every cloud takes. */
export const SERVICE_ACCOUNT = instanceOf<FluxServiceAccount>(
  'a FluxServiceAccount: FluxServiceAccount.controller(...) or FluxServiceAccount.of(namespace, name)', () => FluxServiceAccount,
);
export const SERVICE_ACCOUNTS = listOf(SERVICE_ACCOUNT);
export const SECRET = instanceOf<FluxSecret>('a FluxSecret: FluxSecret.bucket(...), sops(...) or provider(...)', () => FluxSecret);
export const SECRETS = listOf(SECRET);
export const JWKS = instanceOf<Jwks>('a Jwks: Jwks.fromFile(...) or Jwks.fromText(...)', () => Jwks);
export const VERSION = oneOf('FluxVersion', FluxVersion);
export const NODE_USE = oneOf('FluxNodeUse', FluxNodeUse);
export const CONTROLLER = oneOf('FluxController', FluxController);
export const ISSUER = shape<IClusterIssuer>('an issuer: the construct that ClusterIssuer.eks, aks, gke or oidc made, or a hosted issuer', (value) => (
  Construct.isConstruct(value) && typeof (value as IClusterIssuer).issuerUrl === 'string' && typeof (value as IClusterIssuer).kind === 'string'
));
export const ISSUERS = listOf(ISSUER);
export const CONSTRUCTS = listOf(constructWith<IConstruct>('a construct'));

const IDENTITY_MEMBERS = constructWith<IFluxIdentity>('', 'cloud', 'serviceAccounts', 'trusts', 'fluxSettings', 'fluxObjects');
export const IDENTITY = shape<IFluxIdentity>('an identity of this copy of the library, such as a FluxIrsaRole', (value) => (
  IDENTITY_MEMBERS.fits(value) && SERVICE_ACCOUNTS.fits(value.serviceAccounts)
  // What keeps grants as ours do and is none of them is another copy's: nothing would be checked or reported of it.
  && (value instanceof FluxIdentityBase || !('_grants' in value))
));
export const IDENTITIES = listOf(IDENTITY);
