/**
 * For what is asked side by side and told in order: of a stack that is gone, for one, it is to be said that it is gone, and
 * not that its resources cannot be listed.
 * @throws whatever the question ended with
 */
export const settledValue = <T>(settled: PromiseSettledResult<T>): T => {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
};
