import { classify, type Statement } from './classify.ts';
import { type BatchContext, contextAfter, emptyContext, withoutTemporary } from './created.ts';
import type { DbmateFile } from './dbmate.ts';
import { opaque } from './effect.ts';
import type { MigrationFile, PendingMigration, StatementFinding } from './migrations.ts';
import { customTypesIn, relationsIn } from './names.ts';
import { kindOf } from './tree.ts';

/** A parser's answer, as the port `ParseSql` gives it. */
export type Parsed =
  | { readonly kind: 'parsed'; readonly statements: readonly Statement[] }
  | { readonly kind: 'unreadable'; readonly message: string; readonly line: number };

/** A pending file, read and parsed. */
export interface PendingFile {
  readonly file: MigrationFile;
  readonly read: DbmateFile;
  /** Of the up section. */
  readonly parsed: Parsed;
}

/** What has to be asked of the database before a batch can be judged. */
export const mentionedIn = (files: readonly PendingFile[]) => {
  const trees = files.flatMap(({ parsed }) =>
    parsed.kind === 'parsed' ? parsed.statements.map((each) => each.tree) : [],
  );
  return { relations: relationsIn(trees), types: customTypesIn(trees) };
};

/** Classifies a batch in order: what one migration creates is new for those after it. */
export const classifyBatch = (
  files: readonly PendingFile[],
  known: Partial<BatchContext>,
): readonly PendingMigration[] => {
  const migrations: PendingMigration[] = [];
  let context: BatchContext = { ...emptyContext, ...known };
  for (const file of files) {
    const { findings, after } = classifyFile(file, withoutTemporary(context));
    context = after;
    migrations.push(pendingFrom(file, findings));
  }
  return migrations;
};

const classifyFile = ({ read, parsed }: PendingFile, start: BatchContext) => {
  if (read.kind === 'unreadable') return { findings: [notReadable(1, read.message)], after: start };
  if (parsed.kind === 'unreadable') return { findings: [notReadable(parsed.line, parsed.message)], after: start };
  const findings: StatementFinding[] = [];
  let context = start;
  for (const statement of parsed.statements) {
    findings.push(classify(statement, context));
    context = contextAfter(statement.tree, context);
  }
  return { findings, after: context };
};

/** The parser's message may quote a literal: only its kind is shown. */
const notReadable = (line: number, message: string): StatementFinding => ({
  line,
  text: '',
  ...opaque(`cannot be read: ${message.replace(/ at or near "[\s\S]*$/, '')}`),
});

const pendingFrom = (
  { file, read, parsed }: PendingFile,
  statements: readonly StatementFinding[],
): PendingMigration => ({
  id: file.id,
  path: file.path,
  checksum: file.checksum,
  transactional: read.kind === 'readable' && read.transactional && !cutsTransaction(parsed),
  after: read.kind === 'readable' && read.after,
  statements,
});

/** A COMMIT in the file, or a statement that refuses transactions, can leave half of it behind. */
const cutsTransaction = (parsed: Parsed): boolean =>
  parsed.kind === 'unreadable' ||
  parsed.statements.some((each) => kindOf(each.tree) === 'TransactionStmt' || refusesTransaction(each));

/** Statements that PostgreSQL runs only outside a transaction block. */
export const refusesTransaction = (statement: Statement): boolean => {
  const kind = kindOf(statement.tree);
  return (
    (/\bconcurrently\b/i.test(statement.text) &&
      ['IndexStmt', 'DropStmt', 'ReindexStmt', 'AlterTableStmt'].includes(kind)) ||
    (kind === 'VacuumStmt' && /^\s*vacuum/i.test(statement.text))
  );
};
