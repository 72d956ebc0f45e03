import { nearest } from '../configuration/nearest.ts';

/** Which graph a deployment walks: see statemachines/deployment.asl.ts. The original's flags, o5-deploy-aws. */
export const strategies = [
  'full',
  'quick',
  'infra-only',
  'db-only',
  'import',
  'destroy-database',
  'recreate-database',
  'rotate-credentials',
] as const;

export type Strategy = (typeof strategies)[number];

/** Goes with every strategy: somebody's update that is under way is cancelled instead of waited for. */
export const CANCEL_UPDATES = 'cancel-updates';

export interface StrategyChoice {
  /** Undefined: as the application wishes, quick or full. */
  readonly strategy?: Strategy;
  readonly cancelUpdates: boolean;
}

export type ChosenStrategy =
  | ({ readonly kind: 'chosen' } & StrategyChoice)
  | { readonly kind: 'conflict'; readonly reason: string };

/** What a request's words ask for, or which two of them cannot go together. */
export const chooseStrategy = (words: readonly string[]): ChosenStrategy => {
  const unknown = words.find((word) => word !== CANCEL_UPDATES && !isStrategy(word));
  if (unknown !== undefined) return { kind: 'conflict', reason: unknownWord(unknown) };
  const [strategy, other] = [...new Set(words.filter(isStrategy))];
  if (strategy && other)
    return {
      kind: 'conflict',
      reason: `${strategy} and ${other} cannot go together: each is a plan of its own. Ask for one after the other`,
    };
  return { kind: 'chosen', ...(strategy && { strategy }), cancelUpdates: words.includes(CANCEL_UPDATES) };
};

/** What is asked for; else the application's own wish. */
export const strategyFor = (asked: Strategy | undefined, { quickMode }: { readonly quickMode: boolean }): Strategy =>
  asked ?? (quickMode ? 'quick' : 'full');

/** These take data away, so that whoever asks has to name the stack. */
export const needsConfirmation = (strategy: Strategy): boolean =>
  strategy === 'destroy-database' || strategy === 'recreate-database';

/** The complete release runs afterwards, as after a push. */
export const deploysRelease = (strategy: Strategy): boolean => strategy === 'full' || strategy === 'quick';

/** Makes its stack if it is missing; the others need one that stands. */
export const mayMakeStack = (strategy: Strategy): boolean =>
  deploysRelease(strategy) || strategy === 'infra-only' || strategy === 'import';

/** About databases alone: nothing to do for an application that has none. */
export const needsDatabases = (strategy: Strategy): boolean =>
  needsConfirmation(strategy) || strategy === 'db-only' || strategy === 'rotate-credentials';

/** What ran before comes back, or the release does: the counts from before a ScaleDown are of no use any more. */
export const bringsServicesBack = (strategy: Strategy): boolean =>
  deploysRelease(strategy) || strategy === 'recreate-database';

const isStrategy = (word: string): word is Strategy => strategies.some((strategy) => strategy === word);

const unknownWord = (word: string): string => {
  const words = [...strategies, CANCEL_UPDATES];
  const close = nearest(word, words);
  return `There is no strategy ${word}${close ? ` (did you mean "${close}"?)` : ''}: it is one of ${words.join(', ')}`;
};
