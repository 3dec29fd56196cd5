export * from './core';
export * from './aws';
export * from './azure';
export * from './flux';
