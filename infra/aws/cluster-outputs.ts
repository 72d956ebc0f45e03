import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { clusterOutputs, clusterVersion } from '../../functions/domain/environment/cluster-check.ts';
import type { ClusterSite } from './stage.ts';

export interface ClusterParts {
  readonly deployRole: string;
  readonly cloudFormationRole: string;
  readonly boundary: string;
  readonly sqlFunction: string;
  /** By environment. */
  readonly migratorRoles: ReadonlyMap<string, string>;
  /** By environment; empty where nobody logs in by IAM. */
  readonly migrationTaskRoles: ReadonlyMap<string, string>;
}

/** What `slipway apply` compares with the configuration: ARNs of what was really made, each by reference, and what it may reach besides. */
export const clusterOutputsIn = (scope: Construct, site: ClusterSite, parts: ClusterParts): void => {
  const output = (id: string, value: string) => new CfnOutput(scope, id, { value });
  output(clusterOutputs.version, String(clusterVersion));
  output(clusterOutputs.deployRole, parts.deployRole);
  output(clusterOutputs.cloudFormationRole, parts.cloudFormationRole);
  output(clusterOutputs.boundary, parts.boundary);
  output(clusterOutputs.sqlFunction, parts.sqlFunction);
  [...parts.migratorRoles].forEach(([environment, arn], index) => {
    output(clusterOutputs.migratorRole(index + 1), `${environment}=${arn}`);
  });
  [...parts.migrationTaskRoles].forEach(([environment, arn], index) => {
    output(clusterOutputs.migrationTaskRole(index + 1), `${environment}=${arn}`);
  });
  site.databaseAdmins.forEach((admin, index) => {
    output(clusterOutputs.databaseAdmin(index + 1), admin);
  });
  if (site.eventBus)
    output(clusterOutputs.eventBus, `arn:aws:events:${site.region}:${site.account}:event-bus/${site.eventBus}`);
  site.buckets.forEach((name, index) => {
    output(clusterOutputs.bucket(index + 1), name);
  });
  site.policies.forEach((arn, index) => {
    output(clusterOutputs.policy(index + 1), arn);
  });
};
