import { foreignObjects, ownershipStatements } from '../domain/database/cleanup.ts';
import { StepFailure } from '../domain/failure.ts';
import { databaseServer } from './database-server.ts';
import { type RunStepPorts, runStep } from './run-step.ts';
import { databaseOf, type StepInput } from './step-context.ts';

/** Gives everything in the database to its role, whoever made it. */
export const pgCleanup = (ports: RunStepPorts, input: StepInput): Promise<object> =>
  runStep(ports, input, 'PGCleanup', async (context) => {
    const { databaseName, serverGroup } = databaseOf(context);
    const server = await databaseServer(context.cluster, context.aws, serverGroup);
    await server.run(ownershipStatements(databaseName), databaseName);
    const [foreign = []] = await server.run([foreignObjects(databaseName)], databaseName);
    if (foreign.length > 0) throw foreignOwners(databaseName, foreign);
    return { answer: {} };
  });

const foreignOwners = (databaseName: string, rows: readonly Readonly<Record<string, unknown>>[]) => {
  const names = rows.map(({ kind, name, owner }) => `${kind} ${name} of ${owner}`);
  return new StepFailure({
    code: 'OwnershipIncomplete',
    message: `In ${databaseName} these do not belong to its role and could not be given to it: ${names.join(', ')}`,
    left: 'The migrations are applied',
    remedy: `As their owner or a superuser: ALTER ... OWNER TO "${databaseName}", then push again`,
  });
};
