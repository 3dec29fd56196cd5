export * from './expect-access';
export * from './stable-addresses';
