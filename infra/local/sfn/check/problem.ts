import { nearest } from '../../nearest.ts';

/** One thing wrong with a definition, in AWS's form: a code, a sentence, and the place as a JSON pointer. */
export interface Problem {
  readonly code:
    | 'SCHEMA_VALIDATION_FAILED'
    | 'MISSING_TRANSITION_TARGET'
    | 'DUPLICATE_STATE_NAME'
    | 'INVALID_JSON_DESCRIPTION';
  readonly message: string;
  readonly at: string;
}

export const schema = (message: string, at: string): Problem => ({ code: 'SCHEMA_VALIDATION_FAILED', message, at });

export const target = (message: string, at: string): Problem => ({ code: 'MISSING_TRANSITION_TARGET', message, at });

/** ` (did you mean "x"?)` when one of the words is near. */
export const hint = (word: string, words: readonly string[]): string => {
  const near = nearest(word, words);
  return near === undefined ? '' : ` (did you mean '${near}'?)`;
};
