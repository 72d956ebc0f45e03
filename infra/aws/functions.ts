import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  CfnFunction,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type FunctionRow, pascal } from '../../functions/manifest.ts';
import { logGroupIn } from './log-group.ts';
import { clusterCallersPath } from './names.ts';
import type { Stage } from './stage.ts';

export interface FunctionOptions {
  readonly stage: Stage;
  /** Folder with one bundle per function. */
  readonly bundles: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly PolicyStatement[];
  readonly functionName?: string;
  /** Where events go that an asynchronous function has failed at three times. */
  readonly deadLetters?: IQueue;
  /** Puts the function into a VPC. */
  readonly network?: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
}

/**
 * One row of the manifest as a function with a role and a log group of its own. No concurrency is reserved: what is
 * reserved is taken from everybody else, and an account whose limit is still 10 could not be deployed to. What floods can
 * only come in by the webhook, whose stage is throttled.
 */
export const functionFrom = (scope: Construct, row: FunctionRow, options: FunctionOptions): LambdaFunction => {
  const id = pascal(row.name);
  const { stage, network, functionName, deadLetters } = options;
  const role = new Role(scope, `${id}Role`, {
    ...(row.clusters && { path: clusterCallersPath }),
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  for (const statement of options.statements) role.addToPolicy(statement);
  if (network) role.addToPolicy(interfacesOfVpc());
  const logGroup = logGroupIn(scope, `${id}Logs`, stage);
  logGroup.grantWrite(role);
  const made = new LambdaFunction(scope, id, {
    ...(functionName && { functionName }),
    ...(row.asynchronous && deadLetters && { deadLetterQueue: deadLetters }),
    role,
    logGroup,
    loggingFormat: LoggingFormat.JSON,
    applicationLogLevelV2: ApplicationLogLevel.INFO,
    systemLogLevelV2: SystemLogLevel.INFO,
    tracing: Tracing.ACTIVE,
    code: Code.fromAsset(join(options.bundles, row.name)),
    handler: `${row.name}.handler`,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    timeout: Duration.seconds(row.timeoutSeconds),
    memorySize: row.memoryMegabytes,
    environment: { ...(!row.quickStart && { NODE_OPTIONS: '--enable-source-maps' }), ...options.environment },
    // A version outlives the template that made it, because executions may still call it; but not the rollback of the
    // update that made it, or the next try would find a version of its own code and fail.
    currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
  });
  // Named by id: looking a VPC up at synthesis would need the account.
  const { subnetIds = [], securityGroupIds = [] } = network ?? {};
  if (network && made.node.defaultChild instanceof CfnFunction)
    made.node.defaultChild.vpcConfig = { subnetIds: [...subnetIds], securityGroupIds: [...securityGroupIds] };
  return made;
};

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions; none takes a resource. */
const interfacesOfVpc = () =>
  new PolicyStatement({
    actions: [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeSubnets',
      'ec2:DescribeVpcs',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resources: ['*'],
  });
