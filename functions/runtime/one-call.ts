import type { Ports } from '../ports.ts';

type OfOneCall = { readonly [K in keyof Ports]?: (port: Ports[K]) => Ports[K] };

const asItIs = <Port>(port: Port): Port => port;

/**
 * Ports that every call of a function has for itself, so that what they remember ends with it: what was last seen of an
 * item, on which its next write is tried, and the configuration as the call found it first.
 */
export const ofOneCall: OfOneCall = {
  stacks: asItIs,
  deployments: asItIs,
  callbacks: asItIs,
  databases: asItIs,
  targets: asItIs,
  listeners: asItIs,
  events: asItIs,
  configuration: (store) => ({
    ...store,
    findRepository: onceEach(store.findRepository),
    findEnvironment: onceEach(store.findEnvironment),
    findCluster: onceEach(store.findCluster),
  }),
};

/** Asks once for each key. What is not there yet, or could not be read, is asked for again. */
const onceEach = <Found>(find: (key: string) => Promise<Found>): ((key: string) => Promise<Found>) => {
  const found = new Map<string, Promise<Found>>();
  const ask = async (key: string): Promise<Found> => {
    try {
      const answer = await find(key);
      if (answer === undefined) found.delete(key);
      return answer;
    } catch (error) {
      found.delete(key);
      throw error;
    }
  };
  return (key) => {
    const known = found.get(key) ?? ask(key);
    found.set(key, known);
    return known;
  };
};
