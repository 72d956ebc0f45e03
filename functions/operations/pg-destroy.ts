import { dropDatabase, dropRoles } from '../domain/database/remove.ts';
import { outwardToken } from '../domain/token.ts';
import { without } from '../domain/without.ts';
import type { Ports } from '../ports.ts';
import { secretsOf, standingRecord } from './database-secrets.ts';
import { databaseServer } from './database-server.ts';
import { type RunStepPorts, runStep, stepName } from './run-step.ts';
import { databaseOf, type StepContext, type StepInput } from './step-context.ts';

export type DestroyPorts = RunStepPorts & Pick<Ports, 'databases' | 'hash'>;

/**
 * Takes a database away, with everything in it and every role of it. What leads to it is forgotten first: wherever this
 * stops, the next PGUpsert makes a login that works instead of trusting one that is gone.
 */
export const pgDestroy = (ports: DestroyPorts, input: StepInput): Promise<object> =>
  runStep(ports, input, 'PGDestroy', async (context) => {
    const { databaseName, serverGroup, key } = databaseOf(context);
    const record = await standingRecord(ports, context, key);
    const server = await databaseServer(context.cluster, context.aws, serverGroup);
    if (record.login) await ports.databases.put(without(record, 'login'));
    for (const arn of Object.values(secretsOf(record) ?? {})) await empty(ports, context, arn);
    await server.run(dropDatabase(databaseName));
    await server.run(dropRoles(databaseName));
    return { answer: {}, outputs: { destroyed: databaseName } };
  });

/** Secrets Manager takes no empty value; deleting the secret would keep its name from being used again for days. */
const EMPTY = '{}';

/** The token is this claim's own: one that was used before with the same value would move nothing. */
const empty = async ({ hash }: DestroyPorts, { aws, input }: StepContext, arn: string): Promise<void> => {
  const kept = await aws.secrets.read(arn);
  if (!kept || kept === EMPTY) return;
  await aws.secrets.write(
    arn,
    EMPTY,
    outwardToken(hash, { ...input, step: stepName('PGDestroy', input.database), attempt: 1 }),
  );
};
