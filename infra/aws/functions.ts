import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { ManagedPolicy, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, CfnFunction, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type FunctionRow, pascal } from '../../functions/manifest.ts';

export interface FunctionOptions {
  /** Folder with one bundle per function. */
  readonly bundles: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly PolicyStatement[];
  readonly functionName?: string;
  /** Puts the function into a VPC. */
  readonly network?: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
}

/** One row of the manifest as a function with a role of its own. */
export const functionFrom = (scope: Construct, row: FunctionRow, options: FunctionOptions): LambdaFunction => {
  const id = pascal(row.name);
  const role = new Role(scope, `${id}Role`, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName(`service-role/${executionPolicy(options)}`)],
  });
  for (const statement of options.statements) role.addToPolicy(statement);
  const made = new LambdaFunction(scope, id, {
    ...(options.functionName && { functionName: options.functionName }),
    role,
    code: Code.fromAsset(join(options.bundles, row.name)),
    handler: `${row.name}.handler`,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    timeout: Duration.seconds(row.timeoutSeconds),
    memorySize: row.memoryMegabytes,
    environment: { ...options.environment },
  });
  // Named by id: looking a VPC up at synthesis would need the account.
  const { subnetIds = [], securityGroupIds = [] } = options.network ?? {};
  if (options.network && made.node.defaultChild instanceof CfnFunction)
    made.node.defaultChild.vpcConfig = { subnetIds: [...subnetIds], securityGroupIds: [...securityGroupIds] };
  return made;
};

const executionPolicy = ({ network }: FunctionOptions): string =>
  network ? 'AWSLambdaVPCAccessExecutionRole' : 'AWSLambdaBasicExecutionRole';
