import * as z from 'zod';
import { dashedNameSchema, portSchema } from '../application/name-patterns.ts';
import { exactlyOneOf } from '../configuration/schema-hints.ts';

export const arnSchema = z.string().regex(/^arn:aws[a-z-]*:[^\s]+$/, 'expected an ARN');
const idSchema = z.string().min(1, 'expected an id');

const rdsHostSchema = z.strictObject({
  /** What applications call it by in `serverGroup`. */
  serverGroupName: z.string().min(1),
  clientSecurityGroupId: idSchema,
  identifier: z.string().min(1),
  /** Needed for IAM; by Secrets Manager the secret names host and port. */
  endpoint: z.string().min(1).optional(),
  port: portSchema.optional(),
  auth: z
    .strictObject({
      secretsManager: z.strictObject({ secretName: z.string().min(1) }).optional(),
      iam: z.strictObject({ dbUser: z.string().min(1), dbName: z.string().min(1).optional() }).optional(),
    })
    .superRefine(exactlyOneOf(['secretsManager', 'iam'])),
});

const awsClusterSchema = z.strictObject({
  vpcId: idSchema,
  awsAccount: z.string().regex(/^\d{12}$/, 'expected the 12 digits of an account'),
  awsRegion: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected a region such as eu-central-1'),
  /** Last part of the names of buckets, which are one name space for everybody. */
  globalNamespace: dashedNameSchema,
  albIngress: z.strictObject({ listenerArn: arnSchema, securityGroupId: idSchema }),
  ecsCluster: z.strictObject({
    clusterName: z.string().min(1),
    taskExecutionRole: arnSchema,
    defaultRegistry: z.string().min(1),
    subnetIds: z.array(idSchema).default([]),
    baseSecurityGroupId: idSchema.optional(),
  }),
  rdsHosts: z.array(rdsHostSchema).default([]),
  o5Sidecar: z.strictObject({ imageVersion: z.string().min(1), imageRepo: z.string().min(1).optional() }).optional(),
  eventBridge: z.strictObject({ eventBusArn: arnSchema }).optional(),
  o5Deployer: z.strictObject({ assumeRoleArn: arnSchema }).optional(),

  /** Slipway's own keys: what its cluster stack made. */
  deployRoleArn: arnSchema,
  externalId: z.string().min(2).optional(),
  cloudFormationRoleArn: arnSchema.optional(),
  /** Permissions boundary of every role of an application: CloudFormation may make none without it. */
  boundaryArn: arnSchema,
  /** Runs statements on the database servers from inside the VPC; needed once an application has a database. */
  sqlFunctionArn: arnSchema.optional(),
  /** Environment -> role under which its migration tasks start, limited to the secrets of its databases. */
  migratorRoles: z.record(z.string(), arnSchema).default({}),
});

/** One account, region and VPC with what environments share there (o5.environment.v1.Cluster). */
export const clusterSchema = z.strictObject({ name: dashedNameSchema, aws: awsClusterSchema });

/** What a cluster stack said of itself, and when. */
export interface ClusterAnswer {
  readonly at: string;
  /** Of the cluster stack's template. */
  readonly version: number;
  /** Those that it has roles for. */
  readonly environments: readonly string[];
  /** Managed policies that roles of applications may be given. */
  readonly policies: readonly string[];
}

export interface Cluster extends z.output<typeof clusterSchema> {
  /** What its cluster stack said when this configuration was applied; nothing is deployed to a cluster without one. */
  readonly answer?: ClusterAnswer;
}
export type RdsHost = z.output<typeof rdsHostSchema>;
