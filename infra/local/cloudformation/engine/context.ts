import type { ResourceProvider, World } from '../../part.ts';
import type { Strikes } from '../faults.ts';
import type { Records } from '../open-records.ts';
import type { OperationRecord } from '../records.ts';
import type { RoleQuestion } from '../role-question.ts';

/** What the engine works with. */
export interface Context {
  readonly world: World;
  readonly records: Records;
  providerOf(type: string): ResourceProvider | undefined;
  readSecret(secretId: string, jsonKey?: string): string | undefined;
  readonly faults: Strikes;
  /** Throws unless the stack's service role may do this to a resource of this type. */
  authorizeRole(roleArn: string, question: Omit<RoleQuestion, 'account' | 'region'>): void;
  /** Aborts when the cloud shuts down: nothing is written after that. */
  readonly stopping: AbortSignal;
}

/** One run of one phase of an operation. */
export interface Run extends Context {
  readonly operation: OperationRecord;
  /** Aborts when the operation is cancelled or a sibling failed. */
  readonly signal: AbortSignal;
  abort(): void;
}

/** Ends every wait when the cloud shuts down; what was under way is taken up again at the next start. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** The work's result, or Stopped as soon as the cloud shuts down; a result that comes later concerns nobody. */
export const unlessStopped = <T>(stopping: AbortSignal, work: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const stop = () => reject(new Stopped());
    if (stopping.aborted) stop();
    stopping.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => stopping.removeEventListener('abort', stop));
  });

/** Waits on the world's clock, less when the signal aborts. A latency of zero needs no clock to move. */
export const pause = (
  { world, stopping }: Context,
  operation: string,
  signal: AbortSignal,
  what?: string,
): Promise<void> => {
  const millis = world.latency(operation, what);
  if (millis <= 0 || signal.aborted) return unlessStopped(stopping, Promise.resolve());
  const waited = new Promise<void>((resolve) => {
    const timer = world.clock.after(millis, () => end());
    const end = () => {
      timer.cancel();
      for (const one of [signal, stopping]) one.removeEventListener('abort', end);
      resolve();
    };
    for (const one of [signal, stopping]) one.addEventListener('abort', end, { once: true });
  });
  return unlessStopped(stopping, waited);
};

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
