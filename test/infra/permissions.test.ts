import { expect, test } from '@jest/globals';
import { type FunctionRow, manifest, pascal } from '../../functions/manifest.ts';
import { pascalOf } from '../../infra/aws/names.ts';
import { calledBy, machines, statesOf } from '../support/machine-states.ts';
import {
  allResources,
  listed,
  resourceOf,
  resourcesOfType,
  type Statement,
  statementsOf,
} from '../support/synthesised.ts';

const roleIdOf = (id: string) => resourceOf('AWS::IAM::Role', `${id}Role`)[0];

const granted = (row: FunctionRow): readonly Statement[] => statementsOf(roleIdOf(pascal(row.name)));

const actionsOf = (statements: readonly Statement[]): readonly string[] =>
  [...new Set(statements.flatMap(({ Action }) => listed(Action)))].sort();

test('every function has a role of its own', () => {
  const roles = resourcesOfType('AWS::Lambda::Function').map(([, { Properties }]) =>
    JSON.stringify(Properties?.['Role']),
  );
  expect(new Set(roles).size).toBe(roles.length);
});

test.each(manifest)('the role of $name reads and writes exactly the tables of its row', (row) => {
  const found: Record<string, string> = {};
  for (const statement of granted(row).filter(({ Action }) =>
    listed(Action).some((each) => each.startsWith('dynamodb:')),
  ))
    for (const table of tablesOf(statement)) found[table] = accessOf(statement);
  expect(found).toEqual(
    Object.fromEntries(Object.entries(row.tables ?? {}).map(([key, access]) => [pascalOf(key), access])),
  );
});

const tablesOf = ({ Resource }: Statement): readonly string[] => [
  ...new Set([...JSON.stringify(Resource).matchAll(/"(\w+Table)[0-9A-F]{8}"/g)].map(([, name = '']) => name)),
];

const accessOf = ({ Action }: Statement): string => {
  const actions = [...listed(Action)].sort().join(' ');
  if (actions === 'dynamodb:GetItem dynamodb:Query') return 'read';
  if (actions === 'dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem') return 'write';
  return actions;
};

test.each(manifest)('beside tables, the role of $name is granted what its row asks for and no more', (row) => {
  const { documents, secrets = [], machines: grants = [], clusters } = row;
  const expected = [
    ...(documents ? ['s3:GetObject', 's3:ListBucket'] : []),
    ...(documents === 'write' ? ['s3:PutObject'] : []),
    ...(secrets.length > 0 ? ['secretsmanager:GetSecretValue'] : []),
    ...(grants.includes('send') ? ['states:SendTaskFailure', 'states:SendTaskSuccess'] : []),
    ...(grants.includes('find') || grants.includes('find-request') ? ['states:DescribeExecution'] : []),
    ...(grants.includes('find-request') ? ['states:ListExecutions'] : []),
    ...(grants.some((grant) => grant.startsWith('start-')) ? ['states:StartExecution'] : []),
    ...(clusters ? ['sts:AssumeRole'] : []),
  ];
  expect(actionsOf(granted(row)).filter((action) => !action.startsWith('dynamodb:'))).toEqual(expected.sort());
});

test.each(manifest)('no secret can be read by $name but those of its row', (row) => {
  const readable = granted(row)
    .filter(({ Action }) => listed(Action).includes('secretsmanager:GetSecretValue'))
    .flatMap(({ Resource }) => [...JSON.stringify(Resource).matchAll(/"Ref":"(\w+)"/g)].map(([, id]) => id));
  const ids = { WEBHOOK_SECRET_ID: 'GithubWebhookSecret', GITHUB_APP_SECRET_ID: 'GithubAppSecret' } as const;
  expect(readable.sort()).toEqual((row.secrets ?? []).map((key) => ids[key]).sort());
});

const everyStatement: readonly (readonly [policy: string, statement: Statement])[] = allResources().flatMap(
  ([id, { Properties = {} }]) => {
    const { PolicyDocument } = Properties as { readonly PolicyDocument?: { readonly Statement: readonly Statement[] } };
    return (PolicyDocument?.Statement ?? []).map((statement) => [id, statement] as const);
  },
);

test('no statement allows every action, of everything or of one service', () => {
  const wide = everyStatement.filter(
    ([, { Effect, Action }]) => Effect === 'Allow' && listed(Action).some((each) => each.includes('*')),
  );
  expect(wide).toEqual([]);
  expect(everyStatement.length).toBeGreaterThan(manifest.length);
});

/** Actions that are allowed on every resource, with the reason for each. */
const onEverything: Readonly<Record<string, string>> = {
  'states:SendTaskSuccess': 'a task token has no resource',
  'states:SendTaskFailure': 'a task token has no resource',
  'ecs:RegisterTaskDefinition': 'a task definition has no resource before it is registered',
  'ecs:DeregisterTaskDefinition': 'takes no resource',
  'ecs:DescribeTaskDefinition': 'takes no resource',
  'ecs:ListTasks': 'is narrowed by cluster only, and the cluster belongs to the account',
  'elasticloadbalancing:DescribeTargetGroups': 'the describe calls of ELBv2 take no resource',
  'elasticloadbalancing:DescribeRules': 'the describe calls of ELBv2 take no resource',
  'elasticloadbalancing:DescribeListeners': 'the describe calls of ELBv2 take no resource',
  'ec2:DescribeSecurityGroups': 'the describe calls of EC2 take no resource',
  'ec2:CreateSecurityGroup': 'a security group has no resource before it is made',
  'ec2:DeleteSecurityGroup': 'its id is made up by EC2',
  'ec2:AuthorizeSecurityGroupIngress': 'its id is made up by EC2',
  'ec2:CreateTags': 'goes with the making of a security group',
};

test('what is allowed on every resource stands in one list with its reason', () => {
  const wide = everyStatement.filter(
    ([, { Effect, Resource }]) => Effect === 'Allow' && listed(Resource).includes('*'),
  );
  const actions = new Set(wide.flatMap(([, { Action }]) => listed(Action)));
  expect([...actions].sort()).toEqual(Object.keys(onEverything).sort());
});

test('a role is handed on to one named service only', () => {
  const passing = everyStatement.filter(([, { Action }]) => listed(Action).includes('iam:PassRole'));
  expect(passing.length).toBeGreaterThan(0);
  for (const [policy, { Condition, Resource }] of passing) {
    const service = (Condition as { StringEquals?: Record<string, unknown> })?.StringEquals?.['iam:PassedToService'];
    expect([policy, service]).toEqual([policy, expect.stringMatching(/^(cloudformation|ecs-tasks)\.amazonaws\.com$/)]);
    expect(listed(Resource)).not.toContain('*');
  }
});

test('the deploy role is taken with its external id only, and CloudFormation holds the rights that Slipway lacks', () => {
  const [deployId, deploy] = resourceOf('AWS::IAM::Role', 'DeployRole');
  expect(JSON.stringify(deploy.Properties?.['AssumeRolePolicyDocument'])).toContain(
    '"sts:ExternalId":"slipway-example"',
  );
  const statements = statementsOf(deployId);
  const own = actionsOf(statements);
  const moving = own.filter((action) => /^iam:(?!PassRole)|^ec2:|^ecs:(Create|Update|Delete)/.test(action));
  // Restart: new tasks of the same version, for services of the cluster's own environments alone.
  expect(moving).toEqual(['ecs:UpdateService']);
  const restarts = statements.find(({ Action }) => listed(Action).includes('ecs:UpdateService'));
  expect(JSON.stringify(restarts?.Resource)).toMatch(/:service\/\*\/[a-z-]+-\*"/);
});

test.each([
  ['RequestMachine', 'request'],
  ['DeploymentMachine', 'deployment'],
] as const)('the role of %s may invoke the functions of its states and nothing else', (id, name) => {
  const statements = statementsOf(roleIdOf(id));
  const machine = machines[name];
  const called = new Set(machine ? statesOf(machine).flatMap(({ state }) => calledBy(state) ?? []) : []);
  expect(actionsOf(statements)).toEqual(['lambda:InvokeFunction']);
  const functions = [...JSON.stringify(statements).matchAll(/"(\w+?)[0-9A-F]{8}","Arn"/g)].map(([, each]) => each);
  expect(functions.sort()).toEqual([...called].sort());
});
