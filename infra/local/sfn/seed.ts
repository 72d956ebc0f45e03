import { createHash } from 'node:crypto';

/** A number from 0 up to 1 that depends on the seed alone. */
export const seededRandom = (seed: string): number =>
  createHash('sha256').update(seed).digest().readUIntBE(0, 6) / 2 ** 48;

/** A UUID (version 4 in form) that depends on the seed alone. */
export const uuidFrom = (seed: string): string => {
  const digits = createHash('sha256').update(seed).digest('hex');
  const variant = '89ab'[Number.parseInt(digits[16] ?? '0', 16) % 4];
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join('-');
};
