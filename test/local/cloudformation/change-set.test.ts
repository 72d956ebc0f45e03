import {
  CreateChangeSetCommand,
  type CreateChangeSetInput,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeEventsCommand,
  ExecuteChangeSetCommand,
  ListChangeSetsCommand,
  type ResourceChange,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  atRest,
  createStack,
  describeStack,
  openStage,
  parametersOf,
  type Stage,
  seen,
  story,
  type TemplateText,
  topic,
  turn,
  updateStack,
} from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const plan = async (ChangeSetName: string, template: TemplateText, more: Partial<CreateChangeSetInput> = {}) => {
  const TemplateBody = JSON.stringify(template);
  await stage.client.send(new CreateChangeSetCommand({ StackName: 'shop', ChangeSetName, TemplateBody, ...more }));
  return described(ChangeSetName);
};

const described = async (ChangeSetName: string, IncludePropertyValues = false) => {
  for (;;) {
    const command = new DescribeChangeSetCommand({ StackName: 'shop', ChangeSetName, IncludePropertyValues });
    const changeSet = await stage.client.send(command);
    if (!changeSet.Status?.startsWith('CREATE_PENDING') && changeSet.Status !== 'CREATE_IN_PROGRESS') return changeSet;
    await turn();
  }
};

const execute = (ChangeSetName: string, token?: string) =>
  stage.client.send(
    new ExecuteChangeSetCommand({ StackName: 'shop', ChangeSetName, ...(token ? { ClientRequestToken: token } : {}) }),
  );

const changesIn = ({ Changes = [] }: Awaited<ReturnType<typeof described>>): Record<string, ResourceChange> =>
  Object.fromEntries(Changes.map(({ ResourceChange = {} }) => [ResourceChange.LogicalResourceId, ResourceChange]));

const settled = async (template: TemplateText, parameters: Record<string, string> = {}) => {
  await createStack(stage, 'shop', template, { parameters });
  await atRest(stage, 'shop');
  seen(stage);
};

const taskDefinition = (image: unknown) => ({
  Type: 'AWS::ECS::TaskDefinition',
  Properties: { Family: 'web', ContainerDefinitions: [{ Name: 'web', Image: image }] },
});

const release = {
  Parameters: { Version: { Type: 'String' } },
  Resources: {
    Task: taskDefinition({ 'Fn::Sub': 'web:${Version}' }),
    Service: { Type: 'AWS::ECS::Service', Properties: { TaskDefinition: { Ref: 'Task' }, DesiredCount: 2 } },
    Other: topic(),
  },
};

test('a new parameter value shows the task definition replaced and its service as dynamic, and the execution does just that', async () => {
  await settled(release, { Version: '1' });
  const changes = changesIn(await plan('v2', release, { Parameters: parametersOf({ Version: '2' }) }));
  expect(changes).toEqual({
    Task: {
      Action: 'Modify',
      LogicalResourceId: 'Task',
      PhysicalResourceId: expect.any(String),
      ResourceType: 'AWS::ECS::TaskDefinition',
      Replacement: 'True',
      PolicyAction: 'ReplaceAndDelete',
      Scope: ['Properties'],
      Details: [
        {
          Target: { Attribute: 'Properties', Name: 'ContainerDefinitions', RequiresRecreation: 'Always' },
          Evaluation: 'Static',
          ChangeSource: 'ParameterReference',
          CausingEntity: 'Version',
        },
      ],
    },
    Service: {
      Action: 'Modify',
      LogicalResourceId: 'Service',
      PhysicalResourceId: expect.any(String),
      ResourceType: 'AWS::ECS::Service',
      Replacement: 'False',
      Scope: ['Properties'],
      Details: [
        {
          Target: { Attribute: 'Properties', Name: 'TaskDefinition', RequiresRecreation: 'Never' },
          Evaluation: 'Dynamic',
          ChangeSource: 'ResourceReference',
          CausingEntity: 'Task',
        },
      ],
    },
  });
  await execute('v2', 'go');
  expect((await atRest(stage, 'shop')).StackStatus).toBe('UPDATE_COMPLETE');
  expect(seen(stage)).toEqual(['create Task', 'update Service', 'delete Task']);
  expect((await story(stage, 'shop', 'go')).at(-1)).toBe('UPDATE_COMPLETE');
});

test('property values are shown when asked for, with a marker for what is not known yet', async () => {
  await settled({ Resources: { A: topic({ DisplayName: 'a' }) } });
  const template = { Resources: { A: topic({ DisplayName: { 'Fn::Sub': 'of ${New}' } }), New: topic() } };
  await plan('one', template);
  const { A = {} } = changesIn(await described('one', true));
  expect(A.Details?.[0]?.Target).toEqual({
    Attribute: 'Properties',
    Name: 'DisplayName',
    RequiresRecreation: 'Never',
    Path: '/Properties/DisplayName',
    BeforeValue: 'a',
    AfterValue: 'of {{changeSet:KNOWN_AFTER_APPLY}}',
    AttributeChangeType: 'Modify',
  });
  expect(JSON.parse(A.BeforeContext ?? '')).toEqual({ Properties: { DisplayName: 'a' } });
});

test('who reads an attribute of something that changes is listed as dynamic, and left alone when the attribute stays', async () => {
  const template = (name: string) => ({
    Resources: {
      A: topic({ DisplayName: name }),
      ByArn: topic({ TopicName: { 'Fn::GetAtt': 'A.TopicArn' } }),
      ByRef: topic({ TopicName: { Ref: 'A' } }),
    },
  });
  await settled(template('a'));
  const changes = changesIn(await plan('one', template('b')));
  expect(Object.keys(changes)).toEqual(['A', 'ByArn']);
  expect(changes['ByArn']).toMatchObject({
    Replacement: 'Conditional',
    Details: [{ Evaluation: 'Dynamic', ChangeSource: 'ResourceAttribute', CausingEntity: 'A.TopicArn' }],
  });
  await execute('one');
  await atRest(stage, 'shop');
  expect(seen(stage)).toEqual(['update A']);
});

test('additions, removals, policies and metadata', async () => {
  await settled({
    Resources: {
      Gone: topic(),
      Kept: topic({}, { DeletionPolicy: 'Retain' }),
      Noted: topic({}, { Metadata: { a: 1 } }),
      Moved: topic({ TopicName: 'a' }, { UpdateReplacePolicy: 'Retain' }),
    },
  });
  const changes = changesIn(
    await plan('one', {
      Resources: {
        New: topic(),
        Noted: topic({}, { Metadata: { a: 2 } }),
        Moved: topic({ TopicName: 'b' }, { UpdateReplacePolicy: 'Retain' }),
      },
    }),
  );
  const short = Object.values(changes).map((one) => [
    one.LogicalResourceId,
    one.Action,
    one.Replacement,
    one.PolicyAction,
    one.Scope,
  ]);
  expect(short).toEqual([
    ['Gone', 'Remove', undefined, 'Delete', []],
    ['Kept', 'Remove', undefined, 'Retain', []],
    ['Moved', 'Modify', 'True', 'ReplaceAndRetain', ['Properties']],
    ['New', 'Add', undefined, undefined, []],
    ['Noted', 'Modify', 'False', undefined, ['Metadata']],
  ]);
});

test('a change set without changes fails in the words tools look for, and cannot be executed', async () => {
  await settled({ Resources: { A: topic() } });
  const empty = await plan('none', { Resources: { A: topic() } });
  expect(empty).toMatchObject({
    Status: 'FAILED',
    ExecutionStatus: 'UNAVAILABLE',
    StatusReason:
      "The submitted information didn't contain changes. Submit different information to create a change set.",
  });
  await expect(execute('none')).rejects.toMatchObject({ name: 'InvalidChangeSetStatusException' });
});

test('on a new stack: review, then the creation; an update change set on a stack in review is refused', async () => {
  const template = { Resources: { A: topic() } };
  const first = await plan('first', template, { ChangeSetType: 'CREATE' });
  expect(changesIn(first)).toMatchObject({ A: { Action: 'Add' } });
  expect((await describeStack(stage, 'shop')).StackStatus).toBe('REVIEW_IN_PROGRESS');
  await expect(plan('second', template)).rejects.toThrow('Stack [shop] does not exist');
  await execute('first');
  expect((await atRest(stage, 'shop')).StackStatus).toBe('CREATE_COMPLETE');
  await expect(plan('third', template, { ChangeSetType: 'CREATE' })).rejects.toThrow(
    'already exists and cannot be created again',
  );
  expect((await described('first')).ExecutionStatus).toBe('EXECUTE_COMPLETE');
});

test('executing a change set deletes its siblings', async () => {
  await settled({ Resources: { A: topic() } });
  await plan('one', { Resources: { A: topic({ DisplayName: 'b' }) } });
  await plan('two', { Resources: { A: topic({ DisplayName: 'c' }) } });
  await execute('one');
  await expect(described('two')).rejects.toMatchObject({ name: 'ChangeSetNotFoundException' });
  await atRest(stage, 'shop');
  await expect(execute('one')).rejects.toThrow('execution status of [EXECUTE_COMPLETE]');
});

test('an update makes older change sets obsolete', async () => {
  await settled({ Resources: { A: topic() } });
  await plan('old', { Resources: { A: topic({ DisplayName: 'b' }) } });
  await updateStack(stage, 'shop', { Resources: { A: topic({ DisplayName: 'c' }) } });
  await atRest(stage, 'shop');
  expect((await described('old')).ExecutionStatus).toBe('OBSOLETE');
  await expect(execute('old')).rejects.toThrow('execution status of [OBSOLETE]');
});

test('the previous template with kept parameters and one new value', async () => {
  await settled(release, { Version: '1' });
  await stage.client.send(
    new CreateChangeSetCommand({
      ...{ StackName: 'shop', ChangeSetName: 'kept', UsePreviousTemplate: true },
      Parameters: [{ ParameterKey: 'Version', UsePreviousValue: true }],
    }),
  );
  expect((await described('kept')).Status).toBe('FAILED');
  await stage.client.send(
    new CreateChangeSetCommand({
      ...{ StackName: 'shop', ChangeSetName: 'new', UsePreviousTemplate: true },
      Parameters: parametersOf({ Version: '2' }),
    }),
  );
  expect((await described('new')).Changes).toHaveLength(2);
});

test('a taken name is refused unless the token is the same; deleting is repeatable; listing shows what is left', async () => {
  await settled({ Resources: { A: topic() } });
  const template = { Resources: { A: topic({ DisplayName: 'b' }) } };
  const first = await plan('one', template, { ClientToken: 'same' });
  const again = await plan('one', template, { ClientToken: 'same' });
  expect(again.ChangeSetId).toBe(first.ChangeSetId);
  await expect(plan('one', template)).rejects.toMatchObject({ name: 'AlreadyExistsException' });
  const list = () => stage.client.send(new ListChangeSetsCommand({ StackName: 'shop' }));
  expect((await list()).Summaries?.map(({ ChangeSetName }) => ChangeSetName)).toEqual(['one']);
  for (const _ of [1, 2])
    await stage.client.send(new DeleteChangeSetCommand({ StackName: 'shop', ChangeSetName: 'one' }));
  expect((await list()).Summaries).toEqual([]);
});

test('more changes than fit a page', async () => {
  await settled({ Resources: { A: topic() } });
  const Resources = Object.fromEntries(Array.from({ length: 130 }, (_, index) => [`R${index}`, topic()]));
  const first = await plan('big', { Resources });
  expect(first.Changes).toHaveLength(100);
  const rest = await stage.client.send(
    new DescribeChangeSetCommand({ StackName: 'shop', ChangeSetName: 'big', NextToken: first.NextToken }),
  );
  expect(rest.Changes).toHaveLength(31);
});

test('NoEcho values appear neither in the parameters nor in the changes of a change set', async () => {
  const template = {
    Parameters: { Password: { Type: 'String', NoEcho: true } },
    Resources: { A: topic({ DisplayName: { 'Fn::Sub': 'pw=${Password}' } }) },
  };
  await settled(template, { Password: 'first-secret' });
  await plan('one', template, { Parameters: parametersOf({ Password: 'second-secret' }) });
  const changeSet = await described('one', true);
  expect(changeSet.Changes).toHaveLength(1);
  expect(JSON.stringify(changeSet.Parameters)).toContain('****');
  expect(JSON.stringify(changeSet)).not.toMatch(/first-secret|second-secret/);
});

test('a change set that cannot be made fails with the reason, also among the events', async () => {
  await settled({ Resources: { A: topic() } });
  const wrong = await plan('wrong', { Resources: { A: topic({ DisplayName: { 'Fn::ImportValue': 'nobody' } }) } });
  expect(wrong).toMatchObject({ Status: 'FAILED', StatusReason: 'No export named nobody found.' });
  const { OperationEvents = [] } = await stage.client.send(
    new DescribeEventsCommand({ StackName: 'shop', ChangeSetName: 'wrong', Filters: { FailedEvents: true } }),
  );
  expect(OperationEvents).toMatchObject([
    { EventType: 'VALIDATION_ERROR', ValidationStatusReason: 'No export named nobody found.' },
  ]);
});
