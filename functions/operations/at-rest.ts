import type { Callback, Outcome } from '../domain/callback.ts';
import { terminateSessions } from '../domain/database/sessions.ts';
import type { ClusterPorts, Ports } from '../ports.ts';
import { databaseServer } from './database-server.ts';
import { type ContextPorts, loadContext } from './step-context.ts';

/**
 * Whether the stack is at rest and no task is left that one of these tokens started. A migrator that was stopped may leave
 * its session at work on the server, with its locks: that is ended as well. Undefined while something still goes on.
 * The answer names the steps whose operation CloudFormation has taken back (`undone`) or carried out all the same (`finished`).
 */
export const atRest = async (
  ports: ContextPorts & Pick<Ports, 'callbacks'>,
  callback: Callback,
  tokens: readonly string[],
  aws: ClusterPorts,
): Promise<Outcome | undefined> => {
  const stack = await aws.stacks.find(callback.stackName);
  if (stack && !stack.atRest) return undefined;
  const tasks = (await Promise.all(tokens.map((token) => aws.tasks.startedBy(token)))).flat();
  if (!tasks.every(({ stopped }) => stopped)) return undefined;
  if (tasks.length > 0) await endMigrators(ports, callback, aws);
  return { ok: true, output: { stack: stack?.status ?? 'missing', ...(await aftermath(ports, tokens, aws)) } };
};

const aftermath = async ({ callbacks }: Pick<Ports, 'callbacks'>, tokens: readonly string[], aws: ClusterPorts) => {
  const undone: string[] = [];
  const finished: string[] = [];
  for (const token of tokens) {
    const callback = await callbacks.find(token);
    if (callback?.waitsFor.kind !== 'stack-operation') continue;
    const operation = await aws.stacks.operation(callback.stackName, token);
    if (operation.kind === 'unknown' || (operation.kind === 'ended' && operation.rolledBack))
      undone.push(callback.step);
    if (operation.kind === 'ended' && operation.succeeded) finished.push(callback.step);
  }
  return { ...(undone.length > 0 && { undone }), ...(finished.length > 0 && { finished }) };
};

const endMigrators = async (ports: ContextPorts, callback: Callback, aws: ClusterPorts) => {
  const { release, cluster } = await loadContext(ports, callback);
  for (const { databaseName, serverGroup, migrate } of release.databases) {
    if (!migrate) continue;
    const server = await databaseServer(cluster, aws, serverGroup);
    await server.run([terminateSessions(databaseName, 'migrator')], databaseName);
  }
};
