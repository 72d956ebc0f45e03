/** Remembers the answers for things that never change, the newest ones; that something is not there is asked for again. */
export const kept = <Found>(most: number) => {
  const answers = new Map<string, Found>();
  const put = (key: string, answer: Found) => {
    answers.set(key, answer);
    for (const oldest of answers.keys()) if (answers.size > most) answers.delete(oldest);
  };
  return {
    get: (key: string): Found | undefined => answers.get(key),
    put,
    of: async (key: string, ask: () => Promise<Found>): Promise<Found> => {
      const known = answers.get(key);
      if (known !== undefined) return known;
      const answer = await ask();
      if (answer !== undefined) put(key, answer);
      return answer;
    },
  };
};
