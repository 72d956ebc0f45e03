import { setTimeout as sleep } from 'node:timers/promises';
import { type Deployment, isEnded } from '../../functions/domain/deployment/deployment.ts';
import type { Stack } from '../../functions/domain/stack/stack.ts';
import type { Ports } from '../../functions/ports.ts';
import type { GitHub } from '../../infra/local/github/github.ts';
import type { Show } from '../show.ts';
import type { Shown } from '../view/deployment-lines.ts';
import { endLines } from '../view/end-lines.ts';
import type { Paint } from '../view/paint.ts';
import { type Rejection, rejectionLines } from '../view/rejection-lines.ts';
import { askService } from './ask-service.ts';
import type { ExecutionWatch } from './execution-watch.ts';
import { subjectOf } from './subject-of.ts';

/** Between two looks at the records, and two drawings of the times that pass. */
const LOOK_MILLIS = 250;
/** For half a minute: settling is repeated where a busy machine made it fail. A push that comes before would only queue. */
const MOST_LOOKS = 300;
/** Even without news a look every so often: what runs may be changed from outside. */
const QUIET_LOOKS = 8;

/** What of a Slipway is needed to follow it. */
export interface Followed {
  readonly ports: Pick<Ports, 'deployments' | 'stacks'>;
  readonly github: Pick<GitHub, 'deliveries'>;
  /** Where applications answer. */
  readonly url: string;
}

export interface Following {
  readonly show: Show;
  readonly paint: Paint;
  /** What there is to say of a plan that was just made. */
  readonly explain?: (deployment: Deployment) => Promise<readonly string[]>;
}

export interface Follower {
  /** Resolves when no request and no deployment is under way, with all that ended since the beginning. */
  settled(): Promise<Ends>;
  /** Rejects when the records can no longer be read; never resolves before `stop`. */
  readonly over: Promise<void>;
  stop(): Promise<void>;
}

export interface Ends {
  readonly deployments: readonly Deployment[];
  readonly rejections: readonly Rejection[];
}

/** Shows every deployment from its first to its last step, and every push of which none comes. */
export const followDeployments = (
  slipway: Followed,
  watch: ExecutionWatch,
  { show, paint, explain = async () => [] }: Following,
): Follower => {
  const { deployments, stacks } = slipway.ports;
  const stopping = new AbortController();
  const running = new Map<string, Shown>();
  const ends = { deployments: [] as Deployment[], rejections: [] as Rejection[] };
  let waiters: ((ends: Ends) => void)[] = [];

  const note = async (deployment: Deployment) => {
    const known = running.get(deployment.id);
    const subject = known ? known.subject : subjectOf(slipway.github, deployment);
    const explanation = known?.explanation ?? (deployment.plan && (await explain(deployment)));
    running.set(deployment.id, { deployment, subject, explanation });
  };

  const end = async (deployment: Deployment) => {
    await note(deployment);
    const shown = running.get(deployment.id) ?? { deployment };
    running.delete(deployment.id);
    const stack = await letGo(stacks, deployment);
    const answer = stack?.release ? await askService(slipway.url) : undefined;
    show.end(shown, endLines({ deployment, stack, answer }, paint));
    ends.deployments.push(deployment);
  };

  const noteRejections = () => {
    const rejections = watch.takeRejections();
    for (const rejection of rejections) show.note(rejectionLines(rejection, paint));
    ends.rejections.push(...rejections);
  };

  /** What was known to run and is open no more; one that is quick begins and ends between two looks. */
  const endGone = async (open: readonly Deployment[]) => {
    const stillOpen = new Set(open.map(({ id }) => id));
    const known = new Set([...running.keys(), ...watch.takeStarted()]);
    for (const id of known) {
      const record = stillOpen.has(id) ? undefined : await deployments.find(id);
      if (record && isEnded(record.status)) await end(record);
    }
  };

  const look = async () => {
    // Who begins to wait while this look is under way may wait for what came after its beginning: the next one is theirs.
    const asking = waiters;
    const requested = watch.requests.size > 0;
    noteRejections();
    const open = await deployments.listOpen();
    await endGone(open);
    for (const deployment of open) await note(deployment);
    show.update([...running.values()]);
    if (requested || running.size > 0) return;
    waiters = waiters.filter((waiter) => !asking.includes(waiter));
    for (const answer of asking) answer(ends);
  };

  const follow = async () => {
    for (let quiet = 0; !stopping.signal.aborted; quiet++) {
      if (watch.takeNews() || waiters.length > 0 || (running.size > 0 && quiet >= QUIET_LOOKS)) {
        quiet = 0;
        await look();
      } else show.tick();
      await sleep(LOOK_MILLIS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };

  const over = follow();
  return {
    over,
    settled: () =>
      new Promise((resolve) => {
        waiters = [...waiters, resolve];
      }),
    stop: async () => {
      stopping.abort();
      await over.catch(() => undefined);
    },
  };
};

/** The stack is freed or broken just after the deployment has its end: what is said of it waits for that. */
const letGo = async (stacks: Ports['stacks'], { id, stackName }: Deployment) => {
  let stack: Stack | undefined;
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    stack = await stacks.find(stackName);
    if (stack?.current?.deploymentId !== id) break;
    await sleep(100);
  }
  return stack;
};
