import { type BatchContext, isNew, tableOf } from './created.ts';
import { contract, data, type Effect, expand, neutral, opaque, tighten, union } from './effect.ts';
import { foreignCallsIn, isTotal } from './expressions.ts';
import { nameKey, relationKey, relationsIn, shown } from './names.ts';
import { bodiesOf, bodyOf, child, flag, has, kindOf, list, type Tree, text, words } from './tree.ts';

/** CREATE TABLE: free, but for the existing tables it refers to, is a partition of, or inherits from. */
export const createTable = (body: Tree, context: BatchContext): Effect => {
  const name = shown(relationKey(child(body, 'relation')));
  const heirs = existing(bodiesOf(list(body, 'inhRelations'), 'RangeVar'), context);
  if (heirs.length > 0 && has(body, 'partbound')) {
    const reason = `creates partition ${name} of ${heirs.map(shown).join(', ')} and reads its DEFAULT partition, if there is one, under an exclusive lock`;
    return expand('L3', heirs, reason, {
      advice: 'Create the table on its own, then ALTER TABLE ... ATTACH PARTITION.',
    });
  }
  const parents = existing(foreignKeyParents(body), context);
  const locked = union(heirs, parents);
  return locked.length === 0
    ? expand('L0', [], `creates table ${name}`)
    : expand('L1', locked, `creates table ${name}, which refers to ${locked.map(shown).join(', ')}`);
};

const existing = (relations: readonly Tree[], context: BatchContext): readonly string[] =>
  relations.map((each) => tableOf(each, context)).filter((key) => !isNew(context, key));

const foreignKeyParents = (body: Tree): readonly Tree[] => {
  const elements = [...list(body, 'tableElts'), ...list(body, 'constraints')].map(bodyOf);
  return elements
    .flatMap((each) => [each, ...bodiesOf(list(each, 'constraints'), 'Constraint')])
    .filter((each) => text(each, 'contype') === 'CONSTR_FOREIGN')
    .map((each) => child(each, 'pktable'));
};

/** CREATE TABLE AS, SELECT INTO, CREATE MATERIALIZED VIEW: a copy of rows that old code goes on changing is DATA. */
export const createTableAs = (
  name: string,
  query: unknown,
  view: boolean,
  empty: boolean,
  context: BatchContext,
): Effect => {
  if (kindOf(query) !== 'SelectStmt') return opaque(`fills ${name} from what Slipway cannot see through`);
  const foreign = foreignCallsIn(query);
  if (foreign.length > 0 && !empty)
    return opaque(`fills ${name} through ${foreign.join(', ')}, which Slipway cannot see through`);
  const sources = relationsIn(query, (relation) => tableOf(relation, context)).filter(
    (key) => !isNew(context, key) && !context.absent.has(key),
  );
  if (empty || sources.length === 0) return expand('L0', [], `creates ${name}`);
  return view
    ? expand('L0', [], `creates ${name} from ${sources.map(shown).join(', ')}`, { scans: sources })
    : data('L0', [], `copies rows of ${sources.map(shown).join(', ')} into ${name}`, { scans: sources });
};

/** CREATE INDEX: reads every row; blocks writes meanwhile unless CONCURRENTLY. A unique one may refuse rows. */
export const createIndex = (body: Tree, context: BatchContext): Effect => {
  const table = tableOf(child(body, 'relation'), context);
  const what = ['builds index', text(body, 'idxname'), 'on', shown(table)].filter((word) => word !== '').join(' ');
  if (isNew(context, table)) return expand('L0', [], what);
  const foreign = foreignCallsIn([body['indexParams'], body['whereClause']]);
  if (foreign.length > 0) {
    return opaque(`${what} through ${foreign.join(', ')}, which Slipway cannot see through`, { tables: [table] });
  }
  const refuses = mayRefuse(body);
  const clash = refuses ? ', which rows of the running release may break' : '';
  if (flag(body, 'concurrent')) {
    return (refuses ? tighten : neutral)('L0', [table], `${what} without blocking writes${clash}`, { scans: [table] });
  }
  return (refuses ? tighten : expand)('L2', [table], `${what} and blocks writes while it reads every row${clash}`, {
    advice: 'CREATE INDEX CONCURRENTLY in a migration of its own, outside a transaction.',
  });
};

/** Unique keys clash; an expression may fail for a row. */
const mayRefuse = (body: Tree): boolean => {
  const columns = bodiesOf(list(body, 'indexParams'), 'IndexElem');
  const expressions = columns.flatMap((each) => (has(each, 'expr') ? [each['expr']] : []));
  return flag(body, 'unique') || !expressions.every(isTotal);
};

/** CREATE VIEW. OR REPLACE of an existing one changes what the running release reads. */
export const createView = (body: Tree, context: BatchContext): Effect => {
  const key = tableOf(child(body, 'view'), context);
  return flag(body, 'replace') && !isNew(context, key) && !context.absent.has(key)
    ? contract('L1', [key], `replaces view ${shown(key)}, which the running release may still read`)
    : expand('L0', [], `creates view ${shown(key)}`);
};

/** CREATE FUNCTION: a new name harms nobody; OR REPLACE may change what the running release calls. */
export const createFunction = (body: Tree, context: BatchContext): Effect => {
  const key = nameKey(words(list(body, 'funcname')));
  return flag(body, 'replace') && !isNew(context, `function:${key}`)
    ? opaque(`replaces function ${shown(key)}, whose body Slipway cannot see through`, {
        lock: 'L0',
        advice: 'CREATE FUNCTION under a new name.',
      })
    : expand('L0', [], `creates function ${shown(key)}`);
};

/** CREATE TRIGGER: constant time, but writes of the running release go through it from now on. */
export const createTrigger = (body: Tree, context: BatchContext): Effect => {
  const table = tableOf(child(body, 'relation'), context);
  const locked = existing(
    [child(body, 'relation'), child(body, 'constrrel')].filter((each) => has(each, 'relname')),
    context,
  );
  return isNew(context, table)
    ? expand(locked.length === 0 ? 'L0' : 'L1', locked, `creates a trigger on the new ${shown(table)}`)
    : tighten('L1', locked, `creates a trigger on ${shown(table)}, through which writes of the running release go`);
};

/** CREATE POLICY and ALTER POLICY. */
export const policy = (body: Tree, context: BatchContext): Effect => {
  const table = tableOf(child(body, 'table'), context);
  return isNew(context, table)
    ? expand('L0', [], `sets a policy on the new ${shown(table)}`)
    : contract('L1', [table], `sets a policy on ${shown(table)}, so that the running release may see other rows`);
};

/** CREATE SCHEMA; with elements inside it is several statements in one. */
export const createSchema = (body: Tree): Effect =>
  list(body, 'schemaElts').length === 0
    ? expand('L0', [], `creates schema ${text(body, 'schemaname')}`)
    : opaque('creates a schema together with what is in it', { advice: 'Write the CREATE statements one by one.' });

/** Extensions of PostgreSQL's contrib and the best known others, whose scripts only add. */
const harmlessExtensions = new Set(
  (
    'pgcrypto uuid-ossp citext hstore ltree pg_trgm btree_gin btree_gist unaccent fuzzystrmatch intarray tablefunc ' +
    'cube earthdistance isn lo plpgsql pg_stat_statements postgres_fdw dblink postgis vector'
  ).split(' '),
);

export const createExtension = (body: Tree): Effect =>
  harmlessExtensions.has(text(body, 'extname'))
    ? expand('L0', [], `creates extension ${text(body, 'extname')}`)
    : opaque(`creates extension ${text(body, 'extname')}, whose script Slipway does not know`);

/** ALTER TYPE ... ADD VALUE or RENAME VALUE. */
export const alterEnum = (body: Tree, context: BatchContext): Effect => {
  const key = nameKey(words(list(body, 'typeName')));
  if (isNew(context, `type:${key}`)) return expand('L0', [], `changes the new type ${shown(key)}`);
  if (has(body, 'oldVal'))
    return contract('L0', [], `renames a value of ${shown(key)}, which the running release may still use`);
  return has(body, 'newValNeighbor')
    ? tighten('L0', [], `adds a value in the middle of ${shown(key)}, which changes how values compare`)
    : expand('L0', [], `adds a value at the end of ${shown(key)}`);
};

/** Sequences take no tables with them; a new start changes the numbers that the running release gets. */
export const alterSequence = (body: Tree, context: BatchContext): Effect => {
  const key = tableOf(child(body, 'sequence'), context);
  if (isNew(context, key)) return expand('L0', [], `changes the new sequence ${shown(key)}`);
  const options = bodiesOf(list(body, 'options'), 'DefElem').map((each) => text(each, 'defname'));
  return options.every((each) => each === 'owned_by')
    ? neutral('L1', [key], `ties sequence ${shown(key)} to a column`)
    : data('L1', [key], `changes the numbers that sequence ${shown(key)} gives`);
};
