import type { Migrations } from './migrations.ts';

/** Where a tool keeps its files when nobody says otherwise; the first that exists wins, dbmate's own first. */
const layouts: readonly { readonly tool: string; readonly path: string; readonly mark: RegExp }[] = [
  { tool: 'dbmate', path: 'db/migrations', mark: /^\d+.*\.sql$/ },
  { tool: 'prisma', path: 'prisma/migrations', mark: /^(migration_lock\.toml|\d+_.*)$/ },
  { tool: 'drizzle-kit', path: 'drizzle', mark: /^(meta|\d+_.*\.sql)$/ },
  { tool: 'flyway', path: 'src/main/resources/db/migration', mark: /^[VUR].*__.*\.sql$/ },
  { tool: 'goose or golang-migrate', path: 'migrations', mark: /^\d+.*\.(sql|go)$/ },
  { tool: 'rails', path: 'db/migrate', mark: /^\d+_.*\.rb$/ },
  { tool: 'alembic', path: 'alembic/versions', mark: /\.py$/ },
];

/** Folders to look into, in order. */
export const knownMigrationFolders: readonly string[] = layouts.map((layout) => layout.path);

/** What the release's configuration or its folders say about migrations; `unknown` carries what to write. */
export type Detected = Pick<Migrations, 'tool' | 'path' | 'hint'>;

/**
 * Finds out which tool a database's migrations belong to. `folders` holds the names of files and folders directly in each
 * known folder that exists; `configured` is the application's own `postgres.migrations`.
 */
export const detectMigrations = (
  database: string,
  configured: { readonly tool?: string; readonly path?: string } | undefined,
  folders: Readonly<Record<string, readonly string[]>>,
): Detected => {
  if (configured?.tool !== undefined) return fromConfiguration(database, configured.tool, configured.path);
  if (configured?.path !== undefined) return { tool: 'dbmate', path: configured.path };
  const found = layouts.find((layout) => folders[layout.path]?.some((name) => layout.mark.test(name)));
  if (found?.tool === 'dbmate') return { tool: 'dbmate', path: found.path };
  const seen = found === undefined ? 'no migration files in a known place' : `files of ${found.tool} in ${found.path}`;
  return { tool: 'unknown', hint: `Slipway found ${seen}. ${whatToWrite(database)}` };
};

const fromConfiguration = (database: string, tool: string, path: string | undefined): Detected =>
  tool === 'dbmate'
    ? { tool: 'dbmate', path: path ?? 'db/migrations' }
    : {
        tool: 'unknown',
        ...(path === undefined ? {} : { path }),
        hint: `Slipway cannot read migrations of the tool "${tool}" yet, so every release of database ${database} counts as one that needs downtime.`,
      };

const whatToWrite = (database: string): string =>
  `If plain SQL files in dbmate's format migrate database ${database}, add under databases, ${database}, postgres: ` +
  '`migrations: { tool: dbmate, path: db/migrations }`; until then its migrations count as ones that need downtime.';
