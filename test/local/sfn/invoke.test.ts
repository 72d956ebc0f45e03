import { expect, test } from '@jest/globals';
import { AwsError } from '../../../infra/local/wire/service.ts';
import { failing, machine, openCloud, ROLE, types } from './support/cloud.ts';

const invoke = (Parameters: object, rest: object = { End: true }) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters,
  ...rest,
});

test('the integration wraps the result and names itself in its events', async () => {
  await using cloud = await openCloud({ functions: { f: (payload: { a: number }) => ({ got: payload }) } });
  const arn = await cloud.run(
    machine({ Do: invoke({ FunctionName: 'f', Payload: { 'a.$': '$.x' } }, { End: true, TimeoutSeconds: 9 }) }),
    { x: 1 },
  );
  const ended = await cloud.end(arn);
  expect(JSON.parse(ended.output ?? '')).toEqual({
    ExecutedVersion: '$LATEST',
    Payload: { got: { a: 1 } },
    StatusCode: 200,
  });
  const events = await cloud.history(arn);
  expect(types(events)).toEqual([
    'ExecutionStarted',
    'TaskStateEntered',
    'TaskScheduled',
    'TaskStarted',
    'TaskSucceeded',
    'TaskStateExited',
    'ExecutionSucceeded',
  ]);
  expect(events[2]?.taskScheduledEventDetails).toEqual({
    resourceType: 'lambda',
    resource: 'invoke',
    region: 'eu-west-1',
    parameters: '{"FunctionName":"f","Payload":{"a":1}}',
    timeoutInSeconds: 9,
  });
  expect(events[3]?.taskStartedEventDetails).toEqual({ resourceType: 'lambda', resource: 'invoke' });
  expect(events[4]?.taskSucceededEventDetails).toMatchObject({
    resource: 'invoke',
    outputDetails: { truncated: false },
  });
});

test.each([
  ['f', 'arn:aws:lambda:eu-west-1:123456789012:function:f'],
  ['arn:aws:lambda:eu-west-1:123456789012:function:f', 'arn:aws:lambda:eu-west-1:123456789012:function:f'],
])('the function %s is called by its ARN, an absent payload is an empty object', async (FunctionName, expected) => {
  const seen: string[][] = [];
  await using cloud = await openCloud({
    invoke: async (...args) => {
      seen.push(args);
      return { payload: 'null' };
    },
  });
  await cloud.end(await cloud.run(machine({ Do: invoke({ FunctionName }) })));
  await cloud.end(await cloud.run(machine({ Do: invoke({ FunctionName, Qualifier: 'live' }) })));
  expect(seen).toEqual([
    [expected, '{}'],
    [`${expected}:live`, '{}'],
  ]);
});

test.each<[string, unknown, string, string]>([
  [
    'a function that is missing',
    new AwsError('ResourceNotFoundException', 'Function not found: f', 404),
    'Lambda.ResourceNotFoundException',
    'Function not found: f (Service: AWSLambda; Status Code: 404;',
  ],
  [
    'too many calls',
    new AwsError('TooManyRequestsException', 'Rate exceeded', 429),
    'Lambda.TooManyRequestsException',
    'Rate exceeded',
  ],
  ['an outage', new AwsError('Service', 'down', 500), 'Lambda.ServiceException', 'Status Code: 500'],
  [
    'a broken connection',
    new Error('socket hang up'),
    'Lambda.SdkClientException',
    'Unable to execute HTTP request: socket hang up',
  ],
])('%s has the name that AWS gives it', async (_what, thrown, error, cause) => {
  await using cloud = await openCloud({
    invoke: async () => {
      throw thrown;
    },
  });
  const arn = await cloud.run(machine({ Do: invoke({ FunctionName: 'f' }) }));
  const ended = await cloud.end(arn);
  expect(ended).toMatchObject({ status: 'FAILED', error });
  expect(ended.cause).toContain(cause);
  expect((await cloud.history(arn)).at(-2)?.taskFailedEventDetails).toMatchObject({ error, resource: 'invoke' });
});

test('a function that died without a document is unknown', async () => {
  await using cloud = await openCloud({ invoke: async () => ({ payload: '', functionError: 'Unhandled' }) });
  expect((await cloud.end(await cloud.run(machine({ Do: invoke({ FunctionName: 'f' }) })))).error).toBe(
    'Lambda.Unknown',
  );
});

test("a call is made as the machine's role, and a refusal is the task's failure", async () => {
  const asked: unknown[][] = [];
  await using cloud = await openCloud({
    functions: { f: () => 'ran' },
    authorizeRole: (...args) => {
      asked.push(args);
      throw new AwsError(
        'AccessDeniedException',
        'User: machine is not authorized to perform: lambda:InvokeFunction',
        403,
      );
    },
  });
  const arn = await cloud.run(machine({ Do: invoke({ FunctionName: 'f' }) }));
  const ended = await cloud.end(arn);
  expect(ended).toMatchObject({ status: 'FAILED', error: 'Lambda.AWSLambdaException' });
  expect(ended.cause).toContain(
    'not authorized to perform: lambda:InvokeFunction (Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException;',
  );
  expect(asked).toEqual([[ROLE, 'lambda:InvokeFunction', ['arn:aws:lambda:eu-west-1:123456789012:function:f']]]);
  expect(cloud.called).toEqual([]);
});

test('a function name that is no string fails the execution', async () => {
  await using cloud = await openCloud({ functions: { f: () => failing('no') } });
  const ended = await cloud.end(await cloud.run(machine({ Do: invoke({ 'FunctionName.$': '$.n' }) }), { n: 1 }));
  expect(ended).toMatchObject({ error: 'States.Runtime' });
});
