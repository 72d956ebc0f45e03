import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type LifecycleRule } from 'aws-cdk-lib/aws-s3';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { SecretKey, TableKey } from '../../functions/manifest.ts';
import { type TableShape, tables } from '../../functions/tables.ts';
import { accessLogsIn } from './access-logs.ts';
import { documentsBucketName, pascalOf } from './names.ts';
import type { Stage } from './stage.ts';

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
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: retain,
      removalPolicy,
    });
    for (const { name, partitionKey, sortKey } of shape.indexes)
      table.addGlobalSecondaryIndex({ indexName: name, partitionKey: text(partitionKey), sortKey: text(sortKey) });
    return [key, { name: table.tableName, arn: table.tableArn }] as const;
  });
  return {
    tables: Object.fromEntries(made) as Storage['tables'],
    documents: documentsIn(scope, stage),
    secrets: Object.fromEntries(
      Object.entries(secretNames).map(([key, name]) => [key, secretIn(scope, name, stage).ref]),
    ) as Storage['secrets'],
  };
};

/** For what has a name of its own: it outlives the stack, but not a first deployment that failed, whose retry would meet it. */
const named = ({ retain }: Stage) => (retain ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY);

/** GitHub shows the key of an App once: in production it is not deleted with a stack. */
const secretIn = (scope: Construct, name: string, stage: Stage): CfnSecret => {
  const secret = new CfnSecret(scope, secretId(name), { name });
  secret.applyRemovalPolicy(named(stage));
  return secret;
};

/**
 * Not versioned: no key is ever given another content, and nobody may delete. What is under a key by its content is
 * written anew by whoever needs it, so that its age counts from its last use; releases are needed as long as a stack runs them.
 */
const documentsIn = (scope: Construct, stage: Stage): Bucket => {
  const documents = new Bucket(scope, 'Documents', {
    bucketName: documentsBucketName(stage),
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    lifecycleRules: LIFE_CYCLE,
    serverAccessLogsBucket: accessLogsIn(scope, stage),
    serverAccessLogsPrefix: 'documents/',
    removalPolicy: named(stage),
  });
  // CloudFormation reads a template with the rights of whoever asks for the change: the cluster's deploy role.
  for (const account of new Set(stage.clusters.map((site) => site.account)))
    if (account !== stage.account) documents.grantRead(new AccountPrincipal(account), 'templates/*');
  return documents;
};

const LIFE_CYCLE: LifecycleRule[] = [
  // Read while somebody looks at the preview.
  { id: 'previews', prefix: 'previews/', expiration: Duration.days(7) },
  // A request lasts a day, and is tried again for three.
  { id: 'drafts', prefix: 'drafts/', expiration: Duration.days(30) },
  // Read by CloudFormation when a change set is made.
  { id: 'templates', prefix: 'templates/', expiration: Duration.days(30) },
  // A deployment lasts 30 days; later ones look back, and do without what is gone. People look longer.
  { id: 'plans', prefix: 'plans/', expiration: Duration.days(400) },
  { id: 'uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
];

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** `slipway/github-app` -> `GithubAppSecret`. */
const secretId = (name: string): string =>
  `${(name.split('/').at(-1) ?? name)
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}Secret`;
