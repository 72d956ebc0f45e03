import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';

const tourFileSchema = z.array(
  z.strictObject({
    release: z.string(),
    /** What the release changes. */
    says: z.string(),
    /** What should come of it. */
    mode: z.enum(['DOWNTIME', 'BEFORE', 'PARALLEL', 'AFTER', 'NOP']),
    ends: z.enum(['DONE', 'FAILED']),
  }),
);

/** One release of the example on the tour. */
export type Chapter = z.infer<typeof tourFileSchema>[number];

/** The tour in order. @throws ZodError with the place of everything that is wrong. */
export const readTourFile = (path: string): readonly Chapter[] =>
  tourFileSchema.parse(parse(readFileSync(path, 'utf8')));
