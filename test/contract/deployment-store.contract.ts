import { expect, test } from '@jest/globals';
import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import type { Clock, DeploymentStore } from '../../functions/ports.ts';
import { deploymentCells } from '../support/deployment-matrix.ts';
import { aDeployment, reason, someTime } from '../support/records.ts';

/** A clock that says how often it was asked, in minutes of one hour. */
const countingClock = (): Pick<Clock, 'now'> => {
  let minute = 0;
  return { now: () => new Date(Date.UTC(2026, 7, 1, 12, minute++)) };
};

/** What every DeploymentStore does; `open` makes a fresh one that holds these deployments. */
export const deploymentStoreContract = (
  open: (clock: Pick<Clock, 'now'>, deployments?: readonly Deployment[]) => Promise<DeploymentStore>,
) => {
  test('every status x event: the store moves what the table moves and refuses what it refuses', async () => {
    const cells = deploymentCells();
    const store = await open(
      countingClock(),
      cells.flatMap(({ deployment }) => (deployment ? [deployment] : [])),
    );
    for (const { name, event, deployment, to, repeats } of cells) {
      const written = await store.apply(deployment?.id ?? 'd-none', event);
      const kind = to ? 'moved' : repeats ? 'repeated' : 'refused';
      expect([name, written.kind, written.record?.status]).toEqual([name, kind, to ?? deployment?.status]);
      if (deployment) expect(await store.find(deployment.id)).toEqual(written.record);
    }
  });

  test('a deployment is created once, QUEUED, whoever repeats it', async () => {
    const store = await open(countingClock());
    const made = await Promise.all([1, 2, 3].map(() => store.create(aDeployment())));
    expect(made.map(({ kind }) => kind).sort()).toEqual(['moved', 'repeated', 'repeated']);
    await store.apply('d-1', { type: 'Rejected', reason });
    expect(await store.create(aDeployment())).toMatchObject({
      kind: 'repeated',
      record: { status: 'REJECTED', reason },
    });
    expect(await store.create(aDeployment({ stackName: 'prod-other' }))).toMatchObject({
      kind: 'refused',
      code: 'IdTaken',
    });
  });

  test('every write sets the time of the record', async () => {
    const store = await open(countingClock());
    await store.create(aDeployment());
    const first = await store.apply('d-1', { type: 'Triggered', fence: 3 });
    const put = await store.putStep('d-1', 3, { name: 'CFPlan', status: 'ACTIVE' });
    const later = await store.find('d-1');
    expect(put).toEqual(later);
    expect(await store.putStep('d-1', 3, { name: 'CFPlan', status: 'ACTIVE' })).toEqual(later);
    expect(first.record).toMatchObject({ fence: 3, createdAt: someTime });
    expect(Date.parse(later?.updatedAt ?? '')).toBeGreaterThan(Date.parse(first.record?.updatedAt ?? ''));
  });

  test('steps of many databases at once are all recorded', async () => {
    const store = await open(countingClock(), [aDeployment({ status: 'RUNNING', fence: 3 })]);
    const names = Array.from({ length: 12 }, (_, place) => `PGMigrate.db${place}`);
    await Promise.all(names.map((name) => store.putStep('d-1', 3, { name, status: 'DONE', outputs: { applied: '' } })));
    expect(Object.keys((await store.find('d-1'))?.steps ?? {}).sort()).toEqual([...names].sort());
  });

  test('a step of an old fence is not recorded', async () => {
    const store = await open(countingClock(), [aDeployment({ status: 'RUNNING', fence: 3 })]);
    const step = { name: 'CFPlan', status: 'DONE' } as const;
    await expect(store.putStep('d-1', 2, step)).rejects.toMatchObject({ name: 'StaleFence' });
    await expect(store.putStep('d-9', 3, step)).rejects.toMatchObject({ name: 'NoSuchDeployment' });
    expect((await store.find('d-1'))?.steps).toEqual({});
  });

  test('facts are noted beside a status that moves', async () => {
    const store = await open(countingClock(), [aDeployment()]);
    await Promise.all([
      store.note('d-1', { checkRunId: 7 }),
      store.note('d-1', { githubDeploymentId: 8 }),
      store.apply('d-1', { type: 'Triggered', fence: 1 }),
    ]);
    expect(await store.find('d-1')).toMatchObject({ checkRunId: 7, githubDeploymentId: 8, status: 'TRIGGERED' });
    expect(await store.note('d-9', { checkRunId: 7 })).toMatchObject({ kind: 'refused', record: undefined });
  });

  test('the lists show what is open, oldest first, and those of a stack, newest first', async () => {
    const at = (id: string, minute: number, given: Partial<Deployment> = {}) =>
      aDeployment({ id, createdAt: new Date(Date.UTC(2026, 7, 1, 10, minute)).toISOString(), ...given });
    const store = await open(countingClock());
    for (const deployment of [at('b', 2), at('a', 2), at('c', 1), at('d', 3, { stackName: 'prod-other' })])
      await store.create(deployment);
    await store.apply('c', { type: 'Terminated', reason });
    const ids = (found: readonly Deployment[]) => found.map(({ id }) => id);
    expect(ids(await store.listOpen())).toEqual(['a', 'b', 'd']);
    expect(ids(await store.listOfStack('prod-shop', 10))).toEqual(['b', 'a', 'c']);
    expect(ids(await store.listOfStack('prod-shop', 2))).toEqual(['b', 'a']);
    expect(await store.listOfStack('prod-shop', 1)).toEqual([await store.find('b')]);
  });
};
