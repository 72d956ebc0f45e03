import { expect, test } from '@jest/globals';
import { type TableShape, tables } from '../../functions/tables.ts';
import { outputIdOf, pascalOf } from '../../infra/aws/names.ts';
import { machines } from '../support/machine-states.ts';
import { allResources, resourceOf, resourcesOfType } from '../support/synthesised.ts';

test('the templates hold no custom resource, and no type that the embedded cloud would have to pretend', () => {
  const types = new Set(allResources().map(([, { Type }]) => Type));
  expect([...types].sort()).toEqual([
    'AWS::ApiGatewayV2::Api',
    'AWS::ApiGatewayV2::Integration',
    'AWS::ApiGatewayV2::Route',
    'AWS::ApiGatewayV2::Stage',
    'AWS::CloudWatch::Alarm',
    'AWS::CloudWatch::Dashboard',
    'AWS::DynamoDB::Table',
    'AWS::Events::EventBus',
    'AWS::Events::Rule',
    'AWS::IAM::ManagedPolicy',
    'AWS::IAM::Policy',
    'AWS::IAM::Role',
    'AWS::Lambda::Function',
    'AWS::Lambda::Permission',
    'AWS::Lambda::Version',
    'AWS::Logs::LogGroup',
    'AWS::Logs::MetricFilter',
    'AWS::S3::Bucket',
    'AWS::S3::BucketPolicy',
    'AWS::SNS::Topic',
    'AWS::SNS::TopicPolicy',
    'AWS::SQS::Queue',
    'AWS::SQS::QueuePolicy',
    'AWS::SecretsManager::Secret',
    'AWS::StepFunctions::StateMachine',
    'AWS::StepFunctions::StateMachineVersion',
  ]);
});

test('the documents are closed to the public, encrypted, and read over TLS only', () => {
  const [, { Properties }] = resourceOf('AWS::S3::Bucket', 'Documents');
  expect(Properties).toMatchObject({
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
  });
  const policies = resourcesOfType('AWS::S3::BucketPolicy');
  expect(JSON.stringify(policies)).toContain('{"Bool":{"aws:SecureTransport":"false"}}');
});

test('documents are forgotten by their age, but for releases, which may run for years', () => {
  const [, { Properties }] = resourceOf('AWS::S3::Bucket', 'Documents');
  const { Rules = [] } = (Properties?.['LifecycleConfiguration'] ?? {}) as {
    readonly Rules?: readonly Readonly<Record<string, unknown>>[];
  };
  const days = Object.fromEntries(
    Rules.flatMap(({ Prefix, ExpirationInDays }) => (Prefix ? [[Prefix, ExpirationInDays]] : [])),
  );
  expect(Object.keys(days).sort()).toEqual(['drafts/', 'plans/', 'previews/', 'templates/']);
  expect(Rules.every(({ Prefix, ExpirationInDays }) => Prefix || ExpirationInDays === undefined)).toBe(true);
  // What a deployment reads lives longer than the longest one.
  const longest = (machines['deployment']?.TimeoutSeconds ?? 0) / 86_400;
  expect(longest).toBe(30);
  expect(days['plans/']).toBeGreaterThan(longest);
});

test('secrets are born empty: no value stands in a template, nor in the environment of a function', () => {
  const secrets = resourcesOfType('AWS::SecretsManager::Secret');
  expect(secrets.map(([, { Properties }]) => Object.keys(Properties ?? {}))).toEqual([['Name'], ['Name']]);
  const text = JSON.stringify(resourcesOfType('AWS::Lambda::Function'));
  expect(text).not.toMatch(/resolve:secretsmanager|SecretString|PRIVATE KEY/);
});

test.each(Object.entries<TableShape>(tables))('%s is a table of its shape, paid by request', (key, shape) => {
  const [, { Properties }] = resourceOf('AWS::DynamoDB::Table', pascalOf(key));
  const keyOf = ({ partitionKey, sortKey }: Pick<TableShape, 'partitionKey' | 'sortKey'>) => [
    { AttributeName: partitionKey, KeyType: 'HASH' },
    ...(sortKey ? [{ AttributeName: sortKey, KeyType: 'RANGE' }] : []),
  ];
  expect(Properties).toMatchObject({ BillingMode: 'PAY_PER_REQUEST', KeySchema: keyOf(shape) });
  const indexes = (Properties?.['GlobalSecondaryIndexes'] ?? []) as readonly object[];
  expect(indexes).toEqual(
    shape.indexes.map((index) => ({
      IndexName: index.name,
      KeySchema: keyOf(index),
      Projection: { ProjectionType: 'ALL' },
    })),
  );
});

test.each([
  ['RequestMachine', 'slipway-request', 'request'],
  ['DeploymentMachine', 'slipway-deployment', 'deployment'],
] as const)('%s is the literal itself, with a substitution for each function', (id, name, literal) => {
  const [, { Properties }] = resourcesOfType('AWS::StepFunctions::StateMachine').find(
    ([logicalId]) => logicalId === id,
  ) ?? ['', { Type: '' }];
  expect(Properties).toMatchObject({ StateMachineName: name, StateMachineType: 'STANDARD' });
  expect(JSON.parse(String(Properties?.['DefinitionString']))).toEqual(JSON.parse(JSON.stringify(machines[literal])));
  const named = new Set([...String(Properties?.['DefinitionString']).matchAll(/\$\{(\w+)\}/g)].map(([, each]) => each));
  expect(Object.keys((Properties?.['DefinitionSubstitutions'] ?? {}) as object).sort()).toEqual([...named].sort());
});

test('one route leads in: POST /webhook', () => {
  const routes = resourcesOfType('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties?.['RouteKey']);
  expect(routes).toEqual(['POST /webhook']);
});

test('rules lead to the functions that end waits, and every minute to the sweeper', () => {
  const rules = resourcesOfType('AWS::Events::Rule').map(
    ([id, { Properties }]) => [id, JSON.stringify(Properties)] as const,
  );
  const rule = (name: string) => rules.find(([id]) => id.startsWith(name))?.[1] ?? '';
  for (const what of ['Stack', 'Task', 'Image']) expect(rule(`${what}Events`)).toMatch(/"CompleteCallback[0-9A-F]{8}"/);
  expect(rule('ExecutionEvents')).toMatch(/"FAILED","TIMED_OUT","ABORTED".*"Sweep[0-9A-F]{8}"/);
  expect(rule('EveryMinute')).toMatch(/rate\(1 minute\).*"Sweep[0-9A-F]{8}"/);
  for (const what of ['Stack', 'Task', 'Image']) expect(rule(`Forward${what}Events`)).toContain('event-bus/slipway');
});

test('the command line finds every variable as an output', () => {
  expect(outputIdOf('STACKS_TABLE')).toBe('VariableStacksTable');
});
