import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { findBinaries } from '../../infra/local/postgres/binaries.ts';
import { makeMasterRole } from '../../infra/local/postgres/master-role.ts';
import { startServer } from '../../infra/local/postgres/server.ts';
import { serverAccount } from '../../infra/local/postgres/server-account.ts';
import { superuserUrl } from '../../infra/local/postgres/server-options.ts';
import { memoryFolder } from './memory-folder.ts';

export interface TestPostgres {
  /** The master user as RDS gives it, no superuser: `admin_user` on the database `postgres`. */
  readonly adminUrl: string;
  readonly superuserUrl: string;
  stop(): Promise<void>;
}

/** A real PostgreSQL of one's own, ready in about half a second: one per test file, in `beforeAll`. */
export const startTestPostgres = async (): Promise<TestPostgres> => {
  const account = serverAccount();
  const directory = memoryFolder('test-postgres-');
  const remove = () => rmSync(directory, { recursive: true, force: true });
  const password = randomBytes(12).toString('hex');
  const server = await startServer({
    binaries: findBinaries(account),
    account,
    directory,
    superuserPassword: password,
  });
  // A test run that ends without stop() leaves neither the process nor its files.
  const abandon = () => {
    process.kill(server.pid, 'SIGQUIT');
    remove();
  };
  process.once('exit', abandon);
  const own = superuserUrl(server.port, password);
  await makeMasterRole(own, { name: 'admin_user', password });
  return {
    adminUrl: `postgresql://admin_user:${password}@127.0.0.1:${server.port}/postgres`,
    superuserUrl: own,
    stop: async () => {
      process.off('exit', abandon);
      await server.stop('immediate');
      remove();
    },
  };
};
