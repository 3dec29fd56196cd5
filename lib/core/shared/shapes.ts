import { IConstruct } from 'constructs';
import type { IClusterIssuer } from '../cluster-issuer';
import type { IFluxIdentity } from '../flux-identity';
import { FluxSecret } from '../flux-secret';
import { FluxServiceAccount } from '../flux-service-account';
import { FluxVersion } from '../flux-version';
import { Jwks } from '../jwks';
import { constructWith, instanceOf, listOf, oneOf, shape } from './shape';

/** The shapes of what every cloud takes. */
export const SERVICE_ACCOUNT = instanceOf<FluxServiceAccount>('a FluxServiceAccount', () => FluxServiceAccount);
export const SERVICE_ACCOUNTS = listOf(SERVICE_ACCOUNT, 'FluxServiceAccounts');
export const SECRET = instanceOf<FluxSecret>('a FluxSecret', () => FluxSecret);
export const SECRETS = listOf(SECRET, 'FluxSecrets');
export const JWKS = instanceOf<Jwks>('a Jwks', () => Jwks);
export const VERSION = oneOf(FluxVersion);
export const ISSUER = constructWith<IClusterIssuer>('a ClusterIssuer or a hosted issuer', 'issuerUrl', 'kind');
export const ISSUERS = listOf(ISSUER, 'ClusterIssuers');
export const CONSTRUCTS = listOf(constructWith<IConstruct>('a construct'), 'constructs');

const IDENTITY_MEMBERS = constructWith<IFluxIdentity>('', 'cloud', 'serviceAccounts', 'trusts', 'fluxSettings', 'fluxObjects');
export const IDENTITY = shape<IFluxIdentity>('an identity of this copy of the library, such as a FluxIrsaRole', (value) => (
  IDENTITY_MEMBERS.fits(value) && SERVICE_ACCOUNTS.fits(value.serviceAccounts)
));
export const IDENTITIES = listOf(IDENTITY, 'identities');
