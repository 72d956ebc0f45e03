/** PostgreSQL cuts longer names short without an error, and two names become one. */
const longest = 63;

/** A name as SQL, whatever is in it. @throws for names that PostgreSQL cannot hold. */
export const identifier = (name: string): string => {
  if (name === '' || name.includes('\0') || new TextEncoder().encode(name).length > longest) {
    throw new RangeError(`PostgreSQL cannot hold the name "${name.slice(0, 80)}": names have 1 to ${longest} bytes.`);
  }
  return `"${name.replaceAll('"', '""')}"`;
};

/** A text as an SQL literal, for statements that take no parameters. */
export const literal = (text: string): string => {
  if (text.includes('\0')) throw new RangeError('PostgreSQL cannot hold a text with a zero byte.');
  const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return text.includes('\\') ? `E${quoted}` : quoted;
};
