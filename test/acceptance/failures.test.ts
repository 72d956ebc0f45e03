import { CloudFormationClient, CreateStackCommand, ListChangeSetsCommand } from '@aws-sdk/client-cloudformation';
import { ECSClient, StopTaskCommand } from '@aws-sdk/client-ecs';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { readServerLogin } from '../../functions/domain/database/secret.ts';
import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import type { Stack } from '../../functions/domain/stack/stack.ts';
import { approveDeployment } from '../../functions/operations/approve-deployment.ts';
import { resumeStack } from '../../functions/operations/resume-stack.ts';
import { clientSettings } from '../../infra/local/assembly.ts';
import { service, withDatabase } from '../support/example-applications.ts';
import { serverSaying } from '../support/example-service.ts';
import { type Branch, type Files, startTestSlipway, type TestSlipway } from '../support/slipway.ts';
import { until } from '../support/until.ts';
import { tasksOf } from './leaps.ts';

const DAY_MILLIS = 24 * 3600_000;
const SHOP = '000000000000.dkr.ecr.eu-west-1.amazonaws.com/shop';

interface Failure {
  readonly stackName: string;
  /** What ran before. */
  readonly good: Deployment | undefined;
  readonly ended: Deployment;
  readonly stack: Stack | undefined;
  readonly answer: string;
}

let slipway: TestSlipway;
const failures = new Map<string, Failure>();
let afterwards: { readonly tooEarly: Deployment; readonly repaired: Deployment; readonly answer: string };

// Independent stories run beside each other; those that move the clock or the whole cloud follow one by one.
beforeAll(async () => {
  slipway = await startTestSlipway({ schedules: false });
  await slipway.configure({
    environments: [{ fullName: 'dev-signed', approval: 'always' }],
    targets: [
      { branch: 'story/**', environment: 'dev' },
      { branch: 'signed/**', environment: 'dev-signed' },
    ],
  });
  await approvalExpired();
  await Promise.all([
    secretTaken(),
    noSuchTool(),
    imageDeleted(),
    secretMissing(),
    templateRefused(),
    validationFails(),
    rollbackFails(),
    stoppedByHand(),
    interrupted(),
    husk(),
  ]);
  await noCapacity();
  await databaseUnreachable();
  await lockHeld();
}, 240_000);

afterAll(() => slipway?.stop());

const settings = () => clientSettings(slipway.cloud);

/** A first release that serves, then what comes of the next one. */
const story = async (
  application: string,
  first: Files,
  next: (branch: Branch, stackName: string) => Promise<string>,
  { folder = 'story', environment = 'dev' } = {},
): Promise<void> => {
  const branch = await slipway.branch(`${folder}/${application}`);
  const stackName = `${environment}-${application}`;
  const good = await deployed(stackName, await branch.push(first));
  const commit = await next(branch, stackName);
  await told(application, stackName, commit, good);
};

const told = async (application: string, stackName: string, commit: string, good?: Deployment): Promise<void> => {
  const ended = await slipway.ended(stackName, commit);
  const stack = await slipway.ports.stacks.find(stackName);
  failures.set(application, { stackName, good, ended, stack, answer: await slipway.ask(`/${application}`) });
};

/** Signs what waits for a signature. */
const deployed = async (stackName: string, commit: string): Promise<Deployment> => {
  if (stackName.startsWith('dev-signed')) await sign(await waiting(stackName, commit));
  const deployment = await slipway.ended(stackName, commit);
  expect(deployment).toMatchObject({ status: 'DONE', version: commit });
  return deployment;
};

const waiting = (stackName: string, commit: string) =>
  slipway.deployed(stackName, commit, ({ steps }) => steps['AwaitApproval']?.status === 'ACTIVE', 'an approval');

const sign = ({ id, plan }: Deployment) =>
  approveDeployment(slipway.ports, { deploymentId: id, hash: plan?.hash ?? '', actor: 'ada', granted: true });

const secretTaken = () =>
  story('taken', service('taken', 'one'), async (branch) => {
    await new SecretsManagerClient(settings()).send(new CreateSecretCommand({ Name: '/dev/taken/key' }));
    return branch.push(service('taken', 'two', { more: { secrets: [{ name: 'key' }] } }));
  });

const noSuchTool = () =>
  story('untold', withDatabase('untold'), (branch) =>
    branch.push({
      ...withDatabase('untold', { command: ['no-such-tool', 'up'] }),
      'db/migrations/20270101000000_more.sql': '-- migrate:up\nCREATE TABLE more (id bigint);\n\n-- migrate:down\n',
    }),
  );

const imageDeleted = () =>
  story(
    'pulled',
    service('pulled', 'one'),
    async (branch, stackName) => {
      const commit = await branch.push(service('pulled', 'two'));
      const signed = await waiting(stackName, commit);
      slipway.cloud.images.remove(SHOP, commit);
      await sign(signed);
      return commit;
    },
    { folder: 'signed', environment: 'dev-signed' },
  );

const templateRefused = () =>
  story('unreadable', service('unreadable', 'one'), (branch, stackName) => {
    const reason = 'Resource ECSServiceMain is of a kind that this account may not use';
    const theService = { logicalId: 'ECSServiceMain', stackName };
    // The clock leaps here, and where the SDK believes its own to be wrong it asks three times.
    slipway.cloud.cloudformation.faults.fail({ ...theService, when: 'template', reason, times: 3 });
    return branch.push(service('unreadable', 'two'));
  });

const secretMissing = () =>
  story('keyless', service('keyless', 'one'), (branch) =>
    branch.push(
      service('keyless', 'two', {
        more: {
          secrets: [{ name: 'key' }],
          runtimes: [
            {
              name: 'main',
              routes: [{ prefix: '/keyless', protocol: 'HTTP', bypassIngress: true, port: 8080 }],
              containers: [
                {
                  name: 'main',
                  demand: 'LIGHT',
                  image: { name: 'shop' },
                  envVars: [{ name: 'KEY', secret: { secretName: 'key' } }],
                },
              ],
            },
          ],
        },
      }),
    ),
  );

const validationFails = () =>
  story('invalid', service('invalid', 'one'), (branch, stackName) => {
    const reason = 'Properties validation failed for resource ECSServiceMain';
    slipway.cloud.cloudformation.faults.fail({ logicalId: 'ECSServiceMain', stackName, when: 'validation', reason });
    return branch.push(service('invalid', 'two'));
  });

/** The update fails, its rollback fails, and so does the continuation that Slipway tries; the next deployment tries it again. */
const rollbackFails = async () => {
  await story('stuck', service('stuck', 'one'), (branch, stackName) => {
    const { faults } = slipway.cloud.cloudformation;
    const theService = { logicalId: 'ECSServiceMain', stackName };
    faults.fail({ ...theService, when: 'update', late: true, reason: 'no healthy host' });
    faults.fail({ ...theService, when: 'rollback', times: 2, reason: 'the old image is gone' });
    return branch.push({ 'server.js': serverSaying('two') });
  });
  const branch = await slipway.branch('story/stuck-on');
  await resumeStack(slipway.ports, { stackName: 'dev-stuck', actor: 'ada' });
  const tooEarly = await slipway.ended('dev-stuck', await branch.push(service('stuck', 'three')));
  const repaired = await slipway.ended('dev-stuck', await branch.push({ 'server.js': serverSaying('four') }));
  afterwards = { tooEarly, repaired, answer: await slipway.ask('/stuck') };
};

const SLOW: Files = {
  'db/migrations/20270101000000_slow.sql':
    '-- migrate:up\nCREATE TABLE slow (id bigint);\nSELECT pg_sleep(30);\n\n-- migrate:down\n',
};

const migrationOf = (stackName: string) =>
  until(`a migration of ${stackName}`, async () =>
    (await tasksOf(slipway.cloud)).find(
      ({ group, lastStatus }) => group === `family:${stackName}-migrate-main` && lastStatus === 'RUNNING',
    ),
  );

const stoppedByHand = () =>
  story('halted', withDatabase('halted'), async (branch, stackName) => {
    const commit = await branch.push(SLOW);
    const { taskArn } = await migrationOf(stackName);
    const client = new ECSClient(settings());
    await client.send(new StopTaskCommand({ cluster: 'local', task: taskArn, reason: 'too slow for me' }));
    return commit;
  });

/** The machine below it goes away, as often as it is tried. */
const interrupted = () =>
  story('spotted', withDatabase('spotted'), async (branch, stackName) => {
    const commit = await branch.push(SLOW);
    const done = async () =>
      (await slipway.ports.deployments.listOfStack(stackName, 1)).some(
        ({ version, status }) => version === commit && status === 'FAILED',
      );
    await until('the last try', async () => {
      const running = (await tasksOf(slipway.cloud)).find(
        ({ group, lastStatus }) => group === `family:${stackName}-migrate-main` && lastStatus === 'RUNNING',
      );
      if (running) slipway.cloud.ecs.faults.spotInterrupt(running.taskArn ?? '');
      return done();
    });
    return commit;
  });

/** Somebody's creation failed and was rolled back: such a stack can only be deleted. */
const husk = async () => {
  const client = new CloudFormationClient(settings());
  slipway.cloud.cloudformation.faults.fail({ logicalId: 'Theirs', when: 'create', reason: 'no luck' });
  const TemplateBody = JSON.stringify({ Resources: { Theirs: { Type: 'AWS::SNS::Topic' } } });
  await client.send(new CreateStackCommand({ StackName: 'dev-husk', TemplateBody }));
  await until('the husk', async () => (await slipway.account.stackStatus('dev-husk')) === 'ROLLBACK_COMPLETE');
  const branch = await slipway.branch('story/husk');
  await told('husk', 'dev-husk', await branch.push(service('husk', 'one')));
};

const moreTables = (name: string): Files => ({
  [`db/migrations/20270101000000_${name}.sql`]: `-- migrate:up\nCREATE TABLE ${name} (id bigint);\n\n-- migrate:down\n`,
});

const noCapacity = () =>
  story('crowded', withDatabase('crowded'), async (branch, stackName) => {
    slipway.cloud.ecs.faults.refuseCapacity();
    const commit = await branch.push(moreTables('crowd'));
    await slipway.ended(stackName, commit);
    slipway.cloud.ecs.faults.allowCapacity();
    return commit;
  });

const databaseUnreachable = () =>
  story('adrift', withDatabase('adrift'), async (branch, stackName) => {
    const secrets = new SecretsManagerClient(settings());
    const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: 'local/postgres' }));
    const put = (SecretString: string) =>
      secrets.send(new PutSecretValueCommand({ SecretId: 'local/postgres', SecretString }));
    await put(JSON.stringify({ ...JSON.parse(SecretString), port: 9 }));
    const commit = await branch.push(moreTables('drift'));
    await afterEveryTry(stackName, commit, 'PGUpsert.main', 'Unavailable');
    await put(SecretString);
    return commit;
  });

/** Leaps over what the state machine waits between two tries of a step, and never while a function is at work. */
const afterEveryTry = (stackName: string, commit: string, step: string, code: string) =>
  until('the end of every try', async () => {
    const [found] = await slipway.ports.deployments.listOfStack(stackName, 1);
    if (found?.version === commit && found.status === 'FAILED') return true;
    if (found?.version === commit && found.steps[step]?.reason?.code === code) await slipway.clock.advance(5_000);
    return false;
  });

/** Somebody reads the table for ever, and the migration wants it for itself. */
const lockHeld = () =>
  story('locked', withDatabase('locked'), async (branch, stackName) => {
    const secrets = new SecretsManagerClient(settings());
    const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: 'local/postgres' }));
    const { host, port, user, password } = readServerLogin(SecretString) ?? {};
    const reader = new pg.Client({ host, port, user, password, database: 'dev_locked_main' });
    await reader.connect();
    await reader.query('SET ROLE dev_locked_main');
    await reader.query('BEGIN');
    await reader.query('LOCK TABLE products IN ACCESS SHARE MODE');
    const commit = await branch.push({
      'db/migrations/20270101000000_locks.sql':
        '-- migrate:up\nALTER TABLE products ADD COLUMN locked boolean;\n\n-- migrate:down\n',
    });
    await afterEveryTry(stackName, commit, 'PGMigrate.main', 'LockTimeout');
    await reader.query('ROLLBACK');
    await reader.end();
    return commit;
  });

/** Told while nothing runs yet: a week of health checks would take its time. */
const approvalExpired = async () => {
  const branch = await slipway.branch('signed/unsigned');
  const commit = await branch.push(service('unsigned', 'one'));
  const { executionArn = '' } = await waiting('dev-signed-unsigned', commit);
  // Its function has answered: a leap would time it out.
  await until(
    'the wait for a signature',
    async () => (await slipway.executions.history(executionArn)).at(-1)?.type === 'TaskSubmitted',
  );
  await slipway.clock.advance(7 * DAY_MILLIS + 1000);
  await told('unsigned', 'dev-signed-unsigned', commit);
};

const WELCOME = '200 Welcome to the shop';

interface Expected {
  readonly application: string;
  readonly code: string;
  readonly step: string;
  readonly says: RegExp;
  readonly left: RegExp;
  readonly stack: 'AVAILABLE' | 'BROKEN';
  readonly operatorNeeded?: boolean;
  readonly answers: string;
}

const expected: Readonly<Record<string, Expected>> = {
  'an approval that nobody gives': {
    ...{ application: 'unsigned', code: 'ApprovalExpired', step: 'AwaitApproval', stack: 'AVAILABLE' },
    ...{ says: /within 7 days/, left: /Nothing was changed/, answers: '404 No application answers for this path yet' },
  },
  'an error of early validation': {
    ...{ application: 'invalid', code: 'PlanRefused', step: 'EvalJoin', stack: 'AVAILABLE' },
    ...{ says: /ECSServiceMain.*Properties validation failed/, left: /Nothing was changed/, answers: '200 one' },
  },
  'a template that CloudFormation refuses': {
    ...{ application: 'unreadable', code: 'PlanRefused', step: 'EvalJoin', stack: 'AVAILABLE' },
    ...{
      says: /Template format error: Resource ECSServiceMain is of a kind/,
      left: /Nothing was changed/,
      answers: '200 one',
    },
  },
  'a resource that fails in the middle of an update': {
    ...{ application: 'taken', code: 'StackFailed', step: 'CFUpsert', stack: 'BROKEN' },
    ...{
      says: /SecretsManagerSecret.*\/dev\/taken\/key already exists/,
      left: /rolled the stack back/,
      answers: '200 one',
    },
  },
  'F8: a rollback that fails, and its continuation too': {
    ...{ application: 'stuck', code: 'StackFailed', step: 'VersionMigrate', stack: 'BROKEN', operatorNeeded: true },
    ...{ says: /UPDATE_ROLLBACK_FAILED: ECSServiceMain .*no healthy host/, left: /stands at UPDATE_ROLLBACK_FAILED/ },
    answers: '200 two',
  },
  'F10: a migration that somebody stops': {
    ...{ application: 'halted', code: 'MigrationNotRun', step: 'PGMigrate.main', stack: 'BROKEN' },
    ...{ says: /UserInitiated.*too slow for me/, left: /lists none of them/, answers: WELCOME },
  },
  'F10: a migration whose machine goes away each time': {
    ...{ application: 'spotted', code: 'HostGone', step: 'PGMigrate.main', stack: 'BROKEN' },
    ...{ says: /SpotInterruption/, left: /lists none of them/, answers: WELCOME },
  },
  'F10: no room for a migration': {
    ...{ application: 'crowded', code: 'TaskRefused', step: 'PGMigrate.main', stack: 'AVAILABLE' },
    ...{ says: /RESOURCE:MEMORY/, left: /No migration was run/, answers: WELCOME },
  },
  'a migration container that cannot start': {
    ...{ application: 'untold', code: 'MigrationNotStarted', step: 'PGMigrate.main', stack: 'AVAILABLE' },
    ...{ says: /CannotStartContainerError.*no-such-tool/, left: /No migration was run/, answers: WELCOME },
  },
  'an image that is deleted after it was accepted': {
    ...{ application: 'pulled', code: 'StackFailed', step: 'VersionMigrate', stack: 'BROKEN' },
    ...{
      says: /CannotPullContainerError.*shop:[0-9a-f]{40}@sha256:/,
      left: /rolled the stack back/,
      answers: '200 one',
    },
  },
  'a secret without a value': {
    ...{ application: 'keyless', code: 'StackFailed', step: 'VersionMigrate', stack: 'BROKEN' },
    ...{ says: /ResourceInitializationError.*\/dev\/keyless\/key/, left: /rolled the stack back/, answers: '200 one' },
  },
  'F11: a database that cannot be reached': {
    ...{ application: 'adrift', code: 'Unavailable', step: 'PGUpsert.main', stack: 'AVAILABLE' },
    ...{ says: /127\.0\.0\.1:9 cannot be reached/, left: /tried again and again/, answers: WELCOME },
  },
  'a lock that is never given': {
    ...{ application: 'locked', code: 'LockTimeout', step: 'PGMigrate.main', stack: 'AVAILABLE' },
    ...{ says: /20270101000000_locks\.sql.*lock timeout/s, left: /lists none of them/, answers: WELCOME },
  },
};

test.each(Object.entries(expected))(
  '%s ends the deployment, says why, and says what state the world is in',
  (...row) => {
    const [, { application, code, step, says, left, stack, operatorNeeded = false, answers }] = row;
    const failure = failures.get(application);
    const reason = { code, step, message: expect.stringMatching(says), left: expect.stringMatching(left) };
    expect(failure?.ended).toMatchObject({
      status: 'FAILED',
      reason: { ...reason, remedy: expect.stringMatching(/./) },
    });
    expect(failure?.stack).toMatchObject({ status: stack });
    expect(failure?.stack?.current).toBeUndefined();
    expect(failure?.stack?.broken?.operatorNeeded).toBe(stack === 'BROKEN' ? operatorNeeded : undefined);
    expect(failure?.stack?.release).toBe(failure?.good?.release);
    expect(failure?.answer).toBe(answers);
  },
);

test('what an operator has to finish is told with the stack', () => {
  expect(failures.get('stuck')?.stack?.broken).toMatchObject({
    left: expect.arrayContaining([expect.stringMatching(/way back failed: .*the old image is gone/)]),
    reason: { remedy: expect.stringMatching(/ContinueUpdateRollback.*slipway resume dev-stuck/) },
  });
});

test('F1: a deployment that meets a stack which takes no update ends at once and lets the stack go', () => {
  expect(afterwards.tooEarly).toMatchObject({
    status: 'FAILED',
    reason: { code: 'StackUnusable', step: 'StackCreate' },
  });
  expect(afterwards.repaired).toMatchObject({ status: 'DONE' });
  expect(afterwards.answer).toBe('200 four');
});

test('F18: the husk of a creation that failed is deleted and waited for, and the stack is made anew', () => {
  expect(failures.get('husk')).toMatchObject({ ended: { status: 'DONE' }, answer: '200 one' });
});

test('nothing is left waiting, and nothing is left behind in the cloud', async () => {
  expect(await slipway.ports.callbacks.listOpen()).toEqual([]);
  const client = new CloudFormationClient(settings());
  for (const { stackName } of failures.values()) expect(await leftovers(client, stackName)).toEqual([]);
  const running = (await tasksOf(slipway.cloud)).filter(({ lastStatus }) => lastStatus !== 'STOPPED');
  expect(running.filter(({ group }) => !group?.startsWith('service:'))).toEqual([]);
});

/** Change sets that were never carried out; CloudFormation itself remembers the last one that was. */
const leftovers = async (client: CloudFormationClient, StackName: string) =>
  ((await client.send(new ListChangeSetsCommand({ StackName }))).Summaries ?? []).filter(
    ({ ExecutionStatus }) => ExecutionStatus !== 'EXECUTE_COMPLETE',
  );
