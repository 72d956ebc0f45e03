import type { Properties } from '../part.ts';
import { AwsError } from '../wire/service.ts';

/** A function, or one published version of it, as the store holds it. */
export interface FunctionRecord {
  readonly functionName: string;
  /** Of the resource that made it: the same resource may ask for it again. */
  readonly seed: string;
  readonly version: string;
  readonly code: { readonly bucket: string; readonly key: string };
  readonly handler: string;
  readonly runtime: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly roleArn: string;
  readonly logGroup: string;
  readonly description: string;
  /** Kept and shown, without effect here: VpcConfig, TracingConfig, Architectures, ... */
  readonly recorded: Properties;
  readonly modifiedAtMillis: number;
}

/** Reads the properties of AWS::Lambda::Function; throws InvalidParameterValueException for what Lambda refuses. */
export const functionRecordFrom = (
  { functionName, seed }: Pick<FunctionRecord, 'functionName' | 'seed'>,
  properties: Properties,
  modifiedAtMillis: number,
): FunctionRecord => {
  const environment = variablesFrom((properties['Environment'] as Properties | undefined)?.['Variables']);
  const code = codeFrom((properties['Code'] ?? {}) as Properties);
  const logging = (properties['LoggingConfig'] ?? {}) as Properties;
  const { Environment, Code, FunctionName, Handler, Runtime, Timeout, MemorySize, Role, Description, ...recorded } =
    properties;
  return {
    functionName,
    seed,
    version: '$LATEST',
    code,
    handler: String(Handler ?? ''),
    runtime: String(Runtime ?? ''),
    timeoutSeconds: within('Timeout', Timeout ?? 3, 1, 900),
    memoryMegabytes: within('MemorySize', MemorySize ?? 128, 128, 10_240),
    environment,
    roleArn: String(Role ?? ''),
    logGroup: String(logging['LogGroup'] ?? `/aws/lambda/${functionName}`),
    description: String(Description ?? ''),
    recorded,
    modifiedAtMillis,
  };
};

export const invalidParameter = (message: string) => new AwsError('InvalidParameterValueException', message);

const codeFrom = (code: Properties): FunctionRecord['code'] => {
  const bucket = code['S3Bucket'];
  const key = code['S3Key'];
  if (typeof bucket === 'string' && typeof key === 'string') return { bucket, key };
  throw invalidParameter('Code needs S3Bucket and S3Key: the embedded cloud runs assets, no inline code and no images');
};

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html: the names that Lambda keeps to itself. */
const RESERVED = new Set([
  '_HANDLER',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_TASK_ROOT',
]);
const VARIABLES_BYTES = 4096;

const variablesFrom = (value: unknown): Readonly<Record<string, string>> => {
  const variables = Object.fromEntries(Object.entries(value ?? {}).map(([name, text]) => [name, String(text)]));
  const reserved = Object.keys(variables).filter((name) => RESERVED.has(name));
  if (reserved.length)
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  if (Buffer.byteLength(JSON.stringify(variables)) > VARIABLES_BYTES)
    throw invalidParameter(
      'Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.',
    );
  return variables;
};

const within = (name: string, value: unknown, least: number, most: number): number => {
  const number = Number(value);
  if (number >= least && number <= most) return number;
  throw invalidParameter(`${name} ${value} is not between ${least} and ${most}`);
};
