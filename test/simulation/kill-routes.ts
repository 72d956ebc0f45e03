import type { Mode } from '../../functions/domain/plan/plan.ts';
import { type Strategy, strategies } from '../../functions/domain/plan/strategy.ts';

/** A way through the deployment machine that is walked once undisturbed, and then once per thing that can go wrong on it. */
export interface KillRoute {
  readonly name: string;
  readonly strategy: Strategy;
  /** What the application asks for, so that EvalJoin takes this way. */
  readonly mode?: Mode;
  /** Neither stack nor database exist yet. */
  readonly first?: true;
  readonly approval?: true;
  /** Somebody updates the stack when the deployment begins: it is waited for, or cancelled. */
  readonly busy?: 'waited for' | 'cancelled';
  readonly fails?: 'migration' | 'update';
  /** No event arrives: the sweeper ends every wait. */
  readonly deaf?: true;
  /** FAILED only where the route itself says that something outside fails. */
  readonly ends: 'DONE' | 'FAILED';
}

const modes: readonly Mode[] = ['DOWNTIME', 'BEFORE', 'PARALLEL', 'AFTER', 'NOP'];
const full = { strategy: 'full', ends: 'DONE' } as const;

export const killRoutes: readonly KillRoute[] = [
  ...modes.map((mode) => ({ ...full, name: mode, mode })),
  { ...full, name: 'first release', first: true },
  ...strategies
    .filter((strategy) => strategy !== 'full')
    .map((strategy) => ({
      name: strategy,
      strategy,
      ends: 'DONE' as const,
      ...(strategy === 'import' && { first: true as const }),
    })),
  { ...full, name: 'NOP, approved', mode: 'NOP', approval: true },
  { ...full, name: 'NOP behind somebody else', mode: 'NOP', busy: 'waited for' },
  { ...full, name: 'NOP in place of somebody else', mode: 'NOP', busy: 'cancelled' },
  { ...full, name: 'DOWNTIME, no event', mode: 'DOWNTIME', deaf: true },
  { ...full, name: 'DOWNTIME, its migration fails', mode: 'DOWNTIME', fails: 'migration', ends: 'FAILED' },
  { ...full, name: 'DOWNTIME, its update fails', mode: 'DOWNTIME', fails: 'update', ends: 'FAILED' },
  { ...full, name: 'PARALLEL, its migration fails', mode: 'PARALLEL', fails: 'migration', ends: 'FAILED' },
];
