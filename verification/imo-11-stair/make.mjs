import { makeScenes as makeRimea } from '../rimea-13-stair-congestion/make.mjs';

export function makeScenes() {
  const { scenario } = makeRimea();
  const populations = scenario.populations.map((population) => ({ ...population, profile: 'imo-male-30-50' }));
  return { scenario: { ...scenario, name: 'IMO 11', populations } };
}
