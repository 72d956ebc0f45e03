import { createHash, randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
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
    const metrics = new Metrics({ namespace: 'Slipway', serviceName });
    return {
      info: (event, fields = {}) => logger.info(event, { ...fields }),
      error: (event, fields = {}) => logger.error(event, { ...fields }),
      count: (metric, value = 1) => {
        metrics.singleMetric().addMetric(metric, MetricUnit.Count, value);
      },
    };
  },
};
