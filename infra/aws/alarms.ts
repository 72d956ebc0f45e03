import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { counted, measured } from './own-metric.ts';
import type { Watched } from './watched.ts';

interface AlarmRow {
  /** One sentence; the heading of the same name in docs/runbook.md says the rest. */
  readonly means: string;
  readonly metric: IMetric;
  /** Rings from here on; 1 unless said. */
  readonly threshold?: number;
  /** So many of the last so many periods; 1 of 1 unless said. */
  readonly of?: readonly [datapoints: number, periods: number];
  /** Rings when there is less than the threshold, or nothing at all. */
  readonly whenLess?: true;
}

const FIVE_MINUTES = Duration.minutes(5);
const HOUR_SECONDS = 3600;

/** Every alarm by its name. Thirteen alarms of one metric each are $1.30 a month, of which ten are free: docs/runbook.md. */
const alarmRows = (watched: Watched): Readonly<Record<string, AlarmRow>> => ({
  DeploymentsFailed: {
    means: 'A deployment ended FAILED',
    metric: counted('DeploymentsFailed', FIVE_MINUTES),
  },
  DeploymentStandsStill: {
    means: 'A deployment that runs has not moved for an hour, and waits for no person',
    metric: measured('StandstillSeconds', FIVE_MINUTES),
    threshold: HOUR_SECONDS,
  },
  QueueOld: {
    means: 'A deployment has been in a queue for an hour',
    metric: measured('QueueSeconds', FIVE_MINUTES),
    threshold: HOUR_SECONDS,
  },
  // A look may come between the end of an operation and its event, and then repairs what was not broken.
  SweeperRepairs: {
    means: 'The sweeper repairs again and again: events do not arrive, or functions die',
    metric: counted('SweeperRepairs', FIVE_MINUTES),
    of: [2, 3],
  },
  SweeperSilent: {
    means: 'The sweeper, which should run every minute, has not run for ten',
    metric: watched.sweeps(FIVE_MINUTES),
    of: [2, 2],
    whenLess: true,
  },
  PushesLost: {
    means: 'A push was found by its branch: its webhook did not arrive, or was refused',
    metric: counted('ReconciledPushes', FIVE_MINUTES),
  },
  GitHubUnreachable: {
    means: 'GitHub, or an installation of the App, has not answered for half an hour',
    metric: counted('ReconcileErrors', FIVE_MINUTES),
    of: [6, 6],
  },
  RequestsFailed: {
    means: 'A request ended by a fault before it became a deployment',
    metric: watched.executions('request', 'ExecutionsFailed', FIVE_MINUTES),
  },
  WebhookFailed: {
    means: 'The webhook answered GitHub with 5xx',
    metric: watched.webhookFailed(FIVE_MINUTES),
  },
  WebhookThrottled: {
    means: 'The webhook got more requests than its stage lets through',
    metric: watched.webhookThrottled(FIVE_MINUTES),
  },
  FunctionsThrottled: {
    means: 'Lambda refused calls: the concurrency of the account is used up',
    metric: watched.functionsThrottled(FIVE_MINUTES),
  },
  StatesThrottled: {
    means: 'Step Functions slowed transitions down: the quota of the account is used up',
    metric: watched.statesThrottled(FIVE_MINUTES),
  },
  DeadLetters: {
    means: 'An event, or the e-mail of an alarm, could not be delivered',
    metric: watched.deadLetters(FIVE_MINUTES),
  },
});

/** Alarms that tell the topic when they ring and when they are silent again. */
export const alarmsIn = (scope: Construct, watched: Watched, topic: ITopic): readonly Alarm[] =>
  Object.entries(alarmRows(watched)).map(([name, row]) => {
    const [datapoints, periods] = row.of ?? [1, 1];
    const alarm = new Alarm(scope, `${name}Alarm`, {
      alarmName: `slipway-${name}`,
      alarmDescription: `${row.means}. What to do: docs/runbook.md#${name.toLowerCase()}`,
      metric: row.metric,
      threshold: row.threshold ?? 1,
      datapointsToAlarm: datapoints,
      evaluationPeriods: periods,
      comparisonOperator: row.whenLess
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: row.whenLess ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
    return alarm;
  });
