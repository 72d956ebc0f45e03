import * as z from 'zod';
import { exactlyOneOf, prefixedEnum } from '../configuration/schema-hints.ts';
import { freeNameSchema, partNameSchema, secretNameSchema } from './name-patterns.ts';

const blobstoreVariableSchema = z.strictObject({
  name: freeNameSchema.describe('Name of the blobstore.'),
  subPath: z.string().optional().describe('Folder inside the bucket.'),
  s3Direct: z.literal(true).describe('Has to be true: there is no other kind of access.'),
});

const secretVariableSchema = z.strictObject({
  secretName: freeNameSchema.describe('Name of the secret.'),
  // It ends up between colons of an ECS `valueFrom`.
  jsonKey: z
    .string()
    .regex(/^[^:$\s]+$/, 'expected a key without blanks, colons and dollar signs')
    .optional()
    .describe('Key of a secret that holds JSON; without it the whole secret.'),
});

/** An environment variable: its name and one source of its value. */
export const variableSchema = exactlyOneOf(
  ['value', 'database', 'blobstore', 'envMap', 'fromEnv', 'secret', 'o5'],
  z.strictObject({
    name: z
      .string()
      .regex(/^[^=\s]+$/, 'expected a name without blanks and without =')
      .describe('What the container sees.'),
    value: z.string().optional().describe('The value itself.'),
    database: z
      .strictObject({ databaseName: freeNameSchema.describe('Name of the database.') })
      .optional()
      .describe('How to connect to a database of the application, as a PostgreSQL connection string.'),
    blobstore: blobstoreVariableSchema
      .optional()
      .describe('URL of a bucket, `s3://{bucket}/{subPath}`; the variable also gives the permission to use it.'),
    envMap: z.strictObject({}).optional().describe('Never worked in the original deployer.'),
    fromEnv: z
      .strictObject({ name: freeNameSchema.describe('Name of the variable in the environment.') })
      .optional()
      .describe('A value that the environment sets under `vars`.'),
    secret: secretVariableSchema.optional().describe('A secret of the application, or a part of it.'),
    o5: prefixedEnum('O5_VAR_', ['ADAPTER_ENDPOINT']).optional().describe('Address of the sidecar.'),
  }),
);

const imageSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._/-]*$/, 'expected a repository name: lower-case letters, digits and . _ / -')
    .describe('Name of the repository in its registry.'),
  tag: z
    .string()
    .regex(/^\w[\w.-]{0,127}$/, 'expected a tag: letters, digits and _ . -')
    .optional()
    .describe('Tag of the image; the deployed version when left out.'),
  registry: z
    .string()
    .min(1)
    .optional()
    .describe("Host, and folder, of the registry; the cluster's `defaultRegistry` when left out."),
});

const containerShape = {
  name: partNameSchema.describe('Name of the container: its log group, and what routes lead to.'),
  imageUrl: z
    .string()
    .regex(/^[^\s]+$/, 'expected an image reference')
    .optional()
    .describe('The image as one reference.'),
  image: imageSchema.optional().describe('The image by its parts.'),
  command: z.array(z.string()).optional().describe('Arguments; those of the image when left out.'),
  demand: prefixedEnum('DEMAND_', ['LIGHT', 'MEDIUM', 'HEAVY'])
    .default('LIGHT')
    .describe("How much it needs; the environment's `sizes` say what that is."),
  envVars: z.array(variableSchema).default([]).describe('Environment variables.'),
  mountDockerSocket: z
    .boolean()
    .default(false)
    .describe("Gives it the Docker socket of its host, and with it the host; it may pull from the account's registry."),
} as const;

export const containerSchema = exactlyOneOf(['imageUrl', 'image'], z.strictObject(containerShape));

/** The container of a migration task may leave its name out. */
export const migrateContainerSchema = exactlyOneOf(
  ['imageUrl', 'image'],
  z.strictObject({
    ...containerShape,
    name: partNameSchema.default('migrate').describe('Name of the container: its log group.'),
  }),
);

export const secretSchema = z.strictObject({ name: secretNameSchema.describe('Last part of its name.') });

export type Container = z.output<typeof containerSchema>;
export type Variable = z.output<typeof variableSchema>;
