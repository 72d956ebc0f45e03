import { type Duration, Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { StateTransitionMetric } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { METRICS } from '../../functions/domain/metrics.ts';
import { machineNames } from './names.ts';

export interface Parts {
  readonly api: HttpApi;
  readonly accessLogs: LogGroup;
  readonly deadLetters: Queue;
  readonly functions: ReadonlyMap<string, LambdaFunction>;
}

/** The metrics of AWS that alarms and dashboard look at, each for a period. */
export type Watched = ReturnType<typeof watchedIn>;

export const watchedIn = (scope: Construct, { api, accessLogs, deadLetters, functions }: Parts) => {
  const { region, account } = Stack.of(scope);
  const throttled = throttledRequests(scope, accessLogs);
  return {
    webhookRequests: (period: Duration) => api.metricCount({ period, statistic: 'Sum' }),
    webhookRefused: (period: Duration) => api.metricClientError({ period, statistic: 'Sum' }),
    webhookFailed: (period: Duration) => api.metricServerError({ period, statistic: 'Sum' }),
    webhookThrottled: (period: Duration) => throttled.metric({ period, statistic: 'Sum' }),
    webhookLatency: (period: Duration) => api.metricLatency({ period, statistic: 'p99' }),
    sweeps: (period: Duration) => functions.get('Sweep')?.metricInvocations({ period }) as Metric,
    // Of the whole account and region: its functions share one limit.
    functionsThrottled: (period: Duration) =>
      new Metric({ namespace: 'AWS/Lambda', metricName: 'Throttles', period, statistic: 'Sum' }),
    statesThrottled: (period: Duration) => StateTransitionMetric.metricThrottledEvents({ period, statistic: 'Sum' }),
    executions: (machine: keyof typeof machineNames, metricName: string, period: Duration) =>
      new Metric({
        namespace: 'AWS/States',
        metricName,
        dimensionsMap: { StateMachineArn: `arn:aws:states:${region}:${account}:stateMachine:${machineNames[machine]}` },
        period,
        statistic: 'Sum',
      }),
    deadLetters: (period: Duration) =>
      deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }),
  };
};

/** An HTTP API counts what it throttles among all other 4xx; its access log tells them apart. */
const throttledRequests = (scope: Construct, logGroup: LogGroup) =>
  new MetricFilter(scope, 'WebhookThrottledFilter', {
    logGroup,
    filterPattern: FilterPattern.stringValue('$.status', '=', '429'),
    metricNamespace: METRICS.namespace,
    metricName: 'WebhookThrottled',
    metricValue: '1',
  });
