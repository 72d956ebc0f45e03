import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from 'pg';
import { foreignObjects, ownershipStatements } from '../../../functions/domain/database/cleanup.ts';
import { invalidIndexes } from '../../../functions/domain/database/measure.ts';
import { dropDatabase, dropLogin, dropRoles, refuseLogin } from '../../../functions/domain/database/remove.ts';
import { listSessions, terminateSessions } from '../../../functions/domain/database/sessions.ts';
import { createDatabase, loginStatements, roleStatements } from '../../../functions/domain/database/upsert.ts';
import { type AdminServer, copyingFiles, serverVersions, startAdminServer } from './plain-admin.ts';

describe.each(serverVersions)('PostgreSQL, %s', (version) => {
  let server: AdminServer;

  beforeAll(async () => {
    server = copyingFiles(await startAdminServer(version));
  });

  afterAll(() => server.stop());

  const make = async (databaseName: string, ...logins: readonly string[]) => {
    await server.run([...roleStatements({ databaseName, extensions: [] }), ...createDatabase(databaseName)]);
    for (const login of logins) await server.run(loginStatements(databaseName, login, 'pw'));
  };

  /** Everything that an application may make, in names that need quotes. */
  const everything = `
  CREATE TABLE "MixedCase" (id serial PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY);
  CREATE TABLE "with ""quotes""" (id int);
  CREATE TABLE parted (id int, k int) PARTITION BY LIST (k);
  CREATE TABLE "Parted_1" PARTITION OF parted FOR VALUES IN (1);
  CREATE VIEW "V" AS SELECT 1 AS one;
  CREATE MATERIALIZED VIEW "M" AS SELECT 1 AS one;
  CREATE SEQUENCE "Free";
  CREATE TYPE "Colour" AS ENUM ('red');
  CREATE DOMAIN positive AS int CHECK (VALUE > 0);
  CREATE TYPE pair AS (a int, b int);
  CREATE FUNCTION "F"(int, text) RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';
  CREATE SCHEMA "App"; CREATE TABLE "App"."T" (id int);
`;

  const owners = async (client: Client) => {
    const { rows } = await client.query<{ name: string; owner: string }>(`
    SELECT relname AS name, pg_get_userbyid(relowner) AS owner FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
      WHERE nspname IN ('public', 'App') AND relkind <> 'i'
    UNION ALL SELECT proname, pg_get_userbyid(proowner) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT typname, pg_get_userbyid(typowner) FROM pg_type WHERE typnamespace = 'public'::regnamespace
    UNION ALL SELECT nspname, pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'App'`);
    return rows;
  };

  const cleanUp = async (databaseName: string) => {
    await server.run(ownershipStatements(databaseName), databaseName);
    const [left] = await server.run([foreignObjects(databaseName)], databaseName);
    return left;
  };

  test('F20: every kind of object that a rotated login made in its own name belongs to the role afterwards', async () => {
    await make('rotated', 'rotated_1700000000');
    const login = await server.as('rotated_1700000000', 'pw', 'rotated');
    await login.query('SET ROLE NONE');
    await (await server.asSuperuser('rotated')).query(
      'GRANT CREATE ON DATABASE rotated TO rotated_1700000000; GRANT CREATE ON SCHEMA public TO rotated_1700000000',
    );
    await login.query(everything);
    expect(await cleanUp('rotated')).toEqual([]);
    const found = await owners(await server.asSuperuser('rotated'));
    expect(found.length).toBeGreaterThan(15);
    expect(found.filter(({ owner }) => owner !== 'rotated')).toEqual([]);
  });

  test('what the admin made by hand belongs to the role afterwards, and a second run changes nothing', async () => {
    await make('by_admin');
    await server.run(
      everything
        .split(';')
        .filter((text) => text.trim() !== '')
        .map((text) => ({ text })),
      'by_admin',
    );
    expect(await cleanUp('by_admin')).toEqual([]);
    expect((await owners(await server.asSuperuser('by_admin'))).filter(({ owner }) => owner !== 'by_admin')).toEqual(
      [],
    );
    expect(await cleanUp('by_admin')).toEqual([]);
  });

  test('F20: foreign tables go along, and what belongs to an extension stays with it', async () => {
    await make('foreign_db', 'foreign_db_1');
    const superuser = await server.asSuperuser('foreign_db');
    await superuser.query(
      'CREATE EXTENSION postgres_fdw; CREATE EXTENSION pg_stat_statements; CREATE EXTENSION hstore',
    );
    await superuser.query(
      'CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw; GRANT USAGE ON FOREIGN SERVER far TO plain_admin',
    );
    await server.run([{ text: 'CREATE FOREIGN TABLE "Far" (id int) SERVER far' }], 'foreign_db');
    expect(await cleanUp('foreign_db')).toEqual([]);
    const { rows } = await superuser.query(
      `SELECT relname, pg_get_userbyid(relowner) AS owner FROM pg_class WHERE relname IN ('Far', 'pg_stat_statements') ORDER BY 1`,
    );
    expect(rows).toEqual([
      { relname: 'Far', owner: 'foreign_db' },
      { relname: 'pg_stat_statements', owner: server.superuser },
    ]);
  });

  test('what the admin may not touch is named with its owner, and everything else is done', async () => {
    await make('mixed_db', 'mixed_db_1');
    await (await server.asSuperuser('mixed_db')).query('CREATE TABLE "Theirs" (id int)');
    await server.run([{ text: 'CREATE TABLE ours (id int)' }], 'mixed_db');
    expect(await cleanUp('mixed_db')).toEqual([{ kind: 'table', name: 'public."Theirs"', owner: server.superuser }]);
  });

  test('logins of another database, and databases with a longer name, are left alone', async () => {
    await make('near', 'near_1');
    await make('near_by', 'near_by_1');
    const login = await server.as('near_by_1', 'pw', 'near_by');
    await login.query('CREATE TABLE theirs (id int)');
    await server.run(dropDatabase('near'));
    await server.run(dropRoles('near'));
    expect((await login.query('SELECT count(*) FROM theirs')).rowCount).toBe(1);
  });

  test('sessions of the application and of the migrator are told apart, and end when asked', async () => {
    await make('busy', 'busy_1', 'busy_migrate');
    const application = await server.as('busy_1', 'pw', 'busy');
    const migrator = await server.as('busy_migrate', 'pw', 'busy');
    await server.asSuperuser('busy');
    expect((await server.run([listSessions('busy', 'application')]))[0]).toMatchObject([{ login: 'busy_1' }]);
    expect((await server.run([listSessions('busy', 'application', 3_600_000)]))[0]).toEqual([]);
    expect((await server.run([listSessions('busy', 'migrator')]))[0]).toMatchObject([{ login: 'busy_migrate' }]);
    expect((await server.run([terminateSessions('busy', 'application')]))[0]).toMatchObject([{ ended: true }]);
    await expect(application.query('SELECT 1')).rejects.toThrow();
    expect((await migrator.query('SELECT 1')).rowCount).toBe(1);
    await server.run([terminateSessions('busy', 'migrator')]);
    await expect(migrator.query('SELECT 1')).rejects.toThrow();
  });

  test('after a rotation the server refuses the old login, and nothing of it is left', async () => {
    await make('turned', 'turned_1');
    const old = await server.as('turned_1', 'pw', 'turned');
    await old.query('CREATE TABLE kept (id int)');
    await server.run(loginStatements('turned', 'turned_2', 'new'));
    await server.run(refuseLogin('turned_1'));
    await expect(server.as('turned_1', 'pw', 'turned')).rejects.toThrow(/not permitted to log in/);
    await old.end();
    await server.run(dropLogin('turned', 'turned_1'), 'turned');
    await server.run(dropLogin('turned', 'turned_1'), 'turned');
    expect((await (await server.as('turned_2', 'new', 'turned')).query('SELECT * FROM kept')).rowCount).toBe(0);
    const [rows] = await server.run([{ text: "SELECT FROM pg_roles WHERE rolname = 'turned_1'" }]);
    expect(rows).toEqual([]);
  });

  test('destroying a database leaves no role of it behind, rotated logins included, even while it is used', async () => {
    await make('doomed', 'doomed_1', 'doomed_1700000000', 'doomed_migrate');
    await server.as('doomed_1', 'pw', 'doomed');
    for (const statements of [dropDatabase('doomed'), dropRoles('doomed'), dropDatabase('doomed'), dropRoles('doomed')])
      await server.run(statements);
    const [rows] = await server.run([{ text: "SELECT FROM pg_roles WHERE starts_with(rolname, 'doomed')" }]);
    expect(rows).toEqual([]);
  });

  test('an index that a stopped CREATE INDEX CONCURRENTLY left behind is found', async () => {
    await make('indexed', 'indexed_1');
    const login = await server.as('indexed_1', 'pw', 'indexed');
    await login.query('CREATE TABLE "Twice" (n int); INSERT INTO "Twice" VALUES (1), (1)');
    await expect(login.query('CREATE UNIQUE INDEX CONCURRENTLY "Broken" ON "Twice" (n)')).rejects.toThrow();
    expect((await server.run([invalidIndexes], 'indexed'))[0]).toEqual([
      { index: 'public."Broken"', table: '"Twice"' },
    ]);
  });
});
