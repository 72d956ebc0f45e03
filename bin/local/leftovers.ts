import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { killLeftovers } from '../../infra/local/ecs/process-mark.ts';
import { removeAllFiles } from '../../infra/local/ecs/task-files.ts';
import { discardServer } from '../../infra/local/postgres/server.ts';
import { dataDirectory, serverAccount } from '../../infra/local/postgres/server-account.ts';

/** Ends what a killed run left on a state folder: services, tasks, database servers. Files of tasks and the servers' data go with them. */
export const stopLeftovers = async (directory: string): Promise<void> => {
  await killLeftovers([], join(directory, 'ecs'));
  removeAllFiles(join(directory, 'ecs'));
  const servers = dataDirectory(join(directory, 'postgres'), serverAccount());
  for (const name of readdirSync(servers)) await discardServer(join(servers, name));
};
