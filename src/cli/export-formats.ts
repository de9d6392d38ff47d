/** Formats of `crashbar export`, each with what it is for. */
export const EXPORT_FORMATS = {
  sqlite: 'JuPedSim’s trajectories; opens in PedPy and the JuPedSim tools',
  txt: 'text of the Jülich data archive; PedPy, PeTrack',
  hdf5: 'HDF5 of the Jülich data archive; PedPy, h5py',
  parquet: 'columns for pandas, DuckDB, Spark; all levels',
  csv: 'a table of everything; all levels',
  gltf: 'the motion in 3-D, binary glTF (.glb); all levels',
  geojson: 'the plan: floors, walls, doors, exits',
} as const;
export type ExportFormat = keyof typeof EXPORT_FORMATS;
