import type { Credentials } from '../iam/sessions.ts';
import type { FunctionRecord } from './function-record.ts';

export interface FunctionSurroundings {
  readonly region: string;
  readonly endpoint: string;
  readonly folder: string;
  readonly logStream: string;
  readonly credentials: Credentials;
  /** Wins over the function's own variables: what differs between this cloud and AWS. */
  readonly extra: Readonly<Record<string, string>>;
}

/** Everything a function finds in `process.env`. */
export const functionEnvironment = (
  record: FunctionRecord,
  { region, endpoint, folder, logStream, credentials, extra }: FunctionSurroundings,
): Readonly<Record<string, string>> => ({
  PATH: process.env['PATH'] ?? '',
  LANG: 'en_US.UTF-8',
  TZ: 'UTC',
  ...record.environment,
  AWS_ENDPOINT_URL: endpoint,
  ...extra,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: credentials.sessionToken,
  AWS_EXECUTION_ENV: `AWS_Lambda_${record.runtime}`,
  AWS_LAMBDA_FUNCTION_NAME: record.functionName,
  AWS_LAMBDA_FUNCTION_VERSION: record.version,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(record.memoryMegabytes),
  AWS_LAMBDA_LOG_GROUP_NAME: record.logGroup,
  AWS_LAMBDA_LOG_STREAM_NAME: logStream,
  LAMBDA_TASK_ROOT: folder,
  _HANDLER: record.handler,
});
