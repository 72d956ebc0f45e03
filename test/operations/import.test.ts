import { expect, test } from '@jest/globals';
import { emptyTemplate } from '../../functions/domain/template/empty-template.ts';
import type { Template } from '../../functions/domain/template/template.ts';
import { importResources } from '../../functions/operations/import.ts';
import { importPlan } from '../../functions/operations/import-plan.ts';
import type { ChangeSetRequest, ClusterPorts, PreparedChangeSet } from '../../functions/ports.ts';
import { claimedDeployment, memorySlipway } from '../support/memory-slipway.ts';
import { sampleCluster } from '../support/sample-configuration.ts';

const template: Template = {
  Resources: {
    Uploads: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain', Properties: { BucketName: 'uploads.shop.prod' } },
    Token: {
      Type: 'AWS::SecretsManager::Secret',
      DeletionPolicy: 'Retain',
      Properties: { Name: '/prod/shop/token' },
    },
    Service: { Type: 'AWS::ECS::Service', Properties: {} },
  },
};
const imports = [
  { logicalId: 'Token', type: 'AWS::SecretsManager::Secret', identifier: { Id: 'arn:/prod/shop/token' } },
  { logicalId: 'Uploads', type: 'AWS::S3::Bucket', identifier: { BucketName: 'uploads.shop.prod' } },
];
const imported = (logicalId: string, action: 'Import' | 'Modify' = 'Import') => ({
  ...{ logicalId, type: 'AWS::S3::Bucket', action, replacement: 'False' as const, properties: [], dynamic: false },
});

/** An empty stack, an account where `there` exists, and a CloudFormation that answers every change set alike. */
const started = async (
  there: readonly string[] = ['uploads.shop.prod', '/prod/shop/token'],
  answer: Partial<PreparedChangeSet> = {},
) => {
  const slipway = await memorySlipway();
  const input = await claimedDeployment(slipway, 1, { deployment: { strategy: 'import' }, release: { template } });
  const prepared: ChangeSetRequest[] = [];
  const executed: string[] = [];
  const discarded: string[] = [];
  const aws = slipway.ports.inCluster(sampleCluster());
  const cluster: ClusterPorts = {
    ...aws,
    buckets: { exists: async (name) => there.includes(name) },
    secrets: { ...aws.secrets, find: async (name) => (there.includes(name) ? `arn:${name}` : undefined) },
    stacks: {
      ...aws.stacks,
      template: async () => emptyTemplate,
      prepare: async (request) => {
        prepared.push(request);
        return {
          id: `set ${request.name}`,
          empty: false,
          changes: [imported('Token'), imported('Uploads')],
          ...answer,
        };
      },
      discard: async (id) => void discarded.push(id),
      execute: async (id) => {
        executed.push(id);
        return 'executed';
      },
    },
  };
  const ports = { ...slipway.ports, inCluster: () => cluster };
  const step = async (name: string) => (await ports.deployments.find(input.deploymentId))?.steps[name];
  const templateOf = async ({ templateUrl }: ChangeSetRequest) =>
    ports.documents.find<Template>(`templates/${templateUrl.split('/templates/')[1]}`);
  return { ports, input: { ...input, taskToken: 'task-token' }, prepared, executed, discarded, step, templateOf };
};

test('what exists is checked by CloudFormation in a change set that is deleted again, and executed by another one', async () => {
  const { ports, input, prepared, executed, discarded, step, templateOf } = await started();
  const { taskToken: _, ...ids } = input;
  await importPlan(ports, ids);
  expect(await step('ImportPlan')).toMatchObject({ status: 'DONE', outputs: { imports: 'Token, Uploads' } });
  expect([prepared.length, discarded, executed]).toEqual([1, [`set ${prepared[0]?.name}`], []]);
  await importResources(ports, input);
  expect(executed).toEqual([`set ${prepared[1]?.name}`]);
  expect(prepared[1]?.name).not.toBe(prepared[0]?.name);
  for (const request of prepared) {
    expect(request).toMatchObject({ stackName: 'prod-shop', imports, parameters: {} });
    const { Service: _service, ...retained } = template.Resources;
    expect(await templateOf(request)).toEqual({
      ...emptyTemplate,
      Resources: { ...emptyTemplate.Resources, ...retained },
    });
  }
});

test.each([
  [['/prod/shop/token'], /uploads\.shop\.prod \(Uploads, AWS::S3::Bucket\)$/],
  [['uploads.shop.prod'], /: \/prod\/shop\/token \(Token, AWS::SecretsManager::Secret\)$/],
  [[], /\/prod\/shop\/token .*; uploads\.shop\.prod /],
])('with only %j there, all that is missing is named before any change set is made', async (there, message) => {
  const { ports, input, prepared, step } = await started(there);
  const { taskToken: _, ...ids } = input;
  await expect(importPlan(ports, ids)).rejects.toMatchObject({
    name: 'ImportMissing',
    message: expect.stringMatching(message),
    reason: { left: 'Nothing was imported; the stack is empty' },
  });
  expect(prepared).toEqual([]);
  expect(await step('ImportPlan')).toMatchObject({ status: 'FAILED' });
});

test('what CloudFormation refuses is told, and its change set is deleted', async () => {
  const { ports, input, discarded } = await started(undefined, { failure: 'Token is in stack other' });
  const { taskToken: _, ...ids } = input;
  await expect(importPlan(ports, ids)).rejects.toMatchObject({
    name: 'ImportRefused',
    message: expect.stringContaining('Token is in stack other'),
  });
  expect(discarded).toHaveLength(1);
});

test('a change set that does more than import is never executed', async () => {
  const { ports, input, executed, discarded, step } = await started(undefined, {
    changes: [imported('Token'), imported('Uploads', 'Modify')],
  });
  const { taskToken: _, ...ids } = input;
  await importPlan(ports, ids);
  await importResources(ports, input);
  expect(executed).toEqual([]);
  expect(discarded).toHaveLength(2);
  expect(await step('Import')).toMatchObject({
    status: 'FAILED',
    reason: { code: 'OutsidePlan', message: expect.stringContaining('Modify Uploads') },
  });
});

test('an import without its plan changes nothing', async () => {
  const { ports, input, prepared, step } = await started();
  await importResources(ports, input);
  expect(prepared).toEqual([]);
  expect(await step('Import')).toMatchObject({ status: 'FAILED', reason: { code: 'RecordMissing' } });
});
