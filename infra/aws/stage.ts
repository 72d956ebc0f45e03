import * as z from 'zod';
import { dashedNameSchema } from '../../functions/domain/application/name-patterns.ts';

/** Days that CloudWatch Logs takes: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653] as const;

const accountSchema = z.string().regex(/^\d{12}$/, 'expected the 12 digits of an account');
// Names of ARNs are built with the partition `aws`, which China, the government and the isolated regions are not part of.
const regionSchema = z
  .string()
  .regex(/^(?!cn-|us-gov-|us-iso|eu-isoe-)[a-z]{2}(-[a-z]+)+-\d$/, 'expected a region such as eu-central-1');
/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html */
const busSchema = z.string().regex(/^[\w.-]{1,256}$/, 'expected the name of an event bus, not its ARN');
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const bucketSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'expected the name of a bucket, not its ARN');
const idSchema = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}-[0-9a-f]+$`), `expected an id such as ${prefix}-0a1b2c3d`);

/** One account, region and VPC that environments share. */
const clusterSiteSchema = z.strictObject({
  /** Part of the names of its stack, roles and function; never changes once deployed. */
  name: dashedNameSchema,
  account: accountSchema,
  region: regionSchema,
  /** Names of the environments that belong to it; each gets a migrator role of its own. */
  environments: z.array(dashedNameSchema).min(1, 'expected at least one environment'),
  /** Prefix of the secrets that hold the administrators of its database servers. */
  adminSecrets: z.string().regex(/^[\w/+=.@-]+$/, 'expected the beginning of the name of a secret'),
  /**
   * `{resource id}/{user}` of each administrator who logs in by IAM, such as `db-ABCDEFGHIJKL01234/o5admin`: of an
   * instance, of an Aurora cluster (`cluster-...`) or of a proxy (`prx-...`). With the first, environments get roles for
   * their migrations too. How to make one: docs/databases-by-iam.md.
   */
  databaseAdmins: z
    .array(
      z.string().regex(/^(db|cluster|prx)-[A-Za-z0-9]+\/[A-Za-z_][\w-]{0,62}$/, 'expected a resource id, / and a user'),
    )
    .default([]),
  /** Under which ECS pulls images and reads secrets for the tasks of applications. */
  taskExecutionRole: z.string().regex(/^arn:aws:iam::\d{12}:role\/\S+$/, 'expected the ARN of a role'),
  /** Where the function that speaks SQL stands: it must reach the database servers, and needs no way out. */
  network: z.strictObject({
    vpcId: idSchema('vpc'),
    subnetIds: z.array(idSchema('subnet')).min(1, 'expected at least one subnet'),
    securityGroupIds: z.array(idSchema('sg')).min(1, 'expected at least one security group').max(5),
  }),
  /** Managed policies that roles of applications may be given: those that its environments name under `iamPolicies`. */
  policies: z
    .array(z.string().regex(/^arn:aws:iam::(aws|\d{12}):policy\/\S+$/, 'expected the ARN of a policy'))
    .default([]),
  /** The bus over which applications send each other messages; without it they can neither publish nor subscribe. */
  eventBus: busSchema.optional(),
  /** Buckets of anybody that blobstores may refer to by their names; those of its environments need no mention. */
  buckets: z.array(bucketSchema).default([]),
  /** Lets roles of applications do more than an application of the known kinds needs; what it names, their policies still have to grant. */
  alsoAllowed: z
    .array(
      z.strictObject({
        actions: z
          .array(z.string().regex(/^[a-z0-9-]+:[A-Za-z0-9]+$/, 'expected an action such as ses:SendEmail'))
          .min(1),
        resources: z.array(z.string().regex(/^(\*|arn:aws:\S+)$/, 'expected an ARN')).min(1),
      }),
    )
    .default([]),
  /** Said by whoever assumes the deploy role; keeps other users of the same tool out. */
  externalId: z
    .string()
    .regex(/^[\w+=,.@:/-]{2,1224}$/, 'expected 2 to 1224 letters, digits or any of + = , . @ : / -'),
});

/** Where the control plane stands, how it is kept, and the clusters it deploys to. */
export const stageSchema = z
  .strictObject({
    account: accountSchema,
    region: regionSchema,
    /** Kept when the stack is deleted, protected from deletion, with point-in-time recovery: right for production. */
    retain: z.boolean(),
    /** Who is told of alarms by e-mail; AWS asks each for a confirmation first. */
    alarmEmails: z.array(z.email('expected an e-mail address')).default([]),
    /** How long logs are kept; a year where `retain`, else a month. */
    logRetentionDays: z.literal(RETENTION_DAYS).optional(),
    /** What the webhook lets through; what is beyond gets 429, and lost pushes are found by their branches' heads. */
    webhook: z
      .strictObject({
        requestsPerSecond: z.int().min(1).max(10_000).default(20),
        burst: z.int().min(1).max(5_000).default(40),
      })
      .prefault({}),
    /** On everything that can be tagged, for bills and inventories. */
    tags: z.record(z.string().min(1).max(128), z.string().max(256)).default({}),
    clusters: z.array(clusterSiteSchema).default([]),
  })
  .transform(({ logRetentionDays, ...stage }) => ({
    ...stage,
    logRetentionDays: logRetentionDays ?? (stage.retain ? 365 : 30),
  }));

/** A stage with every default in place: what the stacks are made from. */
export type Stage = Deep<z.output<typeof stageSchema>>;

/** A stage as it is written down in stages.ts: what has a default may be left out. */
export type StageEntry = Deep<z.input<typeof stageSchema>>;

export type ClusterSite = Stage['clusters'][number];

type Deep<T> = T extends object ? { readonly [K in keyof T]: Deep<T[K]> } : T;
