import * as z from 'zod';
import { own, prefixedEnum, schemaHints } from '../configuration/schema-hints.ts';
import { containerSchema } from './container.ts';
import { freeNameSchema, portSchema, shortNameSchema } from './name-patterns.ts';

const chanceSchema = z.int().min(0).max(100);
const targetContainerSchema = freeNameSchema.optional().describe('Container of the runtime; the first when left out.');

const routeSchema = z.strictObject({
  prefix: z
    .string()
    .regex(/^(\/[^\s"<>\\^`{|}]*)?$/, 'expected a path that starts with /')
    .max(127, 'expected at most 127 characters: a listener rule takes 128 with the * at the end')
    .default('')
    .describe('Beginning of the paths; empty takes all.'),
  subdomains: z
    .array(z.string().regex(/^[A-Za-z0-9*?-]+(\.[A-Za-z0-9*?-]+)*$/, 'expected the first part of a host name'))
    .default([])
    .describe("What stands before the environment's host header; wildcards are allowed. None means the header itself."),
  protocol: prefixedEnum('ROUTE_PROTOCOL_', ['HTTP', 'GRPC']).describe('What the container speaks there.'),
  targetContainer: targetContainerSchema,
  bypassIngress: z.boolean().default(false).describe('Straight to the container instead of through the sidecar.'),
  port: portSchema.default(8080).describe('Port of the container.'),
  routeGroup: prefixedEnum('ROUTE_GROUP_', ['FIRST', 'NORMAL', 'FALLBACK'])
    .default('NORMAL')
    .describe('FIRST is looked at before the rules of all applications, FALLBACK after them.'),
});

const subscriptionSchema = z.strictObject({
  name: freeNameSchema.describe(
    'A topic, `/package.Service`, `/package.Service/Method`, `global/event`, `global/upsert`, `global/*` or `o5-infra/{topic}`.',
  ),
  envName: freeNameSchema
    .optional()
    .describe(
      'Whose messages: a `lookupName` of `environmentLinks`, or `*` for every environment; its own when left out.',
    ),
  targetContainer: targetContainerSchema,
  port: portSchema.default(8080).describe('Port of the container.'),
  rawMessage: z
    .boolean()
    .optional()
    .describe(
      'Whether the messages of a topic are in no form of o5 and go to `o5.messaging.v1.topic.RawMessageTopic`. For `o5-infra/{topic}`, true or nothing keeps the envelope of SNS (`RawMessageDelivery` false), by which the sidecar knows them; false takes it off, for topics that carry messages of o5.',
    ),
});

const workerConfigSchema = z.strictObject({
  replayChance: chanceSchema
    .optional()
    .describe('Percent of the messages that are delivered twice, to find out who cannot bear it.'),
  deadletterChance: chanceSchema.optional().describe('Percent of the messages that are turned away, to practise it.'),
  noDeadletters: z.boolean().default(false).describe('What fails is not reported as a dead letter.'),
});

/** An ECS service: its containers and what reaches them. */
export const runtimeSchema = z
  .strictObject({
    name: shortNameSchema.describe('Part of the names of its role, queue and task definition.'),
    desiredCount: own(
      z.int().min(0).max(1000).default(1),
      'Tasks of a first deployment; later the count that runs is kept.',
    ),
    directIngress: z
      .boolean()
      .default(false)
      .describe('All traffic straight to the containers, as if every route said `bypassIngress`.'),
    containers: z
      .array(containerSchema)
      .min(1, 'a runtime needs at least one container')
      .describe('What runs together in one task; when one ends, all of them are started anew.'),
    routes: z.array(routeSchema).default([]).describe('What the load balancer sends here.'),
    subscriptions: z
      .array(subscriptionSchema)
      .default([])
      .describe('Messages that the runtime receives, by a queue of its own.'),
    workerConfig: workerConfigSchema.optional().describe('How the sidecar handles messages.'),
    namedEnvPolicies: z
      .array(freeNameSchema)
      .default([])
      .describe('Managed policies for its role, by their names in `iamPolicies` of the environment.'),
  })
  .register(schemaHints, {
    removed: { grantMetaDeployPermissions: 'name the policies that the runtime needs in namedEnvPolicies' },
  });

export type Runtime = z.output<typeof runtimeSchema>;
export type Route = z.output<typeof routeSchema>;
export type Subscription = z.output<typeof subscriptionSchema>;
