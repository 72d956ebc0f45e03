import { expect, test } from '@jest/globals';
import { checkOutboxes } from '../../../functions/domain/environment/check-outboxes.ts';
import { sampleApplication, sampleRuntime } from '../../support/sample-configuration.ts';

const found = (postgres: object, ...envVars: object[]) =>
  checkOutboxes(
    sampleApplication({
      databases: [{ name: 'main', postgres }],
      runtimes: [sampleRuntime({ containers: [{ name: 'web', imageUrl: 'a:1', envVars }] })],
    }),
  );
const variable = { name: 'A', database: { databaseName: 'main' } };

test('O33: an outbox that no runtime would send is refused', () => {
  expect(found({ runOutbox: true })).toEqual([
    expect.objectContaining({
      keys: ['databases', 0, 'postgres', 'runOutbox'],
      message: expect.stringContaining('no runtime names the database main in a variable'),
    }),
  ]);
  expect(found({ runOutbox: true, outboxDelayable: true }, variable)).toEqual([]);
});

test('delays without an outbox are refused', () => {
  expect(found({ outboxDelayable: true }, variable)).toEqual([
    expect.objectContaining({ keys: ['databases', 0, 'postgres', 'outboxDelayable'] }),
  ]);
});
