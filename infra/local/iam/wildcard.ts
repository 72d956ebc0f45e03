const compiled = new Map<string, RegExp>();

/** Whether `text` fits an IAM pattern: `*` any run of characters, `?` exactly one; letter case counts. */
export const fitsWildcard = (pattern: string, text: string): boolean => {
  const known = compiled.get(pattern);
  if (known) return known.test(text);
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const made = new RegExp(`^${source}$`, 's');
  compiled.set(pattern, made);
  return made.test(text);
};

/** `ArnLike`: each of the six parts of an ARN is matched by itself, so a wildcard never spans a colon before the last. */
export const fitsArn = (pattern: string, arn: string): boolean => {
  const patterns = partsOf(pattern);
  const parts = partsOf(arn);
  return patterns.length === parts.length && patterns.every((part, index) => fitsWildcard(part, parts[index] ?? ''));
};

const partsOf = (arn: string): string[] => {
  const parts = arn.split(':');
  return parts.length > 6 ? [...parts.slice(0, 5), parts.slice(5).join(':')] : parts;
};
