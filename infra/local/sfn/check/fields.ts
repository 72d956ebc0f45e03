import { isObject } from '../data/json.ts';
import { type Check, path, pathOrCall, reference, template } from './expressions.ts';
import {
  anything,
  list,
  listMaybeEmpty,
  number,
  object,
  oneOf,
  orNull,
  resource,
  text,
  timestamp,
  yes,
} from './kinds.ts';

const every = { Type: text, Comment: text, QueryLanguage: oneOf('JSONPath') };
const going = { Next: text, End: yes };
const input = { InputPath: orNull(path), OutputPath: orNull(path) };
const result = { ResultSelector: template, ResultPath: orNull(reference) };
const failing = { Retry: listMaybeEmpty, Catch: listMaybeEmpty };
const atLeastOneSecond = number(1, true);

/** The fields of each type of state, and what each must be; branches, processors and rules are looked into elsewhere. */
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

/** Exactly one of each group must stand there. */
export const required: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Task: [['Resource']],
  Parallel: [['Branches']],
  Map: [['ItemProcessor', 'Iterator']],
  Choice: [['Choices']],
  Wait: [['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath']],
};

/** At most one of each group may. */
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
