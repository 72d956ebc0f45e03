/** What ends a command that stays up: Ctrl-C, a terminal that closes, a supervisor. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** As shells tell of a program that Ctrl-C ended. */
export const INTERRUPTED = 130;

/** npm hands on the very signal that the terminal has sent to all of us: within this time both are one. */
const SAME_MILLIS = 1_000;

export interface Interruption {
  /** Resolves at the first signal. */
  readonly asked: Promise<void>;
  readonly isAsked: () => boolean;
}

/** The first signal asks for an orderly end, the second ends the process at once. */
export const awaitInterruption = (sameMillis = SAME_MILLIS): Interruption => {
  let askedAt: number | undefined;
  const asked = new Promise<void>((resolve) => {
    const onSignal = () => {
      if (askedAt !== undefined && performance.now() - askedAt > sameMillis) process.exit(INTERRUPTED);
      askedAt ??= performance.now();
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, onSignal);
  });
  return { asked, isAsked: () => askedAt !== undefined };
};
