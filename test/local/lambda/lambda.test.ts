import { GetFunctionCommand, InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { afterEach, expect, test } from '@jest/globals';
import { standingClock } from '../../../infra/local/clock.ts';
import type { Handlers } from '../../../infra/local/lambda/in-process.ts';
import { openStore } from '../../../infra/local/store.ts';
import { create } from '../test-world.ts';
import { type LambdaWorld, lambdaWorld } from './lambda-world.ts';

const ARN = 'arn:aws:lambda:eu-central-1:111122223333:function:one';
const open: LambdaWorld[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const echo: Handlers = (name, environment) => async (event) => ({ name, event, colour: environment['COLOUR'] });
const started = async (run: Handlers = echo, given: Parameters<typeof lambdaWorld>[1] = {}) => {
  const world = await lambdaWorld(run, given);
  open.push(world);
  world.asset('code', {});
  return world;
};
const coloured = (COLOUR: string) => ({ Environment: { Variables: { COLOUR } } });
const text = (payload: Uint8Array | undefined) => Buffer.from(payload ?? []).toString('utf8');

test('Invoke over the wire answers with what the handler returned and the version that ran', async () => {
  const { make, front } = await started();
  await make('one', coloured('red'));
  const client = new LambdaClient(front.operator);
  for (const FunctionName of ['one', ARN, '111122223333:function:one', 'one:$LATEST']) {
    const answer = await client.send(new InvokeCommand({ FunctionName, Payload: '{"a":1}' }));
    expect(JSON.parse(text(answer.Payload))).toEqual({ name: 'one', event: { a: 1 }, colour: 'red' });
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(answer.FunctionError).toBeUndefined();
  }
});

test('an error of the handler comes with X-Amz-Function-Error', async () => {
  const { make, front } = await started(() => async () => {
    throw new RangeError('too far');
  });
  await make('one');
  const answer = await new LambdaClient(front.operator).send(new InvokeCommand({ FunctionName: 'one' }));
  expect(answer.FunctionError).toBe('Unhandled');
  expect(JSON.parse(text(answer.Payload))).toMatchObject({ errorType: 'RangeError', errorMessage: 'too far' });
});

test('a role may invoke what its policy names, and is told in the words of AWS what it may not', async () => {
  const { make, front } = await started();
  await make('one', {}, [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: ARN }]);
  await make('two');
  const client = new LambdaClient(front.as('arn:aws:iam::111122223333:role/one-role'));
  await client.send(new InvokeCommand({ FunctionName: 'one' }));
  await expect(client.send(new InvokeCommand({ FunctionName: 'two' }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
    $metadata: { httpStatusCode: 403 },
    message: `User: arn:aws:sts::111122223333:assumed-role/one-role/test is not authorized to perform: lambda:InvokeFunction on resource: ${ARN.replace('one', 'two')} because no identity-based policy allows the lambda:InvokeFunction action`,
  });
});

test('a function that does not exist, a body that is no JSON and one above 6 MB are refused by name', async () => {
  const { make, front } = await started();
  await make('one');
  const client = new LambdaClient(front.operator);
  const invoke = (FunctionName: string, Payload: string) => client.send(new InvokeCommand({ FunctionName, Payload }));
  await expect(invoke('none', '{}')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: `Function not found: ${ARN.replace('one', 'none')}`,
  });
  await expect(invoke('one', '{')).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
  await expect(invoke('one', JSON.stringify('x'.repeat(6 * 1024 * 1024)))).rejects.toMatchObject({
    name: 'RequestEntityTooLargeException',
    $metadata: { httpStatusCode: 413 },
  });
});

test('an answer above 6 MB is an error of the function', async () => {
  const { make, lambda } = await started(() => async () => 'x'.repeat(7 * 1024 * 1024));
  await make('one');
  expect(JSON.parse((await lambda.invoke('one', '{}')).payload)).toMatchObject({
    errorType: 'Function.ResponseSizeTooLarge',
  });
});

test('a dry run runs nothing', async () => {
  let ran = 0;
  const { make, front } = await started(() => async () => ++ran);
  await make('one');
  const answer = await new LambdaClient(front.operator).send(
    new InvokeCommand({ FunctionName: 'one', InvocationType: 'DryRun' }),
  );
  expect([answer.StatusCode, ran]).toEqual([204, 0]);
});

test('versions keep the code and settings they were published with; an alias moves between them', async () => {
  const { make, lambda } = await started();
  await make('one', coloured('red'));
  const version = await create(lambda, 'AWS::Lambda::Version', 'V1', { FunctionName: 'one' });
  expect(version).toEqual({ physicalId: `${ARN}:1`, attributes: { Version: '1', FunctionArn: `${ARN}:1` } });
  const alias = await create(lambda, 'AWS::Lambda::Alias', 'Live', {
    FunctionName: 'one',
    Name: 'live',
    FunctionVersion: '1',
  });
  const functions = lambda.resources?.['AWS::Lambda::Function'];
  const properties = { Role: 'arn:aws:iam::111122223333:role/one-role', Code: { S3Bucket: 'assets', S3Key: 'code' } };
  await functions?.update({ ...request({ ...properties, ...coloured('blue') }), physicalId: 'one', previous: {} });
  const colour = async (arn: string) => JSON.parse((await lambda.invoke(arn, '{}')).payload).colour;
  expect(await colour(version.physicalId)).toBe('red');
  expect(await colour(alias.physicalId)).toBe('red');
  expect(await colour(ARN)).toBe('blue');
  const second = await create(lambda, 'AWS::Lambda::Version', 'V2', { FunctionName: ARN });
  expect(second.attributes['Version']).toBe('2');
  await lambda.resources?.['AWS::Lambda::Version']?.delete({ ...request({}), physicalId: version.physicalId });
  await expect(lambda.invoke(version.physicalId, '{}')).rejects.toThrow(`Function not found: ${ARN}:1`);
});

test.each<[string, object, string]>([
  [
    'a reserved variable',
    { Environment: { Variables: { AWS_REGION: 'x' } } },
    'Reserved keys used in this request: AWS_REGION',
  ],
  ['more than 4 KB of variables', coloured('x'.repeat(4096)), 'exceeded the 4KB limit'],
  ['an asset that is not there', { Code: { S3Bucket: 'other', S3Key: 'code' } }, 's3://other/code'],
  ['inline code', { Code: { ZipFile: 'exports.handler = 1' } }, 'Code needs S3Bucket and S3Key'],
  ['a timeout beyond 15 minutes', { Timeout: 901 }, 'Timeout 901 is not between 1 and 900'],
  ['a role that does not trust Lambda', { Role: 'arn:aws:iam::111122223333:role/none' }, 'cannot be assumed by Lambda'],
])('a function with %s is refused', async (_what, properties, message) => {
  const { make } = await started();
  await expect(make('one', properties)).rejects.toThrow(message);
});

test('GetFunction and ListFunctions show what the template said', async () => {
  const { make, front } = await started();
  await make('one', { Timeout: 20, MemorySize: 256, Layers: [] });
  const client = new LambdaClient(front.operator);
  const { Configuration } = await client.send(new GetFunctionCommand({ FunctionName: 'one' }));
  expect(Configuration).toMatchObject({ FunctionArn: ARN, Timeout: 20, MemorySize: 256, Runtime: 'nodejs24.x' });
  const { Functions } = await client.send(new ListFunctionsCommand({}));
  expect(Functions?.map((one) => one.FunctionName)).toEqual(['one']);
});

const allowing = (...Action: string[]) => ({ Effect: 'Allow', Action, Resource: '*' });

test.each<[string, object, object, object]>([
  [
    'SendMessage on SQS',
    { DeadLetterConfig: { TargetArn: 'arn:aws:sqs:eu-central-1:111122223333:lost' } },
    { ...allowing('sqs:SendMessage'), Resource: 'arn:aws:sqs:eu-central-1:111122223333:other' },
    { ...allowing('sqs:SendMessage'), Resource: 'arn:aws:sqs:eu-central-1:111122223333:lost' },
  ],
  [
    'Publish on SNS',
    { DeadLetterConfig: { TargetArn: 'arn:aws:sns:eu-central-1:111122223333:lost' } },
    allowing('sqs:SendMessage'),
    allowing('sns:Publish'),
  ],
  ['PutTraceSegments on XRAY', { TracingConfig: { Mode: 'Active' } }, allowing('xray:Get*'), allowing('xray:Put*')],
  [
    'DeleteNetworkInterface on EC2',
    { VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] } },
    allowing('ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces'),
    allowing('ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DeleteNetworkInterface'),
  ],
])('a function whose role may not %s, which its settings need, is refused', async (what, settings, lacking, enough) => {
  const { make } = await started();
  await expect(make('one', settings, [lacking])).rejects.toThrow(
    `The provided execution role does not have permissions to call ${what}`,
  );
  await make('two', settings, [enough]);
});

test('a permission speaks for its principal, its source and exactly the function it names', async () => {
  const { make, lambda } = await started();
  await make('one');
  const SourceArn = 'arn:aws:events:eu-central-1:111122223333:rule/hint';
  const permission = {
    FunctionName: ARN,
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
    SourceArn,
  };
  const { physicalId } = await create(lambda, 'AWS::Lambda::Permission', 'P', permission);
  expect(lambda.allowed(ARN, 'events.amazonaws.com', SourceArn)).toBe(true);
  expect(lambda.allowed(ARN, 'events.amazonaws.com', `${SourceArn}-other`)).toBe(false);
  expect(lambda.allowed(ARN, 'apigateway.amazonaws.com', SourceArn)).toBe(false);
  expect(lambda.allowed(`${ARN}:1`, 'events.amazonaws.com', SourceArn)).toBe(false);
  await lambda.resources?.['AWS::Lambda::Permission']?.delete({ ...request(permission), physicalId });
  expect(lambda.allowed(ARN, 'events.amazonaws.com', SourceArn)).toBe(false);
});

test('an event is tried again after one and then two minutes, and then given up', async () => {
  const clock = standingClock(Date.parse('2026-09-01T00:00:00Z'));
  const at: number[] = [];
  const { make, front, world } = await started(
    () => async () => {
      at.push((clock.now() - Date.parse('2026-09-01T00:00:00Z')) / 1000);
      throw new Error('not today');
    },
    { clock },
  );
  await make('one');
  const sent = await new LambdaClient(front.operator).send(
    new InvokeCommand({ FunctionName: 'one', InvocationType: 'Event', Payload: '{}' }),
  );
  expect(sent.StatusCode).toBe(202);
  await clock.advance(3_600_000);
  expect(at).toEqual([0, 60, 180]);
  expect(world.lines.join()).toContain('is discarded after 3 tries');
});

test('an event that waits for its next try survives a restart', async () => {
  const store = openStore();
  const clock = standingClock();
  const first = await started(
    () => async () => {
      throw new Error('down');
    },
    { clock, store },
  );
  await first.make('one');
  await new LambdaClient(first.front.operator).send(
    new InvokeCommand({ FunctionName: 'one', InvocationType: 'Event', Payload: '{"n":7}' }),
  );
  await clock.advance(1000);
  await first.lambda.stop?.();
  const seen: unknown[] = [];
  await started(() => async (event) => seen.push(event), { clock, store });
  await clock.advance(60_000);
  expect(seen).toEqual([{ n: 7 }]);
});

test('an in-process handler has its remaining time by the clock of the world', async () => {
  const clock = standingClock();
  const { make, lambda } = await started(
    () => async (_event, context) => {
      const before = context.getRemainingTimeInMillis();
      await clock.advance(1000);
      return [before, context.getRemainingTimeInMillis()];
    },
    { clock },
  );
  await make('one', { Timeout: 10 });
  expect(JSON.parse((await lambda.invoke('one', '{}')).payload)).toEqual([10_000, 9000]);
});

const request = (properties: object) => ({
  type: '',
  logicalId: 'x',
  properties: properties as Record<string, unknown>,
  stackName: 'shop',
  stackId: '',
  seed: 'x',
  signal: new AbortController().signal,
});
