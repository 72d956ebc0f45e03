import type { ClusterSite, Stage } from './stage.ts';

// Fixed names, because other stacks, roles and configuration files speak of them; they never change once deployed.
export const machineNames = { request: 'slipway-request', deployment: 'slipway-deployment' } as const;
export const busName = 'slipway';
export const controlStackName = 'slipway';

/** Path of the roles of functions that work in clusters: deploy roles trust it, and no other role of the account. */
export const clusterCallersPath = '/slipway/clusters/';

export const deployRoleName = ({ name }: ClusterSite): string => `slipway-deploy-${name}`;
export const cloudFormationRoleName = ({ name }: ClusterSite): string => `slipway-cloudformation-${name}`;
export const messagePolicyName = ({ name }: ClusterSite): string => `slipway-cloudformation-messages-${name}`;
export const boundaryName = ({ name }: ClusterSite): string => `slipway-boundary-${name}`;
export const migratorRoleName = (environment: string): string => `slipway-migrator-${environment}`;
/** Task role of an environment's migrations, where databases are logged in to by IAM. */
export const migrationTaskRoleName = (environment: string): string => `slipway-migration-${environment}`;
export const sqlFunctionName = ({ name }: ClusterSite): string => `slipway-sql-${name}`;

/** How the users of an environment's databases begin: every other character folds into `_` (functions/domain/template/names.ts). */
export const userPrefix = (environment: string): string => `${environment.replaceAll('-', '_')}_`;

/** Names of buckets are one name space for everybody. */
export const documentsBucketName = ({ account, region }: Pick<Stage, 'account' | 'region'>): string =>
  `slipway-documents-${account}-${region}`;

export const deployRoleArn = (site: ClusterSite): string => `arn:aws:iam::${site.account}:role/${deployRoleName(site)}`;

/** Output that tells the command line the value of a variable: `STACKS_TABLE` -> `VariableStacksTable`. */
export const outputIdOf = (variable: string): string => `Variable${pascalOf(variable)}`;

/** `STACKS_TABLE` -> `StacksTable`. */
export const pascalOf = (variable: string): string =>
  variable
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
