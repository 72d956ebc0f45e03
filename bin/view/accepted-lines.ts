import { type Deployment, isEnded } from '../../functions/domain/deployment/deployment.ts';
import { CALL, shortCommit } from './names.ts';
import type { Paint } from './paint.ts';
import { queueLine, type StackView } from './stack-lines.ts';

/** What became of a request for a deployment: it runs, it is queued behind something, or it ran before. */
export const acceptedLines = (
  deployment: Deployment,
  view: Omit<StackView, 'waits' | 'last'>,
  now: number,
  paint: Paint,
): readonly string[] => {
  const { id, status, version, stackName, reason } = deployment;
  const { stack } = view;
  const name = `${paint('strong', id)} (${shortCommit(version)})`;
  const follow = `To see where it stands: ${CALL} status ${stackName}`;
  if (isEnded(status)) return [`${name} ended ${status}${reason ? `: ${reason.message}` : '.'}`];
  if (stack.queue.some(({ deploymentId }) => deploymentId === id))
    return [`${name} is accepted for ${stackName}.`, `  ${queueLine(view, id, now)}`, follow];
  return [`${name} ${stack.current?.deploymentId === id ? 'runs on' : 'is accepted for'} ${stackName}.`, follow];
};
