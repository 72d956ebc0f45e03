import { generatedName } from '../generated-name.ts';
import type { Properties, Resource, ResourceProvider, World } from '../part.ts';
import { AwsError, type Input } from '../wire/service.ts';
import type { DynaliteServer } from './dynalite-server.ts';
import { rebuildTable } from './rebuild-table.ts';
import { createTable, deleteTable, tableExists, untilActive } from './table-life.ts';
import type { TableTurns } from './table-turns.ts';
import { rebuildsOf, refuseProtected, type TableRecord, tableArn, tablesOf } from './tables.ts';

/** AWS::DynamoDB::Table: Ref is the name, `Arn` the ARN; every change waits until the table is ACTIVE. */
export const tableResource = (world: World, server: DynaliteServer, turns: TableTurns): ResourceProvider => {
  const tables = tablesOf(world);
  const shown = (TableName: string): Resource => ({
    physicalId: TableName,
    attributes: { Arn: tableArn(world, TableName) },
  });
  return {
    create: async ({ properties, ...request }) => {
      const TableName = String(properties['TableName'] ?? generatedName(request, 255));
      const isOwn = tables.get(TableName)?.seed === request.seed;
      const isThere = await tableExists(server, TableName);
      if (isThere && !isOwn) throw new AwsError('ResourceInUseException', `Table already exists: ${TableName}`);
      tables.put(TableName, recordFrom(request.seed, properties));
      if (isThere) await untilActive(server, TableName, request.signal);
      else await createTable(server, { TableName, ...tableInput(properties) }, request.signal);
      return shown(TableName);
    },
    update: async ({ physicalId, properties, previous, seed, signal }) => {
      const input = { TableName: physicalId, ...tableInput(properties) };
      if (indexesChange(previous, properties))
        await turns.alone(physicalId, () => rebuildTable(server, rebuildsOf(world), input, signal));
      else if (previous['BillingMode'] !== properties['BillingMode']) {
        const { TableName, ProvisionedThroughput, BillingMode = 'PROVISIONED' } = input;
        await server.call('UpdateTable', {
          TableName,
          BillingMode,
          ...(ProvisionedThroughput && { ProvisionedThroughput }),
        });
        await untilActive(server, physicalId, signal);
      }
      tables.put(physicalId, recordFrom(seed, properties));
      return shown(physicalId);
    },
    delete: async ({ physicalId, signal }) => {
      refuseProtected(tables.get(physicalId));
      await deleteTable(server, physicalId, signal);
      tables.delete(physicalId);
    },
    importing: {
      identifier: ['TableName'],
      find: async ({ TableName = '' }) => ((await tableExists(server, TableName)) ? shown(TableName) : undefined),
    },
  };
};

const KNOWN = ['AttributeDefinitions', 'KeySchema', 'LocalSecondaryIndexes', 'BillingMode', 'ProvisionedThroughput'];

const tableInput = (properties: Properties): Input => ({
  ...Object.fromEntries(KNOWN.flatMap((name) => (properties[name] === undefined ? [] : [[name, properties[name]]]))),
  ...(indexesOf(properties).length > 0 && { GlobalSecondaryIndexes: indexesOf(properties) }),
});

const indexesOf = (properties: Properties): Input[] =>
  ((properties['GlobalSecondaryIndexes'] ?? []) as Input[]).map(
    ({ IndexName, KeySchema, Projection, ProvisionedThroughput }) => ({
      IndexName,
      KeySchema,
      Projection,
      ...(ProvisionedThroughput && { ProvisionedThroughput }),
    }),
  );

/** DynamoDB makes or drops one index at a time, and neither changes its keys. */
const indexesChange = (previous: Properties, next: Properties): boolean => {
  const before = byName(indexesOf(previous));
  const after = byName(indexesOf(next));
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name),
  );
  const altered = changed.find((name) => before.has(name) && after.has(name));
  if (altered)
    throw new AwsError('ValidationException', `the index ${altered} cannot be changed, only dropped and made anew`);
  if (changed.length > 1)
    throw new AwsError(
      'LimitExceededException',
      `Cannot perform more than one GSI creation or deletion in a single update (${changed.join(', ')})`,
    );
  return changed.length > 0;
};

const byName = (indexes: readonly Input[]): Map<string, string> =>
  new Map(indexes.map(({ IndexName, KeySchema, Projection }) => [IndexName, JSON.stringify([KeySchema, Projection])]));

const recordFrom = (seed: string, properties: Properties): TableRecord => ({
  seed,
  isProtected: properties['DeletionProtectionEnabled'] === true || properties['DeletionProtectionEnabled'] === 'true',
  recorded: Object.fromEntries(
    Object.entries(properties).filter(([name]) => !KNOWN.includes(name) && name !== 'GlobalSecondaryIndexes'),
  ),
});
