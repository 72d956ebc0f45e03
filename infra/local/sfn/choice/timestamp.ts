const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** The instant of an RFC 3339 timestamp with capital T and Z, in milliseconds; undefined for any other text. */
export const instantOf = (value: unknown): number | undefined => {
  if (typeof value !== 'string' || !rfc3339.test(value)) return undefined;
  const millis = Date.parse(value);
  return Number.isNaN(millis) ? undefined : millis;
};
