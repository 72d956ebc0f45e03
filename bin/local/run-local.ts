import { closeSync, openSync, writeSync } from 'node:fs';
import { isNativeError } from 'node:util/types';
import { leapingClock } from '../../infra/local/clock.ts';
import { Complaint } from '../complaint.ts';
import { messageOf } from '../message-of.ts';
import type { Output } from '../output.ts';
import { showOn } from '../show.ts';
import { shortCommit, shortRef } from '../view/names.ts';
import { removeEndpoint, writeEndpoint } from './endpoint-file.ts';
import { type ExecutionWatch, watchExecutions } from './execution-watch.ts';
import { awaitInterruption, INTERRUPTED, type Interruption } from './interruption.ts';
import { logPath, shortPath } from './paths.ts';
import { runSession } from './session.ts';
import { type LocalSlipway, startSlipway } from './start-slipway.ts';
import { openStateFolder, type StateFolder } from './state-folder.ts';

export interface RunOptions {
  readonly directory: string;
  /** Ends after the first deployment, or after the tour. */
  readonly once: boolean;
  readonly tour: boolean;
  readonly fresh: boolean;
}

/**
 * Starts Slipway on the embedded cloud, pushes the example's first release (or, on the tour, all), and shows every deployment until it is
 * interrupted. Gives the exit code.
 * @throws Complaint when it cannot start
 */
export const runLocal = async (options: RunOptions, output: Output): Promise<number> => {
  const { once, tour } = options;
  const interruption = awaitInterruption();
  const folder = await opened(options);
  const log = logFile(folder.directory);
  const show = showOn(output);
  const watch = watchExecutions();
  try {
    const slipway = await started(folder, { watch, output, log: log.line, interruption, note: show.note });
    if (!slipway) return once ? INTERRUPTED : 0;
    writeEndpoint(folder.directory, endpointOf(slipway));
    try {
      return await runSession({ slipway, watch, show, output, folder, once, tour, interruption });
    } finally {
      output.line(interruption.isAsked() ? 'Stopping (Ctrl-C again ends it at once).' : 'Stopping.');
      removeEndpoint(folder.directory);
      await slipway.stop();
      output.line(
        `Nothing is left running. npm start goes on from here; its state is in ${shortPath(folder.directory)}.`,
      );
    }
  } finally {
    log.close();
    folder.release();
  }
};

/** The tour tells a history from its beginning: it never goes on in the middle of another. */
const opened = async ({ directory, fresh, tour }: RunOptions): Promise<StateFolder> => {
  const folder = await openStateFolder(directory, fresh);
  if (!tour || !folder.isResumed) return folder;
  folder.release();
  throw new Complaint(
    `The tour begins with the first push, and ${shortPath(folder.directory)} keeps an earlier run. npm start -- --tour --fresh forgets that run and begins anew; npm start goes on with it. Nothing was changed.`,
  );
};

interface Starting {
  readonly watch: ExecutionWatch;
  readonly output: Output;
  readonly log: (line: string) => void;
  readonly note: (lines: readonly string[]) => void;
  readonly interruption: Interruption;
}

/** Undefined when it was interrupted on the way. */
const started = async (
  { directory, isResumed }: StateFolder,
  { watch, output, log, note, interruption }: Starting,
): Promise<LocalSlipway | undefined> => {
  try {
    return await startSlipway({
      directory,
      clock: leapingClock(),
      log,
      say: output.line,
      onHistory: watch.onHistory,
      onPush: (repository, ref, commit) => note([`Push of ${shortCommit(commit)} to ${repository} ${shortRef(ref)}`]),
    });
  } catch (error) {
    if (interruption.isAsked()) return undefined;
    log(isNativeError(error) ? `${error.stack}` : String(error));
    const [what = ''] = messageOf(error).split('\n');
    const fresh = isResumed ? ', or forget the old state with npm start -- --fresh' : '';
    throw new Complaint(
      `Slipway did not start: ${what} (More in ${logPath(directory)}.) Nothing is left running; try again${fresh}.`,
      { cause: error },
    );
  }
};

const endpointOf = ({ cloud, github, url, outputs }: LocalSlipway) => ({
  pid: process.pid,
  endpoint: cloud.endpoint,
  region: cloud.region,
  gitHubApiUrl: github.apiUrl,
  url,
  outputs,
});

/** Begins anew with every start. */
const logFile = (directory: string) => {
  const file = openSync(logPath(directory), 'w');
  return {
    line: (line: string) => {
      writeSync(file, `${new Date().toISOString()} ${line}\n`);
    },
    close: () => closeSync(file),
  };
};
