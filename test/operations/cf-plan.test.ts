import { expect, test } from '@jest/globals';
import { cfPlan } from '../../functions/operations/cf-plan.ts';
import { stackFindingsKey } from '../../functions/operations/plan-document.ts';
import type { ClusterPorts } from '../../functions/ports.ts';
import { claimedDeployment, memorySlipway } from '../support/memory-slipway.ts';
import { sampleCluster } from '../support/sample-configuration.ts';

/** A deployment that is to be planned; `change` is what else CloudFormation does. */
const planning = async (change: (aws: ClusterPorts) => Partial<ClusterPorts['stacks']> = () => ({})) => {
  const slipway = await memorySlipway();
  const input = await claimedDeployment(slipway);
  const looked: string[] = [];
  const aws = slipway.ports.inCluster(sampleCluster());
  const cluster = { ...aws, stacks: { ...aws.stacks, ...change(aws) } };
  const documents = {
    ...slipway.ports.documents,
    find: <T>(key: string) => {
      looked.push(key);
      return slipway.ports.documents.find<T>(key);
    },
  };
  const ports = { ...slipway.ports, documents, inCluster: () => cluster };
  const step = async () => (await ports.deployments.find(input.deploymentId))?.steps['CFPlan'];
  return { ports, input, looked, step, stacks: slipway.stacks };
};

test('of a stack that is gone it is said that it is gone, whatever else cannot be asked of it', async () => {
  const { ports, input, step } = await planning(() => ({
    find: async () => undefined,
    resources: () => Promise.reject(new Error('Stack with id prod-shop does not exist')),
  }));
  await expect(cfPlan(ports, input)).rejects.toMatchObject({ name: 'StackUnusable', message: /prod-shop is gone/ });
  expect(await step()).toMatchObject({ status: 'FAILED', reason: { code: 'StackUnusable' } });
});

test('a change set is deleted even where nobody can say whether what runs is healthy', async () => {
  const discarded: string[] = [];
  const { ports, input } = await planning(({ stacks }) => ({
    find: async (name) => ({
      ...{ id: name, name, status: 'CREATE_COMPLETE', atRest: true, husk: false, rollbackFailed: false, usable: true },
      parameters: {},
      outputs: {},
    }),
    template: async () => ({ Resources: {} }),
    resources: async () => ({}),
    prepare: async ({ name }) => ({ id: name, empty: false, changes: [] }),
    discard: async (id) => void discarded.push(id),
    operation: stacks.operation,
  }));
  const stack = await ports.stacks.find(input.stackName);
  ports.stacks.find = async () => stack && { ...stack, release: 'r0' };
  const aws = ports.inCluster();
  ports.inCluster = () => ({ ...aws, tasks: { ...aws.tasks, steady: () => Promise.reject(new Error('ECS is out')) } });
  await expect(cfPlan(ports, input)).rejects.toThrow('ECS is out');
  expect(discarded).toHaveLength(1);
});

test('only a call that is repeated looks for what an earlier one has found', async () => {
  const { ports, input, looked } = await planning(() => ({ find: () => Promise.reject(new Error('no answer')) }));
  const key = stackFindingsKey(input);
  await expect(cfPlan(ports, input)).rejects.toThrow('no answer');
  expect(looked).not.toContain(key);
  const findings = { changes: [], kind: 'version' };
  await ports.documents.put(key, { findings, previousHealthy: true });
  expect(await cfPlan(ports, input)).toEqual({});
  expect(looked).toContain(key);
});
