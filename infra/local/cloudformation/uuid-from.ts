import { createHash } from 'node:crypto';

/** A UUID that derives from its parts: the same in every run and after every restart. */
export const uuidFrom = (...parts: readonly (string | number)[]): string => {
  const hex = createHash('sha256').update(parts.join('\0')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
