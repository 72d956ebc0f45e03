import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Output } from '../output.ts';
import type { Show } from '../show.ts';
import { shortCommit } from '../view/names.ts';
import { tips, waiting } from '../view/tips.ts';
import { awaitService } from './ask-service.ts';
import type { ExecutionWatch } from './execution-watch.ts';
import { type FirstPush, firstPush } from './first-push.ts';
import { type Follower, followDeployments } from './follow-deployments.ts';
import type { Interruption } from './interruption.ts';
import { logPath, shortPath } from './paths.ts';
import type { LocalSlipway } from './start-slipway.ts';
import type { StateFolder } from './state-folder.ts';
import { RELEASES, workingClone } from './working-clone.ts';

export interface SessionParts {
  readonly slipway: LocalSlipway;
  readonly watch: ExecutionWatch;
  readonly show: Show;
  readonly output: Output;
  readonly folder: StateFolder;
  readonly once: boolean;
  readonly interruption: Interruption;
}

/** How long a resumed service may take until it answers again. */
const RESUME_MILLIS = 20_000;

/** From a started Slipway to its end: the first push, then every deployment that comes. Gives the exit code. */
export const runSession = async (parts: SessionParts): Promise<number> => {
  const { slipway, watch, show, output, interruption } = parts;
  const follower = followDeployments(slipway, watch, { show, paint: output.paint });
  try {
    const story = tell(parts, follower).catch((error: unknown) => {
      // Ctrl-C reaches git, too.
      if (interruption.isAsked()) return 0;
      throw error;
    });
    return await Promise.race([story, follower.over.then(() => 1), interruption.asked.then(() => 0)]);
  } finally {
    await follower.stop();
  }
};

const tell = async (parts: SessionParts, follower: Follower): Promise<number> => {
  const { slipway, show, output, folder, once } = parts;
  const place = join(folder.directory, 'shop');
  show.note([
    `${existsSync(place) ? 'Opening the clone of acme/shop in' : 'Cloning acme/shop to'} ${shortPath(place)}`,
  ]);
  const clone = await workingClone(place, slipway.github.gitUrl('acme', 'shop'));
  const pushed = await firstPush(clone, await slipway.ports.stacks.list());
  await slipway.github.settled();
  show.note(await aboutPush(parts, pushed));
  const ends = await follower.settled();
  const failed =
    ends.rejections.some(({ outcome }) => outcome === 'REJECTED') ||
    ends.deployments.some(({ status }) => status !== 'DONE');
  const isDone = pushed.kind === 'serving' || ends.deployments.some(({ status }) => status === 'DONE');
  if (once) return isDone && !failed ? 0 : 1;
  const places = {
    endpoint: slipway.cloud.endpoint,
    clone: shortPath(place),
    log: shortPath(logPath(folder.directory)),
    releases: relative(place, RELEASES),
  };
  show.note(['', ...tips(places, output.paint), '', waiting(places)]);
  return new Promise<number>(() => {});
};

/** What happened to the first push, or why there was none. */
const aboutPush = async ({ slipway, output }: SessionParts, pushed: FirstPush): Promise<readonly string[]> => {
  switch (pushed.kind) {
    case 'pushed':
      return undelivered(slipway);
    case 'pushed before':
      return [`${shortCommit(pushed.commit)} was pushed before, and no release is DONE yet: nothing is pushed now.`];
    case 'serving': {
      const { said } = await awaitService(slipway.url, RESUME_MILLIS);
      const names = pushed.stacks.map(({ name }) => name).join(', ');
      return [
        `Resumed: ${names} runs its last release again, so nothing is pushed.`,
        `  ${output.paint('link', slipway.url)} answers ${said}`,
      ];
    }
  }
};

/** GitHub's own word when its newest delivery reached nobody. */
const undelivered = ({ github }: LocalSlipway): readonly string[] => {
  const result = github.deliveries()[0]?.result;
  if (!result || result.statusCode < 300) return [];
  return [`GitHub could not deliver the push: ${result.status}. ${result.responsePayload}`];
};
