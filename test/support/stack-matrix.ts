import type { Stack, StackEvent, StackStatus } from '../../functions/domain/stack/stack.ts';
import { stackStatuses, stackTransitions } from '../../functions/domain/stack/transitions.ts';
import type { Transitions } from '../../functions/domain/transitions.ts';
import { anEntry, aStack, reason, triggered } from './records.ts';

export interface StackCell {
  readonly name: string;
  readonly from: StackStatus | 'NONE';
  readonly event: StackEvent;
  readonly stack: Stack | undefined;
  /** What the table says; undefined where it refuses. */
  readonly to: StackStatus | undefined;
}

const table: Transitions<StackStatus, StackEvent['type'] | 'Settled'> = stackTransitions;

/** Every status x event x case, each with data that no guard but the status can refuse. */
export const stackCells = (): readonly StackCell[] =>
  (['NONE', ...stackStatuses] as const).flatMap((from) =>
    eventTypes.flatMap((type) => {
      const target = table[from][type];
      const cases = typeof target === 'object' ? Object.entries(target) : [['', target] as const];
      return cases.map(([choice, to]) => {
        const { event, ...given } = situations[type](choice);
        const broken = from === 'BROKEN' ? { broken: brokenBefore } : {};
        const stack = from === 'NONE' ? undefined : aStack({ ...broken, ...given, status: from, fence: 3 });
        return { name: `${from} x ${type}${choice && ` (${choice})`}`, from, event, stack, to };
      });
    }),
  );

const brokenBefore = { deploymentId: 'd0', reason, left: ['scaled down'], operatorNeeded: false };
const current = { deploymentId: 'd1', fence: 3 };
const holder = { deploymentId: 'd1', fence: 3 };

type Situation = Partial<Stack> & { readonly event: StackEvent };

const ended =
  (type: 'DeploymentFailed' | 'DeploymentTerminated') =>
  (choice: string): Situation => ({
    current,
    ...(choice === 'notFixed' && { broken: brokenBefore }),
    event: {
      type,
      ...holder,
      reason,
      left: choice === 'changed' ? { kind: 'changed', what: ['half'], operatorNeeded: true } : { kind: 'unchanged' },
    },
  });

const situations: { readonly [Type in StackEvent['type']]: (choice: string) => Situation } = {
  Triggered: (choice) => ({ event: triggered(anEntry('d9'), { fixForward: choice === 'fixesForward' }) }),
  Claimed: () => ({ queue: [anEntry('d1'), anEntry('d2')], event: { type: 'Claimed', deploymentId: 'd1' } }),
  DeploymentCompleted: () => ({ current, event: { type: 'DeploymentCompleted', ...holder, release: 'r1' } }),
  DeploymentFailed: ended('DeploymentFailed'),
  DeploymentTerminated: ended('DeploymentTerminated'),
  Withdrawn: (choice) => ({
    queue: choice === 'nothingRemains' ? [anEntry('d1')] : [anEntry('d1'), anEntry('d2')],
    ...(choice === 'fixWithdrawn' && { broken: brokenBefore }),
    event: { type: 'Withdrawn', deploymentId: 'd1' },
  }),
  CountsRead: () => ({ current, event: { type: 'CountsRead', ...holder, counts: { web: 2 } } }),
  Resumed: () => ({ event: { type: 'Resumed', actor: 'alice' } }),
  SupersedingRecorded: () => ({
    superseded: [{ deploymentId: 'd5', by: 'd6' }],
    event: { type: 'SupersedingRecorded', deploymentIds: ['d5'] },
  }),
};

const eventTypes = Object.keys(situations) as StackEvent['type'][];
