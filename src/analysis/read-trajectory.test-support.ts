import type { Trajectory } from '../trace/index.ts';
import { makeTrajectory } from './synthetic-trace.test-support.ts';

/** Reads `id frame x y …` lines in metres; ids are kept as they are. For tests only: no diagnosis of bad lines. */
export function readTrajectoryText(text: string): Trajectory {
  const frameRate = Number(/framerate:\s*([\d.]+)/.exec(text)?.[1]);
  const rows: [number, number, number, number][] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('#') || line.trim() === '') continue;
    const [id, frame, x, y] = line.trim().split(/\s+/).map(Number) as [number, number, number, number];
    rows.push([frame, id, x, y]);
  }
  return makeTrajectory(frameRate, rows);
}
