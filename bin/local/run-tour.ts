import { join } from 'node:path';
import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import type { Plan } from '../../functions/domain/plan/plan.ts';
import type { GitHub } from '../../infra/local/github/github.ts';
import type { Show } from '../show.ts';
import { isKept, type LossRow, lossTable } from '../view/loss-table.ts';
import type { Paint } from '../view/paint.ts';
import { chapterLines, introLines, surprise, surpriseLines } from '../view/tour-lines.ts';
import type { Follower } from './follow-deployments.ts';
import { type Probe, probeFigures, sinceFirstAnswer } from './probe-figures.ts';
import { BETWEEN_MILLIS, type Prober, prober } from './prober.ts';
import { ROOT } from './synthesise.ts';
import { type Chapter, readTourFile } from './tour-file.ts';
import type { WorkingClone } from './working-clone.ts';

const TOUR = join(ROOT, 'examples/shop/tour.yaml');

export interface TourParts {
  readonly slipway: { readonly github: Pick<GitHub, 'settled'>; readonly url: string };
  readonly clone: Pick<WorkingClone, 'pushRelease'>;
  readonly follower: Pick<Follower, 'settled'>;
  readonly findPlan: (deployment: Deployment) => Promise<Plan | undefined>;
  readonly show: Pick<Show, 'note'>;
  readonly paint: Paint;
  /** Ends the probing when the tour is left. */
  readonly signal: AbortSignal;
  /** Between two requests to the service. */
  readonly everyMillis?: number;
}

/** A release that was pushed, and when, on the prober's clock. */
interface Told {
  readonly chapter: Chapter;
  readonly pushedAt: number;
  readonly deployment: Deployment;
  readonly basis: LossRow['basis'];
}

/**
 * Pushes the example's releases one after the other, each when the one before has ended, while a prober asks the
 * service. Gives whether each came out as the tour says and none lost a request that it should not.
 */
export const runTour = async (parts: TourParts): Promise<boolean> => {
  const { slipway, show, paint, signal, everyMillis = BETWEEN_MILLIS } = parts;
  const chapters = readTourFile(TOUR);
  show.note(['', ...introLines(chapters.length, 1000 / everyMillis)]);
  const users = prober(slipway.url, { signal, everyMillis });
  const told: Told[] = [];
  let unexpected: string | undefined;
  for (const [index, chapter] of chapters.entries()) {
    show.note(chapterLines(chapter, { number: index + 1, of: chapters.length }, paint));
    const { deployment, ...rest } = await tell(parts, chapter, users);
    if (deployment) told.push({ deployment, ...rest });
    unexpected = surprise(chapter, deployment);
    if (unexpected) break;
  }
  const endedAt = users.now();
  const rows = rowsOf(told, await users.stop(), endedAt);
  if (unexpected) show.note(surpriseLines(unexpected, paint));
  if (rows.length > 0) show.note(lossTable(rows, everyMillis, paint));
  return !unexpected && rows.every(isKept);
};

const tell = async ({ slipway, clone, follower, findPlan }: TourParts, chapter: Chapter, users: Prober) => {
  const pushedAt = users.now();
  const commit = await clone.pushRelease(chapter.release);
  await slipway.github.settled();
  const { deployments } = await follower.settled();
  const deployment = deployments.find(({ version }) => version === commit);
  const plan = deployment && (await findPlan(deployment));
  return { chapter, pushedAt, deployment, basis: plan?.forecast.basis ?? 'table' };
};

/** Each request belongs to the release that was pushed last when it was sent. */
const rowsOf = (told: readonly Told[], all: readonly Probe[], endedAt: number): readonly LossRow[] => {
  const probes = sinceFirstAnswer(all);
  const servedAt = probes[0]?.sentAt ?? endedAt;
  return told.map(({ chapter, deployment, basis, pushedAt }, index) => ({
    release: chapter.release,
    mode: deployment.plan?.mode,
    failed: deployment.status !== 'DONE',
    predictedSeconds: deployment.plan?.outageSeconds ?? 0,
    basis,
    figures: probeFigures(probes, Math.max(pushedAt, servedAt), told[index + 1]?.pushedAt ?? endedAt),
  }));
};
