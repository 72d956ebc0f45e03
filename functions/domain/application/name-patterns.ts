import * as z from 'zod';

/** Names that stand in names of AWS resources and in logical ids. */
export const shortNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9]+$/, 'expected a lower-case letter, then lower-case letters and digits (no dash)')
  .max(63);

/** Environments and clusters. */
export const dashedNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]+$/, 'expected a lower-case letter, then lower-case letters, digits and dashes')
  .max(63);

/** ECS's rule for container names; databases follow it too. */
export const partNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'expected letters, digits, dashes and underscores')
  .max(63);

/** The last part of a Secrets Manager name. */
export const secretNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9_+=.@-]+$/, 'expected letters, digits and any of _ + = . @ -')
  .max(128);

export const portSchema = z.int().min(1).max(65535);

/** Names by which configurations call things of their own. */
export const freeNameSchema = z.string().min(1, 'a name may not be empty').max(255);
