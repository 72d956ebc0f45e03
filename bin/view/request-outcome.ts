import * as z from 'zod';
import type { Rejection } from './rejection-lines.ts';

const answerSchema = z.object({
  outcome: z.string(),
  reason: z.string(),
  request: z
    .object({ id: z.string().optional(), commit: z.string().optional(), preview: z.boolean().optional() })
    .optional(),
  targets: z.array(z.object({ environment: z.string() })).default([]),
});

/** What a request execution knows at its end; statemachines/request.asl.ts. */
const outputSchema = z.object({
  answer: answerSchema,
  targets: z
    .array(
      z.object({
        outcome: z.string(),
        reason: z.string(),
        deploymentId: z.string().optional(),
        stackName: z.string().optional(),
        preview: z.string().optional(),
      }),
    )
    .default([]),
});

/** Outcomes after which a deployment record tells the rest. */
const DEPLOYED = ['ACCEPTED', 'DUPLICATE'];

/** What of a request became no deployment, and why, from the output of its execution. */
export const rejectionsFrom = (output: string): readonly Rejection[] => {
  const { answer, targets } = outputSchema.parse(JSON.parse(output));
  // Who asked for a preview is told by it.
  if (answer.request?.preview) return [];
  const commit = answer.request?.commit ?? '';
  if (answer.outcome !== 'RECEIVED') return [{ commit, outcome: answer.outcome, reason: answer.reason }];
  const environments = answer.targets;
  if (environments.length === 0) return [{ commit, outcome: 'IGNORED', reason: answer.reason }];
  return targets
    .map(({ outcome, reason }, index) => ({
      commit,
      outcome,
      reason,
      environment: environments[index]?.environment ?? '',
    }))
    .filter(({ outcome }) => !DEPLOYED.includes(outcome));
};

/** What became of a request by hand, which has one target. */
export interface RequestAnswer {
  /** ACCEPTED, DUPLICATE, PLANNED, ...: see statemachines/request.asl.ts. */
  readonly outcome: string;
  readonly reason: string;
  readonly deploymentId?: string | undefined;
  readonly stackName?: string | undefined;
  /** Key of the document that holds a preview. */
  readonly preview?: string | undefined;
}

export const answerFrom = (output: string): RequestAnswer => {
  const { answer, targets } = outputSchema.parse(JSON.parse(output));
  const [target] = targets;
  return target ?? { outcome: answer.outcome === 'RECEIVED' ? 'IGNORED' : answer.outcome, reason: answer.reason };
};

export const isDeployed = ({ outcome }: RequestAnswer): boolean => DEPLOYED.includes(outcome);
