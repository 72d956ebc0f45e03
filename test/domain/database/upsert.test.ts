import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { applicationLogin, migratorLogin } from '../../../functions/domain/database/logins.ts';
import { databaseSecret, readServerLogin } from '../../../functions/domain/database/secret.ts';
import type { Statement } from '../../../functions/domain/database/statement.ts';
import {
  adoptDatabase,
  createDatabase,
  extensionStatements,
  findDatabase,
  loginStatements,
  migratorSettings,
  roleStatements,
} from '../../../functions/domain/database/upsert.ts';
import { type AdminServer, embedded, serverVersions, startAdminServer } from './plain-admin.ts';

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
  ) => {
    let left = budget;
    const run = async (statements: readonly Statement[], database?: string) => {
      const now = statements.slice(0, left);
      left -= now.length;
      const results = now.length > 0 ? await server.run(now, database) : [];
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

  const ownerOf = async (databaseName: string, table: string) => {
    const client = await server.asSuperuser(databaseName);
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
    expect(await ownerOf(databaseName, 'made_by_login')).toBe(databaseName);
  };

  test('an admin who is no superuser makes a database whose login works and whose tables belong to its role', async () => {
    const { secret } = await upsert('prod_shop_main', ['citext'], "pass'word\\%/@ü");
    await expectWorking('prod_shop_main', secret);
  });

  test('F12: the upsert may stop between any two statements, and the next one ends with a working login', async () => {
    const { used } = await upsert('stop_count', ['citext', 'pgcrypto'], 'x', 1000);
    expect(used).toBeGreaterThan(12);
    // Each stop costs a database; the older server shows its rules for admins at a few of them.
    const step = version === embedded ? 1 : 4;
    for (let budget = 0; budget < used; budget += step) {
      const name = `stop_${budget}`;
      await expect(upsert(name, ['citext', 'pgcrypto'], 'first', budget)).rejects.toBeInstanceOf(Stopped);
      const { secret } = await upsert(name, ['citext', 'pgcrypto'], 'second');
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

  test('a name in mixed case stays what it is', async () => {
    await expectWorking('Prod_Shop', (await upsert('Prod_Shop', [], 'x')).secret);
  });
});
