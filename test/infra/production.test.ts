import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { alarmTopicIn } from '../../infra/aws/alarm-topic.ts';
import { deadLettersIn } from '../../infra/aws/dead-letters.ts';
import { logGroupIn } from '../../infra/aws/log-group.ts';
import { stageSchema } from '../../infra/aws/stage.ts';
import { storageIn } from '../../infra/aws/storage.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-production-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is kept, watched and told in a stage; the functions are the same in all of them. */
const resourcesOf = (name: string, retain: boolean): readonly Resource[] => {
  const stage = stageSchema.parse({
    account: '111111111111',
    region: 'eu-central-1',
    retain,
    alarmEmails: ['platform@example.com'],
  });
  const app = new App({
    ...{ outdir: join(folder, name), analyticsReporting: false, treeMetadata: false },
    // Seconds and 300 MB, for what `npm run templates` does.
    builtinCloudFormationValidation: false,
  });
  const stack = new Stack(app, name, { env: { account: stage.account, region: stage.region } });
  storageIn(stack, stage);
  alarmTopicIn(stack, stage, deadLettersIn(stack));
  logGroupIn(stack, 'Logs', stage);
  return Object.values(app.synth().getStackByName(name).template.Resources);
};

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

const production = resourcesOf('production', true);
const development = resourcesOf('development', false);

const ofType = (resources: readonly Resource[], type: string) => resources.filter(({ Type }) => Type === type);

const policies = (resources: readonly Resource[], type: string) =>
  ofType(resources, type).map(
    ({ DeletionPolicy = 'Delete', UpdateReplacePolicy = 'Delete' }) => `${DeletionPolicy} ${UpdateReplacePolicy}`,
  );

test('in production every table is protected, kept and can be brought back to any second of the last 35 days', () => {
  const tables = ofType(production, 'AWS::DynamoDB::Table');
  expect(tables.length).toBeGreaterThan(8);
  for (const { Properties } of tables)
    expect(Properties).toMatchObject({
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  expect(new Set(policies(production, 'AWS::DynamoDB::Table'))).toEqual(new Set(['Retain Retain']));
});

test.each(['AWS::SecretsManager::Secret', 'AWS::Logs::LogGroup'])(
  'in production %s outlives the stack, but not a first deployment that failed',
  (type) => {
    expect(new Set(policies(production, type))).toEqual(new Set(['RetainExceptOnCreate Retain']));
  },
);

test('in production documents outlive the stack', () => {
  expect(policies(production, 'AWS::S3::Bucket')).toContain('RetainExceptOnCreate Retain');
  expect(policies(production, 'AWS::S3::Bucket')).not.toContain('Delete Delete');
});

test('elsewhere everything goes with the stack', () => {
  for (const type of ['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::SecretsManager::Secret', 'AWS::Logs::LogGroup'])
    expect([type, ...new Set(policies(development, type))]).toEqual([type, 'Delete Delete']);
});

test('whoever is named is told of alarms, and what cannot be delivered is kept', () => {
  const told = ofType(production, 'AWS::SNS::Subscription').map(({ Properties }) => Properties);
  expect(told).toEqual([
    expect.objectContaining({ Protocol: 'email', Endpoint: 'platform@example.com', RedrivePolicy: expect.anything() }),
  ]);
});

test('logs are kept for a year in production, and for a month elsewhere', () => {
  const days = [production, development].map((each) =>
    ofType(each, 'AWS::Logs::LogGroup').map(({ Properties }) => Properties['RetentionInDays']),
  );
  expect(days).toEqual([[365], [30]]);
});
