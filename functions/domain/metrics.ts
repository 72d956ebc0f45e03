/** The name space of what Slipway measures of itself, and the one value of the one dimension of each metric. */
export const METRICS = { namespace: 'Slipway', service: 'slipway' } as const;

/** What is counted. Nothing is sent for a 0, so that a metric costs nothing in an hour in which nothing happens. */
export type Counter =
  | 'DeploymentsDone'
  | 'DeploymentsFailed'
  | 'DeploymentsTerminated'
  | 'DeploymentsSuperseded'
  | 'DeploymentsRejected'
  | 'SweeperRepairs'
  | 'ReconciledPushes'
  | 'Redeliveries'
  | 'RepeatedRequests'
  | 'ReconcileErrors'
  | 'ReportFailures'
  | 'BranchesUnseen'
  | 'DeliveriesUnseen';

/** What is measured in seconds, and only while there is something to measure. */
export type Gauge =
  /** From the request to DONE. */
  | 'DeploymentSeconds'
  /** Age of the oldest deployment that no stack has begun. */
  | 'QueueSeconds'
  /** How long the deployment that moved longest ago has not moved, those that wait for a person left out. */
  | 'StandstillSeconds';
