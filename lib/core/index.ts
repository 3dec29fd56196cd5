export * from './cluster-issuer';
export * from './flux-controller';
export * from './flux-identity';
export * from './flux-secret';
export * from './flux-service-account';
export * from './flux-version';
export * from './grant';
export * from './jwks';
