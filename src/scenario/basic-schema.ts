import { z } from 'zod';

/** Pieces that several parts of the scenario format are made of. */

export const idSchema = z.string().min(1).max(120).describe('name, unique among its kind');
export const pointSchema = z.tuple([z.number(), z.number()]).describe('[x, y] [m]');
