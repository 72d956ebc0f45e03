const AT_ONCE = 20;

/** Runs over many, a few at a time; the answers keep the order. */
export const inTurns = async <T, R>(
  items: readonly T[],
  run: (item: T) => Promise<R>,
  atOnce = AT_ONCE,
): Promise<readonly R[]> => {
  const answers: R[] = [];
  for (let from = 0; from < items.length; from += atOnce)
    answers.push(...(await Promise.all(items.slice(from, from + atOnce).map(run))));
  return answers;
};
