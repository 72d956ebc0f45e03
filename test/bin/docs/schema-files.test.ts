import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { JsonSchema } from '../../../bin/docs/json-schema.ts';
import { schemaFiles } from '../../../bin/docs/schema-files.ts';
import { completeApplication, snakeCase } from '../../support/complete-application.ts';
import { ROOT } from '../../support/import-graph.ts';
import { jsonSchemaFaults } from '../../support/json-schema-faults.ts';
import { fixture, testWithFixtures } from '../../support/o5-fixtures.ts';
import { randomCases } from '../../support/random-application.ts';
import { awsCluster, sampleRuntime } from '../../support/sample-configuration.ts';

const files = schemaFiles();
const schemaOf = (name: string): JsonSchema => JSON.parse(files[`docs/schemas/${name}.schema.json`] ?? '');
const application = schemaOf('application');
const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8');

test.each(Object.entries(files))('%s is in sync with the code; if not, npm run docs mends it', (path, wanted) => {
  expect(textOf(path)).toBe(wanted);
});

testWithFixtures('the schema for editors takes every real application file', () => {
  for (const name of ['dante', 'j5', 'jwtauth', 'o5-deploy-aws', 'o5-ui', 'registry', 'trigger'])
    expect([name, jsonSchemaFaults(application, parse(fixture(name)))]).toEqual([name, []]);
});

const applications = globSync('examples/**/ext/o5/app.yaml', { cwd: ROOT }).sort();

test.each(applications)('%s begins with a line that leads editors to its schema, which takes it', (path) => {
  expect(jsonSchemaFaults(application, parse(textOf(path)))).toEqual([]);
  expect(ledTo(path)).toBe('docs/schemas/application.schema.json');
});

test('the configuration of the embedded cloud does likewise', () => {
  expect(jsonSchemaFaults(schemaOf('configuration'), parse(textOf('examples/local.yaml')))).toEqual([]);
  expect(ledTo('examples/local.yaml')).toBe('docs/schemas/configuration.schema.json');
});

const ledTo = (path: string) => {
  const [, relative = ''] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(textOf(path)) ?? [];
  return join(path, '..', relative);
};

test('every key is accepted in both spellings, with long and short names of values', () => {
  expect(jsonSchemaFaults(application, completeApplication)).toEqual([]);
  expect(jsonSchemaFaults(application, snakeCase(completeApplication))).toEqual([]);
});

test('whatever our own schemas take of an application, the schema for editors takes', () => {
  fc.assert(
    fc.property(randomCases, ({ document }) => {
      expect(jsonSchemaFaults(application, document)).toEqual([]);
      expect(jsonSchemaFaults(application, snakeCase(document))).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

const app = (more: object = {}) => ({ name: 'shop', runtimes: [sampleRuntime()], ...more });
const withVariable = (variable: object) =>
  app({
    runtimes: [sampleRuntime({ containers: [{ name: 'web', imageUrl: 'a', envVars: [{ name: 'A', ...variable }] }] })],
  });
const withPostgres = (postgres: object) => app({ databases: [{ name: 'main', postgres }] });
const variablePath = '.runtimes[0].containers[0].envVars[0]';

test.each<[string, object, readonly string[]]>([
  ['a key that nobody knows', app({ databses: [] }), ['.databses: unknown']],
  ['a removed key', app({ sidecarConfig: {} }), ['.sidecarConfig: unknown']],
  ['a key that is missing', { runtimes: [sampleRuntime()] }, [': name']],
  [
    'a value outside its set',
    app({ runtimes: [sampleRuntime({ routes: [{ protocol: 'TCP' }] })] }),
    ['.runtimes[0].routes[0].protocol: enum'],
  ],
  [
    'a port that is none',
    app({ runtimes: [sampleRuntime({ routes: [{ protocol: 'HTTP', port: 0 }] })] }),
    ['.runtimes[0].routes[0].port: minimum'],
  ],
  ['a name with a dash', app({ name: 'my-shop' }), ['.name: pattern']],
  ['a variable without a source', withVariable({}), [`${variablePath}: oneOf`]],
  ['a variable with two sources', withVariable({ value: 'a', from_env: { name: 'b' } }), [`${variablePath}: oneOf`]],
  [
    'a key of two words that is missing in both spellings',
    withVariable({ secret: {} }),
    [`${variablePath}.secret: anyOf`],
  ],
  [
    'a wrong value under a key in snake_case',
    withPostgres({ run_outbox: 'yes' }),
    ['.databases[0].postgres.run_outbox: type'],
  ],
])('the schema for editors refuses %s', (_, document, faults) => {
  expect(jsonSchemaFaults(application, document)).toEqual(faults);
});

test('the schema for editors takes the deprecated key, and has a word for those who use it', () => {
  for (const key of ['dbName', 'db_name'])
    expect(jsonSchemaFaults(application, withPostgres({ [key]: 'store' }))).toEqual([]);
  const postgres = application.properties?.['databases']?.items?.properties?.['postgres']?.properties;
  expect(postgres?.['dbName']).toMatchObject({ deprecated: true, description: 'Deprecated: use dbNameSuffix.' });
});

test('a cluster and an environment have schemas of their own, which are those of the whole file', () => {
  const cluster = { name: 'main', aws: awsCluster };
  const environment = { fullName: 'prod', vars: [{ name: 'a', join: { delimiter: ',', values: [] } }] };
  expect(jsonSchemaFaults(schemaOf('cluster'), cluster)).toEqual([]);
  expect(jsonSchemaFaults(schemaOf('environment'), { ...environment, clusterName: 'main' })).toEqual([]);
  expect(jsonSchemaFaults(schemaOf('environment'), environment)).toEqual([': anyOf']);
  expect(jsonSchemaFaults(schemaOf('configuration'), { cluster, environments: [environment] })).toEqual([]);
  expect(jsonSchemaFaults(schemaOf('cluster'), { ...cluster, aws: { ...awsCluster, vpcId: 7 } })).toEqual([
    '.aws.vpcId: type',
  ]);
});

test('every key of every file says what it means', () => {
  const silent = (schema: JsonSchema, path: string): readonly string[] => [
    ...(schema.items ? silent(schema.items, `${path}[]`) : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, under]) => [
      ...(under.description ? [] : [`${path}.${key}`]),
      ...silent(under, `${path}.${key}`),
    ]),
  ];
  expect(['application', 'configuration'].flatMap((name) => silent(schemaOf(name), name))).toEqual([]);
});
