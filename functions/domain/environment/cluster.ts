import * as z from 'zod';
import { dashedNameSchema, portSchema } from '../application/name-patterns.ts';
import { distinct } from '../configuration/distinct.ts';
import { exactlyOneOf, own } from '../configuration/schema-hints.ts';

export const arnSchema = z.string().regex(/^arn:aws[a-z-]*:[^\s]+$/, 'expected an ARN');
const idSchema = z.string().min(1, 'expected an id');
const nameSchema = z.string().min(1, 'a name may not be empty');

const authSchema = exactlyOneOf(
  ['secretsManager', 'iam'],
  z.strictObject({
    secretsManager: z
      .strictObject({ secretName: nameSchema.describe('JSON with dbuser, dbpass, dbhost and dbname.') })
      .optional()
      .describe('By user and password, which stand in a secret.'),
    iam: z
      .strictObject({
        dbUser: nameSchema.describe('Administrator who may log in by IAM.'),
        dbName: nameSchema.optional().describe('Database to connect to; the name of the user when left out.'),
      })
      .optional()
      .describe('By tokens of IAM, without a password.'),
  }),
);

const rdsHostSchema = z.strictObject({
  serverGroupName: nameSchema.describe('What applications call it by in `serverGroup`.'),
  clientSecurityGroupId: idSchema.describe('Security group of those who may connect.'),
  identifier: nameSchema.describe('Its resource id, which permissions to log in by IAM name.'),
  endpoint: nameSchema.optional().describe('Host name; needed for IAM. By Secrets Manager the secret names the host.'),
  port: portSchema.optional().describe('Port, for IAM; 5432 when left out.'),
  auth: authSchema.describe('How its administrator logs in.'),
});

const ecsClusterSchema = z.strictObject({
  clusterName: nameSchema.describe('ECS cluster that runs the services.'),
  taskExecutionRole: arnSchema.describe('Role under which ECS pulls images and reads secrets.'),
  defaultRegistry: nameSchema.describe('Registry of the images that name none.'),
  subnetIds: z.array(idSchema).default([]).describe('Subnets of tasks that have an address of their own.'),
  baseSecurityGroupId: idSchema.optional().describe('Security group of tasks that have an address of their own.'),
  launchType: own(
    z.enum(['EC2', 'FARGATE']).optional(),
    'EC2 when left out: tasks on instances, their containers on a bridge. FARGATE: tasks with an address of their own.',
  ),
});

const awsClusterSchema = z.strictObject({
  vpcId: idSchema.describe('VPC of the balancer and the services.'),
  awsAccount: z
    .string()
    .regex(/^\d{12}$/, 'expected the 12 digits of an account')
    .describe('Account, in quotes.'),
  awsRegion: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected a region such as eu-central-1')
    .describe('Region, such as eu-central-1.'),
  globalNamespace: dashedNameSchema.describe(
    'Last part of the names of buckets, which are one name space for everybody.',
  ),
  albIngress: z
    .strictObject({
      listenerArn: arnSchema.describe('Listener that gets the rules of all applications.'),
      securityGroupId: idSchema.describe('Security group of the load balancer.'),
    })
    .describe('The load balancer that the environments share.'),
  ecsCluster: ecsClusterSchema.describe('Where services run.'),
  rdsHosts: distinct('serverGroupName', z.array(rdsHostSchema))
    .default([])
    .describe('PostgreSQL servers; needed once an application has a database.'),
  o5Sidecar: z
    .strictObject({
      imageVersion: nameSchema.describe('Tag of its image.'),
      imageRepo: nameSchema.optional().describe("Its image without a tag; the original's when left out."),
    })
    .optional()
    .describe('The sidecar; needed by routes without `bypassIngress`, subscriptions, outboxes and the adapter.'),
  eventBridge: z
    .strictObject({ eventBusArn: arnSchema.describe('Bus of the applications.') })
    .optional()
    .describe('Needed by targets and subscriptions.'),
  o5Deployer: z
    .strictObject({ assumeRoleArn: arnSchema.describe('Role of the original deployer.') })
    .optional()
    .describe('Of the original deployer; taken, and not used.'),

  deployRoleArn: own(arnSchema, 'Role that Slipway takes in the account: an output of the cluster stack.'),
  externalId: own(z.string().min(2).optional(), 'Said by whoever takes that role; it stands in the stage.'),
  cloudFormationRoleArn: own(arnSchema.optional(), 'Role of CloudFormation: an output of the cluster stack.'),
  boundaryArn: own(
    arnSchema,
    'Permissions boundary of the roles of applications, without which none may be made: an output of the cluster stack.',
  ),
  sqlFunctionArn: own(
    arnSchema.optional(),
    'Runs statements on the database servers from inside the VPC; needed once an application has a database.',
  ),
  migratorRoles: own(
    z.record(z.string(), arnSchema).default({}),
    'Environment -> role under which its migration tasks start: outputs of the cluster stack.',
  ),
  migrationTaskRoles: own(
    z.record(z.string(), arnSchema).optional(),
    'Environment -> role with which its migration tasks log in to databases by IAM: outputs of the cluster stack that has `databaseAdmins`.',
  ),
});

/** One account, region and VPC with what environments share there (o5.environment.v1.Cluster). */
export const clusterSchema = z.strictObject({
  name: dashedNameSchema.describe('Name of the cluster.'),
  aws: awsClusterSchema.describe('Where it stands in AWS, and what is there already.'),
});

/** What a cluster stack said of itself, and when. */
export interface ClusterAnswer {
  readonly at: string;
  /** Of the cluster stack's template. */
  readonly version: number;
  /** Those that it has roles for. */
  readonly environments: readonly string[];
  /** Managed policies that roles of applications may be given. */
  readonly policies: readonly string[];
  /** Buckets by name that roles of applications may reach beside those of its environments; unknown of older stacks. */
  readonly buckets?: readonly string[];
  /** `{resource id}/{user}` of the administrators that Slipway may log in as by IAM; unknown of older answers. */
  readonly databaseAdmins?: readonly string[];
}

export interface Cluster extends z.output<typeof clusterSchema> {
  /** What its cluster stack said when this configuration was applied; nothing is deployed to a cluster without one. */
  readonly answer?: ClusterAnswer;
}
export type RdsHost = z.output<typeof rdsHostSchema>;
