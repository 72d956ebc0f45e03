import {
  type CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { cloudFormationStackDeployer } from '../../../functions/adapters/aws/stack-deployer.ts';
import { emptyTemplate } from '../../../functions/domain/template/empty-template.ts';
import type { ChangeSetRequest, StackDeployer } from '../../../functions/ports.ts';
import { standingClock } from '../../../infra/local/clock.ts';
import type { ResourceProvider } from '../../../infra/local/part.ts';
import {
  asked,
  atRest,
  createStack,
  describeStack,
  gate,
  openStage,
  type Stage,
  type StageOptions,
  seen,
  type TemplateText,
  topic,
  updateStack,
} from '../../local/cloudformation/stage.ts';

let stage: Stage;
let stacks: StackDeployer;
let slept: number;
/** Time that passes only while the adapter sleeps, so that no look takes real seconds. */
const clock = {
  now: () => new Date(slept),
  sleep: async (millis: number) => {
    slept += millis;
    await new Promise((resolve) => setTimeout(resolve, 1));
  },
};

const opened = async (options?: StageOptions) => {
  slept = 0;
  stage = await openStage(options);
  stacks = cloudFormationStackDeployer(stage.client, clock, undefined);
};
beforeEach(() => opened());
afterEach(() => stage.close());

const asUrl = (template: TemplateText) => `data:application/json,${encodeURIComponent(JSON.stringify(template))}`;
const request = (template: TemplateText, more: Partial<ChangeSetRequest> = {}): ChangeSetRequest => ({
  stackName: 'shop',
  name: 't1',
  templateUrl: asUrl(template),
  parameters: {},
  token: 't1',
  ...more,
});
const settled = async (template: TemplateText) => {
  await createStack(stage, 'shop', template);
  await atRest(stage, 'shop');
  stage.calls.splice(0);
};
const one = { Resources: { A: topic({ DisplayName: 'a' }) } };
const two = { Resources: { A: topic({ DisplayName: 'b' }), B: topic() } };

test('a stack that is not there is undefined, one that was deleted too', async () => {
  expect(await stacks.find('shop')).toBeUndefined();
  await settled(one);
  await stacks.remove('shop', 't9');
  expect(await stacks.find('shop')).toBeUndefined();
});

test('an empty stack is made once for a token, and can be updated', async () => {
  await stacks.createEmpty('shop', 't1');
  await stacks.createEmpty('shop', 't1');
  await atRest(stage, 'shop');
  expect(await stacks.find('shop')).toMatchObject({
    name: 'shop',
    status: 'CREATE_COMPLETE',
    atRest: true,
    usable: true,
  });
  expect(await stacks.template('shop')).toEqual(emptyTemplate);
  await expect(stacks.createEmpty('shop', 't2')).rejects.toMatchObject({ name: 'AlreadyExistsException' });
});

test('a stack tells its parameters and outputs', async () => {
  await createStack(
    stage,
    'shop',
    {
      Parameters: { Version: { Type: 'String' }, Secret: { Type: 'String', NoEcho: true } },
      ...one,
      Outputs: { Ran: { Value: { Ref: 'Version' } } },
    },
    { parameters: { Version: 'v1', Secret: 's' } },
  );
  await atRest(stage, 'shop');
  expect(await stacks.find('shop')).toMatchObject({
    parameters: { Version: 'v1', Secret: '****' },
    outputs: { Ran: 'v1' },
    husk: false,
    rollbackFailed: false,
  });
});

test('a moving stack is neither at rest nor usable', async () => {
  const hold = gate();
  stage.scripts.set('create A', { until: hold.passed });
  await createStack(stage, 'shop', one);
  expect(await stacks.find('shop')).toMatchObject({ status: 'CREATE_IN_PROGRESS', atRest: false, usable: false });
  hold.open();
});

test('a create that was rolled back is a husk, and is removed', async () => {
  stage.scripts.set('create A', { fail: 'no' });
  await createStack(stage, 'shop', one);
  await atRest(stage, 'shop');
  expect(await stacks.find('shop')).toMatchObject({ status: 'ROLLBACK_COMPLETE', husk: true, usable: false });
  await stacks.remove('shop', 't1');
  await stacks.remove('shop', 't1');
  expect(await stacks.find('shop')).toBeUndefined();
});

test('a change set on nothing is a husk, and is removed', async () => {
  await stage.client.send(
    new CreateChangeSetCommand({
      StackName: 'shop',
      ChangeSetName: 'first',
      ChangeSetType: 'CREATE',
      TemplateBody: JSON.stringify(one),
    }),
  );
  expect(await stacks.find('shop')).toMatchObject({ status: 'REVIEW_IN_PROGRESS', husk: true, atRest: true });
  await stacks.remove('shop', 't1');
  expect(await stacks.find('shop')).toBeUndefined();
});

test('F18: a removal waits for the end, and says which stack could not be deleted and why', async () => {
  await settled(one);
  stage.scripts.set('delete A', { fail: 'still subscribed' });
  await expect(stacks.remove('shop', 't1')).rejects.toMatchObject({
    name: 'StackUnusable',
    message: expect.stringMatching(/^CloudFormation stack shop cannot be deleted: .*\[A\]/),
    reason: { left: expect.any(String), remedy: expect.any(String) },
  });
});

test('a removal that AWS refuses is thrown', async () => {
  await settled(one);
  await stage.client.send(
    new UpdateTerminationProtectionCommand({ StackName: 'shop', EnableTerminationProtection: true }),
  );
  await expect(stacks.remove('shop', 't1')).rejects.toThrow(/TerminationProtection/);
});

test('an import takes over what exists by a change set of its own, and ends as its operation says', async () => {
  const bucket = { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain', Properties: { BucketName: 'uploads' } };
  const provider: ResourceProvider = {
    create: async () => ({ physicalId: 'uploads', attributes: {} }),
    update: async ({ physicalId }) => ({ physicalId, attributes: {} }),
    delete: async () => {},
    importing: {
      identifier: ['BucketName'],
      find: async ({ BucketName = '' }) =>
        BucketName === 'uploads' ? { physicalId: BucketName, attributes: {} } : undefined,
    },
  };
  await stage.close();
  await opened({ options: { providers: () => ({ 'AWS::S3::Bucket': provider }) } });
  await stacks.createEmpty('shop', 't0');
  await atRest(stage, 'shop');
  const template = { Resources: { ...emptyTemplate.Resources, Uploads: bucket } };
  const imported = (BucketName: string) => [
    { logicalId: 'Uploads', type: 'AWS::S3::Bucket', identifier: { BucketName } },
  ];
  const wrong = await stacks.prepare(request(template, { name: 't1', imports: imported('downloads') }));
  expect(wrong.failure).toMatch(/downloads/);
  await stacks.discard(wrong.id);
  const prepared = await stacks.prepare(request(template, { name: 't2', token: 't2', imports: imported('uploads') }));
  expect(prepared).toMatchObject({ empty: false, changes: [{ logicalId: 'Uploads', action: 'Import' }] });
  expect(await stacks.prepare(request(template, { name: 't2', token: 't2', imports: imported('uploads') }))).toEqual(
    prepared,
  );
  expect(await stacks.execute(prepared.id, 't2')).toBe('executed');
  await atRest(stage, 'shop');
  expect(await stacks.operation('shop', 't2')).toMatchObject({
    kind: 'ended',
    status: 'IMPORT_COMPLETE',
    succeeded: true,
  });
  expect(await stacks.find('shop')).toMatchObject({ status: 'IMPORT_COMPLETE', usable: true });
});

test('the template of a YAML stack is refused in words', async () => {
  const TemplateBody = 'Resources:\n  A:\n    Type: AWS::SNS::Topic\n';
  await stage.client.send(new CreateStackCommand({ StackName: 'shop', TemplateBody }));
  await atRest(stage, 'shop');
  await expect(stacks.template('shop')).rejects.toMatchObject({
    name: 'ForeignTemplate',
    message: expect.stringContaining('Stack shop'),
  });
});

test('resources are told by logical id, also those of the second page', async () => {
  const many = Object.fromEntries(Array.from({ length: 130 }, (_, index) => [`T${index}`, topic()]));
  await settled({ Resources: many });
  const resources = await stacks.resources('shop');
  expect(Object.keys(resources).sort()).toEqual(Object.keys(many).sort());
  expect(resources['T129']).toEqual({ type: 'AWS::SNS::Topic', physicalId: expect.stringMatching(/^T129-/) });
});

test('a change set names what would change, sorted, and moves nothing', async () => {
  await settled(one);
  const prepared = await stacks.prepare(request(two));
  expect(prepared).toMatchObject({ empty: false, id: expect.stringContaining(':changeSet/t1/') });
  expect(prepared.changes).toEqual([
    {
      logicalId: 'A',
      type: 'AWS::SNS::Topic',
      action: 'Modify',
      replacement: 'False',
      properties: ['DisplayName'],
      dynamic: false,
    },
    { logicalId: 'B', type: 'AWS::SNS::Topic', action: 'Add', replacement: 'False', properties: [], dynamic: false },
  ]);
  expect(seen(stage)).toEqual([]);
});

test('replacements, removals with their policy, and what only follows another change are told apart', async () => {
  const queue = (name: string) => ({ Type: 'AWS::SNS::Topic', Properties: { TopicName: name } });
  const follower = topic({ DisplayName: { Ref: 'Q' } });
  const kept = topic({}, { DeletionPolicy: 'Retain' });
  await settled({ Resources: { Q: queue('one'), F: follower, Kept: kept } });
  const { changes } = await stacks.prepare(request({ Resources: { Q: queue('two'), F: follower } }));
  expect(changes).toMatchObject([
    { logicalId: 'F', action: 'Modify', replacement: 'False', dynamic: true, properties: ['DisplayName'] },
    { logicalId: 'Kept', action: 'Remove', policyAction: 'Retain' },
    { logicalId: 'Q', action: 'Modify', replacement: 'True', dynamic: false, properties: ['TopicName'] },
  ]);
});

test('changes of more than one page are all read', async () => {
  await settled(one);
  const many = Object.fromEntries(Array.from({ length: 130 }, (_, index) => [`T${index}`, topic()]));
  const { changes } = await stacks.prepare(request({ Resources: { ...one.Resources, ...many } }));
  expect(changes).toHaveLength(130);
});

test('a stack that would not change has an empty change set, which is no failure', async () => {
  await settled(one);
  expect(await stacks.prepare(request(one))).toEqual({ id: expect.any(String), empty: true, changes: [] });
});

test('a change of outputs alone is a change, and is executed', async () => {
  await settled(one);
  const prepared = await stacks.prepare(request({ ...one, Outputs: { Said: { Value: 'yes' } } }));
  expect(prepared).toMatchObject({ empty: false, changes: [] });
  await stacks.execute(prepared.id, 't1');
  await atRest(stage, 'shop');
  expect((await stacks.find('shop'))?.outputs).toEqual({ Said: 'yes' });
});

test('a change set that CloudFormation refuses says why', async () => {
  await settled({ Resources: { A: topic({ TopicName: 'a' }) } });
  const failing = { Resources: { A: topic({ TopicName: { 'Fn::ImportValue': 'nowhere' } }) } };
  const prepared = await stacks.prepare(request(failing));
  expect(prepared).toMatchObject({ empty: false, changes: [], failure: expect.stringContaining('nowhere') });
});

test('what early validation found is told by resource and property, one after the other', async () => {
  await settled(one);
  stage.part.faults.fail({ logicalId: 'B', when: 'validation', property: 'DisplayName', reason: 'Unsupported value' });
  stage.part.faults.fail({ logicalId: 'A', when: 'validation', reason: 'Name is taken' });
  const { failure, changes } = await stacks.prepare(request(two));
  expect(changes).toEqual([]);
  expect(failure).toBe(
    'A (AWS::SNS::Topic): Name is taken; B (AWS::SNS::Topic) at Properties/DisplayName: Unsupported value',
  );
});

test.each([
  ['a reference to nothing', { Resources: { A: topic({ DisplayName: { Ref: 'Nope' } }) } }, /\[Nope\]/],
  ['a type that does not exist', { Resources: { A: { Type: 'AWS::Nope::Nope' } } }, /AWS::Nope::Nope/],
  ['a type that changes', { Resources: { A: { Type: 'AWS::SQS::Queue' } } }, /following resources: \[A\]/],
  ['a parameter without a value', { Parameters: { P: { Type: 'String' } }, ...one }, /\[P\]/],
])('%s in a template is a refusal in words, and nothing is left to discard', async (_, template, words) => {
  await settled(one);
  const prepared = await stacks.prepare(request(template));
  expect(prepared).toMatchObject({ empty: false, changes: [], failure: expect.stringMatching(words) });
  await stacks.discard(prepared.id);
});

test('a stack that is not there, or is being moved, is no fault of the template', async () => {
  await expect(stacks.prepare(request(one))).rejects.toThrow('does not exist');
  await settled(one);
  const hold = gate();
  stage.scripts.set('update A', { until: hold.passed });
  await updateStack(stage, 'shop', two);
  await expect(stacks.prepare(request(one))).rejects.toThrow('can not be updated');
  hold.open();
});

test('the same request again finds the same change set', async () => {
  await settled(one);
  const first = await stacks.prepare(request(two));
  expect(await stacks.prepare(request(two))).toEqual(first);
});

test('a change set that another template made under the same name is the one that is read', async () => {
  await settled(one);
  const first = await stacks.prepare(request(two));
  expect(await stacks.prepare(request(one, { token: 't2' }))).toEqual(first);
});

test('a change set leaves the tags of a stack alone', async () => {
  await stage.client.send(
    new CreateStackCommand({
      StackName: 'shop',
      TemplateBody: JSON.stringify(one),
      Tags: [{ Key: 'owner', Value: 'us' }],
    }),
  );
  await atRest(stage, 'shop');
  expect(await stacks.prepare(request(one))).toMatchObject({ empty: true });
  const { id } = await stacks.prepare(request(two, { name: 't2', token: 't2' }));
  await stacks.execute(id, 't2');
  expect((await atRest(stage, 'shop')).Tags).toEqual([{ Key: 'owner', Value: 'us' }]);
});

test('a discarded change set is gone, also when it is discarded again', async () => {
  await settled(one);
  const { id } = await stacks.prepare(request(two));
  await stacks.discard(id);
  await stacks.discard(id);
  expect(await stacks.execute(id, 't1')).toBe('obsolete');
});

test('an executed change set has its effect once, whoever executes it again', async () => {
  await settled(one);
  const { id } = await stacks.prepare(request(two));
  expect(await stacks.execute(id, 't1')).toBe('executed');
  expect(await stacks.execute(id, 't1')).toBe('executed');
  await atRest(stage, 'shop');
  expect(await stacks.execute(id, 't1')).toBe('executed');
  expect(seen(stage).sort()).toEqual(['create B', 'update A']);
});

test('under another token a change set that was executed says so, and changes nothing', async () => {
  await settled(one);
  const { id } = await stacks.prepare(request(two));
  await stacks.execute(id, 't1');
  await atRest(stage, 'shop');
  seen(stage);
  expect(await stacks.execute(id, 't2')).toBe('executed');
  expect(seen(stage)).toEqual([]);
});

test('a change set of a stack that moved since is obsolete', async () => {
  await settled(one);
  const { id } = await stacks.prepare(request(two));
  await updateStack(stage, 'shop', { Resources: { A: topic({ DisplayName: 'c' }) } });
  await atRest(stage, 'shop');
  expect(await stacks.execute(id, 't1')).toBe('obsolete');
});

test('a change set of a stack that is being moved is obsolete', async () => {
  await settled(one);
  const { id } = await stacks.prepare(request(two));
  const hold = gate();
  stage.scripts.set('update A', { until: hold.passed });
  await updateStack(stage, 'shop', { Resources: { A: topic({ DisplayName: 'c' }) } });
  await asked(stage, 'update', 'A');
  expect(await stacks.execute(id, 't1')).toBe('obsolete');
  hold.open();
});

test('the sibling of an executed change set is gone, and so obsolete', async () => {
  await settled(one);
  const [first, second] = [
    await stacks.prepare(request(two)),
    await stacks.prepare(request(two, { name: 't2', token: 't2' })),
  ];
  await stacks.execute(first.id, 't1');
  await atRest(stage, 'shop');
  expect(await stacks.execute(second.id, 't2')).toBe('obsolete');
});

test('a change set that is never ready is given up after the budget, retryably and by name', async () => {
  await stage.close();
  await opened({ clock: standingClock(1), latency: (operation) => (operation === 'cloudformation.changeset' ? 1 : 0) });
  await settled(one);
  await expect(stacks.prepare(request(two))).rejects.toMatchObject({
    name: 'Unavailable',
    message: 'The change set t1 of shop takes more than 45 seconds',
  });
  expect(slept).toBeLessThan(50_000);
});

test('an update is cancelled while it runs, and not when it has ended', async () => {
  await settled(one);
  const hold = gate();
  stage.scripts.set('update A', { until: hold.passed });
  await updateStack(stage, 'shop', two, { token: 't1' });
  await asked(stage, 'update', 'A');
  expect(await stacks.cancelUpdate('shop', 't2')).toBe(true);
  hold.open();
  expect((await atRest(stage, 'shop')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await stacks.cancelUpdate('shop', 't3')).toBe(false);
});

test('a rollback that failed is continued, once for a token', async () => {
  await settled(one);
  const hold = gate();
  stage.scripts.set('create Bad', { until: hold.passed, fail: 'no' });
  await updateStack(stage, 'shop', {
    Resources: { A: topic({ DisplayName: 'b' }), Bad: topic({}, { DependsOn: 'A' }) },
  });
  await asked(stage, 'create', 'Bad');
  stage.scripts.set('update A', { fail: 'locked' });
  hold.open();
  await atRest(stage, 'shop');
  expect(await stacks.find('shop')).toMatchObject({ rollbackFailed: true, usable: false, atRest: true });
  seen(stage);
  await stacks.continueRollback('shop', 't1');
  await stacks.continueRollback('shop', 't1');
  await atRest(stage, 'shop');
  expect(seen(stage)).toEqual(['update A']);
  expect(await stacks.find('shop')).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE', usable: true });
});

test('the service role is handed to every operation that changes something', async () => {
  const given: string[] = [];
  const role = 'arn:aws:iam::123456789012:role/cloudformation';
  const watched = stage.client as CloudFormationClient;
  watched.middlewareStack.add(
    (next, context) => (args) => {
      if ('RoleARN' in args.input && args.input.RoleARN === role) given.push(String(context['commandName']));
      return next(args);
    },
    { step: 'initialize' },
  );
  const ours = cloudFormationStackDeployer(watched, clock, role);
  await ours.createEmpty('shop', 't1');
  await atRest(stage, 'shop');
  const { id } = await ours.prepare(request(one));
  await ours.execute(id, 't2');
  await atRest(stage, 'shop');
  await ours.remove('shop', 't3');
  await expect(ours.continueRollback('shop', 't4')).rejects.toThrow();
  expect(given).toEqual([
    'CreateStackCommand',
    'CreateChangeSetCommand',
    'DeleteStackCommand',
    'ContinueUpdateRollbackCommand',
  ]);
  expect((await describeStack(stage, 'shop').catch(() => undefined))?.StackStatus).toBeUndefined();
});
