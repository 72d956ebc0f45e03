import type { StageEntry } from './stage.ts';

/**
 * Every stage by name, for `npm run deploy -- --stage NAME` and its sisters. This is the one file to edit; stage.ts says
 * what each key means and what it is when left out. A complete stage of a company with an account for each purpose:
 *
 * production: {
 *   account: '111111111111', // of the control plane
 *   region: 'eu-central-1',
 *   retain: true, // tables, documents and secrets outlive the stack
 *   alarmEmails: ['platform@example.com'],
 *   logRetentionDays: 365,
 *   webhook: { requestsPerSecond: 20, burst: 40 },
 *   tags: { 'cost-center': 'platform' },
 *   clusters: [
 *     {
 *       name: 'production',
 *       account: '222222222222', // may be the same as above
 *       region: 'eu-central-1',
 *       environments: ['prod-eu', 'prod-demo'],
 *       adminSecrets: 'rds/production/',
 *       databaseAdmins: ['cluster-ABCDEFGHIJKL01234/o5admin'], // those without a secret, who log in by IAM
 *       taskExecutionRole: 'arn:aws:iam::222222222222:role/ecs-task-execution',
 *       network: {
 *         vpcId: 'vpc-0123456789abcdef0',
 *         subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'], // private ones; no NAT is needed
 *         securityGroupIds: ['sg-0123456789abcdef0'], // the database servers let it in
 *       },
 *       policies: ['arn:aws:iam::222222222222:policy/send-mail'], // what `namedEnvPolicies` may attach to applications
 *       eventBus: 'applications', // over which applications talk; `cluster.aws.eventBridge` names the same
 *       buckets: ['acme-brand-images'], // what a blobstore's `ref.bucketName` may name
 *       alsoAllowed: [{ actions: ['ses:SendEmail'], resources: ['*'] }], // beyond what their boundary lets through
 *       externalId: 'slipway-production-7f3a', // the same in the configuration that `slipway apply` stores
 *     },
 *   ],
 * },
 *
 * Beside it `development` with `retain: false`, clusters of its own, and an account or a region of its own: two control
 * planes do not fit into one region of an account, because their names are fixed.
 */
export const stages: Readonly<Record<string, StageEntry>> = {
  // What `npm start` deploys to the embedded cloud.
  example: {
    account: '000000000000',
    region: 'eu-west-1',
    retain: false,
    clusters: [
      {
        name: 'local',
        account: '000000000000',
        region: 'eu-west-1',
        environments: ['dev'],
        adminSecrets: 'local/postgres',
        // The embedded cloud calls its first server so in every life, since ids derive from names: stories log in by IAM.
        databaseAdmins: ['db-NRGNG7HLCM25BNP2Z2QHBF2K2J/iam_admin'],
        taskExecutionRole: 'arn:aws:iam::000000000000:role/local-task-execution',
        network: { vpcId: 'vpc-00000001', subnetIds: ['subnet-00000001'], securityGroupIds: ['sg-00000001'] },
        policies: ['arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess'],
        eventBus: 'applications',
        buckets: ['example-shared-files'],
        externalId: 'slipway-example',
      },
    ],
  },
};
