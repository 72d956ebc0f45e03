import { isLoopback } from '../domain/database/loopback.ts';
import { readServerLogin } from '../domain/database/secret.ts';
import type { Cluster, RdsHost } from '../domain/environment/cluster.ts';
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
 * The server of a group, spoken to as its admin: by the login in its secret, or with tokens of IAM.
 * @throws StepFailure DatabaseServerUnknown, Transient when it cannot be reached or does not let the admin in.
 */
export const databaseServer = async (
  cluster: Cluster,
  aws: Pick<ClusterPorts, 'secrets' | 'sql'>,
  serverGroup: string,
): Promise<DatabaseServer> => {
  const connection = await adminOf(cluster, aws, serverGroup);
  const { host, port, tls } = connection;
  const ask: DatabaseServer['ask'] = async (statements, database) => {
    const answer = await aws.sql.run({ ...connection, ...(database && { database }) }, statements);
    if (answer.kind === 'failed' && ((answer.statement < 0 && answer.code !== '3D000') || BUSY.has(answer.code)))
      throw isTokenRefused(connection, answer)
        ? tokenRefused(connection, answer.message)
        : unreachable(connection, answer);
    return answer;
  };
  return {
    login: { host, port, tls },
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

const adminOf = async (
  cluster: Cluster,
  aws: Pick<ClusterPorts, 'secrets'>,
  serverGroup: string,
): Promise<SqlConnection> => {
  const host = cluster.aws.rdsHosts.find(({ serverGroupName }) => serverGroupName === serverGroup);
  if (host?.auth.iam) return adminByIam(cluster.name, host, host.auth.iam);
  const secretName = host?.auth.secretsManager?.secretName;
  const document = secretName && (await aws.secrets.read(secretName));
  const admin = document ? readServerLogin(document) : undefined;
  if (!admin) throw unknownServer(cluster.name, serverGroup, secretName);
  return { ...admin, tls: !isLoopback(admin.host) };
};

/** Without a password: whoever runs the statements signs a token. */
const adminByIam = (
  cluster: string,
  { serverGroupName, endpoint, port = 5432 }: RdsHost,
  { dbUser, dbName = dbUser }: NonNullable<RdsHost['auth']['iam']>,
): SqlConnection => {
  if (endpoint !== undefined)
    return { host: endpoint, port, user: dbUser, database: dbName, tls: !isLoopback(endpoint) };
  throw new StepFailure({
    code: 'DatabaseServerUnknown',
    message: `Server group ${serverGroupName} of cluster ${cluster} is logged in to by IAM and has no endpoint`,
    left: 'Nothing was changed',
    remedy: 'Write the host name of the server under rdsHosts[].endpoint and run slipway apply',
  });
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

type Failed = Extract<Awaited<ReturnType<ClusterPorts['sql']['run']>>, { kind: 'failed' }>;

const unreachable = ({ host, port }: SqlConnection, { message }: Failed) =>
  new Transient('Unavailable', `PostgreSQL at ${host}:${port} cannot be reached: ${message}`);

/** The class of codes for a login that is not let in; RDS says `PAM authentication failed` with it. */
const isTokenRefused = ({ password }: SqlConnection, { statement, code }: Failed): boolean =>
  password === undefined && statement < 0 && code.startsWith('28');

/**
 * RDS says the same of a right that is missing, of one that IAM has not spread yet, and of more logins a second than the
 * instance takes (AWS's page on IAM database authentication, limitations). The latter two pass within the half minute for
 * which a step is tried again, and no deployment may end half way because of them; the first fails then, with what to do.
 */
const tokenRefused = ({ host, port, user }: SqlConnection, message: string) =>
  new Transient('Unavailable', `PostgreSQL at ${host}:${port} does not let ${user} in by IAM: ${message}`, {
    remedy: `See that the server has IAM authentication enabled, that ${user} exists there and is a member of rds_iam, and that the cluster stack names it under databaseAdmins; then push again`,
  });
