/**
 * The known word closest to one that nobody knows, or undefined when none is close: up to a third of the letters
 * may differ, and two swapped neighbours count as one difference. Case does not count.
 */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));
  const best = ranked[0];
  return best && best.distance <= allowance(word, best.candidate) ? best.candidate : undefined;
};

const allowance = (word: string, candidate: string) =>
  Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours. */
const editDistance = (from: string, to: string): number => {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const substitution = from[row - 1] === to[column - 1] ? 0 : 1;
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + substitution,
        swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, to.length);
};

const at = (row: readonly number[], column: number) => row[column] ?? Number.POSITIVE_INFINITY;
