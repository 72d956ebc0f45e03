import { Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as BusTarget } from 'aws-cdk-lib/aws-events-targets';
import { AccountPrincipal, Effect, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { manifest } from '../../functions/manifest.ts';
import { deployStatements } from './deploy-statements.ts';
import { functionFrom } from './functions.ts';
import { hintPatterns } from './hint-patterns.ts';
import { busName, cloudFormationRoleName, deployRoleName, migratorRoleName, sqlFunctionName } from './names.ts';
import { serviceStatements } from './service-statements.ts';
import type { ClusterSite, Stage } from './stages.ts';

/** Once per account, region and VPC: what Slipway may do there, and the function that speaks SQL there. */
export class ClusterStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    props: StackProps & { readonly stage: Stage; readonly site: ClusterSite; readonly bundles: string },
  ) {
    super(scope, id, props);
    const { stage, site, bundles } = props;
    this.cloudFormationRole(site);
    this.deployRole(stage, site);
    for (const environment of site.environments) this.migratorRole(environment);
    this.sqlFunction(site, bundles);
    this.forwardEvents(stage);
  }

  /** What CloudFormation acts with; Slipway itself never holds these rights. */
  private cloudFormationRole(site: ClusterSite) {
    const role = new Role(this, 'CloudFormationRole', {
      roleName: cloudFormationRoleName(site),
      assumedBy: new ServicePrincipal('cloudformation.amazonaws.com'),
    });
    for (const statement of serviceStatements(this, site)) role.addToPolicy(statement);
  }

  private deployRole(stage: Stage, site: ClusterSite) {
    const role = new Role(this, 'DeployRole', {
      roleName: deployRoleName(site),
      assumedBy: new AccountPrincipal(stage.account),
      externalIds: [site.externalId],
    });
    for (const statement of deployStatements(this, stage, site)) role.addToPolicy(statement);
  }

  /** Starts migration tasks of one environment and may read that environment's database secrets. */
  private migratorRole(environment: string) {
    const role = new Role(this, `MigratorRole-${environment}`, {
      roleName: migratorRoleName(environment),
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonECSTaskExecutionRolePolicy')],
    });
    role.addToPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ['secretsmanager:GetSecretValue'],
        resources: [`arn:aws:secretsmanager:${this.region}:${this.account}:secret:/${environment}/*`],
      }),
    );
  }

  private sqlFunction(site: ClusterSite, bundles: string) {
    for (const row of manifest.filter(({ home }) => home === 'cluster'))
      functionFrom(this, row, {
        bundles,
        // Authorities of RDS, which Lambda's runtime brings: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
        environment: { NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem' },
        statements: [],
        functionName: sqlFunctionName(site),
        network: site.network,
      });
  }

  private forwardEvents(stage: Stage) {
    const bus = EventBus.fromEventBusArn(
      this,
      'ControlBus',
      `arn:aws:events:${stage.region}:${stage.account}:event-bus/${busName}`,
    );
    const targets = [new BusTarget(bus)];
    for (const [what, eventPattern] of Object.entries(hintPatterns))
      new Rule(this, `Forward${what}Events`, {
        description: `${what} events that may end a wait, to the control plane`,
        eventPattern,
        targets,
      });
  }
}
