import { resolveParameters } from '../domain/template/resolve-parameters.ts';
import type { Ports } from '../ports.ts';
import { databaseSecret } from './database-secrets.ts';
import type { Planning } from './planning.ts';
import { type ReservePriorities, reservedPriorities, rulePriorities } from './rule-priorities.ts';
import type { StepContext } from './step-context.ts';

export interface ParameterChoices {
  /** What the stack has now; deferred values are reused from it. */
  readonly current: Readonly<Record<string, string>>;
  /** Desired counts by runtime; what is not named keeps the stack's count, else the configured one. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface ParameterSources {
  /** ARN of a database's secret, by the database's key; undefined where one logs in by IAM. */
  readonly secretOf: (key: string) => Promise<string | undefined>;
  readonly reserve: ReservePriorities;
}

/** The release's parameters with everything that was left for this moment: priorities, counts, secret ARNs. */
export const stackParameters = (
  ports: Pick<Ports, 'databases' | 'listeners'>,
  context: StepContext,
  choices: ParameterChoices,
): Promise<Readonly<Record<string, string>>> =>
  parametersWith(
    { secretOf: (key) => databaseSecret(ports, context, key), reserve: reservedPriorities(ports, context.input) },
    context,
    choices,
  );

/** The same with secrets and priorities as somebody else knows them. */
export const parametersWith = async (
  { secretOf, reserve }: ParameterSources,
  planning: Pick<Planning, 'release' | 'cluster' | 'aws'>,
  { current, counts }: ParameterChoices,
): Promise<Readonly<Record<string, string>>> => {
  const { release } = planning;
  const priorities = await rulePriorities(reserve, planning, current);
  const secrets: Record<string, string> = {};
  for (const { key } of release.databases) {
    const secret = await secretOf(key);
    if (secret !== undefined) secrets[key] = secret;
  }
  return resolveParameters(release.parameters, { priorities, counts, secrets });
};
