import type { Json } from './data/json.ts';
import type { Run } from './run.ts';

/** An event as it is kept; on the wire its time is in seconds. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly timestampMillis: number;
  readonly type: string;
  /** The one `...EventDetails` object of the type, where it has one. */
  readonly [details: `${string}EventDetails`]: Readonly<Record<string, unknown>>;
}

export type Details = Readonly<Record<`${string}EventDetails`, Readonly<Record<string, unknown>>>>;

/** A Standard execution has at most this many events; the last of them is then its failure. */
export const MOST_EVENTS = 25_000;

/** Thrown when an event would take the place that is kept for the failure. */
export class HistoryFull extends Error {}

/** Adds an event and gives its id. */
export const record = (run: Run, type: string, previousEventId: number, details: Details = {}): number => {
  if (run.execution.events >= MOST_EVENTS - 1) throw new HistoryFull();
  return append(run, type, previousEventId, details);
};

/** As `record`, for the event that closes an execution. */
export const append = (run: Run, type: string, previousEventId: number, details: Details): number => {
  run.execution.events += 1;
  const id = run.execution.events;
  run.history.push({ id, previousEventId, timestampMillis: run.now, type, ...details });
  return id;
};

export const entered = (name: string, input: Json): Details => ({
  stateEnteredEventDetails: { name, input: JSON.stringify(input), inputDetails: { truncated: false } },
});

export const exited = (name: string, output: Json): Details => ({
  stateExitedEventDetails: { name, output: JSON.stringify(output), outputDetails: { truncated: false } },
});

/** Error and cause as events carry them: left out where they are missing. */
export const errorDetails = ({ error, reason }: { error?: string | undefined; reason?: string | undefined }) => ({
  ...(error === undefined ? {} : { error }),
  ...(reason === undefined ? {} : { cause: reason }),
});
