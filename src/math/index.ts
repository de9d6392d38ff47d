export * from './assert.ts';
export * from './counter-rng.ts';
export * from './exact.ts';
export * from './hash.ts';
export * from './polygon.ts';
export * from './separate-pieces.ts';
