import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { recordFrom } from '../../functions/adapters/aws/attribute-value.ts';
import { type TableShape, tables } from '../../functions/tables.ts';
import { outputIdOf } from '../../infra/aws/names.ts';
import { clientSettings } from '../../infra/local/assembly.ts';
import type { TestSlipway } from '../support/slipway.ts';
import { kindOfDocument, kindOfItem, type RecordKind } from './kinds.ts';

/** Sees every record that is written while it watches, also those that stand for a moment only. */
export const witness = (slipway: TestSlipway) => {
  const seen = new Map<RecordKind, Map<string, unknown>>();
  const note = (kind: RecordKind, record: unknown) => {
    const known = seen.get(kind) ?? new Map<string, unknown>();
    known.set(JSON.stringify(record), record);
    seen.set(kind, known);
  };
  const settings = clientSettings(slipway.cloud);
  const dynamodb = new DynamoDBClient(settings);
  const s3 = new S3Client(settings);
  const sfn = new SFNClient(settings);
  const nameOf = (variable: string) => slipway.outputs[outputIdOf(variable)] ?? '';

  const lookAtTables = async () => {
    for (const key of Object.keys(tables satisfies Record<string, TableShape>))
      for await (const { Items = [] } of paginateScan({ client: dynamodb }, { TableName: nameOf(key) }))
        for (const item of Items) {
          const record = recordFrom(item);
          // Whoever holds a task token may end the step that waits.
          note(kindOfItem(key, record), 'taskToken' in record ? { ...record, taskToken: 'task-token' } : record);
        }
  };
  const lookAtDocuments = async () => {
    const Bucket = nameOf('DOCUMENTS_BUCKET');
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    for (const { Key = '' } of Contents) {
      const kind = kindOfDocument(Key);
      if (!kind) continue;
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      note(kind, { key: Key, document: JSON.parse((await Body?.transformToString()) ?? '') });
    }
  };
  const lookAtInputs = async () => {
    for (const machine of ['request', 'deployment'] as const)
      for (const executionArn of await slipway.executions.list(machine)) {
        const { input = '' } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
        note(machine === 'request' ? 'requestInputs' : 'deploymentInputs', JSON.parse(input));
      }
  };

  let watching = true;
  const watch = (async () => {
    while (watching) await lookAtTables();
  })();
  const leave = async () => {
    watching = false;
    await watch;
  };
  return {
    leave,
    /** What was seen, when the story is over. */
    end: async (): Promise<ReadonlyMap<RecordKind, readonly unknown[]>> => {
      await leave();
      await lookAtDocuments();
      await lookAtInputs();
      return new Map([...seen].map(([kind, records]) => [kind, [...records.values()]]));
    },
  };
};
