import * as z from 'zod';
import { schemaHints } from '../configuration/schema-hints.ts';
import { blobstoreSchema } from './blobstore.ts';
import { checkReferences } from './check-references.ts';
import { secretSchema } from './container.ts';
import { databaseSchema } from './database.ts';
import { freeNameSchema, shortNameSchema } from './name-patterns.ts';
import { runtimeSchema } from './runtime.ts';

/** Slipway's own key: an explicit choice of mode, which shows in the plan and in the audit. */
const modeSchema = z.strictObject({
  use: z.enum(['DOWNTIME', 'BEFORE', 'PARALLEL', 'AFTER', 'NOP']),
  reason: z.string().min(1, 'expected the reason for this choice'),
});

const shape = z.strictObject({
  name: shortNameSchema,
  targets: z.array(z.strictObject({ name: freeNameSchema })).default([]),
  blobstores: z.array(blobstoreSchema).default([]),
  databases: z.array(databaseSchema).default([]),
  runtimes: z.array(runtimeSchema).min(1, 'an application needs at least one runtime'),
  secrets: z.array(secretSchema).default([]),
  deploymentConfig: z.strictObject({ quickMode: z.boolean().default(false), mode: modeSchema.optional() }).prefault({}),
});

/** What a repository declares (o5.application.v1), and Slipway's keys beside it. */
export const applicationSchema = shape
  .superRefine((application, context) => {
    for (const { keys, message, nearest } of checkReferences(application))
      context.addIssue({ code: 'custom', path: [...keys], message, params: { nearest } });
  })
  .register(schemaHints, {
    removed: {
      awsConfig: 'name the policies that a runtime needs in runtimes[].namedEnvPolicies',
      sidecarConfig: 'use runtimes[].workerConfig',
    },
  });

export type Application = z.output<typeof shape>;
