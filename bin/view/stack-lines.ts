import { type Deployment, isEnded } from '../../functions/domain/deployment/deployment.ts';
import { activeSteps, blocked, isAsking } from '../../functions/domain/stack/blocked.ts';
import type { Stack } from '../../functions/domain/stack/stack.ts';
import { blockerWords, stepWords } from './blocker-words.ts';
import { elapsed } from './duration.ts';
import { CALL, shortCommit } from './names.ts';
import type { Paint } from './paint.ts';
import { reasonLines } from './reason-lines.ts';

export interface StackView {
  readonly stack: Stack;
  readonly current: Deployment | undefined;
  /** Records of what the queue holds. */
  readonly queued: readonly Deployment[];
  /** Requests that have no deployment yet, because their images are missing. */
  readonly waits: readonly ImageWait[];
  /** Newest first. */
  readonly last: readonly Deployment[];
}

export interface ImageWait {
  readonly requestId: string;
  readonly stackName: string;
  readonly images: readonly string[];
  readonly since: string;
}

/** A stack as `slipway status` shows it: what holds it, what waits, why it is broken, what was deployed last. */
export const stackLines = (view: StackView, now: number, paint: Paint): readonly string[] => {
  const { stack, current, last } = view;
  const style = stack.status === 'BROKEN' ? 'bad' : 'good';
  return [
    `${paint('strong', stack.name)}  ${paint(style, stack.status)}`,
    ...(current ? currentLines(current, now, paint) : []),
    ...queueLines(view, now),
    ...view.waits.map((wait) => `  ${waitLine(wait, now)}`),
    ...brokenLines(stack, paint),
    ...last.map((deployment) => `  ${lastLine(deployment, now)}`),
  ];
};

const currentLines = (deployment: Deployment, now: number, paint: Paint): readonly string[] => {
  const { id, status, createdAt, plan, actor } = deployment;
  const active = activeSteps(deployment);
  const at = active.length > 0 ? ` at ${stepWords(active, now)}` : '';
  const mode = plan ? `, ${plan.mode}` : '';
  return [
    `  now: ${id} (${shortCommit(deployment.version)}) by ${actor}, ${elapsed(createdAt, undefined, now)}: ${status}${mode}${at}`,
    ...(deployment.cancelledBy ? [`  ${paint('warn', `${deployment.cancelledBy} asked to end it`)}`] : []),
    ...(isAsking(deployment) ? [`  ${paint('warn', 'A person has to sign its plan:')} ${CALL} approve ${id}`] : []),
  ];
};

const queueLines = (view: Omit<StackView, 'waits'>, now: number): readonly string[] =>
  view.stack.queue.map(({ deploymentId }) => `  ${queueLine(view, deploymentId, now)}`);

/** The place of a deployment in the queue, how old it is, who asked, and what it waits for. */
export const queueLine = (
  { stack, current, queued }: Omit<StackView, 'waits' | 'last'>,
  id: string,
  now: number,
): string => {
  const place = stack.queue.findIndex(({ deploymentId }) => deploymentId === id);
  const record = queued.find((deployment) => deployment.id === id);
  const who = record ? ` (${shortCommit(record.version)}) by ${record.actor}` : '';
  const by = blocked(stack, current).find(({ deploymentId }) => deploymentId === id)?.by ?? { kind: 'dispatch' };
  const age = elapsed(stack.queue[place]?.acceptedAt, undefined, now);
  return `queued ${place + 1}: ${id}${who}, ${age}: ${blockerWords(by, now)}`;
};

/** A request that waits for images before anything is queued for it. */
export const waitLine = ({ requestId, images, since }: ImageWait, now: number): string =>
  `not queued yet: request ${requestId}, ${elapsed(since, undefined, now)}: waits for ${images.join(', ')}`;

const brokenLines = ({ name, status, broken }: Stack, paint: Paint): readonly string[] => {
  if (!broken) return [];
  if (status !== 'BROKEN') return [`  ${paint('warn', `was broken by ${broken.deploymentId}; a fix is on its way`)}`];
  const resume = `${CALL} resume ${name}`;
  const next = broken.operatorNeeded
    ? `Then: ${resume}`
    : `Push a fix, which runs by itself where the environment fixes forward; or: ${resume}`;
  return [`  broken by ${broken.deploymentId}`, ...reasonLines(broken.reason, broken.left, paint), `  ${next}`];
};

const lastLine = (deployment: Deployment, now: number): string => {
  const { id, status, version, createdAt, updatedAt, plan, actor } = deployment;
  const time = elapsed(createdAt, isEnded(status) ? updatedAt : undefined, now) ?? '';
  const mode = plan?.mode ?? deployment.strategy;
  return `${createdAt.slice(0, 19)}Z  ${status.padEnd(10)}  ${shortCommit(version)}  ${mode.padEnd(8)}  ${time.padStart(10)}  ${id}  by ${actor}`;
};
