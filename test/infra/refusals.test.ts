import { beforeAll, expect, test } from '@jest/globals';
import { manifest, pascal, type TableAccess, type TableKey } from '../../functions/manifest.ts';
import { tables } from '../../functions/tables.ts';
import { pascalOf } from '../../infra/aws/names.ts';
import { createIam, type Iam } from '../../infra/local/iam/iam.ts';
import { create, testWorld } from '../local/test-world.ts';
import { resourceOf, statementsOf } from '../support/synthesised.ts';

// The policies as they are synthesised, judged by the evaluator that judges every call of the stories.
const ACCOUNT = '111122223333';
const arnOf = (construct: string) => `arn:aws:made:eu-west-1:${ACCOUNT}:${construct}`;
const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

/** A pattern with its references replaced by ARNs that tell the constructs apart. */
const resolved = (pattern: unknown): unknown => {
  if (Array.isArray(pattern)) return pattern.map(resolved);
  if (typeof pattern !== 'object' || pattern === null) return pattern;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = pattern as Readonly<Record<string, unknown>>;
  if (join) return ((join as readonly unknown[])[1] as readonly unknown[]).map(resolved).join('');
  const id = String(Ref ?? (attribute as readonly unknown[])[0]);
  return id.startsWith('AWS::') ? 'aws' : arnOf(id.replace(/[0-9A-F]{8}$/, ''));
};

let iam: Iam;

beforeAll(async () => {
  const part = createIam(testWorld());
  const names = [...manifest.map(({ name }) => `${pascal(name)}Role`), 'DeployRole'];
  for (const name of names) {
    const statements = statementsOf(resourceOf('AWS::IAM::Role', name)[0]);
    await create(part, 'AWS::IAM::Role', name, {
      RoleName: name,
      AssumeRolePolicyDocument: { Statement: [] },
      ...(statements.length > 0 && {
        Policies: [
          {
            PolicyName: 'own',
            PolicyDocument: {
              Statement: statements.map((statement) => ({ ...statement, Resource: resolved(statement.Resource) })),
            },
          },
        ],
      }),
    });
  }
  iam = part;
});

/** The end of AWS's sentence, or `allowed`. */
const judged = (role: string, action: string, resource: string, context?: Readonly<Record<string, string>>): string => {
  try {
    iam.authorizeRole(roleArn(role), action, [resource], context);
    return 'allowed';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

const refusal = (role: string, action: string, resource: string) =>
  `User: arn:aws:sts::${ACCOUNT}:assumed-role/${role}/service is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;

const allowedFor: Readonly<Record<TableAccess, readonly string[]>> = {
  get: ['GetItem'],
  list: ['Query'],
  read: ['GetItem', 'Query'],
  add: ['PutItem'],
  put: ['GetItem', 'PutItem'],
  write: ['GetItem', 'Query', 'PutItem'],
};
const everyAction = [
  'GetItem',
  'Query',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'Scan',
  'BatchWriteItem',
  'DeleteTable',
];

test.each(manifest)('$name may do to each table what its row says; all else is refused in the words of AWS', (row) => {
  const role = `${pascal(row.name)}Role`;
  for (const key of Object.keys(tables) as TableKey[]) {
    const access = row.tables?.[key];
    const may = access ? allowedFor[access] : [];
    for (const name of everyAction) {
      const [action, table] = [`dynamodb:${name}`, arnOf(pascalOf(key))];
      expect(judged(role, action, table)).toBe(may.includes(name) ? 'allowed' : refusal(role, action, table));
      const index = `${table}/index/open`;
      expect(judged(role, action, index)).toBe(
        name === 'Query' && may.includes('Query') ? 'allowed' : refusal(role, action, index),
      );
    }
  }
});

test.each(manifest)(
  '$name takes no role but a cluster’s, reads no secret but its own, and makes and passes nothing',
  (row) => {
    const role = `${pascal(row.name)}Role`;
    const deploy = 'arn:aws:iam::000000000000:role/slipway-deploy-local';
    expect(judged(role, 'sts:AssumeRole', deploy) === 'allowed').toBe(row.clusters === true);
    for (const [action, resource] of [
      ['sts:AssumeRole', 'arn:aws:iam::000000000000:role/admin'],
      ['iam:PassRole', deploy],
      ['iam:CreateRole', 'arn:aws:iam::000000000000:role/dev-shop'],
      [
        'secretsmanager:GetSecretValue',
        'arn:aws:secretsmanager:eu-west-1:000000000000:secret:/dev/shop/postgres/main-a1b2c3',
      ],
      ['secretsmanager:PutSecretValue', arnOf('GithubAppSecret')],
      ['s3:GetObject', 'arn:aws:s3:::photos.shop.dev.eu-west-1.example/a'],
      ['s3:DeleteObject', `${arnOf('Documents')}/releases/1.json`],
      ['lambda:InvokeFunction', arnOf('Sweep')],
      ['states:StopExecution', 'arn:aws:states:eu-west-1:000000000000:execution:slipway-deployment:d-1-1'],
    ] as const)
      expect(judged(role, action, resource)).toBe(refusal(role, action, resource));
  },
);

const STACK = 'arn:aws:cloudformation:eu-west-1:000000000000:stack';

test.each([
  ['cloudformation:ExecuteChangeSet', `${STACK}/prod-shop/1`],
  ['cloudformation:DeleteStack', `${STACK}/slipway/1`],
  ['cloudformation:CreateChangeSet', `${STACK}/slipway-cluster-local/1`],
  ['iam:CreateRole', 'arn:aws:iam::000000000000:role/dev-shop'],
  ['iam:PassRole', 'arn:aws:iam::000000000000:role/admin'],
  ['ecs:RunTask', 'arn:aws:ecs:eu-west-1:000000000000:task-definition/prod-shop-migrate:1'],
  ['ecs:UpdateService', 'arn:aws:ecs:eu-west-1:000000000000:service/local/prod-shop-main'],
  ['secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:/prod/shop/key-a1b2c3'],
  ['secretsmanager:DeleteSecret', 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:/dev/shop/key-a1b2c3'],
  ['s3:GetObject', 'arn:aws:s3:::slipway-documents-000000000000-eu-west-1/releases/1.json'],
  ['lambda:InvokeFunction', 'arn:aws:lambda:eu-west-1:000000000000:function:other'],
])('who deploys to a cluster may not call %s on %s', (action, resource) => {
  expect(judged('DeployRole', action, resource)).toBe(refusal('DeployRole', action, resource));
});

test('who deploys hands its roles to CloudFormation and to tasks, and to no other service', () => {
  const pass = (role: string, service: string) =>
    judged('DeployRole', 'iam:PassRole', `arn:aws:iam::000000000000:role/${role}`, { 'iam:PassedToService': service });
  expect(pass('slipway-cloudformation-local', 'cloudformation.amazonaws.com')).toBe('allowed');
  expect(pass('slipway-migrator-dev', 'ecs-tasks.amazonaws.com')).toBe('allowed');
  expect(pass('slipway-migration-dev', 'ecs-tasks.amazonaws.com')).toBe('allowed');
  for (const [role, service] of [
    ['slipway-cloudformation-local', 'lambda.amazonaws.com'],
    ['slipway-cloudformation-local', 'ecs-tasks.amazonaws.com'],
    ['slipway-migrator-dev', 'cloudformation.amazonaws.com'],
    ['slipway-migrator-prod', 'ecs-tasks.amazonaws.com'],
    ['slipway-migration-dev', 'lambda.amazonaws.com'],
    ['slipway-migration-prod', 'ecs-tasks.amazonaws.com'],
  ] as const)
    expect(pass(role, service)).toContain('because no identity-based policy allows the iam:PassRole action');
});
