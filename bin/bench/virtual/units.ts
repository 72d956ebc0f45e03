import { manifest } from '../../../functions/manifest.ts';
import type { Units } from '../../costs/prices.ts';
import type { Recording } from './recording.ts';

/**
 * What one deployment and its request used: transitions, functions for as long as they waited, tables, documents and
 * events. Sweeps and logs belong to no deployment; computing takes no time here and so costs nothing.
 */
export const unitsOf = ({ histories, invocations, calls, waits }: Recording): Units => {
  const called = invocations.filter(({ word }) => word !== 'sweep');
  const made = calls.filter(({ word }) => word !== undefined && word !== 'sweep');
  const count = (service: string, fits: (operation: string) => boolean) =>
    made.filter((call) => call.service === service && fits(call.operation)).length;
  return {
    transitions: [...histories.values()].flat().filter(({ type }) => type.endsWith('StateEntered')).length,
    invocations: called.length,
    gigabyteSeconds: called.reduce((sum, one) => sum + gigabytesOf(one.word) * secondsOf(one), 0),
    writes: count('dynamodb', isWrite),
    reads: count('dynamodb', (operation) => !isWrite(operation)),
    puts: count('s3', (operation) => operation === 'PUT'),
    gets: count('s3', (operation) => operation !== 'PUT'),
    busEvents: waits.filter(({ operation }) => operation === 'events.delivery').length,
  };
};

const gigabytesOf = (word: string | undefined): number =>
  (manifest.find(({ name }) => name === word)?.memoryMegabytes ?? 0) / 1024;

const secondsOf = ({ fromMillis, toMillis }: Recording['invocations'][number]): number =>
  (toMillis - fromMillis) / 1000;

const isWrite = (operation: string): boolean => /^(Put|Update|Delete)/.test(operation);
