import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Output } from '../output.ts';
import type { Show } from '../show.ts';
import { type FirstPushView, firstPushLines } from '../view/first-push-lines.ts';
import { tips, waiting } from '../view/tips.ts';
import { awaitService } from './ask-service.ts';
import type { ExecutionWatch } from './execution-watch.ts';
import { type FirstPush, firstPush } from './first-push.ts';
import { type Ends, type Follower, followDeployments } from './follow-deployments.ts';
import { INTERRUPTED, type Interruption } from './interruption.ts';
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
  const { slipway, watch, show, output, interruption, once } = parts;
  // Whoever waits for one deployment has not seen it.
  const interrupted = once ? INTERRUPTED : 0;
  const follower = followDeployments(slipway, watch, { show, paint: output.paint });
  try {
    const story = tell(parts, follower).catch((error: unknown) => {
      // Ctrl-C reaches git, too.
      if (interruption.isAsked()) return interrupted;
      throw error;
    });
    return await Promise.race([story, follower.over.then(() => 1), interruption.asked.then(() => interrupted)]);
  } finally {
    await follower.stop();
  }
};

const tell = async (parts: SessionParts, follower: Follower): Promise<number> => {
  const { slipway, show, output, folder, once } = parts;
  const place = join(folder.directory, 'shop');
  const doing = existsSync(place) ? 'Opening the clone of acme/shop in' : 'Cloning acme/shop to';
  show.note([`${doing} ${shortPath(place)}`]);
  const clone = await workingClone(place, slipway.github.gitUrl('acme', 'shop'));
  const pushed = await firstPush(clone, await slipway.ports.stacks.list());
  await slipway.github.settled();
  show.note(firstPushLines(await viewOf(parts, pushed), output.paint));
  const ends = await follower.settled();
  if (once) return isWell(ends) && (pushed.kind === 'serving' || ends.deployments.length > 0) ? 0 : 1;
  const places = {
    endpoint: slipway.cloud.endpoint,
    region: slipway.cloud.region,
    clone: shortPath(place),
    log: shortPath(logPath(folder.directory)),
    releases: relative(place, RELEASES),
  };
  show.note(['', ...tips(places, output.paint), '', waiting(places)]);
  return new Promise<number>(() => {});
};

const isWell = ({ rejections, deployments }: Ends): boolean =>
  rejections.every(({ outcome }) => outcome !== 'REJECTED') &&
  deployments.every(({ status }) => status === 'DONE' || status === 'SUPERSEDED');

const viewOf = async ({ slipway, watch }: SessionParts, pushed: FirstPush): Promise<FirstPushView> => {
  const { deployments } = slipway.ports;
  if (pushed.kind === 'pushed') return { kind: 'pushed', undelivered: undelivered(slipway) };
  const open = await deployments.listOpen();
  const underWay = watch.requests.size > 0 || open.length > 0;
  if (pushed.kind === 'serving') return { ...pushed, underWay, answer: await awaitService(slipway.url, RESUME_MILLIS) };
  const [stack] = await slipway.ports.stacks.list();
  const [last] = stack ? await deployments.listOfStack(stack.name, 1) : [];
  return { ...pushed, underWay, last };
};

/** GitHub's own word when its newest delivery reached nobody. */
const undelivered = ({ github }: LocalSlipway): string | undefined => {
  const result = github.deliveries()[0]?.result;
  if (!result || (result.statusCode >= 200 && result.statusCode < 300)) return undefined;
  return `${result.status} ${result.responsePayload}`.trim();
};
