/** What ends a command that stays up: Ctrl-C, a terminal that closes, a supervisor. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** As shells tell of a program that Ctrl-C ended. */
const INTERRUPTED = 130;

export interface Interruption {
  /** Resolves at the first signal. */
  readonly asked: Promise<void>;
  readonly isAsked: () => boolean;
}

/** The first signal asks for an orderly end, the second ends the process at once. */
export const awaitInterruption = (): Interruption => {
  let isAsked = false;
  const asked = new Promise<void>((resolve) => {
    const onSignal = () => {
      if (isAsked) process.exit(INTERRUPTED);
      isAsked = true;
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, onSignal);
  });
  return { asked, isAsked: () => isAsked };
};
