import {
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeEventsCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  ListExportsCommand,
  ListImportsCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  UpdateStackCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, expect, test } from '@jest/globals';
import { AwsError } from '../../../infra/local/wire/service.ts';
import {
  atRest,
  createStack,
  describeStack,
  eventsOf,
  openStage,
  type Stage,
  type StageOptions,
  seen,
  topic,
  updateStack,
} from './stage.ts';

let stage: Stage;
const staged = async (options: StageOptions = {}) => {
  stage = await openStage(options);
  return stage;
};
afterEach(() => stage.close());

const body = (template: object) => JSON.stringify(template);

test('a stack that is not there, a bad name, an unknown type', async () => {
  await staged();
  await expect(describeStack(stage, 'nobody')).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'Stack with id nobody does not exist',
  });
  await expect(createStack(stage, 'a_b', { Resources: { A: topic() } })).rejects.toThrow(
    /'stackName' failed to satisfy/,
  );
  await expect(createStack(stage, 'a', { Resources: { A: { Type: 'AWS::Foo::Bar' } } })).rejects.toThrow(
    'Template format error: Unrecognized resource types: [AWS::Foo::Bar]',
  );
});

test('a body over 51,200 bytes is refused, from storage it may be larger', async () => {
  const large = body({ Resources: { A: topic({ DisplayName: 'x'.repeat(60_000) }) } });
  await staged({
    options: {
      fetchTemplate: async (url) => (url.endsWith('/large.json') ? large : Promise.reject(new Error('NoSuchKey'))),
    },
  });
  await expect(stage.client.send(new CreateStackCommand({ StackName: 'a', TemplateBody: large }))).rejects.toThrow(
    /51200/,
  );
  const from = (key: string) =>
    stage.client.send(
      new CreateStackCommand({ StackName: 'a', TemplateURL: `https://b.s3.eu-west-1.amazonaws.com/${key}` }),
    );
  await expect(from('nope.json')).rejects.toThrow('S3 error: NoSuchKey');
  await from('large.json');
  await atRest(stage, 'a');
});

test('named IAM roles need CAPABILITY_NAMED_IAM, others CAPABILITY_IAM', async () => {
  await staged();
  const create = (properties: object, ...Capabilities: ('CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM')[]) =>
    stage.client.send(
      new CreateStackCommand({
        ...{ StackName: 'iam', Capabilities },
        TemplateBody: body({ Resources: { R: { Type: 'AWS::IAM::Role', Properties: properties } } }),
      }),
    );
  const refused = (capability: string) => ({
    name: 'InsufficientCapabilitiesException',
    message: `Requires capabilities : [${capability}]`,
  });
  await expect(create({})).rejects.toMatchObject(refused('CAPABILITY_IAM'));
  await expect(create({ RoleName: 'r' }, 'CAPABILITY_IAM')).rejects.toMatchObject(refused('CAPABILITY_NAMED_IAM'));
  await create({}, 'CAPABILITY_NAMED_IAM');
  await atRest(stage, 'iam');
});

test('NoEcho parameters are masked in DescribeStacks and in events, and keep their value', async () => {
  await staged();
  const template = {
    Parameters: { Password: { Type: 'String', NoEcho: 'true' } },
    Resources: { A: topic({ DisplayName: { Ref: 'Password' } }) },
  };
  await createStack(stage, 'shop', template, { parameters: { Password: 'hunter22' } });
  expect((await atRest(stage, 'shop')).Parameters).toEqual([{ ParameterKey: 'Password', ParameterValue: '****' }]);
  expect(stage.calls[0]?.properties).toEqual({ DisplayName: 'hunter22' });
  expect(JSON.stringify(await eventsOf(stage, 'shop'))).not.toContain('hunter22');
});

test('a dynamic reference reaches the provider resolved and nothing else', async () => {
  await staged({ secrets: { 'db#password': 'hunter22' } });
  const text = '{{resolve:secretsmanager:db:SecretString:password}}';
  const template = (name: string) => ({ Resources: { A: topic({ DisplayName: text, TopicName: name }) } });
  await createStack(stage, 'shop', template('a'));
  await atRest(stage, 'shop');
  expect(stage.calls[0]?.properties).toEqual({ DisplayName: 'hunter22', TopicName: 'a' });
  const events = JSON.stringify(await eventsOf(stage, 'shop'));
  expect(events).toContain(text);
  expect(events).not.toContain('hunter22');
  const stored = ['stacks', 'resources', 'operations', 'events'].map((name) =>
    stage.store.table(`cloudformation.${name}`).list(),
  );
  expect(JSON.stringify(stored)).not.toContain('hunter22');
  await expect(updateStack(stage, 'shop', template('a'))).rejects.toThrow('No updates are to be performed.');
  await createStack(stage, 'other', { Resources: { A: topic({ DisplayName: '{{resolve:secretsmanager:nobody}}' }) } });
  expect((await atRest(stage, 'other')).StackStatus).toBe('ROLLBACK_COMPLETE');
});

test('templates can be read back, summarised and validated', async () => {
  await staged();
  const text = body({
    Description: 'a shop',
    Parameters: { P: { Type: 'String', Default: 'x', Description: 'what' } },
    Resources: { A: topic() },
  });
  await stage.client.send(new CreateStackCommand({ StackName: 'shop', TemplateBody: text }));
  expect((await atRest(stage, 'shop')).Description).toBe('a shop');
  expect(
    (await stage.client.send(new GetTemplateCommand({ StackName: 'shop', TemplateStage: 'Original' }))).TemplateBody,
  ).toBe(text);
  expect(await stage.client.send(new GetTemplateSummaryCommand({ StackName: 'shop' }))).toMatchObject({
    ...{ Description: 'a shop', ResourceTypes: ['AWS::SNS::Topic'] },
    Parameters: [{ ParameterKey: 'P', ParameterType: 'String', DefaultValue: 'x', NoEcho: false }],
  });
  expect((await stage.client.send(new ValidateTemplateCommand({ TemplateBody: text }))).Parameters).toMatchObject([
    { ParameterKey: 'P', DefaultValue: 'x', Description: 'what' },
  ]);
  const dangling = body({ Resources: { A: topic({ DisplayName: { Ref: 'B' } }) } });
  await expect(stage.client.send(new ValidateTemplateCommand({ TemplateBody: dangling }))).rejects.toThrow(
    'Unresolved resource dependencies [B] in the Resources block of the template',
  );
});

test('lists are paged and events come newest first', async () => {
  await staged();
  const Resources = Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`R${index}`, topic()]));
  await createStack(stage, 'big', { Resources });
  await atRest(stage, 'big');
  const first = await stage.client.send(new ListStackResourcesCommand({ StackName: 'big' }));
  expect(first.StackResourceSummaries).toHaveLength(100);
  const rest = await stage.client.send(new ListStackResourcesCommand({ StackName: 'big', NextToken: first.NextToken }));
  expect(rest.StackResourceSummaries).toHaveLength(20);
  expect(rest.NextToken).toBeUndefined();
  const { StackEvents = [] } = await stage.client.send(new DescribeStackEventsCommand({ StackName: 'big' }));
  expect(StackEvents[0]).toMatchObject({ LogicalResourceId: 'big', ResourceStatus: 'CREATE_COMPLETE' });
  expect(await eventsOf(stage, 'big')).toHaveLength(242);
  await createStack(stage, 'small', { Resources: { A: topic({}, { Metadata: { note: 1 } }) } });
  await atRest(stage, 'small');
  const detail = await stage.client.send(
    new DescribeStackResourceCommand({ StackName: 'small', LogicalResourceId: 'A' }),
  );
  expect(detail.StackResourceDetail).toMatchObject({ Metadata: '{"note":1}', ResourceStatus: 'CREATE_COMPLETE' });
  const { Stacks = [] } = await stage.client.send(new DescribeStacksCommand({}));
  expect(Stacks.map(({ StackName }) => StackName).sort()).toEqual(['big', 'small']);
  const { StackSummaries = [] } = await stage.client.send(
    new ListStacksCommand({ StackStatusFilter: ['CREATE_FAILED'] }),
  );
  expect(StackSummaries).toEqual([]);
});

test('DescribeEvents tells operations apart and can show only what failed', async () => {
  await staged();
  await createStack(stage, 'shop', { Resources: { A: topic() } });
  await atRest(stage, 'shop');
  stage.scripts.set('update A', { fail: 'no room left' });
  await updateStack(stage, 'shop', { Resources: { A: topic({ DisplayName: 'b' }) } });
  await atRest(stage, 'shop');
  const failed = await stage.client.send(
    new DescribeEventsCommand({ StackName: 'shop', Filters: { FailedEvents: true } }),
  );
  expect(failed.OperationEvents).toMatchObject([
    { EventType: 'PROVISIONING_ERROR', LogicalResourceId: 'A', ResourceStatusReason: 'no room left' },
  ]);
  const [error] = failed.OperationEvents ?? [];
  const { OperationEvents = [] } = await stage.client.send(
    new DescribeEventsCommand({ OperationId: error?.OperationId }),
  );
  expect(new Set(OperationEvents.map(({ OperationType }) => OperationType))).toEqual(new Set(['UPDATE_STACK']));
  expect(OperationEvents.at(-1)).toMatchObject({ EventType: 'STACK_EVENT', ResourceStatus: 'UPDATE_IN_PROGRESS' });
});

test('exports are unique, can be imported, and cannot go while they are used', async () => {
  await staged();
  const exporting = (value: string, more: object = {}) => ({
    Resources: { A: topic(more) },
    Outputs: { Vpc: { Value: value, Export: { Name: { 'Fn::Sub': 'the-vpc' } } } },
  });
  await createStack(stage, 'net', exporting('vpc-1'));
  await atRest(stage, 'net');
  const { Exports } = await stage.client.send(new ListExportsCommand({}));
  expect(Exports).toMatchObject([{ Name: 'the-vpc', Value: 'vpc-1' }]);
  await createStack(stage, 'app', { Resources: { A: topic({ DisplayName: { 'Fn::ImportValue': 'the-vpc' } }) } });
  await atRest(stage, 'app');
  expect(stage.calls.at(-1)?.properties).toEqual({ DisplayName: 'vpc-1' });
  expect((await stage.client.send(new ListImportsCommand({ ExportName: 'the-vpc' }))).Imports).toEqual(['app']);
  await createStack(stage, 'twin', exporting('vpc-2'));
  expect((await atRest(stage, 'twin')).StackStatus).toBe('ROLLBACK_COMPLETE');
  await updateStack(stage, 'net', exporting('vpc-3'));
  expect((await atRest(stage, 'net')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  const reason = (await eventsOf(stage, 'net')).find(
    ({ ResourceStatus }) => ResourceStatus === 'UPDATE_ROLLBACK_IN_PROGRESS',
  );
  expect(reason?.ResourceStatusReason).toBe('Export the-vpc cannot be updated as it is in use by app');
});

test('a call asks for the stack, the role it passes and the template it reads', async () => {
  const asked: [string, readonly string[], unknown][] = [];
  await staged({
    options: { fetchTemplate: async () => body({ Resources: { A: topic() } }) },
    authorizeAs: () => (action, resources, context) => {
      asked.push([action, resources, context]);
      if (resources.some((resource) => resource.endsWith('/forbidden')))
        throw new AwsError('AccessDenied', 'not authorized to perform: iam:PassRole', 403);
    },
  });
  const RoleARN = 'arn:aws:iam::123456789012:role/cfn';
  const TemplateURL = 'http://127.0.0.1:1/bucket/some/key.json';
  await stage.client.send(new CreateStackCommand({ StackName: 'shop', TemplateURL, RoleARN }));
  expect(asked).toEqual([
    ['cloudformation:CreateStack', ['arn:aws:cloudformation:eu-west-1:123456789012:stack/shop/*'], undefined],
    ['iam:PassRole', [RoleARN], { 'iam:PassedToService': 'cloudformation.amazonaws.com' }],
    ['s3:GetObject', ['arn:aws:s3:::bucket/some/key.json'], undefined],
  ]);
  const { StackId = '' } = await atRest(stage, 'shop');
  asked.length = 0;
  const forbidden = new UpdateStackCommand({ StackName: 'shop', TemplateURL, RoleARN: `${RoleARN}/forbidden` });
  await expect(stage.client.send(forbidden)).rejects.toMatchObject({ name: 'AccessDenied' });
  expect(asked[0]).toEqual(['cloudformation:UpdateStack', [StackId], undefined]);
  await expect(
    stage.client.send(
      new CreateChangeSetCommand({
        StackName: 'shop',
        ChangeSetName: 'x',
        TemplateURL,
        RoleARN: `${RoleARN}/forbidden`,
      }),
    ),
  ).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('a service role that CloudFormation cannot take is refused before anything else', async () => {
  await staged({ options: { mayAssume: (roleArn) => roleArn.endsWith('/good') } });
  const words = 'Role arn:aws:iam::123456789012:role/bad is invalid or cannot be assumed';
  const request = (role: string) => ({ StackName: 'shop', RoleARN: `arn:aws:iam::123456789012:role/${role}` });
  const TemplateBody = body({ Resources: { A: topic() } });
  const { client } = stage;
  await expect(client.send(new CreateStackCommand({ ...request('bad'), TemplateBody }))).rejects.toThrow(words);
  await client.send(new CreateStackCommand({ ...request('good'), TemplateBody }));
  await atRest(stage, 'shop');
  await expect(client.send(new DeleteStackCommand(request('bad')))).rejects.toThrow(words);
  await client.send(new DeleteStackCommand(request('good')));
});

test('a service role must be allowed what is done under it, boundary and passed roles included', async () => {
  const asked: unknown[] = [];
  await staged({
    options: {
      authorizeRole: (roleArn, action, resources, context) => {
        asked.push([roleArn, action, resources, context]);
        if (action === 'ecs:RegisterTaskDefinition')
          throw new Error('not authorized to perform: ecs:RegisterTaskDefinition');
      },
    },
  });
  const boundary = 'arn:aws:iam::123456789012:policy/boundary';
  await stage.client.send(
    new CreateStackCommand({
      ...{ StackName: 'shop', RoleARN: 'arn:role', Capabilities: ['CAPABILITY_NAMED_IAM'] },
      TemplateBody: body({
        Resources: {
          Role: {
            Type: 'AWS::IAM::Role',
            Properties: { RoleName: 'r', Path: '/app/', PermissionsBoundary: boundary, AssumeRolePolicyDocument: {} },
          },
          Task: { Type: 'AWS::ECS::TaskDefinition', DependsOn: 'Role', Properties: { Family: 'web' } },
        },
      }),
    }),
  );
  expect((await atRest(stage, 'shop')).StackStatus).toBe('ROLLBACK_COMPLETE');
  const role = ['arn:aws:iam::123456789012:role/app/r'];
  expect(asked.slice(0, 5)).toEqual([
    ['arn:role', 'iam:CreateRole', role, { 'iam:PermissionsBoundary': boundary }],
    // What the handler looks at once the role is made.
    ['arn:role', 'iam:GetRole', role, undefined],
    ['arn:role', 'iam:ListAttachedRolePolicies', role, undefined],
    ['arn:role', 'iam:ListRolePolicies', role, undefined],
    ['arn:role', 'ecs:RegisterTaskDefinition', ['arn:aws:ecs:eu-west-1:123456789012:task-definition/web:*'], undefined],
  ]);
  expect(seen(stage)).toEqual(['create Role', 'delete Role']);
});

test('latencies are waited for on the clock of the cloud, each kind by its own name', async () => {
  const asked: string[] = [];
  await staged({
    latency: (operation) => {
      asked.push(operation);
      return 1;
    },
  });
  await createStack(stage, 'shop', { Resources: { A: topic() } });
  await atRest(stage, 'shop');
  await updateStack(stage, 'shop', { Resources: { A: topic({ DisplayName: 'b' }), B: topic() } });
  await atRest(stage, 'shop');
  await updateStack(stage, 'shop', { Resources: { B: topic() } });
  await atRest(stage, 'shop');
  expect(asked.sort()).toEqual(['create', 'create', 'delete', 'update'].map((verb) => `cloudformation.${verb}`));
});
