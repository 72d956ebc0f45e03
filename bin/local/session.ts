import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import { findPlan } from '../find-plan.ts';
import type { Output } from '../output.ts';
import type { Show } from '../show.ts';
import { type FirstPushView, firstPushLines } from '../view/first-push-lines.ts';
import { planExplanation } from '../view/plan-explanation.ts';
import { tips, waiting } from '../view/tips.ts';
import { awaitService } from './ask-service.ts';
import type { ExecutionWatch } from './execution-watch.ts';
import { type FirstPush, firstPush } from './first-push.ts';
import { type Ends, type Follower, followDeployments } from './follow-deployments.ts';
import { INTERRUPTED, type Interruption } from './interruption.ts';
import { logPath, shortPath } from './paths.ts';
import { runTour } from './run-tour.ts';
import type { LocalSlipway } from './start-slipway.ts';
import type { StateFolder } from './state-folder.ts';
import { RELEASES, type WorkingClone, workingClone } from './working-clone.ts';

/** The migration that the tips break and mend; it runs only once. */
const REVIEWS = 'db/migrations/20260601000000_create_reviews.sql';

export interface SessionParts {
  readonly slipway: LocalSlipway;
  readonly watch: ExecutionWatch;
  readonly show: Show;
  readonly output: Output;
  readonly folder: StateFolder;
  readonly once: boolean;
  /** Pushes every release of the example instead of the first one. */
  readonly tour: boolean;
  readonly interruption: Interruption;
}

/** How long a resumed service may take until it answers again. */
const RESUME_MILLIS = 20_000;

/** From a started Slipway to its end: the first push, then every deployment that comes. Gives the exit code. */
export const runSession = async (parts: SessionParts): Promise<number> => {
  const { slipway, watch, show, output, interruption, once, tour } = parts;
  // Whoever waits for one deployment has not seen it.
  const interrupted = once ? INTERRUPTED : 0;
  const leaving = new AbortController();
  const explain = async (deployment: Deployment) => {
    const plan = await findPlan(slipway.ports, deployment);
    return plan ? planExplanation(plan) : [];
  };
  const follower = followDeployments(slipway, watch, { show, paint: output.paint, ...(tour && { explain }) });
  try {
    const story = tell(parts, follower, leaving.signal).catch((error: unknown) => {
      // Ctrl-C reaches git, too.
      if (interruption.isAsked()) return interrupted;
      throw error;
    });
    return await Promise.race([story, follower.over.then(() => 1), interruption.asked.then(() => interrupted)]);
  } finally {
    leaving.abort();
    await follower.stop();
  }
};

const tell = async (parts: SessionParts, follower: Follower, leaving: AbortSignal): Promise<number> => {
  const { slipway, show, output, folder, once, tour } = parts;
  const place = join(folder.directory, 'shop');
  const doing = existsSync(place) ? 'Opening the clone of acme/shop in' : 'Cloning acme/shop to';
  show.note([`${doing} ${shortPath(place)}`]);
  const clone = await workingClone(place, slipway.github.gitUrl('acme', 'shop'));
  const went = tour ? await tellAll(parts, clone, follower, leaving) : await tellFirst(parts, clone, follower);
  if (once) return went ? 0 : 1;
  const places = {
    endpoint: slipway.cloud.endpoint,
    region: slipway.cloud.region,
    clone: shortPath(place),
    log: shortPath(logPath(folder.directory)),
    releases: relative(place, RELEASES),
    hasReviews: existsSync(join(place, REVIEWS)),
  };
  show.note(['', ...tips(places, output.paint), '', waiting(places)]);
  return new Promise<number>(() => {});
};

/** Gives whether everything that came of it went well. */
const tellFirst = async (parts: SessionParts, clone: WorkingClone, follower: Follower): Promise<boolean> => {
  const { slipway, show, output } = parts;
  const pushed = await firstPush(clone, await slipway.ports.stacks.list());
  await slipway.github.settled();
  show.note(firstPushLines(await viewOf(parts, pushed), output.paint));
  const ends = await follower.settled();
  return isWell(ends) && (pushed.kind === 'serving' || ends.deployments.length > 0);
};

const tellAll = (
  { slipway, show, output }: SessionParts,
  clone: WorkingClone,
  follower: Follower,
  signal: AbortSignal,
): Promise<boolean> => {
  const { paint } = output;
  const planOf = (deployment: Deployment) => findPlan(slipway.ports, deployment);
  return runTour({ slipway, clone, follower, findPlan: planOf, show, paint, signal });
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
