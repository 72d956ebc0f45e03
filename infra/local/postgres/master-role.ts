import pg from 'pg';

export interface MasterRole {
  readonly name: string;
  readonly password: string;
  /** The database made with the instance. */
  readonly database?: string | undefined;
}

/**
 * Makes the master user of an instance as RDS does: no superuser, but CREATEDB, CREATEROLE and a member of rds_superuser
 * (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Roles.html). May be repeated.
 */
export const makeMasterRole = (superuserUrl: string, master: MasterRole): Promise<void> =>
  connected(superuserUrl, async (client) => {
    await client.query(RDS_ROLES);
    await putRole(client, master);
    const name = pg.escapeIdentifier(master.name);
    await client.query(`GRANT rds_superuser TO ${name} WITH ADMIN OPTION`);
    await client.query(`ALTER DATABASE postgres OWNER TO ${name}`);
    await putDatabase(client, master);
  });

/** The same on a server that is not ours, as far as its admin may: the role, and the database. May be repeated. */
export const adoptMasterRole = (adminUrl: string, master: MasterRole): Promise<void> =>
  connected(adminUrl, async (client) => {
    const { rows } = await client.query('SELECT current_user AS name');
    if (rows[0]?.['name'] === master.name)
      throw new Error(
        `MasterUsername ${master.name} is the admin of SLIPWAY_POSTGRES_URL, whose password would be changed. ` +
          'Nothing was changed. Name another master user in the template.',
      );
    await putRole(client, master);
    // Owning a database for a role takes membership in it, unless one is a superuser.
    await client.query(`GRANT ${pg.escapeIdentifier(master.name)} TO CURRENT_USER`);
    await putDatabase(client, master);
  });

export const changePassword = (adminUrl: string, { name, password }: MasterRole): Promise<void> =>
  connected(adminUrl, async (client) => {
    await client.query(`ALTER ROLE ${pg.escapeIdentifier(name)} PASSWORD ${pg.escapeLiteral(password)}`);
  });

const RDS_ROLES = `DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_superuser') THEN
    CREATE ROLE rds_superuser NOLOGIN;
    CREATE ROLE rds_iam NOLOGIN;
    CREATE ROLE rds_password NOLOGIN;
    GRANT pg_monitor, pg_signal_backend, pg_checkpoint, rds_iam, rds_password TO rds_superuser WITH ADMIN OPTION;
  END IF;
END $$`;

const putRole = async (client: pg.Client, { name, password }: MasterRole) => {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
  const verb = rowCount === 0 ? 'CREATE' : 'ALTER';
  const attributes = 'LOGIN CREATEDB CREATEROLE';
  await client.query(
    `${verb} ROLE ${pg.escapeIdentifier(name)} WITH ${attributes} PASSWORD ${pg.escapeLiteral(password)}`,
  );
};

const putDatabase = async (client: pg.Client, { name, database }: MasterRole) => {
  if (database === undefined) return;
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
  if (rowCount === 0)
    await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)} OWNER ${pg.escapeIdentifier(name)}`);
};

const connected = async (url: string, run: (client: pg.Client) => Promise<void>): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect().catch((cause: unknown) => {
    const { host } = new URL(url);
    throw new Error(`PostgreSQL at ${host} does not let its admin in: ${cause}. Nothing was changed.`, { cause });
  });
  try {
    await run(client);
  } finally {
    await client.end();
  }
};
