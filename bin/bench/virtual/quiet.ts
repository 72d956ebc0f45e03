import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether this machine says what its processes are doing. */
export const canSeeQuiet = (): boolean => existsSync('/proc/self/task') && existsSync('/proc/self/schedstat');

/** Long enough for a message on the loopback to arrive and wake whom it is for. */
const LOOK_MILLIS = 1;

/**
 * Gives a function that resolves when neither this process nor any below it computes: no thread has run since the last
 * look or wants to, and nothing has arrived here. Whoever sleeps by real time counts as quiet. Linux only.
 */
export const quietWatch = (): (() => Promise<void>) => {
  let last: string | undefined;
  return async () => {
    for (;;) {
      await arrivedNothing();
      const before = arrivals();
      const now = runTimes();
      await sleep(LOOK_MILLIS);
      if (arrivals() === before && !isAtWork() && now !== undefined && now === last) return;
      last = now;
    }
  };
};

const arrivedNothing = async () => {
  for (let before = arrivals(); ; before = arrivals()) {
    await sleep(LOOK_MILLIS);
    if (arrivals() === before && !isAtWork()) return;
  }
};

/** How often something came to this process: from sockets and pipes, its own thread pool, signals. */
const arrivals = (): number => performance.nodeTiming.uvMetricsInfo.events;

/** Requests to the thread pool, and what is to run in this very turn. */
const isAtWork = (): boolean =>
  process.getActiveResourcesInfo().some((resource) => /Immediate|FSReq|Job$|GetAddrInfo/.test(resource));

/** How long every thread below has been on a processor; undefined while one is, waits for one, or for a disk. */
const runTimes = (): string | undefined => {
  // The thread pool of our own, without what is no request of Node's, such as that of the tables.
  const asking = `/${process.pid}`;
  if (threadsOf(process.pid).some((thread) => !thread.endsWith(asking) && isBusy(thread))) return undefined;
  const threads = below(process.pid).flatMap(threadsOf);
  return threads.some(isBusy) ? undefined : threads.map((thread) => read(`${thread}/schedstat`)).join();
};

/** One that has just ended counts as busy: its parent hears of it now. */
const isBusy = (thread: string): boolean => {
  const stat = read(`${thread}/stat`);
  return ['R', 'D', undefined].includes(stat[stat.lastIndexOf(')') + 2]);
};

const threadsOf = (pid: number): readonly string[] =>
  listed(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`);

const below = (pid: number): readonly number[] => {
  const children = read(`/proc/${pid}/task/${pid}/children`).trim();
  return children ? children.split(' ').flatMap((child) => [Number(child), ...below(Number(child))]) : [];
};

/** A process may end while it is looked at. */
const listed = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

const read = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
};
