import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { forgetVersions } from '../../../bin/cdk/forget-versions.ts';
import { KEPT_SECONDS } from '../../../bin/cdk/old-versions.ts';
import { clientSettings } from '../../../infra/local/assembly.ts';
import { leapingClock, type MovableClock } from '../../../infra/local/clock.ts';
import { type Cloud, openWorld, startCloud } from '../../../infra/local/cloud.ts';
import { deployTemplate } from '../../../infra/local/cloudformation/deploy-template.ts';
import { until } from '../../support/until.ts';

const MACHINE = 'arn:aws:states:eu-west-1:000000000000:stateMachine:work';
const WAIT_SECONDS = 3600;

let clock: MovableClock;
let cloud: Cloud;
beforeEach(async () => {
  clock = leapingClock();
  cloud = await startCloud(openWorld({ clock }), {
    functions: (_name, environment) => async () => environment['CODE'],
    images: [],
    path: '',
  });
  cloud.addAsset('code', 'main.zip', '/nowhere');
});
afterEach(() => cloud.stop());

/** A function, its version under the name of its code, and a machine that calls it now and after an hour. */
const templateOf = (code: string, more: object = {}) => {
  const trust = (Service: string) => ({
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service } }],
  });
  const versions = { 'Fn::Sub': '${Work.Arn}:*' };
  const call = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: '${Work}' } };
  const kept = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' };
  const definition = {
    StartAt: 'First',
    States: {
      First: { ...call, ResultPath: null, Next: 'Wait' },
      Wait: { Type: 'Wait', Seconds: WAIT_SECONDS, Next: 'Second' },
      Second: { ...call, ResultSelector: { 'code.$': '$.Payload', 'version.$': '$.ExecutedVersion' }, End: true },
    },
  };
  return {
    Resources: {
      WorkRole: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust('lambda.amazonaws.com') } },
      Work: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Handler: 'main.handler',
          Runtime: 'nodejs24.x',
          Code: { S3Bucket: 'code', S3Key: 'main.zip' },
          Environment: { Variables: { CODE: code } },
          Role: { 'Fn::GetAtt': ['WorkRole', 'Arn'] },
        },
      },
      [`WorkVersion${code}`]: {
        Type: 'AWS::Lambda::Version',
        Properties: { FunctionName: { Ref: 'Work' } },
        ...kept,
      },
      MachineRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: trust('states.amazonaws.com'),
          Policies: [
            {
              PolicyName: 'calls',
              PolicyDocument: {
                Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: versions }],
              },
            },
          ],
        },
      },
      Machine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          StateMachineName: 'work',
          RoleArn: { 'Fn::GetAtt': ['MachineRole', 'Arn'] },
          DefinitionString: JSON.stringify(definition),
          DefinitionSubstitutions: { Work: { Ref: `WorkVersion${code}` } },
        },
      },
      MachineVersion: {
        Type: 'AWS::StepFunctions::StateMachineVersion',
        Properties: {
          StateMachineArn: { Ref: 'Machine' },
          StateMachineRevisionId: { 'Fn::GetAtt': ['Machine', 'StateMachineRevisionId'] },
        },
        ...kept,
      },
      ...more,
    },
  };
};

const deploy = (template: object) =>
  deployTemplate(new CloudFormationClient(clientSettings(cloud)), {
    stackName: 'app',
    templateBody: JSON.stringify(template),
    capabilities: ['CAPABILITY_IAM'],
  });

const start = async (name: string): Promise<string> => {
  const client = new SFNClient(clientSettings(cloud));
  const { executionArn = '' } = await client.send(new StartExecutionCommand({ stateMachineArn: MACHINE, name }));
  return executionArn;
};

const ended = (executionArn: string) =>
  until('the end of the execution', async () => {
    const client = new SFNClient(clientSettings(cloud));
    const execution = await client.send(new DescribeExecutionCommand({ executionArn }));
    return execution.status !== 'RUNNING' && execution;
  });

const forget = () => {
  const settings = clientSettings(cloud);
  const clients = {
    cloudFormation: new CloudFormationClient(settings),
    lambda: new LambdaClient(settings),
    states: new SFNClient(settings),
  };
  return forgetVersions(clients, { stackName: 'app', nowMillis: clock.now() });
};

test('an execution ends on the code it started with, whatever is deployed meanwhile; a later one runs on the new', async () => {
  await deploy(templateOf('one'));
  const before = await start('before');
  await deploy(templateOf('two'));
  const after = await start('after');
  await clock.advance(WAIT_SECONDS * 1000);
  expect(await ended(before)).toMatchObject({ status: 'SUCCEEDED', output: '{"code":"one","version":"1"}' });
  expect(await ended(after)).toMatchObject({ status: 'SUCCEEDED', output: '{"code":"two","version":"2"}' });
});

test('versions that were replaced are forgotten once no execution can call them, and the present ones never', async () => {
  for (const code of ['one', 'two', 'three']) {
    await deploy(templateOf(code));
    await clock.advance(1000);
  }
  expect(await forget()).toBe(0);
  await clock.advance((KEPT_SECONDS + 10) * 1000);
  // Two of the function and two of the machine.
  expect(await forget()).toBe(4);
  await clock.advance(KEPT_SECONDS * 1000);
  expect(await forget()).toBe(0);
  const last = await start('last');
  await clock.advance(WAIT_SECONDS * 1000);
  expect(await ended(last)).toMatchObject({ status: 'SUCCEEDED', output: '{"code":"three","version":"3"}' });
});

test('an update that fails leaves no version in the way of the next try', async () => {
  await deploy(templateOf('one'));
  const broken = {
    Broken: { Type: 'AWS::Lambda::Version', DependsOn: 'Machine', Properties: { FunctionName: 'nobody' } },
  };
  await expect(deploy(templateOf('two', broken))).rejects.toThrow('UPDATE_ROLLBACK_COMPLETE');
  await deploy(templateOf('two'));
  const after = await start('after');
  await clock.advance(WAIT_SECONDS * 1000);
  expect(await ended(after)).toMatchObject({ output: '{"code":"two","version":"3"}' });
});

test('code that has not changed is not published again, as Lambda words it', async () => {
  await deploy(templateOf('one'));
  const again = {
    Again: { Type: 'AWS::Lambda::Version', DependsOn: 'WorkVersionone', Properties: { FunctionName: { Ref: 'Work' } } },
  };
  await expect(deploy(templateOf('one', again))).rejects.toThrow('A version for this Lambda function exists ( 1 ).');
});
