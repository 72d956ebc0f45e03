import { expect, test } from '@jest/globals';
import { nextRun, scheduleFrom } from '../../../infra/local/events/schedule.ts';

const at = (text: string) => Date.parse(text);
const next = (expression: string, after: string, made = after) => {
  const run = nextRun(scheduleFrom(expression), at(made), at(after));
  return run === undefined ? undefined : new Date(run).toISOString();
};

test.each([
  ['rate(1 minute)', '2026-09-01T10:00:30Z', '2026-09-01T10:01:30.000Z'],
  ['rate(5 minutes)', '2026-09-01T10:00:00Z', '2026-09-01T10:05:00.000Z'],
  ['rate(1 day)', '2026-09-01T10:00:00Z', '2026-09-02T10:00:00.000Z'],
  ['cron(0 12 * * ? *)', '2026-09-01T10:00:00Z', '2026-09-01T12:00:00.000Z'],
  ['cron(0 12 * * ? *)', '2026-09-01T12:00:00Z', '2026-09-02T12:00:00.000Z'],
  ['cron(0/15 * * * ? *)', '2026-09-01T10:16:00Z', '2026-09-01T10:30:00.000Z'],
  ['cron(5,35 8-17 ? * MON-FRI *)', '2026-09-04T17:35:00Z', '2026-09-07T08:05:00.000Z'],
  ['cron(0 8 1 * ? *)', '2026-12-02T00:00:00Z', '2027-01-01T08:00:00.000Z'],
  ['cron(0 0 29 2 ? *)', '2026-03-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  ['cron(0 0 ? JAN,JUL 1 2027)', '2026-09-01T00:00:00Z', '2027-01-03T00:00:00.000Z'],
])('%s after %s runs next at %s', (expression, after, expected) => {
  expect(next(expression, after)).toBe(expected);
});

test('a rate counts from when its rule was made, however long nobody looked', () => {
  expect(next('rate(10 minutes)', '2026-09-01T10:34:00Z', '2026-09-01T09:03:00Z')).toBe('2026-09-01T10:43:00.000Z');
});

test('a year that is over never comes again', () => {
  expect(next('cron(0 0 1 1 ? 2020)', '2026-09-01T00:00:00Z')).toBeUndefined();
});

test.each([
  'rate(1 minutes)',
  'rate(5 minute)',
  'rate(0 minutes)',
  'rate(1 second)',
  'cron(0 12 * * *)',
  'cron(0 12 * * * *)',
  'cron(0 12 ? * ? *)',
  'cron(60 12 * * ? *)',
  'cron(0 12 L * ? *)',
  'cron(0 12 ? * MON#2 *)',
  'cron(0/0 12 * * ? *)',
  'every minute',
])('%s is no schedule', (expression) => {
  expect(() => scheduleFrom(expression)).toThrow(`Parameter ScheduleExpression is not valid. (${expression})`);
});
