/** Remembers the answers for things that never change, the newest ones; that something is not there is asked for again. */
export const kept = <Found>(most: number): ((key: string, ask: () => Promise<Found>) => Promise<Found>) => {
  const answers = new Map<string, Found>();
  return async (key, ask) => {
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = await ask();
    if (answer !== undefined) answers.set(key, answer);
    for (const oldest of answers.keys()) if (answers.size > most) answers.delete(oldest);
    return answer;
  };
};
