import { Transient } from '../../functions/domain/failure.ts';

/** One call of a port by a function, as one run made it. */
export interface PortCall {
  /** The function, by its state's word. */
  readonly word: string;
  /** Which run of all functions, from 0. */
  readonly invocation: number;
  readonly port: string;
  readonly method: string;
}

/**
 * `before`: the function is killed before the call has its effect. `after`: killed after it, so that the answer is lost.
 * `throttled`: the call is refused once. `twice`: the function runs a second time, to its end, before this call is made.
 */
export type CallFate = 'before' | 'after' | 'throttled' | 'twice';

export interface CallStrike {
  /** The function, and which of all the calls of its runs, from 0. */
  readonly word: string;
  readonly nth: number;
  readonly fate: CallFate;
}

export interface StruckInvocation {
  readonly word: string;
  readonly number: number;
  /** Its calls may be struck. */
  readonly counted: boolean;
  /** Runs the same function with the same payload, undisturbed. */
  readonly again: () => Promise<unknown>;
  dead: boolean;
}

/** What Step Functions is told of a function whose process is gone. */
export const killed = (): Error =>
  Object.assign(new Error('RequestId: 1 Error: Runtime exited with error: signal: killed'), {
    name: 'Runtime.ExitError',
  });

type Call = (...given: unknown[]) => unknown;

/** Hands out ports whose calls are written down, one of which is struck. */
export const callBook = (strike?: CallStrike) => {
  const calls: PortCall[] = [];
  let struck = 0;
  const fateOf = ({ word, counted }: StruckInvocation) =>
    counted && strike?.word === word && struck++ === strike.nth ? strike.fate : undefined;

  const made = async (invocation: StruckInvocation, port: string, method: string, call: () => unknown) => {
    if (invocation.dead) throw killed();
    const fate = fateOf(invocation);
    if (invocation.counted) calls.push({ word: invocation.word, invocation: invocation.number, port, method });
    if (fate === 'throttled') throw new Transient('Throttled', `${port}.${method}: Rate exceeded`);
    if (fate === 'before') return die(invocation);
    if (fate === 'twice') await invocation.again().catch(() => undefined);
    const answer = await call();
    if (fate === 'after' || invocation.dead) return die(invocation);
    return answer;
  };

  const bound = (port: object, name: string, invocation: StruckInvocation): object =>
    new Proxy(port, {
      get: (target: Record<string, Call>, method: string) => {
        const call = target[method];
        if (typeof call !== 'function' || SYNCHRONOUS.has(method)) return call;
        return (...given: unknown[]) => made(invocation, name, method, () => call(...given));
      },
    });

  const boundPorts = (ports: object, invocation: StruckInvocation): object => {
    const known = new Map<string, unknown>();
    return new Proxy(ports, {
      get: (target: Record<string, unknown>, name: string) => {
        if (!known.has(name)) known.set(name, portOf(target, name, invocation));
        return known.get(name);
      },
    });
  };

  const portOf = (ports: Record<string, unknown>, name: string, invocation: StruckInvocation): unknown => {
    const port = ports[name];
    if (name === 'inCluster')
      return (cluster: unknown) => boundPorts((port as (cluster: unknown) => object)(cluster), invocation);
    return typeof port === 'object' && port !== null && !WITHIN.has(name) ? bound(port, name, invocation) : port;
  };

  return {
    calls: calls as readonly PortCall[],
    /** The ports as one invocation has them. */
    hand: <Ports extends object>(ports: Ports, invocation: StruckInvocation): Ports =>
      boundPorts(ports, invocation) as Ports,
  };
};

const die = (invocation: StruckInvocation): never => {
  invocation.dead = true;
  throw killed();
};

/** They leave the process for nobody. */
const WITHIN = new Set(['clock', 'hash', 'log']);

/** Answers without asking anybody. */
const SYNCHRONOUS = new Set(['url', 'sendsEvents']);

/** Nothing is lost with the answer to a question, so that it is enough to be killed before it. */
export const onlyAsks = ({ method }: PortCall): boolean =>
  /^(find|list|read|head|compare|template|resources|operation|startedBy|leaving|stoppedOf|steady|desiredCounts|rollouts|logTail|exists|priorities|digest|inputOf)/.test(
    method,
  );
