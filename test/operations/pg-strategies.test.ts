import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Release } from '../../functions/domain/release.ts';
import { openSessions } from '../../functions/operations/open-sessions.ts';
import { pgDestroy } from '../../functions/operations/pg-destroy.ts';
import { pgRetire } from '../../functions/operations/pg-retire.ts';
import { pgRotate } from '../../functions/operations/pg-rotate.ts';
import { pgUpsert } from '../../functions/operations/pg-upsert.ts';
import type { StepInput } from '../../functions/operations/step-context.ts';
import { type AdminServer, copyingFiles, embedded, startAdminServer } from '../domain/database/plain-admin.ts';
import { type DatabaseWorld, databaseWorld, Killed } from '../support/database-world.ts';
import { storeRelease } from '../support/memory-slipway.ts';
import { aCallback } from '../support/records.ts';

let server: AdminServer;

beforeAll(async () => {
  server = copyingFiles(await startAdminServer(embedded));
});

afterAll(() => server.stop());

type Operation = (ports: DatabaseWorld['ports'], input: StepInput) => Promise<object>;

/** Kills the operation before its n-th effect, for every n until it lives; then `after`, each time in a world of its own. */
const killedEverywhere = async (
  name: string,
  operation: Operation,
  prepare: (world: DatabaseWorld) => Promise<StepInput>,
  after: (world: DatabaseWorld, databaseName: string, input: StepInput) => Promise<void>,
  options: { readonly made?: boolean; readonly iam?: boolean } = {},
): Promise<number> => {
  for (let effects = 0; ; effects++) {
    const databaseName = `${name}_${effects}`;
    const world = await databaseWorld(server, databaseName, options);
    const input = await prepare(world);
    const lived = await operation(world.dyingAfter(effects), input).then(
      () => true,
      (error: unknown) => {
        if (!(error instanceof Killed)) throw error;
        return false;
      },
    );
    await after(world, databaseName, input);
    if (lived) return effects;
  }
};

const rolesOf = async (databaseName: string) =>
  (
    await server.run([
      {
        text: "SELECT rolname::text AS role FROM pg_roles WHERE rolname = $1 OR starts_with(rolname::text, $1 || '_') ORDER BY 1",
        values: [databaseName],
      },
    ])
  )[0]?.map(({ role }) => role);

const exists = async (databaseName: string) =>
  (await server.run([{ text: 'SELECT FROM pg_database WHERE datname = $1', values: [databaseName] }]))[0]?.length === 1;

const connects = async (login: { user: string; password: string } | undefined, databaseName: string) => {
  if (!login) return false;
  const client = await server.as(login.user, login.password, databaseName).catch(() => undefined);
  await client?.end();
  return client !== undefined;
};

test('F12: PGUpsert ends with logins that work, and are in their secrets, wherever it was killed before', async () => {
  const effects = await killedEverywhere(
    'fresh',
    pgUpsert,
    async ({ input }) => input,
    async (world, databaseName, input) => {
      await pgUpsert(world.ports, input);
      expect(world.login()?.user).toBe(`${databaseName}_1`);
      expect(world.login('migrate')?.user).toBe(`${databaseName}_migrate`);
      for (const secret of ['own', 'migrate'] as const)
        expect(await connects(world.login(secret), databaseName)).toBe(true);
      expect((await world.ports.databases.find('prod', databaseName))?.login).toBe(`${databaseName}_1`);
      expect(await rolesOf(databaseName)).toEqual([databaseName, `${databaseName}_1`, `${databaseName}_migrate`]);
    },
    { made: false },
  );
  expect(effects).toBeGreaterThan(12);
});

test('a rotation ends with the next login in the secret, whose password works, wherever it was killed before', async () => {
  const effects = await killedEverywhere(
    'turn',
    pgRotate,
    (world) => world.claim('rotate-credentials'),
    async (world, databaseName, input) => {
      const before = `${databaseName}_1`;
      await pgRotate(world.ports, input);
      expect(world.login()?.user).toBe(`${databaseName}_2`);
      expect(await connects(world.login(), databaseName)).toBe(true);
      expect((await world.ports.databases.find('prod', databaseName))?.login).toBe(`${databaseName}_2`);
      expect(await rolesOf(databaseName)).toEqual([
        databaseName,
        before,
        `${databaseName}_2`,
        `${databaseName}_migrate`,
      ]);
    },
  );
  expect(effects).toBeGreaterThan(6);
});

test('the old login works until it is retired; the next rotation takes the next number', async () => {
  const world = await databaseWorld(server, 'twice');
  const first = world.login();
  await pgRotate(world.ports, await world.claim('rotate-credentials'));
  const second = world.login();
  expect([await connects(first, 'twice'), await connects(second, 'twice')]).toEqual([true, true]);
  const input = await world.claim('rotate-credentials');
  await pgRotate(world.ports, input);
  expect(world.login()?.user).toBe('twice_3');
  await pgRetire(world.ports, input);
  expect([await connects(first, 'twice'), await connects(second, 'twice')]).toEqual([false, false]);
  expect(await connects(world.login('migrate'), 'twice')).toBe(true);
  expect((await world.ports.deployments.find(input.deploymentId))?.steps['PGRetire.main']?.outputs).toEqual({
    retired: 'twice_1, twice_2',
  });
});

test('a login that was adopted from another deployer is followed by the first, and retired', async () => {
  const world = await databaseWorld(server, 'adopted');
  const admin = await server.asSuperuser();
  await admin.query('ALTER ROLE adopted_1 RENAME TO adopted_1699999999');
  const own = JSON.parse(world.secrets.get('/prod/shop/postgres/main') ?? '');
  await world.ports
    .inCluster((await world.ports.configuration.findCluster('main')) as never)
    .secrets.write('/prod/shop/postgres/main', JSON.stringify({ ...own, dbuser: 'adopted_1699999999' }), 'token');
  const input = await world.claim('rotate-credentials');
  await pgRotate(world.ports, input);
  await pgRetire(world.ports, input);
  expect(world.login()?.user).toBe('adopted_1');
  expect(await rolesOf('adopted')).toEqual(['adopted', 'adopted_1', 'adopted_migrate']);
});

test('a retired login is gone with its sessions, and what it owned is the role’s, wherever it was killed before', async () => {
  const effects = await killedEverywhere(
    'retire',
    pgRetire,
    async (world) => {
      const { user, password } = world.login() ?? { user: '', password: '' };
      const databaseName = user.replace(/_1$/, '');
      const old = await server.as(user, password, databaseName);
      await old.query('SET ROLE NONE; CREATE TABLE notes (id int); INSERT INTO notes VALUES (1)');
      const input = await world.claim('rotate-credentials');
      await pgRotate(world.ports, input);
      return input;
    },
    async (world, databaseName, input) => {
      await pgRetire(world.ports, input);
      expect(await rolesOf(databaseName)).toEqual([databaseName, `${databaseName}_2`, `${databaseName}_migrate`]);
      const { user, password } = world.login() ?? { user: '', password: '' };
      const fresh = await server.as(user, password, databaseName);
      const { rows } = await fresh.query(
        "SELECT (SELECT count(*) FROM notes)::int AS notes, tableowner, (SELECT count(*) FROM pg_stat_activity WHERE usename = $1)::int AS sessions FROM pg_tables WHERE tablename = 'notes'",
        [`${databaseName}_1`],
      );
      expect(rows).toEqual([{ notes: 1, tableowner: databaseName, sessions: 0 }]);
      await fresh.end();
    },
  );
  expect(effects).toBeGreaterThan(3);
});

test('nothing is retired while the secret holds no login', async () => {
  const world = await databaseWorld(server, 'emptied');
  const input = await world.claim('rotate-credentials');
  await world.ports
    .inCluster((await world.ports.configuration.findCluster('main')) as never)
    .secrets.write('/prod/shop/postgres/main', '{}', 'token');
  await expect(pgRetire(world.ports, input)).rejects.toMatchObject({ name: 'SecretMissing' });
  expect(await rolesOf('emptied')).toEqual(['emptied', 'emptied_1', 'emptied_migrate']);
});

test('a destroyed database is gone with every role and session, and its secrets let nobody in, wherever it was killed before', async () => {
  const effects = await killedEverywhere(
    'doomed',
    pgDestroy,
    async (world) => {
      const { user, password } = world.login() ?? { user: '', password: '' };
      await server.as(user, password, user.replace(/_1$/, ''));
      return world.claim('destroy-database');
    },
    async (world, databaseName, input) => {
      await pgDestroy(world.ports, input);
      expect(await exists(databaseName)).toBe(false);
      expect(await rolesOf(databaseName)).toEqual([]);
      expect([world.login(), world.login('migrate')]).toEqual([undefined, undefined]);
      expect(await world.ports.databases.find('prod', databaseName)).not.toHaveProperty('login');
    },
  );
  expect(effects).toBeGreaterThan(4);
});

test('wherever a destruction was killed, the next PGUpsert ends with logins that work', async () => {
  await killedEverywhere(
    'phoenix',
    pgDestroy,
    (world) => world.claim('destroy-database'),
    async (world, databaseName) => {
      await pgUpsert(world.ports, await world.claim('full'));
      expect(await connects(world.login(), databaseName)).toBe(true);
      expect(await connects(world.login('migrate'), databaseName)).toBe(true);
      expect((await world.ports.databases.find('prod', databaseName))?.login).toBe(`${databaseName}_1`);
    },
  );
});

test('a database can be destroyed again after it was made anew: its secrets are emptied each time', async () => {
  const world = await databaseWorld(server, 'again');
  for (let round = 0; round < 2; round++) {
    await pgDestroy(world.ports, await world.claim('destroy-database'));
    expect(world.login()).toBeUndefined();
    await pgUpsert(world.ports, await world.claim('full'));
    expect(await connects(world.login(), 'again')).toBe(true);
  }
});

describe('by IAM', () => {
  const iam = { iam: true, made: false };

  /** Who may log in to a database, and who of them is let in by IAM. */
  const loginsOf = async (databaseName: string) =>
    (
      await server.run([
        {
          text: `SELECT rolname::text AS role, rolcanlogin AS login, pg_has_role(oid, 'rds_iam', 'MEMBER') AS iam
            FROM pg_roles WHERE rolname = $1 OR starts_with(rolname::text, $1 || '_') ORDER BY 1`,
          values: [databaseName],
        },
      ])
    )[0];

  const bothByIam = (databaseName: string) => [
    { role: databaseName, login: true, iam: true },
    { role: `${databaseName}_migrate`, login: true, iam: true },
  ];

  const expectMade = async (world: DatabaseWorld, databaseName: string) => {
    expect(await exists(databaseName)).toBe(true);
    expect(await loginsOf(databaseName)).toEqual(bothByIam(databaseName));
    const record = await world.ports.databases.find('prod', databaseName);
    expect(record).toMatchObject({ databaseName, login: databaseName });
    expect(Object.keys(record ?? {})).not.toContain('secretArn');
    expect([...world.secrets.keys()]).toEqual(['/main/postgres']);
  };

  test('O24: PGUpsert ends with two logins and no secret, wherever it was killed before', async () => {
    const effects = await killedEverywhere(
      'token',
      pgUpsert,
      async ({ input }) => input,
      async (world, databaseName, input) => {
        await pgUpsert(world.ports, input);
        await expectMade(world, databaseName);
        expect((await world.ports.deployments.find(input.deploymentId))?.steps['PGUpsert.main']?.outputs).toEqual({
          database: databaseName,
          login: databaseName,
        });
      },
      iam,
    );
    expect(effects).toBeGreaterThan(12);
  });

  test('an application that is logged in counts as a session of its own, and the migrator’s session as none of it', async () => {
    const world = await databaseWorld(server, 'seen', iam);
    await pgUpsert(world.ports, world.input);
    for (const role of ['seen', 'seen_migrate']) {
      await server.run([{ text: `ALTER ROLE ${role} PASSWORD 'stands for a token'` }]);
      await server.as(role, 'stands for a token', 'seen');
    }
    const callback = aCallback({ ...world.input, step: 'ScaleDown', status: 'CALLED' });
    const cluster = await world.ports.configuration.findCluster('main');
    if (!cluster) throw new Error('the world has a cluster');
    const look = await openSessions(world.ports, callback, world.ports.inCluster(cluster));
    expect(await look(0)).toEqual([expect.stringMatching(/^seen \(no name, process \d+\) on seen$/)]);
  });

  test('there is nothing to rotate and nothing to retire, which is said and is no failure', async () => {
    const world = await databaseWorld(server, 'still', iam);
    await pgUpsert(world.ports, world.input);
    const input = await world.claim('rotate-credentials');
    await pgRotate(world.ports, input);
    await pgRetire(world.ports, input);
    const steps = (await world.ports.deployments.find(input.deploymentId))?.steps;
    expect(steps?.['PGRotate.main']).toMatchObject({
      status: 'DONE',
      outputs: { login: 'still', rotated: expect.stringMatching(/^nothing: .* by IAM/) },
    });
    expect(steps?.['PGRetire.main']).toMatchObject({
      status: 'DONE',
      outputs: { retired: expect.stringMatching(/^nothing: .* by IAM/) },
    });
    await expectMade(world, 'still');
  });

  test('a destroyed database is gone with its roles, wherever it was killed before, and the next PGUpsert makes it anew', async () => {
    const effects = await killedEverywhere(
      'gone',
      pgDestroy,
      async (world) => {
        await pgUpsert(world.ports, world.input);
        return world.claim('destroy-database');
      },
      async (world, databaseName, input) => {
        await pgDestroy(world.ports, input);
        expect(await exists(databaseName)).toBe(false);
        expect(await rolesOf(databaseName)).toEqual([]);
        expect(await world.ports.databases.find('prod', databaseName)).not.toHaveProperty('login');
        await pgUpsert(world.ports, await world.claim('full'));
        await expectMade(world, databaseName);
      },
      iam,
    );
    expect(effects).toBeGreaterThan(2);
  });

  /** The same database, as a release of the other kind would have it. */
  const ofOtherKind = async (world: DatabaseWorld, byIam: boolean, input: StepInput) => {
    const release = await getRelease(world, input);
    const [main] = release.databases;
    if (!main) throw new Error('the release has a database');
    const { iam: _, ...plain } = main;
    const changed = {
      ...release,
      hash: `${release.hash}-changed`,
      databases: [{ ...plain, ...(byIam && { iam: byIam }) }],
    };
    await storeRelease(world.ports, changed);
    return changed.hash;
  };

  const getRelease = async (world: DatabaseWorld, { deploymentId }: StepInput): Promise<Release> => {
    const deployment = await world.ports.deployments.find(deploymentId);
    const release = await world.ports.documents.find<Release>(`releases/${deployment?.release}.json`);
    if (!release) throw new Error('the deployment has a release');
    return release;
  };

  test.each([
    ['by password', 'by IAM', true],
    ['by IAM', 'by password', false],
  ])('a database that one logs in to %s does not become one %s until it is destroyed', async (_was, _is, byIam) => {
    const name = byIam ? 'kept_word' : 'kept_token';
    const world = await databaseWorld(server, name, { iam: !byIam, made: false });
    await pgUpsert(world.ports, world.input);
    const before = await loginsOf(name);
    const other = await ofOtherKind(world, byIam, world.input);
    const input = await world.claim('full', other);
    const refused = { name: 'DatabaseLoginChanged', reason: { left: 'Nothing was changed' } };
    await expect(pgUpsert(world.ports, input)).rejects.toMatchObject(refused);
    expect(await loginsOf(name)).toEqual(before);
    await pgDestroy(world.ports, await world.claim('destroy-database', other));
    expect(await rolesOf(name)).toEqual([]);
    expect(world.login()).toBeUndefined();
    await pgUpsert(world.ports, await world.claim('full', other));
    if (byIam) expect(await loginsOf(name)).toEqual(bothByIam(name));
    else expect(await connects(world.login(), name)).toBe(true);
    expect((await world.ports.databases.find('prod', name))?.secretArn === undefined).toBe(byIam);
  });

  test('a database that somebody else made for passwords is not adopted by IAM: its logins would be shut out', async () => {
    await server.run([
      { text: 'CREATE ROLE theirs NOLOGIN' },
      { text: "CREATE ROLE theirs_1699999999 LOGIN PASSWORD 'x' IN ROLE theirs" },
    ]);
    const world = await databaseWorld(server, 'theirs', iam);
    await expect(pgUpsert(world.ports, world.input)).rejects.toMatchObject({
      name: 'DatabaseLoginChanged',
      message: expect.stringContaining('(on the server theirs_1699999999 log in by password)'),
      reason: { remedy: expect.stringContaining('destroy-database') },
    });
    expect(await loginsOf('theirs')).toEqual([
      { role: 'theirs', login: false, iam: false },
      { role: 'theirs_1699999999', login: true, iam: false },
    ]);
  });

  test('a database that the original deployer made for IAM is adopted with what is in it', async () => {
    await server.run([
      { text: 'CREATE ROLE o5_made LOGIN' },
      { text: 'GRANT rds_iam TO o5_made' },
      { text: 'GRANT o5_made TO CURRENT_USER' },
      { text: 'CREATE DATABASE o5_made OWNER o5_made' },
    ]);
    const world = await databaseWorld(server, 'o5_made', iam);
    await pgUpsert(world.ports, world.input);
    await expectMade(world, 'o5_made');
  });
});

test('the logins of a destroyed database cannot be rotated, and nothing is made', async () => {
  const world = await databaseWorld(server, 'absent');
  await pgDestroy(world.ports, await world.claim('destroy-database'));
  await expect(pgRotate(world.ports, await world.claim('rotate-credentials'))).rejects.toMatchObject({
    name: 'DatabaseMissing',
    reason: { left: 'Nothing was changed' },
  });
  expect(await rolesOf('absent')).toEqual([]);
});

test('the database of another application is not destroyed', async () => {
  const world = await databaseWorld(server, 'taken');
  const record = await world.ports.databases.find('prod', 'taken');
  if (!record) throw new Error('PGUpsert left no record');
  const foreign = { ...world.ports.databases, find: async () => undefined };
  const put: typeof foreign.put = async (wanted) => ({
    kind: 'refused',
    reason: 'taken',
    record: { ...wanted, application: 'other' },
  });
  await expect(
    pgDestroy({ ...world.ports, databases: { ...foreign, put } }, await world.claim('destroy-database')),
  ).rejects.toMatchObject({ name: 'DatabaseTaken' });
  expect(await exists('taken')).toBe(true);
  expect(await connects(world.login(), 'taken')).toBe(true);
});
