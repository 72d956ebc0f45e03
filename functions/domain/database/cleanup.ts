import { identifier, literal } from './identifier.ts';
import { block, type Statement } from './statement.ts';

/**
 * On the database itself, as the admin: everything in it becomes the role's own. What logins of this database left is
 * reassigned, whatever its kind; then each schema, table, view, sequence, function and type that still belongs to
 * somebody else, by its quoted name. Members of extensions stay with their extension, sequences of columns with their
 * table. What the admin may not touch stays, and `foreignObjects` names it.
 */
export const ownershipStatements = (databaseName: string): readonly Statement[] => [
  { text: `GRANT USAGE, CREATE ON SCHEMA public TO ${identifier(databaseName)}` },
  reassign(databaseName),
  schemas(databaseName),
  relations(databaseName),
  routines(databaseName),
  types(databaseName),
];

/** What does not belong to the role after all: kind, name and owner; empty is what PGCleanup wants. */
export const foreignObjects = (databaseName: string): Statement => ({
  text: `SELECT kind, name, owner FROM (
  SELECT CASE c.relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
                        WHEN 'f' THEN 'foreign table' ELSE 'table' END AS kind,
         quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name, pg_get_userbyid(c.relowner) AS owner
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND ${ownSchema} AND ${notOfExtension('pg_class', 'c')}
) objects WHERE owner <> $1 ORDER BY kind, name`,
  values: [databaseName],
});

/** Only what applications make: neither the system's schemas nor temporary ones. */
const ownSchema = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

const notOfExtension = (catalogue: string, alias: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalogue}'::regclass AND d.objid = ${alias}.oid AND d.deptype = 'e')`;

/** Logins of this database, by membership and by name. */
const logins = (databaseName: string): string =>
  `SELECT m.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member JOIN pg_roles g ON g.oid = a.roleid
    WHERE g.rolname = ${literal(databaseName)} AND starts_with(m.rolname, ${literal(`${databaseName}_`)})`;

const reassign = (databaseName: string): Statement =>
  block(`DECLARE
  login name;
BEGIN
  FOR login IN ${logins(databaseName)} LOOP
    IF NOT pg_has_role(login, 'USAGE') THEN
      EXECUTE format('GRANT %I TO CURRENT_USER', login);
    END IF;
    EXECUTE format('REASSIGN OWNED BY %I TO %I', login, ${literal(databaseName)});
  END LOOP;
END`);

/** Runs one ALTER ... OWNER per row of a query that gives them as text; rights that are missing are reported later. */
const alterEach = (query: string): Statement =>
  block(`DECLARE
  command text;
BEGIN
  FOR command IN ${query} LOOP
    BEGIN
      EXECUTE command;
    EXCEPTION WHEN insufficient_privilege THEN
      RAISE NOTICE '%', SQLERRM;
    END;
  END LOOP;
END`);

const foreign = (databaseName: string, owner: string): string =>
  `pg_get_userbyid(${owner}) <> ${literal(databaseName)}`;

/** `public` belongs to the owner of the database already (from 15 on), or to the superuser. */
const schemas = (databaseName: string): Statement =>
  alterEach(`SELECT format('ALTER SCHEMA %I OWNER TO %I', n.nspname, ${literal(databaseName)})
    FROM pg_namespace n
    WHERE ${ownSchema} AND n.nspname <> 'public' AND ${foreign(databaseName, 'n.nspowner')} AND ${notOfExtension('pg_namespace', 'n')}`);

/** A sequence that a column owns follows its table and cannot be given away by itself. */
const relations = (databaseName: string): Statement =>
  alterEach(`SELECT format('ALTER %s %I.%I OWNER TO %I',
      CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                     WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
      n.nspname, c.relname, ${literal(databaseName)})
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND ${ownSchema} AND ${foreign(databaseName, 'c.relowner')}
      AND ${notOfExtension('pg_class', 'c')}
      AND NOT (c.relkind = 'S' AND EXISTS (SELECT FROM pg_depend d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')))
    ORDER BY c.relkind <> 'p', n.nspname, c.relname`);

const routines = (databaseName: string): Statement =>
  alterEach(`SELECT format('ALTER ROUTINE %s OWNER TO %I', p.oid::regprocedure, ${literal(databaseName)})
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE ${ownSchema} AND ${foreign(databaseName, 'p.proowner')} AND ${notOfExtension('pg_proc', 'p')}`);

/** Types of rows and arrays follow what they belong to. */
const types = (databaseName: string): Statement =>
  alterEach(`SELECT format('ALTER TYPE %I.%I OWNER TO %I', n.nspname, t.typname, ${literal(databaseName)})
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE ${ownSchema} AND ${foreign(databaseName, 't.typowner')} AND ${notOfExtension('pg_type', 't')}
      AND t.typtype IN ('e', 'd', 'r', 'c') AND (c.oid IS NULL OR c.relkind = 'c')`);
