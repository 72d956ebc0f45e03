import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type FunctionRow, manifest, pascal } from '../functions/manifest.ts';
import { ROOT, sourceFiles, sourceOf } from './support/import-graph.ts';
import { calledBy, machines, statesOf } from './support/machine-states.ts';
import { resourceOf } from './support/synthesised.ts';

// The one-word rule: a step is called the same wherever it stands. Each exception is listed here with its reason.

/** Rows whose operation has another file. */
const otherOperation: Readonly<Record<string, string>> = {
  // The word of the route is the sender's; the operation says what is done with it.
  webhook: 'functions/operations/receive-webhook.ts',
  // In the VPC there is no port to anything: the row is an adapter.
  sql: 'functions/adapters/postgres/sql-function.ts',
};

/** Rows whose states are called otherwise, or that have none. */
const otherStates: Readonly<Record<string, readonly string[]>> = {
  // Started by a route, by rules, by other functions, or by the command line.
  webhook: [],
  'complete-callback': [],
  sweep: [],
  reconcile: [],
  'check-cluster': [],
  sql: [],
  // The two ends of the graph are words of their own, and both settle.
  'settle-deployment': ['Done', 'Failed'],
  // The state says what is known by then.
  'reject-request': ['ImagesMissing'],
};

const operationOf = ({ name }: FunctionRow) => otherOperation[name] ?? `functions/operations/${name}.ts`;

const everyState = Object.values(machines).flatMap((machine) => statesOf(machine));

/** `PGMigrate` of `PGMigrate-before`: what follows the hyphen says in which mode. */
const word = (state: string) => state.replace(/-.*$/, '');

test.each(manifest)('$name is the name of its handler and of its operation', (row) => {
  expect(existsSync(join(ROOT, `functions/handlers/${row.name}.ts`))).toBe(true);
  expect(existsSync(join(ROOT, operationOf(row)))).toBe(true);
  const handler = sourceOf(`functions/handlers/${row.name}.ts`);
  expect(handler).toContain(`'${operationOf(row).replace('functions/', '../')}'`);
  if (handler.includes('step(')) expect(handler).toContain(`step('${row.name}',`);
});

test.each(manifest)('$name is the name of the states that call it', ({ name }) => {
  const states = everyState.filter(({ state }) => calledBy(state) === pascal(name)).map((each) => word(each.name));
  expect([...new Set(states)]).toEqual(otherStates[name] ?? [pascal(name)]);
});

test.each(manifest)('$name is the id of its function and of its role in the template', ({ name }) => {
  const [, { Properties }] = resourceOf('AWS::Lambda::Function', pascal(name));
  const [roleId] = resourceOf('AWS::IAM::Role', `${pascal(name)}Role`);
  expect(Properties).toMatchObject({ Handler: `${name}.handler`, Role: { 'Fn::GetAtt': [roleId, 'Arn'] } });
});

test('a step is recorded and logged under the name of its state', () => {
  const steps = sourceFiles().filter((file) => file.startsWith('functions/operations/'));
  const words = steps.flatMap((file) =>
    [...sourceOf(file).matchAll(/\bword: '(\w+)'|\brunStep\(\w+, \w+, '(\w+)'/g)].map(([, waiting, answering]) => ({
      file,
      word: waiting ?? answering ?? '',
    })),
  );
  expect(words.length).toBeGreaterThanOrEqual(16);
  for (const each of words) expect(each.file).toBe(`functions/operations/${rowOf(each.word)}.ts`);
});

test('every file of handlers has a row', () => {
  const handlers = sourceFiles().filter((file) => file.startsWith('functions/handlers/'));
  expect(handlers).toEqual(manifest.map(({ name }) => `functions/handlers/${name}.ts`).sort());
});

test.each(Object.entries(machines))('every function that the %s machine names has a row', (_name, machine) => {
  const named = [...JSON.stringify(machine).matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
  const rows = manifest.map(({ name }) => pascal(name));
  expect(named.filter((name) => !rows.includes(name ?? ''))).toEqual([]);
  expect(named.length).toBeGreaterThan(0);
});

test.each(Object.entries(machines))('no two states of the %s machine share a name', (_name, machine) => {
  const names = statesOf(machine).map(({ name }) => name);
  expect(names.filter((name, place) => names.indexOf(name) !== place)).toEqual([]);
});

const rowOf = (state: string): string | undefined => manifest.find(({ name }) => pascal(name) === state)?.name;
