import type { Invocation, InvokeFunction } from '../function.ts';
import { AwsError } from '../wire/service.ts';
import { isObject } from './data/json.ts';
import { StateFailure } from './failure.ts';
import type { Call } from './run.ts';

/** What Step Functions makes of a call: what the function returned, or the failure of the task. */
export type Returned = Answer | { readonly failure: StateFailure };

export type Answer = Pick<Invocation, 'payload' | 'executedVersion'>;

export interface Invoking {
  readonly invoke: InvokeFunction;
  readonly authorizeRole?: (roleArn: string, action: string, resources: readonly string[]) => void;
}

/** Calls a function as the role of the state machine; never rejects. */
export const invokeAs = async (
  { invoke, authorizeRole }: Invoking,
  roleArn: string,
  { functionArn, payload }: Call,
): Promise<Returned> => {
  try {
    authorizeRole?.(roleArn, 'lambda:InvokeFunction', [functionArn]);
    const returned = await invoke(functionArn, payload);
    return returned.functionError ? { failure: handlerFailure(returned.payload) } : returned;
  } catch (error) {
    return { failure: callFailure(error) };
  }
};

/** The call that was under way when the cloud stopped: as when the connection to Lambda breaks. */
export const interrupted = (): StateFailure =>
  new StateFailure(
    'Lambda.SdkClientException',
    'Unable to execute HTTP request: the embedded cloud stopped while the function was running; it may have finished or not',
  );

/** The error type a handler threw is the error's name, the whole document its cause. */
const handlerFailure = (document: string): StateFailure => {
  const parsed = parsedOrNothing(document);
  const type = isObject(parsed) ? parsed['errorType'] : undefined;
  return new StateFailure(typeof type === 'string' && type !== '' ? type : 'Lambda.Unknown', document);
};

const parsedOrNothing = (document: string): unknown => {
  try {
    return JSON.parse(document);
  } catch {
    return undefined; // a runtime that died leaves no document: AWS calls it Lambda.Unknown
  }
};

/** Lambda refused the call or could not be reached, in the words of the SDK that Step Functions uses. */
const callFailure = (error: unknown): StateFailure => {
  if (!(error instanceof AwsError)) {
    const detail = error instanceof Error ? error.message : String(error);
    return new StateFailure('Lambda.SdkClientException', `Unable to execute HTTP request: ${detail}`);
  }
  const isDenied = error.code.startsWith('AccessDenied');
  const status = isDenied ? 403 : error.code === 'ResourceNotFoundException' ? 404 : error.status;
  const code = isDenied ? 'AccessDeniedException' : error.code;
  const service = `(Service: AWSLambda; Status Code: ${status}; Error Code: ${code}; Proxy: null)`;
  return new StateFailure(
    isDenied ? 'Lambda.AWSLambdaException' : `Lambda.${named(code)}`,
    `${error.message} ${service}`,
  );
};

const named = (code: string) => (code.endsWith('Exception') ? code : `${code}Exception`);
