import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import { activeSteps } from '../../functions/domain/stack/blocked.ts';
import { terminateDeployment } from '../../functions/operations/terminate-deployment.ts';
import { actorOf, actorOption } from '../actor.ts';
import type { Command } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { connect, connectionOptions } from '../connection.ts';
import { followDeployment } from '../follow-deployment.ts';
import { noStack } from '../no-stack.ts';
import type { OperatorPorts } from '../operator.ts';
import type { Output } from '../output.ts';
import { CALL } from '../view/names.ts';

/** Ends deployments on somebody's word. */
export const terminate: Command = {
  name: 'terminate',
  says: 'ends a deployment, or the one that runs on a stack: queued, waiting or under way',
  operands: ['DEPLOYMENT|STACK'],
  options: {
    queued: { says: 'ends everything that waits in the queue of the stack instead; what runs goes on' },
    wait: { says: 'shows the steps until it has ended, and what was left; ends with 1 unless it is TERMINATED' },
    actor: actorOption,
    ...connectionOptions,
  },
  run: async ({ operands: [name = ''], values, switches }, output) => {
    const { ports } = await connect(values);
    const actor = actorOf(values);
    if (switches.has('queued')) return emptyQueue(ports, name, actor, output);
    const deploymentId = await meant(ports, name);
    const answer = await terminateDeployment(ports, { deploymentId, actor });
    if (answer.kind === 'unknown') throw new Complaint(answer.reason);
    const { deployment } = answer;
    if (answer.kind === 'ended') return ended(deployment, output);
    output.line(ending(deployment));
    if (switches.has('wait')) return waited(ports, deployment, output);
    output.line(`Then it is TERMINATED. How it stands: ${CALL} status ${deployment.stackName}`);
    return 0;
  },
};

/** The deployment of that id, or the one that holds the stack of that name. */
const meant = async ({ deployments, stacks }: OperatorPorts, name: string): Promise<string> => {
  if (await deployments.find(name)) return name;
  const stack = await stacks.find(name);
  if (!stack) throw new Complaint(`There is no deployment ${name}. ${await noStack({ stacks }, name)}`);
  if (stack.current) return stack.current.deploymentId;
  const waiting = stack.queue.length > 0 ? ' What waits in its queue ends with --queued.' : '';
  throw new Complaint(`${name} is ${stack.status}: nothing runs on it. Nothing was changed.${waiting}`);
};

/** The last one first, so that none is started because another one has ended. */
const emptyQueue = async (ports: OperatorPorts, name: string, actor: string, output: Output): Promise<number> => {
  const stack = await ports.stacks.find(name);
  if (!stack) throw new Complaint(await noStack(ports, name));
  if (stack.queue.length === 0) output.line(`Nothing waits in the queue of ${name}.`);
  for (const { deploymentId } of stack.queue.toReversed()) {
    const answer = await terminateDeployment(ports, { deploymentId, actor });
    if (answer.kind === 'unknown') output.aside(answer.reason);
    else output.line(answer.kind === 'ended' ? stands(answer.deployment) : ending(answer.deployment));
  }
  return 0;
};

const ended = (deployment: Deployment, output: Output): number => {
  if (deployment.status !== 'TERMINATED')
    throw new Complaint(`Deployment ${deployment.id} has ended ${deployment.status} before. Nothing was changed.`);
  output.line(stands(deployment));
  return 0;
};

const stands = ({ id, status, reason }: Deployment): string =>
  `${id} is ${status}${reason ? `: ${reason.message.split('\n')[0]}.` : '.'}`;

const ending = (deployment: Deployment): string => {
  const steps = activeSteps(deployment).map(({ name }) => name);
  const at = steps.length > 0 ? `, which is at ${steps.join(', ')}` : '';
  return `${deployment.cancelledBy} asked to end ${deployment.id}${at}: what it has begun is stopped and waited for.`;
};

const waited = async (ports: OperatorPorts, { id, stackName }: Deployment, output: Output): Promise<number> => {
  await followDeployment(ports, { id, stackName }, output);
  const status = (await ports.deployments.find(id))?.status;
  if (status === 'TERMINATED') return 0;
  output.aside(`${id} had come to its own end, ${status}, before it could be ended.`);
  return 1;
};
