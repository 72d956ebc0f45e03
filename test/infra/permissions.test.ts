import { expect, test } from '@jest/globals';
import { type FunctionRow, manifest, pascal, type TableAccess } from '../../functions/manifest.ts';
import { pascalOf } from '../../infra/aws/names.ts';
import { everyGrant } from '../support/every-grant.ts';
import { calledBy, machines, statesOf } from '../support/machine-states.ts';
import { listed, resourceOf, resourcesOfType, type Statement, statementsOf } from '../support/synthesised.ts';
import { isOfVpc, ofRuntime } from './runtime-actions.ts';

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

const GET = 'dynamodb:GetItem';
const LIST = 'dynamodb:Query';
const PUT = 'dynamodb:PutItem';
const actionsFor: Readonly<Record<TableAccess, readonly string[]>> = {
  get: [GET],
  list: [LIST],
  read: [GET, LIST],
  add: [PUT],
  put: [GET, PUT],
  write: [GET, PUT, LIST],
};

test.each(manifest)('the role of $name reads and writes exactly the tables of its row, each as it says', (row) => {
  const ofRole = everyGrant().filter(
    ({ role, action }) => role === `${pascal(row.name)}Role` && action.startsWith('dynamodb:'),
  );
  const found = ofRole.map(({ action, on }) => `${action} ${on}`);
  const wanted = Object.entries(row.tables ?? {}).flatMap(([key, access]) =>
    actionsFor[access].map((action) => `${action} ${pascalOf(key)}`),
  );
  expect(found.sort()).toEqual(wanted.sort());
});

test('an index is granted to whoever queries it, and for nothing else', () => {
  const onIndexes = manifest.flatMap((row) =>
    granted(row).filter(({ Resource }) => JSON.stringify(Resource).includes('/index/*')),
  );
  expect(onIndexes.length).toBeGreaterThan(0);
  expect(new Set(onIndexes.flatMap(({ Action }) => listed(Action)))).toEqual(new Set([LIST]));
});

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
    ...(row.asynchronous ? ['sqs:SendMessage'] : []),
    // It signs the tokens of administrators, with a role that is asked nothing else.
    ...(row.name === 'sql' ? ['rds-db:connect'] : []),
  ];
  const others = actionsOf(granted(row)).filter((action) => !action.startsWith('dynamodb:') && !ofRuntime.has(action));
  const inVpc = row.home === 'cluster';
  expect(others.filter((action) => !(inVpc && isOfVpc(action)))).toEqual(expected.sort());
});

test.each(manifest)('no secret can be read by $name but those of its row', (row) => {
  const readable = granted(row)
    .filter(({ Action }) => listed(Action).includes('secretsmanager:GetSecretValue'))
    .flatMap(({ Resource }) => [...JSON.stringify(Resource).matchAll(/"Ref":"(\w+)"/g)].map(([, id]) => id));
  const ids = { WEBHOOK_SECRET_ID: 'GithubWebhookSecret', GITHUB_APP_SECRET_ID: 'GithubAppSecret' } as const;
  expect(readable.sort()).toEqual((row.secrets ?? []).map((key) => ids[key]).sort());
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
  const invoking = statements.filter(({ Action }) => listed(Action).includes('lambda:InvokeFunction'));
  const besides = actionsOf(statements.filter((statement) => !invoking.includes(statement)));
  expect(besides.filter((action) => !/^(logs|xray):/.test(action))).toEqual([]);
  const functions = [...JSON.stringify(invoking).matchAll(/"(\w+?)[0-9A-F]{8}","Arn"/g)].map(([, each]) => each);
  expect(functions.sort()).toEqual([...called].sort());
});
