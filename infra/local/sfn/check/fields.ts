import { instantOf } from '../choice/timestamp.ts';
import { isList, isObject } from '../data/json.ts';
import { LAMBDA_CALLBACK, LAMBDA_INVOKE } from '../states/task-events.ts';
import { type Check, path, pathOrCall, reference, template } from './expressions.ts';

/** The fields of each type of state, and what each must be. Branches, processors and rules are looked into elsewhere. */

const anything: Check = () => undefined;
const text: Check = (value) => (typeof value === 'string' ? undefined : 'must be a string');
const yes: Check = (value) => (value === true ? undefined : 'must be true');
const number =
  (least: number, whole: boolean): Check =>
  (value) =>
    typeof value === 'number' && value >= least && (!whole || Number.isInteger(value))
      ? undefined
      : `must be ${whole ? 'an integer' : 'a number'} of at least ${least}`;
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null ? undefined : check(value);
const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    values.some((one) => one === value) ? undefined : `should have one of these values: [${values.join(', ')}]`;
const list: Check = (value) => (isList(value) && value.length > 0 ? undefined : 'must be a list that is not empty');
const listMaybeEmpty: Check = (value) => (isList(value) ? undefined : 'must be a list');
const object: Check = (value) => (isObject(value) ? undefined : 'must be an object');

const resource: Check = (value) => {
  if (value === LAMBDA_INVOKE || value === LAMBDA_CALLBACK) return undefined;
  if (typeof value === 'string' && /^arn:aws[a-z-]*:lambda:[^:]+:[^:]*:function:[^:]+(:[^:]+)?$/.test(value))
    return undefined;
  return `is not recognized: the embedded cloud knows ${LAMBDA_INVOKE}, ${LAMBDA_CALLBACK} and the ARN of a function`;
};

const timestamp: Check = (value) =>
  instantOf(value) === undefined ? 'does not match RFC3339, as in 2026-01-31T12:00:00Z' : undefined;

const every = { Type: text, Comment: text, QueryLanguage: oneOf('JSONPath') };
const going = { Next: text, End: yes };
const input = { InputPath: orNull(path), OutputPath: orNull(path) };
const result = { ResultSelector: template, ResultPath: orNull(reference) };
const failing = { Retry: listMaybeEmpty, Catch: listMaybeEmpty };
const atLeastOneSecond = number(1, true);

export const stateFields: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  Task: {
    ...every,
    ...going,
    ...input,
    ...result,
    ...failing,
    Parameters: template,
    Resource: resource,
    TimeoutSeconds: atLeastOneSecond,
    TimeoutSecondsPath: path,
    HeartbeatSeconds: atLeastOneSecond,
    HeartbeatSecondsPath: path,
  },
  Parallel: { ...every, ...going, ...input, ...result, ...failing, Parameters: template, Branches: list },
  Map: {
    ...every,
    ...going,
    ...input,
    ...result,
    ...failing,
    Parameters: template,
    ItemSelector: template,
    ItemsPath: path,
    ItemProcessor: object,
    Iterator: object,
    MaxConcurrency: number(0, true),
    MaxConcurrencyPath: path,
    Label: text,
  },
  Choice: { ...every, ...input, Choices: list, Default: text },
  Wait: {
    ...every,
    ...going,
    ...input,
    Seconds: number(0, true),
    SecondsPath: path,
    Timestamp: timestamp,
    TimestampPath: path,
  },
  Pass: { ...every, ...going, ...input, Parameters: template, ResultPath: orNull(reference), Result: anything },
  Succeed: { ...every, ...input },
  Fail: { ...every, Error: text, ErrorPath: pathOrCall, Cause: text, CausePath: pathOrCall },
};

/** Exactly one of each group must stand there (the first number), or at most one (`?`). */
export const required: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Task: [['Resource']],
  Parallel: [['Branches']],
  Map: [['ItemProcessor', 'Iterator']],
  Choice: [['Choices']],
  Wait: [['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath']],
};

export const exclusive: readonly (readonly string[])[] = [
  ['TimeoutSeconds', 'TimeoutSecondsPath'],
  ['HeartbeatSeconds', 'HeartbeatSecondsPath'],
  ['MaxConcurrency', 'MaxConcurrencyPath'],
  ['Error', 'ErrorPath'],
  ['Cause', 'CausePath'],
  ['ItemSelector', 'Parameters'],
  ['Next', 'End'],
];

export const retryFields: Readonly<Record<string, Check>> = {
  Comment: text,
  ErrorEquals: list,
  IntervalSeconds: atLeastOneSecond,
  BackoffRate: number(1, false),
  MaxAttempts: number(0, true),
  MaxDelaySeconds: atLeastOneSecond,
  JitterStrategy: oneOf('FULL', 'NONE'),
};

export const catchFields: Readonly<Record<string, Check>> = {
  Comment: text,
  ErrorEquals: list,
  ResultPath: orNull(reference),
  Next: text,
};

export const machineFields: Readonly<Record<string, Check>> = {
  Comment: text,
  QueryLanguage: oneOf('JSONPath'),
  Version: oneOf('1.0'),
  StartAt: text,
  States: object,
  TimeoutSeconds: atLeastOneSecond,
};

export const innerFields: Readonly<Record<string, Check>> = {
  Comment: text,
  QueryLanguage: oneOf('JSONPath'),
  StartAt: text,
  States: object,
  ProcessorConfig: (value) =>
    isObject(value) && value['Mode'] !== undefined && value['Mode'] !== 'INLINE'
      ? 'must have the Mode INLINE: the embedded cloud runs no distributed Map'
      : object(value),
};

/** Parameters of the Lambda integration. */
export const invokeFields: readonly string[] = [
  'FunctionName',
  'Payload',
  'Qualifier',
  'InvocationType',
  'LogType',
  'ClientContext',
];
