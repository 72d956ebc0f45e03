/** Calls a function of the embedded cloud by its ARN or name, as Lambda's synchronous invoke does. */
export type InvokeFunction = (functionArn: string, payload: string) => Promise<Invocation>;

export interface Invocation {
  /** The JSON the handler returned, or Lambda's error document `{ errorType, errorMessage, trace }`. */
  readonly payload: string;
  /** Set when the handler failed: `Handled` or `Unhandled`. */
  readonly functionError?: 'Handled' | 'Unhandled';
  /** A number, or `$LATEST`, which is also what is meant where nothing is said. */
  readonly executedVersion?: string;
}
