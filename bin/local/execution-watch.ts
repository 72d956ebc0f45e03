import { machineNames } from '../../infra/aws/names.ts';
import type { StepFunctionsOptions } from '../../infra/local/sfn/step-functions.ts';
import type { Rejection } from '../view/rejection-lines.ts';
import { rejectionsFrom } from '../view/request-outcome.ts';

type OnHistory = NonNullable<StepFunctionsOptions['onHistory']>;
type HistoryEvent = Parameters<OnHistory>[1];

export interface ExecutionWatch {
  readonly onHistory: OnHistory;
  /** Requests that are known to run. */
  readonly requests: ReadonlySet<string>;
  /** Deployments whose executions have begun since they were last taken. */
  takeStarted(): readonly string[];
  /** What of requests became no deployment, since it was last taken. */
  takeRejections(): readonly Rejection[];
  /** Whether anything happened since it was last taken. */
  takeNews(): boolean;
}

/** Keeps what the history of the embedded Step Functions tells, until somebody has a look. */
export const watchExecutions = (): ExecutionWatch => {
  const requests = new Set<string>();
  let started: string[] = [];
  let rejections: Rejection[] = [];
  let news = true;

  const noteRequest = (arn: string, event: HistoryEvent) => {
    const refused = rejectionsAtEnd(event);
    if (refused) requests.delete(arn);
    else requests.add(arn);
    rejections.push(...(refused ?? []));
  };
  return {
    requests,
    onHistory: (arn, event) => {
      news = true;
      if (arn.includes(`:${machineNames.request}:`)) noteRequest(arn, event);
      else started.push(...deploymentOf(event));
    },
    takeStarted: () => {
      const taken = started;
      started = [];
      return taken;
    },
    takeRejections: () => {
      const taken = rejections;
      rejections = [];
      return taken;
    },
    takeNews: () => {
      const taken = news;
      news = false;
      return taken;
    },
  };
};

/** The deployment that an execution of its machine begins with. */
const deploymentOf = ({ type, ...details }: HistoryEvent): readonly string[] => {
  if (type !== 'ExecutionStarted') return [];
  const input: unknown = JSON.parse(String(details['executionStartedEventDetails']?.['input'] ?? '{}'));
  return input instanceof Object && 'deploymentId' in input ? [String(input.deploymentId)] : [];
};

/** Undefined while the execution goes on. */
const rejectionsAtEnd = (event: HistoryEvent): readonly Rejection[] | undefined => {
  const { type } = event;
  if (type === 'ExecutionSucceeded')
    return rejectionsFrom(String(event['executionSucceededEventDetails']?.['output'] ?? '{}'));
  if (!/^Execution(Failed|Aborted|TimedOut)$/.test(type)) return undefined;
  const { error = type, cause = 'no cause was given' } =
    event['executionFailedEventDetails'] ?? event['executionAbortedEventDetails'] ?? {};
  return [{ commit: '', outcome: 'REJECTED', reason: `the request ended with a fault (${error}): ${cause}` }];
};
