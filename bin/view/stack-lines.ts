import { type Deployment, isEnded } from '../../functions/domain/deployment/deployment.ts';
import { stepsInOrder } from '../../functions/domain/deployment/steps.ts';
import type { Stack } from '../../functions/domain/stack/stack.ts';
import { elapsed } from './duration.ts';
import { CALL, shortCommit } from './names.ts';
import type { Paint } from './paint.ts';
import { reasonLines } from './reason-lines.ts';

export interface StackView {
  readonly stack: Stack;
  readonly current: Deployment | undefined;
  /** Newest first. */
  readonly last: readonly Deployment[];
}

/** A stack as `slipway status` shows it: what holds it, what waits, why it is broken, what was deployed last. */
export const stackLines = (view: StackView, now: number, paint: Paint): readonly string[] => {
  const { stack, current, last } = view;
  const style = stack.status === 'BROKEN' ? 'bad' : 'good';
  return [
    `${paint('strong', stack.name)}  ${paint(style, stack.status)}`,
    ...(current ? currentLines(current, now, paint) : []),
    ...queueLines(view),
    ...brokenLines(stack, paint),
    ...last.map((deployment) => `  ${lastLine(deployment, now)}`),
  ];
};

const currentLines = (deployment: Deployment, now: number, paint: Paint): readonly string[] => {
  const { id, status, createdAt, steps, plan } = deployment;
  const active = stepsInOrder(steps).filter((step) => step.status === 'ACTIVE');
  const at = active.length > 0 ? ` at ${active.map(({ name }) => name).join(', ')}` : '';
  const mode = plan ? `, ${plan.mode}` : '';
  const asks = active.some(({ name }) => name === 'AwaitApproval');
  return [
    `  now: ${id} (${shortCommit(deployment.version)}) ${status}${at}${mode}, ${elapsed(createdAt, undefined, now)}`,
    ...(asks ? [`  ${paint('warn', 'A person has to sign its plan:')} ${CALL} approve ${id}`] : []),
  ];
};

const queueLines = ({ stack }: StackView): readonly string[] =>
  stack.queue.map(
    ({ deploymentId, acceptedAt }, index) => `  queued ${index + 1}: ${deploymentId} since ${acceptedAt}`,
  );

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
