import { isDeepStrictEqual } from 'node:util';
import type { World } from '../part.ts';
import { AwsError } from '../wire/service.ts';
import { type FunctionReference, functionArn, functionReferenceFrom } from './function-arn.ts';
import type { FunctionRecord } from './function-record.ts';

/** A permission in the function's resource policy, for whom it is given (name and qualifier). */
export interface PermissionRecord {
  readonly functionName: string;
  readonly qualifier?: string;
  readonly action: string;
  readonly principal: string;
  readonly sourceArn?: string;
}

export interface EventInvokeRecord {
  readonly maximumRetryAttempts: number;
}

export interface Resolved {
  readonly record: FunctionRecord;
  /** The ARN as it was asked for, qualifier included. */
  readonly invokedArn: string;
}

export type Functions = ReturnType<typeof functionsOf>;

/** Functions, versions, aliases and permissions as the store holds them. */
export const functionsOf = (world: World) => {
  const latest = world.store.table<FunctionRecord>('lambda-functions');
  const versions = world.store.table<FunctionRecord>('lambda-versions');
  const counters = world.store.table<number>('lambda-version-counters');
  const aliases = world.store.table<string>('lambda-aliases');
  const permissions = world.store.table<PermissionRecord>('lambda-permissions');
  const eventInvokes = world.store.table<EventInvokeRecord>('lambda-event-invoke-configs');

  const find = ({ functionName, qualifier }: FunctionReference): FunctionRecord | undefined => {
    if (qualifier === undefined) return latest.get(functionName);
    const version = aliases.get(`${functionName}/${qualifier}`) ?? qualifier;
    return version === '$LATEST' ? latest.get(functionName) : versions.get(`${functionName}/${version}`);
  };
  const numbered = (functionName: string): FunctionRecord[] =>
    versions
      .list(`${functionName}/`)
      .map(({ value }) => value)
      .sort((a, b) => Number(a.version) - Number(b.version));
  return {
    latest,
    versions,
    aliases,
    permissions,
    eventInvokes,
    /** The function behind any form of name; throws ResourceNotFoundException. */
    resolve: (name: string, qualifier?: string): Resolved => {
      const reference = functionReferenceFrom(name, qualifier);
      const record = find(reference);
      const invokedArn = functionArn(world, reference);
      if (!record) throw notFound(invokedArn);
      return { record, invokedArn };
    },
    /** Freezes the function as it is now under the next number; the same seed gets the same version again. */
    publish: (record: FunctionRecord, seed: string): FunctionRecord => {
      const known = versions.list(`${record.functionName}/`).find(({ value }) => value.seed === seed);
      if (known) return known.value;
      const newest = numbered(record.functionName).at(-1);
      // Lambda publishes nothing new of unchanged code, for which CloudFormation has this word.
      if (newest && isDeepStrictEqual(frozen(newest), frozen(record)))
        throw new AwsError(
          'AlreadyExists',
          `A version for this Lambda function exists ( ${newest.version} ). Modify the function to create a new version.`,
        );
      const number = (counters.get(record.functionName) ?? 0) + 1;
      const version = { ...record, seed, version: String(number) };
      counters.put(record.functionName, number);
      versions.put(`${record.functionName}/${number}`, version);
      return version;
    },
    /** The function as it is now, then its versions, oldest first; throws ResourceNotFoundException. */
    published: (name: string): readonly FunctionRecord[] => {
      const { functionName } = functionReferenceFrom(name);
      const now = latest.get(functionName);
      if (!now) throw notFound(functionArn(world, { functionName }));
      return [now, ...numbered(functionName)];
    },
    /** Forgets one version; of the function itself only templates may dispose. */
    unpublish: (name: string): void => {
      const { functionName, qualifier } = functionReferenceFrom(name);
      if (qualifier === undefined)
        throw new AwsError('UnknownOperationException', 'DeleteFunction deletes versions only here', 404);
      versions.delete(`${functionName}/${qualifier}`);
    },
    remove: (functionName: string): void => {
      for (const table of [versions, aliases, permissions, eventInvokes])
        for (const { key } of table.list(`${functionName}/`)) table.delete(key);
      counters.delete(functionName);
      latest.delete(functionName);
    },
  };
};

const notFound = (arn: string) => new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);

/** What a version freezes. */
const frozen = ({ seed: _seed, version: _version, modifiedAtMillis: _at, ...rest }: FunctionRecord) => rest;
