import { expect, test } from '@jest/globals';
import { type Strategy, strategies } from '../../functions/domain/plan/strategy.ts';
import { emptyTemplate } from '../../functions/domain/template/empty-template.ts';
import type { Template } from '../../functions/domain/template/template.ts';
import { infraMigrate } from '../../functions/operations/infra-migrate.ts';
import { pgEval } from '../../functions/operations/pg-eval.ts';
import { report } from '../../functions/operations/report.ts';
import { scaleDown } from '../../functions/operations/scale-down.ts';
import { scaleUp } from '../../functions/operations/scale-up.ts';
import { stackCreate } from '../../functions/operations/stack-create.ts';
import type { ChangeSetRequest, ClusterPorts, PreparedChangeSet, SqlRunner } from '../../functions/ports.ts';
import { someChange } from '../support/fake-stacks.ts';
import { aRelease, claimedDeployment, memorySlipway, repository } from '../support/memory-slipway.ts';
import { aDeployment } from '../support/records.ts';
import { sampleCluster } from '../support/sample-configuration.ts';

const service = (Image: string) => ({ Type: 'AWS::ECS::Service', Properties: { Image } });
const secret = { Type: 'AWS::SecretsManager::Secret', Properties: { Name: '/prod/shop/token' } };
const running: Template = {
  Parameters: { DesiredCountMain: { Type: 'String' }, DesiredCountOld: { Type: 'String' } },
  Resources: { ECSServiceMain: service('shop:v1'), ECSServiceOld: service('old:v1') },
};
const next: Template = {
  Parameters: { DesiredCountMain: { Type: 'String' } },
  Resources: { ECSServiceMain: service('shop:v2'), Token: secret },
};

interface Given {
  readonly template?: Template;
  readonly answer?: Partial<PreparedChangeSet>;
  readonly sql?: SqlRunner;
}

/** A stack where a version of two runtimes runs, and a deployment of a release that has one of them. */
const started = async (strategy: Strategy, { template = running, answer = {}, sql }: Given = {}) => {
  const slipway = await memorySlipway();
  const input = await claimedDeployment(slipway, 1, { deployment: { strategy }, release: { template: next } });
  const prepared: ChangeSetRequest[] = [];
  const executed: string[] = [];
  const aws = slipway.ports.inCluster(sampleCluster());
  const cluster: ClusterPorts = {
    ...aws,
    ...(sql && { sql }),
    stacks: {
      ...aws.stacks,
      find: async (name) => ({
        ...{
          id: name,
          name,
          status: 'UPDATE_COMPLETE',
          atRest: true,
          husk: false,
          rollbackFailed: false,
          usable: true,
        },
        parameters: { DesiredCountMain: '2', DesiredCountOld: '1' },
        outputs: {},
      }),
      template: async () => template,
      resources: async () =>
        Object.fromEntries(
          Object.entries(template.Resources).map(([id, { Type }]) => [id, { type: Type, physicalId: `arn:${id}` }]),
        ),
      prepare: async (request) => {
        prepared.push(request);
        return { id: request.name, empty: false, changes: [], ...answer };
      },
      discard: async () => undefined,
      execute: async (id) => {
        executed.push(id);
        return 'executed';
      },
      operation: async () => ({ kind: 'unknown' }),
    },
    tasks: {
      ...aws.tasks,
      desiredCounts: async () => ({ 'arn:ECSServiceMain': 2, 'arn:ECSServiceOld': 1 }),
    },
  };
  const ports = {
    ...slipway.ports,
    inCluster: () => cluster,
    parseSql: async () => ({ kind: 'parsed', statements: [] }) as const,
  };
  const step = async (name: string) => (await ports.deployments.find(input.deploymentId))?.steps[name];
  const templateOf = async ({ templateUrl }: ChangeSetRequest) =>
    ports.documents.find<Template>(`templates/${templateUrl.split('/templates/')[1]}`);
  return { ports, input: { ...input, taskToken: 'task-token' }, prepared, executed, step, templateOf };
};

test('infra-only adds what does not serve and leaves what serves as it is, its counts too', async () => {
  const { ports, input, prepared, executed, templateOf } = await started('infra-only');
  await infraMigrate(ports, input);
  const [request] = prepared;
  expect(executed).toHaveLength(1);
  expect(request?.parameters).toEqual({ DesiredCountMain: '2', DesiredCountOld: '1' });
  expect(request && (await templateOf(request))).toEqual({
    ...running,
    Resources: { ...running.Resources, Token: secret },
  });
});

test('infra-only makes no service on a new stack', async () => {
  const { ports, input, prepared, templateOf } = await started('infra-only', { template: emptyTemplate });
  await infraMigrate(ports, input);
  const [request] = prepared;
  expect(request && (await templateOf(request))?.Resources).toEqual({ ...emptyTemplate.Resources, Token: secret });
});

test('infra-only refuses what a person would have to sign, and says what to do instead', async () => {
  const loses = { ...someChange, logicalId: 'Uploads', type: 'AWS::S3::Bucket', action: 'Remove' as const };
  const { ports, input, executed, step } = await started('infra-only', { answer: { changes: [loses] } });
  await infraMigrate(ports, input);
  expect(executed).toEqual([]);
  expect(await step('InfraMigrate')).toMatchObject({
    status: 'FAILED',
    reason: {
      code: 'OutsidePlan',
      message: expect.stringContaining('Uploads (AWS::S3::Bucket) would be deleted'),
      remedy: expect.stringContaining('strategy full'),
    },
  });
});

test('a full deployment without its plan moves nothing', async () => {
  const { ports, input, prepared, step } = await started('full');
  await infraMigrate(ports, input);
  expect(prepared).toEqual([]);
  expect(await step('InfraMigrate')).toMatchObject({ status: 'FAILED', reason: { code: 'RecordMissing' } });
});

test('ScaleDown takes every service that runs to 0, that of a runtime too which the release has no more', async () => {
  const { ports, input, prepared } = await started('destroy-database');
  await scaleDown(ports, input);
  expect(prepared[0]?.parameters).toEqual({ DesiredCountMain: '0', DesiredCountOld: '0' });
  expect((await ports.stacks.find('prod-shop'))?.counts).toEqual({ main: 2, old: 1 });
});

test.each([
  ['full', 'tasks-stopped'],
  ['recreate-database', 'services-stopped'],
  ['destroy-database', 'services-stopped'],
] as const)('ScaleDown of %s waits for what has to be gone before the next step', async (strategy, then) => {
  const { ports, input } = await started(strategy);
  await scaleDown(ports, input);
  expect((await ports.callbacks.listOpen()).map(({ waitsFor }) => waitsFor)).toEqual([
    { kind: 'stack-operation', goal: 'UPDATE', then },
  ]);
});

test.each([
  ['recreate-database', running, { DesiredCountMain: '2', DesiredCountOld: '1' }],
  ['full', next, { DesiredCountMain: '2' }],
] as const)(
  'ScaleUp of %s brings the right version back, with the counts from before',
  async (strategy, template, counts) => {
    const { ports, input, prepared, templateOf } = await started(strategy);
    const { taskToken: _, ...ids } = input;
    await ports.stacks.apply('prod-shop', { ...ids, type: 'CountsRead', counts: { main: 2, old: 1 } });
    const parameters = [{ kind: 'desiredCount', name: 'DesiredCountMain', runtime: 'main', initial: 1 }] as const;
    const deployment = await ports.deployments.find(input.deploymentId);
    const release = { ...aRelease(1), template: next, parameters };
    const documents = {
      ...ports.documents,
      find: async <T>(key: string) =>
        (key === `releases/${deployment?.release}.json` ? release : await ports.documents.find<T>(key)) as
          | T
          | undefined,
    };
    await scaleUp({ ...ports, documents }, input);
    const [request] = prepared;
    expect(request?.parameters).toEqual(counts);
    expect(request && (await templateOf(request))).toEqual(template);
  },
);

const dirty: SqlRunner = {
  run: async (_connection, statements) => ({
    kind: 'rows',
    results: statements.map(({ text }) => (text.includes('schema_migrations') ? [{ version: '1', dirty: true }] : [])),
  }),
};

test.each(['db-only', 'full'] as const)(
  'a dirty database is refused by PGEval itself where no EvalJoin follows, and only there: %s',
  async (strategy) => {
    const { ports, input, step } = await started(strategy, { sql: dirty });
    const { taskToken: _, ...ids } = input;
    const evaluated = pgEval(ports, { ...ids, database: 'main' });
    if (strategy === 'full') return expect(await evaluated).toEqual({});
    await expect(evaluated).rejects.toMatchObject({
      name: 'DatabaseUnfit',
      message: expect.stringContaining('main is dirty'),
      reason: { left: 'No migration of this database was run', remedy: expect.stringContaining('slipway resume') },
    });
    expect(await step('PGEval.main')).toMatchObject({ status: 'FAILED' });
    return undefined;
  },
);

const onStack = async (strategy: Strategy, stack: 'missing' | 'husk' | 'empty' | 'full') => {
  const slipway = await memorySlipway();
  const input = await claimedDeployment(slipway, 1, { deployment: { strategy } });
  await slipway.ports.deployments.apply(input.deploymentId, { type: 'StackWaitStarted', executionArn: 'arn' });
  const aws = slipway.ports.inCluster(sampleCluster());
  const usable = stack === 'empty' || stack === 'full';
  const removed: string[] = [];
  const stacks: ClusterPorts['stacks'] = {
    ...aws.stacks,
    find: async (name) =>
      stack === 'missing' || removed.length > 0
        ? undefined
        : {
            ...{ id: name, name, status: usable ? 'UPDATE_COMPLETE' : 'ROLLBACK_COMPLETE', atRest: true, usable },
            ...{ husk: !usable, rollbackFailed: false, parameters: {}, outputs: {} },
          },
    remove: async (name) => void removed.push(name),
    template: async () => (stack === 'full' ? running : emptyTemplate),
  };
  const ports = { ...slipway.ports, inCluster: () => ({ ...aws, stacks }) };
  await stackCreate(ports, { ...input, taskToken: 'task-token' });
  for (const end of slipway.stacks.underWay()) end();
  await stackCreate(ports, { ...input, taskToken: 'task-token' });
  const step = (await ports.deployments.find(input.deploymentId))?.steps['StackCreate'];
  return step?.reason?.code ?? step?.outputs?.['strategy'];
};

/** What a strategy runs as, or how it ends, on no stack, on the husk of one, on an empty one, and on one that holds something. */
const meets: Readonly<Record<Strategy, readonly [string, string, string, string]>> = {
  full: ['full', 'full', 'full', 'full'],
  // The sample's database is new as well.
  quick: ['full', 'full', 'full', 'full'],
  'infra-only': ['infra-only', 'infra-only', 'infra-only', 'infra-only'],
  'db-only': ['StackMissing', 'StackMissing', 'db-only', 'db-only'],
  import: ['import', 'import', 'import', 'StackExists'],
  'destroy-database': ['StackMissing', 'StackMissing', 'destroy-database', 'destroy-database'],
  'recreate-database': ['StackMissing', 'StackMissing', 'recreate-database', 'recreate-database'],
  'rotate-credentials': ['StackMissing', 'StackMissing', 'rotate-credentials', 'rotate-credentials'],
};

test.each(strategies)('%s meets a stack that is missing, a husk, empty or full as it should', async (strategy) => {
  const met = [];
  for (const stack of ['missing', 'husk', 'empty', 'full'] as const) met.push(await onStack(strategy, stack));
  expect(met).toEqual(meets[strategy]);
});

test.each([
  ['full', 1],
  ['destroy-database', 0],
] as const)(
  '%s is told to GitHub as %i deployment of the commit, and as a check run',
  async (strategy, deployments) => {
    const slipway = await memorySlipway();
    const told = { check: 0, deployment: 0, deploymentStatus: 0 };
    const reporter = {
      check: async () => ++told.check,
      deployment: async () => ++told.deployment,
      deploymentStatus: async () => void told.deploymentStatus++,
    };
    const deployment = aDeployment({ strategy, source: { kind: 'manual', repository, commit: 'c0ffee' } });
    await slipway.ports.deployments.create(deployment);
    await report({ ...slipway.ports, reporter }, deployment);
    expect(told).toEqual({ check: 1, deployment: deployments, deploymentStatus: deployments });
    expect(await slipway.ports.deployments.find(deployment.id)).toMatchObject({ checkRunId: 1 });
  },
);
