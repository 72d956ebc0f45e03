import { expect, test } from '@jest/globals';
import { createIam } from '../../../infra/local/iam/iam.ts';
import { createStepFunctions } from '../../../infra/local/sfn/step-functions.ts';
import { create, testWorld } from '../test-world.ts';

const trust = (Service: string, Condition?: object) => ({
  Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service }, ...(Condition && { Condition }) },
});

const LOGS = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];

/** Makes a role, and a state machine called `plan` under it. */
const made = async (trusted: object, actions: readonly string[] = [], properties: object = {}) => {
  const world = testWorld();
  const iam = createIam(world);
  const part = createStepFunctions(world, { invoke: async () => ({ payload: '{}' }), roles: iam });
  const statement = { Effect: 'Allow', Action: actions, Resource: '*' };
  const role = await create(iam, 'AWS::IAM::Role', 'Role', {
    AssumeRolePolicyDocument: trusted,
    ...(actions.length && { Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: statement } }] }),
  });
  return create(part, 'AWS::StepFunctions::StateMachine', 'Plan', {
    StateMachineName: 'plan',
    RoleArn: role.attributes['Arn'],
    DefinitionString: '{"StartAt":"Done","States":{"Done":{"Type":"Succeed"}}}',
    ...properties,
  });
};

const arn = (name: string) => `arn:aws:states:${testWorld().region}:${testWorld().account}:stateMachine:${name}`;
const forMachine = (name: string) => trust('states.amazonaws.com', { ArnLike: { 'aws:SourceArn': arn(name) } });

test.each([
  ['another service', trust('lambda.amazonaws.com')],
  ['another state machine', forMachine('other')],
])('a role that trusts %s is refused as AWS words it', async (_what, trusted) => {
  await expect(made(trusted)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringMatching(
      /^Neither the global service principal states\.amazonaws\.com, nor the regional one/,
    ),
  });
});

test('a role that trusts this state machine will do', async () => {
  await made(forMachine('plan'));
});

const logging = { LoggingConfiguration: { Level: 'ERROR', Destinations: [{}] } };

test('a machine that logs needs a role that may deliver logs, every part of it', async () => {
  for (const missing of LOGS)
    await expect(
      made(
        forMachine('plan'),
        LOGS.filter((action) => action !== missing),
        logging,
      ),
    ).rejects.toThrow(/^The state machine IAM Role is not authorized to access the Log Destination/);
  await made(forMachine('plan'), LOGS, logging);
  await made(forMachine('plan'), [], { LoggingConfiguration: { Level: 'OFF' } });
});
