import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ROOT } from '../../bin/local/synthesise.ts';
import { applicationSchema } from '../../functions/domain/application/application.ts';
import { emptyTemplate } from '../../functions/domain/template/empty-template.ts';
import { boundaryName, cloudFormationRoleName } from '../../infra/aws/names.ts';
import { allResourceActions, resourceActions } from '../../infra/aws/resource-actions.ts';
import { neededOfRole, type RoleQuestion } from '../../infra/local/cloudformation/role-actions.ts';
import { createIam } from '../../infra/local/iam/iam.ts';
import type { Properties } from '../../infra/local/part.ts';
import { create, testWorld } from '../local/test-world.ts';
import { templateOf } from '../support/applications.ts';
import { listed, resourceOf, statementsOf } from '../support/synthesised.ts';

const ACCOUNT = '000000000000';
const REGION = 'eu-west-1';
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const site = { name: 'local' } as Parameters<typeof boundaryName>[0];
const boundary = `arn:aws:iam::${ACCOUNT}:policy/${boundaryName(site)}`;
const tracing = 'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess';

const releases = join(ROOT, 'examples/shop/releases');
const examples = readdirSync(releases, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('app.yaml'))
  .map((path) => templateOf(applicationSchema.parse(parse(readFileSync(join(releases, path), 'utf8')))));
const templates = [emptyTemplate, templateOf(), ...examples];
const emitted = new Set(templates.flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type)));

test('the table of the service role holds exactly the types that the builder emits', () => {
  expect(examples.length).toBeGreaterThan(1);
  expect(Object.keys(resourceActions).sort()).toEqual([...emitted].sort());
});

test('each type of the table calls exactly what the embedded CloudFormation asks for it, over its whole life', () => {
  const asked = new Map<string, Set<string>>([...emitted].map((type) => [type, new Set()]));
  for (const question of lives())
    for (const { action } of neededOfRole(question)) asked.get(question.type)?.add(action);
  // ECS breaks off a deployment that an update has overtaken; the embedded one has no such call.
  asked.get('AWS::ECS::Service')?.add('ecs:StopServiceDeployment');
  const granted = Object.entries(resourceActions).map(([type, actions]) => [
    type,
    sorted(Object.values(actions).flat()),
  ]);
  expect(Object.fromEntries(granted)).toEqual(
    Object.fromEntries([...asked].map(([type, actions]) => [type, sorted(actions)])),
  );
});

test('the synthesised role may call the actions of the table and no others', () => {
  const [id] = resourceOf('AWS::IAM::Role', 'CloudFormationRole');
  expect(sorted(statementsOf(id).flatMap(({ Action }) => listed(Action)))).toEqual(allResourceActions());
});

test('a stack of everything is made, changed and deleted under the role', async () => {
  const authorize = await serviceRole();
  for (const question of lives()) authorize(question);
});

test('a role without the boundary is refused in the words of AWS, and so is one with another', async () => {
  const authorize = await serviceRole();
  const properties = { RoleName: 'dev-shop-main', PermissionsBoundary: boundary };
  authorize(creating('AWS::IAM::Role', properties));
  const { PermissionsBoundary, ...unbounded } = properties;
  const message = `User: arn:aws:sts::${ACCOUNT}:assumed-role/${cloudFormationRoleName(site)}/service is not authorized to perform: iam:CreateRole on resource: ${role('dev-shop-main')} because no identity-based policy allows the iam:CreateRole action`;
  expect(() => authorize(creating('AWS::IAM::Role', unbounded))).toThrow(
    expect.objectContaining({ code: 'AccessDenied', status: 403, message }),
  );
  const other = { ...properties, PermissionsBoundary: `${PermissionsBoundary}-wide` };
  expect(() => authorize(creating('AWS::IAM::Role', other))).toThrow(message);
});

test('a boundary can be given to a role, and neither be taken away nor exchanged', async () => {
  const authorize = await serviceRole();
  const bounded = { RoleName: 'dev-shop-main', PermissionsBoundary: boundary };
  const change = (previous: Properties, properties: Properties): RoleQuestion => ({
    ...creating('AWS::IAM::Role', properties),
    ...{ verb: 'update', physicalId: 'dev-shop-main', previous },
  });
  authorize(change({ RoleName: 'dev-shop-main' }, bounded));
  expect(() => authorize(change(bounded, { RoleName: 'dev-shop-main' }))).toThrow('iam:DeleteRolePermissionsBoundary');
  const wide = { ...bounded, PermissionsBoundary: `${boundary}-wide` };
  expect(() => authorize(change(bounded, wide))).toThrow('perform: iam:PutRolePermissionsBoundary');
});

test('policies that the cluster does not name, and inline ones, are refused', async () => {
  const authorize = await serviceRole();
  const withPolicies = (more: Properties) =>
    creating('AWS::IAM::Role', { RoleName: 'dev-shop-main', PermissionsBoundary: boundary, ...more });
  authorize(withPolicies({ ManagedPolicyArns: [tracing] }));
  const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';
  expect(() => authorize(withPolicies({ ManagedPolicyArns: [tracing, administrator] }))).toThrow(
    'perform: iam:AttachRolePolicy',
  );
  expect(() => authorize(withPolicies({ Policies: [{ PolicyName: 'own' }] }))).toThrow('perform: iam:PutRolePolicy');
});

test('roles, secrets and task definitions outside the prefix of its environments are out of reach', async () => {
  const authorize = await serviceRole();
  const bounded = { PermissionsBoundary: boundary };
  expect(() => authorize(creating('AWS::IAM::Role', { RoleName: 'devil', ...bounded }))).toThrow('iam:CreateRole');
  expect(() => authorize(creating('AWS::SecretsManager::Secret', { Name: '/prod/shop/keys' }))).toThrow(
    'secretsmanager:CreateSecret',
  );
  const [stackName, Family] = ['prod-shop', 'prod-shop_main'];
  expect(() => authorize({ ...creating('AWS::ECS::TaskDefinition', { Family }), stackName })).toThrow(
    'ecs:TagResource',
  );
});

test('a role of somebody else is passed to nobody', async () => {
  const authorize = await serviceRole();
  const passing = (TaskRoleArn: string) =>
    creating('AWS::ECS::TaskDefinition', { Family: 'dev-shop_main', TaskRoleArn, ExecutionRoleArn: execution });
  const execution = role('local-task-execution');
  authorize(passing(role('dev-shop-main')));
  expect(() => authorize(passing(role('administrator')))).toThrow(/perform: iam:(GetRole|PassRole)/);
});

test('a security group that no stack of the environments made is not deleted', async () => {
  const authorize = await serviceRole();
  const deleting = (stackName: string): RoleQuestion => ({
    ...creating('AWS::EC2::SecurityGroup', {}),
    ...{ verb: 'delete', physicalId: 'sg-1', stackName },
  });
  authorize(deleting('dev-shop'));
  expect(() => authorize(deleting('foundation'))).toThrow('perform: ec2:DeleteSecurityGroup');
});

/** The role as it is synthesised, in an embedded IAM. */
const serviceRole = async () => {
  const iam = createIam({ ...testWorld(), account: ACCOUNT, region: REGION });
  const [id, { Properties }] = resourceOf('AWS::IAM::Role', 'CloudFormationRole');
  const { RoleName, AssumeRolePolicyDocument } = Properties ?? {};
  const Policies = [{ PolicyName: 'own', PolicyDocument: { Statement: statementsOf(id) } }];
  await create(iam, 'AWS::IAM::Role', id, { RoleName, AssumeRolePolicyDocument, Policies });
  return (question: RoleQuestion) => {
    for (const { action, resources, context } of neededOfRole(question))
      iam.authorizeRole(role(String(RoleName)), action, resources, context);
  };
};

const creating = (type: string, properties: Properties): RoleQuestion => ({
  ...{ account: ACCOUNT, region: REGION, stackName: 'dev-shop', logicalId: 'One', seed: 'one' },
  ...{ verb: 'create', type, properties, physicalId: undefined },
});

/** Every resource of every template as it is made, changed and deleted. */
const lives = (): readonly RoleQuestion[] =>
  templates.flatMap(({ Resources }) =>
    Object.entries(Resources).flatMap(([logicalId, { Type, Properties = {} }]): readonly RoleQuestion[] => {
      const properties = resolved(Properties) as Properties;
      const made = { ...creating(Type, properties), logicalId };
      const physicalId = physicalIdOf(Type, logicalId, properties);
      return [
        made,
        { ...made, verb: 'update', physicalId, previous: {} },
        { ...made, verb: 'update', physicalId, previous: properties, properties: withoutLists(properties) },
        { ...made, verb: 'delete', physicalId },
      ];
    }),
  );

const withoutLists = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => !Array.isArray(value)));

const physicalIdOf = (type: string, logicalId: string, properties: Properties): string =>
  String(properties['RoleName'] ?? ids[type] ?? `dev-shop-${logicalId}-ABC`);

const ids: Readonly<Record<string, string>> = {
  'AWS::EC2::SecurityGroup': 'sg-1',
  'AWS::SecretsManager::Secret': `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:/dev/shop/keys-AbCdEf`,
};

/** References by what they stand for on the embedded cloud, and the sample's environment by the cluster's own. */
const resolved = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value === 'string') return value.replace(/^(\/?)prod([-/])/, '$1dev$2');
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::GetAtt': attribute } = value as { readonly Ref?: string; readonly 'Fn::GetAtt'?: unknown };
  if (Ref !== undefined) return parameters[Ref] ?? (Ref.startsWith('NamedIAMPolicy') ? tracing : Ref);
  if (attribute) return role('dev-shop-main');
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolved(inner)]));
};

const parameters: Readonly<Record<string, string>> = {
  PermissionsBoundary: boundary,
  ECSTaskExecutionRole: role('local-task-execution'),
  ListenerARN: `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:listener/app/local/1/2`,
  VPCID: 'vpc-00000001',
  ECSCluster: 'local',
};

const sorted = (actions: Iterable<string>): readonly string[] => [...new Set(actions)].sort();
