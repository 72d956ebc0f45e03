/** The same content with the keys of every mapping in order and without those that say nothing: any printer writes the same bytes. */
export function inKeyOrder<T>(content: T): T;
export function inKeyOrder(content: unknown): unknown {
  if (Array.isArray(content)) return content.map((item: unknown) => inKeyOrder(item));
  if (typeof content !== 'object' || content === null) return content;
  return Object.fromEntries(
    Object.entries(content)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, inKeyOrder(member)]),
  );
}
