import { makeScenes as makeCorridors } from '../rimea-04-fundamental-diagram/make.mjs';

export function makeScenes() {
  const all = makeCorridors();
  return { dense: all['4 per m²'], moderate: all['2 per m²'] };
}
