import { expect, test } from '@jest/globals';
import { report } from '../../functions/operations/report.ts';
import { memorySlipway, repository } from '../support/memory-slipway.ts';
import { aDeployment } from '../support/records.ts';

/** A deployment of a commit, and GitHub, which says how it is told; `whileMade` happens before it answers what it made. */
const world = async (whileMade: (ports: Awaited<ReturnType<typeof memorySlipway>>['ports']) => Promise<unknown>) => {
  const { ports } = await memorySlipway();
  const told: string[] = [];
  const reporter = {
    check: async (_repository: unknown, { status }: { readonly status: string }, id?: number) => {
      if (id === undefined) await whileMade(ports);
      told.push(`check ${id ?? 'new'} ${status}`);
      return id ?? 7;
    },
    deployment: async () => 8,
    deploymentStatus: async (_repository: unknown, id: number, state: string) => void told.push(`${id} ${state}`),
  };
  const deployment = aDeployment({ source: { kind: 'manual', repository, commit: 'c0ffee' } });
  await ports.deployments.create(deployment);
  return { ports: { ...ports, reporter }, deployment, told };
};

test('what is made is on record, and told once', async () => {
  const { ports, deployment, told } = await world(async () => undefined);
  await report(ports, deployment);
  expect(told).toEqual(['check new queued', '8 queued']);
  expect(await ports.deployments.find('d-1')).toMatchObject({ checkRunId: 7, githubDeploymentId: 8 });
});

test('one that went on while its check run was made is told as it stands by then: no check run stays behind', async () => {
  const { ports, deployment, told } = await world(({ deployments }) =>
    deployments.apply('d-1', { type: 'Triggered', fence: 1 }),
  );
  await report(ports, deployment);
  expect(told[0]).toBe('check new queued');
  expect(told.slice(1).sort()).toEqual(['8 in_progress', 'check 7 in_progress']);
});

test('what stands there already is told side by side, and nothing is made', async () => {
  const { ports, deployment, told } = await world(async () => undefined);
  await report(ports, { ...deployment, status: 'DONE', checkRunId: 7, githubDeploymentId: 8 });
  expect(told.sort()).toEqual(['8 success', 'check 7 success']);
});
