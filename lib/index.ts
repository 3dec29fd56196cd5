export * from './core';
export * from './aws';
export * from './azure';
export * from './gcp';
export * from './flux';
