import { isNativeError } from 'node:util/types';

/** What an error says, without its stack. */
export const messageOf = (error: unknown): string => (isNativeError(error) ? error.message : String(error));

/** Node's name of a fault of the system, such as ENOENT. */
export const codeOf = (error: unknown): string | undefined =>
  isNativeError(error) && 'code' in error ? String(error.code) : undefined;
