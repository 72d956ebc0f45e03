import { beforeEach, describe, expect, test } from '@jest/globals';
import { libpgParseSql } from '../../functions/adapters/postgres/parse-sql.ts';
import type { Draft } from '../../functions/domain/draft.ts';
import type { Preview } from '../../functions/domain/plan/preview.ts';
import type { Request } from '../../functions/domain/request.ts';
import { buildTemplate } from '../../functions/domain/template/build-template.ts';
import { resolveParameters } from '../../functions/domain/template/resolve-parameters.ts';
import { type PreviewPorts, previewKey, previewPlan } from '../../functions/operations/preview-plan.ts';
import type { CfnStack, ClusterPorts, PreparedChangeSet, SqlAnswer } from '../../functions/ports.ts';
import { firstPriorities } from '../support/first-priorities.ts';
import { type MemorySlipway, memorySlipway } from '../support/memory-slipway.ts';
import { anEntry, identity } from '../support/records.ts';
import {
  sampleApplication,
  sampleCluster,
  sampleEnvironment,
  sampleRuntime,
  sha256,
} from '../support/sample-configuration.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const migration = (id: string, sql: string) => ({
  id,
  path: `db/migrations/${id}_x.sql`,
  content: `-- migrate:up\n${sql}\n\n-- migrate:down\n`,
  checksum: sha256(sql),
});
const [first, second] = [
  migration('1', 'CREATE TABLE orders (id bigint PRIMARY KEY, note text);'),
  migration('2', 'ALTER TABLE orders DROP COLUMN note;'),
];

const draftOf = (version: string, more: object = {}): Draft => ({
  environment: 'prod',
  application: 'shop',
  version,
  built: buildTemplate({
    application: sampleApplication({
      databases: [
        { name: 'main', postgres: { serverGroup: 'default', migrateContainer: { image: { name: 'shop' } } } },
      ],
      runtimes: [sampleRuntime({ containers: [{ name: 'web', image: { name: 'shop' }, envVars: [] }] })],
      ...more,
    }),
    environment: sampleEnvironment(),
    cluster: sampleCluster(),
    version,
    hash: sha256,
  }),
  migrations: { main: { tool: 'dbmate', path: 'db/migrations', files: [first, second] } },
});

/** What may be called without leaving a trace in stack, database, queue, secrets and records. */
const HARMLESS = new Set([
  ...['stacks.find', 'databases.find', 'configuration.findEnvironment', 'configuration.findCluster'],
  ...['deployments.listOfStack', 'documents.find', 'documents.put', 'documents.url'],
  ...['aws.stacks.find', 'aws.stacks.template', 'aws.stacks.resources', 'aws.stacks.prepare', 'aws.stacks.discard'],
  ...['aws.tasks.steady', 'aws.tasks.desiredCounts', 'aws.secrets.find', 'aws.secrets.read', 'aws.images.digest'],
  ...['aws.sql.run', 'aws.listeners.priorities', 'listeners.find'],
]);

/** Everything that is called of a record of ports. */
const watched = <T extends object>(part: T, prefix: string, calls: string[]): T =>
  new Proxy(part, {
    get: (target, name: string) => {
      const found = Reflect.get(target, name);
      if (typeof found !== 'function') return found;
      return (...given: unknown[]) => {
        calls.push(`${prefix}.${name}`);
        return found.apply(target, given);
      };
    },
  });

let slipway: MemorySlipway;
let calls: string[];
let statements: string[];
let discarded: string[];
let aws: Partial<{
  found: Partial<CfnStack>;
  prepared: Partial<PreparedChangeSet> | Error;
  sql: SqlAnswer;
  digest: string | undefined;
  login: string | undefined;
}>;

const noDatabase: SqlAnswer = { kind: 'failed', statement: -1, code: '3D000', message: 'does not exist' };
const applied = (...ids: string[]): SqlAnswer => ({
  kind: 'rows',
  results: [ids.map((version) => ({ version, dirty: false })), []],
});

const inCluster = (): ClusterPorts => {
  const real = slipway.ports.inCluster(sampleCluster());
  const stacks: Partial<ClusterPorts['stacks']> = {
    find: async (name) =>
      aws.found && {
        ...{ id: name, name, status: 'UPDATE_COMPLETE', atRest: true, husk: false, rollbackFailed: false },
        ...{ usable: true, parameters: valuesOf(draftOf('1')), outputs: {} },
        ...aws.found,
      },
    template: async () => draftOf('1').built.template,
    prepare: async ({ name }) => {
      if (aws.prepared instanceof Error) throw aws.prepared;
      return { id: name, empty: false, changes: [], ...aws.prepared };
    },
    discard: async (id) => {
      discarded.push(id);
    },
  };
  const parts = {
    ...real,
    stacks: { ...real.stacks, ...stacks },
    images: { ...real.images, digest: async () => ('digest' in aws ? aws.digest : digest) },
    secrets: {
      ...real.secrets,
      read: async (id: string) => ('login' in aws ? aws.login : real.secrets.read(id)),
    },
    sql: {
      run: async (_connection: unknown, asked: readonly { readonly text: string }[]) => {
        statements.push(...asked.map(({ text }) => text));
        return aws.sql ?? applied();
      },
    },
  };
  const entries = Object.entries(parts).map(([name, part]) => [name, watched(part, `aws.${name}`, calls)]);
  return Object.fromEntries(entries) as unknown as ClusterPorts;
};

/** As the stack has them. */
const valuesOf = ({ built }: Draft) =>
  resolveParameters(built.parameters, {
    priorities: firstPriorities(built.parameters),
    counts: {},
    secrets: { main: 'arn' },
  });

const portsOf = (): PreviewPorts => {
  const { hash, inCluster: _, ...ports } = slipway.ports;
  const parts = Object.entries(ports).map(([name, part]) => [name, watched(part, name, calls)]);
  return { ...Object.fromEntries(parts), hash, inCluster, parseSql: libpgParseSql } as unknown as PreviewPorts;
};

const ask = async (draft = draftOf('2'), more: Partial<Request> = {}) => {
  const request: Request = { id: 'plan-1', kind: 'manual', actor: 'ada', preview: true, ...more };
  await slipway.ports.documents.put(`drafts/${draft.version}.json`, draft);
  const answer = await previewPlan(portsOf(), { request, draft: `drafts/${draft.version}.json` });
  const preview = await slipway.ports.documents.find<Preview>(answer.preview);
  if (!preview) throw new Error(`${answer.preview} holds nothing`);
  return { answer, preview };
};

const planOf = ({ evaluation }: Preview) => {
  if (evaluation.outcome === 'refused') throw new Error(evaluation.reasons.join('\n'));
  return evaluation.plan;
};

/** A stack that runs a release, and whose service is healthy. */
const running = async () => {
  aws.found = {};
  const deployment = { deploymentId: 'd-0' };
  await slipway.ports.stacks.apply(
    'prod-shop',
    { type: 'Triggered', entry: anEntry('d-0'), fixForward: false },
    identity,
  );
  await slipway.ports.stacks.apply('prod-shop', { type: 'Claimed', ...deployment });
  await slipway.ports.stacks.apply('prod-shop', {
    type: 'DeploymentCompleted',
    ...deployment,
    fence: 1,
    release: 'r0',
  });
};

beforeEach(async () => {
  slipway = await memorySlipway();
  [calls, statements, discarded] = [[], [], []];
  aws = {};
});

describe('A preview', () => {
  test('of a first release has no stack, no database and no login to ask, and says so', async () => {
    aws.sql = noDatabase;
    const { answer, preview } = await ask();
    expect(answer).toEqual({
      outcome: 'PLANNED',
      mode: 'BEFORE',
      reason: 'BEFORE: This is the first release: nothing serves yet, so nothing can go down.',
      preview: 'previews/plan-1/prod-shop.json',
    });
    expect(preview).toMatchObject({ basis: 'templates', strategy: 'full', missingImages: [], approval: false });
    expect(planOf(preview).reasons.slice(1)).toEqual([
      'Database main: prod_shop_main does not exist yet: a deployment makes it, and everything is pending.',
      expect.stringContaining('There is no stack prod-shop yet'),
    ]);
    expect(planOf(preview).databases[0]?.pending.map(({ id }) => id)).toEqual(['1', '2']);
    expect(planOf(preview).stack.changes.every(({ action }) => action !== 'Modify')).toBe(true);
    expect(discarded).toEqual([]);
  });

  test('of a stack that takes updates reads a change set of its own, and deletes it', async () => {
    await running();
    aws.sql = applied('1');
    const change = { logicalId: 'ECSTaskDefinitionMain', type: 'AWS::ECS::TaskDefinition', action: 'Modify' } as const;
    aws.prepared = {
      changes: [{ ...change, replacement: 'True', properties: ['ContainerDefinitions'], dynamic: false }],
    };
    const { preview } = await ask();
    expect(preview).toMatchObject({ basis: 'change-set', notes: [] });
    expect(planOf(preview)).toMatchObject({
      mode: 'DOWNTIME',
      databases: [{ pending: [{ id: '2', statements: [{ compatibility: 'CONTRACT' }] }] }],
      stack: { kind: 'version-only', changes: [{ logicalId: 'ECSTaskDefinitionMain' }] },
    });
    expect(discarded).toEqual([expect.stringMatching(/^t[0-9a-f]{35}$/)]);
  });

  test('what is deprecated in the application file stands among its reasons', async () => {
    await running();
    aws.sql = applied('1');
    const { preview } = await ask({ ...draftOf('2'), warnings: ['app.yaml:4:5 dbName: is deprecated'] });
    expect(preview.notes).toEqual(['Warning: app.yaml:4:5 dbName: is deprecated']);
    expect(planOf(preview).reasons).toContain('Warning: app.yaml:4:5 dbName: is deprecated');
  });

  test('of a stack that is busy compares templates, and what cannot be known counts for the worse', async () => {
    await running();
    aws.found = { status: 'UPDATE_IN_PROGRESS', usable: false, atRest: false };
    aws.sql = applied('1', '2');
    const { preview } = await ask();
    expect(preview.basis).toBe('templates');
    expect(planOf(preview).reasons.at(-1)).toMatch(
      /stands at UPDATE_IN_PROGRESS, so CloudFormation makes no change set/,
    );
    expect(planOf(preview).stack).toMatchObject({
      kind: 'version-only',
      changes: [{ logicalId: 'ECSServiceMain' }, { logicalId: 'ECSTaskDefinitionMain' }],
    });
  });

  test('goes over to the templates when somebody begins to move the stack meanwhile', async () => {
    await running();
    aws.found = {};
    const moving = new Error('ChangeSetNotFound');
    Object.defineProperty(aws, 'prepared', {
      get: () => {
        aws.found = { status: 'UPDATE_IN_PROGRESS', usable: false, atRest: false };
        return moving;
      },
    });
    expect((await ask()).preview.basis).toBe('templates');
  });

  test('of a stack that takes no update is refused, as the deployment would be', async () => {
    aws.found = { status: 'UPDATE_ROLLBACK_FAILED', usable: false, statusReason: 'no planet' };
    const { answer, preview } = await ask();
    expect(answer).toMatchObject({ outcome: 'REFUSED', mode: '' });
    expect(answer.reason).toMatch(/prod-shop stands at UPDATE_ROLLBACK_FAILED and takes no update: no planet/);
    expect(preview.evaluation.outcome).toBe('refused');
  });

  test('of what holds nothing any more is that of a new stack', async () => {
    aws.found = { status: 'ROLLBACK_COMPLETE', usable: false, husk: true };
    const { preview } = await ask();
    expect(planOf(preview)).toMatchObject({ mode: 'BEFORE', stack: { firstRelease: true } });
    expect(preview.notes[0]).toMatch(/ROLLBACK_COMPLETE and holds nothing/);
  });

  test('shows an image that does not exist yet, and waits for none', async () => {
    aws.digest = undefined;
    const { preview } = await ask();
    expect(preview.missingImages).toEqual(['registry.example/team/shop:2']);
    expect(planOf(preview).reasons.at(-1)).toBe(
      'Image registry.example/team/shop:2 does not exist yet: a deployment waits for it first.',
    );
  });

  test('counts everything as pending where nobody has put a login into the secret of the server', async () => {
    aws.login = undefined;
    const { preview } = await ask();
    expect(planOf(preview).databases[0]).toMatchObject({ pending: [{ id: '1' }, { id: '2' }] });
    expect(planOf(preview).reasons.join('\n')).toMatch(
      /\/main\/postgres .* has no login in it, so all .* count as pending/,
    );
    expect(statements).toEqual([]);
  });

  test('says what a deployment would wait for', async () => {
    await running();
    const entry = anEntry('d-9');
    await slipway.ports.stacks.apply('prod-shop', { type: 'Triggered', entry, fixForward: false }, identity);
    await slipway.ports.stacks.apply('prod-shop', { type: 'Claimed', deploymentId: 'd-9' });
    expect((await ask()).preview.notes).toEqual([
      'Stack prod-shop is held by d-9: what that one still changes is not in this plan.',
    ]);
  });

  test('needs a signature where the environment or the plan wants one', async () => {
    slipway = await memorySlipway({ environment: { approval: 'always' } });
    expect((await ask()).preview.approval).toBe(true);
  });
});

describe('A preview that is refused', () => {
  test('says why: a database of another application', async () => {
    await slipway.ports.databases.put({
      ...{ environment: 'prod', databaseName: 'prod_shop_main', application: 'store', key: 'main' },
      ...{ serverGroup: 'default', secretArn: 'a', migratorSecretArn: 'b' },
    });
    const { answer } = await ask(
      draftOf('2', {
        runtimes: [
          sampleRuntime({
            containers: [
              {
                name: 'web',
                image: { name: 'shop' },
                envVars: [{ name: 'DATABASE_URL', database: { databaseName: 'main' } }],
              },
            ],
          }),
        ],
      }),
    );
    expect(answer).toMatchObject({ outcome: 'REFUSED', reason: expect.stringMatching(/belongs to application store/) });
  });

  test('has deleted its change set before: a version table that cannot be read', async () => {
    await running();
    aws.sql = { kind: 'failed', statement: 0, code: '42501', message: 'permission denied' };
    const { answer } = await ask();
    expect(answer).toMatchObject({ outcome: 'REFUSED', reason: expect.stringMatching(/permission denied/) });
    expect(discarded).toHaveLength(1);
  });

  test('is a fault where the server does not answer, after its change set was deleted', async () => {
    await running();
    aws.sql = { kind: 'failed', statement: -1, code: 'ECONNREFUSED', message: 'refused' };
    await expect(ask()).rejects.toMatchObject({ name: 'Unavailable' });
    expect(discarded).toHaveLength(1);
    const key = previewKey({ id: 'plan-1' }, { environment: 'prod', application: 'shop' });
    expect(await slipway.ports.documents.find(key)).toBeUndefined();
  });

  test('has no plan where the strategy needs none', async () => {
    const { answer } = await ask(undefined, { strategy: 'destroy-database' });
    expect(answer).toMatchObject({
      outcome: 'REFUSED',
      reason: expect.stringMatching(/destroy-database always takes/),
    });
    expect(calls.filter((call) => call.startsWith('aws.stacks') || call.startsWith('aws.sql'))).toEqual([]);
  });
});

describe('The quick strategy in a preview', () => {
  test('stays quick only on a stack and databases that exist', async () => {
    expect((await ask(undefined, { strategy: 'quick' })).preview.strategy).toBe('full');
    await running();
    await slipway.ports.databases.put({
      ...{ environment: 'prod', databaseName: 'prod_shop_main', application: 'shop', key: 'main', login: 'l' },
      ...{ serverGroup: 'default', secretArn: 'a', migratorSecretArn: 'b' },
    });
    const { preview } = await ask(undefined, { id: 'plan-2', strategy: 'quick' });
    expect(preview.strategy).toBe('quick');
    expect(preview.notes[0]).toMatch(/It would run as quick/);
    const wished = await ask(draftOf('3', { deploymentConfig: { quickMode: true } }), { id: 'plan-3' });
    expect(wished.preview.strategy).toBe('quick');
  });
});

test('asked again under its id a preview is the same, and nothing is evaluated anew', async () => {
  const { answer } = await ask();
  calls.length = 0;
  aws.sql = applied('1', '2');
  expect((await ask()).answer).toEqual(answer);
  expect(calls.filter((call) => call.startsWith('aws.'))).toEqual([]);
});

test('whatever it meets, a preview calls nothing that changes stack, database, queue, secrets or records', async () => {
  await running();
  const before = JSON.stringify(await slipway.ports.stacks.list());
  const situations: (typeof aws)[] = [
    {},
    { sql: noDatabase },
    { found: {} },
    { found: { status: 'UPDATE_IN_PROGRESS', usable: false, atRest: false } },
    { found: { status: 'ROLLBACK_COMPLETE', usable: false, husk: true } },
    { digest: undefined, login: undefined },
  ];
  for (const [at, situation] of situations.entries()) {
    aws = situation;
    await ask(undefined, { id: `plan-${at}` });
  }
  expect([...new Set(calls)].filter((call) => !HARMLESS.has(call))).toEqual([]);
  expect(statements.filter((text) => !/^\s*(SELECT|WITH)\b/i.test(text))).toEqual([]);
  expect(JSON.stringify(await slipway.ports.stacks.list())).toBe(before);
  // The list is one of calls that are made, so that none of them stands there unseen.
  expect([...HARMLESS].filter((call) => !calls.includes(call))).toEqual([]);
});
