export { DOSE, nextDose } from './dose.ts';
export { PHYSICS, type Physics } from './kernel/physics.ts';
export { pushOf, speedFactorOf, timeGapOf } from './motivation.ts';
export { createEngine, createRun, type EngineParts, hashState } from './run.ts';
export * from './run-types.ts';
export { readSnapshotInfo } from './snapshot.ts';
export { step } from './step.ts';
export { validateWorld } from './validate-world.ts';
export { ENGINE_VERSION } from './version.ts';
