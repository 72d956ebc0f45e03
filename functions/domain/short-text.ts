const LONGEST = 4_000;
const GAP = '\n…\n';

/**
 * A text that a record, an event or an answer of a function may hold: a deployment's record has a reason for every step and
 * 400 KB for all of them, an answer 256 KB. What is longer loses its middle, because what failed stands at the beginning,
 * and a log tells why at its end.
 */
export const shortText = (text: string, longest = LONGEST): string => {
  if (text.length <= longest) return text;
  const half = Math.floor((longest - GAP.length) / 2);
  return `${text.slice(0, half).replace(LOST_HIGH, '')}${GAP}${text.slice(-half).replace(LOST_LOW, '')}`;
};

/** Halves of a character that was cut in two. */
const LOST_HIGH = /[\uD800-\uDBFF]$/;
const LOST_LOW = /^[\uDC00-\uDFFF]/;

const MOST_LINES = 50;

/** The first lines of a list of which a document holds the whole; how many more there are stands last. */
export const shortList = (lines: readonly string[], place: string): readonly string[] => {
  const first = lines.slice(0, MOST_LINES).map((line) => shortText(line, LONGEST / 4));
  const more = lines.length - first.length;
  return more > 0 ? [...first, `${more} more are in ${place}.`] : first;
};
