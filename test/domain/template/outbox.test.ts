import { expect, test } from '@jest/globals';
import { outboxesOf } from '../../../functions/domain/template/outbox.ts';
import { sampleApplication } from '../../support/sample-configuration.ts';

const runtime = (name: string, ...databases: string[]) => ({
  name,
  containers: [
    {
      name: 'web',
      imageUrl: 'a:1',
      envVars: databases.map((databaseName, index) => ({ name: `A${index}`, database: { databaseName } })),
    },
  ],
});
const postgres = { runOutbox: true };

const owned = (application: object) => {
  const parsed = sampleApplication(application);
  return Object.fromEntries(parsed.runtimes.map((one) => [one.name, outboxesOf(one, parsed).map(({ name }) => name)]));
};

test('O33: the outbox is sent by the runtime that names its database, not by the first of the file', () => {
  const databases = [
    { name: 'main', postgres },
    { name: 'quiet', postgres: {} },
  ];
  expect(owned({ databases, runtimes: [runtime('web'), runtime('worker', 'main', 'quiet')] })).toEqual({
    web: [],
    worker: ['main'],
  });
});

test('of several that name it, the first by name sends it, whatever the order of the file', () => {
  const databases = [
    { name: 'zoo', postgres },
    { name: 'main', postgres },
  ];
  const runtimes = [runtime('worker', 'main', 'zoo'), runtime('api', 'main', 'zoo')];
  const expected = { worker: [], api: ['main', 'zoo'] };
  expect(owned({ databases, runtimes })).toEqual(expected);
  expect(owned({ databases: databases.toReversed(), runtimes: runtimes.toReversed() })).toEqual(expected);
});
