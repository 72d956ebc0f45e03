import { describe, expect, test } from '@jest/globals';
import { type ManualRequest, startRequest } from '../../bin/manual-request.ts';
import type { OperatorPorts } from '../../bin/operator.ts';
import { requestEnd } from '../../bin/request-end.ts';
import type { Execution } from '../../functions/ports.ts';
import { fakeMachines } from '../support/fake-machines.ts';
import { memoryCallbackStore } from '../support/memory-stores.ts';
import { aCallback } from '../support/records.ts';

const request: ManualRequest = { id: 'key', environment: 'dev', repository: 'acme/shop', actor: 'ada' };

/** An operator whose executions end as told, one answer per look. */
const operator = (looks: readonly (Execution | undefined)[] = []) => {
  let now = 0;
  let look = 0;
  const machines = fakeMachines();
  const callbacks = memoryCallbackStore();
  const inputs = (arn: string) => machines.executions.find((execution) => execution.arn === arn)?.input ?? {};
  const ports = {
    callbacks,
    clock: {
      now: () => new Date(now),
      sleep: async (millis: number) => {
        now += millis;
      },
    },
    machines: {
      ...machines.port,
      inputOf: async (arn: string) => inputs(arn),
      find: looks.length > 0 ? async () => looks[Math.min(look++, looks.length - 1)] : machines.port.find,
    },
  } as unknown as OperatorPorts;
  return { ports, callbacks, machines };
};
const output = (target: object) =>
  JSON.stringify({
    answer: { outcome: 'RECEIVED', reason: 'A manual request', targets: [{ environment: 'dev' }] },
    targets: [target],
  });
const told: string[] = [];
const patience = { seconds: 10, forImages: true, tell: (line: string) => void told.push(line) };
const running: Execution = { status: 'RUNNING' };

describe('A request by hand', () => {
  test('is started under its id, once, whoever repeats it', async () => {
    const { ports, machines } = operator();
    const arn = await startRequest(ports, request);
    expect(await startRequest(ports, { ...request, actor: 'bob' })).toBe(arn);
    expect(machines.executions.map(({ name, input }) => [name, input])).toEqual([['key', request]]);
  });

  test('is started again when a fault ended it, and only then', async () => {
    const { ports, machines } = operator();
    await startRequest(ports, request);
    const [first] = machines.executions;
    if (first) first.status = 'FAILED';
    const again = await startRequest(ports, request);
    expect(machines.executions.map(({ name }) => name)).toEqual(['key', 'key-2']);
    const [, second] = machines.executions;
    if (second) second.status = 'SUCCEEDED';
    expect(await startRequest(ports, request)).toBe(again);
  });

  test('cannot have the id of another one, and is told which', async () => {
    const { ports, machines } = operator();
    await startRequest(ports, request);
    await expect(startRequest(ports, { ...request, environment: 'prod' })).rejects.toThrow(
      'The id key belongs to another request: environment dev, repository acme/shop, actor ada. Nothing was started.',
    );
    expect(machines.executions).toHaveLength(1);
  });
});

describe('The end of a request', () => {
  const end = (looks: readonly (Execution | undefined)[], more: Partial<typeof patience> = {}) =>
    requestEnd(operator(looks).ports, { arn: 'arn:x', id: 'key' }, { ...patience, ...more });

  test('is the outcome of its target', async () => {
    const target = { outcome: 'ACCEPTED', reason: 'Queued', deploymentId: 'm-1', stackName: 'dev-shop' };
    expect(await end([running, running, { status: 'SUCCEEDED', output: output(target) }])).toEqual({
      kind: 'answered',
      answer: target,
    });
  });

  test('is why it was not received', async () => {
    const answer = { outcome: 'REJECTED', reason: 'The request cannot be read' };
    expect(await end([{ status: 'SUCCEEDED', output: JSON.stringify({ answer }) }])).toEqual({
      kind: 'answered',
      answer,
    });
  });

  test('by a fault is told as one, with what the function said', async () => {
    const cause = JSON.stringify({ errorType: 'Unavailable', errorMessage: 'PostgreSQL said "no"', trace: [] });
    await expect(end([{ status: 'FAILED', error: 'Unavailable', cause }])).rejects.toThrow(
      'The request ended FAILED by a fault, not by a refusal: Unavailable: PostgreSQL said "no". Its history: arn:x',
    );
    await expect(end([{ status: 'ABORTED' }])).rejects.toThrow('ABORTED by a fault, not by a refusal: no error');
    await expect(end([undefined])).rejects.toThrow('arn:x is gone');
  });

  test('is not waited for longer than said', async () => {
    await expect(end([running])).rejects.toThrow('After 10 s the request still runs');
  });

  test('is not waited for while images are missing, but by who wants to', async () => {
    const { ports, callbacks } = operator([running]);
    const waitsFor = { kind: 'image', images: ['shop:1'], draft: 'd' } as const;
    await callbacks.intend(aCallback({ deploymentId: 'key', step: 'ImageWait', waitsFor }));
    const ids = { arn: 'arn:x', id: 'key' };
    expect(await requestEnd(ports, ids, { ...patience, forImages: false })).toEqual({
      kind: 'waits',
      images: ['shop:1'],
    });
    told.length = 0;
    await expect(requestEnd(ports, ids, patience)).rejects.toThrow('still runs');
    expect(told).toEqual(['Waiting for shop:1']);
  });
});
