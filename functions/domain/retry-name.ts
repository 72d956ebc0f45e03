const RETRY = /^(.*)-try-(\d+)$/;
const PERIOD_MILLIS = 5 * 60_000;
const LONGEST_WAIT_MILLIS = 6 * 60 * 60_000;

export interface NextTry {
  /** Of the execution: the same for everybody who sees the same one fail. */
  readonly name: string;
  /** Since the last one failed. The first comes at once, then 5, 10, 20, ... minutes, at most six hours. */
  readonly waitMillis: number;
}

/** How a request whose execution failed is tried again: `{name}-try-2`, `{name}-try-3`, ... */
export const nextTry = (failed: string): NextTry => {
  const [, name = failed, tries = '1'] = RETRY.exec(failed) ?? [];
  const again = Number(tries) - 1;
  const waitMillis = again === 0 ? 0 : Math.min(PERIOD_MILLIS * 2 ** (again - 1), LONGEST_WAIT_MILLIS);
  return { name: `${name}-try-${Number(tries) + 1}`, waitMillis };
};
