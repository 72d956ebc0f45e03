import { expect, test } from '@jest/globals';
import { builtTemplates, ownTemplates } from '../support/every-template.ts';
import { guarded, guardRules } from '../support/guard.ts';

const templates = [...ownTemplates(), ...builtTemplates()];

test('every template keeps the rules of test/infra/rules', () => {
  const results = guarded(templates.map(({ template }) => template));
  const broken = templates.flatMap(({ name }, index) =>
    (results[index]?.broken ?? []).map((rule) => `${name}: ${rule}`),
  );
  expect(broken).toEqual([]);
  expect(templates.length).toBeGreaterThanOrEqual(6);
});

const one = (Type: string, Properties: object, more: object = {}) => ({
  Resources: { A: { Type, Properties, ...more } },
});

const decided = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
const closed = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};
const encrypted = {
  ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
};
const overTls = { Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
const bucket = (properties: object, statement: object = overTls, more: object = decided) => ({
  Resources: {
    A: {
      Type: 'AWS::S3::Bucket',
      Properties: { BucketEncryption: encrypted, PublicAccessBlockConfiguration: closed, ...properties },
      ...more,
    },
    B: { Type: 'AWS::S3::BucketPolicy', Properties: { PolicyDocument: { Statement: [statement] } } },
  },
});
const allowing = (...statements: object[]) =>
  one('AWS::IAM::Policy', { PolicyDocument: { Statement: statements.map((each) => ({ Effect: 'Allow', ...each })) } });
const inlineAllowing = (statement: object) =>
  one('AWS::IAM::Role', { Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Allow', ...statement }] } }] });
const trusting = (Principal: unknown) =>
  one('AWS::IAM::Role', { AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Principal }] } });
const logging = { LogDriver: 'awslogs' };
const task = (container: object, more: object = {}) =>
  one('AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ LogConfiguration: logging, ...container }], ...more });
const dockerSocket = { Name: 'docker', Host: { SourcePath: '/var/run/docker.sock' } };
const fromRule = { ArnEquals: { 'aws:SourceArn': 'arn' } };
const queuePolicy = (statement: object) => {
  const allowed = { Effect: 'Allow', Action: 'sqs:SendMessage', ...statement };
  return one('AWS::SQS::QueuePolicy', { PolicyDocument: { Statement: [overTls, allowed] } });
};
const taskAndQueue = (...queues: object[]) => ({
  Resources: Object.fromEntries([
    ['T', task({}).Resources.A],
    ['P', withPolicy('SQS', 'Queue', {}).Resources.B],
    ...queues.map((queue, index) => [
      `Q${index}`,
      { Type: 'AWS::SQS::Queue', Properties: { SqsManagedSseEnabled: true, ...queue } },
    ]),
  ]),
});
const lambda = { Runtime: 'nodejs24.x', Architectures: ['arm64'], Timeout: 1, Role: 'r' };
const lambdaTold = (Variables: object) => one('AWS::Lambda::Function', { ...lambda, Environment: { Variables } });
const group = (ingress: object) => one('AWS::EC2::SecurityGroup', { SecurityGroupIngress: [ingress] });
const table = (properties: object) => one('AWS::DynamoDB::Table', properties, decided);
const backup = { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } };
const machine = { TracingConfiguration: { Enabled: true }, LoggingConfiguration: { Destinations: [{}] } };

/** A rule, templates that break it and nothing else, and one beside the border that breaks none. */
const cases: readonly (readonly [rule: string, broken: readonly object[], sound: object])[] = [
  ['bucket_encrypted', [bucket({ BucketEncryption: undefined })], bucket({})],
  [
    'bucket_closed_to_the_public',
    [
      bucket({ PublicAccessBlockConfiguration: undefined }),
      bucket({ PublicAccessBlockConfiguration: { ...closed, BlockPublicPolicy: false } }),
    ],
    bucket({}),
  ],
  [
    'bucket_over_tls_only',
    [bucket({}, { ...overTls, Effect: 'Allow' }), { Resources: { A: bucket({}).Resources.A } }],
    bucket({}),
  ],
  ['deletion_is_decided', [bucket({}, overTls, {}), one('AWS::SecretsManager::Secret', {})], bucket({})],
  ['queue_encrypted', [withPolicy('SQS', 'Queue', {})], withPolicy('SQS', 'Queue', { KmsMasterKeyId: 'alias/k' })],
  [
    'queue_over_tls_only',
    [one('AWS::SQS::Queue', { SqsManagedSseEnabled: true })],
    withPolicy('SQS', 'Queue', { SqsManagedSseEnabled: true }),
  ],
  [
    'queue_filled_by_something_named',
    [
      queuePolicy({ Principal: '*', Condition: fromRule }),
      queuePolicy({ Principal: { Service: 'sns.amazonaws.com' } }),
    ],
    queuePolicy({ Principal: { Service: 'events.amazonaws.com' }, Condition: fromRule }),
  ],
  [
    'queue_of_an_application_ends_somewhere',
    [taskAndQueue({ MessageRetentionPeriod: 60 })],
    taskAndQueue({ RedrivePolicy: { maxReceiveCount: 10 } }, { MessageRetentionPeriod: 1_209_600 }),
  ],
  ['topic_over_tls_only', [one('AWS::SNS::Topic', {})], withPolicy('SNS', 'Topic', {})],
  [
    'logs_end_some_day',
    [one('AWS::Logs::LogGroup', {}, decided)],
    one('AWS::Logs::LogGroup', { RetentionInDays: 30 }, decided),
  ],
  [
    'table_that_stays_is_protected',
    [table({ ...backup }), table({ DeletionProtectionEnabled: true })],
    table({ ...backup, DeletionProtectionEnabled: true }),
  ],
  [
    'secret_without_a_value',
    [one('AWS::SecretsManager::Secret', { SecretString: 's' }, decided)],
    one('AWS::SecretsManager::Secret', { Name: 's' }, decided),
  ],
  [
    'no_action_of_every_kind',
    [
      allowing({ Action: '*', Resource: 'r' }),
      allowing({ Action: ['s3:GetObject', 's3:Put*'], Resource: 'r' }),
      allowing({ NotAction: 's3:GetObject', Resource: 'r' }),
    ],
    allowing({ Action: ['s3:GetObject'], Resource: 'r' }, { Effect: 'Deny', Action: '*', Resource: '*' }),
  ],
  [
    'no_inline_action_of_every_kind',
    [
      one('AWS::IAM::Role', {
        Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: 'r' }] } }],
      }),
    ],
    one('AWS::IAM::Role', {
      Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'r' }] } }],
    }),
  ],
  [
    'no_inline_right_on_everything',
    [
      inlineAllowing({ Action: ['s3:GetObject'], Resource: '*' }),
      inlineAllowing({ Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::a', '*'] }),
      inlineAllowing({ Action: ['s3:GetObject'], NotResource: 'arn:aws:s3:::a' }),
    ],
    inlineAllowing({ Action: ['ecr:GetAuthorizationToken'], Resource: ['*'] }),
  ],
  [
    'no_resource_by_exclusion',
    [allowing({ Action: 's3:GetObject', NotResource: 'r' })],
    allowing({ Action: 's3:GetObject', Resource: '*' }),
  ],
  [
    'role_passed_to_a_named_service',
    [allowing({ Action: 'iam:PassRole', Resource: 'r' })],
    allowing({
      Action: 'iam:PassRole',
      Resource: 'r',
      Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    }),
  ],
  [
    'nobody_passes_roles_among_other_rights',
    [allowing({ Action: ['ecs:RunTask', 'iam:PassRole'], Resource: '*' })],
    allowing({ Action: ['ecs:RunTask', 'ecs:StopTask'], Resource: '*' }),
  ],
  ['trust_has_a_name', [trusting('*'), trusting({ AWS: '*' })], trusting({ Service: 'lambda.amazonaws.com' })],
  [
    'function_invoked_by_something_named',
    [
      one('AWS::Lambda::Permission', { Principal: '*' }),
      one('AWS::Lambda::Permission', { Principal: 'events.amazonaws.com' }),
    ],
    one('AWS::Lambda::Permission', { Principal: 'events.amazonaws.com', SourceArn: 'arn' }),
  ],
  ['no_person_and_no_key', [one('AWS::IAM::User', {})], trusting({ AWS: 'arn' })],
  [
    'no_custom_resource',
    [one('Custom::Thing', {}), one('AWS::CloudFormation::CustomResource', {})],
    one('AWS::CloudFormation::WaitConditionHandle', {}),
  ],
  [
    'function_on_the_decided_runtime',
    [one('AWS::Lambda::Function', { ...lambda, Runtime: 'nodejs22.x' })],
    one('AWS::Lambda::Function', lambda),
  ],
  [
    'function_told_no_secret',
    [lambdaTold({ A: '{{resolve:secretsmanager:s}}' }), lambdaTold({ DB_PASSWORD: { Ref: 'P' } })],
    lambdaTold({ SECRET_ID: { Ref: 'S' } }),
  ],
  ['no_function_url', [one('AWS::Lambda::Url', {})], one('AWS::Lambda::Function', lambda)],
  [
    'machine_logs',
    [
      one('AWS::StepFunctions::StateMachine', { ...machine, LoggingConfiguration: undefined }),
      one('AWS::StepFunctions::StateMachine', { ...machine, TracingConfiguration: { Enabled: false } }),
    ],
    one('AWS::StepFunctions::StateMachine', machine),
  ],
  [
    'container_without_privileges',
    [
      task({ Privileged: true }),
      task({ LogConfiguration: undefined }),
      task({}, { NetworkMode: 'host' }),
      task({}, { Volumes: [{ Name: 'sockets' }, { Name: 'root', Host: { SourcePath: '/' } }] }),
    ],
    task({ Privileged: false }, { NetworkMode: 'bridge', Volumes: [dockerSocket, { Name: 'sockets' }] }),
  ],
  [
    'container_told_no_secret_in_clear',
    [task({ Environment: [{ Name: 'A', Value: '{{resolve:secretsmanager:s}}' }] })],
    task({ Environment: [{ Name: 'A', Value: { Ref: 'P' } }] }),
  ],
  [
    'role_of_an_application_is_bounded',
    [{ Resources: { ...task({}).Resources, B: { Type: 'AWS::IAM::Role', Properties: {} } } }],
    { Resources: { ...task({}).Resources, B: { Type: 'AWS::IAM::Role', Properties: { PermissionsBoundary: 'b' } } } },
  ],
  [
    'nothing_open_to_the_world',
    [group({ CidrIp: '0.0.0.0/0' }), group({ CidrIpv6: '::/0' })],
    group({ SourceSecurityGroupId: 'sg' }),
  ],
];

function withPolicy(service: 'SQS' | 'SNS', kind: 'Queue' | 'Topic', properties: object) {
  const statement = { ...overTls, Action: `${service.toLowerCase()}:*` };
  return {
    Resources: {
      A: { Type: `AWS::${service}::${kind}`, Properties: properties },
      B: { Type: `AWS::${service}::${kind}Policy`, Properties: { PolicyDocument: { Statement: [statement] } } },
    },
  };
}

test('each rule refuses what breaks it, refuses nothing else, and is tested', () => {
  const broken = cases.flatMap(([rule, templates]) => templates.map((template) => ({ rule, template })));
  const found = guarded([...broken.map(({ template }) => template), ...cases.map(([, , sound]) => sound)]);
  expect(found.slice(0, broken.length).map((each) => each.broken)).toEqual(broken.map(({ rule }) => [rule]));
  expect(found.slice(broken.length).map((each) => each.broken)).toEqual(cases.map(() => []));
  expect(cases.map(([rule]) => rule).sort()).toEqual([...guardRules].sort());
});
