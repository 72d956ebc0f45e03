const limit = 120;

/** In this order: comments, quoted names (kept), dollar quotes, strings with their prefix, numbers. Open ends run on. */
const token =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|(?<name>"(?:[^"]|"")*(?:"|$))|(?<tag>\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)[\s\S]*?(?:\k<tag>|$)|[eE]'(?:[^'\\]|''|\\[\s\S]|\\$)*(?:'|$)|(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*(?:'|$)|(?<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|\$\d+|\d[\w.]*/g;

/**
 * A statement as one line of at most 120 characters for people to read: comments gone, every literal replaced by `?`,
 * since passwords and customers' data stand in SQL. Names stay. Anything unterminated is masked to its end.
 */
export const maskLiterals = (sql: string): string => {
  const masked = sql.replace(token, (...match) => {
    const whole: string = match[0];
    const groups: Readonly<Record<string, string | undefined>> = match[match.length - 1];
    if (groups['name'] !== undefined || groups['word'] !== undefined) return whole;
    return whole.startsWith('--') || whole.startsWith('/*') ? ' ' : '?';
  });
  const line = masked.replace(/\s+/g, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
};
