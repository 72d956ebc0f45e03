import * as z from 'zod';
import { keyPath } from './configuration/finding.ts';
import { issueFinding } from './configuration/issue-finding.ts';
import { nearest } from './configuration/nearest.ts';
import { chooseStrategy } from './plan/strategy.ts';
import type { Request } from './request.ts';

/** A branch or tag that does not exist: before its creation, or after its deletion. */
const NOWHERE = /^0+$/;

const kindSchema = z.looseObject({ kind: z.enum(['push', 'manual']).default('manual') });

const pushSchema = z.object({
  kind: z.literal('push'),
  deliveryId: z.string().min(1),
  repositoryId: z.string().regex(/^\d+$/),
  owner: z.string().min(1),
  name: z.string().min(1),
  ref: z.string().min(1),
  before: z.string(),
  after: z.string().min(1),
  actor: z.string(),
});

const manualSchema = z.strictObject({
  kind: z.literal('manual').default('manual'),
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/, 'letters, digits and dashes, at most 64'),
  repository: z
    .string()
    .regex(/^[^/\s]+\/[^/\s]+$/, 'owner/name')
    .optional(),
  ref: z.string().startsWith('refs/').optional(),
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/, '40 hexadecimal digits')
    .optional(),
  inline: z.string().optional(),
  environment: z.string().min(1),
  application: z.string().min(1).optional(),
  /** One word or several: `db-only`, or `["quick", "cancel-updates"]`. */
  strategy: z
    .union([z.string(), z.array(z.string())], 'a strategy, or a list of words')
    .superRefine((words, context) => {
      const chosen = chooseStrategy([words].flat());
      if (chosen.kind === 'conflict') context.addIssue({ code: 'custom', message: chosen.reason });
    })
    .optional(),
  confirm: z.string().optional(),
  preview: z.boolean().optional(),
  actor: z.string().min(1),
});

export type Receipt =
  | {
      readonly outcome: 'RECEIVED';
      readonly reason: string;
      readonly request: Request;
      readonly repositoryName?: string;
    }
  | { readonly outcome: 'IGNORED' | 'REJECTED'; readonly reason: string };

/** Reads the input of a request execution: the webhook's push, or what an operator typed into the AWS console. */
export const receivedFrom = (input: unknown): Receipt => {
  const reading = { reportInput: true };
  const read = kindSchema.safeParse(input, reading);
  if (!read.success) return rejected(read.error);
  if (read.data.kind === 'push') {
    const push = pushSchema.safeParse(input, reading);
    return push.success ? pushReceived(push.data) : rejected(push.error);
  }
  const manual = manualSchema.safeParse(input, reading);
  return manual.success ? manualReceived(manual.data) : rejected(manual.error);
};

const pushReceived = (push: z.infer<typeof pushSchema>): Receipt => {
  const { deliveryId, repositoryId, owner, name, ref, before, after, actor } = push;
  if (!/^refs\/(heads|tags)\/./.test(ref))
    return { outcome: 'IGNORED', reason: `${ref} is neither a branch nor a tag` };
  if (NOWHERE.test(after)) return { outcome: 'IGNORED', reason: `${ref} was deleted` };
  const repository = { id: repositoryId, owner, name, installationId: '' };
  const request: Request = { id: deliveryId, kind: 'push', repository, ref, before, commit: after, actor };
  return { outcome: 'RECEIVED', reason: 'A push', request, repositoryName: `${owner}/${name}` };
};

const manualReceived = (manual: z.infer<typeof manualSchema>): Receipt => {
  const { repository, ref, commit, inline, ...rest } = manual;
  const fromRepository = repository !== undefined && (ref ?? commit) !== undefined;
  const partOfIt = repository !== undefined || ref !== undefined || commit !== undefined;
  if (inline === undefined ? !fromRepository : partOfIt)
    return {
      outcome: 'REJECTED',
      reason: 'A request names either a repository with a ref or a commit, or an inline application file',
    };
  const request: Request = {
    id: rest.id,
    kind: 'manual',
    environment: rest.environment,
    actor: rest.actor,
    ...(rest.application && { application: rest.application }),
    ...strategyOf(rest.strategy),
    ...(rest.confirm && { confirm: rest.confirm }),
    ...(rest.preview && { preview: true }),
    ...(ref && { ref }),
    ...(commit && { commit }),
    ...(inline !== undefined && { inline }),
  };
  return {
    outcome: 'RECEIVED',
    reason: 'A manual request',
    request,
    ...(repository && { repositoryName: repository }),
  };
};

const strategyOf = (words: string | readonly string[] = []): Pick<Request, 'strategy' | 'cancelUpdates'> => {
  const chosen = chooseStrategy([words].flat());
  // The schema has refused every conflict.
  if (chosen.kind === 'conflict') return {};
  return {
    ...(chosen.strategy && { strategy: chosen.strategy }),
    ...(chosen.cancelUpdates && { cancelUpdates: true }),
  };
};

const rejected = ({ issues }: z.ZodError): Receipt => ({
  outcome: 'REJECTED',
  reason: `The request cannot be read: ${issues.flatMap(sentences).join('; ')}`,
});

const sentences = (issue: z.core.$ZodIssue): readonly string[] => {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${key}: no such key${hint(nearest(key, Object.keys(manualSchema.shape)))}`);
  const finding = issueFinding(issue);
  return [`${keyPath(finding.keys)}: ${finding.message}${hint(finding.nearest)}`];
};

const hint = (word: string | undefined): string => (word === undefined ? '' : ` (did you mean "${word}"?)`);
