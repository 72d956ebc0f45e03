import type { Deployment } from '../functions/domain/deployment/deployment.ts';
import type { Plan } from '../functions/domain/plan/plan.ts';
import { approveDeployment } from '../functions/operations/approve-deployment.ts';
import { actorOf, actorOption } from './actor.ts';
import type { Arguments } from './arguments.ts';
import { Complaint } from './complaint.ts';
import { connect, connectionOptions } from './connection.ts';
import { findPlan } from './find-plan.ts';
import type { OperatorPorts } from './operator.ts';
import type { Output } from './output.ts';
import { answerCalls, planLines } from './view/plan-lines.ts';

export const answerSyntax = {
  operands: ['DEPLOYMENT'],
  options: {
    hash: { value: 'HASH', says: 'hash of the plan that you have read' },
    actor: actorOption,
    json: { says: 'the plan as JSON' },
    ...connectionOptions,
  },
} as const;

/** Shows a plan or, with its hash, answers it: what `approve` and `refuse` share. */
export const answerPlan = async (given: Arguments, output: Output, granted: boolean): Promise<number> => {
  const { operands, values, switches } = given;
  const { ports } = await connect(values);
  const deployment = await found(ports, operands[0] ?? '');
  const hash = values['hash'];
  if (hash === undefined) {
    const plan = await planOf(ports, deployment);
    if (switches.has('json')) output.line(JSON.stringify(plan, undefined, 2));
    else for (const line of [...planLines(plan, output.paint), ...standing(deployment, plan)]) output.line(line);
    return 0;
  }
  const actor = actorOf(values);
  const answer = await approveDeployment(ports, { deploymentId: deployment.id, hash, actor, granted });
  if (answer.kind === 'refused') throw new Complaint(`${answer.reason}. Nothing was changed.`);
  output.line(
    `${actor} ${granted ? 'approved' : 'refused'} the plan of ${deployment.id}; the deployment ${granted ? 'goes on' : 'ends'}.`,
  );
  return 0;
};

const found = async ({ deployments }: OperatorPorts, id: string): Promise<Deployment> => {
  const deployment = await deployments.find(id);
  if (deployment) return deployment;
  const asking = (await deployments.listOpen()).filter(isAsking).map((open) => open.id);
  const known = asking.length > 0 ? `These wait for an approval: ${asking.join(', ')}.` : 'None waits for an approval.';
  throw new Complaint(`There is no deployment ${id}. ${known}`);
};

const isAsking = ({ steps }: Deployment) => steps['AwaitApproval']?.status === 'ACTIVE';

const planOf = async (ports: OperatorPorts, deployment: Deployment): Promise<Plan> => {
  const { id, status } = deployment;
  const plan = await findPlan(ports, deployment);
  if (!plan) throw new Complaint(`Deployment ${id} is ${status} and has no plan${status === 'RUNNING' ? ' yet' : ''}.`);
  return plan;
};

const standing = (deployment: Deployment, plan: Plan): readonly string[] => {
  const { approval, status } = deployment;
  if (approval) return [`${approval.actor} ${approval.granted ? 'approved' : 'refused'} it at ${approval.at}.`];
  return isAsking(deployment) ? answerCalls(plan) : [`The deployment is ${status}; nobody is asked to sign its plan.`];
};
