import { Duration } from 'aws-cdk-lib';
import { type Alarm, AlarmStatusWidget, Dashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { counted, measured } from './own-metric.ts';
import type { Watched } from './watched.ts';

const PERIOD = Duration.minutes(5);

/** One page: what rings, what was deployed and how fast, what had to be repaired, and the way in. Fifty metrics are free. */
export const dashboardIn = (scope: Construct, watched: Watched, alarms: readonly Alarm[]): void => {
  new Dashboard(scope, 'Dashboard', {
    dashboardName: 'slipway',
    widgets: [
      [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 4 })],
      [
        graph('Deployments by their end', [
          counted('DeploymentsDone', PERIOD),
          counted('DeploymentsFailed', PERIOD),
          counted('DeploymentsTerminated', PERIOD),
          counted('DeploymentsSuperseded', PERIOD),
          counted('DeploymentsRejected', PERIOD),
        ]),
        graph('From the request to DONE, seconds', [
          measured('DeploymentSeconds', PERIOD, 'p50'),
          measured('DeploymentSeconds', PERIOD, 'p90'),
        ]),
        graph('Longest in a queue, longest without a move, seconds', [
          measured('QueueSeconds', PERIOD),
          measured('StandstillSeconds', PERIOD),
        ]),
      ],
      [
        graph('Repairs', [
          counted('SweeperRepairs', PERIOD),
          counted('ReconciledPushes', PERIOD),
          counted('Redeliveries', PERIOD),
          counted('RepeatedRequests', PERIOD),
        ]),
        graph('GitHub that did not answer, and what it was not told', [
          counted('ReconcileErrors', PERIOD),
          counted('ReportFailures', PERIOD),
          counted('BranchesUnseen', PERIOD),
          counted('DeliveriesUnseen', PERIOD),
        ]),
        graph('Events that nobody took', [watched.deadLetters(PERIOD)]),
      ],
      [
        graph('Webhook', [
          watched.webhookRequests(PERIOD),
          watched.webhookRefused(PERIOD),
          watched.webhookFailed(PERIOD),
          watched.webhookThrottled(PERIOD),
        ]),
        graph('Webhook, 99 of 100 within milliseconds', [watched.webhookLatency(PERIOD)]),
        graph('Executions that ended badly, and throttling', [
          watched.executions('request', 'ExecutionsFailed', PERIOD),
          watched.executions('deployment', 'ExecutionsFailed', PERIOD),
          watched.executions('deployment', 'ExecutionsTimedOut', PERIOD),
          watched.executions('deployment', 'ExecutionsAborted', PERIOD),
          watched.functionsThrottled(PERIOD),
          watched.statesThrottled(PERIOD),
        ]),
      ],
    ],
  });
};

const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: 8, height: 6 });
