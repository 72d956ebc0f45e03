import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { stringify } from 'yaml';
import { ROOT } from '../../bin/local/synthesise.ts';
import { readServerLogin } from '../../functions/domain/database/secret.ts';
import { type Deployment, isEnded } from '../../functions/domain/deployment/deployment.ts';
import { clientSettings } from '../../infra/local/assembly.ts';
import { serviceFiles } from '../support/example-service.ts';
import { type Branch, type Files, startTestSlipway, type TestSlipway } from '../support/slipway.ts';
import { until } from '../support/until.ts';

// A server group whose administrator logs in by IAM: nobody has a password, neither Slipway, nor migrations, nor the application.

const ROLE = 'dev_ledger_orderBook';

/** Tokens are checked by the door of an embedded server; one that is used instead of it has none. */
const hasDoor = !process.env['SLIPWAY_POSTGRES_URL'];
const story = hasDoor ? test : (title: string) => test.skip(`${title}: SLIPWAY_POSTGRES_URL is set`, () => undefined);

let slipway: TestSlipway;
let branch: Branch;
let secrets: SecretsManagerClient;
const deployments = new Map<string, Deployment>();
const answers = new Map<string, string>();
/** What became of a request by hand. */
const outcomes = new Map<string, Outcome>();

interface Outcome {
  readonly outcome: string;
  readonly reason: string;
  readonly deploymentId?: string;
}

const released = (path: string) => readFileSync(join(ROOT, 'examples/shop/releases', path), 'utf8');
const migration = (path: string): Files => ({ [`db/migrations/${path.split('/').at(-1)}`]: released(path) });

const applicationFile = (serverGroup: string): string => {
  const DATABASE = { name: 'DATABASE_URL', database: { databaseName: 'orderBook' } };
  const image = { name: 'shop' };
  const command = ['dbmate', '--no-dump-schema', '--migrations-dir', 'db/migrations', 'migrate'];
  const migrateContainer = { name: 'migrate', image, command, envVars: [DATABASE] };
  return stringify({
    name: 'ledger',
    runtimes: [
      {
        name: 'main',
        routes: [{ prefix: '/ledger', protocol: 'HTTP', bypassIngress: true, port: 8080 }],
        containers: [{ name: 'main', demand: 'LIGHT', image, envVars: [DATABASE] }],
      },
    ],
    databases: [{ name: 'orderBook', postgres: { serverGroup, dbExtensions: ['pg_trgm'], migrateContainer } }],
  });
};

/** An application of the original: it takes the words of a DSN, `host=/sockets/postgres user=... dbname=...`. */
const SERVER = `import { createServer } from 'node:http';
import pg from 'pg';

const { host, user, dbname: database } = Object.fromEntries(process.env.DATABASE_URL.split(' ').map((word) => word.split('=')));
const pool = new pg.Pool({ host, user, database, max: 4 });
pool.on('error', (error) => console.error(error.message));
const server = createServer(async (_request, response) => {
  try {
    const { rows } = await pool.query('SELECT count(*) AS count, sum(price_cents) AS sum, session_user AS who FROM products');
    const [{ count, sum, who }] = rows;
    response.end(\`\${count} products of \${sum} cents, read as \${who}\\n\`);
  } catch (error) {
    response.writeHead(500).end(\`\${error.message}\\n\`);
  }
});
server.listen(Number(process.env.PORT), '0.0.0.0');
process.on('SIGTERM', () => server.close(() => pool.end()));
`;

// The tests only read: the story is told once, in order, and they run in any.
beforeAll(async () => {
  if (!hasDoor) return;
  slipway = await startTestSlipway({ schedules: false, iamLogin: true });
  secrets = new SecretsManagerClient(clientSettings(slipway.cloud));
  await makeAdministrator();
  const { PostgresResourceId: identifier, PostgresHost: endpoint, PostgresPort } = slipway.foundation;
  const auth = { iam: { dbUser: 'iam_admin', dbName: 'postgres' } };
  await slipway.configure({
    targets: [{ branch: 'story/**', environment: 'dev' }],
    rdsHosts: [
      {
        ...{ serverGroupName: 'tokens', identifier, endpoint, port: Number(PostgresPort), auth },
        clientSecurityGroupId: 'sg-00000001',
      },
    ],
  });
  branch = await slipway.branch('story/ledger');
  await tell('first', {
    ...serviceFiles({ application: 'ledger', says: '' }),
    'server.js': SERVER,
    'ext/o5/app.yaml': applicationFile('tokens'),
    ...migration('01-first-release/db/migrations/20260101000000_create_products.sql'),
  });
  await tell('rewriting', migration('05-large-prices/db/migrations/20260401000000_widen_prices.sql'));
  const commit = deployments.get('rewriting')?.version ?? '';
  await request('rotate', commit, { strategy: 'rotate-credentials' });
  await request('recreate', commit, { strategy: 'recreate-database', confirm: 'dev-ledger' });
  await request('by password', await branch.push({ 'ext/o5/app.yaml': applicationFile('default') }), {});
}, 200_000);

afterAll(async () => {
  secrets?.destroy();
  await slipway?.stop();
});

/** What somebody does once for a server: docs/databases-by-iam.md. */
const makeAdministrator = async () => {
  await asMaster('postgres', 'CREATE ROLE iam_admin LOGIN CREATEDB CREATEROLE');
  await asMaster('postgres', 'GRANT rds_iam TO iam_admin WITH ADMIN OPTION');
};

const asMaster = async (database: string, text: string): Promise<readonly Readonly<Record<string, unknown>>[]> => {
  const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: 'local/postgres' }));
  const login = readServerLogin(SecretString);
  const client = new Client({ ...login, database });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
};

const tell = async (name: string, files: Files) => {
  const commit = await branch.push(files);
  await note(name, await slipway.ended('dev-ledger', commit));
};

const note = async (name: string, deployment: Deployment) => {
  deployments.set(name, deployment);
  answers.set(name, await slipway.ask('/ledger'));
};

/** Asks by hand, and waits for the end of what comes of it. */
const request = async (name: string, commit: string, more: object) => {
  const { executions, ports } = slipway;
  const id = randomUUID();
  const of = { repository: 'acme/shop', ref: `refs/heads/${branch.name}`, commit, environment: 'dev', actor: 'ada' };
  await executions.start('request', id, { id, ...of, ...more });
  const { output } = await executions.ended(executions.arnOf('request', id));
  const [outcome = { outcome: 'NONE', reason: '' }] =
    (output as { readonly targets?: readonly Outcome[] }).targets ?? [];
  outcomes.set(name, outcome);
  const { deploymentId } = outcome;
  if (!deploymentId) return;
  const ended = async () => {
    const found = await ports.deployments.find(deploymentId);
    return found && isEnded(found.status) && found;
  };
  await note(name, await until(`the end of ${name}`, ended));
};

story(
  'a first release makes the database and migrates it with tokens, and the application reads it as its role',
  () => {
    expect(deployments.get('first')).toMatchObject({ status: 'DONE', plan: { mode: 'BEFORE' } });
    expect(answers.get('first')).toBe(`200 3 products of 17550 cents, read as ${ROLE}`);
  },
);

story('a downtime waits for the sessions that the sidecar keeps open', () => {
  expect(deployments.get('rewriting')).toMatchObject({ status: 'DONE', plan: { mode: 'DOWNTIME' } });
  expect(answers.get('rewriting')).toBe(`200 3 products of 17550 cents, read as ${ROLE}`);
});

story('credentials are rotated by starting new tasks: there is no password to change', () => {
  expect(deployments.get('rotate')).toMatchObject({ status: 'DONE' });
});

story('a database is made anew as it was', () => {
  expect(deployments.get('recreate')).toMatchObject({ status: 'DONE' });
  expect(answers.get('recreate')).toBe(`200 3 products of 17550 cents, read as ${ROLE}`);
});

story('a database does not change to logins by password', () => {
  expect(outcomes.get('by password')).toMatchObject({
    outcome: 'REJECTED',
    reason: expect.stringMatching(/orderBook|dev_ledger/),
  });
});

story('the application has no secret, neither in its template nor in Secrets Manager', async () => {
  const { SecretList = [] } = await secrets.send(new ListSecretsCommand({}));
  expect(SecretList.flatMap(({ Name = '' }) => Name).filter((name) => name.includes('ledger'))).toEqual([]);
  const cloudFormation = new CloudFormationClient(clientSettings(slipway.cloud));
  const { TemplateBody = '' } = await cloudFormation.send(new GetTemplateCommand({ StackName: 'dev-ledger' }));
  cloudFormation.destroy();
  expect(TemplateBody).not.toMatch(/secret/i);
});

story('its role and its migrator log in by IAM alone, and everything belongs to the role', async () => {
  const members = await asMaster(
    'postgres',
    `SELECT member::regrole::text AS login FROM pg_auth_members WHERE roleid = 'rds_iam'::regrole ORDER BY 1`,
  );
  expect(members.map(({ login }) => login)).toEqual(
    expect.arrayContaining([`"${ROLE}"`, `"${ROLE}_migrate"`, 'iam_admin']),
  );
  const tables = await asMaster(ROLE, `SELECT tableowner FROM pg_tables WHERE schemaname = 'public'`);
  expect(new Set(tables.map(({ tableowner }) => tableowner))).toEqual(new Set([ROLE]));
});
