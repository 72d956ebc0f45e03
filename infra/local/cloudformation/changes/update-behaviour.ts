import { deepEqual } from '@aws-cdk/cloudformation-diff/lib/diff/util.js';
import { findType } from '../specification/specification.ts';

/** What AWS does to a resource when one property changes. */
export type Recreation = 'Never' | 'Conditionally' | 'Always';

/** Names of the properties that differ, as CloudFormation compares (10 equals "10"), each with its recreation. */
export const changedProperties = (type: string, before: Values, after: Values): ReadonlyMap<string, Recreation> =>
  new Map(
    [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .filter((name) => !deepEqual(before[name], after[name]))
      .map((name) => [name, recreationOf(type, name)]),
  );

/** In place for a property, or a type, that AWS's specification lacks. */
export const recreationOf = (type: string, property: string): Recreation => {
  const properties = findType(type)?.properties ?? {};
  const replaces = Object.hasOwn(properties, property) ? properties[property]?.replaces : undefined;
  if (replaces === 'yes') return 'Always';
  return replaces === 'maybe' ? 'Conditionally' : 'Never';
};

/** The property by which the template itself names the resource, when a change of it needs replacement. */
export const nameProperty = (type: string, properties: Values): string | undefined =>
  nameCandidates(type).find((name) => properties[name] !== undefined && recreationOf(type, name) === 'Always');

type Values = Readonly<Record<string, unknown>>;

/** `AWS::EC2::SecurityGroup` is named by GroupName, `AWS::S3::Bucket` by BucketName, a database by its Identifier. */
const nameCandidates = (type: string): readonly string[] => {
  const last = type.split('::').at(-1) ?? '';
  const tail = /[A-Z][a-z]+$/.exec(last)?.[0] ?? last;
  return ['Name', `${last}Name`, `${tail}Name`, `${last}Identifier`];
};
