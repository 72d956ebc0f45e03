import type { Step } from '../domain/deployment/deployment.ts';
import { StepFailure, Transient } from '../domain/failure.ts';
import { type Reason, shortReason } from '../domain/reason.ts';
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
    const { answer, outputs } = await body({ ...context, isFirstCall: !(name in context.deployment.steps) });
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
  const again = error instanceof Transient ? { ...GAVE_UP, ...(error.remedy && { remedy: error.remedy }) } : {};
  return shortReason({ code: name, message, step, ...again });
};

/** What the state machine tries again a few times, and then no more. */
const GAVE_UP = {
  left: 'The step was tried again and again and did not get through; what it does can be repeated without harm',
  remedy: 'See that what is named answers again, then push again',
};

/** `PGMigrate`, or `PGMigrate.main` where a step runs once per database. */
export const stepName = (word: string, database?: string): string => (database ? `${word}.${database}` : word);
