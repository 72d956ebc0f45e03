import { isObject, type Json } from '../data/json.ts';
import type { TaskState } from '../definition.ts';
import { runtime } from '../failure.ts';
import type { Answer } from '../invocation.ts';
import type { Run } from '../run.ts';
import { isIntegration } from './task-events.ts';

/** Which function with which payload: Parameters of the integration, or a plain ARN whose input is the payload. */
export const targetOf = (run: Run, state: TaskState, input: Json): { functionArn: string; payload: string } => {
  if (!isIntegration(state)) return { functionArn: state.Resource, payload: JSON.stringify(input) };
  const { FunctionName, Payload = {}, Qualifier } = isObject(input) ? input : {};
  if (typeof FunctionName !== 'string') {
    const wrong = "[The value of the field 'FunctionName' has an invalid format]";
    throw runtime(`The Parameters '${JSON.stringify(input)}' could not be used to start the Task: ${wrong}`);
  }
  const name = typeof Qualifier === 'string' ? `${FunctionName}:${Qualifier}` : FunctionName;
  const functionArn = name.startsWith('arn:') ? name : `arn:aws:lambda:${run.region}:${run.account}:function:${name}`;
  return { functionArn, payload: JSON.stringify(Payload) };
};

/** What the state has as its result, from what the function returned. */
export const resultOf = (state: TaskState, { payload, executedVersion = '$LATEST' }: Answer): Json => {
  const value = jsonOrText(payload);
  return isIntegration(state) ? { ExecutedVersion: executedVersion, Payload: value, StatusCode: 200 } : value;
};

const jsonOrText = (payload: string): Json => {
  try {
    return payload === '' ? null : JSON.parse(payload);
  } catch {
    return payload; // a function may return what is no JSON: AWS hands it on as a string
  }
};
