import { setTimeout as sleep } from 'node:timers/promises';

const BETWEEN_REQUESTS_MILLIS = 15;
const PATIENCE_MILLIS = 5_000;

export interface Probed {
  readonly requests: number;
  /** What was answered instead of a 200, each with its time. */
  readonly failures: readonly string[];
}

export interface Prober {
  /** Ends the probing; every request that was sent has its answer. */
  stop(): Promise<Probed>;
}

/** Asks a service over and over, as its users do, two requests at a time. */
export const prober = (url: string): Prober => {
  const failures: string[] = [];
  let requests = 0;
  let stopped = false;
  const probe = async () => {
    while (!stopped) {
      requests += 1;
      const failure = await failureOf(url);
      if (failure) failures.push(`${new Date().toISOString()} ${failure}`);
      await sleep(BETWEEN_REQUESTS_MILLIS);
    }
  };
  const probes = [probe(), probe()];
  return {
    stop: async () => {
      stopped = true;
      await Promise.all(probes);
      return { requests, failures };
    },
  };
};

const failureOf = async (url: string): Promise<string | undefined> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MILLIS) });
    await response.text();
    return response.ok ? undefined : String(response.status);
  } catch (error) {
    return error instanceof Error ? `${error.message} ${error.cause ?? ''}` : String(error);
  }
};
