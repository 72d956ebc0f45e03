/**
 * Remembers the answers for things that never change, the newest ones, those alone that `fits` says are worth it; that
 * something is not there is asked for again. Who asks while an answer is on its way waits for that one.
 */
export const kept = <Found>(
  most: number,
  fits: (answer: Found) => boolean = () => true,
): ((key: string, ask: () => Promise<Found>) => Promise<Found>) => {
  const answers = new Map<string, Promise<Found>>();
  const asked = async (key: string, ask: () => Promise<Found>): Promise<Found> => {
    try {
      const answer = await ask();
      if (answer === undefined || !fits(answer)) answers.delete(key);
      return answer;
    } catch (error) {
      answers.delete(key);
      throw error;
    }
  };
  return (key, ask) => {
    const known = answers.get(key);
    if (known) return known;
    const answer = asked(key, ask);
    answers.set(key, answer);
    for (const oldest of answers.keys()) if (answers.size > most) answers.delete(oldest);
    return answer;
  };
};
