import { environmentSchema } from '../../../functions/domain/environment/environment.ts';
import { type Accepted, acceptDeployment } from '../../../functions/operations/accept-deployment.ts';
import { settleDeployment } from '../../../functions/operations/settle-deployment.ts';
import { seededRandom } from '../virtual/seeded-random.ts';
import { type Counts, memoryClient } from './memory-client.ts';
import { placeOf, type QueuePorts, queuePorts } from './queue-ports.ts';
import { type VirtualTime, virtualTime } from './virtual-time.ts';

export interface QueueStory {
  readonly stacks: number;
  readonly pushes: number;
  /** Between two pushes to a stack: half to one and a half of it. */
  readonly gapMillis: number;
  readonly deploymentMillis: number;
  readonly supersede: boolean;
}

export interface QueueEnd {
  /** For each stack the numbers of the pushes that ran, in the order in which they started. */
  readonly started: readonly (readonly number[])[];
  /** For each stack the milliseconds that those had waited for their turn. */
  readonly waits: readonly (readonly number[])[];
  /** For each stack how its pushes ended, in their order; one that was late for its branch has no record. */
  readonly statuses: readonly (readonly string[])[];
  readonly counts: Counts;
}

/** Half of all calls take up to 5 ms, as DynamoDB's do. */
const CALL_MILLIS = 5;

/** Many stacks that are pushed to at once: Slipway's own operations on its own stores, by virtual time. */
export const runQueues = async (story: QueueStory): Promise<QueueEnd> => {
  const time = virtualTime(Date.parse('2026-01-01T00:00:00Z'));
  const random = seededRandom('queue');
  const { client, counts } = memoryClient(() => time.after(CALL_MILLIS * (0.5 + random())));
  const queues = queuesOf(story, time, client);
  await Promise.all([queues.configure(), time.run()]);
  const pusher = async (_: unknown, stack: number) => {
    for (let n = 0; n < story.pushes; n++) {
      await time.after(story.gapMillis * (0.5 + random()));
      queues.push(stack, n);
    }
  };
  await Promise.all([...Array.from({ length: story.stacks }, pusher), time.run()]);
  await queues.settled();
  const [statuses] = await Promise.all([queues.statuses(), time.run()]);
  return { started: queues.started, waits: queues.waits, statuses, counts };
};

interface Running {
  readonly deploymentId: string;
  readonly stackName: string;
  readonly fence: number;
}

const queuesOf = (
  { stacks, pushes, deploymentMillis, supersede }: QueueStory,
  time: VirtualTime,
  client: ReturnType<typeof memoryClient>['client'],
) => {
  const each = <T>(make: (stack: number) => T) => Array.from({ length: stacks }, (_, stack) => make(stack));
  const [started, waits] = [each((): number[] => []), each((): number[] => [])];
  const pushedAt = each((): number[] => []);
  const accepted = each((): Accepted[] => []);
  const names = new Set<string>();
  const work: Promise<unknown>[] = [];

  const functionPorts = (): QueuePorts =>
    queuePorts({
      client,
      clock: { now: () => new Date(time.now()), sleep: time.after },
      head: (repositoryId) => `${repositoryId}-${(pushedAt[Number(repositoryId)]?.length ?? 0) - 1}`,
      // As Step Functions does: a name starts one execution, whoever asks for it.
      start: async (_machine, name, input) => {
        if (!names.has(name)) work.push(run(name, input as Running));
        names.add(name);
        return { kind: 'started', arn: name };
      },
    });
  // One warm instance of each function: what it remembers of an item is its own.
  const accepting = functionPorts();
  const settling = functionPorts();

  const run = async (executionArn: string, { deploymentId, stackName, fence }: Running) => {
    const [stack, n] = placeOf((await settling.deployments.find(deploymentId))?.version ?? '');
    started[stack]?.push(n);
    waits[stack]?.push(time.now() - (pushedAt[stack]?.[n] ?? 0));
    await settling.deployments.apply(deploymentId, { type: 'StackWaitStarted', executionArn });
    for (const type of ['StackFound', 'PlanStarted'] as const) await settling.deployments.apply(deploymentId, { type });
    await time.after(deploymentMillis);
    await settleDeployment(settling, { deploymentId, stackName, fence, end: 'DONE' });
  };

  const pushed = async (stack: number, n: number) => {
    const commit = `${stack}-${n}`;
    const repository = { id: String(stack), owner: 'acme', name: `app${stack}`, installationId: '1' };
    const request = { kind: 'push', id: commit, repository, ref: 'refs/heads/main', commit, actor: 'ada' } as const;
    const target = { environment: 'prod' };
    const names = { release: commit, application: `app${stack}` };
    const answer = await acceptDeployment(accepting, { request, target, ...names });
    const mine = accepted[stack];
    if (mine) mine[n] = answer;
  };

  return {
    started,
    waits,
    configure: () =>
      accepting.configuration.putEnvironment(
        environmentSchema.parse({ fullName: 'prod', clusterName: 'main', supersede }),
      ),
    push: (stack: number, n: number) => {
      pushedAt[stack]?.push(time.now());
      work.push(pushed(stack, n));
    },
    /** @throws what any of the functions threw. */
    settled: () => Promise.all(work),
    statuses: () =>
      Promise.all(
        each((stack) =>
          Promise.all(
            Array.from({ length: pushes }, async (_, n) => {
              const { outcome = 'LOST', deploymentId = '' } = accepted[stack]?.[n] ?? {};
              return (await settling.deployments.find(deploymentId))?.status ?? outcome;
            }),
          ),
        ),
      ),
  };
};
