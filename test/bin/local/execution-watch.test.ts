import { describe, expect, test } from '@jest/globals';
import { watchExecutions } from '../../../bin/local/execution-watch.ts';

const request = 'arn:aws:states:eu-west-1:000000000000:execution:slipway-request:1';
const deployment = 'arn:aws:states:eu-west-1:000000000000:execution:slipway-deployment:d-1-1';
const event = (type: string, details: object = {}) => ({
  id: 1,
  previousEventId: 0,
  timestampMillis: 0,
  type,
  ...details,
});

const ignored = JSON.stringify({ answer: { outcome: 'IGNORED', reason: 'main was deleted' } });

describe('Watching executions', () => {
  test('a request is open from its first event to its last', () => {
    const watch = watchExecutions();
    watch.onHistory(request, event('TaskStateEntered'));
    expect([...watch.requests]).toEqual([request]);
    watch.onHistory(request, event('ExecutionSucceeded', { executionSucceededEventDetails: { output: ignored } }));
    expect([...watch.requests]).toEqual([]);
  });

  test('what became no deployment is handed over once', () => {
    const watch = watchExecutions();
    watch.onHistory(request, event('ExecutionSucceeded', { executionSucceededEventDetails: { output: ignored } }));
    expect(watch.takeRejections()).toEqual([{ commit: '', outcome: 'IGNORED', reason: 'main was deleted' }]);
    expect(watch.takeRejections()).toEqual([]);
  });

  test.each([
    ['ExecutionFailed', { executionFailedEventDetails: { error: 'Fault', cause: 'It broke' } }, '(Fault): It broke'],
    ['ExecutionAborted', {}, '(ExecutionAborted): no cause was given'],
    ['ExecutionTimedOut', {}, '(ExecutionTimedOut): no cause was given'],
  ])('a request that ended by %s is a rejection with its cause', (type, details, why) => {
    const watch = watchExecutions();
    watch.onHistory(request, event('ExecutionStarted'));
    watch.onHistory(request, event(type, details));
    expect(watch.requests.size).toBe(0);
    expect(watch.takeRejections()).toEqual([
      { commit: '', outcome: 'REJECTED', reason: `the request ended with a fault ${why}` },
    ]);
  });

  test('deployments that begin are handed over once, by their ids', () => {
    const watch = watchExecutions();
    const input = JSON.stringify({ deploymentId: 'd-1' });
    watch.onHistory(deployment, event('ExecutionStarted', { executionStartedEventDetails: { input } }));
    watch.onHistory(deployment, event('TaskStateEntered'));
    expect(watch.takeStarted()).toEqual(['d-1']);
    expect(watch.takeStarted()).toEqual([]);
  });

  test('every event is news, and so is the beginning', () => {
    const watch = watchExecutions();
    expect([watch.takeNews(), watch.takeNews()]).toEqual([true, false]);
    watch.onHistory(deployment, event('TaskStateEntered'));
    expect([watch.takeNews(), watch.takeNews()]).toEqual([true, false]);
  });
});
