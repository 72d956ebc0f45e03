import { expect, test } from '@jest/globals';
import type { Request } from '../../functions/domain/request.ts';
import type { BuiltDatabase } from '../../functions/domain/template/template.ts';
import { readMigrations } from '../../functions/operations/read-migrations.ts';
import type { SourceReader } from '../../functions/ports.ts';
import { sha256 } from '../support/sample-configuration.ts';

const repository = { id: '1001', owner: 'acme', name: 'shop', installationId: '7' };
const request: Request = { id: 'd0a1', kind: 'push', repository, commit: 'c0ffee', actor: 'alice' };
const database = (key: string, migrationSource?: BuiltDatabase['migrationSource']): BuiltDatabase => ({
  key,
  databaseName: `prod_shop_${key}`,
  serverGroup: 'default',
  extensions: [],
  ...(migrationSource && { migrationSource }),
});

/** A repository of these files; remembers what was asked for. */
const world = (files: Readonly<Record<string, string>>) => {
  const asked: string[] = [];
  const below = (folder: string) =>
    Object.keys(files)
      .filter((path) => path.startsWith(`${folder}/`))
      .sort();
  const source: Pick<SourceReader, 'listFolder' | 'readFolder'> = {
    listFolder: async (_, commit, folder) => {
      asked.push(`list ${commit} ${folder}`);
      const names = below(folder).map((path) => path.slice(folder.length + 1).split('/')[0] ?? '');
      return names.length > 0 ? names : undefined;
    },
    readFolder: async (_, commit, folder) => {
      asked.push(`read ${commit} ${folder}`);
      const found = below(folder).map((path) => ({ path, content: files[path] ?? '' }));
      return found.length > 0 ? found : undefined;
    },
  };
  const read = (databases: readonly BuiltDatabase[], from: Request = request) =>
    readMigrations({ source: source as SourceReader, hash: sha256 }, from, 'c0ffee', databases);
  return { asked, read };
};
const SQL = '-- migrate:up\nSELECT 1;\n';

test('without a database nothing is read', async () => {
  const { read, asked } = world({ 'db/migrations/1_a.sql': SQL });
  expect(await read([])).toEqual({});
  expect(asked).toEqual([]);
});

test('files in dbmate’s folder are found without being asked for', async () => {
  const { read } = world({
    'db/migrations/2_b.sql': SQL,
    'db/migrations/1_a.sql': SQL,
    'db/migrations/README.md': 'x',
  });
  expect(await read([database('main')])).toEqual({
    main: {
      tool: 'dbmate',
      path: 'db/migrations',
      files: [
        { id: '1', path: 'db/migrations/1_a.sql', content: SQL, checksum: sha256(SQL) },
        { id: '2', path: 'db/migrations/2_b.sql', content: SQL, checksum: sha256(SQL) },
      ],
    },
  });
});

test('each database has the folder that its configuration names', async () => {
  const { read } = world({ 'sql/orders/1_a.sql': SQL, 'sql/users/7_b.sql': SQL });
  const found = await read([
    database('orders', { tool: 'dbmate', path: 'sql/orders' }),
    database('users', { path: 'sql/users' }),
  ]);
  expect(Object.entries(found).map(([key, { files }]) => [key, files.map(({ id }) => id)])).toEqual([
    ['orders', ['1']],
    ['users', ['7']],
  ]);
});

test('a tool that cannot be read leaves a hint with the line to write, and no files', async () => {
  const { read, asked } = world({ 'prisma/migrations/migration_lock.toml': '' });
  expect((await read([database('main')]))['main']).toEqual({
    tool: 'unknown',
    files: [],
    hint: expect.stringContaining('files of prisma in prisma/migrations'),
  });
  expect(asked.filter((line) => line.startsWith('read'))).toEqual([]);
  const configured = await read([database('main', { tool: 'flyway', path: 'x' })]);
  expect(configured['main']).toMatchObject({ tool: 'unknown', files: [], hint: expect.stringContaining('"flyway"') });
});

test('a file of its own comes without a repository, so that nothing can be read', async () => {
  const { read, asked } = world({});
  const { repository: _, ...inline } = request;
  expect((await read([database('main')], inline))['main']).toMatchObject({ tool: 'unknown', files: [] });
  expect(asked).toEqual([]);
});
