import { expect, test } from '@jest/globals';
import type { Compatibility } from '../../functions/domain/migrations/migrations.ts';
import { harmlessMigrations } from '../../functions/operations/harmless-migrations.ts';
import { planKey } from '../../functions/operations/plan-document.ts';
import { memoryDeploymentStore, memoryDocumentStore } from '../support/memory-stores.ts';
import { aDeployment } from '../support/records.ts';

const statement = (compatibility: Compatibility) => ({ compatibility });
const migration = (id: string, ...compatibilities: Compatibility[]) => ({
  id,
  statements: compatibilities.map(statement),
});
const found = async (plans: Readonly<Record<string, readonly ReturnType<typeof migration>[]>>, database = 'main') => {
  const documents = memoryDocumentStore();
  const deployments = Object.keys(plans).map((id) => aDeployment({ id, fence: 3 }));
  for (const [deploymentId, pending] of Object.entries(plans))
    await documents.put(planKey({ deploymentId, stackName: 'prod-shop', fence: 3 }), {
      databases: [
        { database: 'other', pending: [migration('99', 'NEUTRAL')] },
        { database: 'main', pending },
      ],
    });
  const unplanned = [aDeployment({ id: 'queued' }), aDeployment({ id: 'quick', fence: 2 })];
  const store = memoryDeploymentStore({ now: () => new Date(0) }, [...deployments, ...unplanned]);
  return [...(await harmlessMigrations({ deployments: store, documents }, aDeployment(), database))].sort();
};

test('only what adds, or changes nothing, is harmless to an older release', async () => {
  const plan = [
    migration('1', 'EXPAND'),
    migration('2', 'NEUTRAL', 'EXPAND'),
    migration('3', 'EXPAND', 'CONTRACT'),
    migration('4', 'TIGHTEN'),
    migration('5', 'DATA'),
    migration('6', 'OPAQUE'),
    migration('7'),
  ];
  expect(await found({ a: plan })).toEqual(['1', '2', '7']);
});

test('all earlier plans of the stack are asked, each about the database in question', async () => {
  const plans = { a: [migration('1', 'EXPAND')], b: [migration('2', 'EXPAND')] };
  expect(await found(plans)).toEqual(['1', '2']);
  expect(await found(plans, 'other')).toEqual(['99', '99']);
  expect(await found(plans, 'none')).toEqual([]);
});

test('deployments without a plan tell nothing', async () => {
  expect(await found({})).toEqual([]);
});
