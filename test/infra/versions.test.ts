import { expect, test } from '@jest/globals';
import { allResources, type Resource, resourcesOfType, statementsOf } from '../support/synthesised.ts';

interface Kept extends Resource {
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

const machines = resourcesOfType('AWS::StepFunctions::StateMachine');
const versions = resourcesOfType('AWS::Lambda::Version') as readonly (readonly [string, Kept])[];

const calledBy = (machine: Resource): readonly string[] =>
  Object.values(machine.Properties?.['DefinitionSubstitutions'] ?? {}).map((value) => (value as { Ref: string }).Ref);

test.each(machines)('%s calls versions of functions and nothing else', (_id, machine) => {
  const known = new Set(versions.map(([id]) => id));
  expect(calledBy(machine).length).toBeGreaterThan(5);
  expect(calledBy(machine).filter((id) => !known.has(id))).toEqual([]);
});

test('a version is published of exactly the functions that machines call', () => {
  const called = new Set(machines.flatMap(([, machine]) => calledBy(machine)));
  expect(versions.map(([id]) => id).sort()).toEqual([...called].sort());
});

test('a version is named after the code and the settings of its function, so that a change publishes a new one', () => {
  for (const [id] of versions) expect(id).toMatch(/CurrentVersion[0-9A-F]{8}[0-9a-f]{32}$/);
});

test('versions outlive the template that made them, but not the rollback of the update that made them', () => {
  const published = allResources().filter(([, { Type }]) => Type.endsWith('Version')) as readonly (readonly [
    string,
    Kept,
  ])[];
  expect(published.length).toBe(versions.length + machines.length);
  for (const [id, { DeletionPolicy, UpdateReplacePolicy }] of published)
    expect([id, DeletionPolicy, UpdateReplacePolicy]).toEqual([id, 'RetainExceptOnCreate', 'Retain']);
});

test.each(machines)(
  'the role of %s may call older versions too: executions that run go on with them',
  (id, machine) => {
    const { RoleArn } = machine.Properties as { readonly RoleArn: { readonly 'Fn::GetAtt': readonly [string] } };
    const [invoke] = statementsOf(RoleArn['Fn::GetAtt'][0]).filter(({ Action }) => Action === 'lambda:InvokeFunction');
    const resources = invoke?.Resource as readonly { readonly 'Fn::Join': readonly [string, readonly unknown[]] }[];
    expect([id, resources.length]).toEqual([id, calledBy(machine).length]);
    for (const resource of resources) expect(resource['Fn::Join'][1].at(-1)).toBe(':*');
  },
);

test('each revision of a machine is published', () => {
  const published = resourcesOfType('AWS::StepFunctions::StateMachineVersion').map(([, { Properties }]) => Properties);
  expect(published).toEqual(
    machines.map(([id]) => ({
      StateMachineArn: { 'Fn::GetAtt': [id, 'Arn'] },
      StateMachineRevisionId: { 'Fn::GetAtt': [id, 'StateMachineRevisionId'] },
    })),
  );
});
