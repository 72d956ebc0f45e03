import { expect, test } from '@jest/globals';
import { StepFailure } from '../../functions/domain/failure.ts';
import { manifest, variablesOf } from '../../functions/manifest.ts';
import type { Clock, Ports } from '../../functions/ports.ts';
import { portsFrom, step } from '../../functions/runtime/step.ts';
import { lambdaWorld, type World } from '../../functions/runtime/world.ts';
import { memoryStackStore } from '../support/memory-stores.ts';

const clock: Clock = { now: () => new Date(0), sleep: async () => undefined };
const WORD = 'build-release';

const rowVariables = (word: string) => manifest.filter(({ name }) => name === word).flatMap((row) => variablesOf(row));
const world = (word: string, without: readonly string[] = []): World => ({
  environment: Object.fromEntries(
    rowVariables(word)
      .filter((key) => !without.includes(key))
      .map((key) => [key, key.toLowerCase()]),
  ),
  clock,
  aws: {},
});

test('a port is made when it is first used, once for all calls of an instance', async () => {
  const made: string[] = [];
  const factories = {
    clock: ({ clock: given }: World) => {
      made.push('clock');
      return given;
    },
    hash: (): Ports['hash'] => {
      made.push('hash');
      return (text) => text;
    },
  };
  const tell = async (ports: Pick<Ports, 'clock' | 'hash'>, input: { at: boolean }) =>
    input.at ? ports.clock.now().getTime() : 'nothing';
  const handler = step(WORD, tell, factories).in(world(WORD));
  expect(await handler({ at: false })).toBe('nothing');
  expect(made).toEqual([]);
  expect(await handler({ at: true })).toBe(0);
  expect(await handler({ at: true })).toBe(0);
  expect(made).toEqual(['clock']);
});

test('two worlds share no port', async () => {
  let made = 0;
  const factories = { hash: (): Ports['hash'] => () => String(++made) };
  const handler = step(WORD, async (ports: Pick<Ports, 'hash'>) => ports.hash('') === '' || ports.hash, factories);
  const [one, two] = [handler.in(world(WORD)), handler.in(world(WORD))];
  expect(await one({})).not.toBe(await two({}));
});

test('a function that was told too little names all that is missing, before it does anything', async () => {
  let ran = false;
  const operation = async () => {
    ran = true;
  };
  const missing = ['ENVIRONMENTS_TABLE', 'DOCUMENTS_BUCKET'];
  const handler = step(WORD, operation, {}).in(world(WORD, missing));
  await expect(handler({})).rejects.toThrow(
    'These environment variables are missing: ENVIRONMENTS_TABLE, DOCUMENTS_BUCKET',
  );
  expect(ran).toBe(false);
});

test('a word without a row in the manifest is said', async () => {
  const handler = step('nowhere', async () => undefined, {}).in(world(WORD));
  await expect(handler({})).rejects.toThrow('functions/manifest.ts has no row nowhere');
});

test('an operation answers as it is, and is told its input as it is', async () => {
  const input = { deploymentId: 'd-1', nested: { a: [1] } };
  const handler = step(WORD, async (_ports, given: object) => ({ given }), {}).in(world(WORD));
  expect(await handler(input, { awsRequestId: 'x' })).toEqual({ given: input });
});

test('errors reach the state machine under the names that it retries; failures of a step keep theirs', async () => {
  const failing = (error: Error) =>
    step(
      WORD,
      async () => {
        throw error;
      },
      {},
    ).in(world(WORD))({});
  await expect(
    failing(Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' })),
  ).rejects.toMatchObject({ name: 'Throttled', message: `${WORD}: Rate exceeded` });
  const failure = new StepFailure({ code: 'OutsidePlan', message: 'surprise' });
  await expect(failing(failure)).rejects.toBe(failure);
});

test('a port that cannot be made is tried again by the next call', async () => {
  let tries = 0;
  const factories = {
    hash: (): Ports['hash'] => {
      tries += 1;
      if (tries === 1) throw Object.assign(new Error('busy'), { name: 'ServiceUnavailable' });
      return (text) => text.toUpperCase();
    },
  };
  const handler = step(WORD, async (ports: Pick<Ports, 'hash'>) => ports.hash('a'), factories).in(world(WORD));
  await expect(handler({})).rejects.toMatchObject({ name: 'Unavailable' });
  expect(await handler({})).toBe('A');
});

test('ports that remember are made for each call, the others once', async () => {
  const made: string[] = [];
  const factories = {
    hash: (): Ports['hash'] => {
      made.push('hash');
      return (text) => text;
    },
    stacks: (): Ports['stacks'] => {
      made.push('stacks');
      return memoryStackStore();
    },
  };
  const handler = step(
    WORD,
    async (ports: Pick<Ports, 'hash' | 'stacks'>) => [ports.hash('a'), await ports.stacks.list(), ports.stacks.list],
    factories,
  ).in(world(WORD));
  await handler({});
  await handler({});
  expect(made).toEqual(['hash', 'stacks', 'stacks']);
});

test('the names of the ports are known without making one', () => {
  const ports = portsFrom(
    {
      clock: () => {
        throw new Error('made');
      },
    },
    world(WORD),
  );
  expect(Object.keys(ports)).toEqual(['clock']);
});

test('Lambda gives the process its own time', async () => {
  const { clock: real, environment, aws } = lambdaWorld();
  const before = Date.now();
  await real.sleep(1);
  expect(real.now().getTime()).toBeGreaterThanOrEqual(before);
  expect(environment).toBe(process.env);
  expect(aws).toEqual({});
});
