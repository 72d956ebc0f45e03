import {
  CancelUpdateStackCommand,
  CloudFormationClient,
  ContinueUpdateRollbackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { stackOperation } from '../../../functions/adapters/aws/stack-operation.ts';
import {
  asked,
  atRest,
  createStack,
  describeStack,
  gate,
  openStage,
  type Stage,
  type TemplateText,
  topic,
  updateStack,
} from '../../local/cloudformation/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const settled = async (template: TemplateText, token = 'before') => {
  await createStack(stage, 'shop', template, { token });
  await atRest(stage, 'shop');
};
const judged = (token: string) => stackOperation(stage.client, 'shop', token);
const one = { Resources: { A: topic({ DisplayName: 'a' }) } };
const changed = { Resources: { A: topic({ DisplayName: 'b' }) } };

test('of a stack that is not there, and of a token that nobody used, nothing is known', async () => {
  expect(await judged('t1')).toEqual({ kind: 'unknown' });
  await settled(one);
  expect(await judged('t1')).toEqual({ kind: 'unknown' });
});

test('an operation runs until its own last event, and then has ended well', async () => {
  await settled(one);
  const hold = gate();
  stage.scripts.set('update A', { until: hold.passed });
  await updateStack(stage, 'shop', changed, { token: 't1' });
  expect(await judged('t1')).toEqual({ kind: 'running' });
  hold.open();
  await atRest(stage, 'shop');
  const ended = { kind: 'ended', status: 'UPDATE_COMPLETE', succeeded: true, rolledBack: false, failures: [] };
  expect(await judged('t1')).toEqual(ended);
});

test('an operation is judged by its own events, whatever happened to the stack before and after', async () => {
  stage.scripts.set('create Bad', { fail: 'quota' });
  await settled(one, 't1');
  await updateStack(stage, 'shop', { Resources: { ...one.Resources, Bad: topic() } }, { token: 't2' });
  await atRest(stage, 'shop');
  await updateStack(stage, 'shop', changed, { token: 't3' });
  await atRest(stage, 'shop');
  expect(await judged('t1')).toMatchObject({ status: 'CREATE_COMPLETE', succeeded: true });
  expect(await judged('t2')).toEqual({
    kind: 'ended',
    status: 'UPDATE_ROLLBACK_COMPLETE',
    succeeded: false,
    rolledBack: true,
    failures: [{ logicalId: 'Bad', type: 'AWS::SNS::Topic', reason: 'quota' }],
  });
  expect(await judged('t3')).toMatchObject({ status: 'UPDATE_COMPLETE', succeeded: true });
});

test('what was only cancelled because of another failure is not named', async () => {
  await settled(one);
  const hold = gate();
  stage.scripts.set('create Slow', { until: hold.passed });
  stage.scripts.set('create Bad', { fail: 'quota' });
  await updateStack(stage, 'shop', { Resources: { ...one.Resources, Slow: topic(), Bad: topic() } }, { token: 't1' });
  await atRest(stage, 'shop');
  expect(await judged('t1')).toMatchObject({ failures: [{ logicalId: 'Bad', reason: 'quota' }] });
});

test('the first failure comes first', async () => {
  await settled(one);
  const hold = gate();
  stage.scripts.set('create Bad', { until: hold.passed, fail: 'first' });
  await updateStack(
    stage,
    'shop',
    { Resources: { A: topic({ DisplayName: 'b' }), Bad: topic({}, { DependsOn: 'A' }) } },
    { token: 't1' },
  );
  await asked(stage, 'create', 'Bad');
  stage.scripts.set('update A', { fail: 'second' });
  hold.open();
  await atRest(stage, 'shop');
  expect(await judged('t1')).toMatchObject({
    status: 'UPDATE_ROLLBACK_FAILED',
    succeeded: false,
    rolledBack: false,
    failures: [{ reason: 'first' }, { reason: 'second' }],
  });
});

test('an update that somebody else cancelled has ended, rolled back, and says who did not fail', async () => {
  await settled(one);
  const hold = gate();
  stage.scripts.set('update A', { until: hold.passed, deaf: true });
  await updateStack(stage, 'shop', changed, { token: 't1' });
  await asked(stage, 'update', 'A');
  await stage.client.send(new CancelUpdateStackCommand({ StackName: 'shop', ClientRequestToken: 'console' }));
  expect(await judged('t1')).toEqual({ kind: 'running' });
  hold.open();
  await atRest(stage, 'shop');
  await updateStack(stage, 'shop', { Resources: { A: topic({ DisplayName: 'c' }) } }, { token: 'console-2' });
  await atRest(stage, 'shop');
  expect(await judged('t1')).toMatchObject({
    kind: 'ended',
    status: 'UPDATE_ROLLBACK_COMPLETE',
    succeeded: false,
    rolledBack: true,
    failures: [
      {
        logicalId: 'shop',
        type: 'AWS::CloudFormation::Stack',
        reason: 'Another operation than this one brought the stack to UPDATE_ROLLBACK_COMPLETE',
      },
    ],
  });
});

test('a rollback that was continued succeeds by rolling back, which an update does not', async () => {
  await settled(one);
  const hold = gate();
  stage.scripts.set('create Bad', { until: hold.passed, fail: 'quota' });
  const failing = { A: topic({ DisplayName: 'b' }), Bad: topic({}, { DependsOn: 'A' }) };
  await updateStack(stage, 'shop', { Resources: failing }, { token: 't1' });
  await asked(stage, 'create', 'Bad');
  stage.scripts.set('update A', { fail: 'locked' });
  hold.open();
  await atRest(stage, 'shop');
  stage.scripts.delete('update A');
  const goOn = new ContinueUpdateRollbackCommand({ StackName: 'shop', ClientRequestToken: 't2' });
  await stage.client.send(goOn);
  await atRest(stage, 'shop');
  expect(await judged('t1')).toMatchObject({ status: 'UPDATE_ROLLBACK_FAILED', succeeded: false });
  expect(await judged('t2')).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE', succeeded: true, rolledBack: true });
});

test('a stack that somebody deletes ends our operation, as its id tells when its name leads nowhere', async () => {
  const hold = gate();
  stage.scripts.set('create A', { until: hold.passed });
  const { StackId = '' } = await createStack(stage, 'shop', one, { token: 't1' });
  await asked(stage, 'create', 'A');
  await stage.client.send(new DeleteStackCommand({ StackName: 'shop', ClientRequestToken: 'console' }));
  hold.open();
  await atRest(stage, StackId);
  const ended = {
    kind: 'ended',
    status: 'DELETE_COMPLETE',
    succeeded: false,
    rolledBack: false,
    gone: true,
    failures: [{ reason: 'Somebody deleted the stack while this operation was under way' }],
  };
  expect(await judged('t1')).toEqual({ kind: 'unknown' });
  expect(await stackOperation(stage.client, StackId, 't1')).toMatchObject(ended);
  await settled(one, 'anew');
  expect(await judged('t1')).toEqual({ kind: 'unknown' });
  expect(await stackOperation(stage.client, StackId, 't1')).toMatchObject(ended);
});

test('an operation that had ended is judged by its own end, also when the stack was deleted since', async () => {
  await settled(one, 't1');
  const { StackId = '' } = await describeStack(stage, 'shop');
  await stage.client.send(new DeleteStackCommand({ StackName: 'shop' }));
  await atRest(stage, StackId);
  expect(await stackOperation(stage.client, StackId, 't1')).toMatchObject({
    status: 'CREATE_COMPLETE',
    succeeded: true,
  });
});

/** CloudFormation that has one page of events per operation, newest first; counts the pages it was asked for. */
const longHistory = (operations: number) => {
  const asked: number[] = [];
  const client = new CloudFormationClient({ region: 'eu-west-1' });
  mockClient(client)
    .on(DescribeStackEventsCommand)
    .callsFake(async ({ NextToken = '0' }) => {
      const page = Number(NextToken);
      asked.push(page);
      const event = (ResourceStatus: string) => ({
        ...{ StackId: 'arn:shop', PhysicalResourceId: 'arn:shop', ResourceStatus },
        ClientRequestToken: `token-${page}`,
      });
      return {
        StackEvents: [event('UPDATE_COMPLETE'), event('UPDATE_IN_PROGRESS')],
        ...(page + 1 < operations ? { NextToken: String(page + 1) } : {}),
      };
    });
  return { client, asked };
};

test('a token that nobody used does not cost the whole history of the stack', async () => {
  const { client, asked: pages } = longHistory(1000);
  expect(await stackOperation(client, 'shop', 'never-used')).toEqual({ kind: 'unknown' });
  expect(pages.length).toBeLessThan(40);
});

test('the operations of a long deployment are found behind all those that came after them', async () => {
  const { client, asked: pages } = longHistory(1000);
  expect(await stackOperation(client, 'shop', 'token-25')).toMatchObject({ kind: 'ended', succeeded: true });
  expect(pages).toHaveLength(27);
});

test('events of more than one page are read as far as the operation reaches', async () => {
  await settled(one, 't1');
  const many = (name: string) =>
    Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`T${index}`, topic({ DisplayName: name })]));
  await updateStack(stage, 'shop', { Resources: { ...one.Resources, ...many('a') } }, { token: 't2' });
  await atRest(stage, 'shop');
  expect(await judged('t1')).toMatchObject({ status: 'CREATE_COMPLETE' });
  expect(await judged('t2')).toMatchObject({ status: 'UPDATE_COMPLETE' });
});

test('a fault of CloudFormation is thrown', async () => {
  await stage.close();
  stage = await openStage({
    authorizeAs: () => () => {
      throw Object.assign(new Error('Rate exceeded'), { name: 'Throttling' });
    },
  });
  await expect(judged('t1')).rejects.toThrow('Rate exceeded');
});
