/**
 * Globs of branch and tag names by the rules of GitHub Actions' filters: `*` any characters but `/`, `**` any
 * characters, `?` zero or one and `+` one or more of the character before, `[a-z_]` one of a set, `\` takes the next
 * character as it is. Patterns are tried in order and the last that matches decides; `!` at the start takes away.
 */
export const matchesGlobs = (patterns: readonly string[], name: string): boolean =>
  patterns.reduce((matched, pattern) => {
    const negated = pattern.startsWith('!');
    const tokens = readGlob(negated ? pattern.slice(1) : pattern);
    if (typeof tokens === 'string') throw new Error(`Glob "${pattern}": ${tokens}`);
    return matchesTokens(tokens, name) ? !negated : matched;
  }, false);

/** What is wrong with a list of patterns, as a sentence for each. */
export const globFaults = (patterns: readonly string[]): readonly string[] => [
  ...patterns.flatMap((pattern) => {
    const tokens = readGlob(pattern.replace(/^!/, ''));
    return typeof tokens === 'string' ? [`"${pattern}": ${tokens}`] : [];
  }),
  ...(patterns.every((pattern) => pattern.startsWith('!')) ? ['at least one pattern without ! is needed'] : []),
];

interface Token {
  readonly accepts: (letter: string) => boolean;
  /** May be passed over. */
  readonly optional: boolean;
  readonly repeats: boolean;
}

const anyButSlash = (letter: string) => letter !== '/';
const any = () => true;

/** The tokens of a pattern, or what is wrong with it. */
const readGlob = (pattern: string): readonly Token[] | string => {
  const tokens: Token[] = [];
  for (const part of pattern.match(/\*+|\\.|\[[^\]]*\]|[\s\S]/g) ?? []) {
    if (part === '[') return 'a [ is not closed';
    if (part === '?' || part === '+') {
      const last = tokens.pop();
      if (!last || last.optional || last.repeats) return `nothing stands before ${part} that it could repeat`;
      tokens.push({ ...last, optional: part === '?', repeats: part === '+' });
    } else tokens.push(tokenFrom(part));
  }
  return tokens.length === 0 ? 'it is empty' : tokens;
};

const tokenFrom = (part: string): Token =>
  part.startsWith('*')
    ? { accepts: part === '*' ? anyButSlash : any, optional: true, repeats: true }
    : { accepts: letters(part), optional: false, repeats: false };

const letters = (part: string): Token['accepts'] => {
  if (part.startsWith('\\') && part.length > 1) return (letter) => letter === part.slice(1);
  if (!part.startsWith('[')) return (letter) => letter === part;
  const entries = part.slice(1, -1).match(/[A-Za-z0-9]-[A-Za-z0-9]|[\s\S]/g) ?? [];
  return (letter) =>
    entries.some((entry) =>
      entry.length === 3 ? letter >= entry.charAt(0) && letter <= entry.charAt(2) : letter === entry,
    );
};

/** All positions in the pattern at once, so that no pattern makes it slow. */
const matchesTokens = (tokens: readonly Token[], name: string): boolean => {
  let positions = passOver(tokens, new Set([0]));
  for (const letter of name) {
    const next = new Set<number>();
    for (const position of positions) {
      const token = tokens[position];
      if (!token?.accepts(letter)) continue;
      next.add(position + 1);
      if (token.repeats) next.add(position);
    }
    positions = passOver(tokens, next);
  }
  return positions.has(tokens.length);
};

/** Adds the positions reached by leaving optional tokens out. */
const passOver = (tokens: readonly Token[], positions: Set<number>): Set<number> => {
  // A set visits what is added while it is walked.
  for (const position of positions) if (tokens[position]?.optional) positions.add(position + 1);
  return positions;
};
