import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { FunctionRow, MachineGrant, SecretKey, TableAccess, TableKey } from '../../functions/manifest.ts';

/** ARNs of everything that a row may be granted; those of machines are built from names, or they would go in circles. */
export interface Grantable {
  readonly tables: Readonly<Record<TableKey, string>>;
  readonly documents: string;
  readonly secrets: Readonly<Record<SecretKey, string>>;
  readonly machines: {
    readonly request: string;
    readonly requestExecutions: string;
    readonly deployment: string;
    readonly deploymentExecutions: string;
  };
  readonly deployRoles: readonly string[];
}

const GET = 'dynamodb:GetItem';
const LIST = 'dynamodb:Query';
const PUT = 'dynamodb:PutItem';

/** By the words of the manifest. */
export const tableActions: Readonly<Record<TableAccess, readonly string[]>> = {
  get: [GET],
  list: [LIST],
  read: [GET, LIST],
  add: [PUT],
  put: [GET, PUT],
  write: [GET, LIST, PUT],
};

/** Exactly what a row of the manifest asks for, and nothing else. */
export const statementsFor = (row: FunctionRow, on: Grantable): PolicyStatement[] => [
  ...Object.entries(row.tables ?? {}).flatMap(([key, access]) => tableStatements(on.tables[key as TableKey], access)),
  ...(row.documents ? [allow(documentActions(row.documents), [`${on.documents}/*`])] : []),
  // Without this S3 answers 403 for a key that does not exist, which would look like a missing permission.
  ...(row.documents ? [allow(['s3:ListBucket'], [on.documents])] : []),
  ...(row.secrets ?? []).map((key) => allow(['secretsmanager:GetSecretValue'], [on.secrets[key]])),
  ...(row.machines ?? []).flatMap((grant) => machineStatements(grant, on)),
  ...(row.clusters ? [allow(['sts:AssumeRole'], on.deployRoles)] : []),
];

/** Indexes are only ever queried. */
const tableStatements = (arn: string, access: TableAccess): readonly PolicyStatement[] => [
  allow(tableActions[access], [arn]),
  ...(tableActions[access].includes(LIST) ? [allow([LIST], [`${arn}/index/*`])] : []),
];

const documentActions = (access: 'read' | 'write') =>
  access === 'write' ? ['s3:GetObject', 's3:PutObject'] : ['s3:GetObject'];

const machineStatements = (grant: MachineGrant, { machines }: Grantable): readonly PolicyStatement[] => {
  switch (grant) {
    case 'send':
      // Task tokens have no resource of their own: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
      return [allow(['states:SendTaskSuccess', 'states:SendTaskFailure'], ['*'])];
    case 'find':
      return [allow(['states:DescribeExecution'], [machines.deploymentExecutions])];
    case 'find-request':
      return [
        allow(['states:ListExecutions'], [machines.request]),
        allow(['states:DescribeExecution'], [machines.requestExecutions]),
      ];
    case 'start-request':
      return [allow(['states:StartExecution'], [machines.request])];
    case 'start-deployment':
      return [allow(['states:StartExecution'], [machines.deployment])];
  }
};

const allow = (actions: readonly string[], resources: readonly string[]) =>
  new PolicyStatement({ actions: [...actions], resources: [...resources] });
