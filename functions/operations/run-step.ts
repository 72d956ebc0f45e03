import type { Step } from '../domain/deployment/deployment.ts';
import { StepFailure } from '../domain/failure.ts';
import type { Reason } from '../domain/reason.ts';
import type { Ports } from '../ports.ts';
import { type ContextPorts, loadStep, type StepContext, type StepInput } from './step-context.ts';

export type RunStepPorts = ContextPorts & Pick<Ports, 'clock'>;

/** Runs a step that answers at once, and keeps its record: ACTIVE, then DONE with outputs or FAILED with the reason. */
export const runStep = async <Answer>(
  ports: RunStepPorts,
  input: StepInput,
  word: string,
  body: (context: StepContext) => Promise<{ readonly answer: Answer; readonly outputs?: Step['outputs'] }>,
): Promise<Answer> => {
  const name = stepName(word, input.database);
  const startedAt = ports.clock.now().toISOString();
  const put = (step: Omit<Step, 'name' | 'startedAt'>) =>
    ports.deployments.putStep(input.deploymentId, input.fence, { name, startedAt, ...step });
  try {
    const context = await loadStep(ports, input);
    await put({ status: 'ACTIVE' });
    const { answer, outputs } = await body(context);
    await put({ status: 'DONE', endedAt: ports.clock.now().toISOString(), ...(outputs && { outputs }) });
    return answer;
  } catch (error) {
    await put({ status: 'FAILED', endedAt: ports.clock.now().toISOString(), reason: reasonOf(name, error) });
    throw error;
  }
};

/** A fault is recorded like a failure: if the state machine tries again, the record is written anew. */
export const reasonOf = (step: string, error: unknown): Reason => {
  if (error instanceof StepFailure) return { step, ...error.reason };
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { code: name, message, step };
};

/** `PGMigrate`, or `PGMigrate.main` where a step runs once per database. */
export const stepName = (word: string, database?: string): string => (database ? `${word}.${database}` : word);
