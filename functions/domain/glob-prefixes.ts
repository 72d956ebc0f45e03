/**
 * What names begin with that patterns of `matchesGlobs` can match: few and short, so that whoever asks for them by
 * beginning asks seldom. An empty one stands for everything.
 */
export const globPrefixes = (patterns: readonly string[]): readonly string[] => {
  const prefixes = patterns.filter((pattern) => !pattern.startsWith('!')).map(prefixOf);
  const covered = (prefix: string) =>
    prefixes.some((other) => other.length < prefix.length && prefix.startsWith(other));
  return [...new Set(prefixes)].filter((prefix) => !covered(prefix)).sort();
};

const prefixOf = (pattern: string): string => {
  const [plain = ''] = /^[^*?+[\\]*/.exec(pattern) ?? [];
  // These two speak of the character before them, which may be missing or repeated.
  return /^[?+]/.test(pattern.slice(plain.length)) ? plain.slice(0, -1) : plain;
};
