import { createHash } from 'node:crypto';
import type { ResourceRequest } from './part.ts';

/** `{stack}-{logical id}-{12 letters}`, as CloudFormation makes names up; a cut to `longest` never takes the letters. */
export const generatedName = (
  { stackName, logicalId, seed }: Pick<ResourceRequest, 'stackName' | 'logicalId' | 'seed'>,
  longest: number,
): string => `${`${stackName}-${logicalId}`.slice(0, longest - 13)}-${letters(seed, 12)}`;

/** Capital letters and digits as AWS uses them in ids (base 32, 32 at most), the same for the same seed. */
export const letters = (seed: string, length: number): string =>
  [...createHash('sha256').update(seed).digest()]
    .map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32])
    .join('')
    .slice(0, length);
