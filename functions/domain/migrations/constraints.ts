import { type BatchContext, isNew, tableOf } from './created.ts';
import { type Effect, neutral, opaque, tighten } from './effect.ts';
import { shown } from './names.ts';
import { child, flag, has, type Tree, text } from './tree.ts';

/** ALTER TABLE ... ADD CONSTRAINT on an existing table. */
export const addConstraint = (constraint: Tree, table: string, context: BatchContext): Effect => {
  const unchecked = flag(constraint, 'skip_validation');
  switch (text(constraint, 'contype')) {
    case 'CONSTR_FOREIGN':
      return foreignKey(constraint, table, context);
    case 'CONSTR_CHECK':
      return checked('CHECK', unchecked, table);
    case 'CONSTR_NOTNULL':
      return checked('NOT NULL', unchecked, table);
    case 'CONSTR_UNIQUE':
    case 'CONSTR_PRIMARY':
      return unique(constraint, table);
    case 'CONSTR_EXCLUSION':
      return tighten(
        'L3',
        [table],
        `adds an exclusion constraint to ${shown(table)}, whose index is built under an exclusive lock`,
      );
    default:
      return opaque(`adds a constraint to ${shown(table)} that Slipway does not know`, { tables: [table] });
  }
};

const notValidFirst = 'Add it NOT VALID, and VALIDATE CONSTRAINT in a migration of its own.';

const checked = (kind: string, unchecked: boolean, table: string): Effect =>
  unchecked
    ? tighten(
        'L1',
        [table],
        `adds a ${kind} constraint to ${shown(table)}, which rows of the running release may break`,
      )
    : tighten(
        'L3',
        [table],
        `adds a ${kind} constraint to ${shown(table)} and reads every row under an exclusive lock`,
        {
          advice: notValidFirst,
        },
      );

/** The lock falls on both tables; only a foreign key checks its rows under SHARE ROW EXCLUSIVE. */
const foreignKey = (constraint: Tree, table: string, context: BatchContext): Effect => {
  const parent = tableOf(child(constraint, 'pktable'), context);
  const tables = isNew(context, parent) ? [table] : [table, parent];
  const what = `adds a foreign key from ${shown(table)} to ${shown(parent)}`;
  return flag(constraint, 'skip_validation')
    ? tighten('L1', tables, `${what}, which rows of the running release may break`)
    : tighten('L2', tables, `${what} and blocks writes to both while it reads every row`, { advice: notValidFirst });
};

/** A ready index makes UNIQUE cheap; PRIMARY KEY may still read every row for NOT NULL. */
const unique = (constraint: Tree, table: string): Effect => {
  const ready = has(constraint, 'indexname');
  if (ready && text(constraint, 'contype') === 'CONSTR_UNIQUE') {
    return neutral(
      'L1',
      [table],
      `names the unique index ${text(constraint, 'indexname')} of ${shown(table)} a constraint`,
    );
  }
  return tighten('L3', [table], `adds a unique constraint to ${shown(table)} under an exclusive lock`, {
    advice: 'CREATE UNIQUE INDEX CONCURRENTLY in a migration of its own, then ADD CONSTRAINT ... USING INDEX.',
  });
};
