import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type Counter, type Gauge, METRICS } from '../../functions/domain/metrics.ts';

/** A metric that Slipway's functions send: a count as its sum, seconds as their maximum unless another statistic is named. */
export const counted = (metricName: Counter, period: Duration): Metric => ownMetric(metricName, period, 'Sum');

export const measured = (metricName: Gauge, period: Duration, statistic = 'Maximum'): Metric =>
  ownMetric(metricName, period, statistic);

const ownMetric = (metricName: string, period: Duration, statistic: string) =>
  new Metric({
    namespace: METRICS.namespace,
    dimensionsMap: { service: METRICS.service },
    metricName,
    period,
    statistic,
  });
