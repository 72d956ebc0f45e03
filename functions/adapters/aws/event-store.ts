import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { sameJson } from '../../domain/same-json.ts';
import type { AuditEvent, EventStore, Written } from '../../ports.ts';
import { tables } from '../../tables.ts';
import { dynamoTable } from './dynamo-table.ts';

/** The audit in DynamoDB: an item is written once and never again. */
export const dynamoEventStore = (client: DynamoDBClient, tableName: string): EventStore => {
  const table = dynamoTable<AuditEvent>({ client, name: tableName, shape: tables.EVENTS_TABLE });
  return {
    append: async (event) => {
      const { subject, at } = event;
      const decide = (before: AuditEvent | undefined): Written<AuditEvent> => {
        if (!before) return { kind: 'moved', record: event };
        if (sameJson(before, event)) return { kind: 'repeated', record: before };
        return { kind: 'refused', reason: 'another event of the same moment', record: before };
      };
      // Events of one moment keep the order in which they came.
      for (let place = 0; ; place++) {
        const written = await table.move({ subject, _order: `${at}#${String(place).padStart(6, '0')}` }, decide, {
          isNew: true,
        });
        if (written.kind !== 'refused') return;
      }
    },
    list: (subject, limit) => table.query({ partition: { subject }, newestFirst: true, limit }),
  };
};
