import { Stack, type StackProps } from 'aws-cdk-lib';
import { AccountPrincipal, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { manifest } from '../../functions/manifest.ts';
import { boundaryStatements } from './boundary-statements.ts';
import { clusterOutputsIn } from './cluster-outputs.ts';
import { adminStatements, migrationStatements } from './database-logins.ts';
import { deployStatements } from './deploy-statements.ts';
import { fitting } from './fitting.ts';
import { forwardEvents } from './forwarding.ts';
import { functionFrom } from './functions.ts';
import { migratorStatements } from './migrator-statements.ts';
import {
  boundaryName,
  cloudFormationRoleName,
  clusterCallersPath,
  deployRoleName,
  messagePolicyName,
  migrationTaskRoleName,
  migratorRoleName,
  sqlFunctionName,
} from './names.ts';
import { serviceStatements } from './service-statements.ts';
import type { ClusterSite, Stage } from './stage.ts';

/** Once per account, region and VPC: what Slipway may do there, and the function that speaks SQL there. */
export class ClusterStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    props: StackProps & { readonly stage: Stage; readonly site: ClusterSite; readonly bundles: string },
  ) {
    super(scope, id, props);
    const { stage, site, bundles } = props;
    const boundary = this.boundary(site);
    const cloudFormationRole = this.cloudFormationRole(site);
    const deployRole = this.deployRole(stage, site);
    const migratorRoles = site.environments.map((name) => [name, this.migratorRole(name).roleArn] as const);
    const loggingIn = site.databaseAdmins.length > 0 ? site.environments : [];
    const migrationTaskRoles = loggingIn.map((name) => [name, this.migrationTaskRole(site, name).roleArn] as const);
    const sqlFunction = this.sqlFunction(stage, site, bundles);
    forwardEvents(this, stage, site);
    clusterOutputsIn(this, site, {
      deployRole: deployRole.roleArn,
      cloudFormationRole: cloudFormationRole.roleArn,
      boundary: boundary.managedPolicyArn,
      sqlFunction,
      migratorRoles: new Map(migratorRoles),
      migrationTaskRoles: new Map(migrationTaskRoles),
    });
  }

  /** On every role of an application, or CloudFormation may not make it. */
  private boundary(site: ClusterSite) {
    return new ManagedPolicy(this, 'Boundary', {
      managedPolicyName: boundaryName(site),
      description: 'The most that a role of an application may do; grants nothing by itself',
      statements: fitting(boundaryStatements(this, site), 6144, boundaryName(site)),
    });
  }

  /** What CloudFormation acts with; Slipway itself never holds these rights. */
  private cloudFormationRole(site: ClusterSite) {
    const role = new Role(this, 'CloudFormationRole', {
      roleName: cloudFormationRoleName(site),
      assumedBy: new ServicePrincipal('cloudformation.amazonaws.com'),
    });
    const { compute, messages } = serviceStatements(this, site);
    for (const statement of fitting(compute, 10_240, cloudFormationRoleName(site))) role.addToPolicy(statement);
    const managedPolicyName = messagePolicyName(site);
    new ManagedPolicy(role, 'Messages', {
      managedPolicyName,
      description: 'Buckets, queues, topics and rules of applications, for CloudFormation',
      statements: fitting(messages, 6144, managedPolicyName),
      roles: [role],
    });
    return role;
  }

  /**
   * Taken by the control plane's functions alone. Their roles are named by path and not one by one: a trust policy that
   * names a role is bound to its id, so that the role would have to exist before this stack and could never be replaced.
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
   */
  private deployRole(stage: Stage, site: ClusterSite) {
    const callers = `arn:aws:iam::${stage.account}:role${clusterCallersPath}*`;
    const role = new Role(this, 'DeployRole', {
      roleName: deployRoleName(site),
      assumedBy: new AccountPrincipal(stage.account).withConditions({ ArnLike: { 'aws:PrincipalArn': callers } }),
      externalIds: [site.externalId],
    });
    const statements = fitting(deployStatements(this, stage, site), 10_240, deployRoleName(site));
    for (const statement of statements) role.addToPolicy(statement);
    return role;
  }

  /** Starts migration tasks of one environment and may read that environment's secrets. */
  private migratorRole(environment: string) {
    const role = new Role(this, `MigratorRole-${environment}`, {
      roleName: migratorRoleName(environment),
      assumedBy: this.tasks(),
    });
    for (const statement of migratorStatements(this, environment)) role.addToPolicy(statement);
    return role;
  }

  /** With which the migrations of one environment log in to its databases by IAM; it may do nothing else. */
  private migrationTaskRole(site: ClusterSite, environment: string) {
    const role = new Role(this, `MigrationTaskRole-${environment}`, {
      roleName: migrationTaskRoleName(environment),
      assumedBy: this.tasks(),
    });
    for (const statement of migrationStatements(this, site, environment)) role.addToPolicy(statement);
    return role;
  }

  /** Tasks of this account, and no other's that ECS might be talked into: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html */
  private tasks() {
    return new ServicePrincipal('ecs-tasks.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
    });
  }

  private sqlFunction(stage: Stage, site: ClusterSite, bundles: string): string {
    const row = manifest.find(({ name }) => name === 'sql');
    if (!row) throw new Error('functions/manifest.ts has no row sql');
    return functionFrom(this, row, {
      stage,
      bundles,
      environment: {},
      statements: adminStatements(this, site),
      functionName: sqlFunctionName(site),
      network: site.network,
    }).functionArn;
  }
}
