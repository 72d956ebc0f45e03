// Compiled, never run: the line below each expectation must not compile.
import type { StackEvent } from '../../functions/domain/stack/stack.ts';
import { allowedFrom } from '../../functions/domain/stack/transitions.ts';
import type { Transitions } from '../../functions/domain/transitions.ts';
import type { StackStore } from '../../functions/ports.ts';

type Table = Transitions<'OPEN' | 'CLOSED', 'Opened' | 'Closed'>;

export const complete = {
  NONE: { Opened: 'OPEN' },
  OPEN: { Closed: { well: 'CLOSED', badly: 'OPEN' } },
  CLOSED: {},
} as const satisfies Table;

// @ts-expect-error a status without a row
export const lacking = { NONE: {}, OPEN: {} } as const satisfies Table;

// @ts-expect-error a target that is no status
export const astray = { NONE: { Opened: 'AJAR' }, OPEN: {}, CLOSED: {} } as const satisfies Table;

// @ts-expect-error an event that nobody sends
export const unheard = { NONE: { Slammed: 'CLOSED' }, OPEN: {}, CLOSED: {} } as const satisfies Table;

// @ts-expect-error an event that no stack knows
allowedFrom('Slammed');

declare const stacks: StackStore;

// @ts-expect-error the end of a deployment names the fence it holds
stacks.apply('dev-shop', { type: 'DeploymentCompleted', deploymentId: 'd1', release: 'r1' });

// @ts-expect-error a failure says why, and what it left
export const unexplained: StackEvent = { type: 'DeploymentFailed', deploymentId: 'd1', fence: 1 };
