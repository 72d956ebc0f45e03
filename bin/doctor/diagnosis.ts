/** What one look at an account came to, as sentences for people. */
export type Diagnosis =
  | { readonly kind: 'ok'; readonly what: string }
  | { readonly kind: 'missing'; readonly what: string; readonly remedy: string }
  /** It could not be looked at, now or from here: nothing is known to be wrong. */
  | { readonly kind: 'unknown'; readonly what: string; readonly remedy: string };

/** One thing that has to be there. */
export interface Check {
  /** What is looked at, in a few words. */
  readonly name: string;
  readonly run: () => Promise<Diagnosis>;
}

export const ok = (what: string): Diagnosis => ({ kind: 'ok', what });
export const missing = (what: string, remedy: string): Diagnosis => ({ kind: 'missing', what, remedy });
export const unknown = (what: string, remedy: string): Diagnosis => ({ kind: 'unknown', what, remedy });
