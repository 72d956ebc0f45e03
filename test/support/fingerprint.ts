import { CloudFormationClient, DescribeStacksCommand, ListChangeSetsCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, ListTablesCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Client } from 'pg';
import { canonical } from '../../functions/domain/canonical.ts';
import { readServerLogin } from '../../functions/domain/database/secret.ts';
import { clientSettings } from '../../infra/local/assembly.ts';
import type { TestSlipway } from './slipway.ts';

type Fingerprint = Readonly<Record<string, unknown>>;

/**
 * Everything that a deployment may change: Slipway's records, CloudFormation stacks with their events and change sets,
 * services, secrets, and what the database server holds. Two that are equal prove that nothing was.
 */
export const fingerprint = async (slipway: Pick<TestSlipway, 'cloud' | 'account'>): Promise<Fingerprint> => {
  const stacks = await cloudFormationStacks(slipway);
  return {
    records: await allItems(slipway),
    stacks,
    events: await Promise.all(stacks.map(({ name }) => slipway.account.happenedTo(name))),
    services: await slipway.account.services('dev'),
    secrets: await secretVersions(slipway),
    databases: await databases(slipway),
  };
};

const cloudFormationStacks = async ({ cloud }: Pick<TestSlipway, 'cloud'>) => {
  const client = new CloudFormationClient(clientSettings(cloud));
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({}));
  return Promise.all(
    Stacks.map(async ({ StackName: name = '', StackStatus: status, Parameters: parameters }) => {
      const { Summaries: changeSets = [] } = await client.send(new ListChangeSetsCommand({ StackName: name }));
      return { name, status, parameters, changeSets };
    }),
  );
};

/** In no order of their own. */
const allItems = async ({ cloud }: Pick<TestSlipway, 'cloud'>) => {
  const client = new DynamoDBClient(clientSettings(cloud));
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const tables = TableNames.map(async (TableName) => {
    const { Items = [] } = await client.send(new ScanCommand({ TableName }));
    return [TableName, Items.map((item) => canonical(item)).sort()] as const;
  });
  return Object.fromEntries(await Promise.all(tables));
};

const secretVersions = async ({ cloud }: Pick<TestSlipway, 'cloud'>) => {
  const client = new SecretsManagerClient(clientSettings(cloud));
  const { SecretList = [] } = await client.send(new ListSecretsCommand({ MaxResults: 100 }));
  return SecretList.map(({ ARN, SecretVersionsToStages }) => [ARN, SecretVersionsToStages]);
};

/** Databases, roles, tables and applied migrations, as the admin of the example's server sees them. */
const databases = async ({ cloud }: Pick<TestSlipway, 'cloud'>) => {
  const secrets = new SecretsManagerClient(clientSettings(cloud));
  const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: 'local/postgres' }));
  const login = readServerLogin(SecretString);
  const ask = async (database: string | undefined, ...statements: readonly string[]) => {
    const client = new Client({ ...login, ...(database && { database }) });
    await client.connect();
    try {
      const answers: unknown[] = [];
      for (const statement of statements)
        answers.push((await client.query({ text: statement, rowMode: 'array' })).rows);
      return answers;
    } finally {
      await client.end();
    }
  };
  const [names, roles] = await ask(
    undefined,
    "SELECT datname FROM pg_database WHERE datname LIKE 'dev%' ORDER BY 1",
    'SELECT rolname, rolcanlogin, rolconfig FROM pg_roles ORDER BY 1',
  );
  const inside = (names as [string][]).map(async ([name]) => [
    name,
    await ask(name, 'SELECT relname, relkind FROM pg_class ORDER BY 1, 2', 'SELECT extname FROM pg_extension'),
  ]);
  return { roles, inside: await Promise.all(inside) };
};
