/** One band of density, from `from` (inclusive) to `below` [1/m²]. */
export interface DensityBand {
  readonly name: string;
  readonly from: number;
  /** null: no upper end. */
  readonly below: number | null;
  readonly meaning: string;
}

/**
 * Levels of service of walkways after Fruin: area per person ≥ 35, 25, 15, 10, 5 ft² (3.25, 2.32, 1.39, 0.93, 0.46 m²).
 * @source Fruin, Pedestrian Planning and Design, 1971
 */
export const FRUIN_BANDS: readonly DensityBand[] = [
  { name: 'A', from: 0, below: 1 / 3.25, meaning: 'free choice of speed, easy overtaking' },
  { name: 'B', from: 1 / 3.25, below: 1 / 2.32, meaning: 'normal speed, slight conflicts with crossing streams' },
  { name: 'C', from: 1 / 2.32, below: 1 / 1.39, meaning: 'speed and overtaking restricted' },
  { name: 'D', from: 1 / 1.39, below: 1 / 0.93, meaning: 'most people slowed, counterflow difficult' },
  { name: 'E', from: 1 / 0.93, below: 1 / 0.46, meaning: 'everybody slowed, stops, capacity of a walkway' },
  { name: 'F', from: 1 / 0.46, below: null, meaning: 'shuffling, unavoidable contact' },
];

/**
 * Density bands after Still, with Fruin's limit of the fluid crowd on top.
 * @source Still, Crowd Dynamics, PhD thesis, University of Warwick 2000 (free to congested); Fruin 1993, The Causes and
 * Prevention of Crowd Disasters (about 7 /m²: the crowd is a fluid mass, shock waves move people)
 */
export const CROWDING_BANDS: readonly DensityBand[] = [
  { name: 'free', from: 0, below: 1, meaning: 'free movement' },
  { name: 'stable', from: 1, below: 2.5, meaning: 'stable flow' },
  { name: 'capacity', from: 2.5, below: 3.5, meaning: 'capacity of a walkway' },
  { name: 'unstable', from: 3.5, below: 5, meaning: 'unstable, stop and go' },
  { name: 'congested', from: 5, below: 7, meaning: 'congested, loss of control possible' },
  { name: 'fluid', from: 7, below: null, meaning: 'people can no longer move of their own will' },
];

/** Index of the band that holds `density` [1/m²], which must not be negative. */
export function findBand(bands: readonly DensityBand[], density: number): number {
  let index = 0;
  while (index + 1 < bands.length && density >= bands[index + 1]!.from) index += 1;
  return index;
}
