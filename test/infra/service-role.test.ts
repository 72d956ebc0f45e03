import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ROOT } from '../../bin/local/synthesise.ts';
import { applicationSchema } from '../../functions/domain/application/application.ts';
import { emptyTemplate } from '../../functions/domain/template/empty-template.ts';
import { allResourceActions, resourceActions } from '../../infra/aws/resource-actions.ts';
import { neededOfRole } from '../../infra/local/cloudformation/role-actions.ts';
import type { RoleQuestion } from '../../infra/local/cloudformation/role-question.ts';
import type { Properties } from '../../infra/local/part.ts';
import { templateOf } from '../support/applications.ts';
import { livesOf, tracing } from '../support/in-example-cluster.ts';
import { o5Templates } from '../support/o5-template.ts';
import { ACCOUNT, boundary, creating, roleArn as role, serviceRole, serviceRoleName } from '../support/service-role.ts';
import { listed, resourceOf, statementsOf } from '../support/synthesised.ts';

const releases = join(ROOT, 'examples/shop/releases');
const examples = readdirSync(releases, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('app.yaml'))
  .map((path) => templateOf(applicationSchema.parse(parse(readFileSync(join(releases, path), 'utf8')))));
const templates = [emptyTemplate, templateOf(), ...o5Templates().map(({ template }) => template), ...examples];
const lives = templates.flatMap(livesOf);
const emitted = new Set(templates.flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type)));

test('the table of the service role holds exactly the types that the builder emits', () => {
  expect(examples.length).toBeGreaterThan(1);
  expect(Object.keys(resourceActions).sort()).toEqual([...emitted].sort());
});

test('each type of the table calls exactly what the embedded CloudFormation asks for it, over its whole life', () => {
  const asked = new Map<string, Set<string>>([...emitted].map((type) => [type, new Set()]));
  for (const question of lives) for (const { action } of neededOfRole(question)) asked.get(question.type)?.add(action);
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
  for (const question of lives) authorize(question);
});

test('a role without the boundary is refused in the words of AWS, and so is one with another', async () => {
  const authorize = await serviceRole();
  const properties = { RoleName: 'dev-shop-main', PermissionsBoundary: boundary };
  authorize(creating('AWS::IAM::Role', properties));
  const { PermissionsBoundary, ...unbounded } = properties;
  const message = `User: arn:aws:sts::${ACCOUNT}:assumed-role/${serviceRoleName}/service is not authorized to perform: iam:CreateRole on resource: ${role('dev-shop-main')} because no identity-based policy allows the iam:CreateRole action`;
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

test('managed policies that the cluster does not name are refused', async () => {
  const authorize = await serviceRole();
  const withPolicies = (more: Properties) =>
    creating('AWS::IAM::Role', { RoleName: 'dev-shop-main', PermissionsBoundary: boundary, ...more });
  authorize(withPolicies({ ManagedPolicyArns: [tracing] }));
  const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';
  expect(() => authorize(withPolicies({ ManagedPolicyArns: [tracing, administrator] }))).toThrow(
    'perform: iam:AttachRolePolicy',
  );
});

test('policies are written into roles of the environments within their boundary, and into no other role', async () => {
  const authorize = await serviceRole();
  const Policies = [{ PolicyName: 'dev-shop_main-sqs-subscribe' }];
  const changing = (RoleName: string, properties: Properties): RoleQuestion => ({
    ...creating('AWS::IAM::Role', { RoleName, ...properties }),
    ...{ verb: 'update', physicalId: RoleName, previous: properties },
    properties: { RoleName, ...properties, Policies },
  });
  const bounded = { PermissionsBoundary: boundary };
  authorize(creating('AWS::IAM::Role', { RoleName: 'dev-shop-main', ...bounded, Policies }));
  authorize(changing('dev-shop-main', bounded));
  const refused = 'perform: iam:PutRolePolicy';
  expect(() => authorize(changing('dev-shop-main', {}))).toThrow(refused);
  expect(() => authorize(changing('dev-shop-main', { PermissionsBoundary: `${boundary}-wide` }))).toThrow(refused);
  for (const other of ['slipway-cloudformation-local', 'slipway-deploy-local', 'administrator'])
    expect(() => authorize(changing(other, bounded))).toThrow('not authorized to perform: iam:');
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

const sorted = (actions: Iterable<string>): readonly string[] => [...new Set(actions)].sort();
