import { type BatchContext, isNew, tableOf } from './created.ts';
import { contract, data, type Effect, expand, opaque } from './effect.ts';
import { nameKey, objectKey, shown } from './names.ts';
import { bodiesOf, bodyOf, child, flag, has, kindOf, list, type Tree, text, words } from './tree.ts';

/** DROP of anything: old code may still use it. Only what the batch made itself goes for nothing. */
export const drop = (body: Tree, context: BatchContext): Effect => {
  const kind = text(body, 'removeType');
  const keys = list(body, 'objects').map(objectKey);
  const what = `drops ${noun(kind)} ${list(body, 'objects').map(objectName).join(', ')}`;
  if (relationKinds.has(kind) && keys.every((key) => context.absent.has(key) && !isNew(context, key))) {
    return expand('L0', [], `${what}, which is not there`);
  }
  if (text(body, 'behavior') === 'DROP_CASCADE') {
    return contract(
      'L1',
      tablesOf(kind, body),
      `${what} and all that depends on it, which the running release may still use`,
    );
  }
  if (keys.every((key) => isOwn(kind, key, context))) return expand('L0', [], `${what}, which is not in use yet`);
  if (flag(body, 'concurrent')) return contract('L0', keys, `${what}, on which the running release may rely`);
  return contract(lockOf(kind), tablesOf(kind, body), `${what}, which the running release may still use`);
};

const relationKinds = new Set(['OBJECT_TABLE', 'OBJECT_VIEW', 'OBJECT_MATVIEW', 'OBJECT_SEQUENCE', 'OBJECT_INDEX']);

const isOwn = (kind: string, key: string, context: BatchContext): boolean => {
  if (relationKinds.has(kind)) return isNew(context, key);
  if (kind === 'OBJECT_TYPE' || kind === 'OBJECT_DOMAIN') return isNew(context, `type:${key}`);
  return (kind === 'OBJECT_FUNCTION' || kind === 'OBJECT_PROCEDURE') && isNew(context, `function:${key}`);
};

/** Functions and types lock no table; what Slipway does not know may. */
const lockOf = (kind: string): 'L0' | 'L1' =>
  kind === 'OBJECT_FUNCTION' || kind === 'OBJECT_PROCEDURE' || kind === 'OBJECT_TYPE' ? 'L0' : 'L1';

const onTable = new Set(['OBJECT_TRIGGER', 'OBJECT_POLICY', 'OBJECT_RULE']);

const tablesOf = (kind: string, body: Tree): readonly string[] => {
  if (relationKinds.has(kind)) return list(body, 'objects').map(objectKey);
  if (!onTable.has(kind)) return [];
  return list(body, 'objects').map((each) => nameKey(words([each]).slice(0, -1)));
};

const noun = (kind: string): string =>
  kind.replace('OBJECT_', '').replace('MATVIEW', 'materialized view').toLowerCase();

const objectName = (node: unknown): string => shown(objectKey(node));

/** ALTER ... RENAME. */
export const rename = (body: Tree, context: BatchContext): Effect => {
  const kind = text(body, 'renameType');
  const relation = child(body, 'relation');
  const table = has(relation, 'relname') ? tableOf(relation, context) : undefined;
  if (table !== undefined && isNew(context, table)) return expand('L0', [], `renames within the new ${shown(table)}`);
  if (kind === 'OBJECT_COLUMN' && table !== undefined) {
    const name = `${shown(table)}.${text(body, 'subname')}`;
    return contract('L1', [table], `renames ${name}, which the running release still knows by its old name`, {
      advice: 'Add a new column, write both, and drop the old one in a later release.',
    });
  }
  const object = has(body, 'object') ? shown(objectKey(body['object'])) : text(body, 'subname');
  const name = table === undefined ? object : shown(table);
  const tables = table === undefined ? [] : [table];
  return contract('L1', tables, `renames ${noun(kind)} ${name}, which the running release still knows by its old name`);
};

/** ALTER ... SET SCHEMA and ALTER ... OWNER TO. */
export const move = (body: Tree, context: BatchContext): Effect => {
  const relation = child(body, 'relation');
  const table = has(relation, 'relname') ? tableOf(relation, context) : undefined;
  if (table !== undefined && isNew(context, table)) return expand('L0', [], `moves the new ${shown(table)}`);
  const name = table === undefined ? shown(objectKey(body['object'])) : shown(table);
  return contract('L1', table === undefined ? [] : [table], `moves ${name} to another schema or owner`);
};

/** TRUNCATE: constant time, but all rows. CASCADE reaches tables that the statement does not name. */
export const truncate = (body: Tree, context: BatchContext): Effect => {
  const tables = bodiesOf(list(body, 'relations'), 'RangeVar').map((each) => tableOf(each, context));
  const old = tables.filter((key) => !isNew(context, key));
  if (text(body, 'behavior') === 'DROP_CASCADE')
    return data('L1', old, `empties ${tables.map(shown).join(', ')} and all that refers to it`);
  return old.length === 0
    ? expand('L0', [], 'empties new tables')
    : data('L1', old, `empties ${old.map(shown).join(', ')}`);
};

/** GRANT adds, REVOKE takes away; of a role, of rights, and of default rights. */
export const grant = (body: Tree): Effect => {
  const action = has(body, 'action') ? child(body, 'action') : body;
  return flag(action, 'is_grant')
    ? expandRights
    : contract('L0', [], 'revokes rights that the running release may need');
};

const expandRights: Effect = { compatibility: 'NEUTRAL', lock: 'L0', tables: [], reason: 'grants rights' };

/** ALTER DOMAIN: a check of a domain is a check of every table that uses it, and the statement does not name them. */
export const alterDomain = (body: Tree): Effect => {
  const key = shown(nameKey(words(list(body, 'typeName'))));
  const definition = bodyOf(body['def']);
  if (text(body, 'subtype') === 'T' && kindOf(body['def']) !== '')
    return expand('L0', [], `sets the default of domain ${key}`);
  if (text(body, 'subtype') === 'N') return expand('L0', [], `lets domain ${key} be NULL`);
  return flag(definition, 'skip_validation')
    ? { compatibility: 'TIGHTEN', lock: 'L1', tables: [], reason: `adds a check to domain ${key}` }
    : opaque(`changes domain ${key} in every table that uses it`);
};
