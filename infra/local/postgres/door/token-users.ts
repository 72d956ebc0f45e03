import pg from 'pg';

export interface TokenUsers {
  /** Whether a token of IAM is all that lets a role in; false for a role that is not there. */
  needsToken(user: string): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Who is a member of `rds_iam`, directly or through other roles. In RDS the master user is none, but may give it away; here
 * PostgreSQL wants it to have what it gives, so who has it through `rds_superuser` is left out.
 */
export const tokenUsers = (superuserUrl: string): TokenUsers => {
  const pool = new pg.Pool({ connectionString: superuserUrl, max: 1, application_name: 'door', allowExitOnIdle: true });
  // A server that restarts breaks the idle connection; the next question makes a new one.
  pool.on('error', () => undefined);
  return {
    needsToken: async (user) => (await pool.query(NEEDS_TOKEN, [user])).rowCount === 1,
    close: () => pool.end(),
  };
};

// By joins rather than by name: the first login of all makes these roles.
const NEEDS_TOKEN = `SELECT FROM pg_roles login
  JOIN pg_roles iam ON iam.rolname = 'rds_iam' AND pg_has_role(login.oid, iam.oid, 'MEMBER')
  JOIN pg_roles super ON super.rolname = 'rds_superuser' AND NOT pg_has_role(login.oid, super.oid, 'MEMBER')
  WHERE login.rolname = $1`;
