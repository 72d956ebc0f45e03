import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Units } from './prices.ts';

/** Written by `npm run bench -- --record`. */
export const COUNTED_UNITS = join(import.meta.dirname, 'counted-units.json');

/** What a deployment of each mode, with its request, used when it was last counted. */
export const countedUnits = (): Readonly<Record<string, Units>> => JSON.parse(readFileSync(COUNTED_UNITS, 'utf8'));
