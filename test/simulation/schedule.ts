import fc from 'fast-check';

/** A function that was killed: nothing it asks for happens any more. */
export class Killed extends Error {}

/** One run of a function. */
export interface Invocation {
  readonly startedAt: number;
  /** Goes on when nobody else can, and seldom before. */
  readonly slow: boolean;
  dead: boolean;
}

export interface Crash {
  /** Number of the port call, over all functions. */
  readonly at: number;
  /** Before its effect was made, or after it, when only the answer is lost. */
  readonly when: 'before' | 'after';
}

export const crashes = (most: number, calls: number): fc.Arbitrary<readonly Crash[]> =>
  fc.uniqueArray(fc.record({ at: fc.nat(calls), when: fc.constantFrom<Crash['when'][]>('before', 'after') }), {
    maxLength: most,
    selector: ({ at }) => at,
  });

export interface Schedule {
  /** 0 <= n < below, the same for the same seed. */
  random(below: number): number;
  /** Waits until it is this one's turn. */
  turn(slow: boolean): Promise<void>;
  /** How many wait for their turn. */
  waiting(slow: boolean): number;
  /** Lets one of those who wait go on. */
  next(slow: boolean): void;
}

/** Who goes next is decided by a seed alone. */
export const schedule = (seed: number): Schedule => {
  let state = seed >>> 0;
  const parked = { slow: [] as (() => void)[], quick: [] as (() => void)[] };
  const line = (slow: boolean) => (slow ? parked.slow : parked.quick);
  // mulberry32
  const random = (below: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
  return {
    random,
    turn: (slow) => new Promise((resolve) => line(slow).push(resolve)),
    waiting: (slow) => line(slow).length,
    next: (slow) => line(slow).splice(random(line(slow).length), 1)[0]?.(),
  };
};

/** Lets every promise that can go on go on, until all functions wait for their turn or have ended. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Counts port calls and says which of them kill their function. */
export const crashPlan = (planned: readonly Crash[]) => {
  let calls = 0;
  return {
    strike: (): Crash['when'] | undefined => {
      const call = calls++;
      return planned.find(({ at }) => at === call)?.when;
    },
  };
};

type Call = (...given: unknown[]) => unknown;

/** The ports as one invocation has them: each call waits for its turn, and some kill it. */
export const portsOf = <Ports extends { readonly inCluster: unknown }>(
  ports: Ports,
  invocation: Invocation,
  turns: Pick<Schedule, 'turn'>,
  plan: ReturnType<typeof crashPlan>,
): Ports => {
  const die = (): never => {
    invocation.dead = true;
    throw new Killed();
  };
  const assertAlive = () => invocation.dead && die();
  const wrap =
    (call: Call): Call =>
    async (...given) => {
      await turns.turn(invocation.slow);
      assertAlive();
      const crash = plan.strike();
      if (crash === 'before') die();
      const answer = await call(...given);
      if (crash === 'after') die();
      return answer;
    };
  const wrapped = (port: object): object =>
    lazily(port, (name, call) => (SYNCHRONOUS.has(name) ? call : wrap(call as Call)));
  const cluster = (ports as { inCluster: (cluster: unknown) => object }).inCluster(undefined);
  return lazily(ports, (name, port) => {
    if (name === 'inCluster') return () => lazily(cluster, (_, one) => wrapped(one as object));
    return AT_HAND.has(name) ? port : wrapped(port as object);
  });
};

/** The same object with its members made anew when they are first asked for: most functions use few of the many. */
const lazily = <Members extends object>(
  members: Members,
  make: (name: string, member: unknown) => unknown,
): Members => {
  const made = new Map<string | symbol, unknown>();
  return new Proxy(members, {
    get: (_, name) => {
      if (!made.has(name)) made.set(name, make(String(name), Reflect.get(members, name)));
      return made.get(name);
    },
  });
};

/** Not asked by a call of their own. */
const AT_HAND = new Set(['clock', 'hash', 'log']);

/** Answers without asking anybody. */
const SYNCHRONOUS = new Set(['url', 'sendsEvents']);
