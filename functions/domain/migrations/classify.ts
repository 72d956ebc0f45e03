import { alterTable } from './alter-table.ts';
import { changeRows, copy, insertRows, select } from './change-rows.ts';
import * as create from './create-objects.ts';
import { type BatchContext, tableOf } from './created.ts';
import * as drop from './drop-objects.ts';
import { type Effect, expand, neutral, opaque } from './effect.ts';
import * as maintain from './maintain.ts';
import { maskLiterals } from './mask-literals.ts';
import type { StatementFinding } from './migrations.ts';
import { nameKey, shown } from './names.ts';
import * as session from './session.ts';
import { bodyOf, child, flag, kindOf, list, type Tree, text, words } from './tree.ts';

/** A statement as PostgreSQL's parser gives it: one node `{ Kind: {...} }` and its place. */
export interface Statement {
  /** First line, from 1. */
  readonly line: number;
  readonly text: string;
  readonly tree: Tree;
}

/**
 * What one statement means to the code that runs now (its compatibility), and what it locks of what was there before.
 * Kinds of statements that are not listed here are OPAQUE and L3, whatever they do.
 */
export const classify = (statement: Statement, context: BatchContext): StatementFinding => {
  const kind = kindOf(statement.tree);
  const family = families.get(kind);
  const effect =
    family === undefined
      ? opaque(`does something that Slipway does not know (${kind})`)
      : family(bodyOf(statement.tree), context);
  return { line: statement.line, text: maskLiterals(statement.text), ...effect };
};

type Family = (body: Tree, context: BatchContext) => Effect;

const hidden =
  (what: string): Family =>
  () =>
    opaque(`${what}, which Slipway cannot see through`);

const made =
  (noun: string, key: string): Family =>
  (body) =>
    expand('L0', [], `creates ${noun} ${shown(nameKey(words(list(body, key))))}`);

const families = new Map<string, Family>([
  ['AlterTableStmt', alterTable],
  ['CreateStmt', create.createTable],
  ['CreateTableAsStmt', (body, context) => tableAs(body, context)],
  ['IndexStmt', create.createIndex],
  ['ViewStmt', create.createView],
  ['CreateFunctionStmt', create.createFunction],
  ['CreateTrigStmt', create.createTrigger],
  ['CreatePolicyStmt', create.policy],
  ['AlterPolicyStmt', create.policy],
  ['CreateSchemaStmt', create.createSchema],
  ['CreateExtensionStmt', create.createExtension],
  ['CreateSeqStmt', (body) => expand('L0', [], `creates sequence ${text(child(body, 'sequence'), 'relname')}`)],
  ['AlterSeqStmt', create.alterSequence],
  ['CreateEnumStmt', made('type', 'typeName')],
  ['CreateRangeStmt', made('type', 'typeName')],
  ['CreateDomainStmt', made('domain', 'domainname')],
  ['CompositeTypeStmt', (body) => expand('L0', [], `creates type ${text(child(body, 'typevar'), 'relname')}`)],
  ['AlterEnumStmt', create.alterEnum],
  ['AlterDomainStmt', drop.alterDomain],
  ['DropStmt', drop.drop],
  ['RenameStmt', drop.rename],
  ['AlterObjectSchemaStmt', drop.move],
  ['AlterOwnerStmt', drop.move],
  ['TruncateStmt', drop.truncate],
  ['GrantStmt', drop.grant],
  ['GrantRoleStmt', drop.grant],
  ['AlterDefaultPrivilegesStmt', drop.grant],
  ['InsertStmt', insertRows],
  ['UpdateStmt', changeRows],
  ['DeleteStmt', changeRows],
  ['MergeStmt', changeRows],
  ['SelectStmt', select],
  ['CopyStmt', copy],
  ['VacuumStmt', maintain.vacuum],
  ['ReindexStmt', maintain.reindex],
  ['ClusterStmt', maintain.cluster],
  ['RefreshMatViewStmt', maintain.refresh],
  ['LockStmt', maintain.lock],
  ['CommentStmt', () => neutral('L0', [], 'comments')],
  ['SecLabelStmt', () => neutral('L0', [], 'labels')],
  ['CreateStatsStmt', () => neutral('L0', [], 'defines statistics')],
  ['VariableSetStmt', session.set],
  ['TransactionStmt', session.transaction],
  ['DoStmt', hidden('runs a DO block')],
  ['CallStmt', hidden('calls a procedure')],
  ['ExecuteStmt', hidden('executes a prepared statement')],
]);

const tableAs: Family = (body, context) => {
  const into = child(body, 'into');
  const name = shown(tableOf(child(into, 'rel'), context));
  const view = text(body, 'objtype') === 'OBJECT_MATVIEW';
  return create.createTableAs(name, body['query'], view, flag(into, 'skipData'), context);
};
