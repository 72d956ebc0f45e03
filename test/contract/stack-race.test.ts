import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dynamoDeploymentStore } from '../../functions/adapters/aws/deployment-store.ts';
import { dynamoStackStore } from '../../functions/adapters/aws/stack-store.ts';
import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import { type DynaliteTables, startDynalite } from '../support/dynalite-tables.ts';
import { memoryDeploymentStore, memoryStackStore } from '../support/memory-stores.ts';
import { expectEnded, expectLawful, expectStrictOrder } from '../support/stack-history.ts';
import { type Action, drain, type Move, perform, type Stores, watched } from '../support/stack-race.ts';

let dynalite: DynaliteTables;
beforeAll(async () => {
  dynalite = await startDynalite();
});
afterAll(() => dynalite.close());

const clock = { now: () => new Date(0) };
const ids = ['d0', 'd1', 'd2', 'd3', 'd4', 'd5', 'd6', 'd7'] as const;
const branch = fc.constantFrom('main', 'main', 'hotfix', 'pinned', 'must-run');
const calm = fc.constant(false);

const acceptance = (id: string, flag: fc.Arbitrary<boolean>): fc.Arbitrary<Action> =>
  fc.record({ do: fc.constant('accept' as const), id: fc.constant(id), branch, fixForward: flag, supersede: flag });

const otherwise: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ do: 'dispatch' } as const) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      end: fc.constantFrom('done', 'unchanged', 'changed', 'changed', 'terminated'),
      operatorNeeded: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle-stale' as const), lag: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), id: fc.constantFrom(...ids) }) },
  { weight: 2, arbitrary: fc.constant({ do: 'resume' } as const) },
);

/** Scripts of some clients that run beside each other; every deployment is asked for by two of them. */
const scripts = (flag: fc.Arbitrary<boolean>, clients: number, most: number) =>
  fc
    .tuple(fc.tuple(...ids.map((id) => acceptance(id, flag))), fc.array(otherwise, { maxLength: most }))
    .chain(([acceptances, others]) => {
      const actions: Action[] = [...acceptances, ...acceptances, ...others];
      return fc
        .shuffledSubarray(actions, { minLength: actions.length })
        .map((shuffled) =>
          Array.from({ length: clients }, (_, client) =>
            shuffled.filter((_action, place) => place % clients === client),
          ),
        );
    });

interface Faults {
  /** Turns at a store, counted from 0, whose answer gets lost after the write was made. */
  readonly lost: ReadonlySet<number>;
  /** Lets the others go first. */
  readonly yielding: <T>(run: () => Promise<T>) => Promise<T>;
}

class Lost extends Error {}

/** Every call waits for its turn, and some answers never arrive. */
const faulty = <Store extends object>(store: Store, { lost, yielding }: Faults, turn: { count: number }): Store => {
  const wrap =
    (call: (...given: unknown[]) => Promise<unknown>) =>
    async (...given: unknown[]) => {
      const answer = await yielding(() => call(...given));
      if (lost.has(turn.count++)) throw new Lost();
      return answer;
    };
  return Object.fromEntries(Object.entries(store).map(([name, call]) => [name, wrap(call)])) as Store;
};

const persistently = async (run: () => Promise<void>): Promise<void> => {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
    }
  }
};

const race = async (
  stores: Stores,
  clients: readonly (readonly Action[])[],
  faults: Faults,
): Promise<readonly Move[]> => {
  const moves: Move[] = [];
  const seen = { ...stores, stacks: watched(stores.stacks, moves) };
  const turn = { count: 0 };
  const weak = { stacks: faulty(seen.stacks, faults, turn), deployments: faulty(seen.deployments, faults, turn) };
  await Promise.all(
    clients.map(async (actions) => {
      for (const action of actions) await persistently(() => perform(weak, action));
    }),
  );
  await drain(seen);
  expectLawful(moves);
  const records = await Promise.all(ids.map((id) => stores.deployments.find(id)));
  expectEnded(
    records.filter((record): record is Deployment => record !== undefined),
    moves,
  );
  return moves;
};

const losses = fc.uniqueArray(fc.nat(150), { maxLength: 40 }).map((turns) => new Set(turns));
const memory = (): Stores => ({ stacks: memoryStackStore(), deployments: memoryDeploymentStore(clock) });

test('in any interleaving, with any answer lost, one deployment runs at a time and all come to one end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), scripts(fc.boolean(), 4, 24), losses, async (scheduler, clients, lost) => {
      const yielding = async <T>(run: () => Promise<T>) => {
        await scheduler.schedule(Promise.resolve());
        return run();
      };
      await scheduler.waitFor(race(memory(), clients, { lost, yielding }));
    }),
    { numRuns: 200 },
  );
});

test('without superseding and fix forward, deployments start exactly in the order in which they were accepted', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), scripts(calm, 4, 16), losses, async (scheduler, clients, lost) => {
      const withoutResume = clients.map((actions) =>
        actions.filter((action) => action.do !== 'resume' && isNoBreak(action)),
      );
      const yielding = async <T>(run: () => Promise<T>) => {
        await scheduler.schedule(Promise.resolve());
        return run();
      };
      expectStrictOrder(await scheduler.waitFor(race(memory(), withoutResume, { lost, yielding })));
    }),
    { numRuns: 100 },
  );
});

/** A stack that breaks is resumed by draining, which prefers the newest of a branch. */
const isNoBreak = (action: Action) => !(action.do === 'settle' && action.end === 'changed');

test('F9: through DynamoDB the same holds, whichever of its reads and writes come first', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), scripts(fc.boolean(), 3, 8), losses, async (scheduler, clients, lost) => {
      const client = interleaved(dynalite.client, () => scheduler.schedule(Promise.resolve()));
      const stores = {
        stacks: dynamoStackStore(client, await dynalite.create('STACKS_TABLE')),
        deployments: dynamoDeploymentStore(client, await dynalite.create('DEPLOYMENTS_TABLE'), clock),
      };
      await scheduler.waitFor(race(stores, clients, { lost, yielding: (run) => run() }));
    }),
    { numRuns: 6 },
  );
});

/** The order in which requests leave is the scheduler's. */
const interleaved = (client: DynamoDBClient, turn: () => Promise<void>): DynamoDBClient =>
  new Proxy(client, {
    get: (target, property) =>
      property === 'send'
        ? async (command: Parameters<DynamoDBClient['send']>[0]) => {
            await turn();
            return target.send(command);
          }
        : Reflect.get(target, property),
  });

test('a lock whose answer is lost is not lost itself', async () => {
  const stores = memory();
  const lost = new Set(Array.from({ length: 200 }, (_, turn) => turn).filter((turn) => turn % 2 === 0));
  const clients = ids.map((id): Action[] => [
    { do: 'accept', id, branch: id, fixForward: false, supersede: false },
    { do: 'dispatch' },
    { do: 'settle', end: 'done', operatorNeeded: false },
  ]);
  const moves = await race(stores, clients, { lost, yielding: (run) => run() });
  expect(moves.filter(({ event }) => event.type === 'DeploymentCompleted')).toHaveLength(ids.length);
});
