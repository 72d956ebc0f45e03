/** A page of a list: `next` is the token of the page after it, absent on the last one. */
export const pageOf = <T>(
  items: readonly T[],
  token: unknown,
  size: unknown,
): { readonly page: readonly T[]; readonly next?: string } => {
  const from = Number(token ?? 0);
  const until = from + Number(size);
  return { page: items.slice(from, until), ...(until < items.length ? { next: String(until) } : {}) };
};
