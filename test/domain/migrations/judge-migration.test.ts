import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { EndedMigration } from '../../../functions/domain/migrations/ended-migration.ts';
import { judgeMigration } from '../../../functions/domain/migrations/judge-migration.ts';
import type { PendingMigration } from '../../../functions/domain/migrations/migrations.ts';
import type { ReleaseDatabase } from '../../../functions/domain/release.ts';

const pending = (id: string, more: Partial<PendingMigration> = {}): PendingMigration => ({
  id,
  path: `db/migrations/${id}_step.sql`,
  checksum: id,
  transactional: true,
  after: false,
  statements: [],
  ...more,
});
const database = (tool: 'dbmate' | 'unknown' = 'dbmate'): ReleaseDatabase => ({
  key: 'main',
  databaseName: 'prod_shop_main',
  serverGroup: 'default',
  extensions: [],
  migrations: { tool, files: [] },
});
/** Two migrations were pending, and the container failed before it applied one. */
const ended = (more: Partial<EndedMigration> = {}): EndedMigration => ({
  step: 'PGMigrate.main',
  database: database(),
  pending: [pending('1'), pending('2')],
  applied: { ids: [], dirty: false },
  exitCode: 1,
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'Essential container in task exited',
  log: ['Error: relation "orders" does not exist'],
  ...more,
});
const failure = (more: Partial<EndedMigration>) => {
  const outcome = judgeMigration(ended(more));
  if (outcome.ok) throw new Error('it ended well');
  return { code: outcome.error, ...outcome.reason };
};
const LOCKED = ['pq: canceling statement due to lock timeout'];

test('a container that ended well with everything applied is a success, and says what was applied', () => {
  const good = ended({ exitCode: 0, applied: { ids: ['0', '1', '2'], dirty: false } });
  expect(judgeMigration(good)).toEqual({ ok: true, output: { applied: '1, 2' } });
  expect(judgeMigration({ ...good, pending: [] })).toEqual({ ok: true, output: { applied: 'not evaluated' } });
});

test('a container that lost its machine after it had applied everything has done its work', () => {
  const lost = { exitCode: undefined, stopCode: 'TerminationNotice', applied: { ids: ['1', '2'], dirty: false } };
  expect(judgeMigration(ended(lost))).toEqual({ ok: true, output: { applied: '1, 2' } });
  expect(failure({ ...lost, stopCode: 'UserInitiated' }).code).not.toBe('HostGone');
  expect(failure({ ...lost, pending: [] }).code).not.toBe('HostGone');
});

test('of a tool that nobody can read the exit code is all there is', () => {
  const opaque = { database: database('unknown'), exitCode: 0 };
  expect(judgeMigration(ended(opaque))).toEqual({ ok: true, output: { applied: 'not evaluated' } });
  expect(failure({ ...opaque, exitCode: 2 })).toMatchObject({
    code: 'MigrationFailed',
    message: expect.stringContaining('The migration of main failed with exit code 2'),
    left: 'Slipway cannot tell which migrations have run',
  });
});

const lines: [string, Partial<EndedMigration>, string][] = [
  ['exit code 1', {}, 'MigrationFailed'],
  ['exit code 137 for want of memory', { exitCode: 137, stoppedReason: 'OutOfMemoryError: killed' }, 'MigrationFailed'],
  ['exit code 0, nothing applied', { exitCode: 0 }, 'MigrationIncomplete'],
  ['exit code 0, one applied', { exitCode: 0, applied: { ids: ['1'], dirty: false } }, 'MigrationIncomplete'],
  [
    'exit code 0, all applied, dirty',
    { exitCode: 0, applied: { ids: ['1', '2'], dirty: true } },
    'MigrationIncomplete',
  ],
  ['all applied, but exit code 1', { applied: { ids: ['1', '2'], dirty: false } }, 'MigrationFailed'],
  ['never started', { exitCode: undefined, stopCode: 'TaskFailedToStart' }, 'MigrationNotStarted'],
  [
    'never started, by an unknown tool',
    { exitCode: undefined, stopCode: 'TaskFailedToStart', database: database('unknown') },
    'MigrationNotStarted',
  ],
  [
    'never started, but the version table moved',
    { exitCode: undefined, stopCode: 'TaskFailedToStart', applied: { ids: ['1'], dirty: false } },
    'MigrationNotRun',
  ],
  ['no exit code and no stop code', { exitCode: undefined, stopCode: undefined }, 'MigrationNotRun'],
  ['stopped by somebody', { exitCode: 143, stopCode: 'UserInitiated' }, 'MigrationNotRun'],
  ['stopped by the scheduler', { exitCode: 143, stopCode: 'ServiceSchedulerInitiated' }, 'MigrationNotRun'],
  ['host gone, nothing applied', { exitCode: 137, stopCode: 'TerminationNotice' }, 'HostGone'],
  [
    'host gone before the container started',
    { exitCode: undefined, stopCode: 'TaskFailedToStart', stoppedReason: 'Host EC2 (instance i-1) terminated.' },
    'HostGone',
  ],
  ['host gone without exit code', { exitCode: undefined, stopCode: 'SpotInterruption' }, 'HostGone'],
  [
    'host gone, one applied',
    { exitCode: 137, stopCode: 'TerminationNotice', applied: { ids: ['1'], dirty: false } },
    'MigrationNotRun',
  ],
  [
    'host gone, outside a transaction',
    { exitCode: undefined, stopCode: 'TerminationNotice', pending: [pending('1', { transactional: false })] },
    'MigrationNotRun',
  ],
  ['lock timeout', { log: LOCKED }, 'LockTimeout'],
  ['lock timeout by its code', { log: ['ERROR: 55P03'] }, 'LockTimeout'],
  ['lock timeout, but one applied', { log: LOCKED, applied: { ids: ['1'], dirty: false } }, 'MigrationFailed'],
  ['lock timeout, but dirty', { log: LOCKED, applied: { ids: [], dirty: true } }, 'MigrationFailed'],
  [
    'lock timeout, but outside a transaction',
    { log: LOCKED, pending: [pending('1', { transactional: false })] },
    'MigrationFailed',
  ],
  ['lock timeout, but not evaluated', { log: LOCKED, pending: [] }, 'MigrationFailed'],
  ['lock timeout, but stopped', { log: LOCKED, exitCode: 143, stopCode: 'UserInitiated' }, 'MigrationNotRun'],
  ['lock timeout of an unknown tool', { log: LOCKED, database: database('unknown') }, 'MigrationFailed'],
];
test.each(lines)('F10: %s is judged by its code', (_, more, code) => {
  expect(failure(more).code).toBe(code);
});

test('the message names the file, its only statement, the exit code and the end of the log', () => {
  const statement = {
    line: 3,
    text: 'ALTER TABLE orders ADD x int',
    compatibility: 'EXPAND' as const,
    lock: 'L1' as const,
    tables: [],
    reason: 'adds a column',
  };
  const [first, second] = [pending('1'), pending('2', { statements: [statement] })];
  const { message, step } = failure({ pending: [first, second], applied: { ids: ['1'], dirty: false } });
  expect(message).toBe(
    'Migration db/migrations/2_step.sql, line 3 (ALTER TABLE orders ADD x int), failed with exit code 1:\nError: relation "orders" does not exist',
  );
  expect(step).toBe('PGMigrate.main');
  expect(failure({ pending: [pending('1', { statements: [statement, statement] })], log: [] }).message).toBe(
    'Migration db/migrations/1_step.sql failed with exit code 1',
  );
});

test('what ECS says about the container is told, unless it says nothing', () => {
  expect(failure({ exitCode: 137, stoppedReason: 'OutOfMemoryError: killed' }).message).toContain(
    'failed with exit code 137 (OutOfMemoryError: killed)',
  );
  expect(failure({ stopCode: 'UserInitiated', stoppedReason: 'The migration ran past its deadline' })).toMatchObject({
    message: expect.stringContaining('ended from outside (UserInitiated): The migration ran past its deadline'),
    remedy: 'Push again once what ended it has passed',
  });
  expect(failure({ exitCode: undefined, stopCode: undefined, stoppedReason: undefined }).message).toContain(
    'ended from outside (no stop code): ECS gives no reason',
  );
});

test.each([
  [{ ids: [], dirty: false }, 'The version table lists none of them'],
  [{ ids: ['1'], dirty: false }, 'Applied so far: db/migrations/1_step.sql'],
  [{ ids: ['9'], dirty: false }, 'The version table lists none of them'],
  [
    { ids: ['1'], dirty: true },
    'Applied so far: db/migrations/1_step.sql. The version table is dirty: a migration stopped half way',
  ],
])('what was left follows from the version table: %j', (applied, left) => {
  expect(failure({ applied }).left).toBe(left);
});

test('what runs outside a transaction may leave something that no version table tells of', () => {
  expect(failure({ pending: [pending('1', { transactional: false })] }).left).toBe(
    'The version table lists none of them. What ran outside a transaction may have left something behind',
  );
});

test('a migration is tried again only when nothing of it can have been left behind', () => {
  const migration = fc.record({ id: fc.constantFrom('1', '2', '3'), transactional: fc.boolean() });
  const state = fc.record({
    pending: fc.uniqueArray(
      migration.map(({ id, transactional }) => pending(id, { transactional })),
      { selector: ({ id }) => id },
    ),
    applied: fc.record({ ids: fc.subarray(['1', '2', '3', '4']), dirty: fc.boolean() }),
    exitCode: fc.option(fc.constantFrom(0, 1, 137), { nil: undefined }),
    stopCode: fc.constantFrom('EssentialContainerExited', 'TerminationNotice', 'UserInitiated', undefined),
    log: fc.constantFrom([], LOCKED),
    database: fc.constantFrom(database(), database('unknown')),
  });
  fc.assert(
    fc.property(state, (given) => {
      const outcome = judgeMigration(ended(given));
      const untouched =
        given.pending.length > 0 &&
        !given.applied.dirty &&
        given.pending.every(({ id, transactional }) => transactional && !given.applied.ids.includes(id));
      if (!outcome.ok && ['LockTimeout', 'HostGone'].includes(outcome.error)) expect(untouched).toBe(true);
      // Without an exit code only a lost machine may have done its work, and only the version table can say so.
      const proven = given.pending.length > 0 && given.pending.every(({ id }) => given.applied.ids.includes(id));
      if (outcome.ok && given.exitCode !== 0) expect([given.stopCode, proven]).toEqual(['TerminationNotice', true]);
      if (outcome.ok) expect(given.applied.dirty).toBe(false);
    }),
  );
});

test('a tool that nobody can read is never tried again: its version table proves nothing', () => {
  for (const stopCode of ['TerminationNotice', 'SpotInterruption'])
    expect(failure({ database: database('unknown'), stopCode, log: LOCKED }).code).toBe('MigrationNotRun');
});

describe('by IAM, with a sidecar beside it', () => {
  const sidecar = (more: object = {}) => ({
    name: 'o5_runtime',
    exitCode: undefined,
    reason: undefined,
    log: [],
    ...more,
  });
  const pulled = { exitCode: undefined, stopCode: 'TaskFailedToStart', stoppedReason: 'Task failed to start' };
  const noImage = sidecar({ reason: 'CannotPullContainerError: registry.example/sidecar:v7 not found' });
  const noSocket = ['Error: dial unix /sockets/postgres/.s.PGSQL.5432: connect: no such file or directory'];

  test('one that could not start is told as what it is, and nothing was run', () => {
    expect(failure({ ...pulled, sidecar: noImage })).toMatchObject({
      code: 'SidecarNotStarted',
      message: expect.stringMatching(/^o5_runtime, which logs in .* of main, could not start: CannotPull.*sidecar:v7/),
      left: 'No migration was run',
      remedy: expect.stringContaining('cluster.aws.o5Sidecar'),
    });
    expect(failure({ ...pulled, stopCode: 'EssentialContainerExited', sidecar: noImage }).code).toBe(
      'SidecarNotStarted',
    );
  });

  test('a container of its own that could not start, and a version table that moved, are told as before', () => {
    expect(failure({ ...pulled, sidecar: sidecar({ exitCode: 143, reason: 'stopped' }) }).code).toBe(
      'MigrationNotStarted',
    );
    expect(failure({ ...pulled, sidecar: noImage, applied: { ids: ['1'], dirty: false } }).code).toBe(
      'MigrationNotRun',
    );
  });

  test('a socket with nobody behind it is tried again, with what the sidecar said', () => {
    const refused = sidecar({ exitCode: 1, log: ['no credentials found'] });
    expect(failure({ log: noSocket, sidecar: refused })).toMatchObject({
      code: 'SidecarUnreachable',
      message: expect.stringMatching(
        /did not reach its database through o5_runtime.*\n.*PGSQL\.5432.*\no5_runtime ended with exit code 1:\nno cred/,
      ),
      left: 'The version table lists none of them',
      remedy: expect.stringContaining('migrationTaskRoles'),
    });
  });

  test.each<[string, Partial<EndedMigration>]>([
    ['one was applied', { applied: { ids: ['1'], dirty: false } }],
    ['something runs outside a transaction', { pending: [pending('1', { transactional: false })] }],
    ['no sidecar is there', {}],
  ])('where %s it is a failed migration like any other', (_what, more) => {
    const beside = Object.keys(more).length > 0 ? { sidecar: sidecar({ log: ['last words'] }) } : {};
    expect(failure({ log: noSocket, ...beside, ...more }).code).toBe('MigrationFailed');
  });

  test.each<[string, object, RegExp]>([
    ['ended with its task', { exitCode: 143, reason: 'Essential container in task exited' }, /exist$/],
    ['fell over before', { exitCode: 2 }, /exist\no5_runtime ended with exit code 2$/],
    [
      'had no room',
      { exitCode: 137, reason: 'OutOfMemoryError: killed' },
      /exist\no5_runtime \(OutOfMemoryError: killed\)$/,
    ],
    ['said why', { exitCode: 0, log: ['token refused'] }, /exist\no5_runtime:\ntoken refused$/],
  ])('of a sidecar that %s a failed migration says no more than that', (_what, more, message) => {
    expect(failure({ sidecar: sidecar(more) }).message).toMatch(message);
  });

  test('one that fell over hides no success', () => {
    const good = { exitCode: 0, applied: { ids: ['1', '2'], dirty: false }, sidecar: sidecar({ exitCode: 2 }) };
    expect(judgeMigration(ended(good)).ok).toBe(true);
  });
});
