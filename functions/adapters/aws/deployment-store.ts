import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Deployment, isEnded } from '../../domain/deployment/deployment.ts';
import { noted, requested, stepPut } from '../../domain/deployment/record.ts';
import { type DeploymentTransition, transition } from '../../domain/deployment/transition.ts';
import { StepFailure } from '../../domain/failure.ts';
import type { Clock, DeploymentStore, Written } from '../../ports.ts';
import { tables } from '../../tables.ts';
import { dynamoTable } from './dynamo-table.ts';
import { deploymentCondition } from './transition-condition.ts';

/** Deployments in DynamoDB, one item each, their steps inside. */
export const dynamoDeploymentStore = (
  client: DynamoDBClient,
  tableName: string,
  clock: Pick<Clock, 'now'>,
): DeploymentStore => {
  const table = dynamoTable<Deployment>({
    client,
    name: tableName,
    shape: tables.DEPLOYMENTS_TABLE,
    indexed: ({ id, status, createdAt }) => ({
      _open: isEnded(status) ? undefined : 'open',
      _order: `${createdAt}#${id}`,
    }),
  });
  const now = () => clock.now().toISOString();
  return {
    find: (id) => table.find({ id }),
    create: (deployment) =>
      table.move({ id: deployment.id }, (before) => written(requested(before, deployment), before), { isNew: true }),
    apply: (id, event) =>
      table.move({ id }, (before) => written(transition(before, event, now()), before), {
        condition: deploymentCondition(event),
      }),
    putStep: async (id, fence, step) => {
      const put = await table.move({ id }, (before) => written(stepPut(before, fence, step, now()), before));
      if (put.kind === 'refused') throw new StepFailure({ code: put.code ?? 'StaleFence', message: put.reason });
      return put.record;
    },
    note: (id, facts) => table.move({ id }, (before) => written(noted(before, facts, now()), before)),
    listOpen: () => table.query({ index: 'open', partition: { _open: 'open' } }),
    listOfStack: (stackName, limit) =>
      table.query({ index: 'of-stack', partition: { stackName }, newestFirst: true, limit }),
  };
};

const written = (answer: DeploymentTransition, before: Deployment | undefined): Written<Deployment> =>
  answer.kind === 'refused' ? { ...answer, record: before } : { kind: answer.kind, record: answer.deployment };
