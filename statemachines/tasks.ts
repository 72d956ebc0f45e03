import { pascal } from '../functions/manifest.ts';
import type { Retrier } from './define.ts';
import { transient } from './retries.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Substituted with the function's ARN when the machine is deployed. */
const functionOf = (name: string): string => `\${${pascal(name)}}`;

/** What every step of a deployment is told: ids, nothing else. */
export const deploymentIds = {
  'deploymentId.$': '$.deploymentId',
  'stackName.$': '$.stackName',
  'fence.$': '$.fence',
} as const;

export const databaseIds = { ...deploymentIds, 'database.$': '$.database' } as const;

interface Options {
  readonly ids?: Readonly<Record<string, unknown>>;
  readonly timeoutSeconds?: number;
  readonly retry?: readonly Retrier[];
}

/** A task that answers at once; its answer is the function's. */
export const answering = (name: string, { ids = deploymentIds, timeoutSeconds, retry = [] }: Options = {}) => ({
  Type: 'Task' as const,
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: functionOf(name), Payload: ids },
  ResultSelector: { 'answer.$': '$.Payload' },
  TimeoutSeconds: timeoutSeconds ?? 5 * MINUTE,
  Retry: [transient, ...retry],
});

/** A task that waits until its callback is completed; its answer is the callback's output. */
export const waiting = (name: string, { ids = deploymentIds, timeoutSeconds, retry = [] }: Options = {}) => ({
  Type: 'Task' as const,
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Parameters: { FunctionName: functionOf(name), Payload: { ...ids, 'taskToken.$': '$$.Task.Token' } },
  TimeoutSeconds: timeoutSeconds ?? 3 * HOUR,
  Retry: [transient, ...retry],
});

/** At the top level: whatever stopped the step, the outside is brought to rest first. */
export const toRest = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Rest' as const }];

/** Inside a Parallel or a Map: the failure becomes an outcome, so that the siblings come to rest. */
export const toOutcome = <const Name extends string>(Next: Name) => [
  { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next },
];

/** The last task of a branch says that the branch went well: its own answer stands in the records. */
export const branchDone = { ResultSelector: { outcome: 'DONE' }, End: true } as const;

/** The end of a branch that did not. */
export const branchFailed = {
  Type: 'Pass',
  Comment: 'This branch failed; the others come to rest before the deployment does',
  Parameters: { outcome: 'FAILED', 'failure.$': '$.failure' },
  End: true,
} as const;

/** Whether any branch below ended in failure, however deep it stands. */
export const anyFailed = { 'failed.$': "States.ArrayContains($..outcome, 'FAILED')" } as const;

/** After a join: on, or to rest. */
export const joined = <const Name extends string>(Next: Name) => ({
  Type: 'Choice' as const,
  Comment: 'Every branch has come to rest: on if all went well',
  Choices: [{ Variable: '$.joined.failed', BooleanEquals: true, Next: 'Rest' as const }],
  Default: Next,
});
