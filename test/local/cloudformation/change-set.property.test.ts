import {
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
  type ResourceChange,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atRest, createStack, openStage, type Stage, seen, turn } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const IDS = ['A', 'B', 'C', 'D', 'E'];

/** A property's value: literal, parameter, or a mention of an earlier resource. */
const value = (earlier: readonly string[]) =>
  fc.oneof(
    fc.constantFrom('x', 'y'),
    fc.constant({ Ref: 'P' }),
    ...(earlier.length
      ? [
          fc.constantFrom(...earlier).map((id) => ({ Ref: id })),
          fc.constantFrom(...earlier).map((id) => ({ 'Fn::Sub': `\${${id}.TopicName}!` })),
          fc
            .constantFrom(...earlier)
            .map((id) => ({ 'Fn::If': ['Big', { 'Fn::GetAtt': [id, 'TopicName'] }, 'small'] })),
        ]
      : []),
  );

/** TopicName needs replacement, DisplayName does not. */
const resource = (earlier: readonly string[]) =>
  fc
    .record({ TopicName: value(earlier), DisplayName: value(earlier) }, { requiredKeys: [] })
    .map((Properties) => ({ Type: 'AWS::SNS::Topic', Properties }));

const template = fc.subarray(IDS, { minLength: 1 }).chain((ids) =>
  fc.record(Object.fromEntries(ids.map((id, index) => [id, resource(ids.slice(0, index))]))).map((Resources) => ({
    Parameters: { P: { Type: 'String' } },
    Conditions: { Big: { 'Fn::Equals': [{ Ref: 'P' }, 'big'] } },
    Resources,
  })),
);

const deployment = fc.record({ template, parameter: fc.constantFrom('big', 'other') });
type Deployment = typeof deployment extends fc.Arbitrary<infer D> ? D : never;

const parameters = (parameter: string) => [{ ParameterKey: 'P', ParameterValue: parameter }];

const planned = async (StackName: string, { template: body, parameter }: Deployment, ChangeSetName = 'next') => {
  await stage.client.send(
    new CreateChangeSetCommand({
      ...{ StackName, ChangeSetName, TemplateBody: JSON.stringify(body), Parameters: parameters(parameter) },
    }),
  );
  for (;;) {
    const found = await stage.client.send(new DescribeChangeSetCommand({ StackName, ChangeSetName }));
    if (found.Status === 'FAILED') return [];
    if (found.Status === 'CREATE_COMPLETE')
      return (found.Changes ?? []).flatMap(({ ResourceChange }) => (ResourceChange ? [ResourceChange] : []));
    await turn();
  }
};

const isOnlyDynamic = ({ Details = [] }: ResourceChange) => Details.every(({ Evaluation }) => Evaluation === 'Dynamic');

/** What the providers have to see for a change. */
const effects = ({ Action, LogicalResourceId: id, Replacement }: ResourceChange): readonly string[] => {
  if (Action === 'Add') return [`create ${id}`];
  if (Action === 'Remove') return [`delete ${id}`];
  return Replacement === 'False' ? [`update ${id}`] : [`create ${id}`, `delete ${id}`];
};

let count = 0;

test('what a change set lists is what the providers see', async () => {
  let executed = 0;
  await fc.assert(
    fc.asyncProperty(deployment, deployment, async (first, second) => {
      const name = `s${++count}`;
      await createStack(stage, name, first.template, { parameters: { P: first.parameter } });
      expect((await atRest(stage, name)).StackStatus).toBe('CREATE_COMPLETE');
      seen(stage);
      const changes = await planned(name, second);
      expect(seen(stage)).toEqual([]);
      if (changes.length === 0) return;
      await stage.client.send(new ExecuteChangeSetCommand({ StackName: name, ChangeSetName: 'next' }));
      expect((await atRest(stage, name)).StackStatus).toBe('UPDATE_COMPLETE');
      // Every attribute of the fake providers changes with every update, so that here even what is Dynamic comes true.
      expect(seen(stage).sort()).toEqual(changes.flatMap(effects).sort());
      // And nothing is left that a further change set would see.
      expect(await planned(name, second, 'again')).toEqual([]);
      executed++;
    }),
    { numRuns: 60 },
  );
  expect(executed).toBeGreaterThan(30);
});

test('where attributes stay as they are, the certain changes happen and nothing happens that was not listed', async () => {
  const steady = await openStage({
    options: {
      providers: () => {
        // Of its own for each resource: a mention of another one is another value, and so a change that is certain.
        const resource = (logicalId: string, physicalId: string) => ({
          physicalId,
          attributes: { TopicName: `steady ${logicalId}` },
        });
        return {
          'AWS::SNS::Topic': {
            create: async ({ logicalId, seed }) => {
              made.push(`create ${logicalId}`);
              return resource(logicalId, `${logicalId}-${seed.slice(0, 8)}`);
            },
            update: async ({ logicalId, physicalId }) => {
              made.push(`update ${logicalId}`);
              return resource(logicalId, physicalId);
            },
            delete: async ({ logicalId }) => {
              made.push(`delete ${logicalId}`);
            },
          },
        };
      },
    },
  });
  const made: string[] = [];
  const shifting = stage;
  stage = steady;
  try {
    await fc.assert(
      fc.asyncProperty(deployment, deployment, async (first, second) => {
        const name = `t${++count}`;
        await createStack(stage, name, first.template, { parameters: { P: first.parameter } });
        await atRest(stage, name);
        made.length = 0;
        const changes = await planned(name, second);
        if (changes.length === 0) return;
        await stage.client.send(new ExecuteChangeSetCommand({ StackName: name, ChangeSetName: 'next' }));
        await atRest(stage, name);
        const touched = new Set(made.map((one) => one.split(' ')[1]));
        const certain = changes.filter((change) => !isOnlyDynamic(change) || change.Action !== 'Modify');
        const listed = changes.map((one) => one.LogicalResourceId);
        expect([...touched].every((id) => listed.includes(id))).toBe(true);
        expect(certain.every(({ LogicalResourceId }) => touched.has(LogicalResourceId))).toBe(true);
      }),
      { numRuns: 30 },
    );
  } finally {
    stage = shifting;
    await steady.close();
  }
});
