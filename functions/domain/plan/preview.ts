import { shortText } from '../short-text.ts';
import type { Evaluation } from './plan.ts';
import type { Strategy } from './strategy.ts';

/** What a deployment would do now, worked out without one: nothing is queued, nothing is changed. */
export interface Preview {
  readonly requestId: string;
  readonly actor: string;
  readonly stackName: string;
  readonly environment: string;
  readonly application: string;
  readonly version: string;
  /** As a deployment would really run: quick only on what exists. */
  readonly strategy: Strategy;
  /** Images that do not exist yet: a deployment would wait for them first. */
  readonly missingImages: readonly string[];
  /** What the changes of the stack were read from. */
  readonly basis: PreviewBasis;
  /** What stands between this plan and a deployment of it, and what is deprecated in the file: each a sentence. */
  readonly notes: readonly string[];
  /** A person would have to sign it. */
  readonly approval: boolean;
  readonly evaluation: Evaluation;
}

/** A change set of CloudFormation's own; a comparison of templates, where no change set can be made; or neither. */
export type PreviewBasis = 'change-set' | 'templates' | 'nothing';

/** What a caller who reads nothing else has to know. */
export const gistOf = ({ evaluation, strategy }: Preview): { readonly mode: string; readonly reason: string } =>
  evaluation.outcome === 'refused'
    ? { mode: '', reason: shortText(evaluation.reasons.join('\n')) }
    : {
        mode: evaluation.plan.mode,
        reason: shortText(
          `${strategy === 'quick' ? 'quick; evaluated: ' : ''}${evaluation.plan.mode}: ${evaluation.plan.reasons[0] ?? ''}`,
        ),
      };
