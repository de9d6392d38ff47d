export { compileWorld, strengthOfDoor } from './compile-world.ts';
export { drawDistribution } from './draw-distribution.ts';
export { drawPerson, type PersonTraits } from './draw-person.ts';
export { findFreeStep } from './free-step.ts';
export { findAreasWithWayOut, portalDistances, shortestWalk, type Walk } from './graph.ts';
export { allocate, columnOffset, isShared } from './layout.ts';
export { locateArea, locateNearPortal, sampleWallDistance } from './locate.ts';
export { fieldCosts, sampleTravelField, travelField } from './travel-field.ts';
export * from './world.ts';
