import type { InvokeFunction } from '../function.ts';
import type { World } from '../part.ts';
import {
  type Authorize,
  AwsError,
  awsErrorFrom,
  type WireRequest,
  type WireResponse,
  type WireService,
} from '../wire/service.ts';
import { functionArn, functionReferenceFrom } from './function-arn.ts';
import type { FunctionRecord } from './function-record.ts';
import type { Functions } from './functions.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 1 MB for an asynchronous invoke. */
const EVENT_BYTES = 1024 * 1024;

export interface LambdaServiceOptions {
  readonly invoke: InvokeFunction;
  readonly acceptEvent: (functionArn: string, payload: string) => void;
}

/**
 * Lambda's REST API: Invoke, GetFunction, GetFunctionConfiguration, ListFunctions, ListVersionsByFunction, DeleteFunction of a
 * version, GetAccountSettings.
 */
export const lambdaService = (world: World, functions: Functions, options: LambdaServiceOptions): WireService => ({
  scope: 'lambda',
  handle: async (request, authorize) => {
    try {
      return await route(world, functions, options, request, authorize);
    } catch (thrown) {
      const error = awsErrorFrom(thrown);
      // A REST service says 403 where a JSON service says 400.
      const status = error.code === 'AccessDeniedException' ? 403 : error.status;
      return {
        ...json({ Type: 'User', message: error.message }, status),
        headers: { ...JSON_TYPE, 'x-amzn-errortype': error.code },
      };
    }
  },
});

const JSON_TYPE = { 'content-type': 'application/json' };
const json = (body: unknown, status = 200): WireResponse => ({
  status,
  headers: JSON_TYPE,
  body: JSON.stringify(body),
});

const route = async (
  world: World,
  functions: Functions,
  options: LambdaServiceOptions,
  request: WireRequest,
  authorize: Authorize,
): Promise<WireResponse> => {
  if (request.method === 'GET' && request.path === '/2016-08-19/account-settings') return accountSettings(authorize);
  const [, encoded = '', rest] = /^\/2015-03-31\/functions\/([^/]*)(?:\/([a-z]+))?\/?$/.exec(request.path) ?? [];
  const name = decodeURIComponent(encoded);
  const arn = functionArn(world, functionReferenceFrom(name, request.query.get('Qualifier') ?? undefined));
  switch (`${request.method} ${rest ?? (name ? 'function' : 'functions')}`) {
    case 'POST invocations':
      return invocation(functions, options, request, authorize, arn);
    case 'GET function': {
      authorize('lambda:GetFunction', [arn]);
      const { record, invokedArn } = functions.resolve(arn);
      return json({ Configuration: shown(record, invokedArn), Code: { RepositoryType: 'S3' } });
    }
    case 'GET configuration': {
      authorize('lambda:GetFunctionConfiguration', [arn]);
      const { record, invokedArn } = functions.resolve(arn);
      return json(shown(record, invokedArn));
    }
    case 'GET versions':
      authorize('lambda:ListVersionsByFunction', [arn]);
      return json({
        Versions: functions.published(arn).map((each) => shown(each, functionArn(world, qualified(each)))),
      });
    case 'DELETE function':
      authorize('lambda:DeleteFunction', [arn]);
      functions.unpublish(arn);
      return { status: 204 };
    case 'GET functions':
      authorize('lambda:ListFunctions', ['*']);
      return json({ Functions: functions.latest.list().map(({ value }) => shown(value, functionArn(world, value))) });
    default:
      throw new AwsError('UnknownOperationException', `lambda does not know ${request.method} ${request.path}`, 404);
  }
};

const qualified = ({ functionName, version: qualifier }: FunctionRecord) => ({ functionName, qualifier });

/** AWS's defaults for an account that has been used; here nothing is held to them. */
const accountSettings = (authorize: Authorize): WireResponse => {
  authorize('lambda:GetAccountSettings', ['*']);
  return json({ AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 1000 } });
};

const invocation = async (
  functions: Functions,
  { invoke, acceptEvent }: LambdaServiceOptions,
  request: WireRequest,
  authorize: Authorize,
  arn: string,
): Promise<WireResponse> => {
  authorize('lambda:InvokeFunction', [arn]);
  const { record } = functions.resolve(arn);
  const payload = request.body.toString('utf8');
  switch (request.headers['x-amz-invocation-type'] ?? 'RequestResponse') {
    case 'DryRun':
      return { status: 204 };
    case 'Event':
      if (request.body.length > EVENT_BYTES) throw tooLargeEvent();
      refuseBadJson(payload);
      acceptEvent(arn, payload);
      return { status: 202 };
    default: {
      refuseBadJson(payload);
      const answer = await invoke(arn, payload);
      const error = answer.functionError && { 'x-amz-function-error': answer.functionError };
      return {
        status: 200,
        headers: { ...JSON_TYPE, 'x-amz-executed-version': record.version, ...error },
        body: answer.payload,
      };
    }
  }
};

const tooLargeEvent = () =>
  new AwsError(
    'RequestEntityTooLargeException',
    `Request must be smaller than ${EVENT_BYTES} bytes for the InvokeFunction operation`,
    413,
  );

const refuseBadJson = (payload: string) => {
  if (payload === '') return;
  try {
    JSON.parse(payload);
  } catch (error) {
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${error}`);
  }
};

const shown = (record: FunctionRecord, FunctionArn: string) => ({
  FunctionName: record.functionName,
  FunctionArn,
  Version: record.version,
  Runtime: record.runtime,
  Handler: record.handler,
  Role: record.roleArn,
  Timeout: record.timeoutSeconds,
  MemorySize: record.memoryMegabytes,
  Description: record.description,
  Environment: { Variables: record.environment },
  LoggingConfig: { LogFormat: 'Text', ...(record.recorded['LoggingConfig'] ?? {}), LogGroup: record.logGroup },
  LastModified: new Date(record.modifiedAtMillis).toISOString().replace('Z', '+0000'),
  State: 'Active',
  LastUpdateStatus: 'Successful',
  PackageType: 'Zip',
});
