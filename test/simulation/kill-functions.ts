import { manifest, pascal } from '../../functions/manifest.ts';
import type { Json, JsonObject } from '../../infra/local/sfn/data/json.ts';
import { type CallStrike, callBook, killed, type PortCall, type StruckInvocation } from './struck-ports.ts';

export type Operation = (ports: unknown, payload: unknown) => Promise<unknown>;

/** Operations by the one-word rule: `PGMigrate` is `pgMigrate` of operations/pg-migrate.ts; a file of one export needs no such name. */
export const operationsOf = async (words: readonly string[]): Promise<ReadonlyMap<string, Operation>> =>
  new Map(
    await Promise.all(
      manifest
        .filter(({ name }) => words.includes(pascal(name)))
        .map(async ({ name }) => {
          const module = await import(`../../functions/operations/${name}.ts`);
          const found = module[name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())];
          return [pascal(name), found ?? Object.values(module)[0]] as const;
        }),
    ),
  );

export interface KillFunctions {
  readonly calls: readonly PortCall[];
  /** One run of a function; throws what it threw, and Runtime.ExitError when it was killed. */
  invoke(word: string, payload: Json): Promise<Json>;
  /** As the request machine does: again while it helps. */
  persist(word: string, payload: object): Promise<JsonObject>;
  /** Whatever becomes of it: the sweeper is there. */
  attempt(word: string, payload: object): void;
  /** Every run once more, one after the other. */
  echo(): Promise<void>;
}

interface Around {
  readonly ports: object;
  readonly operations: ReadonlyMap<string, Operation>;
  readonly strike: CallStrike | undefined;
  readonly sleep: (millis: number) => Promise<void>;
  /** Whether the calls of a run may be struck. */
  readonly counts: (payload: JsonObject) => boolean;
}

const TRANSIENT = ['Runtime.ExitError', 'Throttled'];

/** Functions as Lambda runs them, over ports that one strike disturbs. */
export const killFunctions = ({ ports, operations, strike, sleep, counts }: Around): KillFunctions => {
  const book = callBook(strike);
  const invocations: StruckInvocation[] = [];
  const invoke = async (word: string, payload: Json): Promise<Json> => {
    const operation = operations.get(word);
    if (!operation) throw new Error(`This world has no function ${word}`);
    const again = () => operation(ports, payload);
    const counted = counts(payload as JsonObject);
    const invocation: StruckInvocation = { word, number: invocations.length, counted, again, dead: false };
    invocations.push(invocation);
    const answer = await operation(book.hand(ports, invocation), payload);
    // A function that was killed does not answer, even where its code swallowed what killed it.
    if (invocation.dead) throw killed();
    return JSON.parse(JSON.stringify(answer ?? null)) as Json;
  };
  return {
    calls: book.calls,
    invoke,
    attempt: (word, payload) => void invoke(word, payload as Json).catch(() => undefined),
    persist: async (word, payload) => {
      for (let tries = 1; ; tries++) {
        try {
          return (await invoke(word, payload as Json)) as JsonObject;
        } catch (error) {
          if (tries > 5 || !TRANSIENT.includes((error as Error).name)) throw error;
          await sleep(2 ** (tries - 1) * 1000);
        }
      }
    },
    echo: async () => {
      for (const { again } of [...invocations]) await again().catch(() => undefined);
    },
  };
};
