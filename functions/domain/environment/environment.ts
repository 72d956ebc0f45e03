import * as z from 'zod';
import { dashedNameSchema } from '../application/name-patterns.ts';
import { distinct } from '../configuration/distinct.ts';
import { exactlyOneOf, own, schemaHints } from '../configuration/schema-hints.ts';
import { arnSchema } from './cluster.ts';

export type { Cluster } from './cluster.ts';

const nameSchema = z.string().min(1, 'a name may not be empty');

const variableSchema = exactlyOneOf(
  ['value', 'join'],
  z.strictObject({
    name: nameSchema.describe('What applications call it by in `fromEnv`.'),
    value: z.string().optional().describe('Its value.'),
    join: z
      .strictObject({
        delimiter: z.string().describe('What stands between them.'),
        values: z.array(z.string()).describe('The values, in order.'),
      })
      .optional()
      .describe('Several values as one.'),
  }),
);

/** CloudFormation's limit for the value of a parameter, which is what such a list becomes: with commas between. */
const longestParameter = 4096;

const joinedSchema = z
  .array(z.string().regex(/^[^\s,]+$/, 'expected a value without blanks and commas'))
  .refine(
    (values) => values.join(',').length <= longestParameter,
    `expected at most ${longestParameter} characters together`,
  );

const linkSchema = z.strictObject({
  lookupName: nameSchema
    .refine((name) => name !== '*', '* means every environment: expected another name')
    .describe('What subscriptions call it by in `envName`.'),
  fullName: dashedNameSchema.describe('Its own name, as its messages carry it.'),
  snsPrefix: nameSchema.describe('Beginning of the ARNs of its SNS topics.'),
});

const principalSchema = z.strictObject({
  name: own(nameSchema, 'What blobstores call it by in `grants[].principal`.'),
  arn: own(arnSchema, 'A role, user or account of IAM.'),
});

const policySchema = z.strictObject({
  name: nameSchema.describe('What runtimes call it by in `namedEnvPolicies`.'),
  policyArn: arnSchema.describe("The managed policy; one that the cluster's stage allows."),
});

const awsSchema = z
  .strictObject({
    hostHeader: z
      .string()
      .regex(/^[A-Za-z0-9*?.-]*\.[A-Za-z0-9*?.-]*$/, 'expected a host name with a dot; * and ? are wildcards')
      .default('*.*')
      .describe('Host names that reach the environment; subdomains stand before it.'),
    environmentLinks: distinct('lookupName', z.array(linkSchema))
      .default([])
      .describe('Other environments whose messages are received here.'),
    iamPolicies: distinct('name', z.array(policySchema))
      .default([])
      .describe('Policies that runtimes may ask for by name.'),
    grantPrincipals: own(
      distinct('name', z.array(principalSchema)).optional(),
      'Who may be given the reading of buckets by name.',
    ),
  })
  .register(schemaHints, {
    removed: {
      sesIdentity: 'name a policy that allows sending in iamPolicies, and in namedEnvPolicies of the runtime',
      o5DeployerGrantRoles: 'who may deploy is said by the roles of the cluster stack',
      ecsRepo: 'use aws.ecsCluster.defaultRegistry of the cluster',
    },
  });

/** ECS CPU units and MiB that a container of this demand reserves. */
const sizeSchema = (cpu: number, memory: number) =>
  z
    .strictObject({
      cpu: own(z.int().min(1).max(16_384).default(cpu), 'CPU units; 1024 are one processor.'),
      memory: own(z.int().min(4, 'ECS takes at least 4 MiB').max(122_880).default(memory), 'MiB.'),
    })
    .prefault({});

const sizesSchema = z
  .strictObject({
    light: own(sizeSchema(128, 256), 'What a container of demand LIGHT reserves.'),
    medium: own(sizeSchema(512, 1024), 'What a container of demand MEDIUM reserves.'),
    heavy: own(sizeSchema(1024, 2048), 'What a container of demand HEAVY reserves.'),
  })
  .prefault({});

export const environmentShape = {
  fullName: dashedNameSchema.describe('Its name; part of the names of everything in it.'),
  kind: own(z.enum(['aws', 'digitalocean', 'hosts']).default('aws'), 'Where its applications run.'),
  trustJwks: joinedSchema.default([]).describe('URLs of the keys whose tokens the sidecar accepts.'),
  vars: distinct('name', z.array(variableSchema))
    .default([])
    .describe('Values for `fromEnv` variables of applications.'),
  corsOrigins: joinedSchema.default([]).describe('Origins that browsers may call from; wildcards are allowed.'),
  aws: awsSchema.prefault({}).describe('What it is in AWS.'),

  fixForward: own(
    z.boolean().default(false),
    'A BROKEN stack takes the newest push of its branch instead of waiting for an operator.',
  ),
  supersede: own(
    z.boolean().default(false),
    'A newer push of a branch takes the place of its older ones that still wait in the queue; else all of them run.',
  ),
  approval: own(
    z.enum(['always', 'risky', 'never']).default('risky'),
    'When a person has to agree: to every plan, to those with downtime or danger, or only where a stop demands it.',
  ),
  smallTableRows: own(
    z.int().min(0).default(10_000),
    'A table of at most so many rows counts as small: to lock it while it is rewritten is over in a moment.',
  ),
  sizes: own(sizesSchema, 'What the demand of a container means here.'),
};

/** A named place to deploy to (o5.environment.v1.Environment) with Slipway's additions. */
export const environmentSchema = z.strictObject({
  ...environmentShape,
  clusterName: dashedNameSchema.describe('Cluster that it belongs to.'),
});

export type Environment = z.output<typeof environmentSchema>;

/** Value of one of the environment's variables, undefined where it has none of that name. */
export const variableOf = ({ vars }: Environment, name: string): string | undefined => {
  const variable = vars.find((candidate) => candidate.name === name);
  return variable?.join ? variable.join.values.join(variable.join.delimiter) : variable?.value;
};
