import * as z from 'zod';
import { prefixedEnum, schemaHints } from '../configuration/schema-hints.ts';
import { containerSchema } from './container.ts';
import { freeNameSchema, portSchema, shortNameSchema } from './name-patterns.ts';

const chanceSchema = z.number().min(0).max(100);

const routeSchema = z.strictObject({
  prefix: z
    .string()
    .regex(/^(\/[^\s"<>\\^`{|}]*)?$/, 'expected a path that starts with /')
    .max(127, 'expected at most 127 characters: a listener rule takes 128 with the * at the end')
    .default(''),
  subdomains: z
    .array(z.string().regex(/^[A-Za-z0-9*?-]+(\.[A-Za-z0-9*?-]+)*$/, 'expected the first part of a host name'))
    .default([]),
  protocol: prefixedEnum('ROUTE_PROTOCOL_', ['HTTP', 'GRPC']),
  targetContainer: freeNameSchema.optional(),
  bypassIngress: z.boolean().default(false),
  port: portSchema.default(8080),
  routeGroup: prefixedEnum('ROUTE_GROUP_', ['FIRST', 'NORMAL', 'FALLBACK']).default('NORMAL'),
});

const subscriptionSchema = z.strictObject({
  name: freeNameSchema,
  envName: freeNameSchema.optional(),
  targetContainer: freeNameSchema.optional(),
  port: portSchema.default(8080),
  rawMessage: z.boolean().default(false),
});

const workerConfigSchema = z.strictObject({
  replayChance: chanceSchema.optional(),
  deadletterChance: chanceSchema.optional(),
  noDeadletters: z.boolean().default(false),
});

/** An ECS service: its containers and what reaches them. */
export const runtimeSchema = z
  .strictObject({
    name: shortNameSchema,
    /** Tasks of a first deployment; later the count that runs is kept. */
    desiredCount: z.int().min(0).max(1000).default(1),
    directIngress: z.boolean().default(false),
    containers: z.array(containerSchema).min(1, 'a runtime needs at least one container'),
    routes: z.array(routeSchema).default([]),
    subscriptions: z.array(subscriptionSchema).default([]),
    workerConfig: workerConfigSchema.optional(),
    namedEnvPolicies: z.array(freeNameSchema).default([]),
  })
  .register(schemaHints, {
    removed: { grantMetaDeployPermissions: 'name the policies that the runtime needs in namedEnvPolicies' },
  });

export type Runtime = z.output<typeof runtimeSchema>;
export type Route = z.output<typeof routeSchema>;
