import { expect, test } from '@jest/globals';
import middy from '@middy/core';
import { StepFailure, Transient } from '../../functions/domain/failure.ts';
import { explained } from '../../functions/runtime/explained.ts';
import { transient } from '../../statemachines/retries.ts';

const thrownBy = async (error: unknown): Promise<Error> => {
  const handler = middy()
    .use(explained('cf-plan'))
    .handler(async () => {
      throw error;
    });
  return (await handler({}, {} as never).catch((caught: unknown) => caught)) as Error;
};
const named = (name: string, more: object = {}) => Object.assign(new Error('words'), { name, ...more });

test.each([
  'ThrottlingException',
  'Throttling',
  'ThrottledException',
  'RequestThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'BandwidthLimitExceeded',
  'ProvisionedThroughputExceededException',
  'SlowDown',
])('%s is Throttled, with the function that met it', async (name) => {
  const error = named(name);
  expect(await thrownBy(error)).toMatchObject({ name: 'Throttled', message: 'cf-plan: words', cause: error });
});

test.each([
  'TimeoutError',
  'RequestTimeout',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'ServerUnavailableException',
  'InternalFailure',
  'InternalServerError',
  'InternalServiceError',
  'InternalError',
  'ServerException',
  'ServiceException',
])('%s is Unavailable', async (name) => {
  expect((await thrownBy(named(name))).name).toBe('Unavailable');
});

test.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'ETIMEDOUT', 'EAI_AGAIN', 'UND_ERR_SOCKET'])(
  'a network that says %s is Unavailable, also below the error of a fetch',
  async (code) => {
    expect((await thrownBy(named('Error', { code }))).name).toBe('Unavailable');
    expect((await thrownBy(new TypeError('fetch failed', { cause: named('Error', { code }) }))).name).toBe(
      'Unavailable',
    );
  },
);

test.each([
  [429, 'Throttled'],
  [500, 'Unavailable'],
  [503, 'Unavailable'],
])('what AWS answers with %s is %s, whatever it is called', async (httpStatusCode, name) => {
  expect((await thrownBy(named('Odd', { $metadata: { httpStatusCode } }))).name).toBe(name);
});

test.each([
  'ResourceNotFoundException',
  'ServiceNotFoundException',
  'ValidationError',
  'AccessDeniedException',
  'ConflictException',
  'LimitExceededException',
  'TypeError',
])('%s stays what it is: trying again would not help', async (name) => {
  const error = named(name, { $metadata: { httpStatusCode: 400 } });
  expect(await thrownBy(error)).toBe(error);
});

test('a failure in our own words is left alone, even where its code sounds like a fault', async () => {
  const failure = new StepFailure({ code: 'LockTimeout', message: 'no lock' });
  expect(await thrownBy(failure)).toBe(failure);
  const busy = new Transient('Throttled', 'later');
  expect(await thrownBy(busy)).toBe(busy);
});

test('the two names are those that the state machines retry', () => {
  expect(transient.ErrorEquals).toEqual(expect.arrayContaining(['Throttled', 'Unavailable']));
});
