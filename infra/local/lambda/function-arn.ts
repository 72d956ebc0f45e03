import type { World } from '../part.ts';

/** A function as callers name it: by name, `name:qualifier`, partial ARN or ARN. */
export interface FunctionReference {
  readonly functionName: string;
  /** A version number or an alias; undefined and `$LATEST` both mean the newest code. */
  readonly qualifier?: string;
}

/** Reads every form that Lambda takes for a function's name; the qualifier may also come apart from it. */
export const functionReferenceFrom = (name: string, qualifier?: string): FunctionReference => {
  const [functionName = '', own] = name.replace(/^.*:?function:/, '').split(':');
  const given = own ?? qualifier;
  return { functionName, ...(given !== undefined && given !== '$LATEST' && { qualifier: given }) };
};

export const functionArn = ({ region, account }: World, { functionName, qualifier }: FunctionReference): string =>
  `arn:aws:lambda:${region}:${account}:function:${functionName}${qualifier === undefined ? '' : `:${qualifier}`}`;
