import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeStateMachineCommand,
  ListStateMachinesCommand,
  StartExecutionCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { expect, test } from '@jest/globals';
import type { ResourceProvider } from '../../../infra/local/part.ts';
import { type Cloud, machine, openCloud, ROLE, START, task } from './support/cloud.ts';

const pass = (Result: unknown) => JSON.stringify(machine({ A: { Type: 'Pass', Result, End: true } }));
const arnOf = (name: string) => `arn:aws:states:eu-west-1:123456789012:stateMachine:${name}`;
const create = (cloud: Cloud, rest: object = {}) =>
  cloud.client.send(new CreateStateMachineCommand({ name: 'm', definition: pass(1), roleArn: ROLE, ...rest }));
const describe = (cloud: Cloud, stateMachineArn = arnOf('m')) =>
  cloud.client.send(new DescribeStateMachineCommand({ stateMachineArn }));

test('a machine is made, described, changed and gone', async () => {
  await using cloud = await openCloud();
  expect(await create(cloud)).toMatchObject({ stateMachineArn: arnOf('m'), creationDate: new Date(START) });
  const first = await describe(cloud);
  expect(first).toMatchObject({
    name: 'm',
    status: 'ACTIVE',
    type: 'STANDARD',
    definition: pass(1),
    roleArn: ROLE,
    loggingConfiguration: { level: 'OFF', includeExecutionData: false },
    tracingConfiguration: { enabled: false },
  });
  expect(first.revisionId).toBeUndefined();
  const stateMachineArn = arnOf('m');
  const changed = await cloud.client.send(new UpdateStateMachineCommand({ stateMachineArn, definition: pass(2) }));
  expect(changed.revisionId).toMatch(/^[0-9a-f-]{36}$/);
  expect(await describe(cloud)).toMatchObject({ definition: pass(2), revisionId: changed.revisionId });
  const again = await cloud.client.send(new UpdateStateMachineCommand({ stateMachineArn, roleArn: `${ROLE}2` }));
  expect(again.revisionId).not.toBe(changed.revisionId);
  expect(await describe(cloud)).toMatchObject({ definition: pass(2), roleArn: `${ROLE}2` });
  await cloud.client.send(new DeleteStateMachineCommand({ stateMachineArn }));
  await expect(describe(cloud)).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
  await cloud.client.send(new DeleteStateMachineCommand({ stateMachineArn }));
});

test('asking for the very same machine again is no error, for another of its name it is', async () => {
  await using cloud = await openCloud();
  await create(cloud);
  await cloud.clock.advance(1000);
  expect((await create(cloud)).creationDate).toEqual(new Date(START));
  await expect(create(cloud, { definition: pass(2) })).rejects.toMatchObject({ name: 'StateMachineAlreadyExists' });
  await expect(create(cloud, { roleArn: `${ROLE}2` })).rejects.toMatchObject({ name: 'StateMachineAlreadyExists' });
});

test('what cannot be is refused by name', async () => {
  await using cloud = await openCloud();
  await expect(create(cloud, { definition: '{}' })).rejects.toMatchObject({
    name: 'InvalidDefinition',
    message:
      "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt, States] at /'",
  });
  await expect(create(cloud, { name: 'a b' })).rejects.toMatchObject({
    name: 'InvalidName',
    message: "Invalid Name: 'a b'",
  });
  await expect(create(cloud, { type: 'EXPRESS' })).rejects.toMatchObject({ name: 'StateMachineTypeNotSupported' });
  await create(cloud);
  const stateMachineArn = arnOf('m');
  const update = (rest: object) => cloud.client.send(new UpdateStateMachineCommand({ stateMachineArn, ...rest }));
  await expect(update({})).rejects.toMatchObject({ name: 'MissingRequiredParameter' });
  await expect(update({ definition: '{}' })).rejects.toMatchObject({ name: 'InvalidDefinition' });
  expect((await describe(cloud)).definition).toBe(pass(1));
});

test('machines are listed page by page', async () => {
  await using cloud = await openCloud();
  for (const name of ['c', 'a', 'b']) await create(cloud, { name });
  const { stateMachines, nextToken } = await cloud.client.send(new ListStateMachinesCommand({ maxResults: 2 }));
  const rest = await cloud.client.send(new ListStateMachinesCommand({ maxResults: 2, nextToken }));
  expect([...(stateMachines ?? []), ...(rest.stateMachines ?? [])].map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  expect(rest.nextToken).toBeUndefined();
});

test('a deleted machine ends its executions at their next transition, and only then is gone', async () => {
  await using cloud = await openCloud({ functions: { after: () => 1 } });
  const arn = await cloud.run(
    machine({ Wait: { Type: 'Wait', Seconds: 10, Next: 'After' }, After: task('after') }),
    {},
    'm',
  );
  const stateMachineArn = arnOf('m');
  await cloud.client.send(new DeleteStateMachineCommand({ stateMachineArn }));
  expect((await describe(cloud)).status).toBe('DELETING');
  await expect(cloud.client.send(new StartExecutionCommand({ stateMachineArn }))).rejects.toMatchObject({
    name: 'StateMachineDeleting',
  });
  await expect(create(cloud)).rejects.toMatchObject({ name: 'StateMachineDeleting' });
  await cloud.clock.advance(10_000);
  expect((await cloud.describe(arn)).status).toBe('ABORTED');
  expect(cloud.called).toEqual([]);
  await expect(describe(cloud)).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
});

const provider = (cloud: Cloud): ResourceProvider => {
  const found = cloud.part.resources?.['AWS::StepFunctions::StateMachine'];
  if (!found) throw new Error('the part makes no state machines');
  return found;
};

const request = (properties: object) => ({
  type: 'AWS::StepFunctions::StateMachine',
  logicalId: 'Deployment',
  properties: { RoleArn: ROLE, ...properties },
  stackName: 'control',
  stackId: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/control/1',
  seed: 'control Deployment 1',
  signal: new AbortController().signal,
});

test('CloudFormation makes a machine from a definition with substitutions, changes it in place and removes it', async () => {
  await using cloud = await openCloud();
  const definition = machine({ A: { Type: 'Pass', Result: '${What} ${Kept}', End: true } });
  const properties = {
    StateMachineName: 'm',
    DefinitionString: JSON.stringify(definition),
    DefinitionSubstitutions: { What: 'say "hi"' },
    Tags: [{ Key: 'a', Value: 'b' }],
  };
  const made = await provider(cloud).create(request(properties));
  expect(made).toEqual({
    physicalId: arnOf('m'),
    attributes: { Arn: arnOf('m'), Name: 'm', StateMachineRevisionId: 'INITIAL' },
  });
  expect(JSON.parse((await describe(cloud)).definition ?? '').States.A.Result).toBe('say "hi" ${Kept}');

  const changed = await provider(cloud).update({
    ...request({ StateMachineName: 'm', Definition: JSON.parse(pass(2)) }),
    physicalId: made.physicalId,
    previous: properties,
  });
  expect(changed.physicalId).toBe(made.physicalId);
  expect(changed.attributes['StateMachineRevisionId']).toBe((await describe(cloud)).revisionId);
  expect(JSON.parse((await describe(cloud)).definition ?? '')).toEqual(JSON.parse(pass(2)));

  await provider(cloud).delete({ ...request({}), physicalId: made.physicalId });
  await expect(describe(cloud)).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
});

test('a machine without a name gets one from its logical id, the same for the same seed', async () => {
  await using cloud = await openCloud();
  const made = await provider(cloud).create(request({ DefinitionString: pass(1) }));
  expect(made.attributes['Name']).toMatch(/^Deployment-[0-9a-f]{12}$/);
  expect(await provider(cloud).create(request({ DefinitionString: pass(1) }))).toEqual(made);
  expect(
    (await provider(cloud).create({ ...request({ DefinitionString: pass(1) }), seed: 'other' })).physicalId,
  ).not.toBe(made.physicalId);
});

test('a resource without a definition, of the type EXPRESS or with a bad definition says so', async () => {
  await using cloud = await openCloud();
  await expect(provider(cloud).create(request({}))).rejects.toThrow(
    'Deployment: give it a DefinitionString or a Definition',
  );
  await expect(
    provider(cloud).create(request({ StateMachineType: 'EXPRESS', DefinitionString: pass(1) })),
  ).rejects.toThrow('STANDARD state machines only');
  await expect(provider(cloud).create(request({ DefinitionString: '{}' }))).rejects.toMatchObject({
    code: 'InvalidDefinition',
  });
});
