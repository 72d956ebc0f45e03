import { expect, test } from '@jest/globals';
import { delaysOf } from '../../../functions/domain/deployment/delays.ts';
import { aCallback, aDeployment } from '../../support/records.ts';

const now = Date.parse('2026-08-01T12:00:00.000Z');
const at = (time: string) => `2026-08-01T${time}:00.000Z`;

test('where nothing waits and nothing runs there is nothing to measure', () => {
  expect(delaysOf([], [], now)).toEqual({});
  expect(delaysOf([aDeployment({ status: 'DONE' })], [], now)).toEqual({});
});

test('the queue is as old as the deployment that has waited longest', () => {
  const waiting = [aDeployment({ createdAt: at('11:30') }), aDeployment({ id: 'd-2', createdAt: at('11:59') })];
  expect(delaysOf(waiting, [], now)).toEqual({ queueSeconds: 1800 });
});

test('a running deployment stands still since its record was last written, however long it has run', () => {
  const running = [
    aDeployment({ status: 'RUNNING', createdAt: at('01:00'), updatedAt: at('11:59') }),
    aDeployment({ id: 'd-2', status: 'WAITING', createdAt: at('11:00'), updatedAt: at('11:50') }),
  ];
  expect(delaysOf(running, [aCallback()], now)).toEqual({ standstillSeconds: 600 });
});

test('a deployment whose plan a person has to sign stands still by right', () => {
  const running = [aDeployment({ status: 'RUNNING', updatedAt: at('01:00') })];
  const asked = aCallback({ status: 'CALLED', waitsFor: { kind: 'approval', planHash: 'h' } });
  expect(delaysOf(running, [asked], now)).toEqual({});
});
