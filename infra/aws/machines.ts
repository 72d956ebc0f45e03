import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnStateMachine, CfnStateMachineVersion } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Machine } from '../../statemachines/define.ts';
import { deliveredLogsIn } from './log-group.ts';
import type { Stage } from './stage.ts';

export interface MachineOptions {
  readonly stage: Stage;
  readonly name: string;
  readonly machine: Machine;
  readonly functions: ReadonlyMap<string, LambdaFunction>;
}

/**
 * A state machine from its literal, and a published version of it. `${ScaleDown}` becomes the ARN of that function's
 * version, so that an execution ends on the code it started with: docs/decisions/0022-executions-end-on-their-own-code.md.
 */
export const machineFrom = (scope: Construct, id: string, options: MachineOptions): CfnStateMachine => {
  const definition = JSON.stringify(options.machine);
  const called = calledFunctions(definition, options.functions);
  const versions = called.map(([name, { currentVersion }]) => [name, currentVersion.functionArn]);
  const role = roleOf(scope, id, { name: options.name, called: called.map(([, each]) => each) });
  const machine = new CfnStateMachine(scope, id, {
    stateMachineName: options.name,
    stateMachineType: 'STANDARD',
    definitionString: definition,
    definitionSubstitutions: Object.fromEntries(versions),
    roleArn: role.roleArn,
    tracingConfiguration: { enabled: true },
    loggingConfiguration: {
      // The console forgets an execution 90 days after its end. Without data: inputs and outputs belong into no log.
      level: 'ALL',
      includeExecutionData: false,
      destinations: [
        {
          cloudWatchLogsLogGroup: {
            logGroupArn: deliveredLogsIn(scope, `${id}Logs`, options.stage, options.name).logGroupArn,
          },
        },
      ],
    },
  });
  machine.node.addDependency(role);
  new CfnStateMachineVersion(scope, `${id}Version`, {
    stateMachineArn: machine.attrArn,
    stateMachineRevisionId: machine.attrStateMachineRevisionId,
  }).applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  return machine;
};

/** The functions that a definition names, by their names. */
const calledFunctions = (definition: string, functions: MachineOptions['functions']) =>
  [...new Set([...definition.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name))].sort().map((name) => {
    const found = functions.get(name);
    if (!found) throw new Error(`A state calls ${name}, but functions/manifest.ts has no row of that name`);
    return [name, found] as const;
  });

/** May call every version of its functions: an execution that runs while the stack is updated calls the older ones. */
const roleOf = (
  scope: Construct,
  id: string,
  { name, called }: { readonly name: string; readonly called: readonly LambdaFunction[] },
): Role => {
  const { region, account } = Stack.of(scope);
  const conditions = {
    StringEquals: { 'aws:SourceAccount': account },
    ArnLike: { 'aws:SourceArn': `arn:aws:states:${region}:${account}:stateMachine:${name}` },
  };
  const assumedBy = new ServicePrincipal('states.amazonaws.com', { conditions });
  const role = new Role(scope, `${id}Role`, { assumedBy });
  const resources = called.map(({ functionArn }) => `${functionArn}:*`);
  role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources }));
  role.addToPolicy(new PolicyStatement({ actions: [...LOG_DELIVERY, ...TRACING], resources: ['*'] }));
  return role;
};

/** https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy; none takes a resource. */
const LOG_DELIVERY = [
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
];

/** https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html; none takes a resource. */
const TRACING = [
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];
