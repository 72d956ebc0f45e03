import * as z from 'zod';
import { dashedNameSchema } from '../application/name-patterns.ts';
import { exactlyOneOf } from '../configuration/schema-hints.ts';
import { arnSchema } from './cluster.ts';

export type { Cluster } from './cluster.ts';

const nameSchema = z.string().min(1, 'a name may not be empty');

const variableSchema = z
  .strictObject({
    name: nameSchema,
    value: z.string().optional(),
    join: z.strictObject({ delimiter: z.string(), values: z.array(z.string()) }).optional(),
  })
  .superRefine(exactlyOneOf(['value', 'join']));

const awsSchema = z.strictObject({
  /** Host names that reach the environment; subdomains stand before it. */
  hostHeader: z
    .string()
    .regex(/^[A-Za-z0-9*?.-]*\.[A-Za-z0-9*?.-]*$/, 'expected a host name with a dot; * and ? are wildcards')
    .default('*.*'),
  environmentLinks: z
    .array(z.strictObject({ lookupName: nameSchema, fullName: dashedNameSchema, snsPrefix: nameSchema }))
    .default([]),
  iamPolicies: z.array(z.strictObject({ name: nameSchema, policyArn: arnSchema })).default([]),
});

/** ECS CPU units (1024 are one processor) and MiB that a container of this demand reserves. */
const sizeSchema = (cpu: number, memory: number) =>
  z
    .strictObject({
      cpu: z.int().min(1).max(16_384).default(cpu),
      memory: z.int().min(4, 'ECS takes at least 4 MiB').max(122_880).default(memory),
    })
    .prefault({});

export const environmentShape = {
  fullName: dashedNameSchema,
  kind: z.enum(['aws', 'digitalocean', 'hosts']).default('aws'),
  trustJwks: z.array(z.string()).default([]),
  vars: z.array(variableSchema).default([]),
  corsOrigins: z.array(z.string()).default([]),
  aws: awsSchema.prefault({}),

  /** Slipway's own keys. A BROKEN stack takes the newest push of its branch instead of waiting for an operator. */
  fixForward: z.boolean().default(false),
  /** A newer push of a branch takes the place of its older ones that still wait in the queue; else all of them run. */
  supersede: z.boolean().default(false),
  /** When a person has to agree: to every plan, to those with downtime or danger, or only where a stop demands it. */
  approval: z.enum(['always', 'risky', 'never']).default('risky'),
  /** A table of at most so many rows counts as small: a lock for O(rows) is then over in a moment. */
  smallTableRows: z.int().min(0).default(10_000),
  sizes: z
    .strictObject({ light: sizeSchema(128, 256), medium: sizeSchema(512, 1024), heavy: sizeSchema(1024, 2048) })
    .prefault({}),
};

/** A named place to deploy to (o5.environment.v1.Environment) with Slipway's additions. */
export const environmentSchema = z.strictObject({ ...environmentShape, clusterName: dashedNameSchema });

export type Environment = z.output<typeof environmentSchema>;

/** Value of one of the environment's variables, undefined where it has none of that name. */
export const variableOf = ({ vars }: Environment, name: string): string | undefined => {
  const variable = vars.find((candidate) => candidate.name === name);
  return variable?.join ? variable.join.values.join(variable.join.delimiter) : variable?.value;
};
