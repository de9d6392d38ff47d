import { z } from 'zod';

const optionalCut = { min: z.number().optional(), max: z.number().optional() };

/**
 * A number drawn per person: a constant, or a named distribution, always cut to `min` … `max` where given. Its unit is
 * that of the field it stands in.
 */
export const distributionSchema = z.union([
  z.number(),
  z.discriminatedUnion('distribution', [
    z.strictObject({ distribution: z.literal('uniform'), min: z.number(), max: z.number() }),
    z.strictObject({ distribution: z.literal('normal'), mean: z.number(), sd: z.number().min(0), ...optionalCut }),
    z.strictObject({
      distribution: z.literal('lognormal'),
      median: z.number().positive(),
      sigma: z.number().min(0).describe('standard deviation of the logarithm [1]'),
      ...optionalCut,
    }),
    z.strictObject({
      distribution: z.literal('weibull'),
      scale: z.number().positive(),
      shape: z.number().positive().describe('[1]'),
      ...optionalCut,
    }),
    z.strictObject({
      distribution: z.literal('gamma'),
      shape: z.number().positive().describe('[1]'),
      scale: z.number().positive(),
      ...optionalCut,
    }),
  ]),
]);

export type Distribution = z.output<typeof distributionSchema>;
