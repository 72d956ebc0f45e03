import type { Importing, Resource } from '../../part.ts';
import { AwsError } from '../../wire/service.ts';
import type { Records } from '../open-records.ts';
import type { ImportTarget } from '../records.ts';
import { alreadyInStack } from './plan-import.ts';

/**
 * The resource behind an identifier; undefined when there is none.
 * @throws AwsError ValidationError when it belongs to a stack, this or another
 */
export const findImport = async (
  records: Records,
  importing: Importing | undefined,
  target: ImportTarget,
): Promise<Resource | undefined> => {
  const found = await importing?.find(target.identifier);
  const isOwned = ({
    type,
    current,
  }: {
    readonly type: string;
    readonly current?: { physicalId: string } | undefined;
  }) => type === target.type && current?.physicalId === found?.physicalId;
  if (found && records.resources.list().some(({ value }) => isOwned(value)))
    throw new AwsError('ValidationError', alreadyInStack(`[${target.logicalId}]`));
  return found;
};

/** As `findImport`, where it has to be there; in the words of AWS's resource handlers. */
export const getImport = async (...asked: Parameters<typeof findImport>): Promise<Resource> => {
  const [, , { type, identifier }] = asked;
  const found = await findImport(...asked);
  if (found) return found;
  throw new Error(`Resource of type '${type}' with identifier '${Object.values(identifier).join('|')}' was not found.`);
};
