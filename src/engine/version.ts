/** Version of the engine: part of every run and snapshot. Raise it with every change that moves a state hash. */
export const ENGINE_VERSION = '0.1.0';
