import { createHash } from 'node:crypto';

/** The hash that the builder is handed, in hex. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
