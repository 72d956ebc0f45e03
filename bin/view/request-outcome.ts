import * as z from 'zod';
import type { Rejection } from './rejection-lines.ts';

const answerSchema = z.object({
  outcome: z.string(),
  reason: z.string(),
  request: z.object({ id: z.string().optional(), commit: z.string().optional() }).optional(),
});

/** What a request execution knows at its end; statemachines/request.asl.ts. */
const outputSchema = z.object({
  answer: answerSchema,
  found: z
    .object({ answer: z.object({ targets: z.array(z.object({ environment: z.string() })), reason: z.string() }) })
    .optional(),
  targets: z.array(z.object({ outcome: z.string(), reason: z.string() })).default([]),
});

/** Outcomes after which a deployment record tells the rest. */
const DEPLOYED = ['ACCEPTED', 'DUPLICATE'];

/** What of a request became no deployment, and why, from the output of its execution. */
export const rejectionsFrom = (output: string): readonly Rejection[] => {
  const { answer, found, targets } = outputSchema.parse(JSON.parse(output));
  const commit = answer.request?.commit ?? '';
  if (answer.outcome !== 'RECEIVED') return [{ commit, outcome: answer.outcome, reason: answer.reason }];
  const environments = found?.answer.targets ?? [];
  if (environments.length === 0)
    return [{ commit, outcome: 'IGNORED', reason: found?.answer.reason ?? 'No target was found' }];
  return targets
    .map(({ outcome, reason }, index) => ({
      commit,
      outcome,
      reason,
      environment: environments[index]?.environment ?? '',
    }))
    .filter(({ outcome }) => !DEPLOYED.includes(outcome));
};
