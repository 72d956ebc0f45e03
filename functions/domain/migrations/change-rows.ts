import { createTableAs } from './create-objects.ts';
import { type BatchContext, isNew, tableOf } from './created.ts';
import { data, type Effect, expand, neutral, opaque } from './effect.ts';
import { foreignCallsIn, literalOf } from './expressions.ts';
import { relationKey, relationsIn, shown } from './names.ts';
import { setting } from './session.ts';
import { bodiesOf, bodyOf, child, has, isTree, kindOf, list, type Tree, text, walk, words } from './tree.ts';

const dangers = (body: Tree, context: BatchContext): Effect | undefined => {
  const foreign = foreignCallsIn(body);
  if (foreign.length > 0) return opaque(`calls ${foreign.join(', ')}, which Slipway cannot see through`);
  const fired = relationsIn(body, (relation) => tableOf(relation, context)).filter((key) =>
    isNew(context, `triggered:${key}`),
  );
  return fired.length > 0 ? opaque(`fires triggers of ${fired.map(shown).join(', ')}`) : undefined;
};

/** Relations that are there before the batch, as far as anyone knows. */
const existingIn = (value: unknown, context: BatchContext): readonly string[] =>
  relationsIn(value, (relation) => tableOf(relation, context)).filter(
    (key) => !isNew(context, key) && !context.absent.has(key),
  );

/** UPDATE, DELETE, MERGE. They lock the rows they touch until the transaction ends: other writers of them wait. */
export const changeRows = (body: Tree, context: BatchContext): Effect => {
  const target = tableOf(child(body, 'relation'), context);
  const danger = dangers(body, context);
  if (danger !== undefined) return danger;
  const old = existingIn(body, context);
  if (old.length === 0) return neutral('L0', [], `changes rows of the new ${shown(target)}`);
  const locked = isNew(context, target) && !changesInside(body) ? [] : old;
  return data(locked.length === 0 ? 'L0' : 'L2', locked, `changes rows of ${shown(target)}, nobody knows how many`, {
    scans: old,
    advice: 'Change rows in small batches outside the migration.',
  });
};

/** INSERT. Written-out rows are few and known; rows from a query, or changed on conflict, are not. */
export const insertRows = (body: Tree, context: BatchContext): Effect => {
  const target = tableOf(child(body, 'relation'), context);
  const danger = dangers(body, context);
  if (danger !== undefined) return danger;
  if (changesInside(body) || text(child(body, 'onConflictClause'), 'action') === 'ONCONFLICT_UPDATE') {
    return changeRows(body, context);
  }
  const sources = existingIn([body['selectStmt'], body['withClause']], context);
  const written =
    !has(body, 'selectStmt') || list(child(child(body, 'selectStmt'), 'SelectStmt'), 'valuesLists').length > 0;
  if (sources.length > 0 || (!written && !isNew(context, target))) {
    return data('L0', isNew(context, target) ? [] : [target], `copies rows into ${shown(target)}`, { scans: sources });
  }
  return isNew(context, target)
    ? neutral('L0', [], `fills the new ${shown(target)}`)
    : expand('L0', [target], `adds written-out rows to ${shown(target)}`);
};

const changing = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/** A WITH query may change rows too. */
const changesInside = (body: Tree): boolean => {
  let found = false;
  walk(body, (key) => {
    found ||= changing.has(key);
  });
  return found;
};

/** SELECT: reads, unless it makes a table, sets something, locks rows or calls what is not known. */
export const select = (body: Tree, context: BatchContext): Effect => {
  if (has(body, 'intoClause')) {
    const { intoClause, ...query } = body;
    const name = shown(relationKey(isTree(intoClause) ? child(intoClause, 'rel') : {}));
    return createTableAs(name, { SelectStmt: query }, false, false, context);
  }
  const configured = configuredBy(body);
  if (configured !== undefined) return configured;
  const danger = dangers(body, context);
  if (danger !== undefined) return setsSequence(body) ?? danger;
  const old = existingIn(body, context);
  if (changesInside(body)) return data('L2', old, 'changes rows in a WITH query', { scans: old });
  return list(body, 'lockingClause').length > 0
    ? data('L2', old, `locks rows of ${old.map(shown).join(', ')}`, { scans: old })
    : neutral('L0', [], 'reads rows', { scans: old });
};

/** The only call of a query without anything else: `SELECT f(...)`. */
const onlyCall = (body: Tree): Tree | undefined => {
  const [target, ...others] = bodiesOf(list(body, 'targetList'), 'ResTarget');
  if (target === undefined || others.length > 0 || has(body, 'fromClause') || has(body, 'withClause')) return undefined;
  return kindOf(target['val']) === 'FuncCall' ? bodyOf(target['val']) : undefined;
};

const callNamed = (body: Tree, name: string): Tree | undefined => {
  const call = onlyCall(body);
  const called =
    call === undefined
      ? ''
      : words(list(call, 'funcname'))
          .join('.')
          .replace(/^pg_catalog\./, '');
  return called === name ? call : undefined;
};

/** `SELECT set_config('search_path', '', false)`, as pg_dump writes it. */
const configuredBy = (body: Tree): Effect | undefined => {
  const call = callNamed(body, 'set_config');
  if (call === undefined) return undefined;
  const [name, value] = list(call, 'args').map(literalOf);
  return setting(name ?? '', value === undefined ? undefined : [value]);
};

const setsSequence = (body: Tree): Effect | undefined => {
  const call = callNamed(body, 'setval');
  return call !== undefined && foreignCallsIn(call['args']).length === 0
    ? data('L0', [], 'changes the numbers that a sequence gives')
    : undefined;
};

/** COPY moves rows in from outside, or out. */
export const copy = (body: Tree): Effect => {
  if (has(body, 'is_program') || has(body, 'filename'))
    return opaque('copies rows through a file or a program on the server');
  return data('L0', [relationKey(child(body, 'relation'))], 'copies rows');
};
