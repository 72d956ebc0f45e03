/**
 * JSON that is the same text for the same content: keys sorted, no blanks, undefined keys left out. What is hashed,
 * signed or compared goes through here.
 * @throws TypeError for what JSON would silently turn into something else: infinite numbers, holes, functions.
 */
export const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${Array.from(value, canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) return `{${members(value).join(',')}}`;
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined || (typeof value === 'number' && !Number.isFinite(value)))
    throw new TypeError(`JSON has no word for ${String(value)}`);
  return text;
};

const members = (value: object) =>
  Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
