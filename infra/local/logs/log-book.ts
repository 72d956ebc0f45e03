import type { World } from '../part.ts';

export interface LogGroup {
  readonly name: string;
  readonly createdAt: number;
  readonly retentionInDays?: number;
  /** The seed of the template resource that made it. */
  readonly seed?: string;
}

export interface LogStream {
  readonly name: string;
  readonly createdAt: number;
  /** Numbers of the oldest kept event and of the next one; numbers are never used again. */
  readonly first: number;
  readonly next: number;
  readonly firstTimestamp?: number;
  readonly lastTimestamp?: number;
  readonly lastIngestion?: number;
}

export interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

export interface StoredEvent extends LogEvent {
  readonly number: number;
  readonly ingestedAt: number;
}

export type LogBook = ReturnType<typeof logBook>;

/** A stream keeps at least this many of its last events; older ones go batch by batch. */
export const KEPT_EVENTS = 10_000;

/** Longest batch in one row, so that what goes with the oldest one is little. */
const BATCH = 1000;

/** Groups, streams and events in the store. The events of a stream stand in a table of their own, a row per batch. */
export const logBook = (world: World) => {
  const groups = world.store.table<LogGroup>('logs.groups');
  // A group name holds no colon, so it ends where the stream name begins.
  const streams = world.store.table<LogStream>('logs.streams');
  const batches = (group: string, stream: string) =>
    world.store.table<{ ingestedAt: number; events: LogEvent[] }>(`logs.events:${group}:${stream}`);
  const streamKey = (group: string, stream: string) => `${group}:${stream}`;
  const listStreams = (group: string, prefix = '') => streams.list(streamKey(group, prefix)).map(({ value }) => value);

  const deleteStream = (group: string, stream: string) => {
    const rows = batches(group, stream);
    for (const { key } of rows.list()) rows.delete(key);
    streams.delete(streamKey(group, stream));
  };

  /** Drops whole batches from the front while enough remains without them; gives the number of the oldest kept event. */
  const trimmed = (rows: ReturnType<typeof batches>, first: number, next: number): number => {
    let oldest = first;
    for (;;) {
      const size = rows.get(rowKey(oldest))?.events.length ?? 0;
      if (size === 0 || next - oldest - size < KEPT_EVENTS) return oldest;
      rows.delete(rowKey(oldest));
      oldest += size;
    }
  };

  return {
    findGroup: (name: string) => groups.get(name),
    listGroups: (prefix = '') => groups.list(prefix).map(({ value }) => value),
    createGroup: (name: string, seed?: string) =>
      groups.put(name, { name, createdAt: world.clock.now(), ...(seed && { seed }) }),
    setRetention: (group: LogGroup, days: number | undefined) => {
      const { retentionInDays: _, ...rest } = group;
      groups.put(group.name, days === undefined ? rest : { ...rest, retentionInDays: days });
    },
    deleteGroup: (name: string) => {
      for (const stream of listStreams(name)) deleteStream(name, stream.name);
      groups.delete(name);
    },
    findStream: (group: string, stream: string) => streams.get(streamKey(group, stream)),
    listStreams,
    createStream: (group: string, stream: string) =>
      streams.put(streamKey(group, stream), { name: stream, createdAt: world.clock.now(), first: 0, next: 0 }),
    deleteStream,
    append: (group: string, name: string, events: readonly LogEvent[]) => {
      const stream = streams.get(streamKey(group, name));
      const last = events.at(-1);
      if (!stream || !last) return;
      const rows = batches(group, name);
      const ingestedAt = world.clock.now();
      for (let at = 0; at < events.length; at += BATCH)
        rows.put(rowKey(stream.next + at), { ingestedAt, events: events.slice(at, at + BATCH) });
      const next = stream.next + events.length;
      const firstTimestamp = stream.firstTimestamp ?? events[0]?.timestamp ?? last.timestamp;
      streams.put(streamKey(group, name), {
        ...stream,
        first: trimmed(rows, stream.first, next),
        next,
        firstTimestamp,
        lastTimestamp: last.timestamp,
        lastIngestion: ingestedAt,
      });
    },
    events: (group: string, stream: string): StoredEvent[] =>
      batches(group, stream)
        .list()
        .flatMap(({ key, value }) =>
          value.events.map((event, index) => ({ ...event, ingestedAt: value.ingestedAt, number: Number(key) + index })),
        ),
  };
};

/** Numbers as text in their own order. */
const rowKey = (number: number): string => String(number).padStart(15, '0');
