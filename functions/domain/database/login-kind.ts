import type { Statement } from './statement.ts';

// A member of rds_iam gets in with tokens alone, and so does whoever is a member of a member: a role whose logins have
// passwords cannot be let in by IAM without shutting them out. So a database keeps the kind of login that it was made with.

/** What a rotation does with a database by IAM: every login has a token of its own for a quarter of an hour. */
export const NO_PASSWORD = 'nothing: one logs in to it by IAM, without a password';

interface Changed {
  readonly key: string;
  readonly databaseName: string;
  readonly serverGroup: string;
  /** Whether those of the server group are logged in to by IAM now. */
  readonly iam?: boolean;
}

/** What is said of a database whose kind of login would change, and the two ways out. */
export const loginChanged = ({ key, databaseName, serverGroup, iam }: Changed) => {
  const [was, is] = iam === true ? ['passwords', 'tokens of IAM'] : ['tokens of IAM', 'passwords'];
  return {
    message: `${key} (${databaseName}) is logged in to with ${was}, and the server group ${serverGroup} with ${is}: one role cannot have both`,
    remedy: `Use a server group with ${was}, or run the strategy destroy-database, which loses what is in the database, and deploy again`,
  };
};

/**
 * On the server: whether the role of a database is let in by IAM already (`iam`), and who else logs in to act as it, by
 * password (`logins`). No rows when there is no such role.
 */
export const standingLogins = (databaseName: string): Statement => ({
  text: `SELECT ${isLetIn('own')} AS iam,
    ARRAY(SELECT m.rolname::text FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member
          WHERE a.roleid = own.oid AND m.rolcanlogin AND starts_with(m.rolname::text, $1::text || '_')
            AND NOT ${isLetIn('m')} ORDER BY 1) AS logins
  FROM pg_roles own WHERE own.rolname = $1::text`,
  values: [databaseName],
});

/** What `standingLogins` answered, in words, when it does not go with how the database is to be logged in to. */
export const standsAgainst = (
  [row]: readonly Readonly<Record<string, unknown>>[],
  { iam = false }: { readonly iam?: boolean },
): string | undefined => {
  if (!row) return undefined;
  const logins = row['logins'];
  if (iam) return Array.isArray(logins) && logins.length > 0 ? `${logins.join(', ')} log in by password` : undefined;
  return row['iam'] === true ? 'its role is a member of rds_iam' : undefined;
};

const isLetIn = (role: string): string =>
  `EXISTS (SELECT FROM pg_auth_members i JOIN pg_roles g ON g.oid = i.roleid WHERE g.rolname = 'rds_iam' AND i.member = ${role}.oid)`;
