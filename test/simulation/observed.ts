import { canonical } from '../../functions/domain/canonical.ts';
import { type Deployment, isEnded } from '../../functions/domain/deployment/deployment.ts';
import { aRelease, type MemoryPorts, type MemorySlipway, migrationIds } from '../support/memory-slipway.ts';
import { sha256 } from '../support/sample-configuration.ts';
import { expectLawful } from '../support/stack-history.ts';
import { type Move, watched } from '../support/stack-race.ts';

const NAME = 'prod-shop';

interface Effect {
  readonly kind: 'create' | 'update' | 'rollback' | 'task';
  readonly token: string;
}

/** Watches a simulation at the stores and at the clouds, and says which rule was broken. */
export const observed = () => {
  const violations: string[] = [];
  const moves: Move[] = [];
  const ends: Record<string, string[]> = {};
  const updates: Record<string, number> = {};
  const fresh: Effect[] = [];

  /** S3, S5, S7, at the moment of an effect: the next function has not had its turn yet. */
  const checkEffect = async ({ ports, tasks }: MemorySlipway, { kind, token }: Effect) => {
    if (kind === 'rollback') return;
    const [callback, stack] = await Promise.all([ports.callbacks.find(token), ports.stacks.find(NAME)]);
    if (!callback) return violations.push(`S3: ${kind} under ${token}, which nobody intended`);
    const { deploymentId, fence, step } = callback;
    const holder = `${deploymentId} (fence ${fence})`;
    if (stack?.current?.deploymentId !== deploymentId || stack.current.fence !== fence)
      violations.push(
        `S3: ${step} of ${holder} took effect, while the stack is held by ${JSON.stringify(stack?.current)}`,
      );
    if (kind === 'task' && tasks.running().length > 1) violations.push(`S7: two migrators run, one of ${holder}`);
    if (kind !== 'update') return undefined;
    updates[holder] = (updates[holder] ?? 0) + 1;
    if (updates[holder] > 1) violations.push(`S5: ${holder} updated the stack twice`);
    const deployment = await ports.deployments.find(deploymentId);
    if (deployment?.steps['PGMigrate']?.status !== 'DONE' && deployment?.steps['PGMigrate.main']?.status !== 'DONE')
      violations.push(`S5: ${step} of ${holder} began before its migration was DONE`);
    return undefined;
  };

  /** S8: who held the stack has nothing at work any more. */
  const checkRest = ({ stacks, tasks }: MemorySlipway, { id, status, fence }: Deployment) => {
    if (fence === undefined) return;
    if (tasks.running().length > 0) violations.push(`S8: ${id} ended ${status} while its migration ran`);
    if (stacks.underWay().length > 0) violations.push(`S8: ${id} ended ${status} while its stack was moving`);
  };

  const checkEnd = ({ stacks, tasks }: MemorySlipway, id: string, release: string) => {
    const n = Number(release.slice(1));
    if (stacks.templateUrl(NAME) !== urlOf(n)) violations.push(`S5: ${id} is DONE, but its release does not run`);
    if (migrationIds(n).some((migration) => !tasks.applied.includes(migration)))
      violations.push(`S5: ${id} is DONE, but its migrations are not applied`);
  };

  return {
    violations,
    moves,
    ends,
    updates,
    urlOf: (n: number) => urlOf(n),
    onStack: (kind: Effect['kind'], token: string) => void fresh.push({ kind, token }),
    onTask: (token: string) => void fresh.push({ kind: 'task', token }),
    /** The ports, with the stores' writes noted. */
    watching: (slipway: MemorySlipway): MemoryPorts => {
      const { deployments } = slipway.ports;
      return {
        ...slipway.ports,
        stacks: watched(slipway.ports.stacks, moves),
        deployments: {
          ...deployments,
          apply: async (id, event) => {
            const written = await deployments.apply(id, event);
            if (written.kind !== 'moved' || !isEnded(written.record.status)) return written;
            ends[id] = [...(ends[id] ?? []), written.record.status];
            checkRest(slipway, written.record);
            if (written.record.status === 'DONE') checkEnd(slipway, id, written.record.release);
            return written;
          },
        },
      };
    },
    check: async (slipway: MemorySlipway): Promise<void> => {
      for (const effect of fresh.splice(0)) await checkEffect(slipway, effect);
      const { applied } = slipway.tasks;
      if (new Set(applied).size < applied.length) violations.push(`S7: a migration was applied twice: ${applied}`);
    },
    /** L1: nothing is queued, held or open. */
    isDrained: async ({ ports, machines }: MemorySlipway): Promise<boolean> => {
      if (machines.executions.some(({ status }) => status === 'RUNNING')) return false;
      const [stack, deployments, callbacks] = await Promise.all([
        ports.stacks.find(NAME),
        ports.deployments.listOpen(),
        ports.callbacks.listOpen(),
      ]);
      return !stack?.current && !stack?.queue.length && deployments.length === 0 && callbacks.length === 0;
    },
    /** S1, S2, S4, S6 over the whole history, and that nothing is left behind. */
    finalCheck: async ({ ports, tasks, stacks, machines, pushed }: MemorySlipway): Promise<void> => {
      const records = await ports.deployments.listOfStack(NAME, 100);
      if (violations.length > 0) return;
      expectLawful(moves);
      for (const { id, status, steps, supersededBy } of records) {
        if (ends[id]?.length !== 1) violations.push(`S2: ${id} has ended ${ends[id]?.join(', ') ?? 'never'}`);
        if (status !== 'SUPERSEDED') continue;
        if (Object.keys(steps).length > 0) violations.push(`S2: ${id} is SUPERSEDED, but it has run`);
        if (!supersededBy || supersededBy === id) violations.push(`S2: ${id} is superseded by ${supersededBy}`);
      }
      violations.push(...records.flatMap(misnamedEnd));
      const running = machines.executions.filter(({ status }) => status === 'RUNNING');
      if (running.length > 0 || tasks.running().length > 0 || stacks.underWay().length > 0)
        violations.push(`L1: still at work: ${running.map(({ name }) => name)} ${tasks.running()}`);
      const head = records.find(({ version }) => version === pushed.at(-1));
      if (!head) violations.push(`S2: the push of ${pushed.at(-1)} was lost`);
      const stack = await ports.stacks.find(NAME);
      if (head?.status === 'DONE' && stack?.release !== head.release)
        violations.push(`S4: ${head.release} was deployed last, but the stack stands at ${stack?.release}`);
    },
  };
};

/** S9: who was to be ended is not FAILED, and who is TERMINATED says by whom. */
const misnamedEnd = ({ id, status, steps, fence, cancelledBy, reason }: Deployment): readonly string[] => {
  if (status !== 'TERMINATED')
    return cancelledBy && status === 'FAILED' ? [`S9: ${id} is FAILED, although ${cancelledBy} asked to end it`] : [];
  if (fence === undefined && Object.keys(steps).length > 0) return [`S9: ${id} ended in its queue, but it has run`];
  const says = cancelledBy && reason?.message.startsWith(`${cancelledBy} asked`);
  return says ? [] : [`S9: ${id} was ended by ${cancelledBy}, because ${reason?.message}`];
};

export type Observed = ReturnType<typeof observed>;

const urlOf = (n: number) =>
  `https://s3.eu-central-1.amazonaws.com/documents/templates/${sha256(canonical(aRelease(n).template))}.json`;
