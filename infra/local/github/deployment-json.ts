import type { Deployment, DeploymentStatus } from './records.ts';
import { nodeId, type Repository } from './repository.ts';

/** A deployment as the API shows it. */
export const deploymentJson = (row: Deployment, { url }: Repository) => ({
  url: `${url}/deployments/${row.id}`,
  id: row.id,
  node_id: nodeId('Deployment', row.id),
  sha: row.sha,
  ref: row.ref,
  task: row.task,
  payload: row.payload,
  original_environment: row.environment,
  environment: row.statuses[0]?.environment ?? row.environment,
  description: row.description,
  creator: null,
  created_at: row.createdAt,
  updated_at: row.statuses[0]?.createdAt ?? row.createdAt,
  statuses_url: `${url}/deployments/${row.id}/statuses`,
  repository_url: url,
  transient_environment: row.isTransient,
  production_environment: row.isProduction,
});

export const statusJson = (status: DeploymentStatus, { id }: Deployment, { url }: Repository) => ({
  url: `${url}/deployments/${id}/statuses/${status.id}`,
  id: status.id,
  node_id: nodeId('DeploymentStatus', status.id),
  state: status.state,
  creator: null,
  description: status.description,
  environment: status.environment,
  target_url: status.logUrl,
  log_url: status.logUrl,
  environment_url: status.environmentUrl,
  created_at: status.createdAt,
  updated_at: status.createdAt,
  deployment_url: `${url}/deployments/${id}`,
  repository_url: url,
});
