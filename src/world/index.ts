export type { Action, Condition, Distribution, PersonSelector, Role, RoleState } from '../scenario/index.ts';
export { ARRIVAL_GAP, type ArrivalRegion } from './arrivals.ts';
export { shrinkOf } from './build-field.ts';
export { type ColumnGroupName, type GroupViews, trustedPopulations } from './column-groups.ts';
export { compileWorld, strengthOfDoor } from './compile-world.ts';
export { isClearOfWalls } from './crowd.ts';
export { type Draw, drawDistribution, prepareDraw } from './draw-distribution.ts';
export { drawPerson, type PersonTraits } from './draw-person.ts';
export { indexContains } from './edge-index.ts';
export { FLOW_PER_WIDTH, sharesOfFearShown } from './fill-groups.ts';
export { areaOfObject, roleOfPopulation } from './fill-roles.ts';
export { findFreeStep } from './free-step.ts';
export { findAreasWithWayOut, findDeadEnds, portalDistances, shortestWalk, type Walk } from './graph.ts';
export { allocate, columnOffset, isShared } from './layout.ts';
export { findCell, isCut, locateArea, locateNearPortal, sampleWallDistance } from './locate.ts';
export { hasStraightWay, pointField } from './point-field.ts';
export { prepareFields } from './prepare-fields.ts';
export { makeRegion, type Region, regionField } from './region-field.ts';
export { distanceInArea, findWayTo, type Goal, goalField, innerPlace, type WayTo } from './route-to.ts';
export { countWallsBetween, findOpaque, isInSight, listLeavesBetween } from './sight-lines.ts';
export { StagePhase } from './stage-columns.ts';
export type { Patch, WorldStages, WorldWaypoint } from './stages.ts';
export {
  BLOCK_WORDS,
  lengthOfParts,
  type StateBlock,
  type StatePart,
  stateBlocks,
  stateParts,
  writeWords,
} from './state-parts.ts';
export {
  estimateTravelDistance,
  fieldCosts,
  locateInFields,
  readTravelDistance,
  sampleField,
  sampleTravelField,
  travelField,
} from './travel-field.ts';
export * from './world.ts';
