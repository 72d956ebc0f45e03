import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ListTablesCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListBucketsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientSettings } from '../../infra/local/assembly.ts';
import type { TestSlipway } from './slipway.ts';

type Scanned = Pick<TestSlipway, 'cloud' | 'executions'>;

/** What in the JSON of a login is no secret. */
const PUBLIC_FIELDS = new Set(
  'host port username dbname engine dbInstanceIdentifier dbuser dbhost dbport appId'.split(' '),
);

/** Everything that Secrets Manager keeps: whole values, and the secret fields of those that are JSON. */
export const secretValues = async ({ cloud }: Pick<Scanned, 'cloud'>): Promise<readonly string[]> => {
  const client = new SecretsManagerClient(clientSettings(cloud));
  const { SecretList = [] } = await client.send(new ListSecretsCommand({ MaxResults: 100 }));
  const values: string[] = [];
  for (const { ARN } of SecretList) {
    const value = await client.send(new GetSecretValueCommand({ SecretId: ARN })).catch((error: unknown) => {
      // An application's own secret is born empty.
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
      throw error;
    });
    if (value?.SecretString) values.push(...fieldsOf(value.SecretString));
  }
  return values;
};

const fieldsOf = (text: string): readonly string[] => {
  // Webhook secrets stand in a list while one takes the place of another.
  if (text.startsWith('[')) return [text, ...(JSON.parse(text) as readonly string[])];
  if (!text.startsWith('{')) return [text];
  const fields = Object.entries(JSON.parse(text) as Readonly<Record<string, unknown>>);
  // A key of several lines is looked for by its lines.
  const secret = fields.filter(([name]) => !PUBLIC_FIELDS.has(name)).flatMap(([, value]) => String(value).split('\n'));
  return [text, ...secret.filter((line) => line !== '' && !line.startsWith('-----'))];
};

/** The ways in which a secret may be spelled. */
export const spellings = (secret: string): readonly string[] => [
  ...new Set([
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
  ]),
];

/** All that Slipway and its functions wrote down, by where it stands. */
export const everythingWritten = async (slipway: Scanned): Promise<Readonly<Record<string, string>>> => ({
  'execution histories': await allHistories(slipway),
  'DynamoDB items': await allItems(slipway),
  'S3 documents': await allDocuments(slipway),
  'log events': await allLogs(slipway),
});

const allHistories = async ({ executions }: Scanned): Promise<string> => {
  const arns = [...(await executions.list('request')), ...(await executions.list('deployment'))];
  return JSON.stringify(await Promise.all(arns.map((arn) => executions.history(arn))));
};

const allItems = async ({ cloud }: Scanned): Promise<string> => {
  const client = new DynamoDBClient(clientSettings(cloud));
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  return JSON.stringify(
    await Promise.all(TableNames.map(async (TableName) => (await client.send(new ScanCommand({ TableName }))).Items)),
  );
};

const allDocuments = async ({ cloud }: Scanned): Promise<string> => {
  const client = new S3Client({ ...clientSettings(cloud), forcePathStyle: true });
  const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
  const texts: string[] = [];
  for (const { Name: Bucket } of Buckets) {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
    for (const { Key } of Contents)
      texts.push((await (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()) ?? '');
  }
  return texts.join('\n');
};

const allLogs = async ({ cloud }: Scanned): Promise<string> => {
  const client = new CloudWatchLogsClient(clientSettings(cloud));
  const { logGroups = [] } = await client.send(new DescribeLogGroupsCommand({}));
  const lines: string[] = [];
  for (const { logGroupName } of logGroups) {
    let nextToken: string | undefined;
    do {
      const page = await client.send(new FilterLogEventsCommand({ logGroupName, ...(nextToken && { nextToken }) }));
      lines.push(...(page.events ?? []).map(({ message = '' }) => message));
      nextToken = page.nextToken;
    } while (nextToken);
  }
  return lines.join('\n');
};
