import type { DatabaseFindings } from '../migrations/migrations.ts';
import type { Parameter } from '../template/template.ts';
import { forecast, type StepDurations } from './forecast.ts';
import { type Answer, modeFor } from './mode.ts';
import type { Evaluation, Mode, StackFindings } from './plan.ts';
import { planHash } from './plan-hash.ts';

export interface EvalJoinInput {
  readonly deploymentId: string;
  /** Hash of the release. */
  readonly release: string;
  readonly parameters: readonly Parameter[];
  readonly stack: StackFindings;
  /** Names of the release's databases; one without findings stops the plan. */
  readonly databaseNames: readonly string[];
  readonly databases: readonly DatabaseFindings[];
  /** True only when the release that runs is known to be healthy. */
  readonly previousHealthy: boolean;
  /** `deploymentConfig.mode` of the application at this commit. */
  readonly override?: { readonly use: Mode; readonly reason: string };
  readonly durations: StepDurations;
}

/**
 * Turns what PGEval and CFPlan found into a plan, or refuses before anything changed. Fail-safe: unknown input can only
 * move the answer towards DOWNTIME or a stop.
 */
export const evalJoin = (input: EvalJoinInput, hash: (text: string) => string): Evaluation => {
  const databases = input.databases.toSorted((one, other) => (one.database < other.database ? -1 : 1));
  const unfit = databases.filter(({ state }) => state !== 'clean').map(unfitSentence);
  const refusals = [...unfit, ...missing(input), ...input.stack.refusals];
  const decided = joined(input, databases);
  const answer = overridden(decided, input, databases);
  if (answer.kind === 'refused') refusals.push(...answer.reasons);
  if (refusals.length > 0 || answer.kind === 'refused') {
    return { outcome: 'refused', reasons: refusals, operator: unfit.length > 0 };
  }
  return {
    outcome: 'planned',
    plan: {
      deploymentId: input.deploymentId,
      release: input.release,
      mode: answer.mode,
      reasons: [...answer.reasons, ...databases.flatMap(noted)],
      stack: input.stack,
      databases,
      forecast: forecast(answer.mode, input.stack, databases, input.durations),
      approvals: [...input.stack.approvals, ...databases.flatMap(aheadApproval)],
      hash: planHash({ ...input, mode: answer.mode, changes: input.stack.changes, databases }, hash),
    },
  };
};

/** Why nothing may be run on a database. */
export const unfitSentence = ({ database, state, notes }: DatabaseFindings): string =>
  `Database ${database} is ${state}, and nothing was changed: ${notes.join(' ') || 'look at its version table.'}`;

const missing = ({ databaseNames, databases }: EvalJoinInput): readonly string[] =>
  databaseNames
    .filter((name) => !databases.some(({ database }) => database === name))
    .map((name) => `Database ${name} was not evaluated: deploy again.`);

const noted = ({ database, notes }: DatabaseFindings): readonly string[] =>
  notes.map((note) => `Database ${database}: ${note}`);

/** An older release meets a newer schema: nobody knows whether its code fits. */
const aheadApproval = ({ database, ahead }: DatabaseFindings): readonly string[] =>
  ahead.length === 0
    ? []
    : [
        `Database ${database} has migrations that this older release does not know (${ahead.join(', ')}): its code may not fit them.`,
      ];

/** From the worst to the best; AFTER is no rank but a proof, and holds only when nothing else is pending anywhere. */
const ranks: readonly Mode[] = ['DOWNTIME', 'AFTER', 'BEFORE', 'PARALLEL', 'NOP'];

/** The worst of all databases: their migrations share one graph. */
const joined = (input: EvalJoinInput, databases: readonly DatabaseFindings[]): Answer => {
  const { stack, previousHealthy } = input;
  const alone = modeFor({ database: undefined, stack, previousHealthy });
  const pending = databases.filter((each) => each.pending.length > 0);
  const answers = pending.map((database) => ({ database, answer: modeFor({ database, stack, previousHealthy }) }));
  if (stack.firstRelease || answers.length === 0) return alone;
  const mode = ranks.find((rank) => answers.some(({ answer }) => answer.mode === rank)) ?? 'DOWNTIME';
  if (mode === 'AFTER' && answers.some(({ answer }) => answer.mode !== 'AFTER')) {
    return {
      mode: 'DOWNTIME',
      reasons: [
        'One database waits for the new version while another must go before it.',
        ...answers.flatMap(({ answer }) => answer.reasons),
      ],
    };
  }
  const deciding = answers.filter(({ answer }) => answer.mode === mode);
  return {
    mode,
    reasons: [
      ...new Set(
        deciding.flatMap(({ database, answer }) =>
          answer.reasons.map((reason) => (databases.length > 1 ? `${database.database}: ${reason}` : reason)),
        ),
      ),
    ],
  };
};

type Overridden =
  | ({ readonly kind: 'chosen' } & Answer)
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

/** The application's explicit word at this commit wins, in both directions, but can neither skip migrations nor a first release. */
const overridden = (decided: Answer, input: EvalJoinInput, databases: readonly DatabaseFindings[]): Overridden => {
  const { override } = input;
  if (override === undefined) return { kind: 'chosen', ...decided };
  const said = `deploymentConfig.mode says ${override.use} (“${override.reason}”)`;
  if (input.stack.firstRelease)
    return {
      kind: 'chosen',
      mode: decided.mode,
      reasons: [...decided.reasons, `${said}, which has no meaning for a first release.`],
    };
  const waiting = databases.flatMap(({ pending }) => pending.map(({ id }) => id));
  if (override.use === 'NOP' && waiting.length > 0) {
    return {
      kind: 'refused',
      reasons: [
        `${said}, which would leave migrations ${waiting.join(', ')} unapplied, and nothing was changed: choose BEFORE, PARALLEL or DOWNTIME.`,
      ],
    };
  }
  return {
    kind: 'chosen',
    mode: override.use,
    reasons: [`${said} at this commit; Slipway would have chosen ${decided.mode}.`, ...decided.reasons],
  };
};
