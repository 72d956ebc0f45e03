import * as z from 'zod';
import { exactlyOneOf } from '../configuration/schema-hints.ts';
import { freeNameSchema } from './name-patterns.ts';

/** What S3 has ever taken: old buckets have up to 255 characters, capitals and underscores. */
const bucketNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/, 'expected the name of a bucket, not its ARN or URL');

const refSchema = exactlyOneOf(
  ['application', 'bucketName'],
  z.strictObject({
    application: freeNameSchema
      .optional()
      .describe('Application of the same environment whose blobstore of this name is meant.'),
    bucketName: bucketNameSchema.optional().describe('Full name of a bucket, whoever made it.'),
    readPermission: z
      .boolean()
      .default(false)
      .describe('May list and read. Given as well when neither permission is asked for.'),
    writePermission: z.boolean().default(false).describe('May write; reading is a permission of its own.'),
  }),
);

const sftpUserSchema = z.strictObject({
  username: freeNameSchema.describe('Name to log in with.'),
  publicSshKey: z.string().min(1).describe('Public key of that user, as OpenSSH writes it.'),
});

/** An S3 bucket of the application, or a reference to somebody else's. */
export const blobstoreSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'expected lower-case letters, digits and dashes, as S3 takes them')
    .describe('First part of the bucket `{name}.{application}.{environment}.{region}.{globalNamespace}`.'),
  grants: z
    .array(z.strictObject({ principal: freeNameSchema.describe('A name from `grantPrincipals` of the environment.') }))
    .default([])
    .describe('Others who may read the bucket.'),
  ref: refSchema.optional().describe("Somebody else's bucket: nothing is made, only permitted."),
  emitEvents: z.boolean().default(false).describe('The bucket tells EventBridge of its changes. Not for a `ref`.'),
  sftpSettings: z
    .strictObject({ users: z.array(sftpUserSchema).default([]).describe('Who may log in.') })
    .optional()
    .describe('Access over SFTP.'),
});

export type Blobstore = z.output<typeof blobstoreSchema>;
