import * as z from 'zod';
import { exactlyOneOf, prefixedEnum } from '../configuration/schema-hints.ts';
import { freeNameSchema, partNameSchema, secretNameSchema } from './name-patterns.ts';

const variableKinds = ['value', 'database', 'blobstore', 'envMap', 'fromEnv', 'secret', 'o5'] as const;

/** An environment variable: its name and one source of its value. */
export const variableSchema = z
  .strictObject({
    name: z.string().regex(/^[^=\s]+$/, 'expected a name without blanks and without ='),
    value: z.string().optional(),
    database: z.strictObject({ databaseName: freeNameSchema }).optional(),
    blobstore: z
      .strictObject({
        name: freeNameSchema,
        subPath: z.string().optional(),
        /** There is no other kind of access. */
        s3Direct: z.literal(true),
      })
      .optional(),
    envMap: z.strictObject({}).optional(),
    fromEnv: z.strictObject({ name: freeNameSchema }).optional(),
    secret: z
      .strictObject({
        secretName: freeNameSchema,
        /** Ends up between colons of an ECS `valueFrom`. */
        jsonKey: z
          .string()
          .regex(/^[^:$\s]+$/, 'expected a key without blanks, colons and dollar signs')
          .optional(),
      })
      .optional(),
    o5: prefixedEnum('O5_VAR_', ['ADAPTER_ENDPOINT']).optional(),
  })
  .superRefine(exactlyOneOf(variableKinds));

const imageSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._/-]*$/, 'expected a repository name: lower-case letters, digits and . _ / -'),
  tag: z
    .string()
    .regex(/^\w[\w.-]{0,127}$/, 'expected a tag: letters, digits and _ . -')
    .optional(),
  registry: z.string().min(1).optional(),
});

const containerShape = {
  name: partNameSchema,
  imageUrl: z
    .string()
    .regex(/^[^\s]+$/, 'expected an image reference')
    .optional(),
  image: imageSchema.optional(),
  command: z.array(z.string()).optional(),
  demand: prefixedEnum('DEMAND_', ['LIGHT', 'MEDIUM', 'HEAVY']).default('LIGHT'),
  envVars: z.array(variableSchema).default([]),
  mountDockerSocket: z.boolean().default(false),
} as const;

export const containerSchema = z.strictObject(containerShape).superRefine(exactlyOneOf(['imageUrl', 'image']));

/** The container of a migration task may leave its name out. */
export const migrateContainerSchema = z
  .strictObject({ ...containerShape, name: partNameSchema.default('migrate') })
  .superRefine(exactlyOneOf(['imageUrl', 'image']));

export const secretSchema = z.strictObject({ name: secretNameSchema });

export type Container = z.output<typeof containerSchema>;
export type Variable = z.output<typeof variableSchema>;
