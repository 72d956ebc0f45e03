import { StepFailure } from '../domain/failure.ts';
import { detectMigrations, knownMigrationFolders } from '../domain/migrations/detect.ts';
import { dbmateFilesFrom } from '../domain/migrations/evaluate-database.ts';
import type { Migrations } from '../domain/migrations/migrations.ts';
import type { Request } from '../domain/request.ts';
import type { BuiltDatabase } from '../domain/template/template.ts';
import type { Ports } from '../ports.ts';

/** The migration files of every database at a commit; a tool that cannot be read leaves a hint instead. */
export const readMigrations = async (
  ports: Pick<Ports, 'source' | 'hash'>,
  { repository }: Request,
  commit: string,
  databases: readonly BuiltDatabase[],
): Promise<Readonly<Record<string, Migrations>>> => {
  if (databases.length === 0) return {};
  const folders: Record<string, readonly string[]> = {};
  const listed = repository
    ? await Promise.all(knownMigrationFolders.map((folder) => ports.source.listFolder(repository, commit, folder)))
    : [];
  for (const [position, folder] of knownMigrationFolders.entries()) {
    const names = listed[position];
    if (names) folders[folder] = names;
  }
  const read: Record<string, Migrations> = {};
  for (const { key, migrationSource } of databases) {
    const detected = detectMigrations(key, migrationSource, folders);
    const readable = detected.tool === 'dbmate' && repository && detected.path;
    const files = readable ? await ports.source.readFolder(repository, commit, readable) : undefined;
    if (readable && migrationSource && !files) throw missingFolder(key, readable);
    read[key] = { ...detected, files: dbmateFilesFrom(files ?? [], ports.hash) };
  }
  return read;
};

/** Without its files nothing would count as pending, and the release would run unmigrated. */
const missingFolder = (database: string, path: string) =>
  new StepFailure({
    code: 'SourceUnreadable',
    message: `The migrations of database ${database} should lie in ${path}, but the commit has no such folder`,
    left: 'Nothing was changed',
    remedy: 'Correct postgres.migrations in the application file, or add the folder',
  });
