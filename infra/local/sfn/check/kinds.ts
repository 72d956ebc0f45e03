import { instantOf } from '../choice/timestamp.ts';
import { isList, isObject } from '../data/json.ts';
import { LAMBDA_CALLBACK, LAMBDA_INVOKE } from '../states/task-events.ts';
import type { Check } from './expressions.ts';

export const anything: Check = () => undefined;
export const text: Check = (value) => (typeof value === 'string' ? undefined : 'must be a string');
export const yes: Check = (value) => (value === true ? undefined : 'must be true');
export const number =
  (least: number, whole: boolean): Check =>
  (value) =>
    typeof value === 'number' && value >= least && (!whole || Number.isInteger(value))
      ? undefined
      : `must be ${whole ? 'an integer' : 'a number'} of at least ${least}`;
export const orNull =
  (check: Check): Check =>
  (value) =>
    value === null ? undefined : check(value);
export const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    values.some((one) => one === value) ? undefined : `should have one of these values: [${values.join(', ')}]`;
export const list: Check = (value) =>
  isList(value) && value.length > 0 ? undefined : 'must be a list that is not empty';
export const listMaybeEmpty: Check = (value) => (isList(value) ? undefined : 'must be a list');
export const object: Check = (value) => (isObject(value) ? undefined : 'must be an object');

export const resource: Check = (value) => {
  if (value === LAMBDA_INVOKE || value === LAMBDA_CALLBACK) return undefined;
  if (typeof value === 'string' && /^arn:aws[a-z-]*:lambda:[^:]+:[^:]*:function:[^:]+(:[^:]+)?$/.test(value))
    return undefined;
  return `is not recognized: the embedded cloud knows ${LAMBDA_INVOKE}, ${LAMBDA_CALLBACK} and the ARN of a function`;
};

export const timestamp: Check = (value) =>
  instantOf(value) === undefined ? 'does not match RFC3339, as in 2026-01-31T12:00:00Z' : undefined;
