import { type BatchContext, isNew, tableOf } from './created.ts';
import { type Effect, expand, neutral } from './effect.ts';
import { shown } from './names.ts';
import { bodiesOf, child, flag, has, list, type Tree, text } from './tree.ts';

/** VACUUM and ANALYZE. */
export const vacuum = (body: Tree, context: BatchContext): Effect => {
  const tables = bodiesOf(list(body, 'rels'), 'VacuumRelation')
    .map((each) => tableOf(child(each, 'relation'), context))
    .filter((key) => !isNew(context, key));
  const full = bodiesOf(list(body, 'options'), 'DefElem').some((each) => text(each, 'defname') === 'full');
  const names = tables.map(shown).join(', ') || 'the database';
  if (!flag(body, 'is_vacuumcmd')) return neutral('L0', tables, `analyzes ${names}`);
  return full
    ? neutral('L3', tables, `rewrites ${names} under an exclusive lock`)
    : neutral('L0', tables, `vacuums ${names}`, { scans: tables });
};

/** REINDEX: readers who plan with the index wait too. */
export const reindex = (body: Tree): Effect => {
  const concurrent = bodiesOf(list(body, 'params'), 'DefElem').some(
    (each) => text(each, 'defname') === 'concurrently' && !has(each, 'arg'),
  );
  return concurrent
    ? neutral('L0', [], 'rebuilds indexes', { scans: ['*'] })
    : neutral('L3', [], 'rebuilds indexes under an exclusive lock', { advice: 'REINDEX CONCURRENTLY.' });
};

/** CLUSTER. */
export const cluster = (body: Tree, context: BatchContext): Effect => {
  const table = tableOf(child(body, 'relation'), context);
  return has(body, 'relation')
    ? neutral('L3', [table], `rewrites ${shown(table)} under an exclusive lock`)
    : neutral('L3', [], 'rewrites all clustered tables under an exclusive lock');
};

/** REFRESH MATERIALIZED VIEW: CONCURRENTLY lets readers in. */
export const refresh = (body: Tree, context: BatchContext): Effect => {
  const view = tableOf(child(body, 'relation'), context);
  if (isNew(context, view)) return expand('L0', [], `fills the new ${shown(view)}`, { scans: ['*'] });
  return flag(body, 'concurrent')
    ? neutral('L2', [view], `refreshes ${shown(view)}`, { scans: ['*'] })
    : neutral('L3', [view], `refreshes ${shown(view)} under an exclusive lock`, { scans: ['*'] });
};

/** LOCK TABLE: modes up to SHARE UPDATE EXCLUSIVE (4) hold nobody up for long. */
export const lock = (body: Tree, context: BatchContext): Effect => {
  const tables = bodiesOf(list(body, 'relations'), 'RangeVar')
    .map((each) => tableOf(each, context))
    .filter((key) => !isNew(context, key));
  const mode = body['mode'];
  const weak = typeof mode === 'number' && mode <= 4;
  return neutral(weak || tables.length === 0 ? 'L0' : 'L1', tables, `locks ${tables.map(shown).join(', ')}`);
};
