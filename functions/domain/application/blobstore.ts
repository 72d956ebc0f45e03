import * as z from 'zod';
import { exactlyOneOf } from '../configuration/schema-hints.ts';
import { freeNameSchema } from './name-patterns.ts';

const refSchema = z
  .strictObject({
    application: freeNameSchema.optional(),
    bucketName: freeNameSchema.optional(),
    readPermission: z.boolean().default(false),
    writePermission: z.boolean().default(false),
  })
  .superRefine(exactlyOneOf(['application', 'bucketName']));

const sftpUserSchema = z.strictObject({ username: freeNameSchema, publicSshKey: z.string().min(1) });

/** An S3 bucket of the application, or a reference to somebody else's. */
export const blobstoreSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'expected lower-case letters, digits and dashes, as S3 takes them'),
  grants: z.array(z.strictObject({ principal: freeNameSchema })).default([]),
  ref: refSchema.optional(),
  emitEvents: z.boolean().default(false),
  sftpSettings: z.strictObject({ users: z.array(sftpUserSchema).default([]) }).optional(),
});
