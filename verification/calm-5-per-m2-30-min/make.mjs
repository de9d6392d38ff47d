import { makeScenes as makeShort } from '../calm-5-per-m2/make.mjs';

export function makeScenes() {
  const { scenario } = makeShort();
  return { scenario: { ...scenario, settings: { ...scenario.settings, end: { time: 1800, stalled: 10000 } } } };
}
