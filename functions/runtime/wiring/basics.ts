import { createHash, randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { type Counter, type Gauge, METRICS } from '../../domain/metrics.ts';
import type { Clock, Log, Ports } from '../../ports.ts';
import type { World } from '../world.ts';

/** What needs nothing but the process itself. */
export const basics = {
  clock: ({ clock }: World): Clock => clock,
  hash: (): Ports['hash'] => (text) => createHash('sha256').update(text).digest('hex'),
  /** 33 random bytes, in letters and digits that need no quoting in a URL. */
  password: (): Ports['password'] => () => randomBytes(33).toString('hex'),
  log: ({ environment }: World): Log => {
    const serviceName = environment['AWS_LAMBDA_FUNCTION_NAME'] ?? 'slipway';
    const logger = new Logger({ serviceName });
    // One dimension with one value, whoever sends it: an alarm looks at one metric, and each metric is paid for once.
    const metrics = new Metrics({ namespace: METRICS.namespace, serviceName: METRICS.service });
    const send = (metric: Counter | Gauge, unit: 'Count' | 'Seconds', value: number) => {
      metrics.singleMetric().addMetric(metric, unit, value);
    };
    return {
      info: (event, fields = {}) => logger.info(event, { ...fields }),
      error: (event, fields = {}) => logger.error(event, { ...fields }),
      count: (metric, value = 1) => {
        if (value > 0) send(metric, 'Count', value);
      },
      measure: (metric, seconds) => send(metric, 'Seconds', seconds),
    };
  },
};
