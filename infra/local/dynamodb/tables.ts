import type { Properties, World } from '../part.ts';
import { AwsError } from '../wire/service.ts';
import type { Rebuild } from './rebuild-table.ts';

/** What is known of a table beside dynalite's own. */
export interface TableRecord {
  /** Of the resource that made it: the same resource may ask for it again. */
  readonly seed: string;
  readonly isProtected: boolean;
  /** Kept without effect here: point-in-time recovery, encryption, TTL, streams, tags. */
  readonly recorded: Properties;
}

export const tablesOf = (world: World) => world.store.remembered<TableRecord>('dynamodb-tables');

export const rebuildsOf = (world: World) => world.store.table<Rebuild>('dynamodb-rebuilds');

export const tableArn = ({ region, account }: World, name: string) =>
  `arn:aws:dynamodb:${region}:${account}:table/${name}`;

export const refuseProtected = (table: TableRecord | undefined): void => {
  if (table?.isProtected)
    throw new AwsError(
      'ValidationException',
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    );
};
