export * from './check-flux-objects';
export * from './expect-access';
export * from './stable-addresses';
