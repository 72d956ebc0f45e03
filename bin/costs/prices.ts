/** What one deployment used, of everything that is paid for by use. */
export type Units = Readonly<Record<Unit, number>>;

export type Unit =
  | 'transitions'
  | 'invocations'
  | 'gigabyteSeconds'
  | 'writes'
  | 'reads'
  | 'puts'
  | 'gets'
  | 'busEvents';

interface Price {
  /** As the bill names it. */
  readonly what: string;
  /** Dollars of one, by list; eu-west-1 is within a tenth of it. */
  readonly dollars: number;
  readonly page: string;
}

/** List prices of November 2026 without free tiers: `https://aws.amazon.com/{page}/pricing`. */
export const prices: Readonly<Record<Unit, Price>> = {
  transitions: { what: 'state transitions', dollars: 0.025 / 1000, page: 'step-functions' },
  invocations: { what: 'calls of functions', dollars: 0.2 / 1e6, page: 'lambda' },
  gigabyteSeconds: { what: 'GB-seconds of functions (arm64)', dollars: 0.0000133334, page: 'lambda' },
  writes: { what: 'writes to tables', dollars: 0.625 / 1e6, page: 'dynamodb' },
  reads: { what: 'reads of tables', dollars: 0.125 / 1e6, page: 'dynamodb' },
  puts: { what: 'documents written', dollars: 0.005 / 1000, page: 's3' },
  gets: { what: 'documents read', dollars: 0.0004 / 1000, page: 's3' },
  busEvents: { what: 'events on the bus', dollars: 1 / 1e6, page: 'eventbridge' },
};

export const dollarsOf = (units: Units): number =>
  Object.entries(prices).reduce((sum, [unit, { dollars }]) => sum + units[unit as Unit] * dollars, 0);
