/** Published figures that results.html draws beside ours. */

/** Flow through bottlenecks: width [m], flow [1/s]. Whole duration of the run except the last three, middle 80 %. */
export const PUBLISHED_FLOWS = {
  'Kretz 2006': [
    [0.4, 0.89],
    [0.6, 1.12],
    [0.8, 1.39],
    [0.8, 1.46],
    [1, 1.71],
    [1, 2.02],
    [1.2, 2.03],
    [1.2, 2.29],
  ],
  'Seyfried 2009': [
    [0.8, 1.29],
    [0.9, 1.67],
    [1, 1.9],
    [1.1, 2.12],
    [1.2, 2.36],
  ],
  'HERMES 2006': [
    [0.9, 1.59],
    [1, 1.83],
    [1.2, 2.31],
    [1.6, 2.84],
    [2, 3.55],
    [2.5, 5.12],
  ],
  'Müller 1981': [
    [0.9, 2.26],
    [1.2, 2.75],
    [1.8, 3.82],
  ],
  'Nagai 2006': [
    [1.2, 2.58],
    [2, 3.87],
  ],
  'Daamen 2010': [
    [0.5, 1.06],
    [0.5, 1.11],
    [0.85, 2.28],
    [0.85, 2.35],
    [1, 2.54],
    [1, 2.77],
    [1.65, 3.59],
    [1.65, 3.9],
    [2.75, 5.68],
    [2.75, 6.47],
  ],
  'HERMES AO, CrowdQueue, pupils': [
    [3, 7.16],
    [0.5, 1.15],
    [0.8, 2.68],
  ],
};

/** Kladek's law fitted to three pooled Jülich experiments: v0 [m/s], γ [1/m²], ρmax [1/m²]. */
// biome-ignore lint/suspicious/noApproximativeNumericConstant: a fitted speed, not the square root of 2
export const POOLED_CORRIDOR = [1.414, 1.656, 5.055];

/** Jülich open corridors (doi:10.34735/ped.2009.14): density [1/m²] (middle of the bin), p10, p90 of speed [m/s]. */
export const OPEN_CORRIDOR = [
  [0.25, 1.26, 1.64],
  [0.75, 1.24, 1.58],
  [1.25, 1.01, 1.35],
  [1.75, 0.63, 1.12],
  [2.25, 0.42, 0.84],
  [2.75, 0.26, 0.52],
  [3.25, 0.17, 0.36],
  [3.75, 0.14, 0.32],
];

/** RiMEA test 16: density [1/m], p10, p90 of speed [m/s]. */
export const SINGLE_FILE = [
  [0.0989, 0.9607, 1.483],
  [0.2989, 0.83954, 1.4725],
  [0.4989, 0.7083, 1.3887],
  [0.6989, 0.5978, 1.3053],
  [0.8989, 0.4475, 1.1008],
  [1.0989, 0.3157, 0.8395],
  [1.2989, 0.1872, 0.6077],
  [1.4989, 0.112, 0.485],
  [1.6989, 0.0705, 0.3822],
  [1.8989, 0.048, 0.314],
  [2.0989, 0.0347, 0.2702],
  [2.2989, 0.0267, 0.239],
  [2.4989, 0.022, 0.2202],
];

/** HERMES 2009, times of the experiments' log (Keip & Ries 2009): [width that varies [m], time [s]]. */
export const HERMES_TIMES = {
  'exit, 400 persons': [
    [2.4, 67],
    [3, 58],
    [3.6, 49],
    [4.4, 43],
    [5, 36],
  ],
  '3.0 m corridor, outlet': [
    [1.2, 131],
    [1.6, 112],
    [2, 98],
  ],
  '1.8 m corridor, outlet': [
    [0.7, 98],
    [0.95, 98],
    [1.2, 79],
  ],
  'corner, 50 persons, inlet': [
    [0.5, 55],
    [0.6, 46],
  ],
  'corner, 100 persons, inlet': [
    [0.8, 61],
    [1, 52],
    [1.5, 41],
  ],
  'T, 300 persons, inlets': [
    [1.2, 91],
    [2.4, 84],
  ],
};

/** Two rows that were pushed (Feldmann & Adrian 2023): onset of each person [s], place along the row [m]. */
export const PUSHED_ROWS = {
  'trial 1': [0.2, 0.32, 0.4, 0.52, 0.76].map((t, k) => [t - 0.2, 0.349 * k]),
  'trial 2': [2.32, 2.52, 2.68, 2.76, 2.92].map((t, k) => [t - 2.32, 0.362 * k]),
};

/** Stairs, RiMEA test 13 (2022) after Corbetta et al.: density [1/m²], least and greatest speed [m/s]. */
export const STAIRS = {
  down: [
    [0.6, 0.66, 1.12],
    [0.8, 0.6, 1],
    [1, 0.55, 0.89],
    [1.2, 0.5, 0.81],
    [1.4, 0.48, 0.76],
    [1.5, 0.48, 0.73],
  ],
  up: [
    [0.6, 0.48, 1.02],
    [0.8, 0.46, 0.93],
    [1, 0.46, 0.86],
    [1.2, 0.46, 0.8],
    [1.4, 0.46, 0.76],
    [1.5, 0.46, 0.74],
  ],
};

/** Itaewon inquiry: chest load [kN], least and greatest density [1/m²]. */
export const ITAEWON = [
  [2.2, 8.8, 9.6],
  [5.5, 10.4, 11.3],
];
