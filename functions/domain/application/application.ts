import * as z from 'zod';
import { own, schemaHints } from '../configuration/schema-hints.ts';
import { blobstoreSchema } from './blobstore.ts';
import { checkReferences } from './check-references.ts';
import { secretSchema } from './container.ts';
import { databaseSchema } from './database.ts';
import { freeNameSchema, shortNameSchema } from './name-patterns.ts';
import { runtimeSchema } from './runtime.ts';

/** An explicit choice of mode, which shows in the plan and in the audit. */
const modeSchema = z.strictObject({
  use: own(z.enum(['DOWNTIME', 'BEFORE', 'PARALLEL', 'AFTER', 'NOP']), 'The mode to deploy in.'),
  reason: own(z.string().min(1, 'expected the reason for this choice'), 'Why; it stands in the plan.'),
});

const deploymentConfigSchema = z.strictObject({
  quickMode: z
    .boolean()
    .default(false)
    .describe('Deploys release and migrations at once, without an evaluation, unless a request asks for another way.'),
  mode: own(
    modeSchema.optional(),
    'Chooses the mode by hand, where what the evaluation found out allows it; otherwise the evaluation chooses.',
  ),
});

const shape = z.strictObject({
  name: shortNameSchema.describe(
    'Part of the names of everything made for the application: `{environment}-{name}` is its stack.',
  ),
  targets: z
    .array(z.strictObject({ name: freeNameSchema.describe('Topic, or `/package.Service`.') }))
    .default([])
    .describe(
      'Where the application sends messages: its runtimes may then publish to the bus, in its name and no other.',
    ),
  blobstores: z
    .array(blobstoreSchema)
    .default([])
    .describe('Buckets of the application, and buckets of others that it uses.'),
  databases: z.array(databaseSchema).default([]).describe('PostgreSQL databases of the application.'),
  runtimes: z
    .array(runtimeSchema)
    .min(1, 'an application needs at least one runtime')
    .describe('Services that run: each is scaled, rolled out and routed to by itself.'),
  secrets: z
    .array(secretSchema)
    .default([])
    .describe('Secrets that people fill in Secrets Manager, under `/{environment}/{application}/{name}`.'),
  deploymentConfig: deploymentConfigSchema.prefault({}).describe('How the application wants to be deployed.'),
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
