/**
 * Takes every step, one after the other, whether those before it failed or not: what is left running would outlive the process.
 * @throws the one error there was, or an AggregateError of all of them
 */
export const stopAll = async (steps: readonly (() => Promise<unknown>)[]): Promise<void> => {
  const errors: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      errors.push(...(error instanceof AggregateError ? error.errors : [error]));
    }
  }
  if (errors.length > 1) throw new AggregateError(errors, errors.map(messageOf).join('; '));
  if (errors.length === 1) throw errors[0];
};

/** Stops what a failed start has left; the reason comes first, and what does not stop beside it. */
export const stopAfter = async (error: unknown, stop: () => Promise<unknown>): Promise<never> => {
  await stopAll([() => Promise.reject(error), stop]);
  throw error;
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
