import type { MiddlewareObj } from '@middy/core';
import { StepFailure } from '../domain/failure.ts';

/** Names under which AWS says "come back later"; the state machines retry `Throttled`. */
const THROTTLED = /throttl|toomanyrequests|requestlimitexceeded|provisionedthroughputexceeded|slowdown/i;

/** Names of faults that lie with the network or with AWS; the state machines retry `Unavailable`. */
const UNAVAILABLE =
  /timeout|econnreset|econnrefused|epipe|enotfound|serviceunavailable|internalfailure|internalservererror|internalerror/i;

/** Gives every thrown error the name that the retries of the state machines match. */
export const explained = (word: string): MiddlewareObj => ({
  onError: (request) => {
    const error = request.error;
    if (!error || error instanceof StepFailure) return;
    const described = `${error.name} ${(error as { code?: string }).code ?? ''}`;
    const name = THROTTLED.test(described) ? 'Throttled' : UNAVAILABLE.test(described) ? 'Unavailable' : error.name;
    if (name === error.name) return;
    const explainedError = new Error(`${word}: ${error.message}`, { cause: error });
    explainedError.name = name;
    request.error = explainedError;
  },
});
