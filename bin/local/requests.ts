import { machineNames } from '../../infra/aws/names.ts';
import type { StepFunctionsOptions } from '../../infra/local/sfn/step-functions.ts';
import type { Rejection } from '../view/rejection-lines.ts';
import { rejectionsFrom } from '../view/request-outcome.ts';

type OnHistory = NonNullable<StepFunctionsOptions['onHistory']>;
type HistoryEvent = Parameters<OnHistory>[1];

export interface RequestWatch {
  readonly onHistory: OnHistory;
  /** Executions of the request machine that are known to run. */
  readonly open: Set<string>;
}

/** Watches the history of the embedded Step Functions: what runs, and requests of which no deployment comes. */
export const watchRequests = (tell: {
  readonly anything: () => void;
  readonly rejected: (rejection: Rejection) => void;
}): RequestWatch => {
  const open = new Set<string>();
  return {
    open,
    onHistory: (arn, event) => {
      if (arn.includes(`:${machineNames.request}:`)) {
        const rejections = ended(event);
        if (!rejections) open.add(arn);
        else open.delete(arn);
        rejections?.forEach(tell.rejected);
      }
      tell.anything();
    },
  };
};

/** Undefined while an execution goes on. */
const ended = (event: HistoryEvent): readonly Rejection[] | undefined => {
  const { output } = event.executionSucceededEventDetails ?? {};
  if (event.type === 'ExecutionSucceeded') return rejectionsFrom(String(output));
  const failure =
    event.executionFailedEventDetails ?? event.executionAbortedEventDetails ?? event.executionTimedOutEventDetails;
  if (!/^Execution(Failed|Aborted|TimedOut)$/.test(event.type)) return undefined;
  const { error = event.type, cause = 'no cause was given' } = failure ?? {};
  return [{ commit: '', outcome: 'REJECTED', reason: `the request ended without a deployment: ${error}, ${cause}` }];
};
