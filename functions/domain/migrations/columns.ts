import { type BatchContext, isNew, tableOf } from './created.ts';
import { contract, type Effect, expand, opaque, tighten, together } from './effect.ts';
import { isPlainType, volatilityOf } from './expressions.ts';
import { isSerialType, shown } from './names.ts';
import { bodiesOf, child, flag, kindOf, list, type Tree, text } from './tree.ts';

const rewriteAdvice =
  'Add the column without a default, set the default after that, and fill old rows in small batches.';

/** ALTER TABLE ... ADD COLUMN on an existing table, its constraints included. */
export const addColumn = (column: Tree, table: string, context: BatchContext): Effect => {
  const constraints = bodiesOf(list(column, 'constraints'), 'Constraint');
  const plain = expand('L1', [table], `adds column ${text(column, 'colname')} to ${shown(table)}`);
  const effects = [
    ...typeEffects(column, table, context),
    ...notNullEffects(column, constraints, table),
    ...constraints.map((each) => columnConstraint(each, column, constraints, table, context)),
  ];
  return together([...effects.filter((each) => each !== undefined), plain], plain);
};

const typeEffects = (column: Tree, table: string, context: BatchContext): readonly Effect[] => {
  const type = child(column, 'typeName');
  const name = `${shown(table)}.${text(column, 'colname')}`;
  if (isSerialType(type)) {
    return [
      expand('L3', [table], `adds ${name} with a number for each row, which rewrites the table`, {
        advice: rewriteAdvice,
      }),
    ];
  }
  return isPlainType(type, context)
    ? []
    : [tighten('L3', [table], `adds ${name} of a type that may be a domain, with a default or a check of its own`)];
};

/** NOT NULL needs a value for the rows that are there: a constant default costs nothing, none fails unless empty. */
const notNullEffects = (column: Tree, constraints: readonly Tree[], table: string): readonly Effect[] => {
  const kinds = constraints.map((each) => text(each, 'contype'));
  const filled = constraints.some(isDefault) || kinds.includes('CONSTR_IDENTITY') || kinds.includes('CONSTR_GENERATED');
  if (!kinds.includes('CONSTR_NOTNULL') || filled || isSerialType(child(column, 'typeName'))) return [];
  const reason = `adds ${shown(table)}.${text(column, 'colname')} NOT NULL without a default, so that the running release can no longer insert rows`;
  return [tighten('L3', [table], reason, { advice: 'Give the column a constant default.' })];
};

/** Rows that do not name the column get a value in it. */
const isFilled = (column: Tree, constraints: readonly Tree[]): boolean =>
  isSerialType(child(column, 'typeName')) ||
  constraints.some(
    (each) =>
      isDefault(each) || text(each, 'contype') === 'CONSTR_IDENTITY' || text(each, 'contype') === 'CONSTR_GENERATED',
  );

/** `DEFAULT NULL` is no default. */
const isDefault = (constraint: Tree): boolean =>
  text(constraint, 'contype') === 'CONSTR_DEFAULT' && !flag(child(child(constraint, 'raw_expr'), 'A_Const'), 'isnull');

const columnConstraint = (
  constraint: Tree,
  column: Tree,
  all: readonly Tree[],
  table: string,
  context: BatchContext,
): Effect | undefined => {
  const name = `${shown(table)}.${text(column, 'colname')}`;
  switch (text(constraint, 'contype')) {
    case 'CONSTR_NULL':
    case 'CONSTR_NOTNULL':
    case 'CONSTR_ATTR_DEFERRABLE':
    case 'CONSTR_ATTR_NOT_DEFERRABLE':
    case 'CONSTR_ATTR_DEFERRED':
    case 'CONSTR_ATTR_IMMEDIATE':
    case 'CONSTR_ATTR_ENFORCED':
    case 'CONSTR_ATTR_NOT_ENFORCED':
      return undefined;
    case 'CONSTR_DEFAULT':
      return defaultEffect(constraint, name, table, context);
    case 'CONSTR_GENERATED':
      return generatedEffect(constraint, name, table);
    case 'CONSTR_IDENTITY':
      return expand('L3', [table], `adds identity ${name}, which rewrites the table`, { advice: rewriteAdvice });
    case 'CONSTR_CHECK':
      return tighten('L3', [table], `adds ${name} with a CHECK, which reads every row under an exclusive lock`);
    case 'CONSTR_UNIQUE':
    case 'CONSTR_PRIMARY':
      return tighten('L3', [table], `adds ${name} with a unique index built under an exclusive lock`);
    case 'CONSTR_FOREIGN':
      return columnReference(constraint, name, isFilled(column, all), table, context);
    default:
      return opaque(`adds ${name} with a constraint that Slipway does not know`, { tables: [table] });
  }
};

const defaultEffect = (constraint: Tree, name: string, table: string, context: BatchContext): Effect | undefined => {
  switch (volatilityOf(constraint['raw_expr'], context)) {
    case 'constant':
      return undefined;
    case 'volatile':
      return expand('L3', [table], `adds ${name} with a default that differs by row, which rewrites the table`, {
        advice: rewriteAdvice,
      });
    case 'unknown':
      return opaque(`adds ${name} with a default that Slipway cannot see through`, {
        tables: [table],
        advice: rewriteAdvice,
      });
  }
};

/** A virtual column is stored nowhere, but its expression may fail where old code reads `*`. */
const generatedEffect = (constraint: Tree, name: string, table: string): Effect =>
  text(constraint, 'generated_kind') === 'v'
    ? tighten('L1', [table], `adds generated column ${name}`)
    : tighten('L3', [table], `adds stored generated column ${name}, which rewrites the table`);

/** Without a default every old row holds NULL, and PostgreSQL skips the check of old rows (parse_utilcmd.c). */
const columnReference = (
  constraint: Tree,
  name: string,
  filled: boolean,
  table: string,
  context: BatchContext,
): Effect => {
  const parent = tableOf(child(constraint, 'pktable'), context);
  const tables = isNew(context, parent) ? [table] : [table, parent];
  return filled
    ? tighten('L3', tables, `adds ${name} with a default and a foreign key, which checks every row`)
    : expand('L1', tables, `adds ${name} with a foreign key to ${shown(parent)}`);
};

/** ALTER COLUMN ... SET DEFAULT or DROP DEFAULT: rows that the running release writes get another value, or none. */
export const columnDefault = (command: Tree, table: string, context: BatchContext): Effect => {
  const name = `${shown(table)}.${text(command, 'name')}`;
  if (kindOf(command['def']) === '') {
    return tighten('L1', [table], `drops the default of ${name}, on which inserts of the running release may rely`);
  }
  return volatilityOf(command['def'], context) === 'constant'
    ? expand('L1', [table], `sets the default of ${name} for new rows`)
    : tighten('L1', [table], `computes the default of ${name} anew for each row that the running release writes`);
};

/**
 * The old type is not in the statement: binary-coercible changes, such as a longer varchar, cannot be told apart. The foreign keys
 * of the column are checked anew, which locks the tables at their other end too (measured).
 */
export const columnType = (command: Tree, table: string): Effect =>
  contract(
    'L3',
    [table, '*'],
    `changes the type of ${shown(table)}.${text(command, 'name')}, which can rewrite the table and which the running release may not expect`,
    { advice: 'Add a new column beside it, fill it in small batches, and drop the old one in a later release.' },
  );
