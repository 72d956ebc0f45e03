import { APPROVAL_SECONDS } from '../functions/domain/deployment/approval.ts';
import { defineStateMachine } from './define.ts';
import { evaluations } from './evaluate.asl.ts';
import { after } from './modes/after.asl.ts';
import { before } from './modes/before.asl.ts';
import { dbOnly } from './modes/db-only.asl.ts';
import { destroyDatabase } from './modes/destroy-database.asl.ts';
import { downtime } from './modes/downtime.asl.ts';
import { imports } from './modes/import.asl.ts';
import { infraOnly } from './modes/infra-only.asl.ts';
import { nop } from './modes/nop.asl.ts';
import { parallel } from './modes/parallel.asl.ts';
import { quick } from './modes/quick.asl.ts';
import { recreateDatabase } from './modes/recreate-database.asl.ts';
import { rotateCredentials } from './modes/rotate-credentials.asl.ts';
import { rollbackContinued } from './retries.ts';
import { answering, anyFailed, deploymentIds, joined, toRest, waiting } from './tasks.ts';

const MINUTE = 60;
const DAY = 24 * 3600;

/** What starts one execution. Ids and outcomes only: documents live in S3 and DynamoDB, secrets nowhere near. */
export interface DeploymentInput {
  readonly deploymentId: string;
  readonly stackName: string;
  /** Of the claim that this execution serves; a stack that holds another one refuses it. */
  readonly fence: number;
  /** Keys of the application's databases, sorted. */
  readonly databases: readonly string[];
  /** Set when an earlier execution ended without settling: only the end of the graph is run. */
  readonly startAtRest: boolean;
  /** Somebody's update of the stack that is under way is cancelled instead of waited for. */
  readonly cancelUpdates: boolean;
}

/** The plan graph: one named state per step, so that the execution history is the audit. */
export const deployment = defineStateMachine({
  Comment: 'One deployment of one stack: the plan graph',
  StartAt: 'Start',
  TimeoutSeconds: 30 * DAY,
  States: {
    Start: {
      Type: 'Choice',
      Comment: 'From the beginning, or only to clear up after an execution that ended without settling',
      Choices: [
        { Variable: '$.startAtRest', BooleanEquals: true, Next: 'Outlast' },
        { Variable: '$.cancelUpdates', BooleanEquals: true, Next: 'CancelUpdates' },
      ],
      Default: 'StackWait',
    },
    Outlast: {
      Type: 'Wait',
      Comment:
        'The execution that ended may have left a function at work: none that changes things runs longer than this',
      Seconds: MINUTE,
      Next: 'Rest',
    },
    CancelUpdates: {
      ...answering('cancel-updates'),
      Comment:
        'An update of the stack that somebody has under way is cancelled; its rollback is waited for like any other',
      ResultPath: null,
      Catch: toRest,
      Next: 'StackWait',
    },
    StackWait: {
      ...waiting('stack-wait', {
        ids: { ...deploymentIds, 'executionArn.$': '$$.Execution.Id' },
        timeoutSeconds: DAY,
      }),
      Comment: 'Until the CloudFormation stack is at rest, whoever moved it',
      ResultPath: null,
      Catch: toRest,
      Next: 'StackCreate',
    },
    StackCreate: {
      ...waiting('stack-create'),
      Comment: 'An empty stack when it is missing, so that a failed first template stays retryable',
      ResultPath: '$.stack',
      Catch: toRest,
      Next: 'Strategy',
    },
    Strategy: {
      Type: 'Choice',
      Comment: 'Quick on a new stack or with a new database runs as full',
      Choices: [
        { Variable: '$.stack.strategy', StringEquals: 'full', Next: 'Evaluate' },
        { Variable: '$.stack.strategy', StringEquals: 'quick', Next: 'Quick' },
        { Variable: '$.stack.strategy', StringEquals: 'infra-only', Next: 'InfraMigrate-infra-only' },
        { Variable: '$.stack.strategy', StringEquals: 'db-only', Next: 'Databases-db-only' },
        { Variable: '$.stack.strategy', StringEquals: 'import', Next: 'ImportPlan' },
        { Variable: '$.stack.strategy', StringEquals: 'destroy-database', Next: 'ScaleDown-destroy-database' },
        { Variable: '$.stack.strategy', StringEquals: 'recreate-database', Next: 'ScaleDown-recreate-database' },
        { Variable: '$.stack.strategy', StringEquals: 'rotate-credentials', Next: 'Rotation' },
      ],
      Default: 'Rest',
    },

    Evaluate: {
      Type: 'Parallel',
      Comment: 'PGUpsert and PGEval of every database, beside CFPlan',
      Branches: evaluations,
      ResultSelector: anyFailed,
      ResultPath: '$.joined',
      Next: 'EvaluateJoined',
    },
    EvaluateJoined: joined('EvalJoin'),
    EvalJoin: {
      ...answering('eval-join'),
      Comment: 'The safest fast order, from the change set and the SQL; a pure function of the two',
      ResultPath: '$.plan',
      Catch: toRest,
      Next: 'Approval',
    },
    Approval: {
      Type: 'Choice',
      Comment: 'Does a person have to sign this plan?',
      Choices: [{ Variable: '$.plan.answer.approval', BooleanEquals: true, Next: 'AwaitApproval' }],
      Default: 'Mode',
    },
    AwaitApproval: {
      ...waiting('await-approval', { timeoutSeconds: APPROVAL_SECONDS }),
      Comment: 'Waits for slipway approve or slipway refuse, which sign the hash of the plan',
      ResultPath: null,
      Catch: toRest,
      Next: 'Mode',
    },
    Mode: {
      Type: 'Choice',
      Comment: 'What EvalJoin chose',
      Choices: [
        { Variable: '$.plan.answer.mode', StringEquals: 'DOWNTIME', Next: 'ScaleDown' },
        { Variable: '$.plan.answer.mode', StringEquals: 'BEFORE', Next: 'Before' },
        { Variable: '$.plan.answer.mode', StringEquals: 'PARALLEL', Next: 'Parallel' },
        { Variable: '$.plan.answer.mode', StringEquals: 'AFTER', Next: 'VersionMigrate-after' },
        { Variable: '$.plan.answer.mode', StringEquals: 'NOP', Next: 'VersionMigrate-nop' },
      ],
      Default: 'Rest',
    },

    ...downtime,
    ...before,
    ...parallel,
    ...after,
    ...nop,
    ...quick,
    ...infraOnly,
    ...dbOnly,
    ...imports,
    ...destroyDatabase,
    ...recreateDatabase,
    ...rotateCredentials,

    Done: {
      ...answering('settle-deployment', {
        ids: { ...deploymentIds, end: 'DONE' },
      }),
      Comment: 'Frees the stack, tells GitHub, dispatches what waits',
      ResultPath: '$.settled',
      End: true,
    },

    Rest: {
      ...waiting('rest'),
      Comment: 'Brings the outside to rest: stops tasks and updates of this deployment and waits for them',
      ResultPath: '$.rest',
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.restFailure', Next: 'Failed' }],
      Next: 'WayBack',
    },
    WayBack: {
      ...waiting('way-back', { retry: [rollbackContinued] }),
      Comment:
        'A rollback that failed is continued, once; then the version that ran is scaled up again where that is safe',
      ResultPath: '$.wayBack',
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.wayBackFailure', Next: 'Failed' }],
      Next: 'Failed',
    },
    Failed: {
      ...answering('settle-deployment', {
        ids: { ...deploymentIds, end: 'FAILED', 'state.$': '$' },
      }),
      Comment: 'Says why and what was left, frees or breaks the stack, tells GitHub',
      ResultPath: '$.settled',
      Next: 'DeploymentFailed',
    },
    DeploymentFailed: {
      Type: 'Fail',
      Comment: 'The reason stands in the deployment record and on the commit',
      ErrorPath: '$.settled.answer.status',
      CausePath: '$.settled.answer.reason',
    },
  },
});
