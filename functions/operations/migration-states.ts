import { hasChanged } from '../domain/deployment/ending.ts';
import type { MigrationState } from '../domain/plan/way-back.ts';
import type { ReleaseDatabase } from '../domain/release.ts';
import type { Ports } from '../ports.ts';
import { databaseServer } from './database-server.ts';
import { appliedOn } from './pg-eval.ts';
import { findEvaluation } from './plan-document.ts';
import { stepName } from './run-step.ts';
import type { StepContext } from './step-context.ts';

export type MigrationStatePorts = Pick<Ports, 'documents'>;

/** Where each database stands after a migration step that may have run: asked of its version table, not of our records. */
export const migrationStates = (ports: MigrationStatePorts, context: StepContext): Promise<readonly MigrationState[]> =>
  Promise.all(
    context.release.databases.map(async (database) => ({
      database: database.key,
      state: await stateOf(ports, context, database),
    })),
  );

const stateOf = async (
  ports: MigrationStatePorts,
  context: StepContext,
  database: ReleaseDatabase,
): Promise<MigrationState['state']> => {
  const { steps } = context.deployment;
  const destroyed = steps[stepName('PGDestroy', database.key)];
  if (destroyed && hasChanged(destroyed)) return 'destroyed';
  const step = steps[stepName('PGMigrate', database.key)];
  if (!step) return 'untouched';
  const evaluation = await findEvaluation(ports, context.input, database.key);
  if (!evaluation || database.migrations.tool === 'unknown') return step.status === 'DONE' ? 'applied' : 'unknown';
  if (evaluation.pending.length === 0) return 'untouched';
  const server = await databaseServer(context.cluster, context.aws, database.serverGroup);
  const applied = await appliedOn(server, database);
  if (applied.dirty) return 'dirty';
  const done = evaluation.pending.filter(({ id }) => applied.ids.includes(id));
  if (done.length === evaluation.pending.length) return 'applied';
  if (done.length > 0) return 'partial';
  // Outside a transaction a statement may have left something behind that no version table tells of.
  return evaluation.pending.every(({ transactional }) => transactional) ? 'untouched' : 'unknown';
};
