import { expect, test } from '@jest/globals';
import { METRICS } from '../../functions/domain/metrics.ts';
import { sourceFiles, sourceOf } from '../support/import-graph.ts';
import { resourceOf, resourcesOfType } from '../support/synthesised.ts';

const logGroups = new Map(resourcesOfType('AWS::Logs::LogGroup'));

test('every function and every machine writes into a log group of its own, which forgets', () => {
  const written = [...resourcesOfType('AWS::Lambda::Function'), ...resourcesOfType('AWS::StepFunctions::StateMachine')];
  const groups = written.map(([id, { Properties }]) => {
    const { LoggingConfig, LoggingConfiguration } = Properties ?? {};
    const [group = id] = [...logGroups.keys()].filter((each) =>
      JSON.stringify(LoggingConfig ?? LoggingConfiguration).includes(`"${each}"`),
    );
    return group;
  });
  expect(new Set(groups).size).toBe(written.length);
  for (const group of groups) expect([group, logGroups.has(group)]).toEqual([group, true]);
  for (const [id, { Properties }] of logGroups)
    expect([id, Properties?.['RetentionInDays']]).toEqual([id, expect.any(Number)]);
});

test.each(resourcesOfType('AWS::Lambda::Function'))('%s is traced, and its log is JSON', (_id, { Properties }) => {
  expect(Properties).toMatchObject({ TracingConfig: { Mode: 'Active' }, LoggingConfig: { LogFormat: 'JSON' } });
});

test.each(resourcesOfType('AWS::StepFunctions::StateMachine'))(
  '%s is traced and logs every transition, but no input and no output',
  (_id, { Properties }) => {
    expect(Properties).toMatchObject({
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
    });
  },
);

const alarms = resourcesOfType('AWS::CloudWatch::Alarm');

/** `slipway-DeadLetters`, and `slipway-DeadLetters-local` of a cluster, have the heading `DeadLetters`. */
const headingOf = (name: unknown): string => /^slipway-(\w+)/.exec(String(name))?.[1] ?? '';

test.each(alarms)('%s says what it means, names its heading in the runbook, and tells a topic', (_id, alarm) => {
  const { AlarmName, AlarmDescription, AlarmActions, OKActions, TreatMissingData } = alarm.Properties ?? {};
  const name = headingOf(AlarmName);
  expect(AlarmDescription).toMatch(new RegExp(`^[A-Z].+\\. What to do: docs/runbook\\.md#${name.toLowerCase()}$`));
  expect(runbook).toContain(`\n### ${name}\n`);
  const topics = resourcesOfType('AWS::SNS::Topic').map(([topic]) => ({ Ref: topic }));
  expect(topics).toEqual(expect.arrayContaining(AlarmActions as []));
  expect(AlarmActions).toHaveLength(1);
  expect(OKActions).toEqual(AlarmActions);
  // What is silent because nothing happens costs nothing and is well; only the sweeper is never silent.
  expect(TreatMissingData).toBe(name === 'SweeperSilent' ? 'breaching' : 'notBreaching');
});

const runbook = sourceOf('docs/runbook.md');

test('the section of the runbook about alarms has a heading for each and no other', () => {
  const [, section = ''] = /\n## When an alarm rings\n([\s\S]*?)\n## /.exec(runbook) ?? [];
  const headings = [...section.matchAll(/^### (\w+)$/gm)].map(([, heading]) => heading);
  const names = [...new Set(alarms.map(([, { Properties }]) => headingOf(Properties?.['AlarmName'])))];
  expect(headings).toEqual(names);
  // Each costs 0.10 USD a month, but for the first ten of an account: the runbook says how many there are.
  expect(section).toContain(`${names.length} alarms`);
  for (const { Properties } of alarms.map(([, alarm]) => alarm)) expect(Properties).not.toHaveProperty('Metrics');
});

test('alarms and dashboard look at no metric of ours that nobody sends', () => {
  const text = JSON.stringify([...alarms, ...resourcesOfType('AWS::CloudWatch::Dashboard')]).replaceAll('\\"', '"');
  const shown = new Set([
    ...[...text.matchAll(/\["Slipway","(\w+)"/g)].map(([, name]) => name),
    ...alarms
      .filter(([, { Properties }]) => Properties?.['Namespace'] === METRICS.namespace)
      .map(([, { Properties }]) => String(Properties?.['MetricName'])),
  ]);
  const filtered = JSON.stringify(resourcesOfType('AWS::Logs::MetricFilter'));
  const operations = sourceFiles()
    .filter((file) => file.startsWith('functions/operations/'))
    .map(sourceOf)
    .join('\n');
  expect(shown.size).toBeGreaterThan(12);
  expect([...shown].filter((name) => !operations.includes(`'${name}'`) && !filtered.includes(`"${name}"`))).toEqual([]);
});

test('the dashboard shows fifty metrics at most: more are paid for', () => {
  const [[, { Properties }]] = resourcesOfType('AWS::CloudWatch::Dashboard') as unknown as [
    [string, { Properties: object }],
  ];
  const shown = JSON.stringify(Properties).match(/\[\\"(Slipway|AWS\/\w+)\\"/g) ?? [];
  expect(shown.length).toBeGreaterThan(15);
  expect(shown.length + alarms.length).toBeLessThanOrEqual(50);
});

test('what nobody takes is kept as a dead letter, encrypted, over TLS only', () => {
  const queues = resourcesOfType('AWS::SQS::Queue');
  for (const [, { Properties }] of queues)
    expect(Properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 24 * 3600 });
  const policies = resourcesOfType('AWS::SQS::QueuePolicy').map(([, policy]) => JSON.stringify(policy));
  expect(policies).toHaveLength(queues.length);
  for (const policy of policies) expect(policy).toContain('{"Bool":{"aws:SecureTransport":"false"}}');
  const kept = new Set(queues.map(([id]) => JSON.stringify({ 'Fn::GetAtt': [id, 'Arn'] })));
  const targets = resourcesOfType('AWS::Events::Rule').flatMap(
    ([, rule]) => (rule.Properties?.['Targets'] ?? []) as readonly Target[],
  );
  expect(targets.length).toBeGreaterThan(7);
  for (const { Arn, DeadLetterConfig } of targets)
    expect([Arn, kept.has(JSON.stringify(DeadLetterConfig?.Arn))]).toEqual([Arn, true]);
  const called = new Set(targets.map(({ Arn }) => JSON.stringify(Arn)));
  for (const [id, made] of resourcesOfType('AWS::Lambda::Function')) {
    const isCalled = called.has(JSON.stringify({ 'Fn::GetAtt': [id, 'Arn'] }));
    const { TargetArn } = (made.Properties?.['DeadLetterConfig'] ?? {}) as { readonly TargetArn?: unknown };
    expect([id, kept.has(JSON.stringify(TargetArn))]).toEqual([id, isCalled]);
  }
});

interface Target {
  readonly Arn: unknown;
  readonly DeadLetterConfig?: { readonly Arn: unknown };
}

test('alarms may publish to the topic, for this account alone, and nobody without TLS', () => {
  const text = JSON.stringify(resourcesOfType('AWS::SNS::TopicPolicy'));
  expect(text).toMatch(/"aws:SourceAccount":"000000000000".*"Service":"cloudwatch.amazonaws.com"/);
  expect(text).toContain('{"Bool":{"aws:SecureTransport":"false"}}');
});

test('the webhook is throttled, and its access log holds no header', () => {
  const [, { Properties }] = resourceOf('AWS::ApiGatewayV2::Stage', 'ApiDefaultStage');
  expect(Properties?.['DefaultRouteSettings']).toEqual({ ThrottlingBurstLimit: 40, ThrottlingRateLimit: 20 });
  const { Format = '' } = (Properties?.['AccessLogSettings'] ?? {}) as { readonly Format?: string };
  expect(Object.keys(JSON.parse(Format))).toContain('status');
  expect(Format).not.toMatch(/header|signature|authorizer/i);
});
