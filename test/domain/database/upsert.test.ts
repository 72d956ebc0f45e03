import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from 'pg';
import { standingLogins, standsAgainst } from '../../../functions/domain/database/login-kind.ts';
import { applicationLogin, migratorLogin } from '../../../functions/domain/database/logins.ts';
import { databaseSecret, readServerLogin } from '../../../functions/domain/database/secret.ts';
import type { Statement } from '../../../functions/domain/database/statement.ts';
import {
  adoptDatabase,
  createDatabase,
  extensionStatements,
  findDatabase,
  iamLoginStatements,
  loginStatements,
  migratorSettings,
  roleStatements,
} from '../../../functions/domain/database/upsert.ts';
import { type AdminServer, copyingFiles, embedded, serverVersions, startAdminServer } from './plain-admin.ts';

describe.each(serverVersions)('PostgreSQL, %s', (version) => {
  let server: AdminServer;

  beforeAll(async () => {
    server = await startAdminServer(version);
  });

  afterAll(() => server.stop());

  class Stopped extends Error {}

  /** The upsert in the order of PGUpsert; stops after `budget` statements. */
  const upsert = async (
    databaseName: string,
    extensions: readonly string[],
    password: string,
    budget = Number.POSITIVE_INFINITY,
    on = server,
  ) => {
    let left = budget;
    const run = async (statements: readonly Statement[], database?: string) => {
      const now = statements.slice(0, left);
      left -= now.length;
      const results = now.length > 0 ? await on.run(now, database) : [];
      if (now.length < statements.length) throw new Stopped();
      return results[0]?.length ?? 0;
    };
    const spec = { databaseName, extensions };
    await run(roleStatements(spec));
    const found = await run([findDatabase(databaseName)]);
    await run(found > 0 ? adoptDatabase(databaseName) : createDatabase(databaseName));
    await run(extensionStatements(spec), databaseName);
    const [login, migrator] = [applicationLogin(databaseName, 1), migratorLogin(databaseName)];
    await run(loginStatements(databaseName, login, password));
    await run([...loginStatements(databaseName, migrator, password), ...migratorSettings(migrator)]);
    return { used: budget - left, secret: secretOf(databaseName, login, password) };
  };

  const secretOf = (database: string, user: string, password: string) =>
    databaseSecret({ host: '127.0.0.1', port: server.port, user, password, database, tls: false });

  const ownerOf = async (client: Client, table: string) => {
    const { rows } = await client.query('SELECT pg_get_userbyid(relowner) AS owner FROM pg_class WHERE relname = $1', [
      table,
    ]);
    return rows[0]?.owner;
  };

  /** The secret opens a connection that can make a table, which belongs to the database's role. */
  const expectWorking = async (databaseName: string, secret: string) => {
    const login = readServerLogin(secret);
    if (login === undefined) throw new Error('no login in the secret');
    const client = await server.as(login.user, login.password, login.database);
    await client.query('CREATE TABLE made_by_login (id int)');
    expect(await ownerOf(client, 'made_by_login')).toBe(databaseName);
    await client.end();
  };

  test('an admin who is no superuser makes a database whose login works and whose tables belong to its role', async () => {
    const { secret } = await upsert('prod_shop_main', ['citext'], "pass'word\\%/@ü");
    await expectWorking('prod_shop_main', secret);
  });

  test('F12: the upsert may stop between any two statements, and the next one ends with a working login', async () => {
    const extensions = ['lo', 'tcn']; // the smallest
    const { used } = await upsert('stop_count', extensions, 'x', 1000);
    expect(used).toBeGreaterThan(12);
    // Each stop costs a database; the older server shows its rules for admins at a few of them.
    const step = version === embedded ? 1 : 4;
    const on = copyingFiles(server);
    for (let budget = 0; budget < used; budget += step) {
      const name = `stop_${budget}`;
      await expect(upsert(name, extensions, 'first', budget, on)).rejects.toBeInstanceOf(Stopped);
      const { secret } = await upsert(name, extensions, 'second', 1000, on);
      await expectWorking(name, secret);
    }
  });

  test('F12: an extension added later appears at the next upsert', async () => {
    await upsert('later_ext', [], 'x');
    await upsert('later_ext', ['pg_trgm'], 'x');
    const [rows] = await server.run([{ text: "SELECT FROM pg_extension WHERE extname = 'pg_trgm'" }], 'later_ext');
    expect(rows).toHaveLength(1);
  });

  test('a database that the admin made by hand is adopted with another owner', async () => {
    await server.run([{ text: 'CREATE DATABASE by_hand' }]);
    const { secret } = await upsert('by_hand', [], 'x');
    await expectWorking('by_hand', secret);
    const [rows] = await server.run([
      { text: "SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = 'by_hand'" },
    ]);
    expect(rows).toEqual([{ owner: 'by_hand' }]);
  });

  test('a role that the original deployer left half made is no obstacle', async () => {
    await server.run([{ text: 'CREATE ROLE half_made LOGIN' }]);
    await expectWorking('half_made', (await upsert('half_made', [], 'x')).secret);
  });

  test('the migrator waits for a lock for 3 seconds, whatever tool it is, and acts as the role', async () => {
    await upsert('patient', [], 'x');
    const client = await server.as('patient_migrate', 'x', 'patient');
    const { rows } = await client.query(
      "SELECT current_setting('lock_timeout') AS wait, current_user AS me, session_user AS login",
    );
    expect(rows).toEqual([{ wait: '3s', me: 'patient', login: 'patient_migrate' }]);
  });

  describe('by IAM', () => {
    const [migrator, settings] = [migratorLogin, migratorSettings];

    const upsertByIam = async (databaseName: string, budget = Number.POSITIVE_INFINITY, on = server) => {
      let left = budget;
      const run = async (statements: readonly Statement[]) => {
        const now = statements.slice(0, left);
        left -= now.length;
        const results = now.length > 0 ? await on.run(now) : [];
        if (now.length < statements.length) throw new Stopped();
        return results[0]?.length ?? 0;
      };
      await run(roleStatements({ databaseName, extensions: [], iam: true }));
      const found = await run([findDatabase(databaseName)]);
      await run(found > 0 ? adoptDatabase(databaseName) : createDatabase(databaseName));
      await run([...iamLoginStatements(databaseName, migrator(databaseName)), ...settings(migrator(databaseName))]);
      return budget - left;
    };

    /** Who may log in, and whose member everybody is. */
    const rolesOf = async (databaseName: string) => {
      const [rows] = await server.run([
        {
          text: `SELECT r.rolname::text AS role, r.rolcanlogin AS login,
            ARRAY(SELECT g.rolname::text FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid
                  WHERE a.member = r.oid ORDER BY 1) AS of
            FROM pg_roles r WHERE r.rolname = $1 OR r.rolname = $2 ORDER BY 1`,
          values: [databaseName, migrator(databaseName)],
        },
      ]);
      return rows?.map(({ role, login, of }) => ({ role, login, of }));
    };

    const complete = (databaseName: string) => [
      { role: databaseName, login: true, of: ['rds_iam'] },
      { role: migrator(databaseName), login: true, of: [databaseName, 'rds_iam'].sort() },
    ];

    test('the role and the migrator are let in with tokens, and nobody else is made', async () => {
      await upsertByIam('iam_fresh');
      expect(await rolesOf('iam_fresh')).toEqual(complete('iam_fresh'));
    });

    test('the upsert may stop between any two statements, and the next one ends with both', async () => {
      const used = await upsertByIam('iam_count', 1000);
      expect(used).toBeGreaterThan(8);
      const on = copyingFiles(server);
      for (let budget = 0; budget < used; budget += version === embedded ? 1 : 4) {
        const name = `iam_${budget}`;
        await expect(upsertByIam(name, budget, on)).rejects.toBeInstanceOf(Stopped);
        await upsertByIam(name, 1000, on);
        expect(await rolesOf(name)).toEqual(complete(name));
      }
    });

    test('a role that was begun for passwords is no obstacle', async () => {
      await server.run(roleStatements({ databaseName: 'iam_half', extensions: [] }));
      await upsertByIam('iam_half');
      expect(await rolesOf('iam_half')).toEqual(complete('iam_half'));
    });

    test('the migrator acts as the role, waits for a lock for 3 seconds, and what it makes is the role’s', async () => {
      await upsertByIam('iam_patient');
      await server.run([{ text: "ALTER ROLE iam_patient_migrate PASSWORD 'stands for a token'" }]);
      const client = await server.as('iam_patient_migrate', 'stands for a token', 'iam_patient');
      const { rows } = await client.query("SELECT current_setting('lock_timeout') AS wait, current_user AS me");
      expect(rows).toEqual([{ wait: '3s', me: 'iam_patient' }]);
      await client.query('CREATE TABLE made (id int)');
      expect(await ownerOf(client, 'made')).toBe('iam_patient');
    });

    test('what stands on the server against one kind of login is found, and nothing stands against the other', async () => {
      const against = async (databaseName: string, iam: boolean) =>
        standsAgainst((await server.run([standingLogins(databaseName)]))[0] ?? [], { iam });
      expect([await against('iam_nowhere', true), await against('iam_nowhere', false)]).toEqual([undefined, undefined]);
      await upsertByIam('iam_stands');
      expect(await against('iam_stands', true)).toBeUndefined();
      expect(await against('iam_stands', false)).toBe('its role is a member of rds_iam');
      await upsert('word_stands', [], 'x');
      expect(await against('word_stands', false)).toBeUndefined();
      expect(await against('word_stands', true)).toBe('word_stands_1, word_stands_migrate log in by password');
    });
  });

  test('a name in mixed case stays what it is', async () => {
    await expectWorking('Prod_Shop', (await upsert('Prod_Shop', [], 'x')).secret);
  });
});
