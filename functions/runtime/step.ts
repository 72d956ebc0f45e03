import middy from '@middy/core';
import { type FunctionRow, manifest, variablesOf } from '../manifest.ts';
import type { Ports } from '../ports.ts';
import { requiredVariables } from './environment.ts';
import { explained } from './explained.ts';
import { ofOneCall } from './one-call.ts';
import { lambdaWorld, type World } from './world.ts';

/** Makes one port from a world. */
export type Factories<K extends keyof Ports> = { readonly [P in K]: (world: World) => Ports[P] };

export interface Handler<Input, Answer> {
  (event: Input, context?: unknown): Promise<Answer>;
  /** The same function in another world; tests run it with their own clock and clients. */
  in(world: World): (event: Input, context?: unknown) => Promise<Answer>;
}

/**
 * A Lambda handler from an operation: the ports it needs are made once, on the first call, but for those that remember.
 * The event comes from our own state machines and rules, whose payloads are typed beside them.
 */
export const step = <K extends keyof Ports, Input, Answer>(
  word: string,
  operation: (ports: Pick<Ports, K>, input: Input) => Promise<Answer>,
  factories: Factories<K>,
): Handler<Input, Answer> => {
  const inWorld = (world: World) => {
    let lasting: Pick<Ports, K> | undefined;
    const run = async (event: Input) => {
      if (!lasting) {
        requiredVariables(world.environment, variablesOf(rowOf(word)));
        lasting = portsFrom(factories, world);
      }
      return operation(portsOfCall(lasting, factories, world), event);
    };
    return middy<Input, Answer>().use(explained(word)).handler(run) as unknown as (
      event: Input,
      context?: unknown,
    ) => Promise<Answer>;
  };
  return Object.assign(inWorld(lambdaWorld()), { in: inWorld });
};

const rowOf = (word: string): FunctionRow => {
  const row = manifest.find(({ name }) => name === word);
  if (!row) throw new Error(`functions/manifest.ts has no row ${word}`);
  return row;
};

/** Ports that are made when they are first used: a function pays for what it touches. */
export const portsFrom = <K extends keyof Ports>(factories: Factories<K>, world: World): Pick<Ports, K> =>
  lazily<K>(Object.keys(factories), (name) => factories[name](world));

const portsOfCall = <K extends keyof Ports>(
  lasting: Pick<Ports, K>,
  factories: Factories<K>,
  world: World,
): Pick<Ports, K> =>
  lazily<K>(Object.keys(factories), (name) => ofOneCall[name]?.(factories[name](world)) ?? lasting[name]);

const lazily = <K extends keyof Ports>(names: readonly string[], make: (name: K) => Ports[K]): Pick<Ports, K> => {
  const ports = {};
  for (const name of names) {
    let made: unknown;
    Object.defineProperty(ports, name, {
      enumerable: true,
      get: () => {
        made ??= make(name as K);
        return made;
      },
    });
  }
  return ports as Pick<Ports, K>;
};
