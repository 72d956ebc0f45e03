import { randomUUID } from 'node:crypto';
import type { Store } from '../store.ts';

/** Who may write: the newest part on a store. One that was dropped without being stopped must not disturb its successor. */
export interface Holder {
  holds(): boolean;
  release(): void;
}

/** Thrown where a task or service of an earlier life would have gone on. */
export class LifeOver extends Error {
  override readonly name = 'LifeOver';
}

export const takeOver = (store: Store): Holder => {
  const table = store.table<string>('ecs.holder');
  const own = randomUUID();
  let released = false;
  table.put('holder', own);
  return {
    holds: () => !released && table.get('holder') === own,
    release: () => {
      released = true;
    },
  };
};
