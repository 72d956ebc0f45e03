import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { SecretKey, TableKey } from '../../functions/manifest.ts';
import { type TableShape, tables } from '../../functions/tables.ts';
import { documentsBucketName, pascalOf } from './names.ts';
import type { Stage } from './stages.ts';

export interface Storage {
  readonly tables: Readonly<Record<TableKey, { readonly name: string; readonly arn: string }>>;
  readonly documents: Bucket;
  readonly secrets: Readonly<Record<SecretKey, string>>;
}

const secretNames: Readonly<Record<SecretKey, string>> = {
  WEBHOOK_SECRET_ID: 'slipway/github-webhook',
  GITHUB_APP_SECRET_ID: 'slipway/github-app',
};

/** Where everything is kept: tables by their shapes, documents, and secrets that are born empty. */
export const storageIn = (scope: Construct, stage: Stage): Storage => {
  const { retain } = stage;
  const removalPolicy = retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
  const made = Object.entries<TableShape>(tables).map(([key, shape]) => {
    const table = new Table(scope, pascalOf(key), {
      partitionKey: text(shape.partitionKey),
      ...(shape.sortKey && { sortKey: text(shape.sortKey) }),
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: retain },
      deletionProtection: retain,
      removalPolicy,
    });
    for (const { name, partitionKey, sortKey } of shape.indexes)
      table.addGlobalSecondaryIndex({ indexName: name, partitionKey: text(partitionKey), sortKey: text(sortKey) });
    return [key, { name: table.tableName, arn: table.tableArn }] as const;
  });
  return {
    tables: Object.fromEntries(made) as Storage['tables'],
    documents: documentsIn(scope, stage, removalPolicy),
    secrets: Object.fromEntries(
      Object.entries(secretNames).map(([key, name]) => [key, new CfnSecret(scope, secretId(name), { name }).ref]),
    ) as Storage['secrets'],
  };
};

const documentsIn = (scope: Construct, stage: Stage, removalPolicy: RemovalPolicy): Bucket => {
  const documents = new Bucket(scope, 'Documents', {
    bucketName: documentsBucketName(stage),
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    removalPolicy,
  });
  // CloudFormation reads a template with the rights of whoever asks for the change: the cluster's deploy role.
  for (const account of new Set(stage.clusters.map((site) => site.account)))
    if (account !== stage.account) documents.grantRead(new AccountPrincipal(account), 'templates/*');
  return documents;
};

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** `slipway/github-app` -> `GithubAppSecret`. */
const secretId = (name: string): string =>
  `${(name.split('/').at(-1) ?? name)
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}Secret`;
