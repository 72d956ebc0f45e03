import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateChangeSetCommand,
  type CreateChangeSetInput,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackResourcesCommand,
  ExecuteChangeSetCommand,
  GetTemplateSummaryCommand,
  type ResourceToImport,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ResourceProvider } from '../../../infra/local/part.ts';
import { openStore } from '../../../infra/local/store.ts';
import {
  atRest,
  createStack,
  describeStack,
  eventsOf,
  gate,
  openStage,
  type Stage,
  type StageOptions,
  statusesOnBus,
  story,
  type TemplateText,
  topic,
  turn,
  updateStack,
} from './stage.ts';

let stage: Stage;
let folder: string;
/** The buckets that exist outside, whoever made them. */
let buckets: Set<string>;
/** What a look at a bucket waits for. */
let looking: Promise<void> | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-import-'));
  buckets = new Set(['photos', 'films']);
  looking = undefined;
  stage = await open();
});
afterEach(async () => {
  await stage.close();
  rmSync(folder, { recursive: true });
});

const open = (more: StageOptions = {}) =>
  openStage({
    store: openStore(join(folder, 'state.db')),
    options: { providers: () => ({ 'AWS::S3::Bucket': bucketProvider, 'AWS::SNS::Topic': topicProvider }) },
    ...more,
  });

const shown = (physicalId: string) => ({ physicalId, attributes: { Arn: `arn:aws:s3:::${physicalId}` } });

const bucketProvider: ResourceProvider = {
  create: async ({ properties }) => {
    const name = String(properties['BucketName']);
    buckets.add(name);
    return shown(name);
  },
  update: async ({ physicalId }) => shown(physicalId),
  delete: async ({ physicalId }) => {
    buckets.delete(physicalId);
  },
  importing: {
    identifier: ['BucketName'],
    find: async ({ BucketName = '' }) => {
      await looking;
      return buckets.has(BucketName) ? shown(BucketName) : undefined;
    },
  },
};

const topicProvider: ResourceProvider = {
  create: async ({ logicalId }) => ({ physicalId: `arn:topic:${logicalId}`, attributes: {} }),
  update: async ({ physicalId }) => ({ physicalId, attributes: {} }),
  delete: async () => {},
};

const bucket = (BucketName?: string, more: object = { DeletionPolicy: 'Retain' }) => ({
  Type: 'AWS::S3::Bucket',
  ...(BucketName ? { Properties: { BucketName } } : {}),
  ...more,
});

const target = (
  LogicalResourceId: string,
  BucketName: string,
  more: Partial<ResourceToImport> = {},
): ResourceToImport => ({
  ...{ LogicalResourceId, ResourceType: 'AWS::S3::Bucket', ResourceIdentifier: { BucketName }, ...more },
});

const which = { StackName: 'shop', ChangeSetName: 'take' };

const ask = (template: TemplateText, ResourcesToImport: ResourceToImport[], more: Partial<CreateChangeSetInput> = {}) =>
  stage.client.send(
    new CreateChangeSetCommand({
      ...{ ...which, ChangeSetType: 'IMPORT', TemplateBody: JSON.stringify(template), ResourcesToImport, ...more },
    }),
  );

const described = async () => {
  for (;;) {
    const changeSet = await stage.client.send(new DescribeChangeSetCommand(which));
    if (changeSet.Status === 'CREATE_COMPLETE' || changeSet.Status === 'FAILED') return changeSet;
    await turn();
  }
};

const execute = (ClientRequestToken = 'go') =>
  stage.client.send(new ExecuteChangeSetCommand({ ...which, ClientRequestToken }));

const imported = async (template: TemplateText, targets: ResourceToImport[]) => {
  await ask(template, targets);
  expect((await described()).Status).toBe('CREATE_COMPLETE');
  await execute();
  return atRest(stage, 'shop');
};

const two = { Resources: { Photos: bucket('photos'), Films: bucket() } };
const both = [target('Photos', 'photos'), target('Films', 'films')];

test('an import makes a new stack of what exists; its events carry the token and its statuses reach the bus', async () => {
  await ask(two, both);
  expect((await describeStack(stage, 'shop')).StackStatus).toBe('REVIEW_IN_PROGRESS');
  const { Changes = [], ExecutionStatus } = await described();
  expect(ExecutionStatus).toBe('AVAILABLE');
  expect(Changes.map(({ ResourceChange }) => ResourceChange)).toEqual([
    expect.objectContaining({ Action: 'Import', LogicalResourceId: 'Films', PhysicalResourceId: 'films' }),
    expect.objectContaining({ Action: 'Import', LogicalResourceId: 'Photos', PhysicalResourceId: 'photos' }),
  ]);

  await execute();
  const stack = await atRest(stage, 'shop');
  expect(stack.StackStatus).toBe('IMPORT_COMPLETE');
  const events = await story(stage, 'shop', 'go');
  expect(events.filter((one) => one.startsWith('Films'))).toEqual([
    'Films IMPORT_IN_PROGRESS',
    'Films IMPORT_COMPLETE',
    'Films UPDATE_IN_PROGRESS',
    'Films UPDATE_COMPLETE',
  ]);
  expect([events.at(0), events.at(-1)]).toEqual(['IMPORT_IN_PROGRESS', 'IMPORT_COMPLETE']);
  expect(statusesOnBus(stage)).toEqual(['IMPORT_IN_PROGRESS', 'IMPORT_COMPLETE']);
  const { StackResources = [] } = await stage.client.send(new DescribeStackResourcesCommand({ StackName: 'shop' }));
  expect(StackResources.map((one) => [one.LogicalResourceId, one.PhysicalResourceId])).toEqual([
    ['Films', 'films'],
    ['Photos', 'photos'],
  ]);
});

test('what was imported is then an ordinary resource: referred to, updated, and deleted or kept by its policy', async () => {
  const kept = bucket('films', { DeletionPolicy: 'Retain' });
  const gone = bucket('photos', { DeletionPolicy: 'Delete' });
  await imported({ Resources: { Photos: gone, Films: kept } }, both);
  const outputs = { Arn: { Value: { 'Fn::GetAtt': ['Photos', 'Arn'] } } };
  await updateStack(stage, 'shop', { Resources: { Photos: gone, Films: kept, New: topic() }, Outputs: outputs });
  const stack = await atRest(stage, 'shop');
  expect([stack.StackStatus, stack.Outputs?.[0]?.OutputValue]).toEqual(['UPDATE_COMPLETE', 'arn:aws:s3:::photos']);
  await stage.client.send(new DeleteStackCommand({ StackName: 'shop' }));
  expect((await atRest(stage, stack.StackId ?? '')).StackStatus).toBe('DELETE_COMPLETE');
  expect([...buckets]).toEqual(['films']);
});

test('an import into a stack that exists leaves its resources alone', async () => {
  await createStack(stage, 'shop', { Resources: { Old: topic() } });
  await atRest(stage, 'shop');
  const stack = await imported({ Resources: { Old: topic(), Photos: bucket('photos') } }, [both[0] ?? target('', '')]);
  expect(stack.StackStatus).toBe('IMPORT_COMPLETE');
  expect((await story(stage, 'shop', 'go')).filter((one) => one.startsWith('Old'))).toEqual([]);
});

const refusals: Readonly<Record<string, readonly [TemplateText, ResourceToImport[], RegExp]>> = {
  'no resource to import': [two, [], /ResourcesToImport must be specified/],
  'a resource that the template lacks': [
    two,
    [...both, target('Songs', 'songs')],
    /Resources \[Songs\] passed in ResourceToImport are not present in the template\./,
  ],
  'a resource without a deletion policy': [
    { Resources: { Photos: bucket('photos', {}) } },
    [target('Photos', 'photos')],
    /The following resources to import \[Photos\] must have DeletionPolicy attribute specified in the template\./,
  ],
  'an identifier of another type': [
    two,
    [target('Photos', 'photos', { ResourceIdentifier: { Id: 'photos' } })],
    /identifier of Photos must have the keys \[BucketName\] of type AWS::S3::Bucket, not \[Id\]/,
  ],
  'an identifier that the template contradicts': [
    two,
    [target('Photos', 'films')],
    /identifier BucketName of Photos is films, but the template says photos/,
  ],
  'a type that cannot be imported': [
    { Resources: { Mail: topic({}, { DeletionPolicy: 'Retain' }) } },
    [{ LogicalResourceId: 'Mail', ResourceType: 'AWS::SNS::Topic', ResourceIdentifier: { TopicArn: 'x' } }],
    /ResourceTypes \[AWS::SNS::Topic\] are not supported for Import/,
  ],
  'a new resource that is not named': [
    two,
    [target('Photos', 'photos')],
    /Resources \[Films\] is missing from ResourceToImport list/,
  ],
  'an output': [
    { ...two, Outputs: { Photos: { Value: { Ref: 'Photos' } } } },
    both,
    /As part of the import operation, you cannot modify or add \[Outputs\]/,
  ],
};

test.each(Object.keys(refusals))('%s is refused at once', async (name) => {
  const [template, targets, words] = refusals[name] ?? [two, both, /never/];
  await expect(ask(template, targets)).rejects.toMatchObject({
    name: 'ValidationError',
    message: expect.stringMatching(words),
  });
});

test('an import that would also change, drop or add an output of the stack is refused', async () => {
  const before = { Resources: { Old: topic({ DisplayName: 'a' }) }, Outputs: { Out: { Value: 'a' } } };
  await createStack(stage, 'shop', before);
  await atRest(stage, 'shop');
  const Photos = bucket('photos');
  const photos = [target('Photos', 'photos')];
  const modified = { ...before, Resources: { Old: topic({ DisplayName: 'b' }), Photos } };
  await expect(ask(modified, photos)).rejects.toThrow(/You have modified resources \[Old\] in your template/);
  const dropped = { ...before, Resources: { Photos } };
  await expect(ask(dropped, photos)).rejects.toThrow(/You have modified resources \[Old\] in your template/);
  const other = { Resources: { ...before.Resources, Photos }, Outputs: { Out: { Value: 'b' } } };
  await expect(ask(other, photos)).rejects.toThrow(/cannot modify or add \[Outputs\]/);
  await ask({ ...before, Resources: { ...before.Resources, Photos } }, photos);
  expect((await described()).Status).toBe('CREATE_COMPLETE');
});

test('what belongs to a stack, this or another, cannot be imported', async () => {
  await createStack(stage, 'other', { Resources: { Mine: bucket('photos') } });
  await atRest(stage, 'other');
  await expect(ask(two, both)).rejects.toThrow(
    'Resources [Photos] passed in ResourceToImport are already in a stack and cannot be imported.',
  );
  const template = { Resources: { Mine: bucket('photos') } };
  await expect(ask(template, [target('Mine', 'photos')], { StackName: 'other' })).rejects.toThrow(
    'Resources [Mine] passed in ResourceToImport are already in a stack and cannot be imported.',
  );
});

test('only an import may name resources to import', async () => {
  await expect(ask(two, both, { ChangeSetType: 'CREATE' })).rejects.toThrow(/can only be specified for .* IMPORT/);
});

test('a bucket that does not exist fails the change set', async () => {
  buckets.delete('films');
  await ask(two, both);
  expect(await described()).toMatchObject({
    Status: 'FAILED',
    StatusReason: "Resource of type 'AWS::S3::Bucket' with identifier 'films' was not found.",
  });
  await expect(execute()).rejects.toThrow(/cannot be executed in its current status of \[FAILED\]/);
});

test('a bucket that went before the execution fails it; what was taken in is let go, not deleted', async () => {
  await ask(
    {
      Resources: {
        Photos: bucket('photos'),
        Films: bucket('films', { DeletionPolicy: 'Delete', DependsOn: 'Photos' }),
      },
    },
    both,
  );
  expect((await described()).Status).toBe('CREATE_COMPLETE');
  buckets.delete('films');
  await execute();
  const stack = await atRest(stage, 'shop');
  expect(stack.StackStatus).toBe('IMPORT_ROLLBACK_COMPLETE');
  expect((await story(stage, 'shop', 'go')).filter((one) => /FAILED|ROLLBACK/.test(one))).toEqual([
    'Films IMPORT_FAILED',
    'IMPORT_ROLLBACK_IN_PROGRESS',
    'Films IMPORT_ROLLBACK_IN_PROGRESS',
    'Films IMPORT_ROLLBACK_COMPLETE',
    'Photos IMPORT_ROLLBACK_IN_PROGRESS',
    'Photos IMPORT_ROLLBACK_COMPLETE',
    'IMPORT_ROLLBACK_COMPLETE',
  ]);
  const events = await eventsOf(stage, 'shop');
  expect(events.find(({ ResourceStatus }) => ResourceStatus === 'IMPORT_FAILED')?.ResourceStatusReason).toMatch(
    /identifier 'films' was not found/,
  );
  expect([...buckets]).toEqual(['photos']);

  buckets.add('films');
  await stage.client.send(new DeleteStackCommand({ StackName: 'shop' }));
  await atRest(stage, stack.StackId ?? '');
  expect([...buckets].sort()).toEqual(['films', 'photos']);
  expect((await imported(two, both)).StackStatus).toBe('IMPORT_COMPLETE');
});

test('a failed import into a stack with resources leaves it as it was, and it may be updated', async () => {
  await createStack(stage, 'shop', { Resources: { Old: topic() } });
  await atRest(stage, 'shop');
  stage.part.faults.fail({ logicalId: 'Photos', when: 'import', reason: 'Access denied to photos' });
  const stack = await imported({ Resources: { Old: topic(), Photos: bucket('photos') } }, [target('Photos', 'photos')]);
  expect([stack.StackStatus, statusesOnBus(stage).slice(-3)]).toEqual([
    'IMPORT_ROLLBACK_COMPLETE',
    ['IMPORT_IN_PROGRESS', 'IMPORT_ROLLBACK_IN_PROGRESS', 'IMPORT_ROLLBACK_COMPLETE'],
  ]);
  const { StackResources = [] } = await stage.client.send(new DescribeStackResourcesCommand({ StackName: 'shop' }));
  expect(StackResources.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(['Old']);
  await updateStack(stage, 'shop', { Resources: { Old: topic({ DisplayName: 'new' }) } });
  expect((await atRest(stage, 'shop')).StackStatus).toBe('UPDATE_COMPLETE');
});

test('an import that cannot be rolled back ends IMPORT_ROLLBACK_FAILED', async () => {
  for (const when of ['import', 'rollback'] as const)
    stage.part.faults.fail({ logicalId: 'Photos', when, reason: `no ${when}` });
  expect((await imported(two, both)).StackStatus).toBe('IMPORT_ROLLBACK_FAILED');
  const events = await eventsOf(stage, 'shop');
  const failed = events.find(({ ResourceStatus }) => ResourceStatus === 'IMPORT_ROLLBACK_FAILED');
  expect([failed?.LogicalResourceId, failed?.ResourceStatusReason]).toEqual(['Photos', 'no rollback']);
});

test('an import that was running goes on after a restart, under the same token', async () => {
  await ask(two, both);
  await described();
  looking = gate().passed;
  await execute();
  while (!(await story(stage, 'shop')).includes('Films IMPORT_IN_PROGRESS')) await turn();
  await expect(stage.client.send(new DeleteStackCommand({ StackName: 'shop' }))).rejects.toThrow(
    /cannot be deleted while in status IMPORT_IN_PROGRESS/,
  );
  await stage.close();

  looking = undefined;
  stage = await open();
  expect((await atRest(stage, 'shop')).StackStatus).toBe('IMPORT_COMPLETE');
  const events = await story(stage, 'shop', 'go');
  expect(events.filter((one) => one === 'IMPORT_IN_PROGRESS' || one === 'Films IMPORT_IN_PROGRESS')).toHaveLength(2);
  await execute();
  expect((await describeStack(stage, 'shop')).StackStatus).toBe('IMPORT_COMPLETE');
});

test('the summary of a template names what an import has to be told', async () => {
  const summary = await stage.client.send(
    new GetTemplateSummaryCommand({ TemplateBody: JSON.stringify({ Resources: { ...two.Resources, T: topic() } }) }),
  );
  expect(summary.ResourceIdentifierSummaries).toEqual([
    { ResourceType: 'AWS::S3::Bucket', LogicalResourceIds: ['Photos', 'Films'], ResourceIdentifiers: ['BucketName'] },
  ]);
});
