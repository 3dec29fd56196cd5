export * from './expect-access';
