import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ROOT, synthesise } from '../../bin/local/synthesise.ts';
import { authoritiesFor } from '../../functions/adapters/postgres/authorities.ts';
import { clusterSchema } from '../../functions/domain/environment/cluster.ts';
import { clusterStackName, clusterVersion, judgeOutputs } from '../../functions/domain/environment/cluster-check.ts';
import { manifest, pascal } from '../../functions/manifest.ts';
import { getStage } from '../../infra/aws/get-stage.ts';
import { hintPatterns } from '../../infra/aws/hint-patterns.ts';
import { clusterCallersPath } from '../../infra/aws/names.ts';
import { conditionHolds } from '../../infra/local/iam/condition.ts';
import { type PolicyDocument, verdictOf } from '../../infra/local/iam/policy.ts';
import { codeOf, listed, type Resource, resourceOf, resourcesOfType, statementsOf } from '../support/synthesised.ts';

const ACCOUNT = '000000000000';
const SITE = `eu-west-1:${ACCOUNT}`;
const [site] = getStage('example').clusters;
const [server, admin] = site?.databaseAdmins[0]?.split('/') ?? [];
/** The one on which an administrator logs in by IAM. */
const SERVER = `arn:aws:rds-db:${SITE}:dbuser:${server}`;
const template = JSON.parse(
  readFileSync(join(synthesise(), `${clusterStackName({ name: 'local' })}.template.json`), 'utf8'),
) as {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
};

const [, boundary] = resourceOf('AWS::IAM::ManagedPolicy', 'Boundary');
const boundaryDocument = boundary.Properties?.['PolicyDocument'] as PolicyDocument;
const bounded = (action: string, resource: string, owner = ACCOUNT) =>
  verdictOf([boundaryDocument], { action, resource, context: { 'aws:ResourceAccount': owner } });

test.each([
  ['s3:PutObject', 'arn:aws:s3:::photos.shop.dev.eu-west-1.example/a/b'],
  ['s3:ListBucket', 'arn:aws:s3:::photos.shop.dev.eu-west-1.example'],
  ['s3:DeleteObject', 'arn:aws:s3:::photos.shop.dev.eu-west-1.example/a/b'],
  ['s3:GetObject', 'arn:aws:s3:::example-shared-files/a/b'],
  ['s3:ListBucket', 'arn:aws:s3:::example-shared-files'],
  ['sqs:ReceiveMessage', `arn:aws:sqs:${SITE}:dev-shop-main`],
  ['sqs:DeleteMessage', `arn:aws:sqs:${SITE}:dev-shop-main`],
  ['sqs:ChangeMessageVisibility', `arn:aws:sqs:${SITE}:dev-shop-main`],
  ['ecr:GetAuthorizationToken', '*'],
  ['ecr:BatchGetImage', `arn:aws:ecr:${SITE}:repository/shop`],
  ['sns:Publish', `arn:aws:sns:${SITE}:dev-orders`],
  ['events:PutEvents', `arn:aws:events:${SITE}:event-bus/applications`],
  ['secretsmanager:GetSecretValue', `arn:aws:secretsmanager:${SITE}:secret:/dev/shop/keys-AbCdEf`],
  ['rds-db:connect', `${SERVER}/dev_shop_main`],
  ['logs:PutLogEvents', `arn:aws:logs:${SITE}:log-group:ecs/dev/shop/web:log-stream:main`],
  ['xray:PutTraceSegments', '*'],
])('the boundary lets an application %s on %s', (action, resource) => {
  expect(bounded(action, resource)).toBe('allow');
});

test.each([
  ['s3:GetObject', 'arn:aws:s3:::photos.shop.prod.eu-west-1.example/a'],
  ['s3:GetObject', 'arn:aws:s3:::slipway-documents-000000000000-eu-west-1/releases/x'],
  ['s3:GetObject', 'arn:aws:s3:::example-shared-files-of-others/a'],
  ['sqs:ReceiveMessage', `arn:aws:sqs:${SITE}:prod-shop-main`],
  ['sqs:SetQueueAttributes', `arn:aws:sqs:${SITE}:dev-shop-main`],
  ['events:PutEvents', `arn:aws:events:${SITE}:event-bus/slipway`],
  ['events:PutEvents', `arn:aws:events:${SITE}:event-bus/default`],
  ['events:PutRule', `arn:aws:events:${SITE}:rule/applications/dev-shop-main-Own`],
  ['ecr:PutImage', `arn:aws:ecr:${SITE}:repository/shop`],
  ['s3:PutBucketPolicy', 'arn:aws:s3:::photos.shop.dev.eu-west-1.example'],
  ['secretsmanager:GetSecretValue', `arn:aws:secretsmanager:${SITE}:secret:/prod/shop/keys-AbCdEf`],
  ['secretsmanager:GetSecretValue', `arn:aws:secretsmanager:${SITE}:secret:local/postgres-AbCdEf`],
  ['secretsmanager:PutSecretValue', `arn:aws:secretsmanager:${SITE}:secret:/dev/shop/keys-AbCdEf`],
  ['rds-db:connect', `${SERVER}/prod_shop_main`],
  ['cloudformation:UpdateStack', `arn:aws:cloudformation:${SITE}:stack/dev-shop/1`],
  ['ecs:UpdateService', `arn:aws:ecs:${SITE}:service/local/dev-shop`],
  ['dynamodb:GetItem', `arn:aws:dynamodb:${SITE}:table/slipway-Stacks`],
])('the boundary keeps an application from %s on %s', (action, resource) => {
  expect(bounded(action, resource)).toBe('none');
});

test('a bucket of another account is no bucket of the environment, whatever its name', () => {
  const photos = 'arn:aws:s3:::photos.shop.dev.eu-west-1.example/a';
  expect(bounded('s3:PutObject', photos)).toBe('allow');
  expect(bounded('s3:PutObject', photos, '999999999999')).toBe('none');
  expect(bounded('s3:PutObject', 'arn:aws:s3:::example-shared-files/a', '999999999999')).toBe('allow');
});

test.each([
  ['iam:DeleteRolePermissionsBoundary', `arn:aws:iam::${ACCOUNT}:role/dev-shop-main`],
  ['iam:CreatePolicyVersion', `arn:aws:iam::${ACCOUNT}:policy/slipway-boundary-local`],
  ['iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/dev-shop-main`],
  ['sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/slipway-deploy-local`],
  ['organizations:LeaveOrganization', '*'],
  ['rds-db:connect', `${SERVER}/${admin}`],
  ['rds-db:connect', `arn:aws:rds-db:${SITE}:dbuser:db-ABC/dev_shop_main`],
])('the boundary denies %s outright, so that nothing a site adds can open it', (action, resource) => {
  expect(bounded(action, resource)).toBe('deny');
});

test('the boundary fits the size of a managed policy, and stays far from it with one environment', () => {
  // Without white space: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  expect(JSON.stringify(boundaryDocument).length).toBeLessThan(6144 / 2);
});

test('the deploy role is taken by functions that work in clusters, with the external id, and by nobody else', () => {
  const [, { Properties = {} }] = resourceOf('AWS::IAM::Role', 'DeployRole');
  const { Statement } = Properties['AssumeRolePolicyDocument'] as {
    readonly Statement: readonly [{ Condition: object }];
  };
  const may = (role: string, externalId?: string) =>
    conditionHolds(Statement[0].Condition as never, {
      'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role${role}`,
      ...(externalId && { 'sts:ExternalId': externalId }),
    });
  expect(may('/slipway/clusters/slipway-CFPlanRole-ABC', site?.externalId)).toBe(true);
  expect(may('/slipway/clusters/slipway-CFPlanRole-ABC')).toBe(false);
  expect(may('/slipway/clusters/slipway-CFPlanRole-ABC', 'another')).toBe(false);
  expect(may('/slipway-WebhookRole-ABC', site?.externalId)).toBe(false);
  expect(may('/administrator', site?.externalId)).toBe(false);
});

test.each(manifest)('the role of $name has the path that deploy roles trust exactly if it works in clusters', (row) => {
  const [, { Properties = {} }] = resourceOf('AWS::IAM::Role', `${pascal(row.name)}Role`);
  expect(Properties['Path']).toBe(row.clusters ? clusterCallersPath : undefined);
});

test('a migrator reads the secrets of its environment and the images of tasks, writes its log, and no more', () => {
  const [id, { Properties }] = resourceOf('AWS::IAM::Role', 'MigratorRoledev');
  expect(Properties).not.toHaveProperty('ManagedPolicyArns');
  const actions = statementsOf(id).flatMap(({ Action }) => listed(Action));
  expect([...new Set(actions.map((action) => action.split(':')[0]))].sort()).toEqual(['ecr', 'logs', 'secretsmanager']);
  for (const { Action, Resource } of statementsOf(id))
    if (!listed(Action).some((action) => action.startsWith('ecr:')))
      expect(String(Resource)).toMatch(/[:/]\/?dev\/\*$/);
});

const loggedIn = (construct: string, user: string) =>
  verdictOf([{ Statement: statementsOf(resourceOf('AWS::IAM::Role', construct)[0]) as never }], {
    action: 'rds-db:connect',
    resource: user,
    context: {},
  });

test('the function that speaks SQL logs in as the administrators of the stage, and as nobody else', () => {
  expect(loggedIn('SqlRole', `${SERVER}/${admin}`)).toBe('allow');
  for (const user of [
    `${SERVER}/dev_shop_main`,
    `${SERVER}/${admin}2`,
    `arn:aws:rds-db:${SITE}:dbuser:db-ABC/${admin}`,
  ])
    expect([user, loggedIn('SqlRole', user)]).toEqual([user, 'none']);
});

test('migrations of an environment log in as users of its databases on the servers of the stage, and do nothing else', () => {
  expect(loggedIn('MigrationTaskRoledev', `${SERVER}/dev_shop_main_migrate`)).toBe('allow');
  expect(loggedIn('MigrationTaskRoledev', `${SERVER}/${admin}`)).toBe('deny');
  for (const user of [
    ...['prod_shop_main', 'dev', 'dev2_shop_main', 'rdsadmin'].map((name) => `${SERVER}/${name}`),
    `arn:aws:rds-db:${SITE}:dbuser:db-ABC/dev_shop_main`,
    `arn:aws:rds-db:eu-west-1:999999999999:dbuser:${server}/dev_shop_main`,
  ])
    expect([user, loggedIn('MigrationTaskRoledev', user)]).toEqual([user, 'none']);
  const [id, { Properties = {} }] = resourceOf('AWS::IAM::Role', 'MigrationTaskRoledev');
  expect(statementsOf(id).flatMap(({ Action }) => listed(Action))).toEqual(['rds-db:connect', 'rds-db:connect']);
  expect(Properties).not.toHaveProperty('ManagedPolicyArns');
});

test.each(['MigratorRoledev', 'MigrationTaskRoledev'])('%s is taken by tasks of its own account alone', (id) => {
  const [, { Properties = {} }] = resourceOf('AWS::IAM::Role', id);
  expect(Properties['AssumeRolePolicyDocument']).toMatchObject({
    Statement: [
      {
        Principal: { Service: 'ecs-tasks.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
      },
    ],
  });
});

test('every forwarded event that cannot be delivered is kept, and rings', () => {
  const rules = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Events::Rule');
  expect(rules).toHaveLength(Object.keys(hintPatterns).length);
  for (const { Properties } of rules)
    for (const target of listed(Properties?.['Targets'] as object | readonly object[]))
      expect(target).toMatchObject({ DeadLetterConfig: { Arn: expect.anything() }, RoleArn: expect.anything() });
  const alarms = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
  expect(alarms.map(({ Properties }) => Properties?.['AlarmName'])).toEqual(['slipway-DeadLetters-local']);
});

test('the example configuration names just what the cluster stack makes', () => {
  const { cluster } = parse(readFileSync(join(ROOT, 'examples/local.yaml'), 'utf8'));
  const outputs = Object.fromEntries(Object.entries(template.Outputs).map(([id, { Value }]) => [id, named(Value)]));
  expect(judgeOutputs(clusterSchema.parse(cluster), outputs, 'now')).toEqual({
    kind: 'answered',
    answer: {
      at: 'now',
      version: clusterVersion,
      environments: ['dev'],
      policies: site?.policies,
      buckets: site?.buckets,
      databaseAdmins: site?.databaseAdmins,
    },
  });
});

test('the function that speaks SQL carries the authorities of RDS in its zip, and is told of none by its environment', () => {
  const [authority = ''] = authoritiesFor('main.abc.eu-west-1.rds.amazonaws.com').ca ?? [];
  const [, line = 'a certificate has lines'] = authority.split('\n');
  const folder = codeOf('Sql');
  const code = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  expect(code.some((text) => text.includes(line))).toBe(true);
  const [, sql] = resourceOf('AWS::Lambda::Function', 'Sql');
  expect(JSON.stringify(sql.Properties)).not.toContain('NODE_EXTRA_CA_CERTS');
});

test('there is one stack per cluster, and all its roles have names of their own', () => {
  const names = resourcesOfType('AWS::IAM::Role').flatMap(([, { Properties }]) => Properties?.['RoleName'] ?? []);
  expect(new Set(names).size).toBe(names.length);
});

/** What the embedded and the real CloudFormation make of an output: ARNs of things whose names stand in the template. */
const named = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Readonly<Record<string, unknown>>;
  if (Array.isArray(join)) return (join[1] as readonly unknown[]).map(named).join('');
  const id = String(Ref ?? listed(attribute as string)[0]);
  const { Type, Properties = {} } = template.Resources[id] ?? { Type: '' };
  const { RoleName, FunctionName, ManagedPolicyName } = Properties;
  if (Type === 'AWS::IAM::Role') return `arn:aws:iam::${ACCOUNT}:role/${RoleName}`;
  if (Type === 'AWS::IAM::ManagedPolicy') return `arn:aws:iam::${ACCOUNT}:policy/${ManagedPolicyName}`;
  return `arn:aws:lambda:${SITE}:function:${FunctionName}`;
};
