import type { MiddlewareObj } from '@middy/core';
import { StepFailure, Transient } from '../domain/failure.ts';

/** Names under which AWS says "come back later"; the state machines retry `Throttled`. */
const THROTTLED =
  /throttl|toomanyrequests|requestlimitexceeded|bandwidthlimitexceeded|provisionedthroughputexceeded|slowdown/i;

/** Names of faults that lie with the network or with AWS; the state machines retry `Unavailable`. */
const UNAVAILABLE =
  /timeout|serviceunavailable|serverunavailable|internalfailure|internal(server|service)?error|^(server|service)exception$/i;

/** Codes of Node and of its fetch; whole words, because `enotfound` also stands in ResourceNotFoundException. */
const NETWORK = /^(ECONN[A-Z]+|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|UND_ERR_[A-Z_]+)$/;

/** Gives every thrown error the name that the retries of the state machines match. */
export const explained = (word: string): MiddlewareObj => ({
  onError: (request) => {
    const error = request.error;
    if (!error || error instanceof StepFailure) return;
    const name = [error, error.cause].map(transientName).find((found) => found !== undefined);
    if (name === undefined || name === error.name) return;
    request.error = new Transient(name, `${word}: ${error.message}`, { cause: error });
  },
});

/** What an error of the SDK, of Node or of fetch says about trying again; undefined where that would not help. */
const transientName = (thrown: unknown): 'Throttled' | 'Unavailable' | undefined => {
  if (!(thrown instanceof Error)) return undefined;
  const error: Error & { readonly code?: unknown; readonly $metadata?: { readonly httpStatusCode?: number } } = thrown;
  const status = error.$metadata?.httpStatusCode ?? 0;
  if (THROTTLED.test(error.name) || status === 429) return 'Throttled';
  if (UNAVAILABLE.test(error.name) || NETWORK.test(String(error.code)) || status >= 500) return 'Unavailable';
  return undefined;
};
