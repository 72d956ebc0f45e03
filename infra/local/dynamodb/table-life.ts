import { AwsError, type Input } from '../wire/service.ts';
import type { DynaliteServer } from './dynalite-server.ts';

/** Creates a table and waits until it and its indexes are ACTIVE. */
export const createTable = async (server: DynaliteServer, input: Input, signal: AbortSignal): Promise<void> => {
  await server.call('CreateTable', input);
  await untilActive(server, input.TableName, signal);
};

/** Deletes a table, if it is there, and waits until it is gone. */
export const deleteTable = async (server: DynaliteServer, TableName: string, signal: AbortSignal): Promise<void> => {
  if (await tableExists(server, TableName)) await server.call('DeleteTable', { TableName });
  while (await tableExists(server, TableName)) await oneTurn(signal);
};

export const tableExists = (server: DynaliteServer, TableName: string): Promise<boolean> =>
  server.call('DescribeTable', { TableName }).then(
    () => true,
    (error) => {
      if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return false;
      throw error;
    },
  );

/** Throws OperationAborted when the update that waits for it is cancelled. */
export const untilActive = async (server: DynaliteServer, TableName: string, signal: AbortSignal): Promise<void> => {
  for (;;) {
    const { Table } = await server.call('DescribeTable', { TableName });
    const indexes = (Table.GlobalSecondaryIndexes ?? []) as Input[];
    if ([Table.TableStatus, ...indexes.map((index) => index.IndexStatus)].every((status) => status === 'ACTIVE'))
      return;
    await oneTurn(signal);
  }
};

const oneTurn = (signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    if (signal.aborted) reject(new AwsError('OperationAborted', 'the update that asked for the table was cancelled'));
    else setTimeout(resolve, 2);
  });
