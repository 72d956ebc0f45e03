import { AwsError } from '../wire/service.ts';
import { type Cron, cronFrom, nextCronTime } from './cron.ts';

export type Schedule =
  | { readonly kind: 'rate'; readonly millis: number }
  | { readonly kind: 'cron'; readonly cron: Cron };

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Reads `rate(5 minutes)` or `cron(0 12 * * ? *)`; throws ValidationException. */
export const scheduleFrom = (expression: string): Schedule => {
  const [, value, unit = '', plural] = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  // EventBridge insists on grammar: one minute, two minutes.
  if (value !== undefined && (value === '1') === (plural === ''))
    return { kind: 'rate', millis: Number(value) * (UNITS[unit] ?? 0) };
  const cron = cronFrom(/^cron\((.+)\)$/.exec(expression)?.[1] ?? '');
  if (cron) return { kind: 'cron', cron };
  throw new AwsError('ValidationException', `Parameter ScheduleExpression is not valid. (${expression})`);
};

/** The next run after a moment; rates count from when the rule was made. */
export const nextRun = (schedule: Schedule, madeAtMillis: number, afterMillis: number): number | undefined => {
  if (schedule.kind === 'cron') return nextCronTime(schedule.cron, afterMillis);
  const passed = Math.max(Math.floor((afterMillis - madeAtMillis) / schedule.millis), 0);
  return madeAtMillis + (passed + 1) * schedule.millis;
};
