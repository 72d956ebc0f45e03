import { addColumn, columnDefault, columnType } from './columns.ts';
import { addConstraint } from './constraints.ts';
import { type BatchContext, isNew, tableOf } from './created.ts';
import { contract, type Effect, expand, neutral, opaque, tighten, together } from './effect.ts';
import { shown } from './names.ts';
import { bodiesOf, bodyOf, child, flag, list, type Tree, text } from './tree.ts';

type Command = (command: Tree, table: string, context: BatchContext) => Effect;

/** ALTER TABLE and its kin: the worst of its commands. */
export const alterTable = (body: Tree, context: BatchContext): Effect => {
  const table = tableOf(child(body, 'relation'), context);
  if (text(body, 'objtype') === 'OBJECT_VIEW') return contract('L1', [table], `changes view ${shown(table)}`);
  if (!tableLike.has(text(body, 'objtype')))
    return opaque(`alters ${shown(table)} in a way that Slipway does not know`);
  const commands = bodiesOf(list(body, 'cmds'), 'AlterTableCmd');
  const effects = commands.map((command) => commandEffect(command, table, context));
  return together(effects, opaque(`alters ${shown(table)} in a way that Slipway does not know`, { tables: [table] }));
};

const tableLike = new Set(['OBJECT_TABLE', 'OBJECT_MATVIEW', 'OBJECT_INDEX', 'OBJECT_FOREIGN_TABLE']);

const commandEffect: Command = (command, table, context) => {
  const subtype = text(command, 'subtype');
  if (isNew(context, table) && ownOnly.has(subtype)) return onNewTable(command, table, context);
  const known = commands.get(subtype);
  return known === undefined
    ? opaque(`alters ${shown(table)} in a way that Slipway does not know (${subtype})`, { tables: [table] })
    : known(command, table, context);
};

/** Commands that touch nothing but their table, and the parents of its foreign keys. */
const ownOnly = new Set(
  (
    'AT_AddColumn AT_AddConstraint AT_ColumnDefault AT_DropNotNull AT_SetNotNull AT_AlterColumnType AT_DropColumn ' +
    'AT_DropConstraint AT_ValidateConstraint AT_AlterConstraint AT_SetStatistics AT_SetOptions AT_ResetOptions ' +
    'AT_SetStorage AT_SetCompression AT_SetRelOptions AT_ResetRelOptions AT_ReplaceRelOptions AT_ChangeOwner ' +
    'AT_ClusterOn AT_DropCluster AT_SetLogged AT_SetUnLogged AT_ReplicaIdentity AT_AddIdentity AT_SetIdentity ' +
    'AT_DropIdentity AT_EnableRowSecurity AT_DisableRowSecurity AT_ForceRowSecurity AT_NoForceRowSecurity ' +
    'AT_SetExpression AT_DropExpression'
  ).split(' '),
);

/** What is new costs nothing, but a foreign key locks its existing parent (SHARE ROW EXCLUSIVE, measured). */
const onNewTable: Command = (command, table, context) => {
  const parents = referenced(command)
    .map((parent) => tableOf(parent, context))
    .filter((parent) => !isNew(context, parent));
  return parents.length === 0
    ? expand('L0', [], `changes ${shown(table)}, which this batch creates`)
    : expand('L1', parents, `lets the new ${shown(table)} refer to ${parents.map(shown).join(', ')}`);
};

const referenced = (command: Tree): readonly Tree[] => {
  const definition = bodyOf(command['def']);
  return [definition, ...bodiesOf(list(definition, 'constraints'), 'Constraint')]
    .filter((each) => text(each, 'contype') === 'CONSTR_FOREIGN')
    .map((each) => child(each, 'pktable'));
};

const column = (command: Tree, table: string): string => `${shown(table)}.${text(command, 'name')}`;

const rewrite: Command = (_, table) => neutral('L3', [table], `rewrites ${shown(table)} under an exclusive lock`);
const weakOption: Command = (_, table) => neutral('L0', [table], `sets an option of ${shown(table)}`);
const option: Command = (_, table) => neutral('L1', [table], `sets an option of ${shown(table)}`);
const trigger: Command = (_, table) =>
  tighten('L1', [table], `switches triggers of ${shown(table)} on, which may refuse or change writes`);
const noTrigger: Command = (_, table) =>
  contract('L1', [table], `switches triggers of ${shown(table)} off, on which the running release may rely`);
const rowSecurity: Command = (_, table) =>
  contract('L1', [table], `changes row security of ${shown(table)}, so that the running release may see other rows`);
const identity: Command = (command, table) =>
  contract('L1', [table], `changes how ${column(command, table)} gets its values`);

const commands = new Map<string, Command>([
  ['AT_AddColumn', (command, table, context) => addColumn(bodyOf(command['def']), table, context)],
  ['AT_AddConstraint', (command, table, context) => addConstraint(bodyOf(command['def']), table, context)],
  ['AT_ColumnDefault', columnDefault],
  ['AT_AlterColumnType', columnType],
  ['AT_DropNotNull', (command, table) => expand('L1', [table], `lets ${column(command, table)} be NULL`)],
  [
    'AT_SetNotNull',
    (command, table) =>
      tighten('L3', [table], `sets ${column(command, table)} NOT NULL and reads every row under an exclusive lock`, {
        advice:
          'Add CHECK (column IS NOT NULL) NOT VALID, validate it in a migration of its own, then SET NOT NULL and drop the check.',
      }),
  ],
  [
    'AT_DropColumn',
    (command, table) =>
      contract('L1', [table], `drops ${column(command, table)}, which the running release may still read`),
  ],
  [
    'AT_DropConstraint',
    (command, table) =>
      contract(
        'L1',
        [table],
        `drops constraint ${text(command, 'name')} of ${shown(table)}, on which the running release may rely`,
      ),
  ],
  [
    'AT_ValidateConstraint',
    (command, table) =>
      neutral('L0', [table], `validates constraint ${text(command, 'name')} of ${shown(table)}`, { scans: [table] }),
  ],
  ['AT_AlterConstraint', (_, table) => tighten('L3', [table], `changes a constraint of ${shown(table)}`)],
  ['AT_SetStatistics', weakOption],
  ['AT_SetOptions', weakOption],
  ['AT_ResetOptions', weakOption],
  ['AT_ClusterOn', weakOption],
  ['AT_DropCluster', weakOption],
  ['AT_SetRelOptions', option],
  ['AT_ResetRelOptions', option],
  ['AT_SetStorage', option],
  ['AT_SetCompression', option],
  ['AT_ReplicaIdentity', option],
  ['AT_SetLogged', rewrite],
  ['AT_SetUnLogged', rewrite],
  ['AT_SetTableSpace', rewrite],
  ['AT_SetAccessMethod', rewrite],
  ['AT_ChangeOwner', (_, table) => contract('L1', [table], `gives ${shown(table)} another owner`)],
  ['AT_EnableTrig', trigger],
  ['AT_EnableTrigAll', trigger],
  ['AT_EnableTrigUser', trigger],
  ['AT_EnableAlwaysTrig', trigger],
  ['AT_DisableTrig', noTrigger],
  ['AT_DisableTrigAll', noTrigger],
  ['AT_DisableTrigUser', noTrigger],
  ['AT_EnableRowSecurity', rowSecurity],
  ['AT_DisableRowSecurity', rowSecurity],
  ['AT_ForceRowSecurity', rowSecurity],
  ['AT_NoForceRowSecurity', rowSecurity],
  ['AT_AddIdentity', identity],
  ['AT_SetIdentity', identity],
  ['AT_DropIdentity', identity],
  ['AT_DropExpression', identity],
  [
    'AT_SetExpression',
    (command, table) =>
      contract('L3', [table], `changes how ${column(command, table)} is generated, which rewrites the table`),
  ],
  ['AT_AttachPartition', (command, table, context) => attachPartition(command, table, context)],
  ['AT_DetachPartition', (command, table, context) => detachPartition(command, table, context)],
]);

const partition = (command: Tree, context: BatchContext): string =>
  tableOf(child(bodyOf(command['def']), 'name'), context);

/** Reads every row of what is attached, and of a DEFAULT partition if there is one, under an exclusive lock. */
const attachPartition: Command = (command, table, context) => {
  const tables = [table, partition(command, context)].filter((each) => !isNew(context, each));
  return tables.length === 0
    ? expand('L0', [], `attaches a partition to the new ${shown(table)}`)
    : tighten('L3', tables, `attaches a partition to ${shown(table)} and reads its rows under an exclusive lock`);
};

const detachPartition: Command = (command, table, context) => {
  const lock = flag(bodyOf(command['def']), 'concurrent') ? 'L0' : 'L1';
  const tables = [table, partition(command, context)].filter((each) => !isNew(context, each));
  return contract(
    lock,
    tables,
    `detaches a partition from ${shown(table)}, whose rows the running release may still read`,
  );
};
