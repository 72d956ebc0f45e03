/** A cron expression of EventBridge: minutes, hours, day of month, month, day of week (1 = Sunday), year; always UTC. */
export interface Cron {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly years: ReadonlySet<number>;
  /** One of the two is `?` and then undefined. */
  readonly days: ReadonlySet<number> | undefined;
  readonly weekdays: ReadonlySet<number> | undefined;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** Reads the six fields; undefined when one of them is wrong or uses L, W or #, which are not known here. */
export const cronFrom = (text: string): Cron | undefined => {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 6) return undefined;
  const [minute = '', hour = '', day = '', month = '', weekday = '', year = ''] = fields;
  if ((day === '?') === (weekday === '?')) return undefined;
  const minutes = numbersIn(minute, 0, 59);
  const hours = numbersIn(hour, 0, 23);
  const months = numbersIn(month, 1, 12, MONTHS);
  const years = numbersIn(year, 1970, 2199);
  const days = day === '?' ? undefined : numbersIn(day, 1, 31);
  const weekdays = weekday === '?' ? undefined : numbersIn(weekday, 1, 7, WEEKDAYS);
  if (!minutes || !hours || !months || !years || !(days ?? weekdays)) return undefined;
  return { minutes, hours, months, years, days, weekdays };
};

const DAY = 86_400_000;
/** Every leap day comes back within eight years. */
const DAYS_AHEAD = 366 * 8;

/** The first time after `afterMillis` that fits; undefined when there is none within eight years. */
export const nextCronTime = (cron: Cron, afterMillis: number): number | undefined => {
  const from = Math.floor(afterMillis / 60_000) * 60_000 + 60_000;
  for (let ahead = 0; ahead <= DAYS_AHEAD; ahead++) {
    const midnight = Math.floor(from / DAY) * DAY + ahead * DAY;
    if (!fitsDay(cron, new Date(midnight))) continue;
    const time = timesOf(cron)
      .map((offset) => midnight + offset)
      .find((at) => at >= from);
    if (time !== undefined) return time;
  }
  return undefined;
};

const fitsDay = ({ years, months, days, weekdays }: Cron, date: Date): boolean =>
  years.has(date.getUTCFullYear()) &&
  months.has(date.getUTCMonth() + 1) &&
  (days ? days.has(date.getUTCDate()) : weekdays?.has(date.getUTCDay() + 1) === true);

const timesOf = ({ hours, minutes }: Cron): readonly number[] =>
  [...hours].flatMap((hour) => [...minutes].map((minute) => (hour * 60 + minute) * 60_000)).sort((a, b) => a - b);

const numbersIn = (
  field: string,
  least: number,
  most: number,
  names: readonly string[] = [],
): ReadonlySet<number> | undefined => {
  const numbers = field.split(',').flatMap((part) => rangeOf(part, least, most, names) ?? Number.NaN);
  return numbers.some((number) => !(number >= least && number <= most)) ? undefined : new Set(numbers);
};

/** A star, a number, `a-b`, and any of them with `/step`. */
const rangeOf = (part: string, least: number, most: number, names: readonly string[]): number[] | undefined => {
  const [, start = '', end, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
  if (start === '' || step === '0') return undefined;
  const from = start === '*' ? least : numberOf(start, least, names);
  const to = end === undefined ? (start === '*' || step ? most : from) : numberOf(end, least, names);
  if (!(from >= least && to <= most && from <= to)) return undefined;
  return Array.from({ length: to - from + 1 }, (_, index) => from + index).filter(
    (number) => (number - from) % Number(step ?? 1) === 0,
  );
};

const numberOf = (text: string, least: number, names: readonly string[]): number => {
  const named = names.indexOf(text.toUpperCase());
  return named >= 0 ? named + least : /^\d+$/.test(text) ? Number(text) : Number.NaN;
};
