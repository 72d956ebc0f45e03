import { isLoopback } from '../domain/database/loopback.ts';
import { readServerLogin } from '../domain/database/secret.ts';
import type { Cluster } from '../domain/environment/cluster.ts';
import { StepFailure, Transient } from '../domain/failure.ts';
import type { ClusterPorts, SqlConnection, SqlStatement } from '../ports.ts';

type Rows = readonly Readonly<Record<string, unknown>>[];

/** One database server, spoken to as its admin. */
export interface DatabaseServer {
  readonly login: Omit<SqlConnection, 'database' | 'user' | 'password'>;
  /** Rows per statement, on the named database or the server's own. */
  run(statements: readonly SqlStatement[], database?: string): Promise<readonly Rows[]>;
  /** The same, with PostgreSQL's refusal as an answer. */
  ask(statements: readonly SqlStatement[], database?: string): ReturnType<ClusterPorts['sql']['run']>;
}

/** PostgreSQL's codes for "come back later": too many connections, starting up, shutting down. */
const BUSY = new Set(['53300', '57P03', '57P01', '57P02']);

/**
 * The server of a group, with the admin's login from its secret.
 * @throws StepFailure DatabaseServerUnknown, Transient when it cannot be reached.
 */
export const databaseServer = async (
  cluster: Cluster,
  aws: Pick<ClusterPorts, 'secrets' | 'sql'>,
  serverGroup: string,
): Promise<DatabaseServer> => {
  const host = cluster.aws.rdsHosts.find(({ serverGroupName }) => serverGroupName === serverGroup);
  const secretName = host?.auth.secretsManager?.secretName;
  const document = secretName && (await aws.secrets.read(secretName));
  const admin = document ? readServerLogin(document) : undefined;
  if (!admin) throw unknownServer(cluster.name, serverGroup, secretName);
  const connection: SqlConnection = { ...admin, tls: !isLoopback(admin.host) };
  const ask: DatabaseServer['ask'] = async (statements, database) => {
    const answer = await aws.sql.run({ ...connection, ...(database && { database }) }, statements);
    if (answer.kind === 'failed' && ((answer.statement < 0 && answer.code !== '3D000') || BUSY.has(answer.code)))
      throw new Transient(
        'Unavailable',
        `PostgreSQL at ${admin.host}:${admin.port} cannot be reached: ${answer.message}`,
      );
    return answer;
  };
  return {
    login: { host: admin.host, port: admin.port, tls: connection.tls },
    ask,
    run: async (statements, database) => {
      const answer = await ask(statements, database);
      if (answer.kind === 'rows') return answer.results;
      throw new StepFailure({
        code: 'DatabaseRefused',
        message: `PostgreSQL refuses statement ${answer.statement + 1} (${answer.code}): ${answer.message}`,
        left: 'Statements before it are done; all of them may be repeated',
        remedy: 'Give the admin of the server what is missing, then push again',
      });
    },
  };
};

const unknownServer = (cluster: string, group: string, secret: string | undefined) =>
  new StepFailure({
    code: 'DatabaseServerUnknown',
    message: secret
      ? `The secret ${secret} of server group ${group} has no login in it`
      : `Cluster ${cluster} has no server group ${group} with a secret`,
    left: 'Nothing was changed',
    remedy: secret
      ? 'Put host, port, user and password into the secret'
      : 'Add it under rdsHosts and run slipway apply',
  });
