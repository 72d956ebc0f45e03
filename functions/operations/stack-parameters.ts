import { resolveParameters } from '../domain/template/resolve-parameters.ts';
import type { Ports } from '../ports.ts';
import { databaseSecret } from './database-secrets.ts';
import type { StepContext } from './step-context.ts';

export interface ParameterChoices {
  /** What the stack has now; deferred values are reused from it. */
  readonly current: Readonly<Record<string, string>>;
  /** Desired counts by runtime; what is not named keeps the stack's count, else the configured one. */
  readonly counts: Readonly<Record<string, number>>;
}

/** The release's parameters with everything that was left for this moment: priorities, counts, secret ARNs. */
export const stackParameters = async (
  ports: Pick<Ports, 'databases'>,
  context: StepContext,
  { current, counts }: ParameterChoices,
): Promise<Readonly<Record<string, string>>> => {
  const { release, aws } = context;
  const listeners = new Set(
    release.parameters.flatMap((parameter) => (parameter.kind === 'rulePriority' ? [parameter.listenerArn] : [])),
  );
  const usedPriorities: Record<string, readonly number[]> = {};
  for (const listenerArn of listeners)
    usedPriorities[listenerArn] = Object.keys(await aws.listeners.priorities(listenerArn)).map(Number);
  const secrets: Record<string, string> = {};
  for (const { key } of release.databases) secrets[key] = await databaseSecret(ports, context, key);
  return resolveParameters(release.parameters, { current, usedPriorities, counts, secrets });
};
