import { nameKey, objectKey, relationKey } from './names.ts';
import { bodiesOf, bodyOf, child, flag, has, kindOf, list, type Tree, text, words } from './tree.ts';

/** What a batch has made so far, and what is known of the database it meets. Old code knows nothing of what is new. */
export interface BatchContext {
  /** Keys of relations as in names.ts; `type:`, `function:`, `schema:` and `triggered:` before the others. */
  readonly createdHere: ReadonlySet<string>;
  /** Relations known to be missing in the database: CREATE ... IF NOT EXISTS really creates these. */
  readonly absent: ReadonlySet<string>;
  /** Types known to be no domains: a domain can hide a default, a check or a NOT NULL. */
  readonly plainTypes: ReadonlySet<string>;
}

export const emptyContext: BatchContext = { createdHere: new Set(), absent: new Set(), plainTypes: new Set() };

export const isNew = (context: BatchContext, key: string): boolean => context.createdHere.has(key);

/** The table a statement means: a temporary one of the batch hides an existing one of the same name. */
export const tableOf = (relation: Tree, context: BatchContext): string => {
  const temporary = `pg_temp.${text(relation, 'relname')}`;
  return text(relation, 'schemaname') === '' && isNew(context, temporary) ? temporary : relationKey(relation);
};

/** The context after a statement: what it creates is new from here on; what it drops, moves or attaches no longer is. */
export const contextAfter = (tree: Tree, context: BatchContext): BatchContext => {
  const made = creators.get(kindOf(tree))?.(bodyOf(tree), context) ?? [];
  const gone = removers.get(kindOf(tree))?.(bodyOf(tree), context) ?? [];
  const absent = absentAfter(tree, context);
  if (made.length + gone.length === 0) return { ...context, absent };
  const createdHere = new Set(context.createdHere);
  for (const key of gone) createdHere.delete(key);
  for (const key of made) createdHere.add(key);
  const plain = plainTypeStatements.has(kindOf(tree)) ? made.map((key) => key.replace('type:', '')) : [];
  return { createdHere, absent, plainTypes: new Set([...context.plainTypes, ...plain]) };
};

/** The context at the start of the next file: another connection may run it, and temporary tables end with theirs. */
export const withoutTemporary = (context: BatchContext): BatchContext => ({
  ...context,
  createdHere: new Set([...context.createdHere].filter((key) => !key.startsWith('pg_temp.'))),
});

/** A rename gives a missing name to an old relation; SET SCHEMA may, too. */
const absentAfter = (tree: Tree, { absent }: BatchContext): ReadonlySet<string> => {
  const kind = kindOf(tree);
  if (kind === 'AlterObjectSchemaStmt') return new Set();
  if (kind !== 'RenameStmt') return absent;
  const newName = text(bodyOf(tree), 'newname');
  return new Set([...absent].filter((key) => !key.endsWith(`.${newName}`)));
};

type Keys = (body: Tree, context: BatchContext) => readonly string[];

const plainTypeStatements = new Set(['CreateEnumStmt', 'CompositeTypeStmt']);

const typeNamed =
  (name: string): Keys =>
  (body) => [`type:${nameKey(words(list(body, name)))}`];

/** IF NOT EXISTS and OR REPLACE create only what is known to be missing. */
const relationUnless =
  (condition: string, relation: string): Keys =>
  (body, context) => {
    const key = relationKey(child(body, relation));
    return flag(body, condition) && !context.absent.has(key) ? [] : [key];
  };

/** A partition or child of an existing table is part of that table. */
const createdTable: Keys = (body, context) =>
  bodiesOf(list(body, 'inhRelations'), 'RangeVar').every((parent) => isNew(context, tableOf(parent, context)))
    ? relationUnless('if_not_exists', 'relation')(body, context)
    : [];

const createdIndex: Keys = (body, context) => {
  const table = tableOf(child(body, 'relation'), context);
  const schema = table.slice(0, table.indexOf('.'));
  return isNew(context, table) && text(body, 'idxname') !== '' ? [`${schema}.${text(body, 'idxname')}`] : [];
};

const creators = new Map<string, Keys>([
  ['CreateStmt', createdTable],
  [
    'CreateTableAsStmt',
    (body, context) =>
      relationUnless('if_not_exists', 'rel')(
        { ...child(body, 'into'), if_not_exists: flag(body, 'if_not_exists') },
        context,
      ),
  ],
  ['SelectStmt', (body) => (has(body, 'intoClause') ? [relationKey(child(child(body, 'intoClause'), 'rel'))] : [])],
  ['ViewStmt', relationUnless('replace', 'view')],
  ['CreateSeqStmt', relationUnless('if_not_exists', 'sequence')],
  ['IndexStmt', createdIndex],
  ['CreateEnumStmt', typeNamed('typeName')],
  ['CreateRangeStmt', typeNamed('typeName')],
  ['CreateDomainStmt', typeNamed('domainname')],
  ['CompositeTypeStmt', (body) => [`type:${relationKey(child(body, 'typevar'))}`]],
  [
    'CreateFunctionStmt',
    (body) => (flag(body, 'replace') ? [] : [`function:${nameKey(words(list(body, 'funcname')))}`]),
  ],
  ['CreateSchemaStmt', (body) => (flag(body, 'if_not_exists') ? [] : [`schema:${text(body, 'schemaname')}`])],
  ['CreateTrigStmt', (body, context) => [`triggered:${tableOf(child(body, 'relation'), context)}`]],
  ['RenameStmt', (body, context) => renamed(body, context)],
]);

const renamed: Keys = (body, context) => {
  const old = tableOf(child(body, 'relation'), context);
  if (!renamesRelation.has(text(body, 'renameType')) || !isNew(context, old)) return [];
  const key = `${old.slice(0, old.indexOf('.'))}.${text(body, 'newname')}`;
  return isNew(context, `triggered:${old}`) ? [key, `triggered:${key}`] : [key];
};

const renamesRelation = new Set(['OBJECT_TABLE', 'OBJECT_VIEW', 'OBJECT_MATVIEW', 'OBJECT_INDEX', 'OBJECT_SEQUENCE']);

const removers = new Map<string, Keys>([
  ['DropStmt', (body) => list(body, 'objects').map(objectKey).flatMap(everyMeaning)],
  ['TransactionStmt', (_, context) => [...context.createdHere].filter((key) => key.startsWith('pg_temp.'))],
  [
    'RenameStmt',
    (body, context) =>
      renamesRelation.has(text(body, 'renameType')) ? [tableOf(child(body, 'relation'), context)] : [],
  ],
  ['AlterObjectSchemaStmt', (body, context) => [tableOf(child(body, 'relation'), context)]],
  ['AlterTableStmt', (body, context) => attached(body, context)],
]);

/** Dropping a name ends whatever it may have meant: a temporary table hides an existing one only while it lives. */
const everyMeaning = (key: string): readonly string[] => [
  key,
  key.replace(/^[^.]*\./, 'pg_temp.'),
  `type:${key}`,
  `function:${key}`,
];

const attached: Keys = (body, context) => {
  const table = tableOf(child(body, 'relation'), context);
  return bodiesOf(list(body, 'cmds'), 'AlterTableCmd').flatMap((command) => {
    if (text(command, 'subtype') === 'AT_AttachPartition' && !isNew(context, table)) {
      return [tableOf(child(child(child(command, 'def'), 'PartitionCmd'), 'name'), context)];
    }
    return text(command, 'subtype') === 'AT_AddInherit' ? [table] : [];
  });
};
