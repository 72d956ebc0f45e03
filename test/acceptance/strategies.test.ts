import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { ROOT } from '../../bin/local/synthesise.ts';
import { readServerLogin } from '../../functions/domain/database/secret.ts';
import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import type { Stack } from '../../functions/domain/stack/stack.ts';
import { clientSettings } from '../../infra/local/assembly.ts';
import { serviceFiles } from '../support/example-service.ts';
import { statesEntered } from '../support/executions.ts';
import { type Files, startTestSlipway, type TestSlipway } from '../support/slipway.ts';
import { until } from '../support/until.ts';

interface Answer {
  readonly outcome: string;
  readonly reason: string;
  readonly deploymentId?: string;
}

interface Chapter {
  readonly outcome: string;
  readonly reason: string;
  readonly deployment: Deployment | undefined;
  readonly states: readonly string[];
  readonly stack: Stack | undefined;
  readonly counts: readonly (number | undefined)[];
  /** What the service says, all of it; its status alone where it says nothing. */
  readonly answer: string;
  /** Ids of the ECS deployments of its services. */
  readonly rollouts: readonly string[];
  readonly login: string | undefined;
  /** Whether the login of the chapter before can still log in. */
  readonly oldLoginWorks: boolean;
  /** PostgreSQL's number of the database. */
  readonly database: string | undefined;
}

let slipway: TestSlipway;
let secrets: SecretsManagerClient;
/** A session that somebody left open, and that nobody waits for. */
let psql: Client;
const chapters = new Map<string, Chapter>();
const logins: { user: string; password: string }[] = [];
/** Of the database, before and after the deployment that wants one more. */
const extensions: string[] = [];

const released = (name: string, path: string) => readFileSync(join(ROOT, 'examples/shop/releases', name, path), 'utf8');
const migration = (name: string, file: string): Files => {
  const path = `db/migrations/${file}.sql`;
  return { [path]: released(name, path) };
};
const applicationOf = (name: string, secret = '', extension = '') =>
  released('01-first-release', 'ext/o5/app.yaml')
    .replace('name: shop', `name: ${name}${secret && `\n\nsecrets:\n  - name: ${secret}`}`)
    .replace('serverGroup: default', `serverGroup: default${extension && `\n      dbExtensions: [${extension}]`}`)
    .replace('prefix: /', `prefix: /${name}`);

// The tests only read: the story is told once, in order, and they run in any.
beforeAll(async () => {
  slipway = await startTestSlipway();
  secrets = new SecretsManagerClient(clientSettings(slipway.cloud));
  const branch = await slipway.branch('unrelated/strategies');
  const first = await branch.push({
    ...serviceFiles({ application: 'strat', says: '' }),
    'server.js': released('01-first-release', 'server.js'),
    ...migration('01-first-release', '20260101000000_create_products'),
    'ext/o5/app.yaml': applicationOf('strat'),
  });
  await tell('nothing to work on', first, 'db-only');
  await tell('nothing to scale', first, 'recreate-database', { confirm: 'dev-strat' });
  await tell('quick, new', first, 'quick');
  const second = await branch.push({
    'server.js': released('01-first-release', 'server.js').replace('Welcome to', 'Hello from'),
  });
  await tell('quick', second, 'quick');
  const third = await branch.push({
    'server.js': released('04-discounts', 'server.js'),
    'ext/o5/app.yaml': applicationOf('strat', 'newsletter', 'pg_trgm'),
    ...migration('04-discounts', '20260301000000_add_discount'),
  });
  await tell('infra-only', third, 'infra-only');
  extensions.push(await extensionsOf('dev_strat_main'));
  await tell('db-only', third, 'db-only');
  extensions.push(await extensionsOf('dev_strat_main'));
  await tell('two at once', third, ['db-only', 'infra-only']);
  await query('dev_strat_main', "INSERT INTO products (name, price_cents) VALUES ('Barometer', 100)");
  await tell('rotate-credentials', third, 'rotate-credentials');
  psql = await client('dev_strat_main', await loginOf());
  await tell('import, existing', third, 'import');
  await tell('recreate-database, unconfirmed', third, 'recreate-database', { confirm: 'dev-shop' });
  await tell('recreate-database', third, 'recreate-database', { confirm: 'dev-strat' });
  await tell('destroy-database, unconfirmed', third, 'destroy-database');
  await tell('destroy-database', third, 'destroy-database', { confirm: 'dev-strat' });
  await tell('destroyed, infra-only', third, 'infra-only');
  await tell('full', third, 'full');
  await tellOfCancelledUpdates(second);
  await tellOfImport();
}, 400_000);

afterAll(async () => {
  await psql?.end().catch(() => undefined);
  secrets?.destroy();
  await slipway?.stop();
});

/** Their update lasts as long as there is no room for the second task, unless it is cancelled. */
const tellOfCancelledUpdates = async (commit: string) => {
  slipway.cloud.ecs.faults.refuseCapacity();
  try {
    await slipway.account.updateStack('dev-strat', { parameters: { DesiredCountMain: '2' } });
    const told = tell('cancel-updates', commit, ['full', 'cancel-updates']);
    await until('the end of their update', async () => {
      const status = await slipway.account.stackStatus('dev-strat');
      return status !== 'UPDATE_IN_PROGRESS' && status;
    });
    slipway.cloud.ecs.faults.allowCapacity();
    await told;
  } finally {
    slipway.cloud.ecs.faults.allowCapacity();
  }
};

/** An application whose stack was deleted, and of which a secret was left. */
const tellOfImport = async () => {
  const branch = await slipway.branch('unrelated/imports');
  const commit = await branch.push(
    serviceFiles({ application: 'left', says: 'left', more: { secrets: [{ name: 'token' }, { name: 'key' }] } }),
  );
  await tell('import, missing', commit, 'import');
  for (const name of ['token', 'key'])
    await secrets.send(new CreateSecretCommand({ Name: `/dev/left/${name}`, SecretString: `the old ${name}` }));
  await tell('import', commit, 'import');
  await tell('imported, full', commit, 'full');
  await tell('no databases', commit, 'db-only');
};

const applications: Readonly<Record<string, string>> = {
  'import, missing': 'left',
  import: 'left',
  'imported, full': 'left',
  'no databases': 'left',
};

/** Asks by hand, as an operator does in the AWS console, and waits for the end. */
const tell = async (name: string, commit: string, strategy: string | readonly string[], more: object = {}) => {
  const id = randomUUID();
  const application = applications[name] ?? 'strat';
  const stackName = `dev-${application}`;
  const { executions, ports } = slipway;
  await executions.start('request', id, {
    ...{ id, repository: 'acme/shop', ref: refs[application], commit, environment: 'dev', actor: 'ada', strategy },
    ...more,
  });
  const { output } = await executions.ended(executions.arnOf('request', id));
  const { answer, targets = [] } = output as { readonly answer: Answer; readonly targets?: readonly Answer[] };
  const { outcome, reason, deploymentId } = targets[0] ?? answer;
  const deployment = deploymentId ? await ended(deploymentId) : undefined;
  const answered = await fetch(new URL(`/${application}`, slipway.url));
  const text = await answered.text();
  const old = logins.at(-1);
  const login = await loginOf();
  if (login) logins.push(login);
  chapters.set(name, {
    outcome,
    reason,
    deployment,
    states: deployment?.executionArn ? statesEntered(await executions.history(deployment.executionArn)) : [],
    stack: await ports.stacks.find(stackName),
    counts: (await slipway.account.services(stackName)).map(({ desiredCount }) => desiredCount),
    answer: answered.ok ? text : String(answered.status),
    rollouts: await rolloutsOf(stackName),
    login: login?.user,
    oldLoginWorks: old !== undefined && (await connects(old)),
    database: await databaseNumber(),
  });
};

const refs: Readonly<Record<string, string>> = {
  strat: 'refs/heads/unrelated/strategies',
  left: 'refs/heads/unrelated/imports',
};

const ended = async (id: string): Promise<Deployment> => {
  const find = () => slipway.ports.deployments.find(id);
  const over = ['DONE', 'FAILED', 'TERMINATED', 'SUPERSEDED', 'REJECTED'];
  const deployment = await until(
    `the end of ${id}`,
    async () => {
      const found = await find();
      return found && over.includes(found.status) && found;
    },
    async () => JSON.stringify(await find(), undefined, 2),
  );
  if (deployment.executionArn) await slipway.executions.ended(deployment.executionArn);
  return deployment;
};

const loginOf = async () => {
  const read = secrets.send(new GetSecretValueCommand({ SecretId: '/dev/strat/postgres/main' }));
  const { SecretString = '' } = await read.catch(() => ({ SecretString: '' }));
  return readServerLogin(SecretString);
};

const client = async (database: string, login?: { user: string; password: string }) => {
  const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: 'local/postgres' }));
  const admin = readServerLogin(SecretString);
  if (!admin) throw new Error('the admin has no login');
  const connection = new Client({ ...admin, ...login, database });
  connection.on('error', () => undefined);
  await connection.connect();
  return connection;
};

const query = async (database: string, text: string) => {
  const connection = await client(database);
  try {
    return (await connection.query(text)).rows;
  } finally {
    await connection.end();
  }
};

const extensionsOf = async (database: string): Promise<string> => {
  const rows = await query(database, 'SELECT extname FROM pg_extension ORDER BY 1');
  return rows.map(({ extname }) => extname).join(', ');
};

const connects = async ({ user, password }: { user: string; password: string }) => {
  const connection = await client('postgres', { user, password }).catch(() => undefined);
  await connection?.end();
  return connection !== undefined;
};

const databaseNumber = async () => {
  const [row] = await query('postgres', "SELECT oid::text AS oid FROM pg_database WHERE datname = 'dev_strat_main'");
  return row?.oid as string | undefined;
};

const rolloutsOf = async (stackName: string) => {
  const services = await slipway.account.services(stackName);
  return services.flatMap(({ deployments = [] }) => deployments.map(({ id = '' }) => id));
};

const chapter = (name: string): Chapter => {
  const told = chapters.get(name);
  if (!told) throw new Error(`${name} was not told`);
  return told;
};

const begun = 'Start StackWait StackCreate Strategy';
const evaluated = `${begun} Evaluate EvaluateDatabases CFPlan PGUpsert PGEval EvaluateJoined EvalJoin Approval Mode`;
const toTheEnd = 'Rest WayBack Failed DeploymentFailed';
const before = 'Before InfraMigrate-before Databases-before PGMigrate-before PGCleanup-before BeforeJoined';

const graphs: Readonly<Record<string, string>> = {
  'quick, new': `${evaluated} ${before} VersionMigrate-before Done`,
  quick: `${begun} Quick CFUpsert-quick Databases-quick PGUpsert-quick PGMigrate-quick PGCleanup-quick QuickJoined Done`,
  'infra-only': `${begun} InfraMigrate-infra-only Done`,
  'db-only': `${begun} Databases-db-only PGUpsert-db-only PGEval-db-only PGMigrate-db-only PGCleanup-db-only DatabasesJoined-db-only Done`,
  'rotate-credentials': `${begun} Rotation PGRotate RotationJoined Restart Retirement PGRetire RetirementJoined Done`,
  'recreate-database': `${begun} ScaleDown-recreate-database Databases-recreate-database PGDestroy-recreate-database PGUpsert-recreate-database PGMigrate-recreate-database PGCleanup-recreate-database DatabasesJoined-recreate-database ScaleUp-recreate-database Done`,
  'destroy-database': `${begun} ScaleDown-destroy-database Databases-destroy-database PGDestroy-destroy-database DatabasesJoined-destroy-database Done`,
  'destroyed, infra-only': `${begun} InfraMigrate-infra-only Done`,
  full: `${evaluated} ${before} VersionMigrate-before Done`,
  import: `${begun} ImportPlan Import Done`,
  'imported, full': `${begun} Evaluate EvaluateDatabases CFPlan EvaluateJoined EvalJoin Approval Mode Before InfraMigrate-before Databases-before BeforeJoined VersionMigrate-before Done`,
};

test.each(Object.entries(graphs))('%s ends DONE and enters just the states of its graph', (name, states) => {
  const told = chapter(name);
  expect(told.deployment).toMatchObject({ status: 'DONE' });
  expect(Object.values(told.deployment?.steps ?? {}).filter(({ status }) => status !== 'DONE')).toEqual([]);
  // Branches run side by side, in any order.
  expect(told.states.toSorted()).toEqual(states.split(' ').toSorted());
  expect(told.stack).toMatchObject({ status: 'AVAILABLE', queue: [] });
});

test('F2: the first quick deployment of a stack ends running, as its release does', () => {
  const { counts, answer, deployment, stack } = chapter('quick, new');
  expect(deployment?.strategy).toBe('quick');
  expect(counts).toEqual([1]);
  expect(answer).toContain('Welcome to the shop');
  expect(answer).toContain('Anchor: 129.00');
  expect(stack?.release).toBe(deployment?.release);
});

test('infra-only makes what does not serve, and leaves what serves exactly as it is', async () => {
  const [was, is] = [chapter('quick'), chapter('infra-only')];
  expect(is.answer).toBe(was.answer);
  expect(is.rollouts).toEqual(was.rollouts);
  expect(is.stack?.release).toBe(was.deployment?.release);
  expect((await secrets.send(new DescribeSecretCommand({ SecretId: '/dev/strat/newsletter' }))).ARN).toBeDefined();
});

test('db-only migrates under the version that runs, and that one goes on', () => {
  const [was, is] = [chapter('infra-only'), chapter('db-only')];
  expect(is.deployment?.steps['PGMigrate.main']?.outputs).toEqual({ applied: '20260301000000' });
  expect(is.rollouts).toEqual(was.rollouts);
  expect(is.answer).toContain('Hello from the shop');
  expect(is.stack?.release).toBe(was.stack?.release);
});

test('F12: an extension that the configuration of a database gets later is there after the next deployment', () => {
  expect(extensions).toEqual(['plpgsql', 'pg_trgm, plpgsql']);
});

test('after a rotation the secret holds a new login, the server refuses the old one, and the services run new tasks', () => {
  const [was, is] = [chapter('db-only'), chapter('rotate-credentials')];
  expect([was.login, is.login]).toEqual(['dev_strat_main_1', 'dev_strat_main_2']);
  expect([was.oldLoginWorks, is.oldLoginWorks]).toEqual([true, false]);
  expect(is.rollouts).toHaveLength(1);
  expect(is.rollouts).not.toEqual(was.rollouts);
  expect(is.answer).toContain('Barometer: 1.00');
  expect(is.database).toBe(was.database);
});

test('a recreated database is another one; what ran before runs on it again', () => {
  const [was, is] = [chapter('rotate-credentials'), chapter('recreate-database')];
  expect(is.database).toMatch(/^\d+$/);
  expect(is.database).not.toBe(was.database);
  expect(is.answer).toContain('Hello from the shop');
  expect(is.answer).toContain('Anchor: 129.00');
  expect(is.answer).not.toContain('Barometer');
  expect(is.counts).toEqual([1]);
  expect(is.stack).toMatchObject({ counts: {}, release: was.stack?.release });
});

test('a destroyed database leaves nothing running, and the stack knows what ran', () => {
  for (const name of ['destroy-database', 'destroyed, infra-only']) {
    const { database, login, counts, answer, stack } = chapter(name);
    expect({ database, login, counts, answer }).toEqual({
      database: undefined,
      login: undefined,
      counts: [0],
      answer: '503',
    });
    expect(stack).toMatchObject({ counts: { main: 1 }, release: chapter('quick').deployment?.release });
  }
  expect(chapter('destroy-database').oldLoginWorks).toBe(false);
});

test('the next full deployment makes the database anew and brings the services back', () => {
  const { database, login, counts, answer, stack, deployment } = chapter('full');
  expect(database).toMatch(/^\d+$/);
  expect(login).toBe('dev_strat_main_1');
  expect(counts).toEqual([1]);
  expect(answer).toContain('Anchor');
  expect(stack).toMatchObject({ counts: {}, release: deployment?.release });
});

test.each([
  ['destroy-database, unconfirmed', 'confirms nothing', 'recreate-database'],
  ['recreate-database, unconfirmed', 'confirms "dev-shop"', 'import, existing'],
])('%s: nothing is queued, nothing changes, and the word that is missing is said', (name, said, earlier) => {
  const [was, is] = [chapter(earlier), chapter(name)];
  expect(is).toMatchObject({ outcome: 'REJECTED', deployment: undefined });
  expect(is.reason).toContain(said);
  expect(is.reason).toContain('"confirm": "dev-strat"');
  expect([is.database, is.answer, is.rollouts]).toEqual([was.database, was.answer, was.rollouts]);
  expect(is.stack).toEqual(was.stack);
});

test('F6: somebody’s update is cancelled where that was asked for, and the deployment goes on after its rollback', () => {
  const { deployment, states, counts, answer } = chapter('cancel-updates');
  expect(deployment).toMatchObject({ status: 'DONE', cancelUpdates: true });
  expect(states.slice(0, 3)).toEqual(['Start', 'CancelUpdates', 'StackWait']);
  expect(deployment?.steps['CancelUpdates']?.outputs).toEqual({ stack: 'UPDATE_IN_PROGRESS', cancelled: 'update' });
  expect(deployment?.steps['StackWait']?.outputs).toEqual({ stack: 'UPDATE_ROLLBACK_COMPLETE' });
  expect(counts).toEqual([1]);
  expect(answer).toContain('Hello from the shop');
});

test('F5: an import takes over the secrets that were left, as they are; the next full deployment goes on from there', async () => {
  expect(chapter('import').deployment?.steps['ImportPlan']?.outputs?.['imports']?.split(', ')).toHaveLength(2);
  expect(chapter('import').counts).toEqual([]);
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: '/dev/left/token' }));
  expect(SecretString).toBe('the old token');
  expect(chapter('imported, full')).toMatchObject({ answer: 'left\n', counts: [1] });
});

test.each([
  [
    'F24: nothing to scale',
    'StackMissing',
    /recreate-database needs the CloudFormation stack dev-strat, which does not exist/,
    [],
  ],
  ['nothing to work on', 'StackMissing', /db-only needs the CloudFormation stack dev-strat, which does not exist/, []],
  ['import, existing', 'StackExists', /dev-strat exists and holds resources/, []],
  ['import, missing', 'ImportMissing', /\/dev\/left\/key .*\/dev\/left\/token /, ['ImportPlan']],
])('F4: %s ends FAILED with %s, and the stack is free', (name, code, message, more) => {
  const { deployment, states, stack } = chapter(name.replace(/^F24: /, ''));
  expect(deployment).toMatchObject({ status: 'FAILED', reason: { code, message: expect.stringMatching(message) } });
  const way = more.length > 0 ? [...begun.split(' '), ...more] : begun.split(' ').slice(0, 3);
  expect(states).toEqual([...way, ...toTheEnd.split(' ')]);
  expect(stack?.status).toBe('AVAILABLE');
});

test('two strategies at once are refused, both named', () => {
  expect(chapter('two at once')).toMatchObject({
    outcome: 'REJECTED',
    reason: expect.stringContaining('db-only and infra-only cannot go together'),
    deployment: undefined,
  });
});

test('a strategy about databases is refused for an application that has none', () => {
  expect(chapter('no databases')).toMatchObject({
    outcome: 'REJECTED',
    reason: expect.stringContaining('left declares none'),
    deployment: undefined,
  });
});
