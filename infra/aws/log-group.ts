import { Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Stage } from './stage.ts';

/**
 * A log group that keeps its lines as long as the stage says. Unless a name is given CloudFormation makes one up, so that
 * a stack can be made anew beside what an earlier one left behind.
 */
export const logGroupIn = (scope: Construct, id: string, stage: Stage, logGroupName?: string): LogGroup =>
  new LogGroup(scope, id, {
    ...(logGroupName && { logGroupName }),
    retention: stage.logRetentionDays,
    removalPolicy: stage.retain ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
  });

/**
 * Services that deliver logs themselves write a policy of the account for each group, which has room for a few only;
 * under this prefix one entry serves all: https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
 * The end is part of the stack's id, so that this name too is free for the next stack.
 */
export const deliveredLogsIn = (scope: Construct, id: string, stage: Stage, what: string): LogGroup => {
  const stackUuid = Fn.select(2, Fn.split('/', Stack.of(scope).stackId));
  return logGroupIn(scope, id, stage, `/aws/vendedlogs/slipway/${what}-${Fn.select(0, Fn.split('-', stackUuid))}`);
};
