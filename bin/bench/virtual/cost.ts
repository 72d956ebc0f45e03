import { manifest } from '../../../functions/manifest.ts';
import type { Recording } from './recording.ts';

/** List prices in dollars, eu-west-1 being within a tenth of them: aws.amazon.com/{step-functions,lambda,dynamodb,eventbridge,s3}/pricing. */
const PRICE = {
  transition: 0.025 / 1000,
  invocation: 0.2 / 1e6,
  gigabyteSecond: 0.0000133334,
  write: 0.625 / 1e6,
  read: 0.125 / 1e6,
  put: 0.005 / 1000,
  get: 0.0004 / 1000,
  busEvent: 1 / 1e6,
};

/**
 * Dollars of one deployment with its request: transitions, functions for as long as they waited, tables, documents and
 * events. Sweeps and logs belong to no deployment; computing takes no time here and so costs nothing.
 */
export const costOf = (recording: Recording): number =>
  transitions(recording) * PRICE.transition +
  functions(recording) +
  records(recording) +
  recording.waits.filter(({ operation }) => operation === 'events.delivery').length * PRICE.busEvent;

/** Of all executions, the request's among them. */
const transitions = ({ histories }: Recording): number =>
  [...histories.values()].flat().filter(({ type }) => type.endsWith('StateEntered')).length;

const functions = ({ invocations }: Recording): number =>
  invocations
    .filter(({ word }) => word !== 'sweep')
    .map(({ word, fromMillis, toMillis }) => {
      const gigabytes = (manifest.find(({ name }) => name === word)?.memoryMegabytes ?? 0) / 1024;
      return PRICE.invocation + ((toMillis - fromMillis) / 1000) * gigabytes * PRICE.gigabyteSecond;
    })
    .reduce((sum, dollars) => sum + dollars, 0);

const records = ({ calls }: Recording): number =>
  calls
    .filter(({ word }) => word !== undefined && word !== 'sweep')
    .map(({ service, operation }) => {
      if (service === 'dynamodb') return /^(Put|Update|Delete)/.test(operation) ? PRICE.write : PRICE.read;
      if (service === 's3') return operation === 'PUT' ? PRICE.put : PRICE.get;
      return 0;
    })
    .reduce((sum, dollars) => sum + dollars, 0);
